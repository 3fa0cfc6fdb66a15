"""What the later transitions do to rows: invitations, the commission, the appeal, withdrawal, a longer term."""

from __future__ import annotations

from typing import Final

from sqlalchemy.orm import Session

from workflow_app import clock
from workflow_app.case_types.registry import case_type
from workflow_app.content_types.month_order import APPROVAL, COMPOSITION, LeaveOrder
from workflow_app.db.models import Case, PanelMember, Person
from workflow_app.errors import N_, Invalid, Sentence
from workflow_app.facts import assessment, deadlines, involvement, month_orders
from workflow_app.facts.candidates import Ranked, checked, heard_by, panel_conflicts
from workflow_app.features.cases.effects_conclusion import (
    call_everything_off,
    of_approval,
    signed_on,
    text_back,
    void_documents,
)
from workflow_app.features.cases.effects_intake import documents_of, fall, forget_judgement, freeze, invite, wanted
from workflow_app.gate import by_hand, effect, entail
from workflow_app.states.definitions import review_forms as r
from workflow_app.states.definitions.case import forms as s
from workflow_app.states.forms import Nothing, to_json
from workflow_app.states.vocabulary import Actor, system

_OF_APPEAL: Final = ("appeal_notice", "appeal_decision", "appeal_protocol")


@effect.register
def _invite(sheet: s.Invite, session: Session, actor: Actor, subject: Case) -> None:
    """Invite: conflicts are computed anew here, whatever the page showed (R15, R16)."""
    asked = {one.expert_id: one for one in sheet.experts}
    live = involvement.live(subject)
    if len(asked) != len(sheet.experts):
        raise Invalid({"experts": (N_("Один эксперт назван дважды."),)})
    if len(live) + len(asked) > subject.required:
        raise Invalid({"experts": (N_("Нужно ещё экспертов: %(n)s.", n=subject.required - len(live)),)})
    found = checked(session, subject, asked.keys(), actor.person_id)  # by what the page tells the actor (R30)
    problems: dict[str, tuple[Sentence, ...]] = {}
    for number, one in enumerate(sheet.experts):
        if one.expert_id == actor.person_id:
            problems[f"experts.{number}"] = (N_("Себя назначить экспертом нельзя: пригласит другой координатор."),)
        elif said := _refused(found.get(one.expert_id), one):
            problems[f"experts.{number}"] = said
    if problems:
        raise Invalid(problems)
    _keep_place_for_outside(subject, len(live) + len(asked), [*live, *(found[one] for one in asked)])
    if sheet.lead_id is not None and sheet.lead_id in {*asked, *(one.expert_id for one in live)}:
        subject.meant_lead_id = sheet.lead_id
    first = sum(not one.added for one in live)
    for one in sheet.experts:
        warnings = tuple(str(told) for told in found[one.expert_id].conflicts.warnings)
        invitation = r.Invitation(
            expert_id=one.expert_id, reason=one.reason, warnings=warnings, lifted_by=one.lifted_by
        )
        added = _one_more(subject, first)
        first += not added
        invite(session, actor, subject, one.expert_id, invitation, added=added)


def _one_more(case: Case, first: int) -> bool:
    """Whether the next expert is the added one of a third review, not the substitute of one of the ``first``."""
    return case.state == "third_review" and case_type(case.type).policy.third == "expert" and first >= case.required - 1


def _refused(found: Ranked | None, asked: s.InviteOne) -> tuple[Sentence, ...]:
    if found is None:
        return (N_("Такого эксперта нет в реестре."),)
    if found.state:
        return (N_("Этот эксперт уже приглашён."),)
    if found.conflicts.bars:
        return found.conflicts.bars
    if found.conflicts.liftable and not asked.lifted_by:
        return (*found.conflicts.liftable, N_("Укажите решение директора, которое снимает запрет."))
    if found.conflicts.warnings and len(asked.reason) < 10:  # noqa: PLR2004 - a word is no reason
        return (*found.conflicts.warnings, N_("Объясните выбор, не меньше 10 знаков."))
    return ()


def _keep_place_for_outside(case: Case, engaged: int, experts: list[object]) -> None:
    """Leave room for the experts from outside the municipality that the type demands."""
    need = case_type(case.type).outside(case.form, case.required)
    have = sum(
        bool(getattr(one, "outside", None) or getattr(getattr(one, "candidate", None), "outside", False))
        for one in experts
    )
    if case.required - engaged < need - have:
        raise Invalid(
            {"experts": (N_("Нужен эксперт из организации за пределами муниципалитета: оставьте для него место."),)}
        )


@effect.register
def _ask_revision(sheet: s.AskRevision, session: Session, actor: Actor, subject: Case) -> None:
    del session, actor
    subject.remarks = {"plan": sheet.plan}


@effect.register
def _send(sheet: s.Send, session: Session, actor: Actor, subject: Case) -> None:
    del session, actor
    subject.sent_on = sheet.sent_on


@effect.register
def _record(sheet: s.RecordDecision, session: Session, actor: Actor, subject: Case) -> None:
    """Record what the commission decided (R2); lateness against the 60 days is flagged, not judged (R9)."""
    del session, actor
    late = subject.decision_due is not None and sheet.protocol_date > subject.decision_due
    subject.decision = {**to_json(sheet), "late": late}


@effect.register
def _record_act(sheet: s.RecordAct, session: Session, actor: Actor, subject: Case) -> None:
    """Record the act of the body that decides: made after the experts signed what they advise."""
    del actor
    if sheet.dated < (signed := signed_on(session, subject)):
        told = N_("Эксперты подписали заключение %(day)s: решить по нему раньше нельзя.", day=f"{signed:%d.%m.%Y}")
        raise Invalid({"dated": (told,)})
    subject.decision = to_json(sheet)


@effect.register
def _recall(sheet: s.Recall, session: Session, actor: Actor, subject: Case) -> None:
    """Take the set back: the conclusion is prepared anew, its documents are replaced when approved again."""
    del sheet, actor
    text_back(subject)
    fall(subject)
    subject.sent_on = None
    _leave_orders(session, subject, APPROVAL)


def _leave_orders(session: Session, case: Case, *kinds: str) -> None:
    """Free a case that is to be ordered about again from the orders of the month in which it stands."""
    for part in month_orders.held(session, case, *kinds):
        entail(session, system(case.municipality_id), part, "free", LeaveOrder())


@effect.register
def _add_documents(sheet: s.AddDocuments, session: Session, actor: Actor, subject: Case) -> None:
    """Freeze a version with the added documents (R13)."""
    del sheet, actor
    freeze(session, subject)


@effect.register
def _appeal(sheet: s.Appeal, session: Session, actor: Actor, subject: Case) -> None:
    """Lodge the appeal; papers of one against an earlier decision give way to its own, and who heard that hears no other."""
    del actor
    today = deadlines.today(session, subject.municipality_id)
    subject.appeal = {"text": sheet.text, "on": today.isoformat(), "heard": sorted(heard_by(subject))}
    for member in subject.panel:
        session.delete(member)
    session.flush()
    session.expire(subject, ["panel"])
    for one in documents_of(session, subject):
        if one.document_kind in _OF_APPEAL:
            entail(session, system(subject.municipality_id), one, "supersede", Nothing())
        if one.document_kind == "consolidated_conclusion":
            subject.appeal = {**subject.appeal, "against": one.id}  # in force now: the last one wins
    subject.appeals, subject.appealed_from = subject.appeals + 1, subject.state


@effect.register
def _waive(sheet: s.WaiveAppeal, session: Session, actor: Actor, subject: Case) -> None:
    del sheet, session, actor
    subject.appeal_waived = True


@effect.register
def _panel(sheet: s.AppointPanel, session: Session, actor: Actor, subject: Case) -> None:
    """Appoint three members, none of them involved before (domain.md 5). Who has voted stays, and so does the vote."""
    _in_term(sheet, session, subject)
    _demand_free(sheet, session, actor, subject)
    there = {one.person_id: one for one in subject.panel}
    if any(one.vote and person_id not in sheet.members for person_id, one in there.items()):
        raise Invalid({"members": (N_("Члена комиссии, который уже проголосовал, заменить нельзя."),)})
    for person_id in there.keys() - set(sheet.members):
        session.delete(there[person_id])
    session.flush()
    for one in [member for member in sheet.members if member not in there]:
        person = session.get(Person, one)
        if person is None or person.municipality_id != subject.municipality_id or person.state == "blocked":
            raise Invalid({"members": (N_("Такого человека нет среди людей муниципалитета."),)})
        session.add(PanelMember(case_id=subject.id, person_id=one))
    session.flush()
    session.expire(subject, ["panel"])
    subject.appeal = {
        **subject.appeal,
        "decide_by": subject.due_on.isoformat() if subject.due_on else "",
        "chair": sheet.chair,
        "lifted": sheet.lifted,
        "sitting": {"on": sheet.sits_on.isoformat(), "at": sheet.sits_at, "place": sheet.place}
        if sheet.sits_on
        else None,
    }
    for paper in documents_of(session, subject):
        if paper.document_kind == "appeal_notice":
            entail(session, system(subject.municipality_id), paper, "replace", Nothing())


def _demand_free(sheet: s.AppointPanel, session: Session, actor: Actor, case: Case) -> None:
    """Demand three different people whom nothing bars; a colleague of the author only where and why the director says so (0a.13)."""
    members = set(sheet.members)
    conflicts = panel_conflicts(session, case, members)
    barred = {one for one, found in conflicts.items() if found.bars} | (members & {actor.person_id})
    if len(members) != len(sheet.members) or barred:
        raise Invalid(
            {"members": (N_("В комиссии три разных человека, не участвовавших в деле и без конфликта интересов."),)}
        )
    tied = [one for one, found in conflicts.items() if found.liftable]
    if tied and len(sheet.lifted) < 20:  # noqa: PLR2004 - a word is no reason
        raise Invalid({"lifted": (*conflicts[tied[0]].liftable, N_("Объясните выбор, не меньше 20 знаков."))})


def _in_term(sheet: s.AppointPanel, session: Session, subject: Case) -> None:
    """Refuse a sitting that has been, or that comes after the term of the decision."""
    if sheet.sits_on is None:
        return
    if sheet.sits_on < deadlines.today(session, subject.municipality_id):
        raise Invalid({"sits_on": (N_("Этот день уже прошёл."),)})
    if subject.due_on and sheet.sits_on > subject.due_on:
        late = N_("Решение нужно принять не позднее %(day)s.", day=f"{subject.due_on:%d.%m.%Y}")
        raise Invalid({"sits_on": (late,)})


@effect.register
def _vote(sheet: s.Vote, session: Session, actor: Actor, subject: Case) -> None:
    del session
    mine = next(one for one in subject.panel if one.person_id == actor.person_id)
    mine.vote, mine.opinion, mine.voted_at = sheet.grant, sheet.opinion, clock.now()


@effect.register
def _dismiss(sheet: s.DismissAppeal, session: Session, actor: Actor, subject: Case) -> None:
    del actor
    today = deadlines.today(session, subject.municipality_id)
    subject.appeal = {**subject.appeal, "dismissed": sheet.reason, "decided_on": today.isoformat()}


@effect.register
def _grant(sheet: s.GrantAppeal, session: Session, actor: Actor, subject: Case) -> None:
    """Grant: sheets annulled, the old experts barred, the conclusion void; the case goes back to new experts."""
    del actor
    by = system(subject.municipality_id)
    today = deadlines.today(session, subject.municipality_id)
    subject.appeal = {**subject.appeal, "granted": sheet.reason, "decided_on": today.isoformat()}
    if subject.appealed_from == "declined":
        fall(subject)
        subject.refusal = {}
        void_documents(session, subject, ("refusal_notice",))
        return
    for one in assessment.counted(subject):
        entail(session, by, one, "annul", r.Annul(reason=sheet.reason))
    void_documents(session, subject, (*of_approval(subject), "protocol"))
    _leave_orders(session, subject, COMPOSITION, APPROVAL)
    forget_judgement(subject)
    subject.required = wanted(session, subject)


@effect.register
def _withdraw_appeal(sheet: s.WithdrawAppeal, session: Session, actor: Actor, subject: Case) -> None:
    del sheet, session, actor
    subject.appeal = {**subject.appeal, "withdrawn": True}


@effect.register
def _withdraw(sheet: s.Withdraw, session: Session, actor: Actor, subject: Case) -> None:
    del actor
    call_everything_off(session, subject, sheet.reason or str(N_("Заявитель отозвал материалы.")))


@effect.register
def _cancel(sheet: s.Cancel, session: Session, actor: Actor, subject: Case) -> None:
    """Cancel: documents void, assignments called off; the number stays taken (R34)."""
    del actor
    call_everything_off(session, subject, sheet.reason)
    void_documents(session, subject)


@effect.register
def _extend(sheet: s.Extend, session: Session, actor: Actor, subject: Case) -> None:
    """Extend the present term; a legal cap of an attestation is not moved by it (R8, R9)."""
    del actor
    subject.due_on = deadlines.extended(session, subject, sheet.days)
    for one in subject.assignments:
        if one.state == "in_work":
            one.due_on = subject.due_on


@effect.register
def _hand_over(sheet: s.HandOver, session: Session, actor: Actor, subject: Case) -> None:
    """Hand over: to a coordinator who may act in the case (R30), or to all of them."""
    del session, actor
    subject.coordinator_id = sheet.coordinator_id


@effect.register
def _remind(sheet: s.Remind, session: Session, actor: Actor, subject: Case) -> None:
    by_hand.remind(session, actor, subject, sheet.only)
