"""The closed lists that sheets name: from the data files and from rows. One place, so that a form and its check agree."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow_app import data
from workflow_app.assessment.criteria import from_data
from workflow_app.case_types.registry import CASE_TYPES, case_type
from workflow_app.db.models import Case, CriteriaRow, Document, Membership, Organization, Person
from workflow_app.documents.kinds.registry import KINDS
from workflow_app.errors import N_
from workflow_app.facts import assessment
from workflow_app.facts.candidates import panel_conflicts
from workflow_app.facts.subjects import typed_form
from workflow_app.states.forms import Choice, Lists, asks

# The programme's own wording is not translated: it is data of the centre.
_FILES = {
    "positions": ("positions", "positions", "nominative"), "subject_areas": ("subject_areas", "areas", "title"),
    "education_levels": ("education_levels", "levels", "title"), "directions": ("directions", "directions", "title"),
    "refusal_reasons": ("refusal_reasons", "reasons", "text"), "held_categories": ("categories", "held", "title"),
}  # fmt: skip
OF_FORMS = frozenset({*_FILES, "organizations", "people", "report_sections"})
"""The lists that the form of a case type may name."""


@cache
def of_file(name: str) -> tuple[Choice, ...]:
    """Return a list of the data files by its name in sheets."""
    file, key, label = _FILES[name]
    return tuple(Choice(one["key"], N_(one[label])) for one in data.load(file)[key])


def organizations(session: Session, municipality_id: int) -> tuple[Choice, ...]:
    """Return the active organisations of a municipality's directory."""
    rows = session.scalars(
        select(Organization)
        .where(Organization.municipality_id == municipality_id, Organization.state == "active")
        .order_by(Organization.name_order, Organization.id)
    )
    return tuple(Choice(str(one.id), N_(one.name)) for one in rows)


def people(session: Session, municipality_id: int, role: str | None = None) -> tuple[Choice, ...]:
    """Return people of a municipality, by name, with a role when one is named."""
    names = (Person.last_name, Person.first_name, Person.middle_name)
    found = select(Person.id, *names).where(Person.municipality_id == municipality_id, Person.state != "blocked")
    if role is not None:
        found = found.join(Membership, Membership.person_id == Person.id).where(
            Membership.role == role, Membership.municipality_id == municipality_id
        )
    rows = session.execute(found.order_by(Person.name_order, Person.id))
    return tuple(Choice(str(id_), N_(" ".join(filter(None, name)))) for id_, *name in rows)


def general(session: Session, municipality_id: int) -> dict[str, Sequence[Choice]]:
    """Return the lists that need no case."""
    found: dict[str, Sequence[Choice]] = {name: of_file(name) for name in _FILES}
    found["case_types"] = tuple(Choice(one.key, one.title) for one in CASE_TYPES.values())
    found["organizations"] = organizations(session, municipality_id)
    found["people"] = people(session, municipality_id)
    return found


def of_case(session: Session, case: Case) -> Lists:
    """Return every list that a sheet of this case may name."""
    kind = case_type(case.type)
    found = general(session, case.municipality_id)
    found["decline_grounds"] = kind.grounds
    found["attachment_kinds"] = tuple(Choice(one.key, one.title) for one in kind.attachments)
    found["form_fields"] = (
        *(Choice(name, how.label) for name, how in asks(kind.form).items() if not how.server),
        *(Choice(f"attachment:{one.key}", one.title) for one in kind.attachments),
    )
    found["report_sections"] = report_sections(session, case)
    found["verdicts"] = verdicts(session, case)
    now = [one for one in case.assignments if one.round == case.round]
    found["case_experts"] = tuple(
        Choice(str(one.expert_id), N_(one.expert.full_name))
        for one in now
        if one.state in ("accepted", "in_work", "signed", "consolidated")
    )
    found["signed_sheets"] = tuple(Choice(str(one.id), N_(one.expert.full_name)) for one in assessment.counted(case))
    found["panel_people"] = panel_people(session, case)
    found["issued_kinds"] = issued_kinds(session, case)
    return found


def panel_people(session: Session, case: Case) -> tuple[Choice, ...]:
    """Return who may sit on the appeal panel: experts who were not involved; nobody while there is no appeal."""
    if case.state != "appealed":
        return ()
    barred = {id_ for id_, found in panel_conflicts(session, case).items() if found.bars}
    return tuple(one for one in people(session, case.municipality_id, "expert") if int(one.value) not in barred)


def report_sections(session: Session, case: Case) -> tuple[Choice, ...]:
    """Return the sections of an attestation's report: one per criterion of the category's sheet."""
    if not case_type(case.type).shape.attestation:
        return ()
    key = case_type(case.type).criteria(typed_form(session, case))
    row = criteria_in_force(session, case.municipality_id, key)
    return tuple(Choice(one.key, N_(one.title)) for one in from_data(row.data).criteria) if row else ()


def criteria_in_force(session: Session, municipality_id: int, key: str) -> CriteriaRow | None:
    """Return the version of a criteria sheet that is in force."""
    return session.scalar(
        select(CriteriaRow).where(
            CriteriaRow.municipality_id == municipality_id, CriteriaRow.key == key, CriteriaRow.state == "in_force"
        )
    )


def verdicts(session: Session, case: Case) -> tuple[Choice, ...]:
    """Return the verdicts of the case's pinned criteria sheet."""
    if case.criteria_id is None:
        return ()
    return tuple(Choice(one.key, N_(one.text)) for one in assessment.sheet_of(session, case).verdicts)


def renewed(case: Case, key: str) -> tuple[str, ...]:
    """Return the kinds that are issued anew with a paper of kind ``key``, where they are in force: they name its version."""
    return (key, *(one for one in KINDS[key].named_in if case.state in (KINDS[one].renewed_in or (case.state,))))


def issued_kinds(session: Session, case: Case) -> tuple[Choice, ...]:
    """Return the kinds of the case's own documents that are in force."""
    rows = session.scalars(
        select(Document.document_kind).where(
            Document.case_id == case.id,
            Document.state == "issued",
            Document.assignment_id.is_(None),
            Document.round == case.round,
        )
    )
    return tuple(Choice(key, KINDS[key].title) for key in sorted(set(rows)) if key in KINDS)
