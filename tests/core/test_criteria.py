"""Criteria sheets: well formed or not, and the same in YAML, rows and JSON."""

from dataclasses import replace
from decimal import Decimal

import pytest

from workflow_app.assessment.criteria import (
    CriteriaSheet,
    Criterion,
    Indicator,
    Scale,
    VerdictRule,
    from_data,
    from_json,
    plain,
)
from workflow_app.case_types.registry import seed_sheets
from workflow_app.errors import Broken

SHEET = seed_sheets()["b_material"]
FIRST = SHEET.criteria[0]


def with_first(**changes: object) -> CriteriaSheet:
    return replace(SHEET, criteria=(replace(FIRST, **changes), *SHEET.criteria[1:]))  # type: ignore[arg-type]


def with_verdicts(*thresholds: int) -> CriteriaSheet:
    rules = tuple(VerdictRule(Decimal(t), f"v{n}", "вывод") for n, t in enumerate(thresholds))
    return replace(SHEET, verdicts=rules)


def test_the_maximum_of_a_criterion_is_the_top_of_the_scale_for_each_indicator() -> None:
    assert seed_sheets()["a_highest"].criterion("contribution").maximum == 6
    assert SHEET.criterion("relevance").maximum == 5


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (replace(SHEET, title=" "), "нет названия"),
        (replace(SHEET, criteria=()), "нет критериев"),
        (replace(SHEET, key="Б"), "латинских"),
        (replace(SHEET, criteria=(FIRST, FIRST)), "повторяется"),
        (replace(SHEET, scale=Scale("none", ())), "Шкала"),
        (replace(SHEET, scale=Scale("gap", ((1, "да"), (2, "очень")))), "Шкала"),
        (replace(SHEET, scale=Scale("twice", ((0, "нет"), (1, "да"), (1, "да")))), "Шкала"),
        (with_first(title=""), "пустое название"),
        (with_first(indicators=(Indicator("i", " "),)), "пустой показатель"),
        (with_first(indicators=()), "нет показателей"),
        (with_first(indicators=(Indicator("i", "а"), Indicator("i", "б"))), "повторяется"),
        (with_first(weight=Decimal(0)), "Вес"),
        (with_first(minimum=0), "Минимум"),
        (with_first(minimum=6), "Минимум"),
        (with_first(stop=True, may_skip=True), "Стоп-критерий"),
        (replace(SHEET, verdicts=()), "Пороги"),
        (with_verdicts(60, 80, 0), "Пороги"),
        (with_verdicts(60, 60, 0), "Пороги"),
        (with_verdicts(60, 40), "Пороги"),
        (with_verdicts(101, 0), "Пороги"),
        (replace(SHEET, verdicts=(replace(SHEET.verdicts[-1], text=""),)), "нет текста"),
        (with_verdicts(60, 0).in_mode("words"), "положительный и отрицательный"),
    ],
)
def test_a_sheet_that_is_not_well_formed_says_why(broken: CriteriaSheet, words: str) -> None:
    assert any(words in str(fault) for fault in broken.check())


def test_a_minimum_of_one_point_and_of_all_points_are_both_allowed() -> None:
    assert with_first(minimum=1).check() == with_first(minimum=5).check() == ()


@pytest.mark.parametrize("sheet", seed_sheets().values(), ids=seed_sheets().keys())
def test_a_sheet_comes_back_from_its_json_and_its_data(sheet: CriteriaSheet) -> None:
    """R27: what a case pins is exactly the sheet it began with."""
    assert from_json(sheet.to_json()) == sheet
    assert from_data(sheet.to_data()) == sheet


def test_equal_sheets_have_equal_json_whatever_the_form_of_their_numbers() -> None:
    """R27: the canonical form holds no floats, so «1.50» and «1.5» are one weight."""
    padded = with_first(weight=Decimal("1.00"))

    assert padded.to_json() == SHEET.to_json()
    assert '"weight":"1.5"' in SHEET.to_json()


def test_a_float_is_refused_because_it_is_not_exact() -> None:
    shape = SHEET.to_data()
    shape["criteria"][0]["weight"] = 1.1

    with pytest.raises(Broken, match="no floats"):
        from_data(shape)


def test_weight_minimum_and_flags_may_be_left_out() -> None:
    shape = SHEET.to_data()
    shape["criteria"] = [{"key": "c", "title": "Критерий", "indicators": [{"key": "i", "text": "показатель"}]}]

    assert from_data(shape).criterion("c") == Criterion(
        key="c",
        title="Критерий",
        indicators=(Indicator("i", "показатель"),),
        weight=Decimal(1),
        minimum=None,
        may_skip=False,
        stop=False,
        top=5,
    )


@pytest.mark.parametrize(
    ("number", "text"), [("60", "60"), ("1.50", "1.5"), ("100", "100"), ("0", "0"), ("0.5", "0.5")]
)
def test_a_decimal_is_written_without_exponent_and_needless_zeros(number: str, text: str) -> None:
    assert plain(Decimal(number)) == text


def test_asking_for_an_unknown_criterion_or_verdict_stops() -> None:
    with pytest.raises(Broken, match="no nothing"):
        SHEET.criterion("nothing")
    with pytest.raises(Broken, match="no nothing"):
        SHEET.rank("nothing")


def test_a_version_of_before_does_not_say_which_verdicts_are_positive_and_keeps_them() -> None:
    """R27: what a case pinned years ago is read as it was."""
    old = SHEET.to_data()
    for one in old["verdicts"]:
        del one["positive"]

    assert from_data(old) == SHEET


def test_a_scale_may_be_named_by_its_key_and_an_unknown_one_stops() -> None:
    named = {**SHEET.to_data(), "scale": "s5"}

    assert from_data(named) == SHEET
    with pytest.raises(KeyError, match="s99"):
        from_data({**named, "scale": "s99"})
