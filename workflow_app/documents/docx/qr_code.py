"""The QR code in a Word file: its picture, its place in the text, and how it comes into a file made by a user's template."""

from __future__ import annotations

import io
import re
import zipfile
from functools import lru_cache
from typing import Final
from xml.sax.saxutils import quoteattr, unescape

import segno

from workflow_app.documents.docx.parts import QR_CLOSE, QR_OPEN, packed

QR_SIDE: Final = 20  # mm, with its white edge
QR_WORDS: Final = "QR-код: проверка документа по адресу"
_QR_MASK: Final = 3  # of the eight any is readable; to weigh them all would cost more than the whole file
_EMU: Final = 36_000  # of a millimetre
_SCHEMAS: Final = "http://schemas.openxmlformats.org"
_SPACES: Final = (
    f'xmlns:wp="{_SCHEMAS}/drawingml/2006/wordprocessingDrawing" xmlns:a="{_SCHEMAS}/drawingml/2006/main" '
    f'xmlns:pic="{_SCHEMAS}/drawingml/2006/picture" xmlns:r="{_SCHEMAS}/officeDocument/2006/relationships"'
)
_MARK: Final = re.compile(f"{QR_OPEN}([^{QR_OPEN}{QR_CLOSE}]*){QR_CLOSE}")
_ID: Final = "rIdQr"
_MEDIA: Final = "word/media/qr.png"


@lru_cache(maxsize=8)
def qr(address: str) -> bytes:
    """A QR code (ISO/IEC 18004) of an address as PNG, level M: readable with a seventh of it soiled."""
    buffer = io.BytesIO()
    code = segno.make(address, error="m", micro=False, boost_error=False, mask=_QR_MASK)
    code.save(buffer, kind="png", scale=6, border=2)
    return buffer.getvalue()


def drawing(address: str, relation: str, words: str = QR_WORDS) -> str:
    """The picture inside a run; those who cannot see it hear what it is for and the address. A second one in a file has its own number."""
    number = 1 if words == QR_WORDS else 2
    side, said = QR_SIDE * _EMU, quoteattr(f"{words} {address}")
    return (
        f"<w:drawing {_SPACES}><wp:inline>"
        f'<wp:extent cx="{side}" cy="{side}"/><wp:docPr id="{number}" name="QR-код" descr={said}/>'
        '<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr><a:graphic>'
        f'<a:graphicData uri="{_SCHEMAS}/drawingml/2006/picture"><pic:pic><pic:nvPicPr>'
        '<pic:cNvPr id="0" name="qr.png"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>'
        f'<a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm>'
        f'<a:off x="0" y="0"/><a:ext cx="{side}" cy="{side}"/></a:xfrm><a:prstGeom prst="rect"/></pic:spPr></pic:pic>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing>"
    )


def pictured(data: bytes, words: str = QR_WORDS) -> bytes:
    """The file with a picture wherever the mark of a QR code was left in the text; as it is where there is no mark."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    marked = {
        name: text
        for name, content in parts.items()
        if re.fullmatch(r"word/[^/]*\.xml", name) and _MARK.search(text := content.decode())
    }
    if not marked:
        return data
    for name, text in marked.items():
        address = unescape(_MARK.search(text)[1], {"&quot;": '"', "&#39;": "'", "&#34;": '"'})  # type: ignore[index]  # it was found
        shown = f'</w:t>{drawing(address, _ID, words)}<w:t xml:space="preserve">'
        parts[name] = shown.join(_MARK.split(text)[::2]).encode()
        folder, _, file = name.rpartition("/")
        links = f"{folder}/_rels/{file}.rels"
        parts[links] = _linked(parts.get(links, b""))
        parts[_MEDIA] = qr(address)
    parts["[Content_Types].xml"] = _typed(parts["[Content_Types].xml"].decode()).encode()
    return packed(parts)


def shows(data: bytes) -> bool:
    """Whether a file has a QR code of ours."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return any(QR_WORDS.encode() in package.read(name) for name in package.namelist() if name.endswith(".xml"))


def _linked(known: bytes) -> bytes:
    link = f'<Relationship Id="{_ID}" Type="{_SCHEMAS}/officeDocument/2006/relationships/image" Target="media/qr.png"/>'
    if not known:
        return f'<Relationships xmlns="{_SCHEMAS}/package/2006/relationships">{link}</Relationships>'.encode()
    text = known.decode()
    if "</Relationships>" not in text:  # an empty list may be one closed tag
        return re.sub(r"<Relationships([^>]*)/>", rf"<Relationships\1>{link}</Relationships>", text, count=1).encode()
    return text.replace("</Relationships>", f"{link}</Relationships>", 1).encode()


def _typed(types: str) -> str:
    if re.search(r'Extension="png"', types, re.IGNORECASE):
        return types
    return re.sub(r"(<Types[^>]*>)", r'\1<Default Extension="png" ContentType="image/png"/>', types, count=1)
