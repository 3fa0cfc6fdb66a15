"""The documents that a record has issued, as its card shows them; of a part the way to its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from workflow_app.content_types.behaviors import Issues
from workflow_app.db.models import RECORDS, Document, Job, Record
from workflow_app.documents.kinds.registry import KINDS
from workflow_app.facts.subjects import facts_of, facts_within
from workflow_app.states import policy
from workflow_app.states.definitions.document import DOCUMENT
from workflow_app.states.vocabulary import Facts, Permission
from workflow_app.web.formatting import say, short_day
from workflow_app.web.panels import panel as panel_of
from workflow_app.web.request_scope import here


def panel(row: Record, facts: Facts) -> list[dict[str, Any]] | None:
    """Return the documents of a record, the newest first; None for a kind that issues none, and for who may not read them."""
    if row.content.behavior(Issues) is None or not may_read(row, facts):
        return None
    mine = (Document.record_kind == row.kind, Document.record_id == row.id)
    return [_shown(one) for one in here().session.scalars(select(Document).where(*mine).order_by(Document.id.desc()))]


@panel_of("meeting", tab="papers")
def of_meeting(row: Record) -> str:
    """Show on the page of a meeting its protocol and the extracts of its questions, to whoever reads them."""
    session = here().session
    facts = facts_of(row, session)
    model: Any = RECORDS["agenda_item"]
    questions = session.scalars(select(model).where(model.within_id == row.id).order_by(model.place, model.id)).all()
    readable = [one for one in questions if may_read(one, facts_within(one, session, facts))]
    found = [
        *(panel(row, facts) or ()),
        *(one for each in readable for one in panel(each, facts_within(each, session, facts)) or ()),
    ]
    return render_template("records/papers.html", papers=found) if found else ""


def ordered() -> str:
    """Return the page of the job that the present person has just ordered."""
    mine = select(Job.id).where(Job.person_id == here().who.id).order_by(Job.id.desc()).limit(1)
    return url_for("papers.job", id=here().session.scalars(mine).one())


def may_read(row: Record, facts: Facts) -> bool:
    """Whether the present person reads the documents of a record."""
    return policy.may(row.content.workflow, here().me, facts, Permission.SEE_CONCLUSION)


def _shown(document: Document) -> dict[str, Any]:
    state, edition = DOCUMENT.state(document.state), document.edition
    return {
        "title": say(KINDS[document.document_kind].title), "number": document.number, "dated": short_day(document.dated),
        "edition": _("версия %(n)s", n=edition) if edition > 1 else "", "state": say(state.applicant_title), "tone": state.tone,
        "url": url_for("cases.document_view", id=document.id), "file_url": url_for("cases.document", id=document.id),
    }  # fmt: skip


def links(parts: Sequence[Record]) -> dict[int, list[dict[str, str]]]:
    """Return the ways to the documents in force of parts of one kind, by their numbers: one statement."""
    if not parts or parts[0].content.behavior(Issues) is None:
        return {}
    mine = (
        Document.record_kind == parts[0].kind,
        Document.record_id.in_([one.id for one in parts]),
        Document.state == "issued",
    )
    found: dict[int, list[dict[str, str]]] = {}
    for one in here().session.scalars(select(Document).where(*mine).order_by(Document.id)):
        title = f"{say(KINDS[one.document_kind].title)} № {one.number}"
        found.setdefault(one.record_id or 0, []).append(
            {"title": title, "url": url_for("cases.document_view", id=one.id)}
        )
    return found
