"""Blocks as WordprocessingML, as text: the body of a Word file, which ``docx.write`` puts into its package.

The library's own way of adding one element after another costs ten times as much for a long table (docs/performance.md).
Lengths are in twips (1 mm = 56.7), distances between paragraphs in points.
"""

from __future__ import annotations

import textwrap
from typing import Final
from xml.sax.saxutils import quoteattr

from workflow_app.documents.docx import blocks as b
from workflow_app.documents.docx.bars import drawn
from workflow_app.documents.docx.blocks import Document, SignatureLine, Text, text
from workflow_app.documents.docx.parts import DASHED, NUMBERED, STYLE_IDS, qr_mark, sides
from workflow_app.documents.docx.pictures import numbered
from workflow_app.documents.docx.runs import Par, lines_xml, runs, twips
from workflow_app.documents.russian.grammar import BLANK_DAY, NBSP
from workflow_app.documents.russian.unconfirmed import unmarked

_BLANK: Final = "______________"
_PAPER_WIDTH, _NOTED_WIDTH = 30, 45  # letters of a position in one line of a signature: 80 and 120 mm at 14 pt
_FRAMED_COLUMNS: Final = (58, 72, 40)  # mm: position, frame, name
_BELOW_TABLE, _BELOW_SIGNATURE = 8, 18  # points
_ALIAS: Final = 64  # letters that Word allows in the name of a place to fill in
_LETTER, _AROUND = 2.3, 4  # mm: a letter of a heading that reads upwards, the space at its ends
_TURNED: Final = '<w:textDirection w:val="btLr"/><w:vAlign w:val="center"/>'
_HELD: Final = 2  # so many signatures stay with the end of the text; more of them may go on over the page
_STAMP_NOTE: Final = 90  # mm from the left


class Body:
    """Lays out one document's head and blocks, one under another."""

    def __init__(self) -> None:
        self._laid: list[Par | str] = []
        self._distance: int | None = None  # points to keep below the last block, where the style does not say it
        self._numbered_lists = 0
        self._signed = 0  # signatures of the row so far
        self.pictures: list[bytes] = []  # the files of the pictures, in the order of the text

    def xml(self) -> str:
        """What stands in the body, without its last properties. Word wants a paragraph after a table that ends it."""
        if self._laid and isinstance(last := self._laid[-1], str) and last.startswith("<w:tbl"):
            self._laid.append(Par("", (), line=1))
        return "".join(one if isinstance(one, str) else one.xml() for one in self._laid)

    def head(self, document: Document) -> None:
        """What stands above the text, in the order of the document's form."""
        letter = document.form == "letter"
        for line in document.organisation:
            self.add("Организация", text(line))
        if document.stamp:
            self._stamp(document.stamp)
        if document.title and not letter:
            self.add("Title", text(document.title))
        self.add("Дата и номер", text(document.date, f"\t{document.number}" if document.number else ""))
        if not letter:
            self.add("Место составления", text(document.place))
        if document.replaces:
            self.add("Сведения", text(document.replaces))
        for at, line in enumerate(document.addressee):
            self.add("Адресат", text(line), before=0 if at else 12)
        if document.title and letter:
            self.add("Title", text(document.title))
        heading = self.add("Subtitle", text(document.heading))
        if letter and not document.title:
            heading.align, heading.right = "left", 80

    def _stamp(self, stamp: b.Stamp) -> None:
        if isinstance(stamp, b.OrderStamp):
            lines: tuple[str, ...] = (stamp.word, stamp.act, stamp.reference)
        else:
            lines = (stamp.word, stamp.signature.position)
        for at, line in enumerate(lines):
            self.add("Гриф утверждения", text(line), before=0 if at else 12)
        if isinstance(stamp, b.PersonStamp):
            self._stamped(stamp.signature)
            self.add("Гриф утверждения", text(stamp.date))

    def _stamped(self, signature: SignatureLine) -> None:
        if signature.certificate:
            mark = self.add("Отметка об электронной подписи", text("\n".join(signature.certificate.lines)), before=4)
            mark.left, mark.framed = _STAMP_NOTE, True
        blank = "" if signature.certificate or signature.note else f"{_BLANK}{NBSP}"
        self.add("Гриф утверждения", text(f"{blank}{signature.person}"), before=4)
        if signature.evidence:
            note = self.add("Примечание", text(signature.evidence))
            note.left, note.keep = _STAMP_NOTE, True

    def block(self, block: b.Block) -> None:
        """Lay out the next block."""
        self._signed = self._signed + 1 if isinstance(block, SignatureLine) else 0
        match block:
            case b.Heading():
                self.add(f"heading {block.level}", text(block.text))
            case b.Paragraph():
                self._paragraph(block)
            case b.Items():
                self._items(block)
            case b.Facts():
                for label, value in block.rows:
                    self.add("Сведения", (b.Run(f"{label}: ", bold=True), *text(value)))
            case b.Table():
                self._table(block)
            case SignatureLine():
                self._signature(block)
            case b.Dissent():
                self.add("heading 1", text(block.title))
                for words in block.paragraphs:
                    self._paragraph(b.Paragraph(words))
                self.block(block.signature)
            case _:
                self._other(block)

    def _other(self, block: b.Block) -> None:
        """What is more than words: a place to fill in, a picture, a QR code with its caption, the end of a page."""
        if isinstance(block, b.Picture):
            self._picture(block)
            return
        self._distance = None
        if isinstance(block, b.Control):
            self._laid.append(control(block))
        elif isinstance(block, b.Code):
            words = text(f"{qr_mark(block.address)}\n{block.caption}")
            self._paragraph(b.Paragraph(words, align="center", indent=False, small=True))
        else:
            self._laid.append('<w:p><w:r><w:br w:type="page"/></w:r></w:p>')

    def _picture(self, block: b.Picture) -> None:
        """The picture on one page with its caption below."""
        data, high = drawn(block.bars, block.width, block.legend)
        shown = numbered(len(self.pictures), (block.width, high), unmarked(block.words))
        self.pictures.append(data)
        above = f'<w:spacing w:before="{(self._distance or _BELOW_TABLE) * 20}"/>'
        look = f'<w:pStyle w:val="{STYLE_IDS["Текст таблицы"]}"/><w:keepNext/>{above}<w:jc w:val="center"/>'
        self._laid.append(f"<w:p><w:pPr>{look}</w:pPr><w:r>{shown}</w:r></w:p>")
        said = self.add("Текст таблицы", text(block.caption), before=4)
        said.align = "center"
        self._distance = _BELOW_TABLE

    def add(self, style: str, words: Text, before: int | None = None) -> Par:
        """A paragraph at the end, ``before`` points below the last; the style decides unless a distance is kept."""
        paragraph = Par(style, words, before=self._distance if before is None else before)
        self._distance = None
        self._laid.append(paragraph)
        return paragraph

    def _hold(self) -> None:
        """Keep the last paragraph on one page with what follows."""
        if self._laid and isinstance(last := self._laid[-1], Par):
            last.keep = True

    def _paragraph(self, block: b.Paragraph) -> None:
        paragraph = self.add("Примечание" if block.small else "Body Text", block.text)
        paragraph.align = None if block.align == "justify" else block.align
        paragraph.first = None if block.indent else 0
        paragraph.keep = block.keep_with_next

    def _items(self, block: b.Items) -> None:
        number = DASHED
        if block.numbered:
            self._numbered_lists += 1
            number = NUMBERED + self._numbered_lists
        for item in block.items:
            self.add("List Number" if block.numbered else "List Bullet", item).number = number

    def _table(self, block: b.Table) -> None:
        self.add("caption", text(block.caption))
        head = tuple(Par("Заголовок таблицы", text(words)) for words in block.header)
        tall = max((len(block.header[at]) for at in block.turned), default=0) * _LETTER + _AROUND
        height = f'<w:trHeight w:val="{twips(round(tall))}" w:hRule="atLeast"/>' if block.turned else ""
        marks = tuple(_TURNED if at in block.turned else "" for at in range(len(head)))
        rows = [_row(head, block.widths, f"{height}<w:tblHeader/>", marks)]
        for row in block.rows:
            cells = (Par("Текст таблицы", words, align=align) for words, align in zip(row, block.aligns, strict=True))
            rows.append(_row(tuple(cells), block.widths))
        self._laid.append(table("Table Grid", block.caption, block.widths, "".join(rows)))
        self._distance = _BELOW_TABLE

    def _signature(self, line: SignatureLine) -> None:
        """The first signatures never stand without the end of the text."""
        if self._signed <= _HELD:
            self._hold()
        if line.certificate:
            self._framed(line, line.certificate)
        else:
            width = _NOTED_WIDTH if line.note else _PAPER_WIDTH
            style, ink = ("Signature", "\t") if line.note else ("Подпись на бумаге", "\t\t\t")
            position = "\n".join(textwrap.wrap(line.position, width))
            self.add(style, text(f"{position}{ink}{line.person}")).keep = bool(line.note or line.dated)
        if line.dated:
            self.add("Signature", text(f"\t{BLANK_DAY}"), before=6)
        if line.evidence:
            self.add("Примечание", text(line.evidence), before=2)
        self._distance = _BELOW_SIGNATURE

    def _framed(self, line: SignatureLine, certificate: b.Certificate) -> None:
        """A qualified signature: the frame between the position and the name, where the handwritten one would be."""
        if isinstance(last := self._laid[-1], Par):
            last.after = 16
        cells = (
            Par("Организация", text(line.position), align="left"),
            Par("Отметка об электронной подписи", text("\n".join(certificate.lines))),
            Par("Организация", text(line.person), align="right"),
        )
        middle = '<w:vAlign w:val="center"/>'
        marks = (middle, f"<w:tcBorders>{sides()}</w:tcBorders>{middle}", middle)
        self._laid.append(table("Normal Table", "Подпись", _FRAMED_COLUMNS, _row(cells, _FRAMED_COLUMNS, marks=marks)))


HINTS: Final = ("Введите текст", "Выберите")


def control(block: b.Control) -> str:
    """A label and the place to fill in: a choice beside it, a text in paragraphs below; an empty one says what to do in it.

    Paragraphs, and not lines of one, because LibreOffice keeps nothing else whole.
    """
    hint = "" if block.value else "<w:showingPlcHdr/>"
    said = block.value or HINTS[bool(block.options)]
    lock = "sdtContentLocked" if block.fixed else "sdtLocked"
    name, tag = quoteattr(block.label[:_ALIAS]), quoteattr(block.tag)
    properties = f'<w:alias w:val={name}/><w:tag w:val={tag}/><w:lock w:val="{lock}"/>{hint}'
    style = f'<w:pPr><w:pStyle w:val="{STYLE_IDS["Сведения"]}"/></w:pPr>'
    label = runs((b.Run(f"{block.label}: ", bold=True),))
    if not block.options and not block.fixed:
        lines = "".join(f"<w:p>{style}<w:r>{lines_xml(one)}</w:r></w:p>" for one in said.split("\n"))
        return f"<w:p>{style}{label}</w:p><w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{lines}</w:sdtContent></w:sdt>"
    items = "".join(f"<w:listItem w:displayText={quoteattr(one)} w:value={quoteattr(one)}/>" for one in block.options)
    kind = f"<w:dropDownList>{items}</w:dropDownList>" if items else "<w:text/>"
    content = f"<w:sdtContent><w:r>{lines_xml(said)}</w:r></w:sdtContent>"
    return f"<w:p>{style}{label}<w:sdt><w:sdtPr>{properties}{kind}</w:sdtPr>{content}</w:sdt></w:p>"


def _row(cells: tuple[Par, ...], widths: tuple[int, ...], more: str = "", marks: tuple[str, ...] = ()) -> str:
    """A row that does not split between pages; ``marks`` are properties of its cells."""
    found = "".join(
        f'<w:tc><w:tcPr><w:tcW w:type="dxa" w:w="{twips(width)}"/>{mark}</w:tcPr>{cell.xml()}</w:tc>'
        for cell, width, mark in zip(cells, widths, marks or ("",) * len(cells), strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{more}</w:trPr>{found}</w:tr>"


def table(style: str, name: str, widths: tuple[int, ...], rows: str) -> str:
    """A table of fixed widths in mm, with a name for those who hear it."""
    said = quoteattr(unmarked(name))
    grid = "".join(f'<w:gridCol w:w="{twips(width)}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{STYLE_IDS[style]}"/><w:tblW w:type="dxa" w:w="{twips(sum(widths))}"/>'
        f'<w:tblLayout w:type="fixed"/><w:tblCaption w:val={said}/><w:tblDescription w:val={said}/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"
    )
