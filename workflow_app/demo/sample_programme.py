"""Real input: the programme of the centre itself (decisions.md 32), as a Word file and as a PDF."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from itertools import groupby

from workflow_app import clock, data
from workflow_app.documents.docx import blocks as b
from workflow_app.documents.docx import write
from workflow_app.files import sample_pdf

TITLE = (
    "Деятельность муниципальной методической службы, направленная на развитие экспертного уровня педагогов, "
    "формирование экспертного сообщества в сфере оценки профессионального мастерства"
)
DOCX_NAME, PDF_NAME = "Программа инновационной деятельности.docx", "Программа инновационной деятельности.pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"
_SECTION = re.compile(r"\d\. [^\t]{4,180}")
_PART = re.compile(r"\d\.\d\.? [^\t]{4,280}")
_ITEM = re.compile(r"\s*[-•–]\s*(?=\S)")
_MADE = datetime(2024, 5, 23, 4, 0, tzinfo=UTC)  # the order that put the programme into force


@cache
def text() -> str:
    """Return the programme's text."""
    return data.text("innovation_project.ru.txt")


@cache
def as_pdf() -> bytes:
    """Return the programme as a PDF."""
    with clock.at(_MADE):  # the file tells when it was made
        return sample_pdf.pdf_from_text("Проект инновационной деятельности", text())


@cache
def as_docx() -> bytes:
    """Return the programme as a Word file: its headings, lists and paragraphs as blocks, the act above on the right."""
    lines = [line for line in text().splitlines() if line.strip()]
    begins = next(at for at, line in enumerate(lines) if _SECTION.fullmatch(line))
    return write.write(
        b.Document(
            kind="programme",
            form="record",
            title="Проект инновационной деятельности",
            heading=TITLE,
            organisation=("МКУ «Информационно-методический центр»",),
            number=None,
            date="23 мая 2024 г.",
            place="г. Алапаевск",
            addressee=tuple(lines[: lines.index("Проект")]),
            blocks=tuple(_blocks(lines[begins:])),
            properties=b.Properties(TITLE[:200], "МКУ ИМЦ", _MADE),
        )
    )


def _blocks(lines: list[str]) -> Iterator[b.Block]:
    """Yield the blocks of the text; lines that follow each other as items make one list."""
    for is_item, group in groupby(lines, key=lambda line: bool(_ITEM.match(line))):
        if is_item:
            yield b.Items(tuple(b.text(_plain(_ITEM.sub("", line, count=1))) for line in group))
            continue
        for line in group:
            words = line.strip()
            if _SECTION.fullmatch(words):
                yield b.Heading(words)
            elif _PART.fullmatch(words):
                yield b.Heading(words, 2)
            else:
                yield b.Paragraph(b.text(_plain(line)))


def _plain(line: str) -> str:
    """Return a line with the cells of a table row divided by dashes, the row's number before them."""
    cells = [part.strip() for part in line.split("\t") if part.strip()]
    number = f"{cells.pop(0)} " if len(cells) > 1 and re.fullmatch(r"\d+\.", cells[0]) else ""
    return number + " — ".join(cells)
