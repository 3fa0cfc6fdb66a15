"""Counting answers: how many, how they are spread, who is satisfied; what would speak of fewer than five is hidden.

Satisfied with a statement is who gave 4 or 5 of 5, or said «да». «Затрудняюсь ответить» is counted apart and stands in no
denominator. Two ways to one number for all statements together (indicator K3.2): by statements, every answer to
a statement counts once; by people, a person counts whose mean over the statements is 4 or more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from workflow_app.surveys.questions import MARKED, MARKS, NO, UNSURE, WRITTEN, YES, Answer, Item, Line

LEAST: Final = 5
"""Of fewer answers nothing is shown: one would know another's."""
SATISFIED_FROM: Final = 4
BY_STATEMENTS, BY_PEOPLE = "statements", "people"
_TENTH: Final = Decimal("0.1")
_GOOD: Final = frozenset({*(one for one in MARKS if int(one) >= SATISFIED_FROM), YES})
_SPEAKS: Final = frozenset({*MARKS, YES, NO})
_AS_MARK: Final = {**{one: int(one) for one in MARKS}, YES: 5, NO: 1}


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many; ``unsure`` could not tell and stand in neither."""

    numerator: int = 0
    denominator: int = 0
    unsure: int = 0

    @property
    def percent(self) -> Decimal | None:
        """The share in percent with one digit, halves up; None of nobody."""
        return percent(self.numerator, self.denominator)

    def __add__(self, other: Share) -> Share:
        return Share(self.numerator + other.numerator, self.denominator + other.denominator, self.unsure + other.unsure)


@dataclass(frozen=True, slots=True)
class Bar:
    """How many gave an answer, and their share of all who answered the line."""

    value: str
    n: int
    percent: Decimal | None


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of one line: ``n`` who answered; nothing else when ``hidden``. ``mean`` of marks and numbers, texts in order."""

    item: Item
    line: Line
    n: int
    hidden: bool
    bars: tuple[Bar, ...] = ()
    mean: Decimal | None = None
    satisfied: Share | None = None
    texts: tuple[str, ...] = ()


def percent(part: int, whole: int) -> Decimal | None:
    """Return a share in percent with one digit, halves up; None of nothing."""
    return (Decimal(100) * part / whole).quantize(_TENTH, ROUND_HALF_UP) if whole else None


def tally(items: Iterable[Item], answers: Sequence[Answer]) -> tuple[Told, ...]:
    """Return what is told of each line of each question."""
    return tuple(told_of(item, line, answers) for item in items for line in item.lines)


def told_of(item: Item, line: Line, answers: Sequence[Answer]) -> Told:
    """Return what is told of one line."""
    given = [one[line.field] for one in answers if line.field in one]
    if len(given) < LEAST:
        return Told(item, line, len(given), hidden=True)
    if item.kind in WRITTEN:
        return Told(item, line, len(given), hidden=False, texts=tuple(sorted(given)))
    return Told(
        item, line, len(given), hidden=False, bars=_bars(item, given), mean=_mean(item, given),
        satisfied=satisfied(given) if speaks(item) else None,
    )  # fmt: skip


def _bars(item: Item, given: Sequence[Any]) -> tuple[Bar, ...]:
    found = Counter(value for one in given for value in (one if isinstance(one, list) else (one,)))
    known = item.values or tuple(sorted(found, key=Decimal))
    return tuple(Bar(value, found[value], percent(found[value], len(given))) for value in known)


def _mean(item: Item, given: Iterable[Any]) -> Decimal | None:
    if item.kind not in (*MARKED, "number"):
        return None
    marks = [Decimal(one) for one in given if one != UNSURE]
    return (sum(marks, Decimal(0)) / len(marks)).quantize(Decimal("0.01"), ROUND_HALF_UP) if marks else None


def speaks(item: Item) -> bool:
    """Whether a question can speak of satisfaction at all."""
    return item.kind in (*MARKED, "yes_no")


def satisfied(given: Iterable[Any]) -> Share:
    """Return who of those that answered a statement is satisfied with it."""
    found = list(given)
    return Share(
        sum(one in _GOOD for one in found), sum(one in _SPEAKS for one in found), sum(one == UNSURE for one in found)
    )


def satisfaction(items: Iterable[Item], answers: Sequence[Answer], way: str = BY_STATEMENTS) -> Share:
    """Return the satisfaction over all statements of the questions that count; of fewer than five answers nothing."""
    fields = [line.field for item in items if item.counts and speaks(item) for line in item.lines]
    if len(answers) < LEAST:
        return Share()
    if way == BY_STATEMENTS:
        return sum((satisfied(one[field] for one in answers if field in one) for field in fields), Share())
    return _by_people(fields, answers)


def _by_people(fields: Sequence[str], answers: Iterable[Answer]) -> Share:
    good = whole = unsure = 0
    for one in answers:
        given = [one[field] for field in fields if field in one]
        marks = [_AS_MARK[value] for value in given if value in _AS_MARK]
        whole += bool(marks)
        unsure += bool(given) and not marks
        good += bool(marks) and sum(marks) >= SATISFIED_FROM * len(marks)
    return Share(good, whole, unsure)
