"""Lists of a month: the order with its annex, expert groups, the schedule, the register of what was handed over."""

import os
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.core.documents import samples as s
from workflow_app.documents import docx_file, plain
from workflow_app.documents.blocks import Table
from workflow_app.documents.check import check
from workflow_app.documents.lists import LISTINGS, ListMaterial, ListRow
from workflow_app.errors import Broken

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
    kinds = {"order": (OURS,), "handover": (ATTESTED,)}.get(key, (OURS, ATTESTED))
    return kinds * many


def table_of(document) -> Table:
    return next(one for one in document.blocks if isinstance(one, Table))


@pytest.mark.parametrize("key", LISTINGS)
def test_the_text_of_a_list_is_the_agreed_one(key):
    """The golden files are read by people; UPDATE_GOLDEN=1 writes them anew."""
    now = plain.text(LISTINGS[key].compose(material(*rows_for(key))))
    golden = GOLDEN / f"{key}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(now, encoding="utf-8")
    assert now == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("key", LISTINGS)
@pytest.mark.parametrize("many", [1, 20, 40])
def test_a_list_keeps_every_rule_of_the_look_of_documents(key, many):
    data = docx_file.write(LISTINGS[key].compose(material(*rows_for(key, many))))
    assert [f"{one.rule}: {one.place}" for one in check(data)] == []


@pytest.mark.parametrize("key", LISTINGS)
def test_a_table_fits_the_upright_sheet(key):
    assert sum(table_of(LISTINGS[key].compose(material(*rows_for(key)))).widths) == 170


def test_one_order_approves_forty_conclusions_in_its_annex():
    document = LISTINGS["order"].compose(material(*(OURS,) * 40))
    rows = table_of(document).rows
    assert len(rows) == 40
    assert rows[39][0][0].text == "40"
    assert "всего 40 заключений" in plain.text(document).replace("\n", " ")


def test_the_conclusions_of_an_attestation_are_not_approved_by_an_order():
    """0a.5."""
    with pytest.raises(Broken):
        LISTINGS["order"].compose(material(OURS, ATTESTED))


@pytest.mark.parametrize("key", LISTINGS)
def test_a_list_has_no_number_and_says_that_it_is_not_registered(key):
    document = LISTINGS[key].compose(material(*rows_for(key)))
    assert document.number.endswith("______")
    assert "не зарегистрирован" in document.foot[0]


def test_the_head_of_a_group_is_marked_and_stands_once():
    words = plain.text(LISTINGS["groups"].compose(material(OURS)))
    assert words.count("руководитель группы") == 1
