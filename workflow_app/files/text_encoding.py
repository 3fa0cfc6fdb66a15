"""Plain text from strangers: which encoding it is in, and that it is text at all. Shown escaped, never as anything else."""

from __future__ import annotations

import re
from pathlib import Path

_CHUNK = 1 << 18  # characters
_CONTROLS = re.compile(r"[\0-\x08\x0e-\x19\x1b-\x1f\x7f]")  # not the white space, not the end mark of DOS (0x1A)


class NotText(ValueError):
    """Bytes that are no text in UTF-8, UTF-16 with its mark, or CP1251."""


def encodings(head: bytes) -> tuple[str, ...]:
    """What a text may be written in, judged by its first bytes; the first that reads all of it is right."""
    return ("utf-16",) if head.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1251")


def decode(data: bytes) -> str:
    """The text of ``data``; raises NotText."""
    for encoding in encodings(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise NotText


def beginning(path: Path, most: int) -> str:
    """The first ``most`` characters of a file that was found to be text; raises NotText."""
    with path.open("rb") as file:
        head = file.read(2)
    for encoding in encodings(head):
        try:
            with path.open(encoding=encoding) as file:
                return file.read(most)
        except UnicodeDecodeError:
            continue
    raise NotText


def check(path: Path, head: bytes) -> None:
    """Whether a file is text from end to end, read in pieces; raises NotText."""
    if not any(_reads(path, one) for one in encodings(head)):
        raise NotText


def _reads(path: Path, encoding: str) -> bool:
    try:
        with path.open(encoding=encoding, newline="") as file:
            while piece := file.read(_CHUNK):
                if _CONTROLS.search(piece):
                    return False
    except UnicodeDecodeError:
        return False
    return True
