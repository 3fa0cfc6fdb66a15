"""On the card of a report: what was fixed, when and by whom; and the report as it will be, before it is signed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Response, abort, render_template
from flask_babel import gettext as _
from sqlalchemy import select

from workflow_app import gate
from workflow_app.db.models import RECORDS, Event, Person
from workflow_app.facts import report
from workflow_app.facts.subjects import facts_of
from workflow_app.features.programme.slice import slice_
from workflow_app.monitoring.indicators import CRITERIA
from workflow_app.states import policy
from workflow_app.states.vocabulary import Permission
from workflow_app.web import record_drafts
from workflow_app.web.formatting import say
from workflow_app.web.page import LOGGED_IN
from workflow_app.web.panels import panel
from workflow_app.web.request_scope import here

_KIND = "programme_report"


@panel("record", tab="fixed_report")
def fixed(row: Any) -> str:
    """Show on the card of a report the values that were fixed, and before it is signed the ways to look at it."""
    values = report.kept(row)
    lines = report.indicators(values)
    criteria = [(say(title), [one for one in lines if one.criterion == str(title)]) for title in CRITERIA.values()]
    at, who = _by_whom(row) if values else (None, "")
    lists = [(name, values[key]["total"]) for key, name in _lists() if key in values]
    return render_template(
        "programme/report_panel.html", row=row, values=values, criteria=criteria, at=at, who=who, lists=lists,
        drafts=_drafts(row), stale=bool(row.fixed) and not values,
    )  # fmt: skip


def _lists() -> tuple[tuple[str, str], ...]:
    return (
        ("items", _("мероприятия плана")), ("products", _("продукты")), ("events", _("события")), ("publications", _("публикации")),
        ("dissemination", _("акты внедрения и отзывы")), ("partners", _("соглашения")),
    )  # fmt: skip


def _by_whom(row: Any) -> tuple[datetime | None, str]:
    """Return when the values were fixed last and by whom."""
    mine = (Event.subject_kind == row.kind, Event.subject_id == row.id, Event.transition.in_(("fix", "renew")))
    found = select(Event.at, Event.actor_id).where(*mine).order_by(Event.id.desc()).limit(1)
    event = here().session.execute(found).first()
    if event is None:
        return None, ""
    who = here().session.get(Person, event.actor_id) if event.actor_id else None
    return event.at, who.full_name if who else ""


def _may_read(row: Any) -> bool:
    """Whether the present person reads the papers of this report: then its draft, too."""
    facts = facts_of(row, here().session)
    return policy.may(row.content.workflow, here().me, facts, Permission.SEE_CONCLUSION)


def _drafts(row: Any) -> list[tuple[str, str]]:
    if row.state in ("signed", "ended") or not _may_read(row):
        return []
    return record_drafts.urls("programme.report_draft", row)


@slice_.page("/records/programme-report/<int:id>/draft.<any(docx, pdf):kind>", readers=LOGGED_IN)
def report_draft(id: int, kind: str) -> Response:
    """Give the report as it would be today, marked as a draft and never numbered, to who reads its papers."""
    scope = here()
    row: Any = gate.read(scope.session, scope.me, RECORDS[_KIND], id)
    if not _may_read(row):
        abort(403)
    return record_drafts.sent(row, _KIND, kind)
