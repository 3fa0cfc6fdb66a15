"""The expert's sheet while it is being filled: what is typed so far, what is missing, how each criterion stands.

Knows no flask: from the pinned criteria sheet and nested typed values to what a page or a script shows. Sum and verdict
are there only when every criterion is complete (R20 to R22): until then an expert is not told where the marks lead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from workflow_app.assessment import outcome as judgement
from workflow_app.assessment.criteria import NOT_APPLICABLE, WORDS, CriteriaSheet, Criterion, Indicator, VerdictRule
from workflow_app.errors import Invalid, Sentence
from workflow_app.facts import assessment
from workflow_app.spelling import visible
from workflow_app.states.definitions.review_forms import ReviewSheet
from workflow_app.states.forms import Problems, asks, clean, fill

TEXTS = ("strengths", "remarks", "conclusions", "recommendations")
_WHOLE = re.compile(r"[0-9]{1,4}")


@dataclass(frozen=True, slots=True)
class IndicatorCard:
    """One indicator: the name of its buttons, the point chosen as text ("" for none), what is wrong with it."""

    text: str
    name: str
    value: str
    errors: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class CriterionCard:
    """One criterion on the page. ``state``: empty, part, done, skipped. ``points`` only when all of them are chosen."""

    number: int
    criterion: Criterion
    name: str  # marks-<key>: what the names and ids of its fields begin with
    state: str
    points: int | None
    mark: judgement.Mark
    may_skip: bool
    indicators: tuple[IndicatorCard, ...]
    errors: Mapping[str, tuple[Sentence, ...]]  # by field: "", "word", "not_applicable", "reason", "rationale"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a sheet is. ``percent``, ``verdict`` and ``reasons`` are empty until it is ``complete``."""

    done: int
    total: int
    complete: bool
    states: Mapping[str, str]
    texts: tuple[str, ...]  # required texts that are still too short
    percent: Decimal | None = None
    verdict: VerdictRule | None = None
    reasons: tuple[Sentence, ...] = ()

    @property
    def ready(self) -> bool:
        """Whether nothing keeps the sheet from being signed."""
        return self.complete and not self.texts


@dataclass(frozen=True, slots=True)
class Complaint:
    """One line of the list at the top of the page: the number of the criterion (0: none), its words, its place."""

    number: int
    label: Sentence | str
    words: tuple[Sentence, ...]
    target: str


def typed(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return the typed values as a review: points as whole numbers where they are ones, texts without outer spaces."""
    marks = raw.get("marks")
    found = (
        {key: _mark(one) for key, one in marks.items() if isinstance(one, Mapping)}
        if isinstance(marks, Mapping)
        else {}
    )
    return {**{name: clean(str(raw.get(name) or "")) for name in (*TEXTS, "verdict", "note")}, "marks": found}


def _mark(one: Mapping[str, Any]) -> dict[str, Any]:
    points = one.get("points")
    chosen = points if isinstance(points, Mapping) else {}
    return {
        **one, "points": {key: _point(value) for key, value in chosen.items() if value not in (None, "")},
        "reason": clean(str(one.get("reason") or "")), "rationale": clean(str(one.get("rationale") or "")),
    }  # fmt: skip


def _point(value: object) -> object:
    text = str(value).strip()
    return int(text) if _WHOLE.fullmatch(text) else value


def problems(sheet: CriteriaSheet, raw: Mapping[str, Any]) -> Problems:
    """Return everything that keeps the typed values from being signed, by path: of the fields and of the judgement."""
    found: Problems = {}
    try:
        fill(ReviewSheet, {**raw, "how": "simple"})
    except Invalid as error:
        found |= error.problems
    found.pop("marks", None)  # an empty sheet: the judgement names every criterion
    review = typed(raw)
    for path, sentences in judgement.problems(sheet, assessment.marks_of(review), review["verdict"] or None).items():
        found.setdefault(path, sentences)
    return found


def progress(sheet: CriteriaSheet, raw: Mapping[str, Any]) -> Progress:
    """Return how far the typed sheet is; percent and verdict when every criterion is complete."""
    review = typed(raw)
    marks, chosen = assessment.marks_of(review), review["verdict"] or None
    found = judgement.problems(sheet, marks, chosen)
    states = {one.key: _state(one, marks.get(one.key), found) for one in sheet.criteria}
    done = sum(state in ("done", "skipped") for state in states.values())
    least = {name: how.least or 1 for name, how in asks(ReviewSheet).items() if name in TEXTS and how.required}
    short = tuple(name for name, size in least.items() if visible(review[name]) < size)
    if found:
        return Progress(done, len(states), complete=False, states=states, texts=short)
    outcome = judgement.combine(sheet, [judgement.Review("own", marks, chosen)])
    verdict = sheet.verdict(outcome.verdict_key or "")
    return Progress(done, len(states), True, states, short, outcome.percent, verdict, outcome.reasons)  # noqa: FBT003


def cards(sheet: CriteriaSheet, raw: Mapping[str, Any], wrong: Problems) -> list[CriterionCard]:
    """Return the criteria as the page shows them; ``wrong`` are the problems to show at their fields."""
    marks = assessment.marks_of(typed(raw))
    found = judgement.problems(sheet, marks, None)
    return [
        _card(sheet, number, one, marks.get(one.key), _state(one, marks.get(one.key), found), wrong)
        for number, one in enumerate(sheet.criteria, 1)
    ]


def _card(
    sheet: CriteriaSheet, number: int, criterion: Criterion, mark: judgement.Mark | None, state: str, wrong: Problems
) -> CriterionCard:
    mark = mark or judgement.Mark()
    path, name = f"marks.{criterion.key}", f"marks-{criterion.key}"
    whole = all(isinstance(mark.points.get(one.key), int) for one in criterion.indicators)
    fields = ("", "word", "not_applicable", "reason", "rationale")
    return CriterionCard(
        number=number,
        criterion=criterion,
        name=name,
        state=state,
        points=judgement.score(criterion, mark) if whole else None,
        mark=mark,
        may_skip=sheet.may_skip(criterion),
        indicators=tuple(_indicator(one, mark, path, name, wrong) for one in criterion.indicators),
        errors={field: wrong.get(f"{path}.{field}" if field else path, ()) for field in fields},
    )


def _indicator(one: Indicator, mark: judgement.Mark, path: str, name: str, wrong: Problems) -> IndicatorCard:
    errors = wrong.get(f"{path}.points.{one.key}", ())
    return IndicatorCard(one.text, f"{name}-points-{one.key}", str(mark.points.get(one.key, "")), errors)


def _state(criterion: Criterion, mark: judgement.Mark | None, found: Mapping[str, Any]) -> str:
    if mark is None or mark == judgement.Mark():
        return "empty"
    path = f"marks.{criterion.key}"
    if any(one == path or one.startswith(f"{path}.") for one in found):
        return "part"
    return "skipped" if mark.is_skipped else "done"


def complaints(sheet: CriteriaSheet, wrong: Problems) -> Iterator[Complaint]:
    """Say every problem with the place it belongs to, in the order of the page."""
    order = {one.key: number for number, one in enumerate(sheet.criteria, 1)}

    def place(item: tuple[str, Any]) -> tuple[int, int]:
        parts = item[0].split(".")
        fields = list(asks(ReviewSheet))
        number = order.get(parts[1], 0) if parts[0] == "marks" and len(parts) > 1 else 0
        return fields.index(parts[0]) if parts[0] in fields else -1, number

    for path, words in sorted(wrong.items(), key=place):
        parts = path.split(".")
        number = order.get(parts[1], 0) if parts[0] == "marks" and len(parts) > 1 else 0
        if number:
            yield Complaint(number, sheet.criterion(parts[1]).title, words, _target(parts))
        else:
            known = asks(ReviewSheet).get(parts[0])
            yield Complaint(0, known.label if known and parts[0] != "marks" else "", words, _target(parts))


def _target(parts: list[str]) -> str:
    """Return the id to jump to: buttons have none of their own, so their error does."""
    joined = "-".join(parts)
    if parts[0] == "verdict" or (parts[0] == "marks" and len(parts) > 2 and parts[2] in ("points", "word")):  # noqa: PLR2004
        return f"{joined}-error"
    return joined


@dataclass(frozen=True, slots=True)
class Difference:
    """A place where the kept text is another than the typed one: the criterion's title or the field, the kept words."""

    label: Sentence | str
    kept: str


def differences(sheet: CriteriaSheet, raw: Mapping[str, Any], kept: Mapping[str, Any]) -> list[Difference]:
    """Return where what was kept in another window differs from what was typed in this one."""
    now, then = typed(raw), typed(kept)
    mine, theirs = assessment.marks_of(now), assessment.marks_of(then)
    found = [
        Difference(one.title, _told(one, theirs.get(one.key, judgement.Mark())))
        for one in sheet.criteria
        if mine.get(one.key, judgement.Mark()) != theirs.get(one.key, judgement.Mark())
    ]
    known = asks(ReviewSheet)
    return found + [
        Difference(known[name].label, then[name] or "—") for name in (*TEXTS, "note") if now[name] != then[name]
    ]


def _told(criterion: Criterion, mark: judgement.Mark) -> str:
    points = ", ".join(str(mark.points.get(one.key, "—")) for one in criterion.indicators) if mark.points else ""
    word = str(WORDS[NOT_APPLICABLE if mark.is_skipped else mark.word]) if mark.is_skipped or mark.word in WORDS else ""
    return ". ".join(part for part in (points, word, mark.reason, mark.rationale) if part) or "—"
