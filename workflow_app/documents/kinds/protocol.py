"""Протокол заседания: of the appeal panel, of the specialists' discussion, of any body (domain.md 6.5, 0a.12)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from workflow_app.documents.content.assessment_cards import Expert, Signature
from workflow_app.documents.content.snapshot import AgendaItem, Material, ProtocolCard, needed
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
from workflow_app.documents.kinds import shared_parts
from workflow_app.documents.kinds.wording import expert_words, glued, lowered, sat, sentence, voted
from workflow_app.documents.russian.grammar import NBSP, capitalised, day

KEY: Final = "protocol"
OF_APPEAL: Final = "appeal_protocol"


def compose(material: Material) -> Document:
    """Needs ``protocol``. Who is heard stands in the accusative (0a.12)."""
    return _composed(material, KEY)


def compose_of_appeal(material: Material) -> Document:
    """The same of the appeal panel's meeting: a kind of its own, for a case may have both protocols."""
    return _composed(material, OF_APPEAL)


def _composed(material: Material, kind: str) -> Document:
    card = needed(material.protocol, "protocol")
    return shared_parts.compose(
        material,
        kind=kind,
        name="Протокол",
        form="record",
        title="ПРОТОКОЛ",
        heading=capitalised(card.body_g),
        on=material.issue.date,
        blocks=(
            *_held(material, card),
            *_officers(card),
            *_listed("Присутствовали", card.present),
            *_listed("Приглашены", card.invited),
            *_polled(card),
            Paragraph(
                text(bold("ПОСТАВЛЕНО НА ГОЛОСОВАНИЕ:" if card.ballots else "ПОВЕСТКА ДНЯ:")),
                indent=False,
                keep_with_next=True,
            ),
            Items(tuple(text(sentence(glued(one.subject))) for one in card.agenda), numbered=True),
            *(block for at, one in enumerate(card.agenda, start=1) for block in _item(card, at, one)),
            *(_signed(card, one) for one in card.signatures),
        ),
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


def _officers(card: ProtocolCard) -> tuple[Block, ...]:
    named = (("Председатель", card.chair), ("Секретарь", card.secretary))
    return tuple(
        Paragraph(text(f"{word}{NBSP}– {expert_words(one)}"), align="left", indent=False) for word, one in named if one
    )


def _listed(word: str, whom: Sequence[Expert]) -> tuple[Block, ...]:
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


def _item(card: ProtocolCard, at: int, one: AgendaItem) -> tuple[Block, ...]:
    """СЛУШАЛИ, ВЫСТУПИЛИ, РЕШИЛИ of one item of the agenda; of a poll, the opinions of its sheets and the result."""
    who = f"{expert_words(one.heard, 'a')},{NBSP}– " if one.heard else ""
    what = sentence(glued(lowered(one.report.strip() or one.subject)))
    spoke: tuple[Block, ...] = ()
    if one.spoke:
        said = (
            f"{it.person.short(surname_first=True)}{NBSP}– {sentence(glued(lowered(it.words.strip())))}"
            for it in one.spoke
        )
        lead = "Мнения, изложенные в опросных листах:" if card.ballots else "ВЫСТУПИЛИ:"
        spoke = (_lead(lead), *(Paragraph(text(words)) for words in said))
    points = (f"{at}.{number}.{NBSP}{sentence(glued(words))}" for number, words in enumerate(one.decided, start=1))
    votes = (Paragraph(text(f"Результаты голосования: {voted(one.votes)}.")),) if one.votes else ()
    opening = f"{at}.{NBSP}ВОПРОС: " if card.ballots else f"{at}.{NBSP}СЛУШАЛИ: "
    return (
        Paragraph(text(bold(opening), f"{who}{what}"), indent=False),
        *spoke,
        _lead("РЕШЕНИЕ:" if card.ballots else "РЕШИЛИ:"),
        *(Paragraph(text(words)) for words in points),
        *votes,
    )


def _lead(words: str) -> Paragraph:
    return Paragraph(text(bold(words)), indent=False, keep_with_next=True)


def _signed(card: ProtocolCard, signature: Signature) -> SignatureLine:
    """Chair and secretary sign as such, the others as members of the body."""
    if signature.person == card.chair.person:
        return shared_parts.signature_line(signature, "Председатель")
    if card.secretary and signature.person == card.secretary.person:
        return shared_parts.signature_line(signature, "Секретарь")
    return shared_parts.signature_line(signature, card.member)
