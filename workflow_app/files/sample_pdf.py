"""Small invented files for the demo and the story: text set as a real PDF with Cyrillic letters.

The letters come from PT Sans (OFL), which a wheel brings; no font is committed or looked for on the machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files

from fpdf import FPDF

from workflow_app import clock

_FONT = "PT Sans"
_FACES = {"": "PT_Sans-Web-Regular.ttf", "B": "PT_Sans-Web-Bold.ttf"}
_BODY_SIZE = 11
_TITLE_SIZE = 15
_LINE = 6  # millimetres


def pdf_from_text(title: str, text: str) -> bytes:
    """An A4 PDF: the title, then the paragraphs of ``text`` (blank lines between them). The same on every run."""
    document = FPDF(format="A4")
    document.set_creation_date(clock.now())
    document.set_title(title)
    document.set_lang("ru-RU")
    document.set_margin(20)
    for style, face in _FACES.items():
        document.add_font(_FONT, style, str(files("fontpkg_pt_sans").joinpath("files", face)))
    document.add_page()
    document.set_font(_FONT, "B", _TITLE_SIZE)
    document.multi_cell(0, _LINE + 2, title, align="C", new_x="LMARGIN", new_y="NEXT")
    document.set_font(_FONT, "", _BODY_SIZE)
    widths: dict[str, float] = {}
    for paragraph in filter(None, (one.strip() for one in text.split("\n\n"))):
        document.ln(_LINE / 2)
        for line in _lines(document, paragraph, widths):
            document.cell(0, _LINE, line, new_x="LMARGIN", new_y="NEXT")
    return bytes(document.output())


def _lines(document: FPDF, paragraph: str, widths: dict[str, float]) -> Iterator[str]:
    """Break a paragraph into lines; each word is measured once (the library measures every beginning of a line anew)."""
    line: list[str] = []
    left = document.epw
    space = widths.setdefault(" ", document.get_string_width(" "))
    for word in paragraph.split():
        if word not in widths:
            widths[word] = document.get_string_width(word)
        if line and widths[word] > left:
            yield " ".join(line)
            line, left = [], document.epw
        line.append(word)
        left -= widths[word] + space
    if line:
        yield " ".join(line)
