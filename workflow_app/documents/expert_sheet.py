"""Экспертный лист: one expert's marks with their grounds (domain.md 6.1)."""

from __future__ import annotations

from typing import Final

from workflow_app.documents import parts, tables
from workflow_app.documents.blocks import Document, Facts, Paragraph, bold, text
from workflow_app.documents.grammar import capitalised
from workflow_app.documents.material import Material, needed
from workflow_app.documents.wording import expert_words, lowered, results_of, role, sentence

KEY: Final = "expert_sheet"


def compose(material: Material) -> Document:
    """Needs ``sheet``. It has no register of its own: the case's number stands in it."""
    sheet, card = needed(material.sheet, "sheet"), material.case
    whose = capitalised(role(card))
    criteria = (("Критерии", card.criteria_sheet),) if card.criteria_sheet else ()
    return parts.compose(
        material,
        kind=KEY,
        name="Экспертный лист",
        form="record",
        title="ЭКСПЕРТНЫЙ ЛИСТ",
        heading=results_of(card),
        on=sheet.signed_at or material.issue.date,
        numbered_kind=False,
        blocks=(
            Facts((*parts.case_facts(card), *criteria, (whose, expert_words(sheet.expert)))),
            *tables.sheet_table(sheet),
            *tables.sheet_sum(sheet),
            Paragraph(text(bold("Вывод: "), sentence(lowered(sheet.verdict)))),
            *parts.opinion(card, sheet.strengths, sheet.remarks, sheet.conclusions, sheet.recommendations),
            parts.signature_line(sheet.signature, whose),
        ),
    )
