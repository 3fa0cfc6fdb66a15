"""What the transitions between the review and the approval do to rows: the conclusion and its documents."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from workflow_app import clock
from workflow_app.case_types.registry import case_type
from workflow_app.content_types.month_order import APPROVAL, DOCUMENTS
from workflow_app.db.models import RECORDS, Assignment, Case
from workflow_app.errors import N_, Broken, Invalid
from workflow_app.facts import assessment, choices, deadlines, involvement
from workflow_app.facts.issued_documents import paper_of_record
from workflow_app.features.cases.effects_intake import documents_of, fall
from workflow_app.gate import effect, entail
from workflow_app.spelling import is_named
from workflow_app.states.definitions import review_forms as r
from workflow_app.states.definitions.case import forms as s
from workflow_app.states.forms import Nothing, to_json
from workflow_app.states.vocabulary import Actor, system


@effect.register
def _circulate(sheet: s.ConclusionText, session: Session, actor: Actor, subject: Case) -> None:
    """Send the text to every counted expert; an earlier answer to another text no longer counts (0a.8)."""
    outcome = assessment.outcome(session, subject)
    text = to_json(sheet)
    if text != subject.conclusion or subject.composed_by is None:  # sent out again as it was, it stays who wrote it
        subject.composed_by = actor.person_id
    subject.circulated_by, subject.proposed_by = actor.person_id, None
    subject.conclusion = text
    subject.circulation, subject.circulated = subject.circulation + 1, True
    subject.percent, subject.rule_verdict = outcome.percent, outcome.verdict_key
    involvement.note(session, subject)


@effect.register
def _propose(sheet: s.Propose, session: Session, actor: Actor, subject: Case) -> None:
    """Propose the verdict; another than the rule's needs a reason (R29)."""
    outcome = assessment.outcome(session, subject)
    assessment.sheet_of(session, subject).verdict(sheet.verdict)
    if sheet.verdict != outcome.verdict_key and len(sheet.deviation) < 20:  # noqa: PLR2004 - a word is no reason
        raise Invalid({"deviation": (N_("Вывод отличается от правила: объясните это, не меньше 20 знаков."),)})
    subject.percent, subject.rule_verdict = outcome.percent, outcome.verdict_key
    subject.verdict, subject.proposed_by = sheet.verdict, actor.person_id
    subject.deviation = sheet.deviation if sheet.verdict != outcome.verdict_key else ""


@effect.register
def _send_back(sheet: s.SendBack, session: Session, actor: Actor, subject: Case) -> None:
    """Void the named sheets; their experts get a new assignment and begin from what they wrote (R28).

    One with a conflict of interest gets none: the place is free for another.
    """
    del actor
    by = system(subject.municipality_id)
    counted, tied = {one.id: one for one in assessment.counted(subject)}, involvement.unlifted(session, [subject])
    wrong = [one for one in sheet.assignments if one not in counted]
    if wrong:
        raise Invalid({"assignments": (N_("Среди отмеченных есть лист, который не учитывается."),)})
    text_back(subject)
    subject.verdict, subject.deviation, subject.common = None, "", {}
    void_documents(session, subject, ("protocol",))
    for one in subject.assignments:
        one.common_answer = one.common_opinion = ""
    for number in dict.fromkeys(sheet.assignments):
        old = counted[number]
        entail(session, by, old, "annul", r.Annul(reason=sheet.reason))
        if number in tied:
            subject.lead_id = None if subject.lead_id == old.expert_id else subject.lead_id
            continue
        entail(session, by, _again(subject, old), None, r.Invitation(expert_id=old.expert_id, reason=sheet.reason))


def _again(case: Case, old: Assignment) -> Assignment:
    """Return a new assignment of the same expert that stands accepted already: the declaration holds."""
    return Assignment(
        municipality_id=case.municipality_id, case_id=case.id, expert_id=old.expert_id, round=case.round, added=old.added,
        outside=old.outside, invited_at=clock.now(), declared_at=old.declared_at, declaration=old.declaration, review=old.review,
        lifted=old.lifted,
    )  # fmt: skip


@effect.register
def _return_text(sheet: s.ReturnText, session: Session, actor: Actor, subject: Case) -> None:
    """Return the text alone: the sheets stay, the experts answer the next text."""
    del sheet, session, actor
    text_back(subject)


def text_back(case: Case) -> None:
    """Take the text back from the experts and the director: who wrote it stays, for it is what the next text begins from."""
    case.circulated, case.circulated_by, case.proposed_by = False, None, None


@effect.register
def _approve(sheet: s.Approve, session: Session, actor: Actor, subject: Case) -> None:
    """Approve; documents of an earlier approval of this round (recalled by the commission) are replaced."""
    del sheet, actor
    _approved(session, subject)


@effect.register
def _approve_outside(sheet: s.ApproveOutside, session: Session, actor: Actor, subject: Case) -> None:
    """Record on what ground another body approved the centre's own work; it cannot have done so before the experts signed."""
    del actor
    if sheet.dated > deadlines.today(session, subject.municipality_id):
        raise Invalid({"dated": (N_("Дата протокола или письма не может быть в будущем."),)})
    mine = involvement.insiders(session, subject)
    if named := next((one for one in mine if is_named(one, sheet.signatory)), ""):
        told = N_(
            "%(name)s – автор или член рабочей группы: утверждает тот, кто в этой работе не участвует.", name=named
        )
        raise Invalid({"signatory": (told,)})
    if sheet.dated < (signed := signed_on(session, subject)):
        told = N_("Эксперты подписали заключение %(day)s: утвердить его раньше нельзя.", day=f"{signed:%d.%m.%Y}")
        raise Invalid({"dated": (told,)})
    _approved(session, subject)
    subject.approval_ground = to_json(sheet)


@effect.register
def _approve_by_order(sheet: s.ApprovedByOrder, session: Session, actor: Actor, subject: Case) -> None:
    """Approve by the order of the month that names the case: its number and day are the ground, and the case has none of its own."""
    del actor
    row: Any = session.get_one(RECORDS["month_order"], sheet.order_id)
    paper = paper_of_record(session, row, DOCUMENTS[APPROVAL])
    if paper is None:
        raise Broken("the order that approves the case is not issued")
    _approved(session, subject)
    subject.approval_ground = {"order": row.id, "number": paper.number or "", "dated": paper.dated.isoformat()}


@effect.register
def _cancel_by_order(sheet: s.OrderCancelled, session: Session, actor: Actor, subject: Case) -> None:
    """Take the approval back with the order that gave it."""
    del sheet, actor
    void_documents(session, subject, of_approval(subject))
    subject.approved_at, subject.approval_ground = None, {}
    fall(subject)


def signed_on(session: Session, case: Case) -> date:
    """Return the local day on which the last of the counted experts signed the conclusion; long ago where none has."""
    zone = ZoneInfo(deadlines.zone_of(session, case.municipality_id))
    at = [one.answered_at for one in assessment.counted(case) if one.answered_at is not None]
    return max((one.astimezone(zone).date() for one in at), default=date.min)


def _approved(session: Session, case: Case) -> None:
    case.approved_at, case.approval_ground = clock.now(), {}
    involvement.note(session, case)
    for one in documents_of(session, case):
        if one.document_kind in of_approval(case) and one.round == case.round:
            entail(session, system(case.municipality_id), one, "replace", Nothing())


def of_approval(case: Case) -> tuple[str, ...]:
    """Return the kinds of documents that come of an approval, the scan of the signed one included."""
    return (*case_type(case.type).shape.approval_issues, "signed_original:approve")


@effect.register
def _reissue(sheet: s.Reissue, session: Session, actor: Actor, subject: Case) -> None:
    """Replace the version in force by the new one that issuing makes (R33), and the papers that name it."""
    del actor
    kinds = choices.renewed(subject, sheet.kind)
    known = [one for one in documents_of(session, subject) if one.document_kind in kinds and one.assignment_id is None]
    if sheet.kind not in {one.document_kind for one in known}:
        raise Invalid({"kind": (N_("Действующего документа такого вида в деле нет."),)})
    for one in known:
        entail(session, system(subject.municipality_id), one, "replace", Nothing())


def call_everything_off(session: Session, case: Case, reason: str) -> None:
    """Call the open assignments off: their experts lose access at once. No verdict is in force any more, nor one that was proposed."""
    case.percent = case.rule_verdict = case.verdict = None
    for one in case.assignments:
        if one.state in ("invited", "accepted", "in_work"):
            entail(session, system(case.municipality_id), one, "call_off", r.CallOff(reason=reason))


def void_documents(session: Session, case: Case, kinds: tuple[str, ...] = ()) -> None:
    """Make the case's issued documents void: all of them, or those in force of the named kinds."""
    for one in documents_of(session, case, *(("issued",) if kinds else ("issued", "superseded"))):
        if not kinds or one.document_kind in kinds:
            entail(session, system(case.municipality_id), one, "void", Nothing())
