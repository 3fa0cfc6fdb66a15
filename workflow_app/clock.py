"""The one clock. Rows keep UTC; pages and documents show the municipality's zone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_set: ContextVar[datetime | None] = ContextVar("clock", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC, to the microsecond."""
    return _set.get() or datetime.now(UTC)


def today(zone: str) -> date:
    """The present date in the IANA time zone ``zone``."""
    return now().astimezone(ZoneInfo(zone)).date()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Hold the clock at ``moment`` (aware): for the story, the demo data and the tests."""
    if moment.tzinfo is None:
        raise ValueError("the clock takes an aware moment")
    token = _set.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _set.reset(token)
