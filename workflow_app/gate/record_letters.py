"""Letters of records: who is told of an act, as the kinds declare it (ADR 29), in the centre's words where it wrote some (ADR 36).

A letter leads to the card; nothing is done by following a link.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from workflow_app.content_types import awaited
from workflow_app.content_types.awaited import Letter
from workflow_app.content_types.letter_kinds import CALLED, LETTERS, LINK, key_of
from workflow_app.db.models import Event, Membership, Person, Record
from workflow_app.documents.russian.grammar import day
from workflow_app.facts.record_names import titles_of
from workflow_app.facts.subjects import facts_of, root_of
from workflow_app.gate import letter_words, outbox
from workflow_app.operations.smtp import SITE
from workflow_app.states.actors import Role
from workflow_app.states.forms import Sheet, asks
from workflow_app.states.vocabulary import Facts, Who

_OFFICES: Final = {Who.COORDINATOR: Role.COORDINATOR, Who.DIRECTOR: Role.DIRECTOR}


def told(session: Session, subject: Record, event: Event, sheet: Sheet) -> None:
    """Write the letters that follow an act on a record; who did it is told nothing of it."""
    letters = [
        one for one in subject.content.letters if one.after == event.transition and one.source in ("", event.before)
    ]
    if not letters:
        return
    facts = facts_of(subject, session)
    about = _about(session, subject, facts, {name: getattr(sheet, name) for name in asks(type(sheet))})
    for one in letters:
        key = key_of(subject.content, one)
        values: dict[str, Any] = {name: about[name] for name in LETTERS[key].fields}
        if people := [who for who in _people(session, _whom(one, facts)) if who.id != event.actor_id]:
            frame = letter_words.around(session, subject.municipality_id, key)
            for person in people:
                outbox.compose(session, key, person, subject, frame=frame, **values)


def _about(session: Session, subject: Record, facts: Facts, sheet: Mapping[str, Any]) -> dict[str, str]:
    """Return what a letter may say: texts, numbers and days of the record, its whole and the sheet, what it is called."""
    whole = root_of(session, subject)
    values: dict[str, Any] = {**(facts.root.values if facts.root else {}), **facts.values, **sheet}
    found = {name: day(one) if isinstance(one, date) else str(one or "") for name, one in values.items()}
    called = titles_of(session, [whole])[whole]  # type: ignore[list-item, index]  # the whole of a record is one
    return found | {CALLED: called, LINK: f"{SITE}{whole.content.path}/{whole.id}"}  # type: ignore[attr-defined]


def _whom(letter: Letter, facts: Facts) -> ColumnElement[bool]:
    """Return the condition on people: who stands so by name, whose office it is, the officers of the schools."""
    named = frozenset[int]().union(*(awaited.standing_as(facts, who) for who in letter.to))
    offices = [role for who, role in _OFFICES.items() if who in letter.to]
    schools = facts.schools if Who.SCHOOL_OFFICER in letter.to else frozenset()
    return or_(
        Person.id.in_(named), _of_office(facts.municipality_id, offices), _of_schools(facts.municipality_id, schools)
    )


def _of_office(municipality_id: int, roles: Collection[Role]) -> ColumnElement[bool]:
    return Person.id.in_(
        select(Membership.person_id).where(Membership.municipality_id == municipality_id, Membership.role.in_(roles))
    )


def _of_schools(municipality_id: int, schools: Collection[int]) -> ColumnElement[bool]:
    return and_(Person.organization_id.in_(schools), _of_office(municipality_id, [Role.SCHOOL_OFFICER]))


def _people(session: Session, where: ColumnElement[bool]) -> Collection[Person]:
    with session.no_autoflush:
        return session.scalars(select(Person).where(where).order_by(Person.id)).unique().all()
