"""The QR code in a Word file: its picture, its place in the text, and how it comes into a file made by a user's template."""

from __future__ import annotations

import io
import re
import zipfile
from functools import lru_cache
from typing import Final
from xml.sax.saxutils import unescape

import segno

from workflow_app.documents.docx.parts import QR_CLOSE, QR_OPEN, packed
from workflow_app.documents.docx.pictures import inline, linked, typed

QR_SIDE: Final = 20  # mm, with its white edge
QR_WORDS: Final = "QR-код: проверка документа по адресу"
_QR_MASK: Final = 3  # of the eight any is readable; to weigh them all would cost more than the whole file
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
    return inline(relation, number, "QR-код", "qr.png", (QR_SIDE, QR_SIDE), f"{words} {address}")


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
        parts[links] = linked(parts.get(links, b""), {_ID: "media/qr.png"})
        parts[_MEDIA] = qr(address)
    parts["[Content_Types].xml"] = typed(parts["[Content_Types].xml"].decode()).encode()
    return packed(parts)


def shows(data: bytes) -> bool:
    """Whether a file has a QR code of ours."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return any(QR_WORDS.encode() in package.read(name) for name in package.namelist() if name.endswith(".xml"))
