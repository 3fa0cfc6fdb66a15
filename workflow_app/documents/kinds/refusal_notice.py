"""Уведомление об отказе в приёме документов (domain.md 6.12, R7)."""

from __future__ import annotations

from typing import Final

from workflow_app.documents.content.snapshot import CaseCard, Material, RefusalCard, needed
from workflow_app.documents.docx.blocks import Document, Paragraph, bold, text
from workflow_app.documents.kinds import shared_letter, shared_parts
from workflow_app.documents.kinds.wording import application, glued, lowered, purpose, sentence
from workflow_app.documents.russian.grammar import day, numbered

KEY: Final = "refusal_notice"


def compose(material: Material) -> Document:
    """Needs ``refusal``. It says what was refused and why, and what the applicant may do about it."""
    refusal, card = needed(material.refusal, "refusal"), material.case
    body = (
        Paragraph(text(_refused(card))),
        Paragraph(text(bold("Основание отказа: "), sentence(glued(lowered(refusal.ground.strip()))))),
        *shared_parts.paragraphs(sentence(glued(refusal.comment))),
        *(Paragraph(text(words)) for words in _rights(refusal)),
    )
    return shared_letter.notice(material, refusal, kind=KEY, heading="Об отказе в приёме документов", body=body)


def _refused(card: CaseCard) -> str:
    aim = f" Цель аттестации: {purpose(card)}." if card.attestation and card.target_category else ""
    return (
        f"Уведомляем, что Ваше {application(card)}, поступившее {day(card.received_at)} "
        f"(регистрационный {numbered(card.number)}), рассмотрено.{aim} В приёме документов отказано."
    )


def _rights(refusal: RefusalCard) -> tuple[str, ...]:
    term = f" по {day(refusal.appeal_until)} включительно" if refusal.appeal_until else ""
    appeal = f"Вы вправе подать апелляцию на отказ в приёме документов{term}."
    again = "После устранения причин отказа Вы вправе подать документы повторно."
    return (appeal, again) if refusal.appealable else (again,)
