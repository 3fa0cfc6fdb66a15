"""Which waits have a step to be reminded of now: found in a constant number of statements, whatever waits.

What ``gate.reminders.remind`` would write nothing for does not come: each that comes costs a transaction that writes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from workflow_app import clock
from workflow_app.content_types import awaited
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db.models import (
    RECORDS,
    Assignment,
    Case,
    Deputy,
    Event,
    Membership,
    Person,
    Reminder,
    Standing,
    Waiting,
)
from workflow_app.facts import deadlines, leading
from workflow_app.gate import reminder_readers, reminders
from workflow_app.gate.reminders import Key
from workflow_app.states import reminders as pure
from workflow_app.states.actors import Role
from workflow_app.states.reminders import COORDINATOR, DIRECTOR, SELF, Ladder
from workflow_app.states.vocabulary import Who

_TOLD: Final = timedelta(days=400)  # how long ago a reminder of what waits now may have been written
Subject = tuple[str, int]


def due(session: Session, latest: date) -> Iterator[tuple[Key, str]]:
    """Yield what is to be reminded of by the day ``latest`` and was not yet: the key of the wait, the kind of its subject."""
    known = _Known(session, _window(latest))
    rows = select(Waiting, Case.state_since, Assignment.invited_at, Assignment.state).where(known.window)
    rows = rows.outerjoin(Case, and_(Waiting.root_kind == Case.kind, Case.id == Waiting.root_id))
    rows = rows.outerjoin(Assignment, and_(Waiting.subject_kind == "assignment", Assignment.id == Waiting.subject_id))
    for waiting, since, invited, place in session.execute(rows):
        steps = known.ladder(waiting, reminders.turn_of(waiting, place or ""))
        if not steps or waiting.due_on is None:
            continue
        moment = max(filter(None, (since, invited)), default=None)
        begun = moment.date() if moment else known.begun.get((waiting.subject_kind, waiting.subject_id), date.min)
        found = pure.reached(steps, waiting.due_on, begun, deadlines.today(session, waiting.municipality_id))
        same = (waiting.subject_kind, waiting.subject_id, waiting.todo, waiting.due_on)
        if (
            found
            and (*same, found[0].days) not in known.written
            and any(known.is_anybody(waiting, one.whom) for one in found)
        ):
            yield reminders.key_of(waiting), waiting.subject_kind


def _window(latest: date) -> ColumnElement[bool]:
    near = Waiting.due_on.between(latest - timedelta(days=pure.MOST + pure.KEPT), latest + timedelta(days=pure.MOST))
    return and_(near, or_(Waiting.since.is_(None), Waiting.since <= latest))


@dataclass
class _Known:
    """What is read once for all waits of a window, each when it is first asked for."""

    session: Session
    window: ColumnElement[bool]

    @cached_property
    def written(self) -> Collection[Any]:
        """The steps that somebody was reminded of: of what, until when it was due, which day of the ladder."""
        told = select(Reminder.subject_kind, Reminder.subject_id, Reminder.todo, Reminder.due_on, Reminder.days)
        return set(self.session.execute(told.where(Reminder.days.is_not(None), Reminder.at > clock.now() - _TOLD)))

    @cached_property
    def begun(self) -> Mapping[Subject, date]:
        """The days on which records that wait were begun, as ``outbox.begun`` reads that of one."""
        mine = and_(Event.subject_kind == Waiting.subject_kind, Event.subject_id == Waiting.subject_id)
        told = select(Event.subject_kind, Event.subject_id, func.min(Event.at)).join(Waiting, mine)
        told = told.where(self.window, Waiting.root_kind != Case.kind).group_by(Event.subject_kind, Event.subject_id)
        return {(kind, id_): at.date() for kind, id_, at in self.session.execute(told)}

    @cached_property
    def early(self) -> Mapping[tuple[str, int], int | None]:
        """How many days before its term each record that says that itself is reminded of, by what waits and its number."""
        found: dict[tuple[str, int], int | None] = {}
        for kind in CONTENT_TYPES.values():
            for one in kind.awaits:
                if not one.early:
                    continue
                name, part, todo = one.early.removeprefix(awaited.WITHIN), RECORDS[kind.key], awaited.todo_of(kind, one)
                holder = RECORDS[kind.within] if name != one.early else part
                days = select(part.id, getattr(holder, name)).join(
                    Waiting, and_(Waiting.todo == todo, Waiting.subject_kind == kind.key, Waiting.subject_id == part.id)
                )
                days = days.join(holder, holder.id == part.within_id) if holder is not part else days
                found |= {(todo, id_): n for id_, n in self.session.execute(days.where(self.window))}
        return found

    def ladder(self, waiting: Waiting, turn: str) -> Ladder:
        """Return the steps of a wait, with the day before its term that a record itself asks for; none: nobody is reminded."""
        if not turn:
            return ()
        steps = reminders.ladders_of(self.session, waiting.municipality_id)[turn]
        if waiting.root_kind == Case.kind:
            return steps
        days = self.early.get((waiting.todo, waiting.subject_id))
        return reminders.with_early(steps, reminders.declared(waiting), days)

    @cached_property
    def _involved(self) -> Mapping[Subject, set[int]]:
        office = Membership.role.in_((Role.COORDINATOR.value, Role.DIRECTOR.value))
        staff = select(Membership.person_id).where(office).union(select(Deputy.person_id))
        roots = select(Waiting.root_id).where(self.window, Waiting.root_kind == Case.kind)
        told = select(Standing.subject_id, Standing.person_id).where(
            Standing.subject_kind == Case.kind,
            Standing.who == Who.INVOLVED.value,
            Standing.subject_id.in_(roots),
            Standing.person_id.in_(staff),
        )
        found: dict[Subject, set[int]] = defaultdict(set)
        for root_id, person_id in self.session.execute(told):
            found[Case.kind, root_id].add(person_id)
        return found

    @cached_property
    def _schools(self) -> Collection[Any]:
        told = select(Membership.municipality_id, Person.organization_id).join(
            Person, Person.id == Membership.person_id
        )
        return set(self.session.execute(told.where(Membership.role == Role.SCHOOL_OFFICER.value)))

    @cached_property
    def _offices(self) -> dict[tuple[int, str], set[int]]:
        return {}

    def _of(self, municipality_id: int, office: str) -> set[int]:
        key = (municipality_id, office)
        if key not in self._offices:
            asked: Any = (
                leading.active(municipality_id)
                if office == COORDINATOR
                else reminder_readers.directors(self.session, municipality_id)
            )
            self._offices[key] = set(self.session.scalars(asked))
        return self._offices[key]

    def is_anybody(self, waiting: Waiting, to: str) -> bool:
        """Whether a step tells anybody at all: as ``reminder_readers`` finds whom."""
        if to == SELF and waiting.person_id:
            return True
        if to == SELF and waiting.organization_id:
            return (waiting.municipality_id, waiting.organization_id) in self._schools
        office = reminder_readers.OFFICES[Who(waiting.who)] if to == SELF else to
        people = self._of(waiting.municipality_id, DIRECTOR if office == DIRECTOR else COORDINATOR)
        return not people <= self._involved.get((waiting.root_kind, waiting.root_id), set())
