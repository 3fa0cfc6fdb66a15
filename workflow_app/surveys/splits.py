"""Results by the groups of one question, «Кто вы»: which groups may be told of, line by line.

Of fewer than five answers nothing is told, and nothing that is told lets them be reckoned: whoever takes the shown groups from the
total is left with the answers of at least two groups and of at least five people. Where one small group alone would be left, the
next larger one is hidden beside it. Free answers are never told by groups. A survey is split by one question alone, named before
it is opened, and only once it is closed: two splits, or two looks at a running one, would tell of a person what neither does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from workflow_app.surveys.questions import WRITTEN, Answer, Item, Line
from workflow_app.surveys.tally import LEAST, Told, told_of

SPLITTING: Final = frozenset({"one", "yes_no"})
"""The kinds of questions that part people into groups: everybody is in one of them."""
SILENT: Final = ""
"""The group of those who left the question out."""
_GROUPS_LEAST: Final = 2


@dataclass(frozen=True, slots=True)
class Group:
    """Those who gave one answer to the splitting question: ``n`` people; none where nothing is told of them in any line."""

    value: str
    n: int | None


@dataclass(frozen=True, slots=True)
class SplitLine:
    """What is told of one line: of all who answered, and by the groups in their order; None: hidden."""

    item: Item
    line: Line
    whole: Told
    groups: tuple[Told | None, ...]


@dataclass(frozen=True, slots=True)
class Split:
    """Results by the groups of the question ``by``."""

    by: Item
    groups: tuple[Group, ...]
    lines: tuple[SplitLine, ...]


def splitting(items: Iterable[Item]) -> Item | None:
    """Return the question by which the results of a survey are split; None: there is none."""
    return next((one for one in items if one.splits and one.kind in SPLITTING), None)


def hidden(counts: Mapping[str, int]) -> frozenset[str]:
    """Return the groups of which nothing is told, of ``counts`` of answers to a line by group (no group may be left out).

    Those of fewer than five; and, while what is hidden is one group or fewer than five answers, the smallest that is still shown.
    """
    away = {value for value, n in counts.items() if n < LEAST}
    shown = sorted(counts.keys() - away, key=lambda value: (counts[value], value), reverse=True)
    while away and shown and (len(away) < _GROUPS_LEAST or sum(counts[one] for one in away) < LEAST):
        away.add(shown.pop())
    return frozenset(away)


def split(items: Sequence[Item], by: Item, answers: Sequence[Answer]) -> Split:
    """Return the results by the groups of a question: those that anybody is in, in the order in which it offers them."""
    parts = {value: [one for one in answers if one.get(by.key, SILENT) == value] for value in (*by.values, SILENT)}
    parts = {value: mine for value, mine in parts.items() if mine}
    lines = tuple(
        _line(item, line, parts, answers)
        for item in items
        if item is not by and item.kind not in WRITTEN
        for line in item.lines
    )
    told = [any(line.groups[n] for line in lines) for n in range(len(parts))]
    groups = tuple(Group(value, len(mine) if told[n] else None) for n, (value, mine) in enumerate(parts.items()))
    return Split(by, groups, lines)


def _line(item: Item, line: Line, parts: Mapping[str, Sequence[Answer]], answers: Sequence[Answer]) -> SplitLine:
    counts = Counter({value: sum(line.field in one for one in mine) for value, mine in parts.items()})
    away = hidden(counts)
    groups = tuple(None if value in away else told_of(item, line, mine) for value, mine in parts.items())
    return SplitLine(item, line, told_of(item, line, answers), groups)
