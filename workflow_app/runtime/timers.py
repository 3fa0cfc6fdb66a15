"""``tick``: does what has fallen due. Safe at any time: twice at once, after a crash, after a week of standing still.

Candidates are found by SQL; whether a timer fires, ``policy.due_timers`` decides on the facts of the locked row, each in
a transaction of its own (decisions.md 14). Waiting letters leave afterwards.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from workflow_app import clock, gate
from workflow_app.case_types.registry import CASE_TYPES
from workflow_app.config import Config
from workflow_app.content_types.awaited import todo_of
from workflow_app.content_types.behaviors import Published
from workflow_app.content_types.declaration import Valid
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db import attempts, interrupted_forms, leases
from workflow_app.db.models import RECORDS, Assignment, Case, Subject, Waiting
from workflow_app.db.session import Database
from workflow_app.errors import Broken, Sentence, WorkflowError
from workflow_app.facts.locking import lock
from workflow_app.facts.published import without_consent
from workflow_app.facts.subjects import facts_of, workflow_of
from workflow_app.features.imports import table_store
from workflow_app.operations import job_queue, smtp
from workflow_app.runtime import backfill, publish_checkpoint, reminders
from workflow_app.states import policy
from workflow_app.states.definitions.assignment import ASSIGNMENT
from workflow_app.states.vocabulary import Trigger, Workflow, system
from workflow_app.wiring import wire

LEASE = leases.TICK
_RENEW_EVERY = 50  # subjects
_EAST = timedelta(hours=14)  # no zone is further ahead of UTC
_LETTERS = 50  # in one go
_log = logging.getLogger(__name__)

Row = tuple[type[Subject], int]


@dataclass(frozen=True, slots=True)
class Ticked:
    """What one tick did. ``done`` counts by the words of the history; ``failed`` names rows that raised; ``busy``: nothing."""

    done: Mapping[Sentence, int] = field(default_factory=dict)
    letters: int = 0
    failed: tuple[str, ...] = ()
    busy: bool = False


def tick(
    database: Database, settings: Config | None = None, on_step: Callable[[int, int], None] = lambda _at, _of: None
) -> Ticked:
    """Fire every timer that is due, then send waiting letters if ``settings`` say how. ``on_step`` is told (n, of how many)."""
    wire()
    done: Counter[Sentence] = Counter()
    failed: list[str] = []
    with leases.held(database, LEASE) as hold:
        if hold is None:
            return Ticked(busy=True)
        backfill.reckon_all(database)
        backfill.adopt_all(database)
        backfill.seed_all(database)
        with database.transaction(keep=False) as session:
            rows = list(due(session))
        for at, (kind, id_) in enumerate(rows, 1):
            if at % _RENEW_EVERY == 0:
                hold.renew()
            try:
                done.update(fire(database, kind, id_))
            except (WorkflowError, Broken, SQLAlchemyError) as error:  # one bad row must not stop the others
                _log.exception("tick: %s %s", kind.kind, id_)
                failed.append(f"{kind.kind} {id_}: {error}")
            on_step(at, len(rows))
        reminded, wrong = reminders.remind_all(database)
        done.update(reminded)
        failed += wrong
        job_queue.forget_old(database)
        table_store.forget_old(database)
        with database.transaction(keep=True) as session:
            attempts.sweep(session)
        interrupted_forms.forget_old(database)
        if settings:
            failed += _witnessed(database, settings)
    return Ticked(dict(done), send_letters(database, settings) if settings else 0, tuple(failed))


def _witnessed(database: Database, settings: Config) -> list[str]:
    """Make the checkpoint of the day; when it fails, timers and letters go on, and the tick says so."""
    try:
        publish_checkpoint.daily(database, settings)
    except (WorkflowError, OSError, SQLAlchemyError) as error:
        _log.exception("tick: checkpoint")
        return [f"checkpoint: {error}"]
    return []


def send_letters(database: Database, settings: Config) -> int:
    """Send what waits in the outbox, in lots, until nothing more leaves; return how many letters left."""
    sent = 0
    while lot := smtp.drain(
        database, settings.mail, settings.folder, _LETTERS, sender=settings.mail_from, base_url=settings.base_url
    ):
        sent += lot
    return sent


def due(session: Session) -> Iterator[Row]:
    """Yield what may have a timer to fire, invitations first: a superset, for the facts decide."""
    latest = (clock.now() + _EAST).date()
    invited = select(Assignment.id).where(Assignment.state.in_(_timed(ASSIGNMENT)), Assignment.due_on < latest)
    yield from ((Assignment, id_) for id_ in session.scalars(invited.order_by(Assignment.id)))
    cases = select(Case.id).where(or_(*(_waiting(key, latest) for key in CASE_TYPES)))
    yield from ((Case, id_) for id_ in session.scalars(cases.order_by(Case.id)))
    for key, kind in CONTENT_TYPES.items():
        if (valid := kind.behavior(Valid)) is not None:
            model = RECORDS[key]
            over = select(model.id).where(model.state.in_(_timed(kind.workflow)), getattr(model, valid.until) < latest)
            yield from ((model, id_) for id_ in session.scalars(over.order_by(model.id)))
        elif kind.awaits:  # a part whose whole has the day: it waits until then
            model = RECORDS[key]
            todos = [todo_of(kind, one) for one in kind.awaits]
            late = select(Waiting.subject_id).where(Waiting.todo.in_(todos), Waiting.due_on < latest)
            over = select(model.id).where(model.state.in_(_timed(kind.workflow)), model.id.in_(late))
            yield from ((model, id_) for id_ in session.scalars(over.order_by(model.id)))
        if (shown := kind.behavior(Published)) is not None and shown.whose:
            gone = select(RECORDS[key].id).where(without_consent(RECORDS[key])).order_by(RECORDS[key].id)
            yield from ((RECORDS[key], id_) for id_ in session.scalars(gone))


def _timed(workflow: Workflow) -> tuple[str, ...]:
    """Return the states that a timer leaves."""
    timers = (one for one in workflow.transitions.values() if one.trigger is Trigger.TIMER)
    return tuple(dict.fromkeys(state for one in timers for state in one.sources))


def _waiting(type_key: str, latest: date) -> ColumnElement[bool]:
    """Return the condition on cases of a type: the term is over, or there is no appeal any more to wait for."""
    over = or_(Case.due_on < latest, Case.appeal_until < latest, Case.appeal_waived, Case.appeals > 0)
    return and_(Case.type == type_key, Case.state.in_(_timed(CASE_TYPES[type_key].workflow)), over)


def fire(database: Database, kind: type[Subject], id_: int) -> list[Sentence]:
    """Fire the first due timer of one row, if any is left after the row is locked; return the words of the history."""
    with database.transaction(keep=True) as session:
        subject = session.get_one(kind, id_)
        lock(session, subject)
        by = system(subject.municipality_id)
        found = policy.due_timers(workflow_of(subject), by, facts_of(subject, session))
        if not found:
            return []
        gate.perform(session, by, subject, found[0].name, found[0].asks(), None)
        return [found[0].told]
