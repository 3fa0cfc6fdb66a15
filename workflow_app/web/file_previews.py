"""What a file looks like, kept by its hash in the instance's cache: it is made once, in a child process, and never changes.

A failure is kept too, for a day, so that nobody waits twice for the same file. Both belong to one state of the program: a
changed one looks at every file anew. A person has one look made at a time, so one reader's heavy files leave the other
children of ``files/sandbox`` to other people.

The cache holds copies of personal files: its folder is the server's alone, a subfolder a file. It may be deleted at any
time; one that cannot be written costs time, nothing else.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from importlib import metadata
from pathlib import Path
from typing import Any

from markupsafe import Markup

from workflow_app import clock
from workflow_app.conversion import heic, libreoffice, libreoffice_child
from workflow_app.db.models import CaseFile
from workflow_app.files import pdf_pages, sandbox
from workflow_app.files.file_kinds import ACCEPTED, Kind
from workflow_app.web import file_viewer, table_look, table_page, word_formulas, word_inserts, word_markup
from workflow_app.web.request_scope import blobs, here, settings

WIDTH = 1200  # pixels of a page's picture: sharp on a phone, readable on a desk
_SHEET = 1697  # pixels of a sheet of A4 at that width
_WAYS = {
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "table",
    "application/vnd.ms-excel": "table",
    "application/vnd.oasis.opendocument.spreadsheet": "table",
    "text/csv": "table",
    "image/jpeg": "image",
    "image/png": "image",
    "application/zip": "zip",
    "text/plain": "text",
}
_HEIC = "image/heic"
_PRINTED = {one.media_type: one.extension for one in ACCEPTED.values() if one.extension in libreoffice.READERS}
FAILURE_KEPT = timedelta(days=1)  # then the file is tried again: the machine may have been the cause
TURN = 20  # seconds that a request waits for the person's other looks: a browser asks for six pictures at once
_LIBRARIES = ("mammoth", "nh3", "pypdfium2")
_turns: dict[int, threading.RLock] = {}
INLINE = frozenset({"application/pdf", "image/jpeg", "image/png"})


def way_of(media_type: str) -> str:
    """Return how a file of this type is shown: pdf, docx, odt, table, text, image, zip, pages; "" when it can only be downloaded."""
    if media_type == _HEIC:
        return "image" if heic.available() else ""
    return _WAYS.get(media_type) or ("pages" if is_printed(media_type) else "")


def is_printed(media_type: str) -> bool:
    """Whether LibreOffice is here and prints files of this type."""
    return media_type in _PRINTED and libreoffice.of_looks(settings()).reads(_PRINTED[media_type])


def has_pages(media_type: str) -> bool:
    """Whether a file of this type has pages that can be looked at as pictures."""
    return _WAYS.get(media_type) == "pdf" or is_printed(media_type)


def content(file: CaseFile, way: str) -> dict[str, Any]:
    """Return what a template shows of a file in one of the ways without pages; Unviewable when that fails."""
    if way in ("docx", "odt", "table"):
        make = getattr(file_viewer, f"{way}_look")
        look = file_viewer.Look.unpacked(_kept(file.sha256, f"{way}.json", lambda path: make(path).packed()))
        html = look.body if way == "odt" else Markup(look.body)  # noqa: S704 - rebuilt from an allow-list, or of escaped cells
        return {"look": look, "html": html}
    if way == "text":
        return {"text": file_viewer.plain_text(blobs().path(file.sha256))}
    if way == "zip":
        return {"entries": file_viewer.listing(blobs().path(file.sha256))}
    if file.media_type == _HEIC:
        photograph(file)  # a picture that cannot be made is told here, not drawn as a broken one
    return {}


def pages(file: CaseFile) -> int:
    """Return how many pages a PDF has, or what is printed of another file; Unviewable when it cannot be opened."""
    return int(_of_pdf(file, "pages", lambda path: str(file_viewer.pdf_pages(path)).encode()))


def page_png(file: CaseFile, number: int) -> bytes:
    """Return the picture of a page, from 1."""
    name = f"{number}-{WIDTH}.png"
    return _of_pdf(file, name, lambda path: file_viewer.pdf_page_png(path, number, WIDTH))


def pictures(file: CaseFile) -> dict[str, Any]:
    """Return what a template shows of a file page by page: how many, whether there are more, the usual height, the asked fifty."""
    many, printed = pages(file), _WAYS.get(file.media_type) != "pdf"
    slides = ACCEPTED[_PRINTED[file.media_type]].kind is Kind.SLIDES if printed else False
    return {
        "way": "pages", "many": many, "cut": printed and many >= libreoffice.LOOK_PAGES, "height": WIDTH * 9 // 16 if slides else _SHEET,
    } | table_page.pictures(many)  # fmt: skip


def photograph(file: CaseFile) -> bytes:
    """Return a HEIC as JPEG."""
    return _kept(file.sha256, "photo.jpg", file_viewer.heic_jpeg)


def _of_pdf(file: CaseFile, name: str, make: Callable[[Path], bytes]) -> bytes:
    """Return what is made of a file's PDF: of itself, or of what LibreOffice prints of it."""
    if _WAYS.get(file.media_type) == "pdf":
        return _kept(file.sha256, name, make)

    def made(path: Path) -> bytes:
        office, extension = libreoffice.of_looks(settings()), _PRINTED[file.media_type]
        data = _kept(file.sha256, "printed.pdf", lambda _path: file_viewer.printed(path, extension, office))
        with tempfile.TemporaryDirectory(
            prefix="workflow-look-"
        ) as folder:  # the cache may be one that cannot be written
            printed = Path(folder, "printed.pdf")
            printed.write_bytes(data)
            return make(printed)

    return _kept(file.sha256, name, made)


def _state_of_program() -> str:
    """Return what names the makers of looks as they are now: a look made by others is made anew."""
    makers = (
        file_viewer,
        word_markup,
        word_formulas,
        word_inserts,
        table_look,
        pdf_pages,
        sandbox,
        libreoffice,
        libreoffice_child,
        heic,
    )
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
        except file_viewer.Unviewable as error:
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
            raise file_viewer.Unviewable
    return None


@contextmanager
def _own_turn() -> Iterator[None]:
    """Let a person have one look made at a time, in this process."""
    turn = _turns.setdefault(here().who.id, threading.RLock())
    if not turn.acquire(timeout=TURN):
        raise file_viewer.Unviewable(file_viewer.BUSY, lasting=False)
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
