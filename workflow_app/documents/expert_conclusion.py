"""Экспертное заключение: one expert's conclusion as a document that can be approved (domain.md 6.2)."""

from __future__ import annotations

from typing import Final

from workflow_app.documents import parts, tables
from workflow_app.documents.blocks import Block, Document, Facts, Heading, Paragraph, bold, text
from workflow_app.documents.grammar import capitalised
from workflow_app.documents.material import Material, ReviewSheet, needed
from workflow_app.documents.wording import conformity, lowered, recommendation, results_of, role, sentence

KEY: Final = "expert_conclusion"


def compose(material: Material) -> Document:
    """Needs ``sheet``; ``approval`` gives the stamp, never in attestation (0a.5)."""
    sheet, card = needed(material.sheet, "sheet"), material.case
    return parts.compose(
        material,
        kind=KEY,
        name="Экспертное заключение",
        form="record",
        title="ЭКСПЕРТНОЕ ЗАКЛЮЧЕНИЕ",
        heading=results_of(card),
        on=material.issue.date,
        stamp=parts.stamp(material.centre, card, material.approval),
        blocks=(
            Facts((parts.basis(card), *parts.case_facts(card)[1:])),
            *parts.experts_list(card, (sheet.expert,)),
            *parts.method(card),
            Heading("Результаты"),
            *tables.sheet_table(sheet),
            *tables.sheet_sum(sheet),
            *parts.opinion(card, sheet.strengths, sheet.remarks, sheet.conclusions, sheet.recommendations),
            *_ending(material, sheet),
            parts.signature_line(sheet.signature, capitalised(role(card))),
        ),
    )


def _ending(material: Material, sheet: ReviewSheet) -> tuple[Block, ...]:
    card = material.case
    if not card.attestation:
        return (Heading("Заключение"), Paragraph(text(bold("Вывод: "), sentence(lowered(sheet.verdict)))))
    on = material.issue.date
    advice = recommendation(card, material.centre, on, favourable=sheet.favourable, many=False)
    return (
        Heading("Заключение"),
        Paragraph(text(conformity(card, favourable=sheet.favourable))),
        Paragraph(text(advice)),
    )
