"""The text of a part that was inserted into a Word file whole (altChunk): HTML, a saved web page, plain text, Word.

Word opens such a part and shows it among the paragraphs. Only its text is taken: no link, picture or style of it.
"""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Callable
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

from workflow_app.files import xml_limits, zip_limits
from workflow_app.web.word_formulas import local

MAX_PART = 8 << 20  # bytes of one inserted part, unpacked
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_BLOCKS = frozenset(
    {"p", "div", "br", "li", "tr", "table", "ul", "ol", "blockquote", "pre", "hr", "section", "article"}
    | {f"h{level}" for level in range(1, 7)}
)
_SILENT = frozenset({"script", "style", "head", "template", "noscript"})
_TEXTUAL = re.compile(r"\.(txt|text)$", re.IGNORECASE)
_WEB = re.compile(r"\.(x?html?|aspx?|php)$", re.IGNORECASE)


def inserted_text(name: str, data: bytes) -> list[str] | None:
    """Return the paragraphs of an inserted part, or None when this kind of part is not read here."""
    read = _reader(name, data)
    return read(data) if read is not None and len(data) <= MAX_PART else None


def _reader(name: str, data: bytes) -> Callable[[bytes], list[str]] | None:
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if data.startswith(b"PK\x03\x04"):
        return _of_word
    if b"mime-version:" in head:
        return _of_saved_page
    if _WEB.search(name) or head.startswith((b"<html", b"<!doctype html", b"<?xml")):
        return _of_html
    return _of_plain if _TEXTUAL.search(name) else None


def _decoded(data: bytes) -> str:
    said = _CHARSET.search(data[:2048])
    for encoding in ("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", said and said[1].decode()):
        try:
            return data.decode(encoding or "cp1251")
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("cp1251", "replace")


def _of_plain(data: bytes) -> list[str]:
    return [line.strip() for line in _decoded(data).splitlines() if line.strip()]


def _of_html(data: bytes) -> list[str]:
    reader = _Paragraphs()
    reader.feed(_decoded(data))
    reader.close()
    return reader.paragraphs()


def _of_saved_page(data: bytes) -> list[str]:
    message = email.message_from_bytes(data, policy=email.policy.default)
    body = message.get_body(("html", "plain"))
    content = body.get_payload(decode=True) if body is not None else None
    if not isinstance(content, bytes) or body is None:
        return []
    charset = body.get_content_charset()
    data = content.decode(charset, "replace").encode() if charset else content
    return _of_html(data) if body.get_content_subtype() == "html" else _of_plain(data)


def _of_word(data: bytes) -> list[str]:
    with zip_limits.opened(data) as archive:
        xml = archive.read(archive.names["word/document.xml"], MAX_PART)
    xml_limits.check_whole(xml)
    root = ET.fromstring(xml)  # noqa: S314 - checked: it has no document type, so no entities
    paragraphs = (one for one in root.iter() if local(one.tag) == "p")
    lines = ("".join(one.text or "" for one in par.iter() if local(one.tag) == "t").strip() for par in paragraphs)
    return [line for line in lines if line]


class _Paragraphs(HTMLParser):
    """The visible text of a page, cut where a block begins or ends."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._pieces: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - as the base class has it
        self._silent += tag in _SILENT
        self._cut(tag)

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in _SILENT and self._silent > 0
        self._cut(tag)

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._pieces.append(re.sub(r"\s+", " ", data))

    def _cut(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._pieces.append("\n")
        elif tag in {"td", "th"}:
            self._pieces.append("\t")

    def paragraphs(self) -> list[str]:
        return [line.strip() for line in "".join(self._pieces).split("\n") if line.strip()]
