"""Lists of a month: expert groups, the schedule, the register of what was handed over."""

import os
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.core.documents import samples as s
from workflow_app.documents.checks.run import check
from workflow_app.documents.docx import plain_text, write
from workflow_app.documents.docx.blocks import Table
from workflow_app.documents.lists import register
from workflow_app.documents.lists.lists import LISTINGS, ListMaterial, ListRow
from workflow_app.documents.lists.register import RegisterCard, RegisterLine

GOLDEN = Path(__file__).parents[2] / "golden" / "documents" / "lists"
OURS = ListRow(
    "ММ-2026-7", s.TKACH, s.TEACHER, s.SCHOOL, title="Сборник заданий", conclusion_number="12-ЗК", conclusion_date=date(2026, 11, 23),
    verdict="Рекомендовать к использованию", form="экспертиза", begins=date(2026, 11, 3), ends=date(2026, 11, 30),
    experts=s.EXPERTS, lead=s.EXPERTS[1],
)  # fmt: skip
ATTESTED = replace(
    OURS, case_number="АТ-2026-15", applicant=s.SOKOLOVA, attestation=True, category="высшая",
    form="всесторонний анализ", lead=None,
)  # fmt: skip


def material(*rows: ListRow) -> ListMaterial:
    made = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    return ListMaterial(s.CENTRE, rows, "ноябрь 2026 г.", made, s.DIRECTOR_PAPER, s.MOROZOVA, s.METHODIST)


def rows_for(key: str, many: int = 1) -> tuple[ListRow, ...]:
    kinds = {"handover": (ATTESTED,)}.get(key, (OURS, ATTESTED))
    return kinds * many


def table_of(document) -> Table:
    return next(one for one in document.blocks if isinstance(one, Table))


@pytest.mark.parametrize("key", LISTINGS)
def test_the_text_of_a_list_is_the_agreed_one(key):
    """The golden files are read by people; UPDATE_GOLDEN=1 writes them anew."""
    now = plain_text.text(LISTINGS[key].compose(material(*rows_for(key))))
    golden = GOLDEN / f"{key}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(now, encoding="utf-8")
    assert now == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("key", LISTINGS)
@pytest.mark.parametrize("many", [1, 20, 40])
def test_a_list_keeps_every_rule_of_the_look_of_documents(key, many):
    data = write.write(LISTINGS[key].compose(material(*rows_for(key, many))))
    assert [f"{one.rule}: {one.place}" for one in check(data)] == []


@pytest.mark.parametrize("key", LISTINGS)
def test_a_table_fits_the_upright_sheet(key):
    assert sum(table_of(LISTINGS[key].compose(material(*rows_for(key)))).widths) == 170


@pytest.mark.parametrize("key", LISTINGS)
def test_a_list_has_no_number_and_says_when_it_was_drawn_up(key):
    document = LISTINGS[key].compose(material(*rows_for(key)))
    assert document.number.endswith("______")
    assert "Сформировано 24" in document.foot[0]


@pytest.mark.parametrize(
    ("key", "words"), [("handover", "за ноябрь"), ("groups", "на ноябрь"), ("schedule", "на ноябрь")]
)
def test_only_what_has_been_is_of_a_month_that_was(key, words):
    """«за ноябрь» is said of facts, a plan is «на ноябрь»."""
    assert f"{words} 2026 г." in LISTINGS[key].compose(material(*rows_for(key))).heading.replace("\u00a0", " ")


def test_a_person_with_two_cases_is_counted_once():
    namesake = replace(OURS, applicant_id=2)
    words = plain_text.text(
        LISTINGS["schedule"].compose(material(OURS, replace(OURS, case_number="ММ-2026-8"), namesake))
    )
    assert "В график включено: 2 педагога (3 дела)." in words


LONG = replace(
    OURS,
    applicant=s.PersonName("Константинопольская-Задунайская", "Александра", "Константиновна").settled(),
    position=replace(s.TEACHER, n="преподаватель-организатор основ безопасности и защиты Родины"),
    organisation=replace(s.SCHOOL, n="Муниципальное общеобразовательное учреждение «Здоровьесберегающая школа № 12»"),
    title="Сельскохозяйственно-природоохранительная деятельность второклассников",
    experts=tuple(
        replace(one, person=s.PersonName("Рождественский-Преображенский", "Иван", "Ильич")) for one in s.EXPERTS
    ),
    lead=None,
)


@pytest.mark.parametrize("key", LISTINGS)
def test_no_word_is_wider_than_its_column_unless_it_may_be_divided(key):
    rows = (replace(LONG, attestation=key == "handover"),)
    table = table_of(LISTINGS[key].compose(material(*rows)))
    for row in (tuple((one,) for one in map(_Run, table.header)), *table.rows):
        for cell, width in zip(row, table.widths, strict=True):
            for piece in re.split(r"[ \n\u00ad-]", "".join(run.text for run in cell)):
                assert len(piece) * 2.3 <= width - 4 or not piece.isalpha(), piece


class _Run:
    """A heading as a cell has it."""

    def __init__(self, text):
        self.text = text


def test_a_register_passes_the_checker_and_is_no_draft():
    lines = [
        RegisterLine(
            "12-ЗК", date(2026, 11, 23), "Сводное экспертное заключение", "ММ-2026-7", "Ткач В.А.", "действует"
        ),
        RegisterLine("13", date(2026, 11, 24), "Сопроводительное письмо", "", "", "версия 2, недействителен: заменён"),
    ]
    made = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    document = register.compose(RegisterCard(s.CENTRE, "Заключения", "", lines, s.MOROZOVA, s.METHODIST, made))
    assert [f"{one.rule}: {one.place}" for one in check(write.write(document))] == []
    assert "Проект" not in plain_text.text(document)
    assert sum(table_of(document).widths) == 170


def test_the_head_of_a_group_is_marked_and_stands_once():
    words = plain_text.text(LISTINGS["groups"].compose(material(OURS)))
    assert words.count("руководитель группы") == 1
