"""Экспертное заключение: one expert's conclusion as a document that can be approved (domain.md 6.2)."""

from __future__ import annotations

from typing import Final

from workflow_app.documents.content.snapshot import Material, ReviewSheet, needed
from workflow_app.documents.docx.blocks import Block, Document, Facts, Heading, Paragraph, bold, text
from workflow_app.documents.kinds import criteria_tables, invented, shared_parts
from workflow_app.documents.kinds.kind import Kind
from workflow_app.documents.kinds.wording import conformity, lowered, recommendation, results_of, role, sentence
from workflow_app.documents.russian.grammar import capitalised
from workflow_app.errors import N_


def compose(kind: Kind, material: Material) -> Document:
    """Needs ``ReviewSheet``; ``approval`` gives the stamp, never in attestation (0a.5)."""
    sheet, card = needed(material, ReviewSheet), material.case
    return shared_parts.compose(
        material,
        kind,
        name="Экспертное заключение",
        title="ЭКСПЕРТНОЕ ЗАКЛЮЧЕНИЕ",
        heading=results_of(card),
        on=material.issue.date,
        stamp=shared_parts.stamp(material.centre, card, material.approval),
        blocks=(
            Facts((shared_parts.basis(card), *shared_parts.case_facts(card)[1:])),
            *shared_parts.experts_list(card, (sheet.expert,)),
            *shared_parts.method(card),
            Heading("Результаты"),
            *criteria_tables.sheet_table(sheet),
            *criteria_tables.sheet_sum(sheet),
            *shared_parts.opinion(card, sheet.strengths, sheet.remarks, sheet.conclusions, sheet.recommendations),
            *_ending(material, sheet),
            shared_parts.signature_line(sheet.signature, capitalised(role(card))),
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


KIND: Final = Kind(
    key="expert_conclusion", title=N_("Экспертное заключение"), register="conclusions", words=compose, card=ReviewSheet,
    sample=invented.sheet, stamped=True, signer="expert",
)  # fmt: skip
