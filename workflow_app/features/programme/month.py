"""«План работы на месяц»: events, sittings, contests and terms of one month in one table, to print, to copy, as XLSX."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Response, render_template, request, url_for
from flask_babel import format_date
from flask_babel import gettext as _
from sqlalchemy import select

from workflow_app import clock
from workflow_app.calendar.months import month_named
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db.models import RECORDS
from workflow_app.errors import N_
from workflow_app.facts.record_names import names_of
from workflow_app.facts.standings import visible
from workflow_app.features.programme.slice import slice_
from workflow_app.states.vocabulary import Permission, Role
from workflow_app.web import shared_text
from workflow_app.web.formatting import say, short_day, zone
from workflow_app.web.page import Menu, roles
from workflow_app.web.request_scope import here
from workflow_app.web.shared_text import Told
from workflow_app.web.table_page import exported

READERS = roles(Role.COORDINATOR, Role.DIRECTOR, Role.DEPARTMENT, Role.ADMIN)


@dataclass(frozen=True, slots=True)
class Source:
    """A kind of records of which the plan tells: the fields with the day, the hour, the place, the person; a word before the title."""

    kind: str
    day: str
    place: str = ""
    starts: str = ""
    responsible: str = ""
    before: Any = ""


# A kind that this program has not is passed over.
SOURCES = (
    Source("centre_event", "on", "place", "starts", "responsible_id"),
    Source("meeting", "on", "place", "starts", "responsible_id", N_("Заседание")),
    Source("plan_item", "until", "place", "", "responsible_id", N_("Срок")),
    Source("data_request", "until", "", "", "responsible_id", N_("Срок сбора сведений")),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the plan."""

    on: date
    starts: str
    title: str
    place: str
    responsible: str
    url: str

    @property
    def when(self) -> str:
        """The day, with the hour where it is known."""
        return f"{short_day(self.on)}, {self.starts}" if self.starts else short_day(self.on)


def month_of(typed: str, today: date) -> date:
    """Return the first day of «2026-12»; of anything else that of the present month."""
    return month_named(typed) or today.replace(day=1)


def next_of(first: date) -> date:
    """Return the first day of the month after."""
    return (first + timedelta(days=32)).replace(day=1)


def lines_of(first: date) -> list[Line]:
    """Return what stands in the plan of a month, by day and hour; only what the reader may see, nothing that was put away."""
    found = [line for source in SOURCES if source.kind in CONTENT_TYPES for line in _lines(source, first)]
    return sorted(found, key=lambda one: (one.on, one.starts.zfill(5) if one.starts else "", one.title))


def _lines(source: Source, first: date) -> Iterator[Line]:
    scope, kind = here(), CONTENT_TYPES[source.kind]
    model: Any = RECORDS[source.kind]
    day = getattr(model, source.day)
    seen = visible(scope.me, Permission.VIEW, model).among(day >= first, day < next_of(first), model.state != "ended")
    rows = scope.session.scalars(select(model).where(seen.condition).order_by(day, model.id)).all()
    names = names_of(scope.session, rows, source.responsible)
    for row in rows:
        title = str(getattr(row, kind.title))
        word = say(source.before) if source.before else _form(row)
        said = title if not word or title.lower().startswith(word.lower()) else f"{word}: {title}"
        responsible = names.get(("person", getattr(row, source.responsible, 0)), "")
        yield Line(
            getattr(row, source.day), str(getattr(row, source.starts, "") or ""), said[:1].upper() + said[1:],
            str(getattr(row, source.place, "") or ""), responsible, url_for(f"records.{source.kind}", id=row.id),
        )  # fmt: skip


def _form(row: Any) -> str:
    how = row.content.fields.get("form")
    known = how.choices if how is not None and isinstance(how.choices, tuple) else ()
    return next((say(one.label) for one in known if one.value == row.form), "")


@slice_.page("/programme/month", readers=READERS, menu=Menu(20, N_("План на месяц"), "calendar", "programme", READERS))
def month() -> str:
    """Show the plan of a month."""
    first = month_of(request.args.get("month", ""), clock.today(zone().key))
    lines = lines_of(first)
    before = (first - timedelta(days=1)).replace(day=1)
    return render_template(
        "programme/month.html", lines=lines, first=first, words=words(first), before=before, after=next_of(first),
        share=_share(first, lines) if lines else "",
    )  # fmt: skip


def words(first: date) -> str:
    """Return «декабрь 2026»."""
    return str(format_date(first, "LLLL yyyy"))


def _share(first: date, lines: list[Line]) -> str:
    """Return what is copied of the plan: of the responsible persons nothing."""
    facts = [(one.when, f"{one.title} ({one.place})" if one.place else one.title) for one in lines]
    return shared_text.panel(Told(_("План работы на %(month)s", month=words(first)), facts))


@slice_.page("/programme/month/export.<any(csv, xlsx):kind>", readers=READERS)
def month_export(kind: str) -> Response:
    """Give the plan of a month as a table."""
    first = month_of(request.args.get("month", ""), clock.today(zone().key))
    header = ["№", _("Мероприятие"), _("Дата и время"), _("Место"), _("Ответственный")]
    rows: list[list[str | int]] = [
        [n, one.title, one.when, one.place, one.responsible] for n, one in enumerate(lines_of(first), 1)
    ]
    return exported(kind, header, rows, _("План работы на %(month)s", month=words(first)))
