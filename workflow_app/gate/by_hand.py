"""Reminders by hand: whom a press tells of what waits in a case, whom it does not, and why it would tell nobody. Once a day per thing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from workflow_app.db.models import Case, Person, Reminder, Waiting
from workflow_app.facts import deadlines
from workflow_app.facts.subjects import KINDS
from workflow_app.gate import reminders
from workflow_app.gate.reminder_readers import each_readers
from workflow_app.states.reminders import SELF
from workflow_app.states.vocabulary import Actor, Who


@dataclass(frozen=True, slots=True)
class Call:
    """A person who can be told of one thing that waits for them, or for whom they stand in; ``told``: that was done today."""

    waiting: Waiting
    person: Person
    to: str
    told: bool


def calls(session: Session, actor: Actor, cases: Sequence[Case], only: int | None = None) -> Mapping[int, list[Call]]:
    """Return by case whom it waits for but the actor, or the expert of one place alone; who has no address is left out.

    The cases are of one municipality. A constant number of statements, however many there are.
    """
    roots = {one.id: one for one in cases}
    today = deadlines.today(session, cases[0].municipality_id)
    here = [Waiting.root_kind == Case.kind, Waiting.root_id.in_(roots), Waiting.who != Who.ON_BEHALF.value]
    here += [or_(Waiting.since.is_(None), Waiting.since <= today)]
    here += [Waiting.subject_kind == "assignment", Waiting.subject_id == only] if only else []
    order = (Waiting.root_id, Waiting.subject_kind, Waiting.subject_id)
    waits = session.scalars(select(Waiting).where(*here).order_by(*order)).all()
    same = (Reminder.root_id, Reminder.subject_kind, Reminder.subject_id, Reminder.todo, Reminder.person_id)
    of_today = select(*same).where(Reminder.root_kind == Case.kind, Reminder.root_id.in_(roots), Reminder.on == today)
    told = {tuple(one) for one in session.execute(of_today)}
    found: dict[int, list[Call]] = {one: [] for one in roots}
    people = each_readers(session, [(roots[one.root_id], one) for one in waits], SELF)
    for waiting, whom in zip(waits, people, strict=True):
        thing = (waiting.root_id, waiting.subject_kind, waiting.subject_id, waiting.todo)
        found[waiting.root_id] += [
            Call(waiting, one, to, (*thing, one.id) in told)
            for one, to in whom
            if one.id != actor.person_id and one.email and one.state != "blocked"
        ]
    return found


def remind(session: Session, actor: Actor, case: Case, only: int | None = None) -> int:
    """Write the letters of a press; return how many. That somebody is left to be told was asked before."""
    fresh = [one for one in calls(session, actor, [case], only)[case.id] if not one.told]
    for one in fresh:
        subject = session.get_one(KINDS[one.waiting.subject_kind], one.waiting.subject_id)
        reminders.write_by_hand(session, actor, subject, case, one.waiting, one.person, one.to)
    session.flush()
    return len(fresh)
