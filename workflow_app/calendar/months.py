"""Months as addresses and forms name them."""

from __future__ import annotations

from datetime import date
from typing import Final

FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2100


def is_year(year: int) -> bool:
    """Whether a list may be of this year: every day of it, and of those beside it, is a date in any zone."""
    return FIRST_YEAR <= year <= LAST_YEAR


def month_named(text: str) -> date | None:
    """Return the first day of «2026-12»; None for what names no month that a list may be of."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return first if is_year(first.year) else None
