"""Small invented files for the demo and the story: text set as a real PDF with Cyrillic letters.

The letters come from PT Sans (OFL), which a wheel brings; no font is committed or looked for on the machine.
"""

from __future__ import annotations

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
    for paragraph in filter(None, (one.strip() for one in text.split("\n\n"))):
        document.ln(_LINE / 2)
        document.multi_cell(0, _LINE, " ".join(paragraph.split()), align="J", new_x="LMARGIN", new_y="NEXT")
    return bytes(document.output())
