"""Сопроводительное письмо: the set of an attestation case goes to the attestation commission (domain.md 0a.5, 6.13)."""

from __future__ import annotations

from typing import Final

from workflow_app.documents.content.snapshot import Enclosure, LetterCard, Material, needed
from workflow_app.documents.docx.blocks import Document, Items, Paragraph, Text, text
from workflow_app.documents.kinds import shared_letter, shared_parts
from workflow_app.documents.kinds.wording import applicant_words, glued, purpose, referred
from workflow_app.documents.russian.grammar import NBSP, day, numbered

KEY: Final = "covering_letter"


def compose(material: Material) -> Document:
    """Needs ``letter``. The director's signature says that the set is complete, not what the conclusion should be."""
    letter, centre = needed(material.letter, "letter"), material.centre
    on = material.issue.date
    return shared_parts.compose(
        material,
        kind=KEY,
        name="Сопроводительное письмо",
        form="letter",
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
