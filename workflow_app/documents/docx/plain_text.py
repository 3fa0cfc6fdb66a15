"""A document as plain text: for golden files, letters and search. No-break spaces become ordinary ones, soft hyphens go."""

from __future__ import annotations

from collections.abc import Iterator

from workflow_app.documents.docx.blocks import (
    Block,
    Code,
    Control,
    Dissent,
    Document,
    Facts,
    Heading,
    Items,
    OrderStamp,
    Paragraph,
    Picture,
    SignatureLine,
    Stamp,
    Table,
    Text,
)
from workflow_app.documents.russian.grammar import BLANK_DAY, NBSP
from workflow_app.documents.russian.hyphens import SOFT
from workflow_app.documents.russian.unconfirmed import unmarked

_SIGNATURE_BLANK = "_______________"


def text(document: Document) -> str:
    """The whole document, one block a paragraph, in the order of the page."""
    return unmarked("\n\n".join(filter(None, _pieces(document)))).replace(NBSP, " ").replace(SOFT, "") + "\n"


def _stamp(stamp: Stamp) -> tuple[str, ...]:
    """The words of an approval stamp, the signature being one of its lines."""
    if isinstance(stamp, OrderStamp):
        return (stamp.word, stamp.act, stamp.reference)
    return (stamp.word, stamp.signature.position, *_signed(stamp.signature), stamp.date)


def _pieces(document: Document) -> Iterator[str]:
    yield "\n".join(document.organisation)
    yield "\n".join(_stamp(document.stamp)) if document.stamp else ""
    yield "\n".join(document.addressee)
    yield document.title
    yield "  ".join(filter(None, (document.date, document.number)))
    yield document.place
    yield document.replaces
    yield document.heading
    for block in document.blocks:
        yield "\n".join(_block(block))
    yield "\n".join(("-----", *document.foot)) if document.foot else ""


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading():
            yield f"{'#' * block.level} {block.text}"
        case Paragraph():
            yield flat(block.text)
        case Items():
            marks = (
                (f"{at}." for at in range(1, len(block.items) + 1)) if block.numbered else ("–" for _ in block.items)
            )
            yield from (f"{mark} {flat(item)}" for mark, item in zip(marks, block.items, strict=True))
        case Facts():
            yield from (f"{label}: {value}" for label, value in block.rows)
        case Table():
            yield f"[{block.caption}]"
            yield " | ".join(block.header)
            yield from (" | ".join(flat(cell).replace("\n", " ") for cell in row) for row in block.rows)
        case SignatureLine():
            yield from (block.position, *_signed(block))
        case Dissent():
            yield block.title
            yield from map(flat, block.paragraphs)
            yield from (block.signature.position, *_signed(block.signature))
        case _:
            yield from _other(block)


def _other(block: Block) -> Iterator[str]:
    """What is more than words: a place to fill in, a code, a picture, the end of a page."""
    match block:
        case Control():
            yield f"{block.label}: {block.value or '______'}"
        case Code():
            yield f"{block.caption} {block.address}"
        case Picture():
            yield from (f"[{block.caption}]", block.words)
        case _:
            yield "-----"


def _signed(line: SignatureLine) -> Iterator[str]:
    date = f"  {BLANK_DAY}" if line.dated else ""
    if line.certificate:
        yield from line.certificate.lines
    elif not line.note:
        yield f"{_SIGNATURE_BLANK} {line.person}{date}"
        return
    yield line.person
    yield line.evidence


def flat(runs: Text) -> str:
    """The words without their look."""
    return "".join(run.text for run in runs)
