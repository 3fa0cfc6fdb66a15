"""Where experts differ too much, and how an added sheet settles it (R26, decisions.md 18 and 19)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from typing import Literal

from workflow_app.assessment.criteria import CONFIRMED, NOT_CONFIRMED, CriteriaSheet
from workflow_app.assessment.marks import Review, mark_of
from workflow_app.assessment.scoring import Outcome, combine, comma, own_verdict, percent
from workflow_app.errors import N_, Sentence

Policy = Literal["mean_of_two_closest", "third_is_final", "mean_all"]


@dataclass(frozen=True, slots=True)
class Limits:
    """How far experts may differ, in per cent: totals, one criterion of its maximum, totals at opposite signs."""

    totals: Decimal = Decimal(20)
    criterion: Decimal = Decimal(40)
    opposite: Decimal = Decimal(5)


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """Why another look is needed: sentences without names, criteria by key, per cent between the totals."""

    reasons: tuple[Sentence, ...]
    criteria: tuple[str, ...]
    spread: Decimal | None


LIMITS = Limits()


def discrepancy(sheet: CriteriaSheet, sheets: Sequence[Review], limits: Limits = LIMITS) -> Discrepancy | None:
    """Return how the counted sheets differ too much, or None (R26: asked when the last of them is signed).

    Points: totals differ by more than 20; a criterion by more than 40 % of its maximum, those who marked it «не
    применимо» left out; verdicts of opposite sign with at least 5 between totals (decisions.md 18).
    Words: verdicts differ, or one specialist confirms a criterion which another does not.
    """
    if len(sheets) <= 1:
        return None
    if sheet.mode == "words":
        criteria = _opposed_words(sheet, sheets)
        said = tuple(_word_reasons(sheet, sheets, criteria))
        return Discrepancy(said, criteria, None) if said else None
    totals = [percent(sheet, review.marks) for review in sheets]
    spread = max(totals) - min(totals)
    criteria = _distant_criteria(sheet, sheets, limits)
    reasons = tuple(_point_reasons(sheet, sheets, spread, criteria, limits))
    return Discrepancy(reasons, criteria, spread) if reasons else None


def settle(
    sheet: CriteriaSheet, sheets: Sequence[Review], added: Review, policy: Policy = "mean_of_two_closest"
) -> Outcome:
    """Return the outcome of a case with an ``added`` sheet: :func:`combine` over :func:`counted`."""
    return combine(sheet, counted(sheet, sheets, added, policy))


def counted(sheet: CriteriaSheet, sheets: Sequence[Review], added: Review, policy: Policy) -> tuple[Review, ...]:
    """Return the sheets which count after the ``added`` one (decisions.md 19).

    ``mean_of_two_closest``: the added sheet and the nearest earlier one; at equal distance the one which gives the
    higher mean. ``third_is_final``: the added one alone. ``mean_all``, and always in words mode: all.
    """
    if policy == "third_is_final":
        return (added,)
    if policy == "mean_all" or sheet.mode == "words":
        return (*sheets, added)
    aim = percent(sheet, added.marks)

    def distance(review: Review) -> tuple[Decimal, Decimal, str]:
        total = percent(sheet, review.marks)
        # The expert's key comes last, so that the order in which sheets arrive never decides.
        return abs(total - aim), -total, review.expert

    return (min(sheets, key=distance), added)


def _point_reasons(
    sheet: CriteriaSheet, sheets: Sequence[Review], spread: Decimal, criteria: Sequence[str], limits: Limits
) -> Iterator[Sentence]:
    if spread > limits.totals:
        yield N_("Итоговые оценки расходятся на %(spread)s из 100 баллов.", spread=comma(spread))
    for key in criteria:
        yield N_(
            "Оценки по критерию «%(title)s» расходятся более чем на %(limit)s %% от наибольшего балла.",
            title=sheet.criterion(key).title,
            limit=comma(limits.criterion),
        )
    if spread >= limits.opposite and _are_opposite(sheet, sheets):
        yield N_("Выводы экспертов противоположны.")


def _distant_criteria(sheet: CriteriaSheet, sheets: Sequence[Review], limits: Limits) -> tuple[str, ...]:
    outcome = combine(sheet, sheets)
    return tuple(
        criterion.key
        for criterion in sheet.criteria
        if 100 * outcome.criteria[criterion.key].spread > limits.criterion * criterion.maximum
    )


def _are_opposite(sheet: CriteriaSheet, sheets: Sequence[Review]) -> bool:
    return len({sheet.verdict(own_verdict(sheet, review)).positive for review in sheets}) > 1


def _opposed_words(sheet: CriteriaSheet, sheets: Sequence[Review]) -> tuple[str, ...]:
    opposed = {CONFIRMED, NOT_CONFIRMED}
    return tuple(
        criterion.key
        for criterion in sheet.criteria
        if any(
            {mark_of(one.marks, criterion).word, mark_of(other.marks, criterion).word} == opposed
            for one, other in combinations(sheets, 2)
        )
    )


def _word_reasons(sheet: CriteriaSheet, sheets: Sequence[Review], criteria: Sequence[str]) -> Iterator[Sentence]:
    if len({own_verdict(sheet, review) for review in sheets}) > 1:
        yield N_("Выводы специалистов не совпадают.")
    for key in criteria:
        yield N_(
            "Критерий «%(title)s» одним специалистом подтверждён, другим не подтверждён.",
            title=sheet.criterion(key).title,
        )
