"""Terms (сроки): when one ends, how much of it is left, what colour that has (R8 to R13, domain.md 4).

Two kinds of length and two kinds of duty meet here. A term in working days ends on a working day by itself. A calendar
term of the applicant moves to the next working day; a legal cap of the centre (30 and 60 days) does not move and no
pause stops it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Literal

from workflow_app.calendar.production import Calendar

Unit = Literal["working", "calendar"]
Colour = Literal["normal", "soon", "overdue"]

SOON = 3  # working days left; domain.md 5, overdue colours


@dataclass(frozen=True, slots=True)
class Term:
    """``length`` in working or calendar days, at least 1.

    ``moves=False`` marks a legal cap of the centre: a calendar term which is neither moved off a day off nor paused.
    """

    length: int
    unit: Unit
    moves: bool = True

    def __post_init__(self) -> None:
        if self.length < 1:
            raise ValueError("a term lasts at least one day")
        if self.unit == "working" and not self.moves:
            raise ValueError("a legal cap is counted in calendar days")


@dataclass(frozen=True, slots=True)
class Pause:
    """Days in which a term stands still (``returned``, ``on_revision``): after ``begin``, to ``end`` inclusive.

    A pause which is still open is given with today as its ``end``: what is left then stays the same from day to day.
    """

    begin: date
    end: date

    def covers(self, day: date) -> bool:
        """Tell whether ``day`` is not counted. The day of the event itself belongs to the term (ГК 191)."""
        return self.begin < day <= self.end


@dataclass(frozen=True, slots=True)
class Due:
    """The last day of a term; ``provisional`` when a year without a decree decided it (R12); the day to warn on."""

    day: date
    provisional: bool
    warn_on: date


def due(calendar: Calendar, start: date, term: Term, paused: Sequence[Pause] = ()) -> Due:
    """Return when ``term`` ends that ``start``ed with an event of that day (R10).

    Counting begins the day after the event (ГК 191). The warning falls on the last working day before the end, yet not
    before ``start``. A legal cap ignores ``paused`` and is never provisional: no decree can change it.
    """
    if term.unit == "working":
        day = add_working(calendar, start, term.length, paused)
        return Due(day, _is_provisional(calendar, start, day), _warn_on(calendar, start, day))
    stops = paused if term.moves else ()
    end = next(islice((d for d in calendar.days_after(start) if not _is_paused(d, stops)), term.length - 1, None))
    day = calendar.working_on_or_after(end) if term.moves else end
    provisional = term.moves and _is_provisional(calendar, end, day)
    return Due(day, provisional, _warn_on(calendar, start, day))


def add_working(calendar: Calendar, start: date, length: int, paused: Sequence[Pause] = ()) -> date:
    """Return the ``length``-th working day after ``start`` (length >= 1), days of pauses left out."""
    counted = (d for d in calendar.days_after(start) if calendar.is_working(d) and not _is_paused(d, paused))
    return next(islice(counted, length - 1, None))


def subtract_working(calendar: Calendar, day: date, length: int) -> date:
    """Return the ``length``-th working day before ``day`` (length >= 1).

    R13: additions to an attestation case are taken up to and including ``subtract_working(calendar, attestation, 5)``.
    """
    for _ in range(length):
        day = calendar.working_before(day)
    return day


def days_left(calendar: Calendar, today: date, end: date) -> int:
    """Return the working days left after ``today``: 0 on the last one, negative when ``end`` has passed.

    The first day late is -1 even on a weekend: late is late.
    """
    if today > end:
        return min(-1, -calendar.worked(end, today))
    return calendar.worked(today, end)


def colour(left: int) -> Colour:
    """Return the colour of a term with ``left`` working days: overdue below 0, soon up to 3, else normal."""
    if left < 0:
        return "overdue"
    return "soon" if left <= SOON else "normal"


def add_years(day: date, years: int) -> date:
    """Return the same day ``years`` later; 29 February becomes 28 (ГК 192). R6: a year after a refusal."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _is_paused(day: date, paused: Sequence[Pause]) -> bool:
    return any(pause.covers(day) for pause in paused)


def _is_provisional(calendar: Calendar, first: date, last: date) -> bool:
    return not all(calendar.is_known(year) for year in range(first.year, last.year + 1))


def _warn_on(calendar: Calendar, start: date, day: date) -> date:
    return max(start, calendar.working_before(day))
