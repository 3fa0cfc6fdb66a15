"""From blocks to a Word file: the letterhead, the properties, the edges, the package. The only importer of ``docx``.

The letterhead (styles, lists, page, header) is made by the library once and kept; what differs from document to document is
written into it as text, so that a file costs little more than its XML and its packing (docs/performance.md).

Bytes depend on nothing but the document: the same document gives the same file. Still, an issued file is stored with
its hash and never made anew (R33): a later version of this module may draw it in another way.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import UTC
from functools import cache, lru_cache
from typing import Final
from xml.sax.saxutils import escape

from workflow_app.documents.docx import blocks as b
from workflow_app.documents.docx import pictures
from workflow_app.documents.docx.blocks import Document, text
from workflow_app.documents.docx.body import Body, table
from workflow_app.documents.docx.parts import HEAD, PAGE_NUMBER, packed, skeleton
from workflow_app.documents.docx.qr_code import drawing, pictured, qr
from workflow_app.documents.docx.runs import Par, twips
from workflow_app.documents.russian.unconfirmed import unmarked

_PROPERTY: Final = 255  # letters that the format allows in a property
_FOOT_COLUMNS: Final = (146, 24)  # mm: small type; the QR code, wider than it by the cell's own edges
_BODY: Final = "word/document.xml"
_FOOT, _FIRST_FOOT = "word/footer1.xml", "word/footer2.xml"
_CORE: Final = "docProps/core.xml"
_PICTURE: Final = "word/media/image1.png"
_SPACES: Final = ("w", "wp", "a", "pic", "r")
_CORE_SPACES: Final = ("cp", "dc", "dcterms", "xsi")


@cache
def _declared(spaces: tuple[str, ...]) -> str:
    """The attributes that declare these XML name spaces."""
    from docx.oxml.ns import nsdecls  # noqa: PLC0415 - see _letterhead

    return nsdecls(*spaces)


def write(document: Document) -> bytes:
    """The document as a .docx file."""
    lists = sum(isinstance(block, b.Items) and block.numbered for block in document.blocks)
    body = Body()
    body.head(document)
    for block in document.blocks:
        body.block(block)
    letterhead = _letterhead(lists, bool(document.check_address) and not document.check_address.startswith("{{"))
    before, after = _around_body(letterhead[_BODY])
    parts = dict(letterhead) | _feet(document)
    parts[_BODY] = before + body.xml().encode() + after
    parts[_CORE] = _properties(document).encode()
    parts |= pictures.parts(parts, body.pictures)
    made = packed(parts)
    sent_to = next((one for one in document.blocks if isinstance(one, b.Code)), None)
    return pictured(made, f"QR-код: {sent_to.caption}") if sent_to else made


@lru_cache(maxsize=32)
def _letterhead(lists: int, pictured: bool) -> Mapping[str, bytes]:  # noqa: FBT001 - a key of the cache
    """The parts of an empty document with so many numbered lists, with or without a picture at the first page's foot."""
    import docx  # noqa: PLC0415 - a server starts without the library: it is loaded with the first document
    from docx.oxml import parse_xml  # noqa: PLC0415 - as above

    word = docx.Document(skeleton(lists))
    section = word.sections[0]
    section.different_first_page_header_footer = True
    section.header.paragraphs[0]._element.append(parse_xml(PAGE_NUMBER))  # noqa: SLF001 - there is no other way to it
    first = section.first_page_footer
    section.footer.is_linked_to_previous = first.is_linked_to_previous = False
    if pictured:
        first.paragraphs[0].add_run().add_picture(io.BytesIO(qr("https://example.org")))
    word.core_properties.title = ""  # the library adds the part when it is first spoken of
    buffer = io.BytesIO()
    word.save(buffer)
    with zipfile.ZipFile(buffer) as package:
        return {name: package.read(name) for name in package.namelist()}


@lru_cache(maxsize=32)
def _around_body(body: bytes) -> tuple[bytes, bytes]:
    at = body.index(b"<w:sectPr")
    return body[:at], body[at:]


def _properties(document: Document) -> str:
    """What the file says about itself."""
    said, made = document.properties, document.properties.created.astimezone(UTC)
    moment = f"{made:%Y-%m-%dT%H:%M:%SZ}"
    words = {
        "dc:title": unmarked(f"{document.title or document.heading} {document.number or ''}").strip(),
        "dc:subject": said.subject,
        "dc:creator": said.author,
        "cp:lastModifiedBy": said.author,
        "cp:keywords": ", ".join(said.keywords),
        "dc:language": "ru-RU",
        "cp:revision": str(document.version),
    }
    if said.description:
        words["dc:description"] = said.description
    simple = "".join(
        f"<{name}>{escape(value if name == 'dc:description' else value[:_PROPERTY])}</{name}>"
        for name, value in words.items()
    )
    dated = "".join(
        f'<dcterms:{name} xsi:type="dcterms:W3CDTF">{moment}</dcterms:{name}>' for name in ("created", "modified")
    )
    return f"{HEAD}<cp:coreProperties {_declared(_CORE_SPACES)}>{simple}{dated}</cp:coreProperties>"


def _feet(document: Document) -> dict[str, bytes]:
    """Small type at the foot of every page; at the bottom right of the first one the requisite «QR-код».

    ГОСТ Р 7.0.97-2025. The number of the page stands in the letterhead's header, from the second page on.
    """
    said = Par("footer", text("\n".join(document.foot))).xml()
    found = {_FOOT: _foot(said), _FIRST_FOOT: _foot(said)}
    if document.check_address:
        tag = document.check_address.startswith("{{")  # of a template: the picture comes when it is filled in
        code = (
            Par("footer", text(document.check_address), align="right").xml()
            if tag
            else _picture(document.check_address)
        )
        cells = _cell(_FOOT_COLUMNS[0], said) + _cell(_FOOT_COLUMNS[1], code)
        rows = f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>"
        empty = Par("footer", (), line=1).xml()
        found[_FIRST_FOOT] = _foot(table("Normal Table", "Сведения о документе", _FOOT_COLUMNS, rows) + empty)
        found |= {} if tag else {_PICTURE: qr(document.check_address)}
    return found


def _foot(content: str) -> bytes:
    return f"{HEAD}<w:ftr {_declared(_SPACES)}>{content}</w:ftr>".encode()


def _cell(width: int, content: str) -> str:
    properties = f'<w:tcW w:type="dxa" w:w="{twips(width)}"/><w:vAlign w:val="bottom"/>'
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def _picture(address: str) -> str:
    """A paragraph with the QR code at the foot."""
    return f'<w:p><w:pPr><w:pStyle w:val="Footer"/><w:jc w:val="right"/></w:pPr><w:r>{drawing(address, "rId1")}</w:r></w:p>'
