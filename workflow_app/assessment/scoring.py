"""From marks to per cent and verdicts, and from several experts to the outcome of a case (R23, R24, R25).

Arithmetic is exact: decimals with whole quotients, never floats. Annulled sheets are simply not passed in (R23).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from workflow_app.assessment.criteria import NOT_APPLICABLE, CriteriaSheet, Criterion, VerdictRule
from workflow_app.assessment.marks import Marks, Review, mark_of, score
from workflow_app.errors import N_, Broken, Sentence

# A missed minimum allows no verdict better than these; a sheet without them goes one step down (domain.md 4).
CAPS = ("not_conforms", "revise")
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class CriterionOutcome:
    """One criterion over all counted sheets.

    ``mean`` to 0.01, ``lowest`` and ``highest`` points of those who marked it, ``marked`` how many did; in words mode
    ``words``: word -> how many chose it. All None or empty when nobody marked it.
    """

    mean: Decimal | None
    lowest: int | None
    highest: int | None
    marked: int
    words: Mapping[str, int]

    @property
    def spread(self) -> int:
        """Points between the highest and the lowest; 0 when fewer than two experts marked the criterion."""
        return (self.highest or 0) - (self.lowest or 0)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a case.

    ``percent``: to 0.1, None in words mode. ``verdict_key``: None only when specialists split evenly and signed no
    common result. ``reasons``: what besides the sum decided. ``verdicts``: expert key -> that expert's own verdict.
    ``agreed``: they are all the same as the result.
    """

    percent: Decimal | None
    verdict_key: str | None
    reasons: tuple[Sentence, ...]
    criteria: Mapping[str, CriterionOutcome]
    verdicts: Mapping[str, str]
    agreed: bool


def rounded(numerator: Decimal, denominator: Decimal, places: int = 1) -> Decimal:
    """Return the quotient of two numbers >= 0, rounded half up to ``places`` (domain.md 4)."""
    steps = Decimal(10**places)
    units: Decimal = (2 * steps * numerator + denominator) // (2 * denominator)
    return (units / steps).quantize(1 / steps)


def percent(sheet: CriteriaSheet, marks: Marks) -> Decimal:
    """Return Σ(w·score) / Σ(w·max) · 100, rounded half up to 0.1 (decisions.md 16).

    Criteria marked «не применимо» stand in neither sum (domain.md 4). Raises
    Broken when no criterion applies; R22 keeps such a sheet from being signed.
    """
    gained = possible = ZERO
    for criterion in sheet.criteria:
        points = score(criterion, mark_of(marks, criterion))
        if points is not None:
            gained += criterion.weight * points
            possible += criterion.weight * criterion.maximum
    if not possible:
        raise Broken(f"every criterion of {sheet.key} is marked not applicable")
    return rounded(100 * gained, possible)


def verdict(sheet: CriteriaSheet, total: Decimal, marks: Marks) -> str:
    """Return the verdict of one sheet of ``total`` per cent: by threshold, inclusive (R25), then STOP, minimums (R24).

    A zero in a STOP criterion gives the worst verdict. A missed minimum caps: (a) ``not_conforms``, (b) and (c)
    ``revise``, other sheets one step below; the cap never raises a verdict (decisions.md 17).
    """
    return _judge(sheet, total, [marks])[0]


def own_verdict(sheet: CriteriaSheet, review: Review) -> str:
    """Return one expert's verdict: the specialist's choice in words mode, else the computed one (decisions.md 20).

    Raises Broken for a verdict which the sheet does not have.
    """
    if sheet.mode == "words":
        return sheet.verdict(review.verdict or "").key
    return verdict(sheet, percent(sheet, review.marks), review.marks)


def combine(sheet: CriteriaSheet, reviews: Sequence[Review], common: str | None = None) -> Outcome:
    """Return the outcome of a case from its counted sheets, at least one, in any order.

    Points: the mean of the rounded per cents, rounded again (decisions.md 16); STOP when at least half of the sheets
    gave 0, minimums on the mean of those who marked the criterion (17). Words: the majority of verdicts.
    ``common``: the verdict of a signed common result, which replaces both (decisions.md 19).
    """
    verdicts = {review.expert: own_verdict(sheet, review) for review in reviews}
    if not reviews or len(verdicts) != len(reviews):
        raise Broken("an outcome needs at least one sheet, and one per expert")
    mean = _mean_percent(sheet, reviews) if sheet.mode == "points" else None
    key, reasons = _by_majority(verdicts) if mean is None else _judge(sheet, mean, [one.marks for one in reviews])
    if common is not None:
        key = sheet.verdict(common).key
        reasons = (N_("Вывод сделан по подписанному специалистами общему результату."),)
    criteria = {criterion.key: _criterion_outcome(sheet, criterion, reviews) for criterion in sheet.criteria}
    return Outcome(mean, key, reasons, criteria, verdicts, agreed=set(verdicts.values()) == {key})


def comma(number: Decimal | int) -> str:
    """Return a number as Russian papers write it: «66,7»."""
    return str(number).replace(".", ",")


def _mean_percent(sheet: CriteriaSheet, reviews: Sequence[Review]) -> Decimal:
    total = sum((percent(sheet, review.marks) for review in reviews), ZERO)
    return rounded(total, Decimal(len(reviews)))


def _by_majority(verdicts: Mapping[str, str]) -> tuple[str | None, tuple[Sentence, ...]]:
    """Return the verdict of more than half of the specialists; with no such verdict, None and the reason."""
    key, votes = Counter(verdicts.values()).most_common(1)[0]
    if 2 * votes > len(verdicts):
        return key, ()
    return None, (N_("Мнения специалистов разделились поровну, общий результат не подписан."),)


def _judge(sheet: CriteriaSheet, total: Decimal, sheets: Sequence[Marks]) -> tuple[str, tuple[Sentence, ...]]:
    """Return the verdict of ``total`` per cent after STOP and the minimums over ``sheets``, with reasons (R24)."""
    worst = sheet.verdicts[-1]
    by_threshold = next(rule for rule in sheet.verdicts if total >= rule.threshold)
    stops = tuple(_stops(sheet, sheets, worst))
    misses = tuple(_missed_minimums(sheet, sheets))
    if stops:
        return worst.key, stops + misses
    capped = _cap(sheet, by_threshold) if misses else by_threshold
    return capped.key, misses


def _cap(sheet: CriteriaSheet, rule: VerdictRule) -> VerdictRule:
    place = sheet.rank(rule.key)
    for index, other in enumerate(sheet.verdicts):
        if other.key in CAPS:
            return sheet.verdicts[max(place, index)]
    return sheet.verdicts[min(place + 1, len(sheet.verdicts) - 1)]


def _stops(sheet: CriteriaSheet, sheets: Sequence[Marks], worst: VerdictRule) -> Iterator[Sentence]:
    for criterion in sheet.criteria:
        zeros = sum(points == 0 for points in _scores(criterion, sheets))
        if criterion.stop and 2 * zeros >= len(sheets):
            yield N_(
                "Стоп-критерий «%(title)s» оценён в 0 баллов: вывод «%(verdict)s» независимо от суммы.",
                title=criterion.title,
                verdict=worst.text,
            )


def _missed_minimums(sheet: CriteriaSheet, sheets: Sequence[Marks]) -> Iterator[Sentence]:
    for criterion in sheet.criteria:
        scores = _scores(criterion, sheets)
        if criterion.minimum is not None and scores and sum(scores) < criterion.minimum * len(scores):
            yield N_(
                "По критерию «%(title)s» набрано %(mean)s при необходимом минимуме %(minimum)s.",
                title=criterion.title,
                mean=comma(_mean(scores)),
                minimum=criterion.minimum,
            )


def _criterion_outcome(sheet: CriteriaSheet, criterion: Criterion, reviews: Sequence[Review]) -> CriterionOutcome:
    marks = [mark_of(review.marks, criterion) for review in reviews]
    scores = _scores(criterion, [review.marks for review in reviews])
    if sheet.mode == "words":
        words = Counter(NOT_APPLICABLE if mark.is_skipped else mark.word for mark in marks)
        return CriterionOutcome(None, None, None, len(scores), dict(words))
    if not scores:
        return CriterionOutcome(None, None, None, 0, {})
    return CriterionOutcome(_mean(scores), min(scores), max(scores), len(scores), {})


def _scores(criterion: Criterion, sheets: Sequence[Marks]) -> list[int]:
    """Return the points of those who did not mark the criterion «не применимо»."""
    scores = (score(criterion, mark_of(marks, criterion)) for marks in sheets)
    return [points for points in scores if points is not None]


def _mean(scores: Sequence[int]) -> Decimal:
    return rounded(Decimal(sum(scores)), Decimal(len(scores)), places=2)
