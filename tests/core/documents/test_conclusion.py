"""What the reader of a consolidated conclusion can see, follow and compute."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest

from tests.core.documents import samples
from tests.core.documents.test_composition import said
from workflow_app.documents.docx import plain_text
from workflow_app.documents.kinds.registry import KINDS
from workflow_app.documents.russian.grammar import PersonName
from workflow_app.documents.russian.names import forms

KEY = "consolidated_conclusion"
SHORT_DAY = re.compile(r"\d{2}\.\d{2}\.\d{4}")


def material(**changes):
    made = samples.material_conclusion()
    return replace(made, card=replace(made.card, **changes))


def about(**changes):
    made = samples.material_conclusion()
    return replace(made, case=replace(made.case, **changes))


def table(made):
    (found,) = [one for one in KINDS[KEY].compose(made).blocks if one.name == "table"]
    return found


def cells(made):
    return [[plain_text.flat(cell).replace("\u00a0", " ") for cell in row] for row in table(made).rows]


def test_the_experts_stand_over_their_columns_by_name():
    assert table(material()).header[4:7] == ("Лебедев Н.Ф.", "Бондаренко И.Л.", "Черных П.И.")
    assert table(samples.attestation_conclusion()).header[2:] == ("Лебедев Н.Ф.", "Бондаренко И.Л.", "Черных П.И.")


def test_in_a_blind_type_nobody_learns_whose_mark_is_whose():
    made = about(blind=True)
    assert table(made).header[4:7] == ("Эксперт 1", "Эксперт 2", "Эксперт 3")
    words = said(KEY, made)
    assert "Эксперт 1, Эксперт 3: Тема отвечает запросу педагогов." in words
    assert "привлечён эксперт 3." in words
    listed = next(one for one in KINDS[KEY].compose(made).blocks if one.name == "items")
    assert [plain_text.flat(one).split()[0] for one in listed.items] == ["Бондаренко", "Лебедевым", "Черных"]
    assert not listed.numbered


@pytest.mark.parametrize("surname", ["Цой", "Константинопольская-Задунайская"])
def test_a_name_too_long_for_its_column_reads_upwards(surname):
    experts = tuple(replace(one, person=PersonName(surname, "Анна", "Петровна").settled()) for one in samples.EXPERTS)
    assert table(material(experts=experts)).turned == ((4, 5, 6) if len(surname) > 6 else ())
    two = material(
        experts=samples.EXPERTS[:2],
        rows=tuple(replace(one, marks=one.marks[:2]) for one in samples.MATERIAL_COMMON.rows),
        percents=samples.MATERIAL_COMMON.percents[:2],
    )
    assert table(two).turned == ()


def test_the_reader_can_compute_the_total():
    """From the points, the weights and the highest points to the sums, from these to the shares."""
    rows = cells(material())
    criteria, (sums, shares) = rows[:-2], rows[-2:]
    number = lambda text: Decimal(text.replace(",", "."))  # noqa: E731 - two lines below
    for at in (4, 5, 6):
        kept = [row for row in criteria if row[at] != "н/п"]
        gained = sum(number(row[at]) * number(row[3]) for row in kept)
        most = sum(number(row[2]) * number(row[3]) for row in kept)
        assert [number(one) for one in sums[at].split(" из ")] == [gained, most]
        assert shares[at] == f"{(100 * gained / most).quantize(Decimal('0.1'))} %".replace(".", ",")
    assert "умноженных на вес критериев, в процентах от наибольшей возможной суммы" in said(KEY, material())
    alone = material(third_review=None, discrepancy=None)
    assert "Итоговая оценка – среднее арифметическое оценок экспертов." in said(KEY, alone)


def test_weights_that_are_all_one_need_no_column():
    even = material(rows=tuple(replace(one, weight=Decimal(1)) for one in samples.MATERIAL_COMMON.rows))
    assert "Вес" not in table(even).header
    assert "Вес" in table(material()).header
    assert cells(even)[-2][1] == "Сумма баллов"


def test_the_reasons_are_merged_by_criterion_and_each_is_said_once():
    words = said(KEY, material())
    assert "1. Актуальность Лебедев Н.Ф., Черных П.И.: Тема отвечает запросу педагогов. ## 2." in words
    assert words.index("Обоснования оценок по критериям") < words.index("Сильные стороны")
    bare = material(rows=tuple(replace(one, reasons=("", "", "")) for one in samples.MATERIAL_COMMON.rows))
    assert "Обоснования" not in said(KEY, bare)


def test_long_reasons_make_an_annex_after_the_signatures():
    document = KINDS[KEY].compose(samples.attestation_conclusion())
    names = [one.name for one in document.blocks]
    words = said(KEY, samples.attestation_conclusion())
    assert words.index("Обоснования оценок приведены в приложении.") < words.index("Сильные стороны")
    assert names.index("page_break") > max(at for at, name in enumerate(names) if name == "signature")
    assert "Приложение к сводному экспертному заключению от 23 ноября 2026 г. № 13-ЗК" in words


def test_the_declarations_of_no_conflict_are_a_line_where_everybody_signed_one():
    line = (
        "Конфликт интересов: декларации об отсутствии конфликта интересов подписаны всеми экспертами до начала работы"
    )
    assert line in said(KEY, material())
    assert "онфликт" not in said(KEY, material(declared=False))


@pytest.mark.parametrize(
    ("examined", "kind"),
    [
        (samples.MATERIAL, "экспертиза методического материала"),
        (samples.ACTIVITY, "профессионально-общественная экспертиза"),
    ],
)
def test_the_kind_of_expertise_is_named_and_not_its_object(examined, kind):
    title = "Профессионально-общественная экспертиза"
    assert f"Вид экспертизы: {kind} " in said(KEY, about(examined=examined, type_title=title))


def test_the_recommendations_are_to_all_authors():
    assert "# Рекомендации Ткач Веронике Андреевне –" in said(KEY, material())
    both = about(co_authors=(samples.CHERNYKH, samples.SOKOLOVA))
    assert "# Рекомендации авторам: Ткач Веронике Андреевне, Черных Павлу Ильичу, Соколовой Ольге Викторовне –" in said(
        KEY, both
    )


@pytest.mark.parametrize(
    "name", sorted(samples.DOCUMENTS.keys() - {"acquaintance_sheet", "programme_report", "body_plan"})
)  # tables with dates
def test_a_document_has_one_style_of_dates(name):
    kind, make = samples.DOCUMENTS[name]
    words = said(kind, make())
    typed = {"23.11.2026", "24.03.2023", "02.09.2026"}  # in requisites and certificates, which are quoted as they are
    mark = re.search(r"Действителен с \S+ по \S+", words)
    assert set(SHORT_DAY.findall(words.replace(mark[0], "") if mark else words)) <= typed


@pytest.mark.parametrize(
    ("surname", "instrumental"),
    [
        ("Пугач", "Пугачом"),
        ("Деркач", "Деркачом"),
        ("Бородач", "Бородачом"),
        ("Горбач", "Горбачом"),
        ("Драч", "Драчом"),
        ("Плач", "Плачем"),
        ("Ковач", "Ковачем"),
        ("Карандаш", "Карандашом"),
        ("Гайдаш", "Гайдашем"),
        ("Бабич", "Бабичем"),
    ],
)
def test_a_man_whose_name_is_stressed_at_the_end_is_not_called_by_the_soft_ending(surname, instrumental):
    """Зализняк: nouns on the suffix -ач have the stress on the ending, and after a sibilant it is -ом there."""
    assert forms("last", surname, "m")[4] == instrumental
