"""Whether a file that a person sends may be kept: allowed by its extension and by its content (security.md 36 to 38).

Everything is bounded: nothing is unpacked without a cap, no picture is decoded, pdfium works in a child process.
The answer is what to store beside the blob; a refusal is one sentence that says what to do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import filetype

from workflow_app.errors import N_, WorkflowError
from workflow_app.files import ole_limits, pdf_pages, raster_limits, sandbox, text_encoding, zip_limits
from workflow_app.files.file_kinds import ACCEPTED, RUNNABLE, WITH_MACROS, Accepted, Form, Kind, Refused
from workflow_app.files.file_names import clean_name, extension, inner_extensions
from workflow_app.files.office_limits import check_odf, check_ooxml, check_packed, check_plain
from workflow_app.files.zip_limits import BROKEN, Archive

__all__ = ["Inspected", "Kind", "Refused", "inspect"]

HEAD = 8192
_TAIL = 4096
_CHUNK = 1 << 20
_PADDING_MOST = 1 << 16  # bytes of white space or zeros behind the end of a PDF or RTF
_PDF_WITHIN = (
    1024  # bytes; whole lines of text may stand before the mark: a byte order mark, headers of HTTP or a printer
)
_PDF_START = re.compile(rb"((?:\xef\xbb\xbf)?[\0 \t\r\n]*+(?:[ -~\t\x80-\xff]*[\r\n])*?)%PDF-[12]\.\d")
_RUN_AS_TEXT = (b"#!", b"<", b"@echo")
_RTF = b"{\\rtf1"
_RTF_DANGER = re.compile(rb"\\objupdate|\\objautlink|\\\*\\template\s+(?:https?:|\\\\)", re.IGNORECASE)
_MARKUP = (
    (b"<svg", "svg"),
    (b"<!doctype html", "html"),
    (b"<html", "html"),
    (b"<script", "html"),
    (b"<?xml", "xml"),
    (b"mime-version:", "mht"),
)
_WEB = frozenset({"html", "xml", "mht"})  # what programs of old write under the name of a Word document
_BLANK = b"\xef\xbb\xbf\0 \t\r\n"
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_PICTURES = {"JPEG": raster_limits.check_jpeg, "PNG": raster_limits.check_png}


@dataclass(frozen=True, slots=True)
class Inspected:
    """A file that may be kept: what it is, its media type, extension without a dot, size in bytes, harmless name."""

    kind: Kind
    media_type: str
    extension: str
    size: int
    clean_name: str


def inspect(path: Path, name: str) -> Inspected:
    """Judge the file at ``path``, sent under ``name``; raises Refused."""
    cleaned = clean_name(name)
    size = path.stat().st_size
    if not size:
        raise Refused(N_("Файл пустой."))
    expected = _allowed(cleaned)
    with path.open("rb") as file:
        head = file.read(HEAD)
    found = _true_kind(head, expected)
    _CHECKS[found.form](path, head, found)
    if extension(cleaned) != found.extension:
        cleaned = clean_name(f"{cleaned.rpartition('.')[0]}.{found.extension}")
    return Inspected(found.kind, found.media_type, found.extension, size, cleaned)


def _true_kind(head: bytes, expected: Accepted) -> Accepted:
    """What a file is kept as: reference systems write RTF and call it a document of Word, and Word opens it."""
    return ACCEPTED["rtf"] if expected.extension == "doc" and head.startswith(_RTF) else expected


def _allowed(name: str) -> Accepted:
    last = extension(name)
    if last in WITH_MACROS:
        raise Refused(ole_limits.MACROS)
    if last not in ACCEPTED:
        known = ", ".join(ACCEPTED)
        raise Refused(N_("Файлы такого вида не принимаются. Можно приложить: %(known)s.", known=known))
    if RUNNABLE.intersection(inner_extensions(name)):
        raise Refused(N_("В имени файла два расширения. Переименуйте файл и приложите ещё раз."))
    return ACCEPTED[last]


def _wrong(expected: Accepted, head: bytes, found: str = "") -> Refused:
    found = found or _guess(head)
    said = expected.extension
    if found in _WEB and expected.kind is Kind.TEXT:
        return Refused(
            N_(
                "Содержимое файла не соответствует расширению «%(said)s»: похоже на «%(found)s». Откройте его в офисной "
                "программе и сохраните как .docx.",
                said=said,
                found=found,
            )
        )
    if found in ACCEPTED and found != said:
        return Refused(
            N_(
                "Содержимое файла не соответствует расширению «%(said)s»: похоже на «%(found)s». Если это так, переименуйте "
                "файл: его имя должно кончаться на .%(found)s.",
                said=said,
                found=found,
            ),
        )
    if found and found != said:
        return Refused(
            N_(
                "Содержимое файла не соответствует расширению «%(said)s»: похоже на «%(found)s».",
                said=said,
                found=found,
            )
        )
    return Refused(N_("Содержимое файла не соответствует расширению «%(said)s», или он повреждён.", said=said))


def _guess(head: bytes) -> str:
    start = head.lstrip(_BLANK).lower()
    for mark, found in _MARKUP:
        if start.startswith(mark):
            return found
    return str(filetype.guess_extension(head) or "")


def _pdf(path: Path, head: bytes, expected: Accepted) -> None:
    found = _PDF_START.match(head[:_PDF_WITHIN])
    if found is None or _guess(found[1]) or found[1].lstrip(_BLANK).lower().startswith(_RUN_AS_TEXT):
        raise _wrong(expected, head)
    _alone(path)
    if b"%%EOF" not in _tail(path):
        raise Refused(BROKEN)
    try:
        pdf_pages.pages(path)
    except sandbox.ChildFailed as error:
        raise Refused(BROKEN) from error
    except WorkflowError as error:
        raise Refused(error.sentence) from error


def _ooxml(path: Path, head: bytes, expected: Accepted) -> None:
    if head.startswith(ole_limits.MAGIC):  # a locked docx is an OLE container; so is a renamed doc
        raise _wrong(expected, head, ole_limits.check(path))
    _parts(check_ooxml, path, head, expected)


def _parts(is_right: Callable[[Archive, Accepted], bool], path: Path, head: bytes, expected: Accepted) -> None:
    """A zip whose parts say what it is."""
    if not head.startswith(b"PK\x03\x04"):
        raise _wrong(expected, head)
    with zip_limits.opened(path) as archive:
        if not is_right(archive, expected):
            raise _wrong(expected, head)


def _zip(path: Path, head: bytes, expected: Accepted) -> None:
    if not head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        raise _wrong(expected, head)
    with zip_limits.opened(path) as archive:
        check_plain(archive)


def _plain(path: Path, head: bytes, expected: Accepted) -> None:
    try:
        text_encoding.check(path, head)
    except text_encoding.NotText as error:
        raise _wrong(expected, head) from error


def _ole(path: Path, head: bytes, expected: Accepted) -> None:
    if not head.startswith(ole_limits.MAGIC):
        raise _wrong(expected, head)
    found = ole_limits.check(path)
    if found != expected.extension:
        raise _wrong(expected, b"", found)


def _rtf(path: Path, head: bytes, expected: Accepted) -> None:
    if not head.startswith(_RTF):
        raise _wrong(expected, head)
    _alone(path)
    if not _tail(path).endswith(b"}"):
        raise Refused(BROKEN)
    with path.open("rb") as file:
        before = b""
        while piece := file.read(_CHUNK):
            if _RTF_DANGER.search(before + piece):
                raise Refused(N_("Файл подгружает содержимое извне. Сохраните его заново без связанных объектов."))
            before = piece[-64:]


def _raster(path: Path, head: bytes, expected: Accepted) -> None:
    kind = filetype.guess_mime(head)
    if kind != expected.media_type:
        raise _wrong(expected, head)
    _alone(path)
    if b"%PDF-" in head[:1024]:
        raise _wrong(expected, b"", "pdf")
    _PICTURES[expected.mark](path)


def _heic(path: Path, head: bytes, expected: Accepted) -> None:
    brands = {head[8:12]} | {head[at : at + 4] for at in range(16, min(int.from_bytes(head[:4]), HEAD), 4)}
    if head[4:8] != b"ftyp" or not brands & _HEIC_BRANDS or head[8:12] in {b"avif", b"avis"}:
        raise _wrong(expected, head)
    _alone(path)
    with path.open("rb") as file:
        meta = file.read(_CHUNK)
    for found in re.finditer(rb"ispe\0\0\0\0(.{4})(.{4})", meta, re.DOTALL):  # the size of each picture in the file
        raster_limits.check_size(int.from_bytes(found[1]), int.from_bytes(found[2]))


def _alone(path: Path) -> None:
    """Not at the same time an archive: two meanings in one file are an attack."""
    if zip_limits.is_also_zip(path):
        raise Refused(N_("К файлу приклеен архив. Сохраните его заново и приложите ещё раз."))


def _tail(path: Path) -> bytes:
    """The last bytes of a file, without the white space or zeros that mail and copying programs add."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL - _PADDING_MOST))
        return file.read().rstrip(zip_limits.PADDING)[-_TAIL:]


_CHECKS: Mapping[Form, Callable[[Path, bytes, Accepted], None]] = {
    Form.PDF: _pdf,
    Form.OOXML: _ooxml,
    Form.ODF: partial(_parts, check_odf),
    Form.OLE: _ole,
    Form.RTF: _rtf,
    Form.RASTER: _raster,
    Form.HEIC: _heic,
    Form.ZIP: _zip,
    Form.PACKED: partial(_parts, check_packed),
    Form.PLAIN: _plain,
}
