"""The school year (учебный год): 1 September to 31 August, by which lists and reports are filtered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

SEPTEMBER = 9


@dataclass(frozen=True, slots=True, order=True)
class SchoolYear:
    """The school year which begins on 1 September of ``start``."""

    start: int

    @property
    def first_day(self) -> date:
        """1 September."""
        return date(self.start, SEPTEMBER, 1)

    @property
    def last_day(self) -> date:
        """31 August of the next year."""
        return date(self.start + 1, 8, 31)

    def __contains__(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day

    def __str__(self) -> str:
        """Return the name as it is written in papers: «2026/2027»."""
        return f"{self.start}/{self.start + 1}"


def school_year(day: date) -> SchoolYear:
    """Return the school year in which ``day`` lies."""
    return SchoolYear(day.year if day.month >= SEPTEMBER else day.year - 1)
