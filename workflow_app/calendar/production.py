"""The production calendar (производственный календарь): which days are worked (R11, R12).

The base is the Russian calendar of the ``holidays`` package, transfers included. The centre's editable table wins over
it: a new decree or a regional day off is a row there, not a release of ours.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from types import MappingProxyType

from workflow_app import data

ONE_DAY = timedelta(days=1)
_WEEKEND = (5, 6)


@cache
def settled_years() -> frozenset[int]:
    """Return the years of ``data/calendar.yaml`` whose transfers are settled by a decree (R12)."""
    return frozenset(data.load("calendar")["known_years"])


def _no_overrides() -> Mapping[date, bool]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Calendar:
    """The base calendar and what the centre laid over it.

    ``overrides``: day -> is it worked. ``known_years``: years with a transfer decree; by default those of
    ``data/calendar.yaml``; a centre that typed in a later decree passes its own, longer set.
    """

    overrides: Mapping[date, bool] = field(default_factory=_no_overrides)
    known_years: Collection[int] = field(default_factory=settled_years)

    def is_working(self, day: date) -> bool:
        """Tell whether ``day`` is worked: the centre's table, else the base calendar (R11)."""
        own = self.overrides.get(day)
        return is_base_working(day) if own is None else own

    def worked(self, after: date, until: date) -> int:
        """Count the worked days later than ``after`` and not later than ``until``; 0 when ``until`` is not later."""
        if until <= after:
            return 0
        own = ((day, works) for day, works in self.overrides.items() if after < day <= until)
        return base_worked(after, until) + sum(works - is_base_working(day) for day, works in own)

    def is_known(self, year: int) -> bool:
        """Tell whether the transfers of ``year`` are settled; if not, dates through it are provisional (R12)."""
        return year in self.known_years

    def days_after(self, day: date) -> Iterator[date]:
        """Yield the days after ``day``, without end."""
        while True:
            day += ONE_DAY
            yield day

    def working_on_or_after(self, day: date) -> date:
        """Return ``day`` if it is worked, else the next working day (ГК 193)."""
        while not self.is_working(day):
            day += ONE_DAY
        return day

    def working_before(self, day: date) -> date:
        """Return the last working day strictly before ``day``."""
        day -= ONE_DAY
        while not self.is_working(day):
            day -= ONE_DAY
        return day


def is_base_working(day: date) -> bool:
    """Tell whether ``day`` is worked by the base calendar, Saturdays worked by decree included (e.g. 2024-04-27)."""
    off, worked = _year(day.year)
    return day in worked or (day.weekday() not in _WEEKEND and day not in off)


def base_worked(after: date, until: date) -> int:
    """Count the days of the base calendar that are worked, later than ``after`` and not later than ``until``, which is no earlier day."""
    whole = sum(_worked(year)[-1] for year in range(after.year, until.year))
    return whole + _worked(until.year)[until.timetuple().tm_yday] - _worked(after.year)[after.timetuple().tm_yday]


@cache
def _worked(year: int) -> tuple[int, ...]:
    """Return how many days of a year are worked before its first day, up to its first day and so on."""
    first = date(year, 1, 1).toordinal()
    days = (date.fromordinal(first + number) for number in range(365 + isleap(year)))
    return tuple(accumulate(map(is_base_working, days), initial=0))


def day_name(day: date) -> str:
    """Return what the base calendar calls a day off: a holiday or a transfer, in Russian; empty for every other day."""
    return _year(day.year)[0].get(day, "")


@cache
def _year(year: int) -> tuple[Mapping[date, str], frozenset[date]]:
    """Return the days off by law or decree with their names, and the weekend days worked by decree, of one year."""
    import holidays  # noqa: PLC0415 - loaded on first use: the package costs more than the rest of the core together

    russia = holidays.country_holidays("RU", years=year, language="ru")
    return dict(russia), frozenset(russia.weekend_workdays)
