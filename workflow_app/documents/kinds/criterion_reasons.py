"""Why the experts marked as they did, criterion by criterion: in the conclusion itself, or in its annex when long."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from workflow_app.documents.content.assessment_cards import ComparedRow, Consolidated
from workflow_app.documents.content.snapshot import CaseCard, Issue, Reference
from workflow_app.documents.docx.blocks import Block, Heading, PageBreak, Paragraph, bold, text
from workflow_app.documents.kinds.criteria_tables import names
from workflow_app.documents.kinds.wording import referred, sentence
from workflow_app.documents.russian.grammar import NBSP

_LONG: Final = 1200  # letters: two thirds of a page of the conclusion
_TITLE: Final = "Обоснования оценок по критериям"


def within(card: CaseCard, found: Consolidated) -> tuple[Block, ...]:
    """The reasons where they are short; else where to find them; nothing where nobody gave any."""
    said = tuple(_said(card, found))
    if not said:
        return ()
    if _long(found):
        return (Paragraph(text("Обоснования оценок приведены в приложении.")),)
    return (Heading(_TITLE), *said)


def annex(card: CaseCard, found: Consolidated, issue: Issue) -> tuple[Block, ...]:
    """Long reasons on pages of their own, after the signatures."""
    if not _long(found):
        return ()
    which = f"\n{referred(Reference(issue.number, issue.date))}" if issue.date else ""
    head = f"Приложение\nк сводному экспертному заключению{which}"
    return (PageBreak(), Paragraph(text(head), align="right", indent=False), Heading(_TITLE), *_said(card, found))


def _long(found: Consolidated) -> bool:
    return sum(len(words) for row in found.rows for words in set(row.reasons)) > _LONG


def _said(card: CaseCard, found: Consolidated) -> Iterator[Block]:
    experts = [one.replace(" ", NBSP) for one in names(card, found)]
    for row in found.rows:
        if merged := _merged(row, experts):
            yield Heading(f"{row.number}.{NBSP}{row.title}", level=2)
            yield from (Paragraph(text(bold(f"{', '.join(who)}: "), sentence(words))) for words, who in merged.items())


def _merged(row: ComparedRow, experts: list[str]) -> dict[str, list[str]]:
    """Each reason once, with everybody who gave it."""
    found: dict[str, list[str]] = {}
    for words, who in zip(row.reasons, experts, strict=False):
        if bare := " ".join(words.split()):
            found.setdefault(bare, []).append(who)
    return found
