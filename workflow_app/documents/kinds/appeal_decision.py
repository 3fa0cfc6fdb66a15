"""Решение по апелляции: the panel upholds the conclusion or orders a new examination (domain.md 5)."""

from __future__ import annotations

from typing import Final

from workflow_app.documents.content.assessment_cards import Signature
from workflow_app.documents.content.snapshot import AppealCard, CaseCard, Material, needed
from workflow_app.documents.docx.blocks import Block, Document, Items, Paragraph, SignatureLine, bold, text
from workflow_app.documents.kinds import shared_parts
from workflow_app.documents.kinds.wording import (
    appealed,
    applicant_words,
    object_words,
    resolution,
    sat,
    sentence,
    voted,
)
from workflow_app.documents.russian.grammar import day, numbered

KEY: Final = "appeal_decision"


def compose(material: Material) -> Document:
    """Needs ``appeal``."""
    appeal, card = needed(material.appeal, "appeal"), material.case
    on = material.issue.date
    return shared_parts.compose(
        material,
        kind=KEY,
        name="Решение по апелляции",
        form="record",
        title="РЕШЕНИЕ АПЕЛЛЯЦИОННОЙ КОМИССИИ",
        heading=f"Об апелляции {card.applicant.short('g', surname_first=True)} на {appealed(appeal.against)}",
        on=on,
        blocks=(
            *_panel(appeal),
            Paragraph(text(_considered(card, appeal))),
            *shared_parts.section("Доводы заявителя", appeal.arguments),
            *shared_parts.section("Выводы комиссии", appeal.reasons),
            *_limits(card),
            Paragraph(text("Апелляционная комиссия ", bold("РЕШИЛА:")), keep_with_next=True),
            Items(tuple(map(text, resolution(appeal.against, granted=appeal.granted))), numbered=True),
            Paragraph(text(f"Результаты голосования: {voted(appeal.votes)}.")),
            *(Paragraph(text(sentence(words))) for words in (material.centre.requisite("complaint", on),) if words),
            *(_signed(at, one) for at, one in enumerate(appeal.signatures)),
        ),
    )


def _panel(appeal: AppealCard) -> tuple[Block, ...]:
    return (Paragraph(text("Состав апелляционной комиссии:"), keep_with_next=True), shared_parts.people(appeal.panel))


def _signed(at: int, signature: Signature) -> SignatureLine:
    """A line for the hand of each: the chair's first, the members' all alike."""
    return shared_parts.signature_line(signature, f"{'Член' if at else 'Председатель'} апелляционной комиссии")


def _considered(card: CaseCard, appeal: AppealCard) -> str:
    met = (
        f"на заседании {sat(appeal.sitting)},"
        if appeal.sitting
        else f"{day(appeal.decided_on)} заочно (опросными листами)"
    )
    subject = "" if card.attestation or not appeal.against else f" по результатам экспертизы {object_words(card, 'g')}"
    return (
        f"Комиссия рассмотрела {met} апелляцию {applicant_words(card, 'g')}, поданную {day(appeal.lodged_at)}, "
        f"на {appealed(appeal.against)}{subject}, регистрационный {numbered(card.number)}."
    )


def _limits(card: CaseCard) -> tuple[Block, ...]:
    """In attestation only the centre's procedure can be appealed here."""
    if not card.attestation:
        return ()
    return (
        Paragraph(
            text(
                "Апелляция рассмотрена в части порядка проведения всестороннего анализа. "
                "Решения аттестационной комиссии в этом порядке не пересматриваются."
            )
        ),
    )
