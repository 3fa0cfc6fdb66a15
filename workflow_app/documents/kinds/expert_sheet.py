"""Экспертный лист: one expert's marks with their grounds (domain.md 6.1)."""

from __future__ import annotations

from typing import Final

from workflow_app.documents.content.snapshot import Material, needed
from workflow_app.documents.docx.blocks import Document, Facts, Paragraph, bold, text
from workflow_app.documents.kinds import criteria_tables, shared_parts
from workflow_app.documents.kinds.wording import expert_words, lowered, results_of, role, sentence
from workflow_app.documents.russian.grammar import capitalised

KEY: Final = "expert_sheet"


def compose(material: Material) -> Document:
    """Needs ``sheet``. It has no register of its own: the case's number stands in it."""
    sheet, card = needed(material.sheet, "sheet"), material.case
    whose = capitalised(role(card))
    criteria = (("Критерии", card.criteria_sheet),) if card.criteria_sheet else ()
    return shared_parts.compose(
        material,
        kind=KEY,
        name="Экспертный лист",
        form="record",
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
