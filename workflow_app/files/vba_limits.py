"""Projects of VBA without a line of code: programs that export tables leave them, and Excel shows no macro ([MS-OVBA]).

A module is empty when its text is nothing but attributes. The text is not all that Office runs: a module may hold compiled
code before its text, which counts when the text is gone ("stomping"). So a project passes only when there is no room for
such code: each module's text begins at its first byte, and no other stream or storage stands in the project.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

MAX_MODULES = 100
MAX_PACKED = 1 << 16  # bytes of one stream: a module of attributes alone has some hundred
MAX_TEXT = 1 << 18
_CHUNK = 4096  # bytes of text in one chunk of a container
_HEADER_SIGNATURE = 0b011
_OUTSIDE = frozenset({"project", "projectwm"})  # settings in words and names of modules beside the storage "VBA"
_OFFSET = re.compile(rb"\x31\x00\x04\x00\x00\x00(....)", re.DOTALL)  # MODULEOFFSET: where a module's text begins
_VALUE = rb"""(?:"[^"]*"|[\w.&-]+)"""
_ATTRIBUTE = re.compile(rb"\s*attribute\s+[\w.]+\s*=\s*" + _VALUE + rb"(?:\s*,\s*" + _VALUE + rb")*\s*", re.IGNORECASE)

Read = Callable[[Sequence[str]], bytes]


class NotPacked(ValueError):
    """Bytes that are no compressed container."""


def has_code(names: Iterable[Sequence[str]], read: Read) -> bool:
    """Whether a project may run anything. ``names`` are its streams relative to its storage; ``read`` gives their bytes."""
    streams = list(names)
    if len(streams) > MAX_MODULES:
        return True
    return any(_may_run(one, read) for one in streams)


def _may_run(name: Sequence[str], read: Read) -> bool:
    lower = [part.lower() for part in name]
    if len(lower) == 1:
        return lower[0] not in _OUTSIDE
    if len(lower) != 2 or lower[0] != "vba" or lower[1].startswith("__srp_"):  # noqa: PLR2004 - a form, kept code, unknown
        return True
    if lower[1] == "_vba_project":
        return False  # versions and names; code stands in modules and in the streams __SRP_n alone
    try:
        text = unpacked(read(name))
    except NotPacked:
        return True
    if lower[1] == "dir":
        return any(int.from_bytes(found[1], "little") for found in _OFFSET.finditer(text))
    return not all(_ATTRIBUTE.fullmatch(line) or not line.strip() for line in text.splitlines())


def unpacked(data: bytes) -> bytes:
    """A compressed container ([MS-OVBA] 2.4.1) from its first byte; zeros may fill the sector behind it.

    Raises NotPacked for anything else, also for more than MAX_PACKED bytes in or MAX_TEXT out.
    """
    if len(data) > MAX_PACKED or data[:1] != b"\1":
        raise NotPacked
    out, at, said = bytearray(), 1, len(data.rstrip(b"\0"))
    while at < said:
        header = int.from_bytes(data[at : at + 2], "little")
        end = at + (header & 0x0FFF) + 3
        if header >> 12 & 0b111 != _HEADER_SIGNATURE or end > len(data) or len(out) > MAX_TEXT:
            raise NotPacked
        out += _chunk(data[at + 2 : end]) if header & 0x8000 else data[at + 2 : end]
        at = end
    return bytes(out)


def _chunk(packed: bytes) -> bytes:
    """One chunk: bytes as they are and copies of what was said before, eight of them behind a byte of flags."""
    out, at = bytearray(), 0
    while at < len(packed):
        flags, at = packed[at], at + 1
        for bit in range(8):
            if at >= len(packed):
                break
            if not flags >> bit & 1:
                out.append(packed[at])
                at += 1
                continue
            back, length = _copy(int.from_bytes(packed[at : at + 2], "little"), len(out))
            at += 2
            if back > len(out):
                raise NotPacked
            for _ in range(length):
                out.append(out[-back])
        if len(out) > _CHUNK:
            raise NotPacked
    return bytes(out)


def _copy(token: int, written: int) -> tuple[int, int]:
    """How far back and how many bytes: the more is written, the more bits say how far ([MS-OVBA] 2.4.1.3.19)."""
    bits = max((written - 1).bit_length(), 4)
    return (token >> 16 - bits) + 1, (token & 0xFFFF >> bits) + 3
