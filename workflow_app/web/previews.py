"""What a file looks like, kept by its hash in the instance's cache: it is made once, in a child process, and never changes.

The cache holds copies of personal files: its folder is the server's alone, a subfolder a file. It may be deleted at any
time; one that cannot be written costs time, nothing else.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from workflow_app.web import viewer
from workflow_app.web.scope import blobs, settings

WIDTH = 1200  # pixels of a page's picture: sharp on a phone, readable on a desk
_WAYS = {
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.oasis.opendocument.text": "odt",
    "image/jpeg": "image",
    "image/png": "image",
    "application/zip": "zip",
}
INLINE = frozenset({"application/pdf", "image/jpeg", "image/png"})


def way_of(media_type: str) -> str:
    """Return how a file of this type is shown: pdf, docx, odt, image, zip; "" when it can only be downloaded."""
    return _WAYS.get(media_type, "")


def pages(sha256: str) -> int:
    """Return how many pages a PDF has; Unviewable when it cannot be opened."""
    return int(_kept(sha256, "pages", lambda path: str(viewer.pdf_pages(path)).encode()))


def page_png(sha256: str, number: int) -> bytes:
    """Return the picture of a page of a PDF, from 1."""
    return _kept(sha256, f"{number}-{WIDTH}.png", lambda path: viewer.pdf_page_png(path, number, WIDTH))


def docx_html(sha256: str) -> str:
    """Return the text of a DOCX as safe HTML."""
    return _kept(sha256, "text.html", lambda path: viewer.docx_html(path).encode()).decode()


def odt_text(sha256: str) -> str:
    """Return the text of an ODT, a paragraph a line."""
    return _kept(sha256, "text.txt", lambda path: viewer.odt_text(path).encode()).decode()


def listing(sha256: str) -> tuple[viewer.Entry, ...]:
    """Return what is in an archive."""
    return viewer.listing(blobs().path(sha256))


def _folder(sha256: str) -> Path:
    return settings().folder / "cache" / sha256[:2] / sha256


def _kept(sha256: str, name: str, make: Callable[[Path], bytes]) -> bytes:
    kept = _folder(sha256) / name
    with suppress(OSError):
        return kept.read_bytes()
    made = make(blobs().path(sha256))
    with suppress(OSError):
        _keep(kept, made)
    return made


def _keep(target: Path, data: bytes) -> None:
    """Write whole or not at all: two requests may make the same page at once."""
    settings().folder.joinpath("cache").mkdir(exist_ok=True, mode=0o700)
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
