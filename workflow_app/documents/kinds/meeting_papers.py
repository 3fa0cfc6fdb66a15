"""Протокол заседания of a council, a bureau, a community, and выписка из протокола: of one item of its agenda (domain.md 6.5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from workflow_app.documents.content.assessment_cards import Reference
from workflow_app.documents.content.cards import Sitting, Votes
from workflow_app.documents.content.snapshot import CentreCard, RecordMaterial, needed
from workflow_app.documents.content.told import Say, told
from workflow_app.documents.docx.blocks import Block, Document, Facts, Items, Paragraph, text
from workflow_app.documents.kinds import invented, protocol, shared_parts
from workflow_app.documents.kinds.kind import Kind
from workflow_app.documents.kinds.protocol import AgendaItem, ProtocolCard
from workflow_app.documents.kinds.wording import glued, referred, sat, sentence
from workflow_app.documents.russian.grammar import capitalised
from workflow_app.errors import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingCard(ProtocolCard):
    """A meeting of a body: its form in words, the quorum in words, with whom it was joint, who was invited as typed.

    ``absent``: they voted without meeting. ``programme`` and ``questions`` are typed text, of a public defence.
    """

    form: str = told(Say(N_("форма заседания"), "form"))
    quorum: str = told(Say(N_("сведения о кворуме"), "quorum"), default="")
    joint: str = told(Say(N_("совместно с кем"), "joint"), default="")
    guests: tuple[str, ...] = told(N_("кого пригласили"), default=())
    absent: bool = False
    visitors: str = ""
    programme: str = ""
    questions: str = ""

    @property
    def polled(self) -> bool:
        """Whether they voted without meeting."""
        return self.absent


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractCard(MeetingCard):
    """What an extract tells: the protocol it is from, and of its agenda one item, with its number there."""

    of: Reference = told(N_("протокол"))
    number: int = told(Say(N_("номер вопроса повестки"), "item"))


def _protocol(kind: Kind, material: RecordMaterial) -> Document:
    card = needed(material, MeetingCard)
    blocks = (
        *_head(card), *_people(card), *shared_parts.section("Программа", card.programme), *protocol.agenda(card),
        *shared_parts.section("Вопросы и ответы", card.questions),
        *(protocol.signed_line(card, one) for one in card.signatures),
    )  # fmt: skip
    return shared_parts.compose(
        material, kind, name="Протокол", title="ПРОТОКОЛ", heading=capitalised(card.body_g), on=material.issue.date,
        subject=card.body_g, blocks=blocks,
    )  # fmt: skip


def _head(card: MeetingCard) -> tuple[Block, ...]:
    """Form, day, time and place, quorum; what is not known is left out."""
    when = sat(card.sitting) if card.sitting else ""
    rows = (
        ("Форма проведения", card.form), ("Дата и место проведения", when), ("Совместно с", card.joint), ("Кворум", card.quorum),
        ("Посетителей", card.visitors),
    )  # fmt: skip
    return (Facts(tuple((label, glued(value)) for label, value in rows if value)),)


def _people(card: MeetingCard) -> tuple[Block, ...]:
    guests: tuple[Block, ...] = ()
    if card.guests:
        ends = [";"] * (len(card.guests) - 1) + ["."]
        lines = tuple(text(glued(one.rstrip(".;")) + end) for one, end in zip(card.guests, ends, strict=True))
        guests = (Paragraph(text("Приглашены:"), indent=False, keep_with_next=True), Items(lines, numbered=True))
    came = "В голосовании приняли участие" if card.absent else "Присутствовали"
    return (*protocol.officers(card), *protocol.listed(came, card.present), *guests)


def _extract(kind: Kind, material: RecordMaterial) -> Document:
    """One item of the agenda as the protocol has it; whoever keeps the protocol certifies it."""
    card = needed(material, ExtractCard)
    blocks = (
        Facts((("Протокол", referred(card.of)),)),
        *_head(card), *protocol.officers(card),
        *(block for one in card.agenda for block in protocol.item_blocks(card, card.number, one)),
        Paragraph(text("Выписка верна."), indent=False, keep_with_next=True),
        *(protocol.signed_line(card, one) for one in card.signatures),
    )  # fmt: skip
    return shared_parts.compose(
        material, kind, name="Выписка из протокола", title="ВЫПИСКА ИЗ ПРОТОКОЛА", heading=capitalised(card.body_g), on=material.issue.date,
        subject=sentence(card.body_g), blocks=blocks,
    )  # fmt: skip


def _sample(_centre: CentreCard, today: date, rows: int) -> MeetingCard:
    chair, secretary = invented.expert(0), invented.expert(1)
    item = AgendaItem("О рассмотрении материала", (invented.TEXT,), chair, said=(invented.TEXT,), votes=Votes(3, 0))
    return MeetingCard(
        body_g="заседания экспертного совета", chair=chair, agenda=(item,) * rows, secretary=secretary, present=invented.experts(rows),
        signatures=(invented.signed(chair), invented.signed(secretary)), sitting=Sitting(today, "14:00", "Методический центр"),
        form="очное", quorum="присутствуют 5 из 7 членов, кворум имеется", guests=("Образцова Анна Петровна, учитель",) * rows,
    )  # fmt: skip


def _sample_of_extract(centre: CentreCard, today: date, rows: int) -> ExtractCard:
    whole = _sample(centre, today, rows)
    told_of = {name: getattr(whole, name) for name in MeetingCard.__dataclass_fields__}
    return ExtractCard(**told_of, of=Reference("00", today), number=1)


PROTOCOL: Final = Kind(
    key="meeting_protocol", title=N_("Протокол заседания совета"), of="record", register="protocols", card=MeetingCard, words=_protocol,
    sample=_sample,
)  # fmt: skip
EXTRACT: Final = Kind(
    key="protocol_extract", title=N_("Выписка из протокола"), of="record", register="extracts", card=ExtractCard, words=_extract,
    sample=_sample_of_extract,
)  # fmt: skip
