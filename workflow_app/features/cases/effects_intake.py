"""What the transitions of a case do to rows, from the draft to the review. One function a sheet class."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflow_app import clock
from workflow_app.case_types.declaration import CaseForm
from workflow_app.case_types.registry import case_type
from workflow_app.db import hash_chain
from workflow_app.db.models import Assignment, Case, CaseVersion, CoAuthor, Document, Municipality, Organization, Person
from workflow_app.errors import N_, Broken, Invalid, NotYet
from workflow_app.facts import assessment, deadlines, involvement
from workflow_app.facts.choices import criteria_in_force
from workflow_app.facts.subjects import missing_with
from workflow_app.gate import effect, entail
from workflow_app.states.definitions import review_forms as r
from workflow_app.states.definitions.case import forms as s
from workflow_app.states.forms import Nothing, to_json
from workflow_app.states.vocabulary import Actor, system


@effect.register
def _new_case(sheet: s.NewCase, session: Session, actor: Actor, subject: Case) -> None:
    """Open a draft for the actor, on behalf of the applicant named, or for a teacher of the school whose officer enters it."""
    applicant_id, channel = s.entered_for(sheet, actor.person_id)
    applicant = session.get(Person, applicant_id)
    if applicant is None or applicant.municipality_id != subject.municipality_id:
        raise Invalid({"applicant_id": (N_("Такого человека нет среди людей муниципалитета."),)})
    if subject.applicant_id != applicant.id:
        raise Broken("the applicant of a new case differs from its sheet")
    if (
        channel == s.BY_SCHOOL and applicant.organization_id != subject.organization_id
    ):  # the guard has asked about the row's
        raise Invalid({"applicant_id": (N_("Такого педагога в вашей организации нет."),)})
    subject.title, subject.entered_by_id = sheet.title, actor.person_id
    subject.channel = channel
    subject.organization_id = applicant.organization_id
    known = {"title": sheet.title, "organization_id": applicant.organization_id, "position": applicant.position}
    subject.form = {key: value for key, value in known.items() if value}
    subject.required = 0


@effect.register
def _submit(sheet: CaseForm, session: Session, actor: Actor, subject: Case) -> None:
    """Take the form, freeze a version; out of a revision it opens the next round with the same experts (domain.md 5)."""
    del actor
    form = to_json(sheet)
    if missing := missing_with(session, subject, form):
        raise NotYet(tuple(N_("Не хватает: %(what)s", what=one) for one in missing))
    if session.get(Organization, sheet.organization_id) is None:
        raise Invalid({"organization_id": (N_("Такой организации нет в списке."),)})
    if subject.channel == s.BY_SCHOOL and sheet.organization_id != subject.organization_id:
        raise Invalid({"organization_id": (N_("Дело внесла организация педагога: другой здесь быть не может."),)})
    subject.form, subject.title, subject.organization_id = form, sheet.title, sheet.organization_id
    link_co_authors(session, subject, sheet.co_authors)
    freeze(session, subject)
    if subject.state == "on_revision":
        _next_round(session, subject)
    else:
        subject.submitted_at = clock.now()
        subject.remarks = {}
        # Whoever mended it after all, though late, is not refused for not having done so.
        subject.decline_proposed, subject.proposed_by, subject.refusal = False, None, {}


def link_co_authors(session: Session, case: Case, names: tuple[str, ...]) -> None:
    """Name the co-authors; one whose full name the municipality knows is linked, so that conflicts are found."""
    known = session.execute(
        select(Person.id, Person.last_name, Person.first_name, Person.middle_name).where(
            Person.municipality_id == case.municipality_id
        )
    ).all()
    by_name = {
        " ".join(part for part in (last, first, middle) if part).casefold(): id_ for id_, last, first, middle in known
    }
    case.co_authors = [CoAuthor(name=name, person_id=by_name.get(" ".join(name.split()).casefold())) for name in names]
    session.flush()


def freeze(session: Session, case: Case) -> CaseVersion:
    """Freeze what stands: the form and the attached files with their hashes."""
    files = [
        {
            "id": one.id,
            "kind": one.attachment,
            "name": one.name,
            "note": one.note,
            "size": one.size,
            "sha256": one.sha256,
        }
        for one in case.files
        if one.state == "attached"
    ]
    last = session.scalar(select(func.max(CaseVersion.number)).where(CaseVersion.case_id == case.id)) or 0
    digest = hash_chain.payload_hash("", {"form": case.form, "files": files})
    version = CaseVersion(case_id=case.id, number=last + 1, at=clock.now(), form=case.form, files=files, sha256=digest)
    session.add(version)
    session.flush()
    return version


def _next_round(session: Session, case: Case) -> None:
    """Open the next round: old sheets pass, issued documents are superseded, the same experts are invited again."""
    by = system(case.municipality_id)
    tied, previous = involvement.unlifted(session, [case]), assessment.counted(case)
    case.round += 1
    forget_judgement(case)
    case.required = wanted(session, case)
    for one in previous:
        entail(session, by, one, "pass", Nothing())
    for document in documents_of(session, case):
        entail(session, by, document, "supersede", Nothing())
    free = [one for one in previous if one.id not in tied]  # who is barred now is not asked again
    for one in free[: case.required]:
        again = r.Invitation(expert_id=one.expert_id, lifted_by=str(one.lifted.get("reason", "")))
        invite(session, by, case, one.expert_id, again)


def forget_judgement(case: Case) -> None:
    """Take back what the sheets of a round led to."""
    case.third_held, case.circulated, case.common, case.conclusion, case.approval_ground = False, False, {}, {}, {}
    case.decision = {}
    case.percent = case.rule_verdict = case.verdict = None
    case.deviation, case.settled_without, case.lead_id, case.meant_lead_id = "", "", None, None
    case.composed_by = case.circulated_by = case.proposed_by = None
    fall(case)


def fall(case: Case) -> None:
    """Let the decision of a case fall: the next one may be appealed anew, unless it follows from an appeal that was granted."""
    case.appeal_until, case.appeal_waived = None, False
    if case.appeal and "granted" not in case.appeal:
        case.appeal = {**case.appeal, "past": True}


def documents_of(session: Session, case: Case, *states: str) -> list[Document]:
    """Return the case's documents in one of the states, in the order of issue; those in force when none is named."""
    found = select(Document).where(Document.case_id == case.id, Document.state.in_(states or ("issued",)))
    return list(session.scalars(found.order_by(Document.id)))


def wanted(session: Session, case: Case) -> int:
    """Return how many experts the case needs, before any discrepancy (R14)."""
    two = bool(session.get_one(Municipality, case.municipality_id).switches.get("simplified_two"))
    return case_type(case.type).experts(case.form, simplified_two=two)


def invite(
    session: Session, actor: Actor, case: Case, expert_id: int, sheet: r.Invitation, *, added: bool = False
) -> None:
    """Let the gate begin an invitation right after the present act."""
    expert = session.get_one(Person, expert_id)
    assignment = Assignment(
        municipality_id=case.municipality_id, case_id=case.id, expert_id=expert_id, round=case.round, invited_at=clock.now(),
        outside=bool(expert.organization and expert.organization.outside), added=added,
    )  # fmt: skip
    entail(session, actor, assignment, None, sheet)


@effect.register
def _register(sheet: s.Register, session: Session, actor: Actor, subject: Case) -> None:
    """Register: the date of receipt starts the legal 30 days of an attestation (R8)."""
    subject.coordinator_id = subject.coordinator_id or actor.person_id
    subject.received_at, subject.outside_number = sheet.received_at, sheet.outside_number
    subject.registered_at = subject.registered_at or clock.now()
    if "consideration" in case_type(subject.type).policy.terms:
        subject.consideration_due = deadlines.due_from(session, subject, "consideration", sheet.received_at).day


@effect.register
def _return(sheet: s.ReturnRemarks, session: Session, actor: Actor, subject: Case) -> None:
    del session, actor
    subject.returns += 1
    subject.remarks = to_json(sheet)


@effect.register
def _decline(sheet: s.Decline, session: Session, actor: Actor, subject: Case) -> None:
    del session
    subject.refusal = {"ground": sheet.ground, "comment": sheet.comment}
    subject.decline_proposed = isinstance(sheet, s.ProposeDecline)
    subject.proposed_by = actor.person_id if subject.decline_proposed else None


@effect.register
def _confirm_decline(sheet: s.ConfirmDecline, session: Session, actor: Actor, subject: Case) -> None:
    del sheet, session, actor
    subject.decline_proposed, subject.proposed_by = False, None


@effect.register
def _refuse_decline(sheet: s.RefuseDecline, session: Session, actor: Actor, subject: Case) -> None:
    """Keep the case; a term of the author that has run out begins anew, or the timer would propose the same again."""
    del actor
    subject.decline_proposed, subject.proposed_by, subject.refusal = False, None, {"kept": sheet.reason}
    if subject.state == "returned":
        subject.due_on = deadlines.due_from(session, subject, "completion").day


@effect.register
def _no_expert(sheet: s.NoExpert, session: Session, actor: Actor, subject: Case) -> None:
    del session, actor
    subject.refusal = {"ground": "no_experts", "comment": sheet.reason}


@effect.register
def _lapse(sheet: s.Lapse, session: Session, actor: Actor, subject: Case) -> None:
    """Note that the author's term ran out; for an attestation it proposes the decline, the director decides."""
    del sheet, session, actor
    if subject.state == "returned" and case_type(subject.type).shape.attestation:
        subject.decline_proposed = True
        subject.refusal = {
            "ground": "not_completed",
            "comment": str(N_("Недостающие документы не представлены в срок.")),
        }


@effect.register
def _start(sheet: s.Start, session: Session, actor: Actor, subject: Case) -> None:
    """Pin the criteria sheet and go on; an attestation's date is set."""
    del actor
    pin(session, subject)
    switches = session.get_one(Municipality, subject.municipality_id).switches
    words = case_type(subject.type).shape.attestation and not switches.get("attestation_points")
    subject.criteria_mode = "words" if words else "points"
    if isinstance(sheet, s.StartAttestation):
        _set_attestation(session, subject, sheet)
    if sheet.names_checked:
        for one in subject.files:
            one.names_confirmed = True


def pin(session: Session, subject: Case) -> None:
    """Pin the criteria sheet that is in force for what is asked (R27), and the number of experts (R14)."""
    key = case_type(subject.type).criteria(subject.form)
    row = criteria_in_force(session, subject.municipality_id, key)
    if row is None:
        raise Broken(f"no version of the criteria sheet {key!r} is in force")
    subject.criteria_id, subject.required = row.id, wanted(session, subject)


def _set_attestation(session: Session, case: Case, sheet: s.StartAttestation) -> None:
    """Set the attestation's date: in time for the 30 days (R8), and the 60 days run from it (R9)."""
    case.attestation_on, case.attestation_place = sheet.attestation_on, sheet.place
    case.decision_due = deadlines.due_from(session, case, "decision", sheet.attestation_on).day


@effect.register
def _diverge(sheet: s.Diverge, session: Session, actor: Actor, subject: Case) -> None:
    """Hold the third review: one more expert, except where the specialists meet (domain.md 4)."""
    del sheet, session, actor
    subject.third_held = True
    if case_type(subject.type).policy.third == "expert":
        subject.required += 1


_ACCEPTED = ("accepted", "in_work", "signed", "consolidated")


@effect.register
def _name_lead(sheet: s.NameLead, session: Session, actor: Actor, subject: Case) -> None:
    del session, actor
    here = {one.expert_id for one in subject.assignments if one.round == subject.round and one.state in _ACCEPTED}
    if sheet.expert_id not in here:
        raise Invalid({"expert_id": (N_("Ведущим может быть только принявший приглашение специалист."),)})
    subject.lead_id = sheet.expert_id


@effect.register
def _lead_of_commission(sheet: s.LeadOfCommission, session: Session, actor: Actor, subject: Case) -> None:
    del sheet, session, actor
    subject.lead_id = subject.meant_lead_id


@effect.register
def _draft_common(sheet: s.DraftCommonResult, session: Session, actor: Actor, subject: Case) -> None:
    """Propose the common result: earlier answers fall, the lead agrees by proposing."""
    today = deadlines.today(session, subject.municipality_id)
    assessment.sheet_of(session, subject).verdict(sheet.verdict)
    subject.common = {
        "verdict": sheet.verdict,
        "reasoning": sheet.reasoning,
        "held_on": today.isoformat(),
        "signed": False,
    }
    for one in assessment.counted(subject):
        one.common_answer = "agreed" if one.expert_id == actor.person_id else ""
        one.common_opinion = ""


@effect.register
def _common_result(sheet: s.CommonResult, session: Session, actor: Actor, subject: Case) -> None:
    del sheet, session, actor
    subject.common = {**subject.common, "signed": True}


@effect.register
def _settle_without(sheet: s.SettleWithout, session: Session, actor: Actor, subject: Case) -> None:
    del session, actor
    subject.settled_without, subject.required = sheet.reason, len(assessment.counted(subject))
