"""What stands beside a page: the session that was seen, the entries of the access log; in transactions of their own.

Neither fails a page when the database takes nothing. The one exception is for the page itself to make: what may only be read
when the reading is logged (``Scope.note_reading``) is then not given out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import current_app, request

from workflow_app import clock
from workflow_app.db import faults
from workflow_app.db.models import AccessLog
from workflow_app.errors import N_, WorkflowError
from workflow_app.web import doubted_documents
from workflow_app.web import login_session as logins
from workflow_app.web.request_scope import Scope, Trace, database

UNLOGGED = N_(
    "Каждое чтение личных материалов записывается в журнал, а сейчас журнал не пишется. "
    "Поэтому они не выданы: повторите позже."
)


def trace_of(scope: Scope) -> Trace:
    """Return what the access log says of this request, read while the rows are still attached."""
    login = scope.login
    due = login is not None and login.ended_at is None and logins.is_due(login)
    return Trace(
        person_id=scope.person.id if scope.person else None, municipality_id=scope.actor.municipality_id if scope.actor else None,
        login_id=login.id if login is not None and due else None,
    )  # fmt: skip


def write(scope: Scope | None) -> WorkflowError | None:
    """Write down that the session was seen and what was read. When the database cannot, the page goes on; return why."""
    if scope is None:
        return None
    if scope.trace.login_id is not None:
        _beside(logins.touch, scope.trace.login_id)
    return _beside(_log_notes, scope) if scope.notes else None


def _beside(put: Callable[[Any], None], what: object) -> WorkflowError | None:
    """Do what stands beside the page; a cause outside the program is logged and returned."""
    try:
        put(what)
    except Exception as error:
        told = faults.understood(error)
        if told is None:
            raise
        current_app.logger.warning("beside the page: %s", error)
        return told
    return None


def _log_notes(scope: Scope) -> None:
    trace = scope.trace
    with database().transaction(keep=True) as session:
        for note in scope.notes:
            doubted_documents.alarm(session, note)
            row = AccessLog(
                at=clock.now(), ip=(request.remote_addr or "")[:64], person_id=trace.person_id, municipality_id=trace.municipality_id,
                **note,
            )  # fmt: skip
            session.add(row)
