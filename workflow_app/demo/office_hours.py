"""Office hours of the rehearsal: nobody of its people works at night, on a Sunday or on a holiday."""

from __future__ import annotations

from datetime import datetime, time
from typing import Final

from workflow_app.calendar.production import Calendar

OPENS, CLOSES = time(9), time(18)
LAST: Final = time(17, 50)  # when the last thing of a day is done


def open_at(local: datetime, calendar: Calendar) -> bool:
    """Whether the office works at a local moment."""
    return calendar.is_working(local.date()) and OPENS <= local.time() < CLOSES


def next_open(local: datetime, calendar: Calendar) -> datetime:
    """Return the moment itself, or else the morning of the next working day, at the same minute of the hour."""
    if open_at(local, calendar):
        return local
    day = local.date()
    if calendar.is_working(day) and local.time() < OPENS:
        return datetime.combine(day, time(OPENS.hour, local.minute), local.tzinfo)
    following = next(one for one in calendar.days_after(day) if calendar.is_working(one))
    return datetime.combine(following, time(OPENS.hour, local.minute), local.tzinfo)
