"""Papers of an appeal: the notice that it is taken up, the panel's decision, the protocol of how it was taken."""

from __future__ import annotations

from datetime import date
from typing import Final

from sqlalchemy import select

from workflow_app.db.models import Document, Event, PanelMember, Person
from workflow_app.documents.content import snapshot as m
from workflow_app.documents.kinds.appeal_decision import AppealCard
from workflow_app.documents.kinds.appeal_notice import AppealNoticeCard
from workflow_app.documents.kinds.protocol import AgendaItem, AppealProtocol, Ballot, Speech
from workflow_app.documents.kinds.wording import appealed, resolution
from workflow_app.errors import Broken
from workflow_app.facts import document_snapshot as rows
from workflow_app.gate.issuing.context import Paper, Scene, director_by_hand, reads

_PAPER: Final = "paper"


@reads(AppealNoticeCard)
def _notice(paper: Paper) -> AppealNoticeCard:
    """Return by how many and by which day an appeal is considered, and where; the members stay unnamed."""
    scene, case = paper.scene, paper.scene.case
    return AppealNoticeCard(
        lodged_at=date.fromisoformat(str(case.appeal["on"])), against=_against(scene), members=len(case.panel),
        decide_by=date.fromisoformat(str(case.appeal["decide_by"])), signature=director_by_hand(scene), sitting=_sitting(scene),
        **paper.asked_of(),
    )  # fmt: skip


@reads(AppealCard)
def _decision(paper: Paper) -> AppealCard:
    """Return what the panel decided; every member signs it by hand, under the same kind of line."""
    scene, case, told = paper.scene, paper.scene.case, paper.scene.case.appeal
    panel = tuple(rows.expert_of(scene.session, one.person_id) for one in case.panel_in_order)
    return AppealCard(
        lodged_at=date.fromisoformat(str(told["on"])), against=_against(scene), arguments=str(told.get("text", "")),
        reasons=_reasons(scene), granted=_granted(scene), panel=panel, signatures=tuple(map(_by_hand, panel)), votes=_votes(scene),
        decided_on=date.fromisoformat(str(case.appeal["decided_on"])), sitting=_sitting(scene),
    )  # fmt: skip


@reads(AppealProtocol)
def _protocol(paper: Paper) -> AppealProtocol:
    """Return the protocol of the panel's sitting, or of the poll of its members in absence.

    Nobody signed the protocol when they voted: its lines are for the hand, and a vote's own signature stands with the vote.
    """
    scene, case, session = paper.scene, paper.scene.case, paper.scene.session
    sitting, members = _sitting(scene), case.panel_in_order
    chair, *others = (rows.expert_of(session, one.person_id) for one in members)
    secretary = rows.expert_of(session, scene.clerk().id)
    applicant = rows.name_of(session.get_one(Person, case.applicant_id)).short("g", surname_first=True)
    item = AgendaItem(
        subject=f"О рассмотрении апелляции {applicant} на {appealed(_against(scene))}",
        report=f"О доводах апелляции: {case.appeal.get('text', '')}",
        heard=secretary if sitting else None,
        spoke=tuple(
            Speech(rows.name_of(session.get_one(Person, one.person_id)), one.opinion) for one in members if one.opinion
        ),
        decided=(*resolution(_against(scene), granted=_granted(scene)), f"Обоснование: {_reasons(scene)}"),
        votes=_votes(scene),
    )
    signing = (chair, secretary, *others) if sitting else (chair, secretary)
    return AppealProtocol(
        body_g="заседания апелляционной комиссии" if sitting else "заочного голосования апелляционной комиссии",
        chair=chair, secretary=secretary, present=tuple(others) if sitting else (), member="Член апелляционной комиссии",
        agenda=(item,), signatures=tuple(map(_by_hand, signing)), sitting=sitting,
        held_on=date.fromisoformat(str(case.appeal["decided_on"])),
        ballots=() if sitting else tuple(_ballot(scene, one) for one in members),
    )  # fmt: skip


def _granted(scene: Scene) -> bool:
    votes = [one.vote for one in scene.case.panel]
    return votes.count("grant") > votes.count("dismiss")


def _votes(scene: Scene) -> m.Votes:
    """Return the votes on the decision that was taken: for a dismissal, those who would dismiss are for it."""
    given = [one.vote == "grant" for one in scene.case.panel if one.vote]
    agreed = given.count(_granted(scene))
    return m.Votes(agreed, len(given) - agreed)


def _reasons(scene: Scene) -> str:
    told = scene.case.appeal
    return str(told.get("granted") or told.get("dismissed") or "")


def _against(scene: Scene) -> m.Reference | None:
    """Return the conclusion that is appealed; None where it is the refusal to accept the documents."""
    id_ = scene.case.appeal.get("against")
    known = scene.session.get(Document, id_) if id_ else None
    return m.Reference(known.number or "", known.dated, known.edition) if known else None


def _sitting(scene: Scene) -> m.Sitting | None:
    held = scene.case.appeal.get("sitting")
    return m.Sitting(date.fromisoformat(str(held["on"])), str(held["at"]), str(held["place"])) if held else None


def _by_hand(expert: m.Expert) -> m.Signature:
    return m.Signature(_PAPER, expert.person, expert.position, expert.organisation)


def _ballot(scene: Scene, one: PanelMember) -> Ballot:
    """Return the sheet of a member: the vote and how it was signed, as the journal has it."""
    case, session = scene.case, scene.session
    found = session.scalars(
        select(Event).where(Event.subject_kind == "case", Event.subject_id == case.id, Event.actor_id == one.person_id)
        .where(Event.transition == "vote").order_by(Event.seq.desc()).limit(1)
    ).first()  # fmt: skip
    if found is None:
        raise Broken("a panel decides when its members have voted")
    answer = "удовлетворить апелляцию" if one.vote == "grant" else "отклонить апелляцию"
    simple = found.signature.partition(":")[0] == "simple"
    how = "простой электронной подписью" if simple else "от руки, скан приложен"
    when = rows.local_moment(session, case.municipality_id, found.at)
    return Ballot(
        rows.expert_of(session, one.person_id),
        answer,
        f"подписан {how} {when}, запись журнала № {rows.entry_name(case, found.seq)}",
    )
