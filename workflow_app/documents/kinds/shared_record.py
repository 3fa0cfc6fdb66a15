"""What every document of a record is made of: the centre, the issue, a card with what this kind says, the director's line."""

from __future__ import annotations

from collections.abc import Sequence

from workflow_app.documents.content.snapshot import RecordMaterial
from workflow_app.documents.docx.blocks import Align, Block, Document, Table, text
from workflow_app.documents.kinds import shared_parts
from workflow_app.documents.kinds.kind import Kind


def compose(kind: Kind, material: RecordMaterial, title: str, heading: str, subject: str, *blocks: Block) -> Document:
    """Put a document together, the director's line last; ``subject``: what the file's properties say it is about.

    One that has no number yet says in its title that it is a draft.
    """
    title = title if material.issue.number else f"{title} (ПРОЕКТ)"
    whole = (*blocks, shared_parts.director_line(material.centre, material.director))
    return shared_parts.compose(
        material, kind, name=str(kind.title), title=title, heading=heading, on=material.issue.date, subject=subject, blocks=whole
    )  # fmt: skip


def sheet(caption: str, columns: Sequence[tuple[str, int]], rows: Sequence[Sequence[str]]) -> Table:
    """Return a numbered table for signatures by hand: headings with widths in mm, the number of the row first."""
    heads, widths = zip(("№", 10), *columns, strict=True)
    lines = tuple(tuple(text(words) for words in (str(at), *row)) for at, row in enumerate(rows, start=1))
    left: Align = "left"
    return Table(caption, heads, lines, widths, ("center", *(left for _one in columns)))
