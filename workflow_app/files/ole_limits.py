"""Files of old Office (doc, xls, ppt): which of them a file is, whether it is locked, whether it carries macros.

The only module that knows olefile. Streams are listed, the first bytes of one are read, and modules of a project of macros
are read as text (``vba_limits``); nothing is run.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import olefile

from workflow_app.errors import N_
from workflow_app.files import vba_limits
from workflow_app.files.file_kinds import Refused
from workflow_app.files.zip_limits import BROKEN, LOCKED

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAX_STREAMS = 5000
MACROS = N_("В файле есть макросы. Сохраните его без макросов и приложите ещё раз.")

PROJECT = N_(
    "В файле есть макросы или их пустой проект. Сохраните файл как .docx, .xlsx или .pptx (в них макросов не бывает) "
    "и приложите ещё раз.",
)

_MAIN = {
    "worddocument": "doc",
    "workbook": "xls",
    "book": "xls",
    "powerpoint document": "ppt",
}  # in any case of letters
_LOCKED = {"encryptedpackage", "encryptioninfo", "encryptedsummary"}
_MACRO_STORAGES = {"_vba_project_cur", "macros", "vba", "_vba_project"}
_WORD_ENCRYPTED = 0x01  # high byte of the FIB flags, [MS-DOC] 2.5.2: fEncrypted
_EXCEL_LOCK = 0x2F  # FILEPASS, [MS-XLS] 2.4.117
_EXCEL_RECORDS = 16  # FILEPASS stands among the first records


def check(source: Path | bytes) -> str:
    """The extension that fits the content: ``doc``, ``xls``, ``ppt``, or empty for something else in this container.

    Raises Refused for a locked or broken file and for one with macros.
    """
    try:
        with olefile.OleFileIO(str(source) if isinstance(source, Path) else io.BytesIO(source)) as file:
            names = file.listdir(streams=True, storages=True)
            if len(names) > MAX_STREAMS:
                raise Refused(BROKEN)
            top = {name[0].lower() for name in names}
            if top & _LOCKED:
                raise Refused(LOCKED)
            main = next((name[0] for name in names if len(name) == 1 and name[0].lower() in _MAIN), "")
            if main and _is_locked(file, main):
                raise Refused(LOCKED)
            if _runs(file, names):
                raise Refused(PROJECT)
            return _MAIN.get(main.lower(), "")
    except (OSError, ValueError, IndexError, TypeError, RecursionError) as error:
        raise Refused(BROKEN) from error


def _runs(file: olefile.OleFileIO[str], names: list[list[str]]) -> bool:
    """Whether a storage of macros may hold code: anywhere but on top, or anything beyond an empty project."""
    project = next((one[0] for one in names if one[0].lower() in _MACRO_STORAGES), "")
    inside = [one[1:] for one in names if one[0] == project and len(one) > 1]
    outside = [one for one in names if one[0] != project]
    if any(part.lower() in _MACRO_STORAGES for one in outside for part in one):
        return True
    if not project:
        return False
    streams = [one for one in inside if file.get_type([project, *one]) == olefile.STGTY_STREAM]

    def read(name: Sequence[str]) -> bytes:
        with file.openstream([project, *name]) as stream:
            return bytes(stream.read(vba_limits.MAX_PACKED + 1))

    return not streams or vba_limits.has_code(streams, read)


def _is_locked(file: olefile.OleFileIO[str], main: str) -> bool:
    with file.openstream(main) as stream:
        head = stream.read(8192)
    if main.lower() == "worddocument":
        return len(head) > 11 and bool(head[11] & _WORD_ENCRYPTED)  # noqa: PLR2004 - offset of the flags in the FIB
    return _MAIN[main.lower()] == "xls" and _EXCEL_LOCK in _records(head)


def _records(head: bytes) -> list[int]:
    """The types of the first records of a workbook stream: two bytes of type, two of length, then the record."""
    types: list[int] = []
    at = 0
    while at + 4 <= len(head) and len(types) < _EXCEL_RECORDS:
        types.append(int.from_bytes(head[at : at + 2], "little"))
        at += 4 + int.from_bytes(head[at + 2 : at + 4], "little")
    return types
