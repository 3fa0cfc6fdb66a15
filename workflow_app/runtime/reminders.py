"""Reminders of what waits in cases and records, before and after its term, by the ladders of each centre; the letter of the day."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from workflow_app import clock
from workflow_app.db.models import Waiting
from workflow_app.db.session import Database
from workflow_app.errors import N_, Broken, Sentence, WorkflowError
from workflow_app.facts.locking import lock
from workflow_app.facts.subjects import KINDS
from workflow_app.gate import due_reminders, reminders

_EAST = timedelta(hours=14)  # no zone is further ahead of UTC
_REMINDED = N_("Напоминание о сроке")
_OF_DAY = N_("Письмо дня")
_log = logging.getLogger(__name__)


def remind_all(database: Database) -> tuple[Counter[Sentence], list[str]]:
    """Write every reminder whose day has come, then the letters of the day; return how many, and what raised."""
    written: Counter[Sentence] = Counter()
    failed: list[str] = []
    with database.transaction(keep=False) as session:
        keys = list(due_reminders.due(session, (clock.now() + _EAST).date()))
    for key, kind in keys:
        written[_REMINDED] += _tried(database, lambda one, key=key, kind=kind: _remind(one, kind, key), failed, key)  # type: ignore[misc]
    with database.transaction(keep=False) as session:
        readers = reminders.gathered(session)
    for reader in readers:
        written[_OF_DAY] += _tried(database, lambda one, who=reader: reminders.digest(one, *who), failed, reader)  # type: ignore[misc]
    return +written, failed


def _tried(database: Database, act: Callable[[Session], int], failed: list[str], what: object) -> int:
    """Do one thing in a transaction of its own: a bad row must not stop the others."""
    try:
        with database.transaction(keep=True) as session:
            return int(act(session))
    except (WorkflowError, Broken, SQLAlchemyError) as error:
        _log.exception("reminder: %s", what)
        failed.append(f"reminder {what}: {error}")
        return 0


def _remind(session: Session, kind: str, key: reminders.Key) -> int:
    subject = session.get(KINDS[kind], key[-2])
    if subject is None:
        return 0
    lock(session, subject)
    row = session.get(Waiting, key)
    return 0 if row is None else reminders.remind(session, subject, row)
