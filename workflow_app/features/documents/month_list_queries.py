"""The rows of the month's lists: cases that the reader may see, in a constant number of statements."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from workflow_app import clock
from workflow_app.case_types.registry import CASE_TYPES
from workflow_app.db.models import Assignment, Case, Person
from workflow_app.documents.content.assessment_cards import Signature
from workflow_app.documents.lists.lists import ListMaterial, ListRow
from workflow_app.facts import deadlines, listed_cases, naming
from workflow_app.facts.month_orders import month_words
from workflow_app.facts.standings import visible
from workflow_app.states.vocabulary import Actor, Permission

MOST: Final = 300  # cases in one list
_ATTESTATION: Final = tuple(key for key, kind in CASE_TYPES.items() if kind.shape.attestation)


def _next(first: date) -> date:
    return (first.replace(day=1) + timedelta(days=32)).replace(day=1)


def _within(column: InstrumentedAttribute[date | None], first: date) -> ColumnElement[bool]:
    """A day of this month."""
    return and_(column >= first, column < _next(first))


def _moments(
    column: InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None], first: date, zone: ZoneInfo
) -> ColumnElement[bool]:
    """A moment of this month, which begins at the municipality's own midnight."""
    return and_(column >= _midnight(first, zone), column < _midnight(_next(first), zone))


def _midnight(first: date, zone: ZoneInfo) -> datetime:
    return datetime(first.year, first.month, 1, tzinfo=zone).astimezone(UTC)


def _groups(first: date, zone: ZoneInfo) -> ColumnElement[bool]:
    mine = (Assignment.case_id == Case.id, Assignment.round == Case.round, Assignment.state.in_(listed_cases.LIVE))
    return exists().where(*mine, _moments(Assignment.invited_at, first, zone))


def _schedule(first: date, zone: ZoneInfo) -> ColumnElement[bool]:
    """Whose term overlaps the month: from the day of attestation, or of registration, to the day it is due."""
    attested = and_(Case.attestation_on < _next(first), Case.decision_due >= first)
    others = and_(
        Case.attestation_on.is_(None), Case.registered_at < _midnight(_next(first), zone), Case.due_on >= first
    )
    return and_(
        Case.state.in_(("registered", "assigning", "in_review", "third_review", "consolidation", "on_approval")),
        or_(attested, others),
    )


def _handover(first: date, _zone: ZoneInfo) -> ColumnElement[bool]:
    return and_(Case.type.in_(_ATTESTATION), _within(Case.sent_on, first))


# By list: what the reader must be allowed to see of a case, and which cases it holds.
WANTED: Final = {
    "groups": (Permission.SEE_EXPERTS, _groups),
    "schedule": (Permission.SEE_EXPERTS, _schedule), "handover": (Permission.SEE_CONCLUSION, _handover),
}  # fmt: skip
_SHOWS_EXPERTS: Final = frozenset({"groups", "schedule"})


def material(session: Session, actor: Actor, key: str, first: date) -> ListMaterial:
    """Return what a list of a month is made from; ``first`` is the month's first day."""
    now = clock.now().astimezone(ZoneInfo(deadlines.zone_of(session, actor.municipality_id)))
    today = now.date()
    centre = naming.centre_card(session, actor.municipality_id, today)
    person = session.get(Person, actor.person_id) if actor.person_id else None
    executor = person or naming.director_of(session, actor.municipality_id)
    return ListMaterial(
        centre, tuple(_rows(session, actor, key, first)), month_words(first), now,
        Signature("paper", centre.director, centre.director_position), naming.name_of(executor), naming.position_of(executor.position),
    )  # fmt: skip


def _rows(session: Session, actor: Actor, key: str, first: date) -> list[ListRow]:
    permission, which = WANTED[key]
    zone = ZoneInfo(deadlines.zone_of(session, actor.municipality_id))
    found = (
        select(Case)
        .where(Case.municipality_id == actor.municipality_id, Case.number.is_not(None), which(first, zone))
        .where(visible(actor, permission).condition)
        .order_by(Case.number_order).limit(MOST)
    )  # fmt: skip
    cases = session.scalars(listed_cases.with_people(found)).unique().all()
    return listed_cases.rows_of(session, cases, experts=listed_cases.LIVE if key in _SHOWS_EXPERTS else ())
