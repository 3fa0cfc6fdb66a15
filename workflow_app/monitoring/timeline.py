"""The plan on a line of time as SVG: a head with years and stages, a bar for each item; colours come by class from the style sheet.

Places along the line are per cent of its width, so that a picture fits a table's column as well as a telephone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from typing import Final

from workflow_app.pictures import svg

_HEAD: Final = 46  # units that are about pixels
_ROW: Final = 30
_LEAST: Final = 0.6  # per cent: a day must be seen on a line of three years
_MONTH: Final = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Band:
    """A stage on the line: its words and its days."""

    label: str
    since: date
    until: date


@dataclass(frozen=True, slots=True)
class Bar:
    """An item on the line. ``fact``: the day until which it was worked on (None: not begun); ``was``: its term of before a move.

    ``loose``: the item has no days of its own, and takes those of its stage; ``tone``: how it stands, as states have tones.
    """

    since: date
    until: date
    fact: date | None
    was: date | None
    loose: bool
    tone: str
    said: str


@dataclass(frozen=True, slots=True)
class Line:
    """The line of time: from its first day to its last, both included, with its stages and the present day."""

    since: date
    until: date
    today: date
    bands: Sequence[Band]

    def at(self, day: date) -> float:
        """Return where a day begins, in per cent of the width; days off the line stand at its ends."""
        whole = (self.until - self.since).days + 1
        return round(min(max((day - self.since).days / whole, 0.0), 1.0) * 100, 2)

    def span(self, since: date, until: date) -> tuple[float, float]:
        """Return where a stretch of days begins and how wide it is, in per cent; the last day belongs to it."""
        left = self.at(since)
        wide = max(self.at(until + timedelta(days=1)) - left, _LEAST)
        return min(left, 100 - wide), round(wide, 2)


def line_of(bands: Sequence[Band], bars: Sequence[Bar], today: date) -> Line:
    """Return the line on which all stages and items have room; without any it is the month of today."""
    days = [day for one in bands for day in (one.since, one.until)]
    days += [day for one in bars for day in (one.since, one.until, one.fact, one.was) if day is not None]
    return Line(min(days, default=today), max(days, default=today + _MONTH), today, bands)


def head(line: Line) -> str:
    """Return the picture above all bars: stages as bands, the years below them. It is for the eye: the table says the rest."""
    parts = []
    for n, one in enumerate(line.bands):
        left, wide = line.span(one.since, one.until)
        parts.append(f'<rect class="line-band is-{n % 2}" x="{left}%" y="0" width="{wide}%" height="22"/>')
        parts.append(f'<text class="line-stage" x="{left + wide / 2:.2f}%" y="15">{escape(one.label)}</text>')
    for first, year in _years(line):
        parts.append(f'<text class="line-year" x="{first}%" y="{_HEAD - 8}" dx="4">{year}</text>')
    return _svg((*parts, *_marks(line, 22, _HEAD)), _HEAD, "")


def bar(line: Line, one: Bar) -> str:
    """Return the picture of an item: the plan as a room, what is done in it, its term of before, today; ``said`` is read out."""
    left, wide = line.span(one.since, one.until)
    parts = [
        f'<rect class="line-plan{" is-loose" if one.loose else ""}" x="{left}%" y="8" width="{wide}%" height="14" rx="3"/>'
    ]
    if one.fact is not None and one.fact >= one.since:
        x, done = line.span(one.since, one.fact)
        parts.append(f'<rect class="line-fact tone-{one.tone}" x="{x}%" y="11" width="{done}%" height="8" rx="2"/>')
    elif one.fact is not None:
        parts.append(f'<circle class="line-fact tone-{one.tone}" cx="{line.at(one.fact)}%" cy="15" r="4"/>')
    if one.was is not None:
        at = line.at(one.was + timedelta(days=1))
        parts.append(f'<line class="line-was" x1="{at}%" x2="{at}%" y1="4" y2="26"/>')
    return _svg((*_marks(line, 0, _ROW), *parts), _ROW, one.said)


def _marks(line: Line, top: int, foot: int) -> Iterator[str]:
    """Yield the beginnings of years, and today where it lies on the line."""
    for at, _year in _years(line):
        if at:
            yield f'<line class="line-grid" x1="{at}%" x2="{at}%" y1="{top}" y2="{foot}"/>'
    if line.since <= line.today <= line.until:
        at = line.at(line.today)
        yield f'<line class="line-today" x1="{at}%" x2="{at}%" y1="{top}" y2="{foot}"/>'


def _years(line: Line) -> Iterator[tuple[float, int]]:
    for year in range(line.since.year, line.until.year + 1):
        yield line.at(max(date(year, 1, 1), line.since)), year


def _svg(inside: Iterable[str], high: int, said: str) -> str:
    return svg(f'class="line" width="100%" height="{high}"', inside, said)
