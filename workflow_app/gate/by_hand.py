"""Reminders by hand: whom a press tells of what waits in a case or a record, and whom it does not. Once a day per thing and person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from workflow_app.db.models import Person, Reminder, Subject, Waiting
from workflow_app.facts import deadlines
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


def calls(
    session: Session, actor: Actor, subjects: Sequence[Subject], only: int | None = None
) -> Mapping[int, list[Call]]:
    """Return by subject whom it waits for but the actor, or the expert of one place alone; who has no address is left out.

    The subjects, cases or records, are of one kind and municipality. A constant number of statements, however many there are.
    """
    roots, kind = {one.id: one for one in subjects}, subjects[0].kind
    today = deadlines.today(session, subjects[0].municipality_id)
    here = [Waiting.root_kind == kind, Waiting.root_id.in_(roots), Waiting.who != Who.ON_BEHALF.value]
    here += [or_(Waiting.since.is_(None), Waiting.since <= today)]
    here += [Waiting.subject_kind == "assignment", Waiting.subject_id == only] if only else []
    order = (Waiting.root_id, Waiting.subject_kind, Waiting.subject_id)
    waits = session.scalars(select(Waiting).where(*here).order_by(*order)).all()
    same = (Reminder.root_id, Reminder.subject_kind, Reminder.subject_id, Reminder.todo, Reminder.person_id)
    of_today = select(*same).where(Reminder.root_kind == kind, Reminder.root_id.in_(roots), Reminder.on == today)
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


def remind(session: Session, actor: Actor, subject: Subject, only: int | None = None) -> None:
    """Write the letters of a press: one a person and thing to do, however many parts wait for it, of the first that is due.

    That somebody is left to be told was asked before.
    """
    letters: dict[tuple[int, str, str], list[Call]] = {}
    for one in calls(session, actor, [subject], only)[subject.id]:
        if not one.told:
            letters.setdefault((one.person.id, one.waiting.todo, one.to), []).append(one)
    for (_person, _todo, to), found in letters.items():
        waits = sorted((one.waiting for one in found), key=lambda one: one.due_on or date.max)
        reminders.write_by_hand(session, actor, subject, waits, found[0].person, to)
    session.flush()
