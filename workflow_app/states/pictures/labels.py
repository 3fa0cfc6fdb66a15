"""Where the words of a diagram's arrows stand: beside their own line, off the boxes, the other lines and each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from textwrap import wrap

Point = tuple[float, float]
Area = tuple[float, float, float, float]  # left, top, width, height

LINE = 14.0  # height of a line of small type
_CHAR = 6.4  # width of its letter, a little generous
_OFF, _UP = 5.0, 11.0  # from the line to the words; from the top of a line of type to its base line
_SHARES = (0.5, 0.38, 0.62, 0.25, 0.75, 0.12, 0.88)
_WRAPS = (25, 16, 11)  # letters in a line: wide when there is room, narrow between two lines
_WORDS_WEIGHT = 6.0  # words on words are worse than words on a line


@dataclass(frozen=True, slots=True)
class Label:
    """Lines of small type; ``x`` is where they begin, end or have their middle (``anchor``), ``y`` the first base line."""

    lines: tuple[str, ...]
    x: float
    y: float
    anchor: str


def width_of(lines: Sequence[str]) -> float:
    """Return about how wide lines of small type are."""
    return max(map(len, lines), default=0) * _CHAR


def room_for(titles: Sequence[str]) -> float:
    """Return how high the gap between two boxes has to be for these titles in narrow lines."""
    return len([line for title in titles for line in wrap(title, _WRAPS[1], break_long_words=False)]) * LINE + 2 * _OFF


def place_labels(texts: Sequence[tuple[Sequence[Point], Sequence[str]]], boxes: Sequence[Area]) -> list[Label]:
    """Return a label for each line and its titles, in order: the first place that covers nothing, else the least bad."""
    taken = list(boxes)
    segments = [_segments(points) for points, _ in texts]
    found = []
    for number, (points, titles) in enumerate(texts):
        others = [one for place, many in enumerate(segments) if place != number for one in many]
        area, label = min(_candidates(points, titles), key=lambda one: _cost(one[0], taken, others))
        taken.append(area)
        found.append(label)
    return found


def _segments(points: Sequence[Point]) -> list[Area]:
    thin, thick = _OFF - 1, 2 * _OFF - 2
    return [
        (min(a[0], b[0]) - thin, min(a[1], b[1]) - thin, abs(a[0] - b[0]) + thick, abs(a[1] - b[1]) + thick)
        for a, b in pairwise(points)
    ]


def _candidates(points: Sequence[Point], titles: Sequence[str]) -> Iterator[tuple[Area, Label]]:
    parts = sorted(pairwise(points), key=lambda one: -abs(one[0][0] - one[1][0]) - abs(one[0][1] - one[1][1]))
    for letters in _WRAPS:
        words = tuple(line for title in titles for line in wrap(title, letters, break_long_words=False))
        for share in _SHARES:
            for (ax, ay), (bx, by) in parts:
                yield from _beside(ax + (bx - ax) * share, ay + (by - ay) * share, words, upright=ax == bx)


def _beside(x: float, y: float, words: tuple[str, ...], *, upright: bool) -> Iterator[tuple[Area, Label]]:
    wide, high = width_of(words), len(words) * LINE
    if upright:
        top = y - high / 2
        yield (x + _OFF, top, wide, high), Label(words, x + _OFF, top + _UP, "start")
        yield (x - _OFF - wide, top, wide, high), Label(words, x - _OFF, top + _UP, "end")
        return
    for top in (y - high - _OFF + 1, y + _OFF - 1):
        yield (x - wide / 2, top, wide, high), Label(words, x, top + _UP, "middle")


def _cost(area: Area, taken: Sequence[Area], others: Sequence[Area]) -> float:
    on_words = sum(_common(area, one) for one in taken) * _WORDS_WEIGHT
    return on_words + sum(_common(area, one) for one in others)


def _common(one: Area, two: Area) -> float:
    across = min(one[0] + one[2], two[0] + two[2]) - max(one[0], two[0])
    down = min(one[1] + one[3], two[1] + two[3]) - max(one[1], two[1])
    return across * down if across > 0 and down > 0 else 0.0
