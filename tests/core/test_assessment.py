"""R20 to R26 and decisions 16 to 20: from marks to the outcome of a case. Golden numbers were computed by hand."""

from dataclasses import replace
from decimal import Decimal

import pytest

from workflow_app.assessment.criteria import CriteriaSheet, Criterion, VerdictRule
from workflow_app.assessment.outcome import (
    Limits,
    Mark,
    Marks,
    Review,
    combine,
    counted,
    discrepancy,
    own_verdict,
    percent,
    problems,
    score,
    settle,
    verdict,
)
from workflow_app.assessment.scoring import rounded
from workflow_app.case_types.registry import seed_sheets
from workflow_app.errors import Broken

MATERIAL = seed_sheets()["b_material"]
INNOVATION = seed_sheets()["c_innovation"]
FIRST = seed_sheets()["a_first"].in_mode("points")
WORDS = seed_sheets()["a_first"]
LONG = "Обоснование достаточной длины, с опорой на материал."


def marked(criterion: Criterion, points: int, rationale: str = LONG) -> Mark:
    """Spread ``points`` over the indicators, from the first on."""
    given_points = {}
    for indicator in criterion.indicators:
        given_points[indicator.key] = min(points, criterion.top)
        points -= given_points[indicator.key]
    return Mark(points=given_points, rationale=rationale)


def sheet_of(sheet: CriteriaSheet, *scores: int | None) -> Marks:
    """Mark the criteria in order; None is «не применимо»."""
    skipped = Mark(not_applicable=True, reason="Внешние процедуры не проводились")
    return {
        criterion.key: skipped if points is None else marked(criterion, points)
        for criterion, points in zip(sheet.criteria, scores, strict=True)
    }


def review(expert: str, sheet: CriteriaSheet, *scores: int | None) -> Review:
    return Review(expert, sheet_of(sheet, *scores))


def with_mark(marks: Marks, key: str, mark: Mark) -> Marks:
    return {**marks, key: mark}


FOURS = sheet_of(MATERIAL, *[4] * 10)


# --- what may be signed -------------------------------------------------------------------------------------------


def test_a_complete_sheet_may_be_signed() -> None:
    assert problems(MATERIAL, FOURS) == {}


@pytest.mark.parametrize(
    ("points", "rationale", "asked"),
    [
        (2, "коротко", True),  # 40 %
        (2, " ".join(["а"] + [" "] * 40 + ["б"]), True),  # spaces do not count
        (2, "x" * 29, True),
        (2, "x" * 30, False),
        (3, "", False),  # 60 % exactly
        (4, "", False),
        (5, "", True),  # the maximum
        (5, LONG, False),
        (0, "", True),
    ],
)
def test_low_and_highest_scores_need_a_rationale_of_thirty_characters(points: int, rationale: str, asked: bool) -> None:
    """R20: under 60 % or equal to the maximum."""
    marks = with_mark(FOURS, "relevance", Mark(points={"demand": points}, rationale=rationale))

    assert ("marks.relevance.rationale" in problems(MATERIAL, marks)) is asked


def test_the_rationale_is_asked_for_the_criterion_and_not_for_its_indicators() -> None:
    """R20, decisions 20: 2 + 2 + 0 of 6 is over 60 %, though one indicator has nothing."""
    criterion = FIRST.criterion("internal_monitoring")
    marks = sheet_of(FIRST, 4, 2, 3, 4)

    assert problems(FIRST, with_mark(marks, criterion.key, marked(criterion, 4, rationale=""))) == {}
    assert [*problems(FIRST, with_mark(marks, criterion.key, marked(criterion, 3, rationale="")))] == [
        "marks.internal_monitoring.rationale"
    ]


def test_the_sentence_about_a_low_score_reads_as_russian() -> None:
    """R20."""
    found = problems(MATERIAL, with_mark(FOURS, "novelty", Mark(points={"difference": 1})))

    assert str(found["marks.novelty.rationale"][0]) == "Обоснуйте оценку ниже 60 %: не менее 30 знаков."


@pytest.mark.parametrize("points", [-1, 6, 2.5, "3", None, True])
def test_a_point_is_whole_and_within_the_scale(points: int) -> None:
    """R21."""
    marks = with_mark(FOURS, "relevance", Mark(points={"demand": points}, rationale=LONG))

    assert [*problems(MATERIAL, marks)] == ["marks.relevance.points.demand"]


def test_a_missing_point_is_asked_for_at_its_indicator() -> None:
    """R21: nothing is assumed for an indicator without a point."""
    marks = with_mark(sheet_of(FIRST, 4, 2, 3, 4), "abilities", Mark(points={"discovery": 2}, rationale=LONG))

    assert [*problems(FIRST, marks)] == ["marks.abilities.points.involvement"]


def test_not_applicable_is_refused_where_the_criterion_does_not_allow_it() -> None:
    """R22."""
    marks = with_mark(FOURS, "standards", Mark(not_applicable=True, reason="Не относится"))

    assert [*problems(MATERIAL, marks)] == ["marks.standards.not_applicable"]


def test_not_applicable_needs_a_reason() -> None:
    """R22."""
    marks = sheet_of(FIRST, 4, None, 3, 4)

    assert problems(FIRST, marks) == {}
    assert [*problems(FIRST, with_mark(marks, "external_monitoring", Mark(not_applicable=True, reason=" ")))] == [
        "marks.external_monitoring.reason"
    ]


def test_not_applicable_cannot_be_said_of_every_criterion() -> None:
    """R22."""
    marks = dict.fromkeys((c.key for c in WORDS.criteria), Mark(word="not_applicable", reason="Молодой педагог"))

    assert [*problems(WORDS, marks, "conforms")] == ["marks"]


def test_unknown_criteria_and_indicators_are_refused_and_missing_criteria_asked_for() -> None:
    marks = {key: mark for key, mark in FOURS.items() if key != "novelty"}
    marks |= {"charm": Mark(), "relevance": Mark(points={"demand": 4, "charm": 5}, rationale=LONG)}

    assert {*problems(MATERIAL, marks)} == {"marks.charm", "marks.novelty", "marks.relevance.points.charm"}


def test_a_mark_comes_back_from_its_data() -> None:
    mark = Mark(points={"demand": 3}, rationale=LONG)

    assert Mark.from_data(mark.to_data()) == mark
    assert Mark.from_data({"word": "partly"}) == Mark(word="partly")


# --- scores and per cents -----------------------------------------------------------------------------------------


def test_the_score_is_the_sum_of_the_indicators() -> None:
    """R21."""
    criterion = FIRST.criterion("internal_monitoring")

    assert score(criterion, Mark(points={"data": 2, "stability": 1, "support": 0})) == 3
    assert score(criterion, Mark()) == 0
    assert score(criterion, Mark(not_applicable=True)) is None


@pytest.mark.parametrize(
    ("sheet", "scores", "expected"),
    [
        (MATERIAL, (5, 4, 3, 3, 4, 2, 5, 4, 3, 5), "75.2"),  # 39.5 of 52.5
        (MATERIAL, (4, 4, 4, 4, 4, 4, 4, 4, 4, 4), "80.0"),  # 42 of 52.5
        (MATERIAL, (5, 5, 5, 5, 5, 5, 5, 5, 5, 5), "100.0"),
        (MATERIAL, (0, 0, 0, 0, 0, 0, 0, 0, 0, 0), "0.0"),
        (INNOVATION, (4, 3, 5, 4, 2, 4, 3, 5, 4), "71.0"),  # 35.5 of 50
        (FIRST, (4, 3, 2, 4), "64.5"),  # 20 of 31
        (FIRST, (4, None, 2, 4), "63.0"),  # 17 of 27: the skipped criterion stands in neither sum
    ],
)
def test_the_per_cent_is_weighed_and_rounded_half_up(
    sheet: CriteriaSheet, scores: tuple[int | None, ...], expected: str
) -> None:
    """Decisions 16."""
    assert str(percent(sheet, sheet_of(sheet, *scores))) == expected


def test_a_half_of_a_tenth_goes_up_where_floats_and_bankers_would_go_down() -> None:
    """Decisions 16: 66.65 becomes 66.7."""
    assert rounded(Decimal("133.3"), Decimal(2)) == Decimal("66.7")
    assert rounded(Decimal("150.5"), Decimal(2)) == Decimal("75.3")


def test_a_sheet_with_nothing_applicable_has_no_per_cent() -> None:
    with pytest.raises(Broken, match="not applicable"):
        percent(FIRST, sheet_of(FIRST, None, None, None, None))


# --- verdicts -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("total", "key"),
    [
        ("100.0", "recommend_publish"),
        ("80.0", "recommend_publish"),
        ("79.9", "recommend_use"),
        ("60.0", "recommend_use"),
        ("59.9", "revise"),
        ("40.0", "revise"),
        ("39.9", "reject"),
        ("0.0", "reject"),
    ],
)
def test_thresholds_are_inclusive(total: str, key: str) -> None:
    """R25: 60.0 passes."""
    assert verdict(MATERIAL, Decimal(total), FOURS) == key


def test_a_zero_in_a_stop_criterion_forces_the_worst_verdict_whatever_the_sum() -> None:
    """R24: 90.5 % and yet rejected, since borrowing has zero."""
    outcome = combine(MATERIAL, [review("a", MATERIAL, 5, 5, 5, 5, 5, 5, 5, 5, 5, 0)])

    assert outcome.percent == Decimal("90.5")
    assert outcome.verdict_key == "reject"
    assert str(outcome.reasons[0]) == (
        "Стоп-критерий «Корректность заимствований» оценён в 0 баллов: вывод «Отклонить» независимо от суммы."
    )


def test_a_missed_minimum_caps_the_verdict_of_a_material_at_revise() -> None:
    """R24: 91.4 % with 2 of the needed 3 in correctness."""
    outcome = combine(MATERIAL, [review("a", MATERIAL, 5, 5, 5, 2, 5, 5, 5, 5, 5, 5)])

    assert outcome.percent == Decimal("91.4")
    assert outcome.verdict_key == "revise"
    assert [str(one) for one in outcome.reasons] == [
        "По критерию «Научно-методическая корректность» набрано 2,00 при необходимом минимуме 3."
    ]


def test_a_missed_minimum_makes_an_attestation_not_conform() -> None:
    """R24: 71.0 % with 1 of the needed 2 in contribution."""
    marks = sheet_of(FIRST, 6, 4, 3, 1)

    assert percent(FIRST, marks) == Decimal("71.0")
    assert verdict(FIRST, percent(FIRST, marks), marks) == "not_conforms"


def test_a_cap_does_not_raise_a_verdict() -> None:
    """R24: a material under 40 % stays rejected."""
    marks = sheet_of(MATERIAL, *[1] * 10)

    assert verdict(MATERIAL, percent(MATERIAL, marks), marks) == "reject"


LADDER = replace(
    INNOVATION,
    verdicts=tuple(VerdictRule(Decimal(t), key, key) for t, key in ((75, "high"), (50, "sufficient"), (0, "support"))),
)


@pytest.mark.parametrize(("points", "key"), [(5, "sufficient"), (3, "support"), (2, "support")])
def test_a_missed_minimum_lowers_other_sheets_by_one_step(points: int, key: str) -> None:
    """R24: high becomes sufficient, sufficient becomes support, and lower than the worst there is nothing."""
    marks = sheet_of(LADDER, points, 1, *[points] * 7)

    assert verdict(LADDER, percent(LADDER, marks), marks) == key


def test_a_minimum_is_not_missed_by_a_criterion_that_does_not_apply() -> None:
    """R22, R24."""
    lenient = replace(FIRST, criteria=tuple(replace(c, may_skip=True) for c in FIRST.criteria))
    marks = sheet_of(lenient, 6, 4, 4, None)

    assert verdict(lenient, percent(lenient, marks), marks) == "conforms"


# --- several experts ----------------------------------------------------------------------------------------------

GOOD = review("good", MATERIAL, 5, 4, 3, 3, 4, 2, 5, 4, 3, 5)  # 75.2
FAIR = review("fair", MATERIAL, *[4] * 10)  # 80.0
WEAK = review("weak", MATERIAL, *[3] * 10)  # 60.0


def test_the_final_is_the_mean_of_the_rounded_per_cents() -> None:
    """R23, decisions 16: (75.2 + 80.0 + 60.0) / 3 = 71.73."""
    outcome = combine(MATERIAL, [GOOD, FAIR, WEAK])

    assert outcome.percent == Decimal("71.7")
    assert outcome.verdict_key == "recommend_use"
    assert outcome.verdicts == {"good": "recommend_use", "fair": "recommend_publish", "weak": "recommend_use"}
    assert not outcome.agreed
    assert outcome.criteria["approbation"].mean == Decimal("3.00")
    assert (outcome.criteria["approbation"].lowest, outcome.criteria["approbation"].highest) == (2, 4)
    assert outcome.criteria["approbation"].spread == 2


def test_the_mean_ignores_voided_sheets() -> None:
    """R23: an annulled sheet is not passed in; the rest decides alone."""
    assert combine(MATERIAL, [FAIR, WEAK]).percent == Decimal("70.0")


def test_experts_who_say_the_same_agree() -> None:
    assert combine(MATERIAL, [FAIR, replace(FAIR, expert="other")]).agreed


def test_stop_holds_for_the_case_when_half_of_the_experts_gave_zero() -> None:
    """R24, decisions 17: one of two is half, one of three is not."""
    zero = review("zero", MATERIAL, 5, 5, 5, 5, 5, 5, 5, 5, 5, 0)
    full = review("full", MATERIAL, *[5] * 10)

    assert combine(MATERIAL, [zero, full]).verdict_key == "reject"
    assert combine(MATERIAL, [zero, full, replace(full, expert="third")]).verdict_key == "recommend_publish"


def test_minimums_are_taken_on_the_mean_of_the_criterion() -> None:
    """R24, decisions 17: 2 and 4 make 3, which is enough; 2 and 3 do not."""
    low = review("low", MATERIAL, 5, 5, 5, 2, 5, 5, 5, 5, 5, 5)

    assert own_verdict(MATERIAL, low) == "revise"
    assert combine(MATERIAL, [low, FAIR]).verdict_key == "recommend_publish"
    assert combine(MATERIAL, [low, WEAK]).verdict_key == "revise"


def test_a_criterion_is_averaged_over_those_who_marked_it() -> None:
    """R22: «не применимо» of one expert is not a zero."""
    outcome = combine(FIRST, [review("a", FIRST, 4, None, 3, 4), review("b", FIRST, 4, 3, 3, 4)])
    nobody = combine(FIRST, [review("a", FIRST, 4, None, 3, 4)]).criteria["external_monitoring"]

    assert outcome.criteria["external_monitoring"].mean == Decimal("3.00")
    assert outcome.criteria["external_monitoring"].marked == 1
    assert (nobody.mean, nobody.marked, nobody.spread) == (None, 0, 0)


def test_a_signed_common_result_replaces_the_verdict_of_the_mean() -> None:
    """Decisions 19."""
    outcome = combine(FIRST, [review("a", FIRST, 6, 4, 4, 6), review("b", FIRST, 2, 1, 1, 2)], common="not_conforms")

    assert outcome.verdict_key == "not_conforms"
    assert "общему результату" in str(outcome.reasons[0])


def test_an_outcome_needs_a_sheet_and_only_one_of_each_expert() -> None:
    with pytest.raises(Broken, match="at least one"):
        combine(MATERIAL, [])
    with pytest.raises(Broken, match="one per expert"):
        combine(MATERIAL, [FAIR, replace(GOOD, expert="fair")])


# --- discrepancy --------------------------------------------------------------------------------------------------


def test_totals_may_differ_by_twenty_and_not_by_more() -> None:
    """R26, decisions 18: 80.0 and 60.0 differ by exactly 20 and both are positive."""
    found = discrepancy(
        MATERIAL, [FAIR, replace(WEAK, marks=with_mark(WEAK.marks, "language", Mark(points={"text": 2})))]
    )

    assert discrepancy(MATERIAL, [FAIR, WEAK]) is None
    assert found is not None
    assert found.spread == Decimal("21.0")  # 31 of 52.5 is 59.0
    assert [str(one) for one in found.reasons] == [
        "Итоговые оценки расходятся на 21,0 из 100 баллов.",
        "Выводы экспертов противоположны.",
    ]


def test_a_criterion_may_differ_by_forty_per_cent_of_its_maximum_and_not_by_more() -> None:
    """R26: 2 of 5 is 40 %, 3 of 5 is more."""
    near = Review("near", with_mark(FAIR.marks, "novelty", Mark(points={"difference": 2})))
    far = Review("far", with_mark(FAIR.marks, "novelty", Mark(points={"difference": 1})))
    found = discrepancy(MATERIAL, [FAIR, far])

    assert discrepancy(MATERIAL, [FAIR, near]) is None
    assert found is not None
    assert found.criteria == ("novelty",)
    assert str(found.reasons[0]) == (
        "Оценки по критерию «Новизна и авторский вклад» расходятся более чем на 40 % от наибольшего балла."
    )


def test_opposite_verdicts_count_only_with_five_points_between_the_totals() -> None:
    """R26, decisions 18: the sign alone sends nobody to a third review."""
    pass_60 = review("pass", INNOVATION, *[3] * 9)  # 60.0
    fail_58 = review("fail", INNOVATION, 2, *[3] * 8)  # 58.0
    fail_55 = review("fail", INNOVATION, 2, 2, *[3] * 7)  # 55.0

    assert discrepancy(INNOVATION, [pass_60, fail_58]) is None
    found = discrepancy(INNOVATION, [pass_60, fail_55])
    assert found is not None
    assert [str(one) for one in found.reasons] == ["Выводы экспертов противоположны."]


def test_a_criterion_skipped_by_one_expert_is_not_compared() -> None:
    """R22, R26, decisions 18."""
    skipping, nothing, everything = (review(f"{points}", FIRST, 6, points, 4, 6) for points in (None, 0, 4))
    found = discrepancy(FIRST, [nothing, everything])

    assert discrepancy(FIRST, [skipping, nothing]) is None
    assert found is not None
    assert found.criteria == ("external_monitoring",)


def test_one_sheet_cannot_differ() -> None:
    """R26."""
    assert discrepancy(MATERIAL, [FAIR]) is discrepancy(MATERIAL, []) is discrepancy(WORDS, []) is None


def test_the_limits_are_a_setting() -> None:
    """R26."""
    assert discrepancy(MATERIAL, [FAIR, WEAK], Limits(totals=Decimal(19))) is not None


# --- the added sheet ----------------------------------------------------------------------------------------------

HIGH = review("high", INNOVATION, *[5] * 9)  # 100.0
LOW = review("low", INNOVATION, *[2] * 9)  # 40.0
ADDED = review("added", INNOVATION, *[3] * 9)  # 60.0


def test_the_added_sheet_is_averaged_with_the_nearest_earlier_one() -> None:
    """Decisions 19: 60.0 is nearer to 40.0 than to 100.0."""
    outcome = settle(INNOVATION, [HIGH, LOW], ADDED)

    assert [*outcome.verdicts] == ["low", "added"]
    assert outcome.percent == Decimal("50.0")


def test_at_equal_distance_the_higher_mean_is_taken() -> None:
    """Decisions 19: 60.0 stands between 40.0 and 80.0."""
    other = review("eighty", INNOVATION, *[4] * 9)

    assert settle(INNOVATION, [other, LOW], ADDED).percent == settle(INNOVATION, [LOW, other], ADDED).percent == 70


def test_two_equal_earlier_sheets_are_told_apart_by_the_experts_key_alone() -> None:
    """Decisions 19: the order of arrival does not matter."""
    twin = replace(LOW, expert="another")

    assert [*settle(INNOVATION, [LOW, twin], ADDED).verdicts] == ["another", "added"]
    assert [*settle(INNOVATION, [twin, LOW], ADDED).verdicts] == ["another", "added"]


def test_other_policies_take_the_added_sheet_alone_or_all_of_them() -> None:
    """Decisions 19."""
    assert settle(INNOVATION, [HIGH, LOW], ADDED, "third_is_final").percent == Decimal("60.0")
    assert settle(INNOVATION, [HIGH, LOW], ADDED, "mean_all").percent == Decimal("66.7")


# --- words --------------------------------------------------------------------------------------------------------


def worded(expert: str, own: str | None, *words: str) -> Review:
    marks = {
        criterion.key: Mark(word=word, reason="Не проводились" * (word == "not_applicable"), rationale=LONG)
        for criterion, word in zip(WORDS.criteria, words, strict=True)
    }
    return Review(expert, marks, own)


YES = worded("yes", "conforms", "confirmed", "not_applicable", "confirmed", "partly")
ALSO = worded("also", "conforms", "confirmed", "partly", "partly", "confirmed")
NO = worded("no", "not_conforms", "not_confirmed", "partly", "partly", "partly")


def test_a_sheet_in_words_may_be_signed_without_points() -> None:
    """Order 196 has no points."""
    assert problems(WORDS, YES.marks, YES.verdict) == {}


def test_in_words_every_criterion_may_be_not_applicable_with_a_reason() -> None:
    """R22."""
    marks = with_mark(YES.marks, "contribution", Mark(word="not_applicable", rationale=LONG))

    assert [*problems(WORDS, marks, "conforms")] == ["marks.contribution.reason"]


def test_in_words_every_mark_is_chosen_and_explained() -> None:
    """R20."""
    marks = with_mark(YES.marks, "abilities", Mark(word="nearly", rationale="да"))

    assert [*problems(WORDS, marks, "conforms")] == ["marks.abilities.word", "marks.abilities.rationale"]


@pytest.mark.parametrize("own", [None, "", "recommend_use"])
def test_the_specialist_chooses_a_verdict_and_none_is_preset(own: str | None) -> None:
    assert [*problems(WORDS, YES.marks, own)] == ["verdict"]


def test_a_specialist_without_a_verdict_has_none_computed() -> None:
    with pytest.raises(Broken, match="a_first"):
        own_verdict(WORDS, replace(YES, verdict=None))


def test_the_majority_of_specialists_decides_and_words_are_counted() -> None:
    """Decisions 19: the dissent stays visible."""
    outcome = combine(WORDS, [YES, NO, ALSO])

    assert (outcome.percent, outcome.verdict_key, outcome.agreed) == (None, "conforms", False)
    assert outcome.criteria["external_monitoring"].words == {"not_applicable": 1, "partly": 2}
    assert outcome.criteria["external_monitoring"].marked == 2
    assert outcome.verdicts["no"] == "not_conforms"


def test_without_a_majority_nothing_is_decided_until_a_common_result_is_signed() -> None:
    """Decisions 19: no verdict is preset."""
    split = combine(WORDS, [YES, NO])

    assert split.verdict_key is None
    assert "поровну" in str(split.reasons[0])
    assert combine(WORDS, [YES, NO], common="conforms").verdict_key == "conforms"


def test_specialists_differ_when_their_verdicts_do() -> None:
    """R26."""
    found = discrepancy(WORDS, [YES, ALSO, NO])

    assert found is not None
    assert [str(one) for one in found.reasons] == [
        "Выводы специалистов не совпадают.",
        f"Критерий «{WORDS.criteria[0].title}» одним специалистом подтверждён, другим не подтверждён.",
    ]
    assert found.criteria == ("internal_monitoring",)
    assert discrepancy(WORDS, [YES, ALSO]) is None


def test_specialists_differ_when_one_confirms_what_another_does_not() -> None:
    """R26: though both say that the results conform."""
    found = discrepancy(WORDS, [YES, replace(NO, verdict="conforms")])

    assert found is not None
    assert found.criteria == ("internal_monitoring",)


def test_in_words_an_added_specialist_is_one_voice_more() -> None:
    assert settle(WORDS, [YES, NO], ALSO).verdict_key == "conforms"
    assert len(counted(WORDS, [YES, NO], ALSO, "mean_of_two_closest")) == 3
