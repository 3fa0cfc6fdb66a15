"""What every document of a record is made of: the centre, the issue, a card with what this kind says, the director's line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

from workflow_app.documents.content.assessment_cards import Signature
from workflow_app.documents.content.snapshot import CentreCard, Issue
from workflow_app.documents.docx.blocks import Align, Block, Document, Properties, Table, text
from workflow_app.documents.kinds import shared_parts
from workflow_app.documents.kinds.wording import replaced
from workflow_app.documents.russian.grammar import BLANK_DAY, day, numbered
from workflow_app.errors import Sentence


@dataclass(frozen=True, slots=True)
class RecordMaterial:
    """Everything that one document of a record is composed from; ``card`` is that of its kind."""

    centre: CentreCard
    issue: Issue
    card: Any
    director: Signature


@dataclass(frozen=True, slots=True)
class RecordKind:
    """One kind of document; ``register`` is the counter of its numbers."""

    key: str
    title: Sentence
    register: str
    compose: Callable[[RecordMaterial], Document]


def compose(
    material: RecordMaterial,
    *,
    kind: str,
    name: str,
    title: str,
    heading: str,
    subject: str,
    blocks: Sequence[Block],
) -> Document:
    """Put a document together; ``name`` is the kind in running text, ``subject`` what the file's properties say it is about."""
    issue, centre, on = material.issue, material.centre, material.issue.date
    made = issue.made_at or (datetime.combine(on, time(), UTC) if on else shared_parts.NO_MOMENT)
    return Document(
        kind=kind,
        form="record",
        title=title,
        heading=heading,
        organisation=shared_parts.letterhead(centre, "record", on),
        number=numbered(issue.number),
        date=day(on) if on else BLANK_DAY,
        place=centre.city,
        blocks=tuple(blocks),
        properties=Properties(
            subject=subject, author=centre.short, created=made, keywords=(name.lower(), issue.number)
        ),
        version=issue.version,
        replaces=f"Взамен документа {replaced(issue.replaces)}" if issue.replaces else "",
        foot=shared_parts.foot(issue, name, on, numbered_kind=True),
        check_address=issue.check_address,
    )


def sheet(caption: str, columns: Sequence[tuple[str, int]], rows: Sequence[Sequence[str]]) -> Table:
    """Return a numbered table for signatures by hand: headings with widths in mm, the number of the row first."""
    heads, widths = zip(("№", 10), *columns, strict=True)
    lines = tuple(tuple(text(words) for words in (str(at), *row)) for at, row in enumerate(rows, start=1))
    left: Align = "left"
    return Table(caption, heads, lines, widths, ("center", *(left for _one in columns)))
