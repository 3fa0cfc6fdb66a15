"""One's own terms for a calendar: what waits for a person with a day, told by number and verb alone, behind a secret address.

A file for calendars lies on foreign servers and shows on a locked telephone: no name, no title, no place of work is in it.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from workflow_app import clock
from workflow_app.db.keyset import Walk
from workflow_app.db.models import CalendarFeed, Person
from workflow_app.errors import N_, Sentence
from workflow_app.facts import worklist
from workflow_app.facts.actors import actor_of
from workflow_app.facts.tasks import RecordTask, SheetTask
from workflow_app.states.vocabulary import Actor

MOST: Final = 500  # terms of a file, the earliest first
_BYTES: Final = 32


def make(session: Session, person_id: int, municipality_id: int) -> str:
    """Return the secret of a new address; an earlier one stops working."""
    drop(session, person_id, municipality_id)
    secret = secrets.token_urlsafe(_BYTES)
    row = CalendarFeed(person_id=person_id, municipality_id=municipality_id, digest=digest(secret), made_at=clock.now())
    session.add(row)
    session.flush()
    return secret


def drop(session: Session, person_id: int, municipality_id: int) -> None:
    """Let the address of a person stop working."""
    mine = (CalendarFeed.person_id == person_id, CalendarFeed.municipality_id == municipality_id)
    session.execute(delete(CalendarFeed).where(*mine))


def digest(secret: str) -> str:
    """Return what is kept of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def find(session: Session, secret: str) -> tuple[CalendarFeed, Actor] | None:
    """Return the address and whose terms it shows, while it works and its owner may log in."""
    row = session.scalar(select(CalendarFeed).where(CalendarFeed.digest == digest(secret)))
    if row is None:
        return None
    person = session.get_one(Person, row.person_id)
    return (row, actor_of(session, person, row.municipality_id)) if person.state == "active" else None


@dataclass(frozen=True, slots=True)
class OwnTerm:
    """One day by which something is to be done. ``uid`` stays, whatever changes; ``sequence`` grows with every act on it."""

    uid: str
    on: date
    words: Sentence
    place: str
    sequence: int


def terms(session: Session, actor: Actor) -> Iterator[OwnTerm]:
    """Yield what waits for the actor and has a day: in cases, in records."""
    for one in worklist.tasks(session, actor, Walk(MOST)):
        if one.due_on is None or isinstance(one, SheetTask):
            continue
        uid = f"{one.todo.replace(' ', '-')}-{one.root_id}-{one.subject_id}"
        if isinstance(one, RecordTask):
            number = getattr(one.whole, "number", None) or str(one.whole.content.titles[0])
            place = f"{one.whole.content.path}/{one.whole.id}"
            yield OwnTerm(
                uid, one.due_on, _said(number, one.awaits.verb), place, one.whole.version + one.record.version
            )
        else:
            place = f"/assignments/{one.assignment_id}" if one.assignment_id else f"/cases/{one.case.id}"
            yield OwnTerm(uid, one.due_on, _said(one.case.number or "", one.verb), place, one.case.touched)


def _said(number: str, verb: Sentence) -> Sentence:
    return N_("%(number)s: %(verb)s", number=number, verb=verb) if number else verb
