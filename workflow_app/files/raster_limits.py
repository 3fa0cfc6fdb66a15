"""Pictures: their size, and that they are whole, read from the outer structure alone. No pixel is decoded anywhere.

A progressive JPEG of 1.9 MB costs a decoder 600 MB and eight seconds, and a comment of a PNG may be a bomb of its own: so
the marks of JPEG (ITU T.81, annex B) and the chunks of PNG (ISO 15948, 5.3) are walked by their lengths, in the memory of
one piece. What stands inside a comment, a profile or a thumbnail is stepped over.
"""

from __future__ import annotations

import mmap
import re
import struct
import zlib
from pathlib import Path
from typing import IO

from workflow_app.errors import N_
from workflow_app.files.file_kinds import Refused
from workflow_app.files.zip_limits import BROKEN

MAX_PIXELS = 80_000_000
TOO_BIG = N_("Рисунок слишком большой: можно не больше %(limit)s мегапикселей.", limit=MAX_PIXELS // 1_000_000)
UNUSUAL = N_("Рисунок записан редким способом. Сохраните его заново как обычный JPEG или PNG и приложите ещё раз.")

_PNG = b"\x89PNG\r\n\x1a\n"
_CHUNK = 1 << 18
MAX_MARKS = (
    10_000  # marks or chunks; a photograph has some ten, a picture of 25 MB in the smallest usual chunks six thousand
)
_MARKER = re.compile(rb"\xff([\x01-\xcf\xd8-\xfe])")  # no stuffed 0xFF, no restart mark: they stand in scans
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # start of frame; the three are tables
_SHOWN = frozenset({0xC0, 0xC1, 0xC2})  # baseline, extended, progressive: what browsers show
_LONE = frozenset({0x01, 0xD8})  # marks without a length
_SCAN, _END = 0xDA, 0xD9


def check_size(width: int, height: int) -> None:
    """Refuse a picture without pixels, or with too many for whoever will look at it."""
    if not width or not height:
        raise Refused(BROKEN)
    if width * height > MAX_PIXELS:
        raise Refused(TOO_BIG)


def check_jpeg(path: Path) -> None:
    """One frame of a kind that browsers show, at least one scan, and its end. What cameras put behind is left alone."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        frames = scans = at = 0
        for _ in range(MAX_MARKS):
            found = _MARKER.search(data, at)
            if found is None:
                break
            mark, at = found[1][0], found.end()
            if mark == _END:
                if frames != 1 or not scans:
                    raise Refused(BROKEN)
                return
            if mark in _LONE:
                continue
            length = int.from_bytes(data[at : at + 2])
            if mark in _FRAMES:
                _check_frame(mark, data[at : at + 8])
                frames += 1
            scans += mark == _SCAN
            at += max(length, 2)
    raise Refused(BROKEN)


def _check_frame(mark: int, head: bytes) -> None:
    if len(head) < 8:  # noqa: PLR2004 - length 2, precision 1, height 2, width 2, components 1
        raise Refused(BROKEN)
    _, precision, height, width, _ = struct.unpack(">HBHHB", head)
    if mark not in _SHOWN or precision != 8:  # noqa: PLR2004 - bits of a sample
        raise Refused(UNUSUAL)
    check_size(width, height)


def check_png(path: Path) -> None:
    """Every chunk is whole by its checksum, from the header to the end; nothing is inflated."""
    with path.open("rb") as file:
        if file.read(len(_PNG)) != _PNG:
            raise Refused(BROKEN)
        name, first = _png_chunk(file)
        if name != b"IHDR" or len(first) < 8:  # noqa: PLR2004 - width and height, four bytes each
            raise Refused(BROKEN)
        check_size(*struct.unpack_from(">II", first))
        drawn = False
        for _ in range(MAX_MARKS):
            name, _first = _png_chunk(file)
            drawn = drawn or name == b"IDAT"
            if name == b"IEND":
                break
        if not drawn or name != b"IEND":
            raise Refused(BROKEN)


def _png_chunk(file: IO[bytes]) -> tuple[bytes, bytes]:
    """The name of the next chunk and the first piece of its data, once its checksum is right."""
    head = file.read(8)
    rest, name = int.from_bytes(head[:4]), head[4:]
    if len(head) < 8 or not name.isalpha():  # noqa: PLR2004 - length and name
        raise Refused(BROKEN)
    checksum, first = zlib.crc32(name), b""
    while rest:
        piece = file.read(min(_CHUNK, rest))
        if not piece:
            raise Refused(BROKEN)
        first = first or piece
        checksum, rest = zlib.crc32(piece, checksum), rest - len(piece)
    if file.read(4) != checksum.to_bytes(4):
        raise Refused(BROKEN)
    return name, first
