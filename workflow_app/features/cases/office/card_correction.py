"""A correction of the card: everything that was entered is checked by the rules of the submission and takes effect everywhere.

What rests on the old card is done anew: the frozen version, the pinned criteria sheet, the legal terms, the conflicts of the
experts. Papers that still say what stood before are remembered, so that the director is offered to issue them again.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow_app.case_types.registry import case_type
from workflow_app.db.models import Case, Document, Organization, Person
from workflow_app.documents.docx import plain_text
from workflow_app.documents.kinds.registry import KINDS
from workflow_app.errors import N_, Broken, Invalid
from workflow_app.facts import choices, deadlines, involvement
from workflow_app.features.cases.effects_intake import freeze, link_co_authors, pin
from workflow_app.gate import effect
from workflow_app.gate.issuing import Scene, preview
from workflow_app.states.definitions.case.forms import BY_SCHOOL, Amend
from workflow_app.states.forms import Problems, asks, to_json
from workflow_app.states.vocabulary import Actor

# Until the experts are appointed the category and the post decide who judges by which sheet; later they are settled.
_OPEN = ("submitted", "registered", "assigning")
SETTLED = N_("После назначения экспертов это не меняют: аннулируйте дело и заведите новое.")
_REGISTERED = ("applicant_id", "channel", "received_at", "outside_number", "attestation_on", "attestation_place")


def standing(case: Case) -> dict[str, Any]:
    """Return the card as it stands: JSON values by the names of the sheet."""
    form = {name: case.form.get(name) for name in asks(case_type(case.type).form)}
    return form | {"title": case.title} | {name: to_json(getattr(case, name)) for name in _REGISTERED}


def before(case: Case) -> dict[str, str]:
    """Return the card as the sheet keeps it beside the corrections (``Amend.was``)."""
    told = {name: json.dumps(value, ensure_ascii=False, sort_keys=True) for name, value in standing(case).items()}
    return {name: value for name, value in told.items() if json.loads(value) not in (None, "", [], {}, False)}


def kept(case: Case) -> tuple[str, ...]:
    """Return what a correction does not touch in this case now: it is shown as it stands and carried over."""
    kind = case_type(case.type)
    found = () if case.state in _OPEN else kind.settled
    if case.channel == "web":  # the applicant entered it: it is nobody else's
        found += ("applicant_id", "channel")
    if case.attestation_on is None:
        found += ("attestation_on", "attestation_place")
    return found


@effect.register
def _amend(sheet: Amend, session: Session, actor: Actor, subject: Case) -> None:
    if dict(sheet.was or {}) != before(subject):
        raise Broken("what a correction says stood before is not what stands")
    filled, old = to_json(sheet), subject.form
    form = {**old, **{name: filled[name] for name in asks(case_type(subject.type).form)}}
    if found := _wrong(session, actor, subject, sheet, form):
        raise Invalid(found)
    papers = _in_force(session, subject)
    said = {one.id: _said(session, actor, subject, sheet, one) for one in papers}
    known = involvement.unlifted(session, [subject])
    _enter(session, subject, sheet, form)
    _drop_sections(session, subject, old)
    session.flush()
    session.refresh(subject, ["applicant", "organization"])
    if subject.form != old:
        freeze(session, subject)
    for one in papers:
        one.outdated = one.outdated or said[one.id] != _said(session, actor, subject, sheet, one)
    involvement.note(session, subject, known)


def _wrong(session: Session, actor: Actor, case: Case, sheet: Amend, form: dict[str, Any]) -> Problems:
    """Return what bars the correction: what is settled, R6, people and places that are none of ours, dates that cannot be."""
    kind, today, stood = case_type(case.type), deadlines.today(session, case.municipality_id), standing(case)
    filled = to_json(sheet)
    found: Problems = {
        name: (SETTLED if name in kind.settled else N_("Этого в деле не меняют."),)
        for name in kept(case)
        if filled[name] != stood[name]
    }
    applicant = session.get(Person, sheet.applicant_id)
    if applicant is None or applicant.municipality_id != case.municipality_id:
        found["applicant_id"] = (N_("Такого человека нет среди людей муниципалитета."),)
    elif applicant.id == actor.person_id:
        found["applicant_id"] = (N_("Себя заявителем указать нельзя: дело ведёт тот, кто в нём не участвует."),)
    if case.channel != "web" and sheet.channel == "web":
        found["channel"] = (N_("Дело внёс координатор: через систему оно не поступало."),)
    if sheet.channel == BY_SCHOOL != case.channel:
        found["channel"] = (N_("Ответственный от организации этого дела не вносил."),)
    place = session.get(Organization, form["organization_id"])
    if place is None or place.municipality_id != case.municipality_id:
        found["organization_id"] = (N_("Такой организации нет в списке."),)
    found |= kind.bars(form, sheet.received_at or today)  # R6, as of the day on which the papers came
    return found | _wrong_dates(case, sheet, today)


def _wrong_dates(case: Case, sheet: Amend, today: date) -> Problems:
    wanted = N_("Обязательное поле: заполните его.")
    found: Problems = {}
    if sheet.received_at is None and case.received_at is not None:
        found["received_at"] = (wanted,)
    elif sheet.received_at is not None and sheet.received_at > today:
        found["received_at"] = (N_("Дата поступления не может быть в будущем."),)
    if sheet.attestation_on is None and case.attestation_on is not None:
        found["attestation_on"] = (wanted,)
    elif sheet.attestation_on is not None and abs((sheet.attestation_on - today).days) > 366:  # noqa: PLR2004 - a year
        found["attestation_on"] = (N_("Дата аттестации дальше года: проверьте год."),)
    return found


def _enter(session: Session, case: Case, sheet: Amend, form: dict[str, Any]) -> None:
    """Write the card, and what follows from it: the co-authors, the legal terms (R8, R9), the criteria sheet (R27)."""
    case.form, case.title, case.organization_id = form, str(form["title"]), form["organization_id"]
    for name in _REGISTERED:
        setattr(case, name, getattr(sheet, name))
    link_co_authors(session, case, tuple(form.get("co_authors") or ()))
    if case.consideration_due is not None and case.received_at is not None:
        case.consideration_due = deadlines.due_from(session, case, "consideration", case.received_at).day
    if case.decision_due is not None and case.attestation_on is not None:
        case.decision_due = deadlines.due_from(session, case, "decision", case.attestation_on).day
        if case.state == "sent_to_commission":
            case.due_on = case.decision_due
    if case.state == "assigning":
        pin(session, case)


def _drop_sections(session: Session, case: Case, old: dict[str, Any]) -> None:
    """Leave out texts by criteria that the sheet of another category does not have, as a submission does; the event keeps them."""
    kind = case_type(case.type)
    if "report" in case.form and kind.criteria(case.form) != kind.criteria(old):
        known = {one.value for one in choices.report_sections(session, case)}
        case.form = {**case.form, "report": {key: text for key, text in case.form["report"].items() if key in known}}


def outdated(session: Session, case: Case) -> list[Document]:
    """Return the papers in force that say what stood before a correction."""
    return [one for one in _in_force(session, case) if one.outdated]


def _in_force(session: Session, case: Case) -> list[Document]:
    """Return the case's own papers of this round that are in force and that the program composes: those that can be issued again."""
    found = select(Document).where(
        Document.case_id == case.id, Document.state == "issued", Document.assignment_id.is_(None),
        Document.round == case.round, Document.document_kind.in_(KINDS),
    )  # fmt: skip
    return list(session.scalars(found.order_by(Document.id)))


def _said(session: Session, actor: Actor, case: Case, sheet: Amend, paper: Document) -> str:
    """Return what the paper would say if it were issued now: compared before and after, it tells whom the correction concerns."""
    today = deadlines.today(session, case.municipality_id)
    return plain_text.text(preview(Scene(session, case, None, actor, sheet, today), paper.document_kind))
