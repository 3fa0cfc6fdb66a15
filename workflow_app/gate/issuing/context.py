"""The context of an issued document: the case, the assignment, the act; and who stands behind them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflow_app.db.models import Assignment, Case, Document, Event, Person
from workflow_app.documents.content import snapshot as m
from workflow_app.facts import document_snapshot as rows
from workflow_app.states.forms import Sheet
from workflow_app.states.vocabulary import Actor


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


def latest(session: Session, case: Case, assignment_id: int | None, key: str) -> Document | None:
    """Return the newest edition of a document of this round, if there is one; where that is void, all begins anew."""
    found = select(Document).where(
        Document.case_id == case.id, Document.document_kind == key, Document.round == case.round
    )
    found = found.where(
        Document.assignment_id.is_(None) if assignment_id is None else Document.assignment_id == assignment_id
    )
    newest = session.scalars(found.order_by(Document.id.desc()).limit(1)).first()
    return newest if newest is not None and newest.state != "void" else None


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
