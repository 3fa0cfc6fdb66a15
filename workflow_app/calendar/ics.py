"""Meetings and terms as a file for calendars: VEVENTs of iCalendar (RFC 5545), as much of it as an event of the centre has.

Lines end with CRLF and are folded after 75 octets (3.1); texts are escaped (3.3.11); a time is told in UTC, a day alone as a DATE.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

_OCTETS: Final = 75
_LONGEST: Final = 12  # hours of a day: more are spread over several days, of which nothing is known


@dataclass(frozen=True, slots=True)
class Meeting:
    """What a calendar keeps. ``starts`` is aware, None: the whole day ``on``; ``hours`` is how long it lasts, 0: not known.

    ``sequence`` grows whenever the matter changes; ``free``: the day is not taken up by it, as by a term.
    """

    uid: str
    title: str
    on: date
    stamp: datetime
    starts: datetime | None = None
    hours: int = 0
    place: str = ""
    about: str = ""
    url: str = ""
    sequence: int | None = None
    free: bool = False


def calendar(meeting: Meeting) -> str:
    """Return the file of one meeting."""
    return _file(["METHOD:PUBLISH"], [meeting])


def feed(name: str, meetings: Iterable[Meeting], hours: int = 1) -> str:
    """Return a calendar that is subscribed to, under a name; its programs look again after so many hours (RFC 7986, 5.7)."""
    again = f"PT{hours}H"
    head = [f"NAME:{_escaped(name)}", f"X-WR-CALNAME:{_escaped(name)}", f"REFRESH-INTERVAL;VALUE=DURATION:{again}"]
    return _file([*head, f"X-PUBLISHED-TTL:{again}"], meetings)


def _file(head: Iterable[str], meetings: Iterable[Meeting]) -> str:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//workflow-app//events//RU", *head]
    for meeting in meetings:
        lines += ["BEGIN:VEVENT", *_event(meeting), "END:VEVENT"]
    return "".join(f"{_folded(line)}\r\n" for line in (*lines, "END:VCALENDAR"))


def _event(meeting: Meeting) -> Iterator[str]:
    yield f"UID:{meeting.uid}"
    yield f"DTSTAMP:{_moment(meeting.stamp)}"
    if meeting.starts is None:
        yield f"DTSTART;VALUE=DATE:{meeting.on:%Y%m%d}"
    else:
        yield f"DTSTART:{_moment(meeting.starts)}"
        if 0 < meeting.hours <= _LONGEST:
            yield f"DTEND:{_moment(meeting.starts + timedelta(hours=meeting.hours))}"
    if meeting.free:
        yield "TRANSP:TRANSPARENT"
    if meeting.sequence is not None:
        yield f"SEQUENCE:{meeting.sequence}"
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
