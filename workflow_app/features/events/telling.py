"""What is told of an event or a publication outside: words to copy, the file for calendars."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, request, url_for
from flask_babel import gettext as _

from workflow_app import clock, gate
from workflow_app.calendar.ics import Meeting, calendar
from workflow_app.db.models import RECORDS
from workflow_app.documents.russian.grammar import capitalised
from workflow_app.facts import deadlines
from workflow_app.facts.subjects import facts_of
from workflow_app.states import policy
from workflow_app.states.actors import STRANGER
from workflow_app.states.vocabulary import Permission
from workflow_app.web import shared_text
from workflow_app.web.file_answer import made
from workflow_app.web.formatting import say, short_day
from workflow_app.web.page import ANYONE, LOGGED_IN, Slice
from workflow_app.web.panels import panel
from workflow_app.web.request_scope import here
from workflow_app.web.shared_text import Told

slice_ = Slice("events")
KIND = "centre_event"


def words_of(row: Any, name: str) -> str:
    """Return what stands in a field with a closed list, in words."""
    known = row.content.fields[name].choices
    return next((say(one.label) for one in known if one.value == getattr(row, name)), "")


def when(row: Any) -> str:
    """Return the day of an event, with the hour where it is known."""
    return f"{short_day(row.on)}, {row.starts}" if row.starts else short_day(row.on)


def crumbs(row: Any, last: str) -> list[dict[str, str]]:
    """Return the way to a page of an event."""
    kind = row.content
    way = (
        (say(kind.titles[1]), url_for(f"records.{KIND}_list")),
        (row.title, url_for(f"records.{KIND}", id=row.id)),
        (last, ""),
    )
    return [{"title": title, "url": url} for title, url in way]


def open_address(row: Any) -> str:
    """Return the whole open address of a record that strangers see now; empty: they see none."""
    shown = policy.may(row.content.workflow, STRANGER, facts_of(row, here().session), Permission.SEE_PUBLISHED)
    return url_for(f"records.{row.kind}_open", id=row.id, _external=True) if shown else ""


@panel("record", tab="share_event")
def share_event(row: Any) -> str:
    """Show what is copied of an event."""
    facts = (
        (_("Дата и время"), when(row)), (_("Место"), row.place), (_("Для кого"), row.audience),
        (_("Часов"), str(row.hours)), (_("Уровень"), words_of(row, "level")),
    )  # fmt: skip
    title = row.title if row.title.lower().startswith(words_of(row, "form").lower()) else _named(row)
    body = "\n".join(filter(None, (row.about, row.outcome if row.state == "held" else "")))
    return shared_text.panel(Told(title, facts, body, open_address(row)))


def _named(row: Any) -> str:
    return f"{capitalised(words_of(row, 'form'))} «{row.title}»"


@panel("record", tab="share_publication")
def share_publication(row: Any) -> str:
    """Show what is copied of a publication: never its authors."""
    facts = (
        (_("Где вышла"), words_of(row, "channel")),
        (_("Дата выхода"), short_day(row.on)),
        (_("Выходные данные"), row.output),
    )
    return shared_text.panel(Told(row.title, facts, "", row.link or open_address(row)))


@slice_.page("/records/centre-event/<int:id>/event.ics", readers=LOGGED_IN)
def ics(id: int) -> Response:
    """Give an event as a file for calendars, to who sees it."""
    scope = here()
    row: Any = gate.read(scope.session, scope.me, RECORDS[KIND], id)
    return _calendar(row, url_for("records.centre_event", id=row.id, _external=True), row.link)


@slice_.page("/open/centre-event/<int:id>/event.ics", readers=ANYONE)
def open_ics(id: int) -> Response:
    """Give a published event as a file for calendars: of the link of a meeting strangers learn nothing."""
    row: Any = gate.read_published(here().session, RECORDS[KIND], id)
    return _calendar(row, url_for("records.centre_event_open", id=row.id, _external=True))


def _calendar(row: Any, url: str, link: str = "") -> Response:
    zone = ZoneInfo(deadlines.zone_of(here().session, row.municipality_id))
    starts = None
    if row.starts:
        hour, minute = map(int, row.starts.split(":"))
        starts = datetime.combine(row.on, time(hour, minute), zone)
    about = "\n".join(filter(None, (row.about, link)))
    uid = f"{row.kind}-{row.id}@{request.host.partition(':')[0]}"
    meeting = Meeting(uid, row.title, row.on, clock.now(), starts, row.hours, row.place, about, url)
    return made(calendar(meeting), f"{row.title}.ics", "text/calendar")
