"""What the pages of Word templates read: the kinds with what is on, the editions with who brought them, samples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflow_app.db.models import Document, Event, Person, WordTemplate
from workflow_app.documents.content.snapshot import Material, RecordMaterial
from workflow_app.documents.kinds.kind import Kind
from workflow_app.documents.kinds.registry import KINDS
from workflow_app.documents.template_fields.registry import Values, values
from workflow_app.documents.template_fields.sample import CHECKED_AT, MANY, ROWS, sample
from workflow_app.facts import deadlines, naming
from workflow_app.states.vocabulary import Actor

__all__ = ["CHECKED_AT", "Edition", "Line", "edition", "editions", "lines", "material", "samples"]

# Every keeper sees every template of the own centre (WORD_TEMPLATE grants it in each state), so lists ask for the centre alone.


@dataclass(frozen=True, slots=True)
class Line:
    """A kind of document: the edition that is on, if any, and how many editions there are."""

    kind: Kind
    on: WordTemplate | None
    editions: int


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition with who brought it and how many documents were made by it."""

    row: WordTemplate
    by: Person | None
    used: int


def lines(session: Session, actor: Actor) -> list[Line]:
    """Return every kind of document in the order of the register."""
    rows = session.scalars(select(WordTemplate).where(WordTemplate.municipality_id == actor.municipality_id)).all()
    return [
        Line(
            kind,
            next((one for one in rows if one.document_kind == key and one.state == "on"), None),
            sum(one.document_kind == key for one in rows),
        )
        for key, kind in KINDS.items()
    ]


def editions(session: Session, actor: Actor, key: str) -> list[Edition]:
    """Return the editions of a kind, the newest first."""
    mine = (WordTemplate.municipality_id == actor.municipality_id, WordTemplate.document_kind == key)
    rows = session.scalars(select(WordTemplate).where(*mine).order_by(WordTemplate.edition.desc())).all()
    ids = [one.id for one in rows]
    by, used = _brought(session, ids), _used(session, ids)
    return [Edition(one, by.get(one.id), used.get(one.id, 0)) for one in rows]


def edition(session: Session, row: WordTemplate) -> Edition:
    """Return one edition with what the list says of it."""
    return Edition(row, _brought(session, [row.id]).get(row.id), _used(session, [row.id]).get(row.id, 0))


def _brought(session: Session, ids: Sequence[int]) -> dict[int, Person]:
    found = (
        select(Event.root_id, Person)
        .join(Person, Person.id == Event.actor_id)
        .where(Event.root_kind == "word_template", Event.root_id.in_(ids), Event.transition == "begin")
    )
    return {row.root_id: row.Person for row in session.execute(found)}


def _used(session: Session, ids: Sequence[int]) -> dict[int, int]:
    found = (
        select(Document.template_id, func.count()).where(Document.template_id.in_(ids)).group_by(Document.template_id)
    )
    return {id_: count for id_, count in session.execute(found) if id_ is not None}


def material(session: Session, actor: Actor, key: str, rows: int = ROWS) -> Material | RecordMaterial:
    """Return an invented material of this kind with the centre's requisites of today."""
    today = deadlines.today(session, actor.municipality_id)
    return sample(key, naming.centre_card(session, actor.municipality_id, today), today, rows=rows)


def samples(session: Session, actor: Actor, key: str) -> list[Values]:
    """Return the values on which a template is tried: a usual document and one with long lists."""
    return [values(key, material(session, actor, key, rows)) for rows in (ROWS, MANY)]
