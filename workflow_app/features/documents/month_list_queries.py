"""The rows of the month's lists: cases that the reader may see, in a constant number of statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, exists, not_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload, selectinload

from workflow_app import clock
from workflow_app.case_types.registry import CASE_TYPES, case_type
from workflow_app.db.models import Assignment, Case, CriteriaRow, Document, Person
from workflow_app.documents.content.assessment_cards import Expert, Signature
from workflow_app.documents.lists.lists import ListMaterial, ListRow
from workflow_app.facts import assessment, deadlines, involvement, naming
from workflow_app.facts.standings import visible
from workflow_app.states.vocabulary import Actor, Permission

MOST: Final = 300  # cases in one list
_LIVE: Final = ("accepted", "in_work", "signed", "consolidated")
_ATTESTATION: Final = tuple(key for key, kind in CASE_TYPES.items() if kind.shape.attestation)
_CATEGORIES: Final = {
    "first": "первая",
    "highest": "высшая",
    "methodist": "педагог-методист",
    "mentor": "педагог-наставник",
}
_MONTHS: Final = (
    "январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь",
)  # fmt: skip


def month_words(first: date) -> str:
    """«ноябрь 2026 г.»."""
    return f"{_MONTHS[first.month - 1]} {first.year} г."


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


def _order(first: date, zone: ZoneInfo) -> ColumnElement[bool]:
    """What waits for its approval since this month. What is approved has an order of its own: none is approved twice.

    A director's own work is left out: no order of theirs approves it.
    """
    waits = and_(Case.state == "on_approval", _moments(Case.state_since, first, zone))
    return and_(Case.type.not_in(_ATTESTATION), waits, not_(involvement.of_a_director()))


def _groups(first: date, zone: ZoneInfo) -> ColumnElement[bool]:
    mine = (Assignment.case_id == Case.id, Assignment.round == Case.round, Assignment.state.in_(_LIVE))
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
    "order": (Permission.SEE_CONCLUSION, _order), "groups": (Permission.SEE_EXPERTS, _groups),
    "schedule": (Permission.SEE_EXPERTS, _schedule), "handover": (Permission.SEE_CONCLUSION, _handover),
}  # fmt: skip
_SHOWS_EXPERTS: Final = frozenset({"groups", "schedule"})


def material(session: Session, actor: Actor, key: str, first: date) -> ListMaterial:
    """Return what a list of a month is made from; ``first`` is the month's first day."""
    today = deadlines.today(session, actor.municipality_id)
    centre = naming.centre_card(session, actor.municipality_id, today)
    person = session.get(Person, actor.person_id) if actor.person_id else None
    executor = person or naming.director_of(session, actor.municipality_id)
    return ListMaterial(
        centre, tuple(_rows(session, actor, key, first)), month_words(first), clock.now(),
        Signature("paper", centre.director, centre.director_position), naming.name_of(executor), naming.position_of(executor.position),
    )  # fmt: skip


def _rows(session: Session, actor: Actor, key: str, first: date) -> list[ListRow]:
    permission, which = WANTED[key]
    zone = ZoneInfo(deadlines.zone_of(session, actor.municipality_id))
    found = (
        select(Case)
        .where(Case.municipality_id == actor.municipality_id, Case.number.is_not(None), which(first, zone))
        .where(visible(actor, permission).condition)
        .options(
            joinedload(Case.applicant).joinedload(Person.organization), joinedload(Case.organization),
            selectinload(Case.assignments).joinedload(Assignment.expert).joinedload(Person.organization),
        )
        .order_by(Case.number_order).limit(MOST)
    )  # fmt: skip
    cases = session.scalars(found).unique().all()
    conclusions = _conclusions(session, [one.id for one in cases])
    sheets = session.scalars(select(CriteriaRow).where(CriteriaRow.id.in_({one.criteria_id for one in cases}))).all()
    rows = [_row(session, one, conclusions, shows_experts=key in _SHOWS_EXPERTS) for one in cases]
    del sheets  # held until here, so that the session need not read a sheet anew for every case
    return rows


def _conclusions(session: Session, ids: Sequence[int]) -> dict[int, Document]:
    found = select(Document).where(
        Document.case_id.in_(ids), Document.document_kind == "consolidated_conclusion", Document.state == "issued"
    )
    return {one.case_id or 0: one for one in session.scalars(found.order_by(Document.id))}


def _row(session: Session, case: Case, conclusions: Mapping[int, Document], *, shows_experts: bool) -> ListRow:
    of_type = case_type(case.type)
    paper = conclusions.get(case.id)
    target = str(case.form.get("target_category") or "")
    experts = (
        [one for one in case.assignments if one.round == case.round and one.state in _LIVE] if shows_experts else []
    )
    attested = of_type.shape.attestation
    return ListRow(
        case_number=case.number or "", applicant_id=case.applicant_id, applicant=naming.name_of(case.applicant),
        position=naming.position_of(str(case.form.get("position") or case.applicant.position)),
        organisation=naming.organisation_of(case.organization or case.applicant.organization), title=case.title, attestation=attested,
        conclusion_number=(paper.number or "") if paper else "", conclusion_date=paper.dated if paper else None,
        verdict=assessment.sheet_of(session, case).verdict(case.verdict).text if case.verdict and case.criteria_id else "",
        category=_CATEGORIES.get(target, ""), form="всесторонний анализ" if attested else "экспертиза",
        begins=case.attestation_on or _day(session, case), ends=case.decision_due or case.due_on,
        experts=tuple(map(_expert, experts)), lead=next((_expert(one) for one in experts if one.expert_id == case.lead_id), None),
    )  # fmt: skip


def _day(session: Session, case: Case) -> date | None:
    """The day of registration, as the municipality's clock has it."""
    zone = ZoneInfo(deadlines.zone_of(session, case.municipality_id))
    return case.registered_at.astimezone(zone).date() if case.registered_at else None


def _expert(one: Assignment) -> Expert:
    person = one.expert
    return Expert(
        naming.name_of(person), naming.position_of(person.position), naming.organisation_of(person.organization)
    )
