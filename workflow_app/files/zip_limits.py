"""Zip files from strangers, opened only as far as it is safe: bounded counts, sizes and ratios, no double meaning.

Two programs must not see two different archives in one file: so nothing may stand before the archive and nothing but a
little white space or zeros (``PADDING``, which mail and editors add) after it, no
member may share bytes with another or a name, and local headers must say what the directory says. Sizes are proved by
inflating under a cap (security.md 37, 82: a library opens a 1 MB file with 2.1 GiB of memory).
"""

from __future__ import annotations

import io
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from workflow_app.errors import N_
from workflow_app.files.file_kinds import Refused
from workflow_app.files.file_names import extension
from workflow_app.files.zip_names import raw_name, shown

MAX_MEMBERS = 10_000
MAX_DIRECTORY = 4 << 20  # bytes of the central directory, read before anything is built from it
MAX_TOTAL = 256 << 20  # bytes of all members, inflated
MAX_RATIO = 50
RATIO_FLOOR = 10 << 20  # a smaller member may be packed as well as it likes: an empty table packs 200:1
CHUNK = 1 << 18
PADDING = b"\0 \t\r\n"
MAX_PADDING = 4096  # bytes

_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_END = struct.Struct("<4sHHHHIIH")
_END64 = struct.Struct("<4sQHHIIQQQQ")
_LOCATOR_SIZE = 20
_ENCRYPTED = 0x2041
_STREAMED = 0x0008
_UNSAID = 0xFFFFFFFF  # the true number stands in a zip64 field
_READABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

BROKEN = N_("Файл повреждён или обрезан: его не удаётся открыть. Сохраните его заново и приложите ещё раз.")
LOCKED = N_("Файл защищён паролем. Снимите пароль и приложите файл ещё раз.")
BOMB = N_("Файл распаковывается в слишком большой объём. Уменьшите его или разделите на части.")


@dataclass(frozen=True, slots=True)
class Member:
    """One file or folder of an archive: its name as people see it, its size in bytes when unpacked."""

    name: str
    size: int
    folder: bool
    info: zipfile.ZipInfo


class Archive:
    """A zip whose directory was found honest; contents are proved while they are read."""

    def __init__(self, file: IO[bytes], members: tuple[Member, ...]) -> None:
        self.members = members
        self.names = {one.info.filename: one for one in members}
        self._file = file

    def chunks(self, member: Member) -> Iterator[bytes]:
        """The bytes of a member, piece by piece; raises Refused as soon as they are not what was declared."""
        length, checksum = 0, 0
        for piece in _inflate(self._file, member.info):
            length += len(piece)
            if length > member.size:
                raise Refused(BOMB)
            checksum = zlib.crc32(piece, checksum)
            yield piece
        if length != member.size or checksum != member.info.CRC:
            raise Refused(BROKEN)

    def read(self, member: Member, cap: int) -> bytes:
        """All bytes of a member of at most ``cap`` bytes."""
        if member.size > cap:
            raise Refused(BOMB)
        return b"".join(self.chunks(member))


@contextmanager
def opened(source: Path | bytes) -> Iterator[Archive]:
    """A zip (a path, or bytes) with an honest directory. Raises Refused, also for what fails inside the block."""
    with source.open("rb") if isinstance(source, Path) else io.BytesIO(source) as file:
        try:
            count = _check_frame(file)
            with zipfile.ZipFile(file) as archive:
                infos = archive.infolist()
                start = archive.start_dir
            if len(infos) != count:
                raise Refused(BROKEN)
            members = tuple(
                Member(name, one.file_size, one.is_dir(), one) for name, one in zip(shown(infos), infos, strict=True)
            )
            _check_directory(members)
            _check_layout(file, infos, start)
            yield Archive(file, members)
        except (zipfile.BadZipFile, NotImplementedError, struct.error, zlib.error, ValueError, EOFError) as error:
            raise Refused(BROKEN) from error


def is_also_zip(path: Path) -> bool:
    """Whether a zip hides in a file of another kind (a polyglot): an end record whose directory is where it says."""
    with path.open("rb") as file:
        start, tail = _read_tail(file)
        at = tail.rfind(b"PK\x05\x06")
        if at < 0 or len(tail) < at + _END.size:
            return False
        *_, directory, _, _ = _END.unpack_from(tail, at)
        file.seek(max(0, start + at - directory))
        return directory == _UNSAID or file.read(4) == b"PK\x01\x02"


def _read_tail(file: IO[bytes]) -> tuple[int, bytes]:
    """The part of a file in which a zip's end record may stand, and where that part begins."""
    start = max(0, file.seek(0, io.SEEK_END) - _END.size - 0xFFFF - MAX_PADDING)
    file.seek(start)
    return start, file.read()


def _check_frame(file: IO[bytes]) -> int:
    """How many members the archive says it has, once it is sure that it ends where the file ends.

    The size of the directory is bounded here, before anything is built from it.
    """
    start, tail = _read_tail(file)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + _END.size:
        raise Refused(BROKEN)
    *_, count, directory, offset, comment = _END.unpack_from(tail, at)
    end = start + at
    behind = len(tail) - (at + _END.size + comment)
    if not 0 <= behind <= MAX_PADDING or tail[len(tail) - behind :].strip(PADDING):
        raise Refused(BROKEN)
    if at >= _LOCATOR_SIZE and tail[at - _LOCATOR_SIZE :].startswith(b"PK\x06\x07"):
        end -= _LOCATOR_SIZE + _END64.size
        file.seek(max(0, end))
        *_, count, directory, offset = _END64.unpack(file.read(_END64.size))
    if directory > MAX_DIRECTORY:
        raise Refused(N_("В архиве слишком много файлов: можно не больше %(limit)s.", limit=MAX_MEMBERS))
    if offset + directory != end:
        raise Refused(BROKEN)
    return int(count)


def _check_directory(members: tuple[Member, ...]) -> None:
    infos = [one.info for one in members]
    if not infos:
        raise Refused(N_("Архив пустой."))
    if len(infos) > MAX_MEMBERS:
        raise Refused(N_("В архиве слишком много файлов: можно не больше %(limit)s.", limit=MAX_MEMBERS))
    if any(one.flag_bits & _ENCRYPTED for one in infos):
        raise Refused(LOCKED)
    for one in members:
        _check_member(one)
    if len({unicodedata.normalize("NFC", one.filename).casefold() for one in infos}) != len(infos):
        raise Refused(N_("В архиве есть файлы с одинаковыми именами. Соберите архив заново."))
    total, packed = sum(one.file_size for one in infos), sum(one.compress_size for one in infos)
    if total > MAX_TOTAL or _too_dense(total, packed):
        raise Refused(BOMB)


def _check_member(member: Member) -> None:
    info = member.info
    if info.compress_type not in _READABLE:
        raise Refused(N_("Архив собран необычным способом. Соберите обычный архив ZIP."))
    is_link = stat.S_ISLNK(info.external_attr >> 16)
    leaves = _leaves_folder(info.filename) or _leaves_folder(member.name)
    if "\0" in info.orig_filename or leaves or is_link or _has_two_kinds(member):
        raise Refused(N_("В архиве есть файл с недопустимым именем: %(name)s.", name=member.name))
    if info.compress_type == zipfile.ZIP_STORED and info.file_size != info.compress_size:
        raise Refused(BROKEN)
    if _too_dense(info.file_size, info.compress_size):
        raise Refused(BOMB)


def _has_two_kinds(member: Member) -> bool:
    """Whether the plain name and the one beside it in Unicode end as two kinds of files: programs unpack either."""
    plain, said = extension(member.info.orig_filename), extension(member.name)
    return plain != said and any(one and one.isascii() for one in (plain, said))


def _too_dense(size: int, packed: int) -> bool:
    return size > RATIO_FLOOR and size > MAX_RATIO * max(packed, 1)


def _leaves_folder(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return not name.strip("/") or parts[0] == "" or parts[0][1:2] == ":" or ".." in parts


def _check_layout(file: IO[bytes], infos: list[zipfile.ZipInfo], directory: int) -> None:
    """Members stand one after another, the first at 0, and their own headers agree with the directory."""
    end = 0
    for one in sorted(infos, key=lambda info: info.header_offset):
        if one.header_offset < end or (end == 0 and one.header_offset):
            raise Refused(BROKEN)
        end = _data_start(file, one) + one.compress_size
    if end > directory:
        raise Refused(BROKEN)


def _data_start(file: IO[bytes], info: zipfile.ZipInfo) -> int:
    """Where the packed bytes begin, after the local header was compared with the directory."""
    file.seek(info.header_offset)
    mark, _, flags, method, _, _, crc, packed, size, name, extra = _LOCAL.unpack(file.read(_LOCAL.size))
    if mark != b"PK\x03\x04" or method != info.compress_type or file.read(name) != raw_name(info):
        raise Refused(BROKEN)
    unsaid = flags & _STREAMED or _UNSAID in (packed, size)  # said after the data, or in a zip64 field
    if not unsaid and (crc, packed, size) != (info.CRC, info.compress_size, info.file_size):
        raise Refused(BROKEN)
    return info.header_offset + _LOCAL.size + int(name) + int(extra)


def _inflate(file: IO[bytes], info: zipfile.ZipInfo) -> Iterator[bytes]:
    position, rest = _data_start(file, info), info.compress_size
    engine = zlib.decompressobj(-15) if info.compress_type == zipfile.ZIP_DEFLATED and rest else None
    while rest:
        file.seek(position)  # the file may have been read elsewhere between two pieces
        packed = file.read(min(CHUNK, rest))
        if not packed:
            raise Refused(BROKEN)
        position, rest = position + len(packed), rest - len(packed)
        if engine is None:
            yield packed
            continue
        piece = engine.decompress(packed, CHUNK)
        yield piece
        while engine.unconsumed_tail or len(piece) == CHUNK:
            piece = engine.decompress(engine.unconsumed_tail, CHUNK)
            yield piece
    if engine is not None and (not engine.eof or engine.unused_data):
        raise Refused(BROKEN)
