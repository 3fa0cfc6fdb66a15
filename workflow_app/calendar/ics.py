"""A meeting as a file for calendars: one VEVENT of iCalendar (RFC 5545), as much of it as an event of the centre has.

Lines end with CRLF and are folded after 75 octets (3.1); texts are escaped (3.3.11); a time is told in UTC, a day alone as a DATE.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

_OCTETS: Final = 75
_LONGEST: Final = 12  # hours of a day: more are spread over several days, of which nothing is known


@dataclass(frozen=True, slots=True)
class Meeting:
    """What a calendar keeps. ``starts`` is aware, None: the whole day ``on``; ``hours`` is how long it lasts, 0: not known."""

    uid: str
    title: str
    on: date
    stamp: datetime
    starts: datetime | None = None
    hours: int = 0
    place: str = ""
    about: str = ""
    url: str = ""


def calendar(meeting: Meeting) -> str:
    """Return the file."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//workflow-app//events//RU", "METHOD:PUBLISH", "BEGIN:VEVENT"]
    lines += [*_event(meeting), "END:VEVENT", "END:VCALENDAR"]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _event(meeting: Meeting) -> Iterator[str]:
    yield f"UID:{meeting.uid}"
    yield f"DTSTAMP:{_moment(meeting.stamp)}"
    if meeting.starts is None:
        yield f"DTSTART;VALUE=DATE:{meeting.on:%Y%m%d}"
    else:
        yield f"DTSTART:{_moment(meeting.starts)}"
        if 0 < meeting.hours <= _LONGEST:
            yield f"DTEND:{_moment(meeting.starts + timedelta(hours=meeting.hours))}"
    for name, words in (("SUMMARY", meeting.title), ("LOCATION", meeting.place), ("DESCRIPTION", meeting.about)):
        if words:
            yield f"{name}:{_escaped(words)}"
    if meeting.url:
        yield f"URL:{meeting.url}"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(words: str) -> str:
    plain = words.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "\\n".join(plain.splitlines())


def _folded(line: str) -> str:
    """Cut a line so that none is longer than 75 octets, never within a letter; what goes on begins with a space."""
    pieces, piece, room = [], "", _OCTETS
    for letter in line:
        size = len(letter.encode())
        if size > room:
            pieces.append(piece)
            piece, room = "", _OCTETS - 1
        piece, room = piece + letter, room - size
    return "\r\n ".join([*pieces, piece])
