"""The archive of a backup: its parts, the manifest that names them, and how a damaged one is refused.

Whatever stands in a file that somebody calls a backup, reading it ends in a sentence.
"""

from __future__ import annotations

import json
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from workflow_app.db import migrate
from workflow_app.errors import N_, WorkflowError

FORMAT = 1
MANIFEST, SQLITE_PART, DUMP_PART, BLOBS_PART = "manifest.json", "workflow.db", "database.jsonl", "blobs/"
# What reading a damaged archive raises: another structure, a stream cut or changed, an unknown or secret way of packing.
_NOT_READ = (zipfile.BadZipFile, EOFError, zlib.error, struct.error, NotImplementedError, RuntimeError)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an archive: its name, SHA-256 in hex, size in bytes."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive holds: of which form, made when (UTC, ISO), at which revision of the schema, in which parts."""

    form: int
    made_at: str
    revision: str
    parts: tuple[Part, ...]

    def to_json(self) -> str:
        """Return the manifest as JSON."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)


@contextmanager
def opened(file: Path) -> Iterator[zipfile.ZipFile]:
    """Give an archive to be read; what its reading raises, inside the block too, is told as a WorkflowError."""
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive
    except FileNotFoundError as error:
        if file.exists():
            raise  # something else is missing
        raise WorkflowError(N_("Файла %(file)s нет.", file=file.name)) from error
    except IsADirectoryError as error:
        raise WorkflowError(N_("«%(file)s» — папка, а нужен файл резервной копии.", file=file.name)) from error
    except _NOT_READ as error:
        raise WorkflowError(N_("Файл %(file)s повреждён или это не резервная копия.", file=file.name)) from error


def manifest_of(archive: zipfile.ZipFile) -> Manifest:
    """Return the manifest, if the archive holds just what it names."""
    try:
        raw = json.loads(archive.read(MANIFEST))
        found = Manifest(raw["form"], raw["made_at"], raw["revision"], tuple(_part(**one) for one in raw["parts"]))
    except (KeyError, TypeError, ValueError) as error:
        raise WorkflowError(N_("Это не резервная копия: в архиве нет описи.")) from error
    if found.form != FORMAT or not migrate.knows(found.revision):
        raise WorkflowError(N_("Копия сделана другой версией программы: обновите программу и повторите."))
    if {one.name for one in found.parts} | {MANIFEST} != set(archive.namelist()):
        raise WorkflowError(N_("Состав архива не совпадает с описью."))
    if not {SQLITE_PART, DUMP_PART} & {one.name for one in found.parts}:
        raise WorkflowError(N_("В архиве нет базы данных: это не резервная копия экземпляра."))
    return found


def _part(*, name: object, sha256: object, size: object) -> Part:
    """Return a line of the manifest; TypeError for what is none."""
    if not (isinstance(name, str) and isinstance(sha256, str) and isinstance(size, int)):
        raise TypeError
    return Part(name, sha256, size)


def broken(name: str) -> WorkflowError:
    """Return what is told of a part that is not the one that was saved."""
    return WorkflowError(N_("Часть архива %(name)s не совпадает с описью: копия повреждена.", name=name))
