"""Whom something waits for, since when, when they were last reminded, in words: of cases and of records, at home and on their pages."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from flask import url_for
from flask_babel import gettext as _

from workflow_app.calendar.terms import days_left
from workflow_app.content_types.reminding import REMIND
from workflow_app.db.models import Record
from workflow_app.errors import N_, Sentence
from workflow_app.facts import deadlines
from workflow_app.facts.other_records import Awaited, waits
from workflow_app.states.standings import office
from workflow_app.states.vocabulary import Who
from workflow_app.web.formatting import day, say, short_day
from workflow_app.web.request_scope import Scope

STAFF: Final = N_("Сотрудник центра")
WHO: Final[dict[Who, Sentence]] = {
    Who.APPLICANT: N_("Заявитель"), Who.OWN: N_("Эксперт"), Who.LEAD: N_("Ведущий специалист"), Who.PANEL: N_("Апелляционная комиссия"),
    Who.COORDINATOR: N_("Координатор"), Who.DIRECTOR: N_("Директор"), Who.SCHOOL_OFFICER: N_("Ответственный от организации"),
}  # fmt: skip


def late(scope: Scope, due_on: date | None) -> str:
    """Return by how many working days a term is over; empty: it is not."""
    today = deadlines.today(scope.session, scope.me.municipality_id)
    if due_on is None or due_on >= today:
        return ""
    past = -days_left(deadlines.calendar_of(scope.session, scope.me.municipality_id), today, due_on)
    return str(_("просрочено рабочих дней: %(n)s", n=past)) if past else ""


def reminded(scope: Scope, last: date | None) -> str:
    """Return when those for whom something waits were last reminded; empty: they were not."""
    today = deadlines.today(scope.session, scope.me.municipality_id)
    if last is None:
        return ""
    near = {today: _("напоминали сегодня"), today - timedelta(days=1): _("напоминали вчера")}
    return str(near.get(last) or _("напоминали %(day)s", day=day(last)))


def of_record(scope: Scope, one: Awaited, due_on: date | None) -> dict[str, Any]:
    """Return one thing that a record waits for as a line; a term that is not ``due_on``, the record's own, is told beside it."""
    names = [*(who.short_name for who in one.people), *one.schools] or [say(WHO.get(one.who, STAFF))]
    more = one.many - len(names)
    silent = bool(one.people) and one.many == 1 and not one.people[0].email
    return {
        "who": _("%(names)s и ещё %(n)s", names=", ".join(names), n=more) if more > 0 else ", ".join(names),
        "what": say(one.verb), "since": _("с %(day)s", day=short_day(one.since)),
        "due": _("до %(day)s", day=short_day(one.due_on)) if one.due_on and one.due_on != due_on else "",
        "late": late(scope, one.due_on) if one.due_on != due_on else "", "reminded": reminded(scope, one.reminded),
        "silent": _("нет адреса почты") if silent else "",
    }  # fmt: skip


def remind_url(scope: Scope, row: Record, waits_: Sequence[Awaited]) -> str:
    """Return where the button «Напомнить» leads for whoever keeps a record by office; empty: nobody is left to be told today."""
    act = row.content.workflow.transitions.get(REMIND)
    may = act is not None and row.state in act.sources and not act.guard.by.isdisjoint(office(scope.me))
    return url_for(f"records.{row.kind}_act", id=row.id, name=REMIND) if may and any(one.open for one in waits_) else ""


def buttons(scope: Scope, rows: Collection[Record]) -> Mapping[Record, tuple[str, str]]:
    """Return for each record that waits the address of «Напомнить», and when it was last pressed or the ladder reminded."""
    found = waits(scope.session, scope.me, rows)
    last = {row: max((one.reminded for one in many if one.reminded), default=None) for row, many in found.items()}
    return {row: (remind_url(scope, row, many), reminded(scope, last[row])) for row, many in found.items()}
