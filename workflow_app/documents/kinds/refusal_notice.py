"""Уведомление об отказе в приёме документов (domain.md 6.12, R7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from workflow_app.documents.content.snapshot import CaseCard, CentreCard, Material, needed
from workflow_app.documents.content.told import told
from workflow_app.documents.docx.blocks import Document, Paragraph, bold, text
from workflow_app.documents.kinds import invented, shared_letter, shared_parts
from workflow_app.documents.kinds.kind import Kind
from workflow_app.documents.kinds.wording import application, glued, lowered, purpose, sentence
from workflow_app.documents.russian.grammar import day, numbered
from workflow_app.errors import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalCard(shared_letter.ToApplicant):
    """A refusal to accept the documents (R7): the ground in the words of the closed list, what explains it.

    ``appeal_until``: the last day for an appeal; None where no term runs, the right is then named without a day. There is one
    appeal in a case: after it a refusal is not ``appealable``.
    """

    ground: str = told(N_("основание отказа"))
    comment: str = told(N_("пояснение"))
    appeal_until: date | None = told(N_("до какого дня можно подать апелляцию"))
    appealable: bool = told(N_("«да», если можно подать апелляцию"), default=True)


def compose(kind: Kind, material: Material) -> Document:
    """Needs ``RefusalCard``. It says what was refused and why, and what the applicant may do about it."""
    refusal, card = needed(material, RefusalCard), material.case
    body = (
        Paragraph(text(_refused(card))),
        Paragraph(text(bold("Основание отказа: "), sentence(glued(lowered(refusal.ground.strip()))))),
        *shared_parts.paragraphs(sentence(glued(refusal.comment))),
        *(Paragraph(text(words)) for words in _rights(refusal)),
    )
    return shared_letter.notice(material, kind, refusal, heading="Об отказе в приёме документов", body=body)


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


def sample(centre: CentreCard, today: date, _rows: int) -> RefusalCard:
    """A refusal for an invented ground."""
    return RefusalCard(
        ground="такое же заявление уже рассматривается", comment=invented.TEXT, appeal_until=today + timedelta(days=30),
        signature=invented.hand(centre), prepared_by=invented.CLERK,
    )  # fmt: skip


KIND: Final = Kind(
    key="refusal_notice", title=N_("Уведомление об отказе в приёме документов"), register="letters", words=compose, card=RefusalCard,
    sample=sample, form="letter", reader="applicant",
)  # fmt: skip
