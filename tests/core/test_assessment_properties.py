"""Judgement, for any sheet and any marks: bounds, monotony, exactness, and no weight in the order of experts."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from workflow_app.assessment.criteria import CriteriaSheet
from workflow_app.assessment.outcome import Mark, Review, combine, discrepancy, own_verdict, percent, score, settle
from workflow_app.assessment.scoring import rounded
from workflow_app.case_types.registry import seed_sheets

SHEETS = [sheet.in_mode("points") for sheet in seed_sheets().values()]
Case = tuple[CriteriaSheet, list[Review]]


@st.composite
def filled(draw: st.DrawFn, sheet: CriteriaSheet, expert: str = "expert") -> Review:
    marks: dict[str, Mark] = {}
    for criterion in sheet.criteria:
        if criterion.may_skip and draw(st.booleans()):
            marks[criterion.key] = Mark(not_applicable=True, reason="Не проводились")
            continue
        points = {i.key: draw(st.integers(0, criterion.top)) for i in criterion.indicators}
        marks[criterion.key] = Mark(points=points)
    return Review(expert, marks)


@st.composite
def cases(draw: st.DrawFn, most: int = 4) -> Case:
    sheet = draw(st.sampled_from(SHEETS))
    return sheet, [draw(filled(sheet, f"expert {n}")) for n in range(draw(st.integers(1, most)))]


def exact(sheet: CriteriaSheet, marks: Mapping[str, Mark]) -> Fraction:
    """The per cent by another road: rational numbers."""
    pairs = [(c, score(c, marks[c.key])) for c in sheet.criteria]
    gained = sum(Fraction(c.weight) * points for c, points in pairs if points is not None)
    possible = sum(Fraction(c.weight) * c.maximum for c, points in pairs if points is not None)
    return Fraction(100) * gained / possible


@given(cases(most=1))
def test_the_per_cent_is_exact_and_within_a_hundred(case: Case) -> None:
    """Decisions 16: equal to the rational number, rounded half up."""
    sheet, [one] = case
    found, true = percent(sheet, one.marks), exact(sheet, one.marks)
    tenths = true * 10
    half_up = Fraction((2 * tenths.numerator + tenths.denominator) // (2 * tenths.denominator), 10)

    assert Fraction(found) == half_up
    assert 0 <= found <= 100


@given(st.decimals(0, 1000, places=3), st.integers(1, 50))
def test_rounding_agrees_with_the_decimal_module(number: Decimal, denominator: int) -> None:
    assert rounded(number * denominator, Decimal(denominator)) == number.quantize(Decimal("0.1"), ROUND_HALF_UP)


@given(cases(most=1), st.data())
def test_a_point_more_never_lowers_the_per_cent_nor_the_verdict(case: Case, data: st.DataObject) -> None:
    """R24, R25."""
    sheet, [one] = case
    criterion = data.draw(st.sampled_from([c for c in sheet.criteria if not one.marks[c.key].is_skipped]))
    indicator = data.draw(st.sampled_from(criterion.indicators)).key
    points = one.marks[criterion.key].points
    more = {**points, indicator: min(points[indicator] + 1, criterion.top)}
    better = replace(one, marks={**one.marks, criterion.key: Mark(points=more)})

    assert percent(sheet, better.marks) >= percent(sheet, one.marks)
    assert sheet.rank(own_verdict(sheet, better)) <= sheet.rank(own_verdict(sheet, one))


@given(cases())
def test_stop_and_minimums_never_raise_a_verdict(case: Case) -> None:
    """R24: compared with the same sheet without minimums and stops."""
    sheet, reviews = case
    lenient = replace(sheet, criteria=tuple(replace(c, minimum=None, stop=False) for c in sheet.criteria))
    strict_key, lenient_key = combine(sheet, reviews).verdict_key, combine(lenient, reviews).verdict_key

    assert strict_key is not None
    assert lenient_key is not None
    assert sheet.rank(strict_key) >= sheet.rank(lenient_key)


@given(cases(), st.randoms())
def test_the_order_of_the_experts_does_not_matter(case: Case, chance: Random) -> None:
    sheet, reviews = case
    shuffled = [*reviews]
    chance.shuffle(shuffled)

    assert combine(sheet, shuffled) == combine(sheet, reviews)
    assert discrepancy(sheet, shuffled) == discrepancy(sheet, reviews)
    assert settle(sheet, shuffled, added(sheet)) == settle(sheet, reviews, added(sheet))


def added(sheet: CriteriaSheet) -> Review:
    return Review(
        "added", {c.key: Mark(points=dict.fromkeys((i.key for i in c.indicators), 1)) for c in sheet.criteria}
    )


@given(cases())
def test_the_final_lies_between_the_lowest_and_the_highest_sheet(case: Case) -> None:
    """R23."""
    sheet, reviews = case
    totals = [percent(sheet, one.marks) for one in reviews]
    final = combine(sheet, reviews).percent

    assert final is not None
    assert min(totals) <= final <= max(totals)


@given(cases())
def test_a_discrepancy_always_has_a_reason_and_equal_sheets_never_one(case: Case) -> None:
    """R26."""
    sheet, reviews = case
    found = discrepancy(sheet, reviews)
    copies = [replace(reviews[0], expert=f"copy {n}") for n in range(3)]

    assert found is None or found.reasons
    assert discrepancy(sheet, copies) is None
