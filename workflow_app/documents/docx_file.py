"""From blocks to a Word file: the package, its properties and edges. The only importer of ``docx``.

Bytes depend on nothing but the document: the same document gives the same file. Still, an issued file is stored with
its hash and never made anew (R33): a later version of this module may draw it in another way.
"""

from __future__ import annotations

import io
from datetime import UTC
from functools import lru_cache
from typing import Any, Final
from xml.sax.saxutils import quoteattr

import docx
import segno
from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm
from docx.text.paragraph import Paragraph as WordParagraph

from workflow_app.documents import blocks as b
from workflow_app.documents.blocks import Document, text
from workflow_app.documents.docx_body import Body, Par, table, twips
from workflow_app.documents.docx_parts import PAGE_NUMBER, settled, skeleton

_PROPERTY: Final = 255  # letters that the format allows in a property
QR_SIDE: Final = 20  # mm, with its white edge
_FOOT_COLUMNS: Final = (170 - QR_SIDE, QR_SIDE)  # mm: small type, QR
QR_WORDS: Final = "QR-код: проверка документа по адресу"


def write(document: Document) -> bytes:
    """The document as a .docx file."""
    lists = sum(isinstance(block, b.Items) and block.numbered for block in document.blocks)
    word = docx.Document(io.BytesIO(_skeleton(lists)))
    _properties(word, document)
    _edges(word, document)
    body = Body()
    body.head(document)
    for block in document.blocks:
        body.block(block)
    at = word.element.body
    for position, element in enumerate(_parsed(body.xml())):
        at.insert(position, element)
    buffer = io.BytesIO()
    word.save(buffer)
    return settled(buffer)


@lru_cache(maxsize=8)
def _skeleton(lists: int) -> bytes:
    """The empty package with so many numbered lists; the same bytes each time."""
    return skeleton(lists).getvalue()


def _parsed(elements: str) -> list[Any]:
    return list(parse_xml(f"<w:body {nsdecls('w')}>{elements}</w:body>"))


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
    """Page numbers in the middle of the top margin from the second page on; small type at the foot of every page.

    The requisite «QR-код» stands on the first page, at the bottom right (ГОСТ Р 7.0.97-2025).
    """
    section = word.sections[0]
    section.different_first_page_header_footer = True
    _xml(section.header.paragraphs[0]).append(parse_xml(PAGE_NUMBER))
    foot = Par("footer", text("\n".join(document.foot)))
    if document.foot:
        _stead(section.footer.paragraphs[0], foot.xml())
    first = section.first_page_footer
    if document.check_address:
        picture = _picture(first.part, document.check_address)
        rows = (
            f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{_cell(_FOOT_COLUMNS[0], foot.xml())}"
            f"{_cell(_FOOT_COLUMNS[1], picture)}</w:tr>"
        )
        empty = Par("footer", (), line=1).xml()
        _stead(first.paragraphs[0], table("Normal Table", "Сведения о документе", _FOOT_COLUMNS, rows) + empty)
    elif document.foot:
        _stead(first.paragraphs[0], foot.xml())


def _cell(width: int, content: str) -> str:
    properties = f'<w:tcW w:type="dxa" w:w="{twips(width)}"/><w:vAlign w:val="bottom"/>'
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def _stead(paragraph: WordParagraph, elements: str) -> None:
    """Put elements in the place of a paragraph."""
    old = _xml(paragraph)
    for element in _parsed(elements):
        old.addprevious(element)
    old.getparent().remove(old)


def _xml(proxy: WordParagraph) -> Any:
    return proxy._element  # noqa: SLF001 - the library keeps the XML there and offers no other way to it


def qr(address: str) -> bytes:
    """A QR code (ISO/IEC 18004) of an address as PNG, level M: readable with a seventh of it soiled."""
    buffer = io.BytesIO()
    segno.make(address, error="m", micro=False, boost_error=False).save(buffer, kind="png", scale=6, border=2)
    return buffer.getvalue()


def _picture(part: Any, address: str) -> str:
    """A paragraph with the QR code; those who cannot see it hear the address."""
    key, _image = part.get_or_add_image(io.BytesIO(qr(address)))
    side, said = Mm(QR_SIDE - 2), quoteattr(f"{QR_WORDS} {address}")
    space = nsdecls("wp", "a", "pic", "r")
    return (
        f'<w:p><w:pPr><w:pStyle w:val="Footer"/><w:jc w:val="right"/></w:pPr><w:r><w:drawing><wp:inline {space}>'
        f'<wp:extent cx="{side}" cy="{side}"/><wp:docPr id="1" name="QR-код" descr={said}/>'
        '<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr><a:graphic>'
        '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr>'
        '<pic:cNvPr id="0" name="qr.png"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>'
        f'<a:blip r:embed="{key}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm>'
        f'<a:off x="0" y="0"/><a:ext cx="{side}" cy="{side}"/></a:xfrm><a:prstGeom prst="rect"/></pic:spPr></pic:pic>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )
