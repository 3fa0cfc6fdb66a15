"""Papers that accompany a case on its way: the refusal, the specialists' discussion, the end."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from sqlalchemy import select

from workflow_app import clock
from workflow_app.case_types.registry import case_type
from workflow_app.db.models import Assignment, Case, Document, Event, Person
from workflow_app.documents.content import snapshot as m
from workflow_app.documents.kinds import registry
from workflow_app.documents.russian.grammar import day, numbered
from workflow_app.errors import Broken
from workflow_app.facts import assessment
from workflow_app.facts import document_snapshot as rows
from workflow_app.gate.issuing.context import Scene, director_by_hand
from workflow_app.states.definitions.case.forms import CommonResult, Reissue
from workflow_app.states.definitions.document import DOCUMENT

_PAPER: Final = "paper"
_NOT_AGREED: Final = "Общий вывод не принят, особые мнения прилагаются к сводному заключению."


def refusal(scene: Scene) -> m.RefusalCard:
    """Return why the documents are not accepted, and until when that may be appealed (R7)."""
    case, session = scene.case, scene.session
    told = {one.value: str(one.label) for one in case_type(case.type).grounds}
    return m.RefusalCard(
        ground=told[case.refusal["ground"]], comment=str(case.refusal.get("comment") or ""),
        appeal_until=case.appeal_until, appealable=case.appeals == 0, signature=director_by_hand(scene), **asked_of(scene, session),
    )  # fmt: skip


def discussion(scene: Scene) -> m.ProtocolCard:
    """Return the protocol of the specialists' discussion of an attestation: the lead proposes, everyone answers."""
    case, session = scene.case, scene.session
    everyone = assessment.counted(case)
    lead = next((one for one in everyone if one.expert_id == case.lead_id), None)
    if lead is None or not case.common:
        raise Broken("a discussion has a lead specialist and a proposed result")
    verdict = assessment.sheet_of(session, case).verdict(str(case.common["verdict"])).text
    others = [one for one in everyone if one is not lead]
    agreed = sum(one.common_answer != "dissent" for one in everyone)
    item = m.AgendaItem(
        subject="общий вывод специалистов по результатам всестороннего анализа",
        heard=rows.expert_of(session, lead.expert_id),
        report=str(case.common["reasoning"]),
        decided=(verdict if 2 * agreed > len(everyone) else _NOT_AGREED,),
        spoke=tuple(_opinion(scene, one) for one in others if one.common_opinion),
        votes=m.Votes(agreed, len(everyone) - agreed),
    )
    return m.ProtocolCard(
        body_g="совместного обсуждения специалистов", chair=rows.expert_of(session, lead.expert_id), agenda=(item,),
        present=tuple(rows.expert_of(session, one.expert_id) for one in others), member="Специалист",
        signatures=tuple(_answer(scene, one) for one in (lead, *others)), held_on=date.fromisoformat(str(case.common["held_on"])),
    )  # fmt: skip


def _opinion(scene: Scene, one: Assignment) -> m.Speech:
    return m.Speech(rows.name_of(scene.session.get_one(Person, one.expert_id)), f"особое мнение: {one.common_opinion}")


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


def completion(scene: Scene) -> m.CompletionCard:
    """Return how a case ended: the outcome, who judged it, what was issued."""
    case, session = scene.case, scene.session
    signed = [one for one in case.assignments if one.signed_at is not None and one.state != "voided"]
    verdict = assessment.sheet_of(session, case).verdict(case.verdict).text if case.verdict and case.criteria_id else ""
    keeper = scene.clerk()
    return m.CompletionCard(
        closed_at=scene.today, ended=_ended(case), experts=len({one.expert_id for one in signed}), sheets=len(signed),
        keeper=m.Signature(_PAPER, rows.name_of(keeper), rows.position_of(keeper.position)), director=director_by_hand(scene),
        verdict=verdict, documents=tuple(_issued(scene)),
    )  # fmt: skip


def _ended(case: Case) -> str:
    """Say how a case ended: never that a category was given (R2)."""
    if "ground" in case.refusal:
        return "В приёме документов отказано."
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


def _issued(scene: Scene) -> list[m.IssuedRow]:
    found = select(Document).where(Document.case_id == scene.case.id, Document.document_kind.in_(registry.KINDS))
    papers = scene.session.scalars(found.where(Document.document_kind != "completion_act").order_by(Document.id))
    return [
        m.IssuedRow(
            str(registry.kind(one.document_kind).title), one.number or "", one.dated, str(DOCUMENT.state(one.state).title), one.edition
        )
        for one in papers
    ]  # fmt: skip


def asked_of(scene: Scene, session: Any) -> dict[str, Any]:
    """Return who prepared a letter and by which telephone one asks."""
    known = rows.requisites(session, scene.case.municipality_id, scene.today)
    return {"prepared_by": rows.name_of(scene.clerk()), "phone": known.get("phone", "")}
