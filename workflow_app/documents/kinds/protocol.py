"""Протокол заседания: of the appeal panel, of the specialists' discussion, of any body (domain.md 6.5, 0a.12)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeVar

from workflow_app.documents.content.assessment_cards import Expert, Signature
from workflow_app.documents.content.cards import Sitting, Votes
from workflow_app.documents.content.snapshot import CentreCard, Material, needed
from workflow_app.documents.content.told import Say, told
from workflow_app.documents.docx.blocks import (
    Block,
    Document,
    Facts,
    Items,
    Paragraph,
    SignatureLine,
    Table,
    bold,
    text,
)
from workflow_app.documents.kinds import invented, shared_parts
from workflow_app.documents.kinds.kind import Kind
from workflow_app.documents.kinds.wording import expert_words, glued, lowered, sat, sentence, voted
from workflow_app.documents.russian.grammar import NBSP, PersonName, capitalised, day
from workflow_app.errors import N_, Broken

_Protocol = TypeVar("_Protocol", bound="ProtocolCard")


@dataclass(frozen=True, slots=True)
class Ballot:
    """One sheet of a poll in absence: whose, what was answered, how and when it was signed, in words."""

    member: Expert = told(Say(N_("член комиссии"), "name"))
    answer: str = told(N_("ответ"))
    signed: str = told(N_("как и когда подписан"))


@dataclass(frozen=True, slots=True)
class Speech:
    """What somebody said at a meeting, best in the present tense («предлагает …»): it has no gender."""

    person: PersonName
    words: str


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """One item of a meeting's agenda.

    ``subject`` answers «о чём»; ``heard`` reported ``report`` (the subject, when it is empty); ``decided`` are points;
    ``said`` are lines as a secretary typed them, with the name in each.
    """

    subject: str = told(N_("о чём"))
    decided: tuple[str, ...] = told(N_("решение"))
    heard: Expert | None = told(Say(N_("кто докладывал"), "heard"), default=None)
    report: str = told(N_("что доложено"), default="")
    spoke: tuple[Speech, ...] = ()
    said: tuple[str, ...] = ()
    votes: Votes | None = told(
        Say(N_("голосов за"), "in_favour", lambda item: str(item.votes.in_favour) if item.votes else ""),
        Say(N_("голосов против"), "against", lambda item: str(item.votes.against) if item.votes else ""),
        Say(N_("воздержались"), "abstained", lambda item: str(item.votes.abstained) if item.votes else ""),
        default=None,
    )


def _held_on(card: ProtocolCard) -> str:
    on = card.sitting.on if card.sitting else card.held_on
    return day(on) if on else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtocolCard:
    """A meeting of a panel, a jury, a council; or a poll of its members in absence, and never both.

    ``body_g`` is what the protocol is of, in the genitive («заседания апелляционной комиссии»); ``present`` and
    ``invited`` are those besides the chair and the secretary; ``member`` is the word before the position where a member
    signs («Член апелляционной комиссии»). ``sitting`` is the meeting's day, time and place; a meeting of a known day
    alone (``held_on``) says it when it is not the protocol's own date. ``ballots`` make it the record of a poll:
    nobody sat, was present or was heard then, and the chair and the secretary alone sign the count.
    """

    body_g: str = told(N_("протокол чего"))
    chair: Expert = told(N_("председатель"))
    agenda: tuple[AgendaItem, ...] = told(N_("повестка дня и решения"))
    signatures: tuple[Signature, ...]
    secretary: Expert | None = told(N_("секретарь"), default=None)
    present: tuple[Expert, ...] = told(N_("присутствовали"), default=())
    invited: tuple[Expert, ...] = told(N_("приглашены"), default=())
    member: str = ""
    held_on: date | None = told(Say(N_("когда состоялось"), of=_held_on), default=None)
    sitting: Sitting | None = told(N_("когда и где заседали; пусто при опросе"), default=None)
    ballots: tuple[Ballot, ...] = told(
        N_("опросные листы"),
        Say(N_("«да», если это заочный опрос"), "absent", lambda card: "да" if card.ballots else ""),
        default=(),
    )

    @property
    def polled(self) -> bool:
        """Whether nobody sat: it was a poll in absence."""
        return bool(self.ballots)

    def __post_init__(self) -> None:
        """A poll in absence has no sitting, nobody present and nobody heard."""
        met = self.sitting or self.present or self.invited or any(one.heard for one in self.agenda)
        if self.ballots and met:
            raise Broken("a protocol is of a sitting or of a poll in absence, never of both")


class AppealProtocol(ProtocolCard):
    """The same of the appeal panel: a kind of its own, for a case may have both protocols."""


def compose(kind: Kind, material: Material) -> Document:
    """Needs ``ProtocolCard``. Who is heard stands in the accusative (0a.12)."""
    card = needed(material, ProtocolCard)
    return shared_parts.compose(
        material,
        kind,
        name="Протокол",
        title="ПРОТОКОЛ",
        heading=capitalised(card.body_g),
        on=material.issue.date,
        blocks=(
            *_held(material, card),
            *officers(card),
            *listed("Присутствовали", card.present),
            *listed("Приглашены", card.invited),
            *_polled(card),
            *agenda(card),
            *(signed_line(card, one) for one in card.signatures),
        ),
    )


def agenda(card: ProtocolCard) -> tuple[Block, ...]:
    """The agenda, and how each of its items went."""
    return (
        lead("ПОСТАВЛЕНО НА ГОЛОСОВАНИЕ:" if card.polled else "ПОВЕСТКА ДНЯ:"),
        Items(tuple(text(sentence(glued(one.subject))) for one in card.agenda), numbered=True),
        *(block for at, one in enumerate(card.agenda, start=1) for block in item_blocks(card, at, one)),
    )


def _held(material: Material, card: ProtocolCard) -> tuple[Block, ...]:
    """How, when and where it was held; of a meeting of a known day alone, the day, when the protocol is of another."""
    if card.sitting:
        return (Facts((("Форма проведения", "заседание"), ("Дата и место проведения", sat(card.sitting)))),)
    if card.ballots:
        counted = (("Дата подсчёта голосов", day(card.held_on)),) if card.held_on else ()
        return (Facts((("Форма проведения", "заочный опрос (опросные листы), заседание не проводилось"), *counted)),)
    if card.held_on is None or card.held_on == material.issue.date:
        return ()
    return (Facts((("Дата проведения", day(card.held_on)),)),)


def officers(card: ProtocolCard) -> tuple[Block, ...]:
    """The lines of the chair and of the secretary."""
    named = (("Председатель", card.chair), ("Секретарь", card.secretary))
    return tuple(
        Paragraph(text(f"{word}{NBSP}– {expert_words(one)}"), align="left", indent=False) for word, one in named if one
    )


def listed(word: str, whom: Sequence[Expert]) -> tuple[Block, ...]:
    """Who was there, under a word; nothing when nobody was."""
    if not whom:
        return ()
    return (Paragraph(text(f"{word}:"), indent=False, keep_with_next=True), shared_parts.people(whom))


def _polled(card: ProtocolCard) -> tuple[Block, ...]:
    """The sheets of a poll: whose, the answer, how and when each was signed."""
    if not card.ballots:
        return ()
    rows = tuple(
        tuple(text(glued(words)) for words in (str(at), expert_words(one.member), one.answer, one.signed))
        for at, one in enumerate(card.ballots, start=1)
    )
    header = ("№", "Член комиссии", "Ответ", "Опросный лист")
    return (Table("Опросные листы", header, rows, (10, 60, 40, 60), ("center", "left", "left", "left")),)


def item_blocks(card: ProtocolCard, at: int, one: AgendaItem) -> tuple[Block, ...]:
    """СЛУШАЛИ, ВЫСТУПИЛИ, РЕШИЛИ of one item of the agenda; of a poll, the opinions of its sheets and the result."""
    who = f"{expert_words(one.heard, 'a')},{NBSP}– " if one.heard else ""
    what = sentence(glued(lowered(one.report.strip() or one.subject)))
    spoke: tuple[Block, ...] = ()
    said = [
        f"{it.person.short(surname_first=True)}{NBSP}– {sentence(glued(lowered(it.words.strip())))}" for it in one.spoke
    ]
    if said := [*said, *(sentence(glued(words)) for words in one.said)]:
        opens = "Мнения, изложенные в опросных листах:" if card.polled else "ВЫСТУПИЛИ:"
        spoke = (lead(opens), *(Paragraph(text(words)) for words in said))
    points = (f"{at}.{number}.{NBSP}{sentence(glued(words))}" for number, words in enumerate(one.decided, start=1))
    votes = (Paragraph(text(f"Результаты голосования: {voted(one.votes)}.")),) if one.votes else ()
    opening = f"{at}.{NBSP}ВОПРОС: " if card.polled else f"{at}.{NBSP}СЛУШАЛИ: "
    return (
        Paragraph(text(bold(opening), f"{who}{what}"), indent=False),
        *spoke,
        lead("РЕШЕНИЕ:" if card.polled else "РЕШИЛИ:"),
        *(Paragraph(text(words)) for words in points),
        *votes,
    )


def lead(words: str) -> Paragraph:
    """A line in bold that stays with what follows."""
    return Paragraph(text(bold(words)), indent=False, keep_with_next=True)


def signed_line(card: ProtocolCard, signature: Signature) -> SignatureLine:
    """Chair and secretary sign as such, the others as members of the body."""
    if signature.person == card.chair.person:
        return shared_parts.signature_line(signature, "Председатель")
    if card.secretary and signature.person == card.secretary.person:
        return shared_parts.signature_line(signature, "Секретарь")
    return shared_parts.signature_line(signature, card.member)


def sample(_centre: CentreCard, today: date, rows: int) -> ProtocolCard:
    """A protocol of an invented sitting."""
    return _sample(ProtocolCard, today, rows)


def _sample_of_appeal(_centre: CentreCard, today: date, rows: int) -> AppealProtocol:
    return _sample(AppealProtocol, today, rows)


def _sample(card: type[_Protocol], today: date, rows: int) -> _Protocol:
    chair, secretary = invented.expert(0), invented.expert(1)
    item = AgendaItem("О рассмотрении материала", (invented.TEXT,), chair, invented.TEXT, votes=Votes(3, 0))
    return card(
        body_g="заседания экспертной группы", chair=chair, agenda=(item,) * rows, secretary=secretary, present=invented.experts(rows),
        signatures=(invented.signed(chair), invented.signed(secretary)), held_on=today,
    )  # fmt: skip


KIND: Final = Kind(
    key="protocol",
    title=N_("Протокол заседания"),
    register="protocols",
    words=compose,
    card=ProtocolCard,
    sample=sample,
)
OF_APPEAL: Final = Kind(
    key="appeal_protocol", title=N_("Протокол апелляционной комиссии"), register="protocols", words=compose, card=AppealProtocol,
    sample=_sample_of_appeal, reader="panel",
)  # fmt: skip
