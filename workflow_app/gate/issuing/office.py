"""What ordinary orders and letters, and the order on a body's composition, are made of, read from the rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from workflow_app.db.models import RECORDS, Organization, Person, Record
from workflow_app.documents.content.assessment_cards import Expert
from workflow_app.documents.kinds import office_papers as o
from workflow_app.documents.russian.grammar import Position
from workflow_app.errors import N_, NotYet
from workflow_app.facts import deadlines, naming
from workflow_app.facts.record_names import chosen_words

PAPERS: Final = ("office_order", "office_letter")
NOBODY: Final = Position("", "", "", "", "")
_EMPTY: Final = N_("Состав не внесён: включите в него людей.")
_ORDER: Final = {"chair": 0, "deputy": 1, "secretary": 2, "member": 3}


def lines(words: str) -> tuple[str, ...]:
    """Return the lines that were typed, without blank ones."""
    return tuple(line.strip() for line in words.splitlines() if line.strip())


def person_as_expert(session: Session, person_id: int | None) -> Expert | None:
    """Return a person of the directory as documents name them."""
    row = session.get(Person, person_id) if person_id else None
    if row is None:
        return None
    position = naming.position_of(row.position) if row.position else NOBODY
    place = session.get(Organization, row.organization_id) if row.organization_id else None
    return Expert(naming.name_of(row), position, naming.organisation_of(place))


def as_typed(name: str, position: str, organisation: Organization | None = None) -> Expert:
    """Return somebody who is known by name alone; the oblique forms of what was typed are to be checked."""
    return Expert(
        naming.name_from_text(name),
        naming.position_of(position) if position else NOBODY,
        naming.organisation_of(organisation),
    )


def named(session: Session, part: Any) -> Expert:
    """Return a part that names somebody (``body_parts.Named``): what was typed there stands before what the directory says."""
    known = person_as_expert(session, part.person_id)
    place = session.get(Organization, part.organization_id) if part.organization_id else None
    if known is None:
        return as_typed(part.name, part.position, place)
    position = naming.position_of(part.position) if part.position else known.position
    return Expert(known.person, position, naming.organisation_of(place) if place else known.organisation)


def in_order(session: Session, key: str, whole: Record, *states: str) -> list[Any]:
    """Return the people of a body or a meeting, the chair first, the others by name; ``states`` left out: who was not put away."""
    model: Any = RECORDS[key]
    wanted = model.state.in_(states) if states else model.state != "ended"
    rank = case(_ORDER, value=model.office, else_=len(_ORDER))
    return list(
        session.scalars(
            select(model).where(model.within_id == whole.id, wanted).order_by(rank, model.title_order, model.id)
        )
    )


def _paper(session: Session, row: Any) -> Any:
    made = o.LetterCard if row.paper_kind == "letter" else o.OfficeCard
    prepared = session.get(Person, row.responsible_id) if row.responsible_id else None
    return made(
        heading=row.title, points=lines(row.points), ground=row.ground, addressee=lines(row.addressee), annexes=lines(row.annexes),
        control=person_as_expert(session, row.control_id), prepared_by=naming.name_of(prepared) if prepared else None,
    )  # fmt: skip


def _composition(session: Session, row: Any) -> o.CompositionCard:
    members = in_order(session, "body_member", row)
    if not members:
        raise NotYet((_EMPTY,))
    today = deadlines.today(session, row.municipality_id)
    there = [one for one in members if one.until is None or one.until >= today]
    return o.CompositionCard(
        body_g=row.genitive, members=tuple(o.InBody(named(session, one), chosen_words(one, "office")) for one in there)
    )


GATHER: Final[Mapping[type | None, Callable[[Session, Any], Any]]] = {
    o.OfficeCard: _paper, o.LetterCard: _paper, o.CompositionCard: _composition,
}  # fmt: skip
