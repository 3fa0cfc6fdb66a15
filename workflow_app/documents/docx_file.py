"""The only renderer of Word files and the only importer of ``docx``.

Bytes depend on nothing but the document: the same document gives the same file. Still, an issued file is stored with
its hash and never made anew (R33): a later version of this module may draw it in another way.
"""

from __future__ import annotations

import io
import re
import textwrap
from collections.abc import Iterator
from datetime import UTC
from typing import Any, Final

import docx
from docx.document import Document as WordDocument
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table as WordTable
from docx.table import _Cell, _Row
from docx.text.paragraph import Paragraph as WordParagraph
from docx.text.run import Run as WordRun

from workflow_app.documents import blocks as b
from workflow_app.documents.blocks import Document, SignatureLine, Text, text
from workflow_app.documents.docx_parts import DASHED, NUMBERED, PAGE_NUMBER, frame, settled, skeleton
from workflow_app.documents.grammar import BLANK_DAY, NBSP

_ALIGNS: Final = {
    "justify": WD_ALIGN_PARAGRAPH.JUSTIFY,
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}
_NUMBER: Final = re.compile(rf"(№{NBSP}[^\s,;)]*-[^\s,;)]*)")
_BLANK: Final = "______________"
_PAPER_WIDTH, _NOTED_WIDTH = 30, 45  # letters of a position in one line of a signature: 80 and 120 mm at 14 pt
_FRAMED_COLUMNS: Final = (58, 72, 40)  # mm: position, frame, name
_BELOW_TABLE, _BELOW_SIGNATURE = 8, 18  # points
_PROPERTY: Final = 255  # letters that the format allows in a property


def write(document: Document) -> bytes:
    """The document as a .docx file."""
    lists = sum(isinstance(block, b.Items) and block.numbered for block in document.blocks)
    word = docx.Document(skeleton(lists))
    _properties(word, document)
    _edges(word, document)
    writer = _Writer(word)
    writer.head(document)
    for block in _flat(document):
        writer.block(block)
    writer.close()
    buffer = io.BytesIO()
    word.save(buffer)
    return settled(buffer)


def _flat(document: Document) -> Iterator[b.Block]:
    """The blocks with each dissent laid out as a heading, its text and its signature."""
    for block in document.blocks:
        if isinstance(block, b.Dissent):
            yield b.Heading(block.title)
            yield from (b.Paragraph(words) for words in block.paragraphs)
            yield block.signature
        else:
            yield block


def _properties(word: WordDocument, document: Document) -> None:
    core, said = word.core_properties, document.properties
    core.title = f"{document.title or document.heading} {document.number or ''}".strip()[:_PROPERTY]
    core.subject = said.subject[:_PROPERTY]
    core.author = core.last_modified_by = said.author[:_PROPERTY]
    core.keywords = ", ".join(said.keywords)[:_PROPERTY]
    core.language = "ru-RU"
    core.created = core.modified = said.created.astimezone(UTC).replace(tzinfo=None)
    core.revision = document.version


def _edges(word: WordDocument, document: Document) -> None:
    """Page numbers in the middle of the top margin from the second page on; small type at the foot of every page."""
    section = word.sections[0]
    section.different_first_page_header_footer = True
    _xml(section.header.paragraphs[0]).append(parse_xml(PAGE_NUMBER))
    if document.foot:
        for footer in (section.footer, section.first_page_footer):
            _say(footer.paragraphs[0], text("\n".join(document.foot)))


def _xml(proxy: WordParagraph | WordRun | WordTable | _Row | _Cell) -> Any:
    return proxy._element  # noqa: SLF001 - the library keeps the XML there and offers no other way to it


def _say(paragraph: WordParagraph, words: Text) -> None:
    """Add the text; a document's number is not divided at its hyphen."""
    for run in words:
        for at, piece in enumerate(_NUMBER.split(run.text)):
            for part, said in enumerate(piece.split("-") if at % 2 else (piece,)):
                added = paragraph.add_run()
                added.bold = run.bold or None
                added.italic = run.italic or None
                added.text = said
                if part:
                    _xml(added).insert_element_before(OxmlElement("w:noBreakHyphen"), "w:t", "w:br", "w:tab")


class _Writer:
    """Adds to the end of one Word document's body."""

    def __init__(self, word: WordDocument) -> None:
        self.word = word
        self.styles = {one.name: one.style_id for one in word.styles}  # the library reads them all for every paragraph
        self.after_table = False
        self.distance: int | None = None  # points to keep below the last block, where the style does not say it
        self.numbered_lists = 0
        self.last: WordParagraph  # the head writes the first one

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
            heading.alignment = WD_ALIGN_PARAGRAPH.LEFT
            heading.paragraph_format.right_indent = Mm(80)

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
            mark.paragraph_format.left_indent = Mm(90)
            _xml(mark).get_or_add_pPr().insert_element_before(
                parse_xml(frame("w:pBdr")), "w:shd", "w:tabs", "w:spacing", "w:ind"
            )
        blank = "" if signature.certificate or signature.note else f"{_BLANK}{NBSP}"
        self.add("Гриф утверждения", text(f"{blank}{signature.person}"), before=4)
        if signature.evidence:
            note = self.add("Примечание", text(signature.evidence)).paragraph_format
            note.left_indent, note.keep_with_next = Mm(90), True

    def block(self, block: b.Block) -> None:
        match block:
            case b.Heading():
                self.add(f"Heading {block.level}", text(block.text))
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
                self._hold()  # signatures stay together and with the end of the text
                self._signature(block)
            case _:  # a page break
                self.word.add_paragraph().add_run().add_break(WD_BREAK.PAGE)

    def add(self, style: str, words: Text, before: int | None = None) -> WordParagraph:
        """A paragraph at the end, ``before`` points below the last; the style decides unless a distance is kept."""
        distance = self.distance if before is None else before
        paragraph = self.word.add_paragraph()
        _xml(paragraph).style = self.styles[style]
        if distance is not None:
            paragraph.paragraph_format.space_before = Pt(distance)
        self.after_table = False
        self.distance = None
        self.last = paragraph
        _say(paragraph, words)
        return paragraph

    def _hold(self) -> None:
        """Keep the last paragraph on one page with what follows."""
        if not self.after_table:
            self.last.paragraph_format.keep_with_next = True

    def close(self) -> None:
        """Word wants a paragraph after a table that ends the body: one a single point high."""
        if self.after_table:
            self.word.add_paragraph().paragraph_format.line_spacing = Pt(1)

    def _paragraph(self, block: b.Paragraph) -> None:
        paragraph = self.add("Примечание" if block.small else "Body Text", block.text)
        if block.align != "justify":
            paragraph.alignment = _ALIGNS[block.align]
        if not block.indent:
            paragraph.paragraph_format.first_line_indent = Mm(0)
        if block.keep_with_next:
            paragraph.paragraph_format.keep_with_next = True

    def _items(self, block: b.Items) -> None:
        number = DASHED
        if block.numbered:
            self.numbered_lists += 1
            number = NUMBERED + self.numbered_lists
        for item in block.items:
            paragraph = self.add("List Number" if block.numbered else "List Bullet", item)
            properties = _xml(paragraph).get_or_add_pPr().get_or_add_numPr()
            properties.get_or_add_ilvl().val = 0
            properties.get_or_add_numId().val = number

    def _table(self, block: b.Table) -> None:
        self.add("Caption", text(block.caption))
        rows = (tuple(text(words) for words in block.header), *block.rows)
        table = self._new_table("Table Grid", block.caption, block.widths, len(rows))
        for at, (added, row) in enumerate(zip(table.rows, rows, strict=True)):
            if at == 0:
                _xml(added).get_or_add_trPr().append(OxmlElement("w:tblHeader"))
            for cell, words, align in zip(added.cells, row, block.aligns, strict=True):
                style = "Текст таблицы" if at else "Заголовок таблицы"
                self._cell(cell, style, words, _ALIGNS[align] if at else None)

    def _cell(self, cell: _Cell, style: str, words: Text, align: WD_ALIGN_PARAGRAPH | None) -> None:
        paragraph = cell.paragraphs[0]
        _xml(paragraph).style = self.styles[style]
        paragraph.alignment = align
        _say(paragraph, words)

    def _signature(self, line: SignatureLine) -> None:
        if line.certificate:
            self._framed(line, line.certificate)
        else:
            width = _NOTED_WIDTH if line.note else _PAPER_WIDTH
            style, ink = ("Signature", "\t") if line.note else ("Подпись на бумаге", "\t\t\t")
            position = "\n".join(textwrap.wrap(line.position, width))
            signed = self.add(style, text(f"{position}{ink}{line.person}"))
            signed.paragraph_format.keep_with_next = bool(line.note or line.dated) or None
        if line.dated:
            self.add("Signature", text(f"\t{BLANK_DAY}"), before=6)
        if line.evidence:
            self.add("Примечание", text(line.evidence), before=2)
        self.distance = _BELOW_SIGNATURE

    def _framed(self, line: SignatureLine, certificate: b.Certificate) -> None:
        """A qualified signature: the frame between the position and the name, where the handwritten one would be."""
        self.last.paragraph_format.space_after = Pt(16)
        table = self._new_table("Normal Table", "Подпись", _FRAMED_COLUMNS, 1)
        position, mark, name = table.rows[0].cells
        self._cell(position, "Организация", text(line.position), WD_ALIGN_PARAGRAPH.LEFT)
        self._cell(mark, "Отметка об электронной подписи", text("\n".join(certificate.lines)), None)
        self._cell(name, "Организация", text(line.person), WD_ALIGN_PARAGRAPH.RIGHT)
        for cell in (position, mark, name):
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        properties = _xml(mark).get_or_add_tcPr()
        properties.insert_element_before(parse_xml(frame("w:tcBorders")), "w:shd", "w:noWrap", "w:tcMar", "w:vAlign")

    def _new_table(self, style: str, name: str, widths: tuple[int, ...], rows: int) -> WordTable:
        """A table of fixed widths in mm, with a name for those who hear it, whose rows do not split between pages."""
        table: WordTable = self.word.add_table(rows, len(widths), style=style)
        table.autofit = False
        properties = _xml(table).tblPr
        width = properties.find(qn("w:tblW"))
        width.set(qn("w:type"), "dxa")
        width.set(qn("w:w"), str(Mm(sum(widths)).twips))
        for tag in ("w:tblCaption", "w:tblDescription"):
            words = OxmlElement(tag)
            words.set(qn("w:val"), name)
            properties.append(words)
        for column, column_width in zip(table.columns, widths, strict=True):
            column.width = Mm(column_width)
        for row in table.rows:
            _xml(row).get_or_add_trPr().append(OxmlElement("w:cantSplit"))
            for cell, column_width in zip(row.cells, widths, strict=True):
                cell.width = Mm(column_width)
        self.after_table = True
        self.distance = _BELOW_TABLE
        return table
