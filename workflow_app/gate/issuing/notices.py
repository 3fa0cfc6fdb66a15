"""Papers that accompany a case on its way: notices, the order, the covering letter, the specialists' discussion, the end."""

from __future__ import annotations

from datetime import date
from typing import Final

from sqlalchemy import select

from workflow_app import clock
from workflow_app.case_types.registry import case_type
from workflow_app.db.models import Assignment, Case, Document, Event, Person
from workflow_app.documents.content import snapshot as m
from workflow_app.documents.kinds import registry
from workflow_app.documents.kinds.completion_act import CompletionCard, IssuedRow
from workflow_app.documents.kinds.covering_letter import Enclosure, LetterCard
from workflow_app.documents.kinds.order import Acquainted, OrderCard
from workflow_app.documents.kinds.protocol import AgendaItem, ProtocolCard, Speech
from workflow_app.documents.kinds.refusal_notice import RefusalCard
from workflow_app.documents.kinds.term_notice import NoticeCard
from workflow_app.documents.kinds.wording import referred
from workflow_app.documents.russian.grammar import day, numbered
from workflow_app.errors import Broken
from workflow_app.facts import assessment, deadlines
from workflow_app.facts import document_snapshot as rows
from workflow_app.gate.issuing import page_count
from workflow_app.gate.issuing.context import Paper, Scene, director_by_hand, latest, reads
from workflow_app.states.definitions.case.forms import FOLLOWED, CommonResult, Reissue
from workflow_app.states.definitions.document import DOCUMENT

_PAPER: Final = "paper"
_NOT_AGREED: Final = "Общий вывод не принят, особые мнения прилагаются к сводному заключению."


@reads(RefusalCard)
def _refusal(paper: Paper) -> RefusalCard:
    """Return why the documents are not accepted, and until when that may be appealed (R7)."""
    case = paper.scene.case
    told = {one.value: str(one.label) for one in case_type(case.type).grounds}
    return RefusalCard(
        ground=told[case.refusal["ground"]], comment=str(case.refusal.get("comment") or ""),
        appeal_until=case.appeal_until, appealable=not case.appealed, signature=director_by_hand(paper.scene), **paper.asked_of(),
    )  # fmt: skip


@reads(ProtocolCard)
def _discussion(paper: Paper) -> ProtocolCard:
    """Return the protocol of the specialists' discussion of an attestation: the lead proposes, everyone answers."""
    scene, case, session = paper.scene, paper.scene.case, paper.scene.session
    everyone = assessment.counted(case)
    lead = next((one for one in everyone if one.expert_id == case.lead_id), None)
    if lead is None or not case.common:
        raise Broken("a discussion has a lead specialist and a proposed result")
    verdict = assessment.sheet_of(session, case).verdict(str(case.common["verdict"])).text
    others = [one for one in everyone if one is not lead]
    agreed = sum(one.common_answer != "dissent" for one in everyone)
    item = AgendaItem(
        subject="общий вывод специалистов по результатам всестороннего анализа",
        heard=rows.expert_of(session, lead.expert_id),
        report=str(case.common["reasoning"]),
        decided=(verdict if 2 * agreed > len(everyone) else _NOT_AGREED,),
        spoke=tuple(_opinion(scene, one) for one in others if one.common_opinion),
        votes=m.Votes(agreed, len(everyone) - agreed),
    )
    return ProtocolCard(
        body_g="совместного обсуждения специалистов", chair=rows.expert_of(session, lead.expert_id), agenda=(item,),
        present=tuple(rows.expert_of(session, one.expert_id) for one in others), member="Специалист",
        signatures=tuple(_answer(scene, one) for one in (lead, *others)), held_on=date.fromisoformat(str(case.common["held_on"])),
    )  # fmt: skip


def _opinion(scene: Scene, one: Assignment) -> Speech:
    return Speech(rows.name_of(scene.session.get_one(Person, one.expert_id)), f"особое мнение: {one.common_opinion}")


def _answer(scene: Scene, one: Assignment) -> m.Signature:
    """Return how a specialist signed the result: the last such act in the journal, or, of the lead, this very one."""
    case, session = scene.case, scene.session
    if isinstance(scene.sheet, Reissue):  # they have not seen this version
        return rows.signature(session, one.expert_id, _PAPER, None, "", case.municipality_id)
    leads = one.expert_id == case.lead_id
    if leads and isinstance(scene.sheet, CommonResult):
        return rows.signature(session, one.expert_id, scene.sheet.how, clock.now(), scene.entry(), case.municipality_id)
    kind, id_ = ("case", case.id) if leads else ("assignment", one.id)
    found = session.scalars(
        select(Event).where(Event.subject_kind == kind, Event.subject_id == id_)
        .where(Event.transition.in_(("common_result", "join_common", "dissent_common"))).order_by(Event.seq.desc()).limit(1)
    ).first()  # fmt: skip
    how = found.signature.partition(":")[0] if found else _PAPER
    entry = rows.entry_name(case, found.seq) if found else ""
    return rows.signature(session, one.expert_id, how, found.at if found else None, entry, case.municipality_id)


@reads(CompletionCard)
def _completion(paper: Paper) -> CompletionCard:
    """Return how a case ended: the outcome, who judged it, what was issued."""
    scene, case, session = paper.scene, paper.scene.case, paper.scene.session
    signed = [one for one in case.assignments if one.signed_at is not None and one.state != "voided"]
    verdict = assessment.sheet_of(session, case).verdict(case.verdict).text if case.verdict and case.criteria_id else ""
    keeper = scene.clerk()
    return CompletionCard(
        closed_at=scene.today, ended=_ended(case), experts=len({one.expert_id for one in signed}), sheets=len(signed),
        keeper=m.Signature(_PAPER, rows.name_of(keeper), rows.position_of(keeper.position)), director=director_by_hand(scene),
        verdict=verdict, documents=tuple(_issued(paper)),
    )  # fmt: skip


def _ended(case: Case) -> str:
    """Say how a case ended: never that a category was given (R2)."""
    if "ground" in case.refusal:
        return "В приёме документов отказано."
    if case.decision and not case_type(case.type).shape.attestation:
        act = f"{case.decision['body']}, акт от {day(_day(case.decision['dated']))} {numbered(str(case.decision['number']))}"
        followed = {one.value: str(one.label) for one in FOLLOWED}[case.decision["followed"]]
        return f"Заключение утверждено. Решение по рекомендации экспертов: {act}; {followed}."
    if case.decision:
        protocol = (
            f"протокол от {day(_day(case.decision['protocol_date']))} {numbered(str(case.decision['protocol_number']))}"
        )
        order = f"распорядительный акт от {day(_day(case.decision['order_date']))} {numbered(str(case.decision['order_number']))}"
        return f"Комплект документов рассмотрен аттестационной комиссией: {protocol}, {order}."
    if case.verdict == "revise" and case.round < case_type(case.type).shape.rounds:
        return "Заключение утверждено. Доработанный материал не представлен."
    return "Заключение утверждено."


def _day(text: object) -> date:
    return date.fromisoformat(str(text))


def _issued(paper: Paper) -> list[IssuedRow]:
    """Return every other document of the case."""
    others = set(registry.KINDS) - {paper.row.document_kind}
    found = select(Document).where(Document.case_id == paper.scene.case.id, Document.document_kind.in_(others))
    papers = paper.scene.session.scalars(found.order_by(Document.id))
    return [
        IssuedRow(
            str(registry.kind(one.document_kind).title), one.number or "", one.dated, str(DOCUMENT.state(one.state).title), one.edition
        )
        for one in papers
    ]  # fmt: skip


@reads(OrderCard)
def _order(paper: Paper) -> OrderCard:
    scene, clerk = paper.scene, paper.scene.clerk()
    name, position = rows.name_of(clerk), rows.position_of(clerk.position)
    return OrderCard(
        conclusion=paper.named("consolidated_conclusion"), executor=name, executor_position=position, signature=paper.signed(),
        by=deadlines.due_from(scene.session, scene.case, "closing").day, acquainted=(Acquainted(name, position),),
    )  # fmt: skip


@reads(LetterCard)
def _letter(paper: Paper) -> LetterCard:
    scene, conclusion = paper.scene, paper.named("consolidated_conclusion")
    papers = [_signed_sheet(scene, one) for one in assessment.counted(scene.case)]
    common = page_count.of(scene.session, [paper.other("consolidated_conclusion")])
    enclosures = (
        Enclosure(f"Сводное экспертное заключение {referred(conclusion)}", common),
        Enclosure(f"Экспертные листы специалистов (всего {len(papers)})", page_count.of(scene.session, papers)),
    )
    return LetterCard(conclusion=conclusion, enclosures=enclosures, signature=paper.signed(), **paper.asked_of())


def _signed_sheet(scene: Scene, one: Assignment) -> Document | None:
    """Return the sheet that an expert signed: the scan of the paper, or the file."""
    scan = latest(scene.session, scene.case, one.id, "signed_original:sign") if one.signed_how == "paper" else None
    return scan or latest(scene.session, scene.case, one.id, "expert_sheet")


@reads(NoticeCard)
def _notice(paper: Paper) -> NoticeCard:
    scene, case, session = paper.scene, paper.scene.case, paper.scene.session
    if case.attestation_on is None or case.decision_due is None:
        raise Broken("a notice of term belongs to an attestation whose date is set")
    until = deadlines.additions_until(session, case) or case.attestation_on
    clerk = session.get(Person, scene.actor.person_id) if scene.actor.person_id else None
    known = rows.requisites(session, case.municipality_id, scene.today)
    return NoticeCard(
        begins=case.attestation_on, ends=case.decision_due, form="всесторонний анализ результатов профессиональной деятельности",
        place=case.attestation_place or known["short_name"], documents_by=until,
        signature=director_by_hand(scene),
        prepared_by=rows.name_of(clerk) if clerk else None, phone=known.get("phone", ""),
    )  # fmt: skip
