"""What the transitions of an assignment do to rows."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow_app import clock
from workflow_app.assessment import outcome
from workflow_app.db.models import Assignment, Case, Consent, Document, Person
from workflow_app.errors import N_, Invalid
from workflow_app.facts import assessment, involvement
from workflow_app.facts.consent_texts import version_of
from workflow_app.facts.subjects import has_consent
from workflow_app.gate import effect, entail
from workflow_app.states.definitions import people as p
from workflow_app.states.definitions import review_forms as r
from workflow_app.states.definitions.case.forms import LeadOfCommission, Reason
from workflow_app.states.forms import Nothing, to_json
from workflow_app.states.vocabulary import Actor, system


@effect.register
def _invited(sheet: r.Invitation, session: Session, actor: Actor, subject: Assignment) -> None:
    del actor
    subject.warnings, subject.reason = [*sheet.warnings], sheet.reason
    if sheet.lifted_by:
        _lifted(session, subject, sheet.lifted_by)


@effect.register
def _lift(sheet: r.LiftConflict, session: Session, actor: Actor, subject: Assignment) -> None:
    """Let the expert go on: for the organisation where they work now, not for whatever comes later (0a.13)."""
    del actor
    _lifted(session, subject, sheet.reason)


def _lifted(session: Session, assignment: Assignment, reason: str) -> None:
    place = session.get_one(Person, assignment.expert_id).organization_id
    assignment.lifted = {"organization": place, "reason": reason}
    assignment.warnings = [*assignment.warnings, str(N_("Запрет снят решением директора: %(what)s", what=reason))]


@effect.register
def _accept(sheet: r.Declaration, session: Session, actor: Actor, subject: Assignment) -> None:
    """Accept with the declaration: material opens only after it (R17). The signature agreement may come with it (R35)."""
    subject.declared_at, subject.declaration = clock.now(), to_json(sheet)
    if sheet.agreement and not has_consent(session, subject.expert_id, "simple_signature"):
        version = version_of("simple_signature_agreement")
        consent = Consent(
            municipality_id=subject.municipality_id, person_id=subject.expert_id, consent_kind="simple_signature",
            text_version=version, given_at=clock.now(), ip=actor.ip,
        )  # fmt: skip
        given = p.GiveConsent(kind="simple_signature", text_version=version, ip=actor.ip)
        entail(session, actor, consent, None, given)
    case = session.get_one(Case, subject.case_id)
    if case.meant_lead_id == subject.expert_id and case.lead_id is None and case.state == "assigning":
        entail(session, system(case.municipality_id), case, "lead_of_commission", LeadOfCommission())


@effect.register
def _refuse(sheet: r.Refuse, session: Session, actor: Actor, subject: Assignment) -> None:
    del session, actor
    subject.refusal = to_json(sheet)


@effect.register(r.Recuse)
@effect.register(r.Remove)
@effect.register(r.VoidSheet)
@effect.register(r.CancelInvitation)
@effect.register(r.CallOff)
@effect.register(r.Annul)
def _ended(sheet: Reason, session: Session, actor: Actor, subject: Assignment) -> None:
    """Keep why the assignment ended; access ends with the state (R18). A void sheet's documents are void too."""
    del actor
    subject.ended = sheet.reason
    if isinstance(sheet, (r.VoidSheet, r.Annul)):
        issued = select(Document).where(Document.assignment_id == subject.id, Document.state == "issued")
        for one in session.scalars(issued.order_by(Document.id)):
            entail(session, system(subject.municipality_id), one, "void", Nothing())
    case = session.get_one(Case, subject.case_id)
    if case.lead_id == subject.expert_id and not isinstance(
        sheet, (r.CallOff, r.Annul)
    ):  # whose sheet comes back leads on
        case.lead_id = None


@effect.register
def _sign(sheet: r.ReviewSheet, session: Session, actor: Actor, subject: Assignment) -> None:
    """Sign the sheet if it passes R20 to R22 on the pinned criteria; the verdict is computed (decisions.md 20)."""
    del actor
    case = session.get_one(Case, subject.case_id)
    criteria = assessment.sheet_of(session, case)
    review = to_json(sheet)
    found = outcome.problems(criteria, assessment.marks_of(review), sheet.verdict or None)
    if found:
        raise Invalid(dict(found))
    if criteria.mode == "words" and not sheet.verdict:
        raise Invalid({"verdict": (N_("Выберите вывод: он не вычисляется."),)})
    subject.review = review
    percent, verdict = assessment.own(session, case, subject)
    subject.percent = percent if isinstance(percent, Decimal) else None
    subject.verdict, subject.signed_at, subject.signed_how = verdict, clock.now(), sheet.how
    involvement.note(session, case)


@effect.register
def _agree(sheet: r.Agree, session: Session, actor: Actor, subject: Assignment) -> None:
    del actor
    _answered(session, subject, sheet.how)
    subject.dissent = ""


@effect.register
def _dissent(sheet: r.Dissent, session: Session, actor: Actor, subject: Assignment) -> None:
    """Sign with a dissenting opinion: it is printed (0a.8)."""
    del actor
    _answered(session, subject, sheet.how)
    subject.dissent = sheet.opinion


def _answered(session: Session, assignment: Assignment, how: str) -> None:
    case = session.get_one(Case, assignment.case_id)
    assignment.answered, assignment.answered_at, assignment.answered_how = case.circulation, clock.now(), how


@effect.register
def _join(sheet: r.JoinCommon, session: Session, actor: Actor, subject: Assignment) -> None:
    del sheet, session, actor
    subject.common_answer = "agreed"


@effect.register
def _differ(sheet: r.DissentCommon, session: Session, actor: Actor, subject: Assignment) -> None:
    del session, actor
    subject.common_answer, subject.common_opinion = "dissent", sheet.opinion
