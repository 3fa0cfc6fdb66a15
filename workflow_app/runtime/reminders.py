"""Reminders of what waits in records, before and after its term as the kinds declare it (ADR 29): each written once."""

from __future__ import annotations

import logging
from collections import Counter
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from workflow_app import clock
from workflow_app.content_types.awaited import Awaits, todo_of
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db.models import RECORDS, Waiting
from workflow_app.db.session import Database
from workflow_app.errors import N_, Broken, Sentence, WorkflowError
from workflow_app.facts.locking import lock
from workflow_app.gate import record_letters

KEPT = 7  # days after its day for which a reminder is worth sending: the program may have stood still
_EAST = timedelta(hours=14)  # no zone is further ahead of UTC
_REMINDED = N_("Напоминание о сроке")
_log = logging.getLogger(__name__)


def remind_all(database: Database) -> tuple[Counter[Sentence], list[str]]:
    """Write every reminder whose day has come; return how many letters, and the records that raised."""
    written: Counter[Sentence] = Counter()
    failed: list[str] = []
    latest = (clock.now() + _EAST).date()
    for kind in CONTENT_TYPES.values():
        for one in kind.awaits:
            if not (one.remind or one.early):
                continue
            with database.transaction(keep=False) as session:
                model = RECORDS[kind.key]
                rows = [*record_letters.due(session, todo_of(kind, one), one, latest, KEPT)]
                known = {
                    row.id: row
                    for row in session.scalars(select(model).where(model.id.in_([one.subject_id for one in rows])))
                }
                keys = [
                    record_letters.key_of(row)
                    for row in rows
                    if row.subject_id in known and record_letters.is_due(session, known[row.subject_id], row, one)
                ]
            for key in keys:
                try:
                    if many := _remind(database, kind.key, one, key):
                        written[_REMINDED] += many
                except (WorkflowError, Broken, SQLAlchemyError) as error:  # one bad row must not stop the others
                    _log.exception("reminder: %s", key)
                    failed.append(f"{kind.key}: {error}")
    return written, failed


def _remind(database: Database, kind: str, one: Awaits, key: record_letters.Key) -> int:
    with database.transaction(keep=True) as session:
        subject = session.get_one(RECORDS[kind], key[-2])
        lock(session, subject)
        row = session.get(Waiting, key)
        return 0 if row is None else record_letters.remind(session, subject, row, one)
