"""The lists that sheets name: from the data files, from rows, by search. One place, so that a form and its check agree."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, lazyload

from workflow_app import data
from workflow_app.assessment.criteria import from_data
from workflow_app.case_types.registry import CASE_TYPES, case_type
from workflow_app.db.models import Case, CriteriaRow, Document, Person
from workflow_app.documents.kinds.registry import KINDS
from workflow_app.errors import N_
from workflow_app.facts import assessment, pickers
from workflow_app.facts.subjects import typed_form
from workflow_app.states.forms import Choice, Known, Lists, asks
from workflow_app.states.vocabulary import Actor

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


class _Named(Mapping[str, Known]):
    """Lists by name, each made when it is asked for, and once."""

    def __init__(self, makers: Mapping[str, Callable[[], Known]]) -> None:
        self._makers, self._made = makers, dict[str, Known]()

    def __getitem__(self, name: str) -> Known:
        if name not in self._made:
            self._made[name] = self._makers[name]()
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


def general(session: Session, municipality_id: int, *kept: object) -> Lists:
    """Return the lists that need no case; ``kept``: the organisations that stand in the row already."""
    return _Named(_general(session, municipality_id, kept, ()))


def _general(
    session: Session, municipality_id: int, places: Iterable[object], people: Iterable[object]
) -> dict[str, Callable[[], Known]]:
    found: dict[str, Callable[[], Known]] = {name: partial(of_file, name) for name in _FILES}
    return found | {
        "case_types": lambda: tuple(Choice(one.key, one.title) for one in CASE_TYPES.values()),
        "organizations": lambda: pickers.organizations(session, municipality_id).keeping(places),
        "people": lambda: pickers.people(session, municipality_id).keeping(people),
        "coordinators": lambda: pickers.people(session, municipality_id, "coordinator"),
    }


def opening(session: Session, actor: Actor) -> Lists:
    """Return the lists of whoever opens a case: with the people of the actor's own organisation, for its officer."""
    mine = {"school_people": lambda: _of_school(session, actor)}
    return _Named(_general(session, actor.municipality_id, (), ()) | mine)


def _of_school(session: Session, actor: Actor) -> tuple[Choice, ...]:
    found = select(Person).where(
        Person.municipality_id == actor.municipality_id, Person.organization_id == actor.organization_id, Person.state != "blocked"
    ).options(lazyload(Person.organization), lazyload(Person.memberships), lazyload(Person.expert))  # fmt: skip
    return tuple(Choice(str(one.id), N_(one.full_name)) for one in session.scalars(found.order_by(Person.name_order)))


def of_case(session: Session, case: Case, *forms: Mapping[str, Any], reader: int | None = None) -> Lists:
    """Return every list that a sheet of this case may name; ``forms``: its older ones, where what they name is to be told.

    ``reader``: who is told how busy people are; None: nobody is.
    """
    places = [one.get("organization_id") for one in (case.form or {}, *forms)]
    return _Named(_general(session, case.municipality_id, places, (case.applicant_id,)) | {
        "decline_grounds": lambda: case_type(case.type).grounds,
        "attachment_kinds": lambda: tuple(Choice(one.key, one.title) for one in case_type(case.type).attachments),
        "form_fields": lambda: _form_fields(case),
        "report_sections": lambda: report_sections(session, case),
        "verdicts": lambda: verdicts(session, case),
        "case_experts": lambda: tuple(
            Choice(str(one.expert_id), N_(one.expert.full_name))
            for one in case.assignments
            if one.round == case.round and one.state in ("accepted", "in_work", "signed", "consolidated")
        ),
        "signed_sheets": lambda: tuple(Choice(str(one.id), N_(one.expert.full_name)) for one in assessment.counted(case)),
        "panel_people": lambda: pickers.panel(session, case, reader),
        "issued_kinds": lambda: issued_kinds(session, case),
    })  # fmt: skip


def _form_fields(case: Case) -> tuple[Choice, ...]:
    kind = case_type(case.type)
    return (
        *(Choice(name, how.label) for name, how in asks(kind.form).items() if not how.server),
        *(Choice(f"attachment:{one.key}", one.title) for one in kind.attachments),
    )


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
