"""Решение по апелляции: the panel upholds the conclusion or orders a new examination (decisions.md, appeal)."""

from __future__ import annotations

from typing import Final

from workflow_app.documents import parts
from workflow_app.documents.blocks import Block, Document, Items, Paragraph, Text, bold, text
from workflow_app.documents.grammar import NBSP, day, numbered
from workflow_app.documents.material import AppealCard, CaseCard, Material, needed
from workflow_app.documents.wording import appealed, applicant_words, object_words, referred, sentence

KEY: Final = "appeal_decision"


def compose(material: Material) -> Document:
    """Needs ``appeal``."""
    appeal, card = needed(material.appeal, "appeal"), material.case
    on = material.issue.date
    return parts.compose(
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
            *parts.section("Доводы заявителя", appeal.arguments),
            *parts.section("Выводы комиссии", appeal.reasons),
            *_limits(card),
            Paragraph(text(f"Результаты голосования: {_votes(appeal)}.")),
            Paragraph(text("Апелляционная комиссия ", bold("РЕШИЛА:")), keep_with_next=True),
            Items(_resolution(appeal), numbered=True),
            *(Paragraph(text(sentence(words))) for words in (material.centre.requisite("complaint", on),) if words),
            *(parts.signature_line(one, "Член апелляционной комиссии") for one in appeal.signatures),
        ),
    )


def _panel(appeal: AppealCard) -> tuple[Block, ...]:
    return (Paragraph(text("Состав апелляционной комиссии:"), keep_with_next=True), parts.people(appeal.panel))


def _considered(card: CaseCard, appeal: AppealCard) -> str:
    sitting = f" {day(appeal.sitting_at)}" if appeal.sitting_at else ""
    subject = "" if card.attestation or not appeal.against else f" по результатам экспертизы {object_words(card, 'g')}"
    return (
        f"Комиссия рассмотрела{sitting} апелляцию {applicant_words(card, 'g')}, поданную {day(appeal.lodged_at)}, "
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


def _votes(appeal: AppealCard) -> str:
    return f"за – {appeal.votes_for}, против – {appeal.votes_against}".replace(" – ", f"{NBSP}– ")


def _resolution(appeal: AppealCard) -> tuple[Text, ...]:
    informed = "Уведомить заявителя о принятом решении."
    if appeal.granted and appeal.against:
        points: tuple[str, ...] = (
            "Апелляцию удовлетворить.",
            f"Признать недействительным экспертное заключение {referred(appeal.against)}.",
            "Провести экспертизу повторно в ином составе экспертов.",
            informed,
        )
    elif appeal.granted:
        points = ("Апелляцию удовлетворить.", "Отказ отменить, документы принять к рассмотрению.", informed)
    elif appeal.against:
        kept = f"Экспертное заключение {referred(appeal.against)} оставить без изменения."
        points = ("Апелляцию отклонить.", kept, informed)
    else:
        points = ("Апелляцию отклонить.", "Отказ в приёме документов оставить в силе.", informed)
    return tuple(text(point) for point in points)
