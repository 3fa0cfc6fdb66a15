"""Reading a Word file that came back: what stands in its content controls, and what stands around them.

The file is a stranger's: it is opened by the checker's bounded reader, without entities, macros or links.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element

from workflow_app.documents.checks.package import Package, Unreadable, W, opened, value
from workflow_app.documents.docx.body import HINTS
from workflow_app.errors import N_, WorkflowError
from workflow_app.states.forms import clean

MOST_BYTES: Final = 4 << 20  # of the file: a sheet without pictures is a hundredth of it
_MOST: Final = 20_000  # letters of one place; what is longer is refused by the sheet anyway
_DESCRIPTION: Final = "{http://purl.org/dc/elements/1.1/}description"
_SAID: Final = {f"{W}tab": " ", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}


class Foreign(WorkflowError):
    """The file is not the sheet that was given out for this review; the sentence says what it is."""


@dataclass(frozen=True, slots=True)
class File:
    """What a file says.

    ``controls`` in their order: tag, words; every line of its text; the lines that stand in no control; the description in
    its properties.
    """

    controls: tuple[tuple[str, str], ...]
    lines: tuple[str, ...]
    outside: tuple[str, ...]
    description: str


def read(data: bytes) -> File:
    """Return what a Word file says; Foreign when it is none."""
    try:
        package = opened(data)
    except Unreadable as error:
        raise Foreign(N_("Файл не читается как документ Word: %(why)s.", why=str(error))) from error
    body = package.trees[package.main].find(f"{W}body")
    if body is None:
        raise Foreign(N_("Файл не читается как документ Word: %(why)s.", why="в нём нет текста"))
    outside = (_line(one) for one in _paragraphs(body, inside=False) if not _is_letterhead(one))
    return File(
        tuple(_controls(body)),
        tuple(line for one in _paragraphs(body, inside=True) for line in _said(one).split("\n")),
        tuple(filter(None, outside)),
        _description(package),
    )


def _description(package: Package) -> str:
    found = next((one.target for one in package.relations if not one.source and one.kind == "core-properties"), "")
    core = package.trees.get(found)
    return "" if core is None else (core.findtext(_DESCRIPTION) or "")


def _controls(body: Element) -> Iterator[tuple[str, str]]:
    """Yield the controls; a hint that stands in an empty place is no word."""
    for one in body.iter(f"{W}sdt"):
        properties, content = one.find(f"{W}sdtPr"), one.find(f"{W}sdtContent")
        if properties is None or content is None:
            continue
        paragraphs = list(content.iter(f"{W}p")) or [content]
        words = "\n".join(_said(paragraph) for paragraph in paragraphs)
        hinted = properties.find(f"{W}showingPlcHdr") is not None
        yield value(properties.find(f"{W}tag")), "" if hinted else plain(words)


def plain(words: str) -> str:
    """Return the words of a place; the hint that stood there is none."""
    said = clean(words)[:_MOST]
    return "" if said in HINTS else said


def _paragraphs(element: Element, *, inside: bool) -> Iterator[Element]:
    """Yield the paragraphs in their order, those of controls too when they are wanted."""
    for child in element:
        if child.tag == f"{W}p":
            yield child
        elif inside or child.tag != f"{W}sdt":
            yield from _paragraphs(child, inside=inside)


def _said(element: Element) -> str:
    return "".join(one.text or "" if one.tag == f"{W}t" else _SAID.get(one.tag, "") for one in element.iter())


def _line(paragraph: Element) -> str:
    """Return what a paragraph says outside the controls in it."""
    held = {id(one) for control in paragraph.iter(f"{W}sdt") for one in control.iter()}
    return "".join(one.text or "" for one in paragraph.iter(f"{W}t") if id(one) not in held).strip()


def _is_letterhead(paragraph: Element) -> bool:
    return value(paragraph.find(f"{W}pPr/{W}pStyle")) == "Organisation"
