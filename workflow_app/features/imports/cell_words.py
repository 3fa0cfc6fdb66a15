"""How cells are written by people and programs: dates in any spelling, numbers with words beside them. Pure."""

from __future__ import annotations

import re
from datetime import date, timedelta

_DAY_FIRST = re.compile(r"«?(\d{1,2})»?\s*[./\- ]\s*(\d{1,2})\s*[./\- ]\s*(\d{4}|\d{2})(?!\d).*")
_YEAR_FIRST = re.compile(r"(\d{4})[./-](\d{1,2})[./-](\d{1,2})(?!\d).*")
_IN_WORDS = re.compile(r"«?(\d{1,2})»?\s+([а-яё]{3,8})\.?\s+(\d{4})(?!\d).*", re.IGNORECASE)
_SERIAL = re.compile(r"([34567]\d{4})(?:[.,]\d+)?")
_MONTHS = ("янв", "фев", "мар", "апр", "ма", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")
_EPOCH = date(1899, 12, 30)  # of the serial numbers that a spreadsheet shows for an unformatted date
_NUMBER = re.compile(r"(\d{1,4})(?:[.,]0+)?(?:\s*(?:года?|лет|г\.?|час(?:а|ов)?\.?|ч\.?))?\.?", re.IGNORECASE)


def as_date(text: str) -> str:
    """Return a date as ISO text, whatever it was written like; text that is no date stays as it is.

    «01.09.26», «1/9/2026», «1 сентября 2026 г.», «2026-09-01 00:00» and the serial number 46266 are the same day.
    """
    text = text.strip()
    for pattern, order in ((_DAY_FIRST, (3, 2, 1)), (_YEAR_FIRST, (1, 2, 3))):
        if found := pattern.fullmatch(text):
            year, month, day = (int(found[place]) for place in order)
            return _iso(year + 2000 if year < 100 else year, month, day) or text  # noqa: PLR2004 - two digits
    if found := _IN_WORDS.fullmatch(text):
        word = found[2].casefold()
        month = next((n for n, one in enumerate(_MONTHS, 1) if word.startswith(one)), 0)
        return _iso(int(found[3]), month, int(found[1])) or text
    if found := _SERIAL.fullmatch(text):
        return (_EPOCH + timedelta(days=int(found[1]))).isoformat()
    return text


def _iso(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def as_number(text: str) -> str:
    """Return the number of «17 лет», «72 ч.» or «17,0»; any other text as it is."""
    found = _NUMBER.fullmatch(text.strip())
    return str(int(found[1])) if found else text


def as_text(text: str) -> str:
    """Return a cell as it is."""
    return text
