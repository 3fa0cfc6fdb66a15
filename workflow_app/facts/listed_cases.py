"""Cases as rows of lists and annexes: who, where, what about, examined by whom, with what verdict; a constant number of statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from workflow_app.case_types.registry import case_type
from workflow_app.db.models import Assignment, Case, CriteriaRow, Document, Person
from workflow_app.documents.content.assessment_cards import Expert
from workflow_app.documents.lists.columns import ListRow
from workflow_app.facts import assessment, deadlines, naming

LIVE: Final = ("accepted", "in_work", "signed", "consolidated")
_CATEGORIES: Final = {
    "first": "первая", "highest": "высшая", "methodist": "педагог-методист", "mentor": "педагог-наставник",
}  # fmt: skip


def with_people(found: Select[Case]) -> Select[Case]:
    """Let a statement read what the rows of its cases are made of."""
    return found.options(
        joinedload(Case.applicant).joinedload(Person.organization), joinedload(Case.organization), selectinload(Case.co_authors),
        selectinload(Case.assignments).joinedload(Assignment.expert).joinedload(Person.organization),
    )  # fmt: skip


def rows_of(session: Session, cases: Sequence[Case], *, experts: tuple[str, ...] = ()) -> list[ListRow]:
    """Return the rows of cases read :func:`with_people`, in their order; ``experts``: the states of assignments that are shown."""
    conclusions = _conclusions(session, [one.id for one in cases])
    sheets = session.scalars(select(CriteriaRow).where(CriteriaRow.id.in_({one.criteria_id for one in cases}))).all()
    rows = [_row(session, one, conclusions, experts) for one in cases]
    del sheets  # held until here, so that the session need not read a sheet anew for every case
    return rows


def _conclusions(session: Session, ids: Sequence[int]) -> dict[int, Document]:
    found = select(Document).where(
        Document.case_id.in_(ids), Document.document_kind == "consolidated_conclusion", Document.state == "issued"
    )
    return {one.case_id or 0: one for one in session.scalars(found.order_by(Document.id))}


def _row(session: Session, case: Case, conclusions: Mapping[int, Document], states: tuple[str, ...]) -> ListRow:
    of_type = case_type(case.type)
    paper = conclusions.get(case.id)
    target = str(case.form.get("target_category") or "")
    experts = [one for one in case.assignments if one.round == case.round and one.state in states]
    attested, lead = of_type.shape.attestation, case.lead_id or case.meant_lead_id
    return ListRow(
        case_number=case.number or "", applicant_id=case.applicant_id, applicant=naming.name_of(case.applicant),
        position=naming.position_of(str(case.form.get("position") or case.applicant.position)),
        organisation=naming.organisation_of(case.organization or case.applicant.organization), title=case.title, attestation=attested,
        conclusion_number=(paper.number or "") if paper else "", conclusion_date=paper.dated if paper else None,
        verdict=assessment.sheet_of(session, case).verdict(case.verdict).text if case.verdict and case.criteria_id else "",
        category=_CATEGORIES.get(target, ""), form="всесторонний анализ" if attested else "экспертиза",
        begins=case.attestation_on or _day(session, case), ends=case.decision_due or case.due_on,
        experts=tuple(map(_expert, experts)), lead=next((_expert(one) for one in experts if one.expert_id == lead), None),
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
