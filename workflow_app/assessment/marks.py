"""What one expert says about one case, and what is still wrong with it (R20, R21, R22)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from workflow_app.assessment.criteria import NOT_APPLICABLE, WORDS, CriteriaSheet, Criterion
from workflow_app.errors import N_, Sentence
from workflow_app.spelling import visible

RATIONALE_LEAST = 30  # visible characters, R20
LOW_PERCENT = 60  # a score under it needs a rationale, R20

Problem = tuple[str, Sentence]


def _no_points() -> Mapping[str, int]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Mark:
    """One criterion marked: ``points`` by indicator key, or in words mode a ``word`` of ``criteria.WORDS``.

    ``reason`` says why the criterion does not apply; ``rationale`` explains the mark.
    """

    points: Mapping[str, int] = field(default_factory=_no_points)
    word: str = ""
    not_applicable: bool = False
    reason: str = ""
    rationale: str = ""

    @property
    def is_skipped(self) -> bool:
        """Tell whether the criterion is marked «не применимо», by the box or by the word."""
        return self.not_applicable or self.word == NOT_APPLICABLE

    def to_data(self) -> dict[str, Any]:
        """Return the mark as a mapping for a row: strings, whole numbers, truths."""
        return {
            "points": dict(self.points),
            "word": self.word,
            "not_applicable": self.not_applicable,
            "reason": self.reason,
            "rationale": self.rationale,
        }

    @classmethod
    def from_data(cls, mapping: Mapping[str, Any]) -> Mark:
        """Build a mark from the shape of :meth:`to_data`; whatever is left out is empty."""
        return cls(**{**mapping, "points": dict(mapping.get("points", {}))})


Marks = Mapping[str, Mark]


@dataclass(frozen=True, slots=True)
class Review:
    """A signed sheet: the ``expert``'s key, ``marks`` by criterion key, in words mode the own ``verdict``."""

    expert: str
    marks: Marks
    verdict: str | None = None


def problems(sheet: CriteriaSheet, marks: Marks, verdict: str | None = None) -> Mapping[str, tuple[Sentence, ...]]:
    """Return what keeps the sheet from being signed, by path; empty when it may be signed.

    Paths: ``marks``, ``marks.<criterion>``, ``….points.<indicator>``, ``….word``, ``….not_applicable``, ``….reason``,
    ``….rationale``, and ``verdict`` in words mode.
    R20: a rationale of 30 characters for a criterion scored under 60 % or in full; in words mode for every criterion.
    R21: whole points from 0 to the top of the scale for each indicator. R22: «не применимо» only where allowed, with
    a reason, not for all criteria. In words mode the specialist's own ``verdict`` is asked, without a default.
    """
    found: dict[str, tuple[Sentence, ...]] = {}
    for path, sentence in _all(sheet, marks, verdict):
        found[path] = (*found.get(path, ()), sentence)
    return found


def score(criterion: Criterion, mark: Mark) -> int | None:
    """Return the criterion's points, the sum over its indicators, unweighted; None when marked «не применимо».

    An indicator without points counts as 0: :func:`problems` is what says that it is missing.
    """
    if mark.is_skipped:
        return None
    return sum(mark.points.get(indicator.key, 0) for indicator in criterion.indicators)


def mark_of(marks: Marks, criterion: Criterion) -> Mark:
    """Return the mark of a criterion; an empty one when it is not marked yet."""
    return marks.get(criterion.key, Mark())


def _all(sheet: CriteriaSheet, marks: Marks, verdict: str | None) -> Iterator[Problem]:
    known = {criterion.key for criterion in sheet.criteria}
    for key in marks:
        if key not in known:
            yield f"marks.{key}", N_("Такого критерия в листе нет.")
    for criterion in sheet.criteria:
        yield from _mark_problems(sheet, criterion, marks.get(criterion.key))
    if all(mark_of(marks, criterion).is_skipped for criterion in sheet.criteria):
        yield "marks", N_("Нельзя отметить «не применимо» все критерии.")
    if sheet.mode == "words" and verdict not in {rule.key for rule in sheet.verdicts}:
        yield "verdict", N_("Выберите вывод.")


def _mark_problems(sheet: CriteriaSheet, criterion: Criterion, mark: Mark | None) -> Iterator[Problem]:
    path = f"marks.{criterion.key}"
    if mark is None:
        yield path, N_("Оцените критерий.")
    elif mark.is_skipped:
        yield from _skip_problems(path, mark, allowed=sheet.may_skip(criterion))
    elif sheet.mode == "words":
        yield from _word_problems(path, mark)
    else:
        yield from _points_problems(path, criterion, mark)


def _skip_problems(path: str, mark: Mark, *, allowed: bool) -> Iterator[Problem]:
    if not allowed:
        yield f"{path}.not_applicable", N_("Этот критерий нельзя отметить «не применимо».")
    if not visible(mark.reason):
        yield f"{path}.reason", N_("Укажите, почему критерий не применим.")


def _word_problems(path: str, mark: Mark) -> Iterator[Problem]:
    if mark.word not in WORDS:
        yield f"{path}.word", N_("Выберите оценку.")
    if _is_short(mark.rationale):
        yield f"{path}.rationale", N_("Обоснуйте оценку: не менее %(least)s знаков.", least=RATIONALE_LEAST)


def _points_problems(path: str, criterion: Criterion, mark: Mark) -> Iterator[Problem]:
    known = {indicator.key for indicator in criterion.indicators}
    for key in mark.points:
        if key not in known:
            yield f"{path}.points.{key}", N_("Такого показателя в критерии нет.")
    wrong = [key for key in known if not _is_whole(mark.points.get(key), criterion.top)]
    for indicator in criterion.indicators:
        if indicator.key in wrong:
            yield f"{path}.points.{indicator.key}", N_("Поставьте целый балл от 0 до %(top)s.", top=criterion.top)
    if not wrong and _is_short(mark.rationale):
        yield from _rationale_problems(path, criterion, mark)


def _rationale_problems(path: str, criterion: Criterion, mark: Mark) -> Iterator[Problem]:
    points = score(criterion, mark) or 0
    if points == criterion.maximum:
        yield (
            f"{path}.rationale",
            N_("Обоснуйте высший балл: не менее %(least)s знаков.", least=RATIONALE_LEAST),
        )
    elif points * 100 < criterion.maximum * LOW_PERCENT:
        yield (
            f"{path}.rationale",
            N_(
                "Обоснуйте оценку ниже %(percent)s %%: не менее %(least)s знаков.",
                percent=LOW_PERCENT,
                least=RATIONALE_LEAST,
            ),
        )


def _is_whole(value: object, top: int) -> bool:
    """R21. A truth value is no point, though Python counts it as a whole number."""
    return type(value) is int and 0 <= value <= top


def _is_short(text: str) -> bool:
    """Spaces do not make a rationale longer."""
    return visible(text) < RATIONALE_LEAST
