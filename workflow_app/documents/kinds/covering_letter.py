"""Сопроводительное письмо: the set of an attestation case goes to the attestation commission (domain.md 0a.5, 6.13)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from workflow_app.documents.content.snapshot import CentreCard, Material, Reference, Signature, needed
from workflow_app.documents.content.told import told
from workflow_app.documents.docx.blocks import Document, Items, Paragraph, Text, text
from workflow_app.documents.kinds import invented, shared_letter, shared_parts
from workflow_app.documents.kinds.kind import Kind
from workflow_app.documents.kinds.wording import applicant_words, glued, purpose, referred
from workflow_app.documents.russian.grammar import NBSP, PersonName, day, numbered
from workflow_app.errors import N_


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A document sent with a letter: its name, sheets when counted, copies."""

    title: str = told(N_("название"))
    sheets: int | None = told(N_("листов"), default=None)
    copies: int = told(N_("экземпляров"), default=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterCard:
    """A covering letter: what goes with it, who signs it, who prepared it and by which telephone to ask."""

    conclusion: Reference = told(N_("заключение"))
    enclosures: tuple[Enclosure, ...] = told(N_("приложения"))
    signature: Signature
    prepared_by: PersonName = told(N_("исполнитель"))
    phone: str = told(N_("телефон исполнителя"), default="")


def compose(kind: Kind, material: Material) -> Document:
    """Needs ``LetterCard``. The director's signature says that the set is complete, not what the conclusion should be."""
    letter, centre = needed(material, LetterCard), material.centre
    on = material.issue.date
    return shared_parts.compose(
        material,
        kind,
        name="Сопроводительное письмо",
        title="",
        heading="О направлении экспертного заключения",
        on=on,
        addressee=(centre.requisite("commission_n", on) or "Аттестационная комиссия",),
        blocks=(
            *(Paragraph(text(words)) for words in _body(material, letter)),
            Paragraph(text("Приложение:"), indent=False, keep_with_next=True),
            Items(tuple(_enclosure(one) for one in letter.enclosures), numbered=True),
            shared_parts.director_line(centre, letter.signature),
            shared_letter.prepared(letter.prepared_by, letter.phone),
        ),
    )


def _body(material: Material, letter: LetterCard) -> tuple[str, ...]:
    card = material.case
    sent = (
        f"Направляем экспертное заключение {referred(letter.conclusion)} по результатам всестороннего анализа "
        f"профессиональной деятельности {applicant_words(card, 'g')}. Цель аттестации: {purpose(card)}."
    )
    complete = (
        f"Заявление поступило {day(card.received_at)}, регистрационный {numbered(card.number)}. "
        "Комплект документов сформирован в полном объёме."
    )
    return (sent, complete)


def _enclosure(one: Enclosure) -> Text:
    """«… на 4 л. в 1 экз.», with a blank for the hand where nobody could count the sheets."""
    return text(f"{glued(one.title)} на {one.sheets or '____'}{NBSP}л. в {one.copies}{NBSP}экз.")


def sample(centre: CentreCard, today: date, rows: int) -> LetterCard:
    """A letter with invented enclosures."""
    enclosures = tuple(Enclosure(f"Приложение {at + 1}", 3) for at in range(rows))
    return LetterCard(
        conclusion=invented.reference(today), enclosures=enclosures, signature=invented.hand(centre), prepared_by=invented.CLERK,
        phone=invented.PHONE,
    )  # fmt: skip


KIND: Final = Kind(
    key="covering_letter", title=N_("Сопроводительное письмо"), register="letters", words=compose, card=LetterCard, sample=sample,
    form="letter", attestation=True, signer="director", renewed_in=("approved",),  # as long as it has not been sent
)  # fmt: skip
