"""What a file looks like, kept by its hash in the instance's cache: it is made once, in a child process, and never changes.

A failure is kept too, for a day, so that nobody waits twice for the same file. Both belong to one state of the program: a
changed one looks at every file anew. A person has one look made at a time, so one reader's heavy files leave the other
children of ``store/sandbox`` to other people.

The cache holds copies of personal files: its folder is the server's alone, a subfolder a file. It may be deleted at any
time; one that cannot be written costs time, nothing else.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from importlib import metadata
from pathlib import Path

from workflow_app import clock
from workflow_app.store import pdf, sandbox
from workflow_app.web import formulas, inserted, viewer, word_markup
from workflow_app.web.scope import blobs, here, settings

WIDTH = 1200  # pixels of a page's picture: sharp on a phone, readable on a desk
_WAYS = {
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.oasis.opendocument.text": "odt",
    "image/jpeg": "image",
    "image/png": "image",
    "application/zip": "zip",
    "text/plain": "text",
    "text/csv": "text",
}
FAILURE_KEPT = timedelta(days=1)  # then the file is tried again: the machine may have been the cause
TURN = 20  # seconds that a request waits for the person's other looks: a browser asks for six pictures at once
_LIBRARIES = ("mammoth", "nh3", "pypdfium2")
_turns: dict[int, threading.Lock] = {}
INLINE = frozenset({"application/pdf", "image/jpeg", "image/png"})


def way_of(media_type: str) -> str:
    """Return how a file of this type is shown: pdf, docx, odt, text, image, zip; "" when it can only be downloaded."""
    return _WAYS.get(media_type, "")


def pages(sha256: str) -> int:
    """Return how many pages a PDF has; Unviewable when it cannot be opened."""
    return int(_kept(sha256, "pages", lambda path: str(viewer.pdf_pages(path)).encode()))


def page_png(sha256: str, number: int) -> bytes:
    """Return the picture of a page of a PDF, from 1."""
    return _kept(sha256, f"{number}-{WIDTH}.png", lambda path: viewer.pdf_page_png(path, number, WIDTH))


def docx_look(sha256: str) -> viewer.Look:
    """Return the text of a DOCX as safe HTML, and what it leaves out."""
    return viewer.Look.unpacked(_kept(sha256, "docx.json", lambda path: viewer.docx_look(path).packed()))


def odt_look(sha256: str) -> viewer.Look:
    """Return the text of an ODT, a paragraph a line."""
    return viewer.Look.unpacked(_kept(sha256, "odt.json", lambda path: viewer.odt_look(path).packed()))


def plain_text(sha256: str) -> str:
    """Return the beginning of a text file."""
    return viewer.plain_text(blobs().path(sha256))


def listing(sha256: str) -> tuple[viewer.Entry, ...]:
    """Return what is in an archive."""
    return viewer.listing(blobs().path(sha256))


def _state_of_program() -> str:
    """Return what names the makers of looks as they are now: a look made by others is made anew."""
    makers = (viewer, word_markup, formulas, inserted, pdf, sandbox)
    sources = b"".join(Path(str(one.__file__)).read_bytes() for one in makers)
    versions = "".join(metadata.version(one) for one in _LIBRARIES)
    return hashlib.sha256(sources + versions.encode()).hexdigest()[:12]


_MADE_BY = _state_of_program()


def _folder(sha256: str) -> Path:
    return settings().folder / "cache" / sha256[:2] / sha256 / _MADE_BY


def _kept(sha256: str, name: str, make: Callable[[Path], bytes]) -> bytes:
    kept, failed = _folder(sha256) / name, _folder(sha256) / f"{name}.failed"
    if (found := _found(kept, failed)) is not None:
        return found
    with _own_turn():
        if (found := _found(kept, failed)) is not None:  # made while this request waited
            return found
        try:
            made = make(blobs().path(sha256))
        except viewer.Unviewable as error:
            if error.lasting:
                with suppress(OSError):
                    _keep(failed, clock.now().isoformat().encode())
            raise
    with suppress(OSError):
        _keep(kept, made)
    return made


def _found(kept: Path, failed: Path) -> bytes | None:
    """Return what was kept, None when there is nothing; a failure of today fails again at once."""
    with suppress(OSError):
        return kept.read_bytes()
    with suppress(OSError, ValueError):
        if clock.now() - datetime.fromisoformat(failed.read_text("ascii")) < FAILURE_KEPT:
            raise viewer.Unviewable
    return None


@contextmanager
def _own_turn() -> Iterator[None]:
    """Let a person have one look made at a time, in this process."""
    turn = _turns.setdefault(here().who.id, threading.Lock())
    if not turn.acquire(timeout=TURN):
        raise viewer.Unviewable(viewer.BUSY, lasting=False)
    try:
        yield
    finally:
        turn.release()


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
