"""Экспертный лист: one expert's marks with their grounds (domain.md 6.1)."""

from __future__ import annotations

from typing import Final

from workflow_app.documents.content.snapshot import Material, ReviewSheet, needed
from workflow_app.documents.docx.blocks import Document, Facts, Paragraph, bold, text
from workflow_app.documents.kinds import criteria_tables, invented, shared_parts
from workflow_app.documents.kinds.kind import Kind
from workflow_app.documents.kinds.wording import expert_words, lowered, results_of, role, sentence
from workflow_app.documents.russian.grammar import capitalised
from workflow_app.errors import N_


def compose(kind: Kind, material: Material) -> Document:
    """Needs ``ReviewSheet``. It has no register of its own: the case's number stands in it."""
    sheet, card = needed(material, ReviewSheet), material.case
    whose = capitalised(role(card))
    criteria = (("Критерии", card.criteria_sheet),) if card.criteria_sheet else ()
    return shared_parts.compose(
        material,
        kind,
        name="Экспертный лист",
        title="ЭКСПЕРТНЫЙ ЛИСТ",
        heading=results_of(card),
        on=sheet.signed_at or material.issue.date,
        numbered_kind=False,
        blocks=(
            Facts((*shared_parts.case_facts(card), *criteria, (whose, expert_words(sheet.expert)))),
            *criteria_tables.sheet_table(sheet),
            *criteria_tables.sheet_sum(sheet),
            Paragraph(text(bold("Вывод: "), sentence(lowered(sheet.verdict)))),
            *shared_parts.opinion(card, sheet.strengths, sheet.remarks, sheet.conclusions, sheet.recommendations),
            shared_parts.signature_line(sheet.signature, whose),
        ),
    )


KIND: Final = Kind(
    key="expert_sheet",
    title=N_("Экспертный лист"),
    register=None,
    words=compose,
    card=ReviewSheet,
    sample=invented.sheet,
    signer="expert",
)
