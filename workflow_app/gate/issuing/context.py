"""The context of an issued document: the case, the assignment, the act, the papers of the same act; who stands behind them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflow_app import clock
from workflow_app.db.models import Assignment, Case, Document, Event, Person
from workflow_app.documents.content import snapshot as m
from workflow_app.documents.russian.grammar import Position
from workflow_app.errors import Broken
from workflow_app.facts import document_snapshot as rows
from workflow_app.states.definitions.case.forms import SignedSheet
from workflow_app.states.forms import Sheet
from workflow_app.states.vocabulary import Actor

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a document is issued: the case, the assignment when it is an expert's, the act that issues it."""

    session: Session
    case: Case
    assignment: Assignment | None
    actor: Actor
    sheet: Sheet
    today: date

    def clerk(self) -> Person:
        """Return the coordinator who keeps the case."""
        return _clerk(self)

    def entry(self) -> str:
        """Return the name of the journal's entry that this very act will have."""
        return _next_entry(self)


@dataclass(frozen=True, slots=True)
class Paper:
    """A document that is being made: its row, the rows that the same act issues, and whether it is only a draft."""

    scene: Scene
    row: Document
    together: Mapping[str, Document]
    drafted: bool = False

    def other(self, key: str) -> Document | None:
        """Return the case's paper of another kind: of the same act, else the one in force."""
        return self.together.get(key) or latest(self.scene.session, self.scene.case, None, key)

    def named(self, key: str) -> m.Reference:
        """Return the paper of another kind as this one names it."""
        found = self.other(key)
        if found is None:
            raise Broken(f"{key} is not issued yet")
        return m.Reference(found.number or "", found.dated, found.edition)

    def signed(self) -> m.Signature:
        """Return the signature of the act: the actor's own; for acts that nobody signs, a line for the director's hand."""
        scene, session, sheet = self.scene, self.scene.session, self.scene.sheet
        simple = isinstance(sheet, SignedSheet) and sheet.how == "simple" and not self.drafted
        person = session.get(Person, scene.actor.person_id) if scene.actor.person_id and simple else None
        if person is None:
            return director_by_hand(scene)
        words = rows.local_moment(session, scene.case.municipality_id, clock.now())
        position = _signing_position(scene, person)
        return m.Signature("simple", rows.name_of(person), position, None, words, scene.entry())

    def asked_of(self) -> dict[str, Any]:
        """Return who prepared a letter and by which telephone one asks."""
        known = rows.requisites(self.scene.session, self.scene.case.municipality_id, self.scene.today)
        return {"prepared_by": rows.name_of(self.scene.clerk()), "phone": known.get("phone", "")}


READERS: dict[type, Callable[[Paper], Any]] = {}
"""What reads the facts of a document's card from the rows, by the card's class."""


def reads(card: type[_T]) -> Callable[[Callable[[Paper], _T]], Callable[[Paper], _T]]:
    """Register what reads the facts of a card."""

    def register(read: Callable[[Paper], _T]) -> Callable[[Paper], _T]:
        READERS[card] = read
        return read

    return register


def latest(session: Session, case: Case, assignment_id: int | None, key: str) -> Document | None:
    """Return the newest edition of a document of this round, if there is one; where that is void or superseded, all begins anew."""
    found = select(Document).where(
        Document.case_id == case.id, Document.document_kind == key, Document.round == case.round
    )
    found = found.where(
        Document.assignment_id.is_(None) if assignment_id is None else Document.assignment_id == assignment_id
    )
    newest = session.scalars(found.order_by(Document.id.desc()).limit(1)).first()
    return newest if newest is not None and newest.state not in ("void", "superseded") else None


def _signing_position(scene: Scene, person: Person) -> Position:
    """Return the position under a signature: the director's from the requisites, a deputy's own."""
    known = rows.requisites(scene.session, scene.case.municipality_id, scene.today)
    is_director = person.id == rows.director_of(scene.session, scene.case.municipality_id).id
    return rows.position_of(known["director_position"] if is_director else person.position)


def _next_entry(scene: Scene) -> str:
    """Return the name of the journal's entry that this very act will have: the root is locked, so it is known."""
    last = scene.session.scalar(
        select(func.max(Event.seq)).where(Event.root_kind == "case", Event.root_id == scene.case.id)
    )
    return rows.entry_name(scene.case, (last or 0) + 1)


def _clerk(scene: Scene) -> Person:
    """Return the coordinator who keeps the case: who proposed it last, else the director."""
    session = scene.session
    found = session.scalars(
        select(Event.actor_id).where(Event.root_kind == "case", Event.root_id == scene.case.id)
        .where(Event.transition.in_(("propose", "circulate", "start", "register")), Event.actor_id.is_not(None))
        .order_by(Event.seq.desc())
    ).first()  # fmt: skip
    return session.get_one(Person, found) if found else rows.director_of(session, scene.case.municipality_id)


def director_by_hand(scene: Scene) -> m.Signature:
    """Return the line of the director for a signature by hand: of papers that no one signs in the system."""
    known = rows.requisites(scene.session, scene.case.municipality_id, scene.today)
    director = rows.director_of(scene.session, scene.case.municipality_id)
    return m.Signature("paper", rows.name_of(director), rows.position_of(known["director_position"]))
