"""Text as WordprocessingML: runs and paragraphs. Lengths are in twips (1 mm = 56.7), distances in points."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final
from xml.sax.saxutils import escape

from workflow_app.documents.docx.blocks import Run, Text
from workflow_app.documents.docx.parts import STYLE_IDS, sides
from workflow_app.documents.russian.grammar import NBSP
from workflow_app.documents.russian.hyphens import SOFT

_NUMBER: Final = re.compile(rf"(№{NBSP}[^\s,;)]*-[^\s,;)]*)")
_ALIGNS: Final = {"justify": "both", "left": "left", "center": "center", "right": "right"}


def twips(millimetres: float) -> int:
    """Return a length in twentieths of a point."""
    return round(millimetres * 1440 / 25.4)


@dataclass(slots=True)
class Par:
    """A paragraph that is being laid out: its style, its words, and what differs from the style.

    ``before``, ``after`` and ``line`` in points, indents in mm; None leaves the style's own.
    """

    style: str
    words: Text
    before: int | None = None
    after: int | None = None
    line: int | None = None
    left: int | None = None
    right: int | None = None
    first: int | None = None
    align: str | None = None
    keep: bool = False
    number: int | None = None
    framed: bool = False

    def xml(self) -> str:
        """The paragraph; its properties in the order of the schema."""
        said = [f'<w:pStyle w:val="{STYLE_IDS[self.style]}"/>'] if self.style else []
        if self.keep:
            said.append("<w:keepNext/>")
        if self.number is not None:
            said.append(f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{self.number}"/></w:numPr>')
        if self.framed:
            said.append(f"<w:pBdr>{sides()}</w:pBdr>")
        said += (self._spacing(), self._indents())
        if self.align:
            said.append(f'<w:jc w:val="{_ALIGNS[self.align]}"/>')
        return f"<w:p><w:pPr>{''.join(said)}</w:pPr>{runs(self.words)}</w:p>"

    def _spacing(self) -> str:
        known = [
            f' w:{side}="{value * 20}"'
            for side, value in (("before", self.before), ("after", self.after))
            if value is not None
        ]
        if self.line is not None:
            known.append(f' w:line="{self.line * 20}" w:lineRule="exact"')
        return f"<w:spacing{''.join(known)}/>" if known else ""

    def _indents(self) -> str:
        named = (("left", self.left), ("right", self.right), ("firstLine", self.first))
        known = [f' w:{side}="{twips(value)}"' for side, value in named if value is not None]
        return f"<w:ind{''.join(known)}/>" if known else ""


def runs(words: Text) -> str:
    """The text as runs; a document's number is not divided at its hyphen."""
    return "".join(_run(run) for run in words)


def _run(run: Run) -> str:
    look = _look(run.bold, run.italic, run.unsure)
    found = []
    for at, piece in enumerate(_NUMBER.split(run.text)):
        if not piece:
            continue
        words = lines_xml(piece)
        if at % 2:
            words = words.replace("-", '</w:t><w:noBreakHyphen/><w:t xml:space="preserve">')
        found.append(f"<w:r>{look}{words}</w:r>")
    return "".join(found)


@cache
def _look(bold: bool, italic: bool, unsure: bool) -> str:  # noqa: FBT001 - three marks of a run
    said = ("<w:b/>" if bold else "") + ("<w:i/>" if italic else "")
    if unsure:
        said += '<w:highlight w:val="yellow"/>'
    return f"<w:rPr>{said}</w:rPr>" if said else ""


def lines_xml(words: str) -> str:
    """The words with line breaks, tabs and soft hyphens as elements of their own: Word shows the character as a hyphen."""
    found = []
    for at, line in enumerate(words.split("\n")):
        if at:
            found.append("<w:br/>")
        for tab, piece in enumerate(line.split("\t")):
            if tab:
                found.append("<w:tab/>")
            for part, letters in enumerate(piece.split(SOFT)):
                if part:
                    found.append("<w:softHyphen/>")
                if letters:
                    found.append(f'<w:t xml:space="preserve">{escape(letters)}</w:t>')
    return "".join(found)
