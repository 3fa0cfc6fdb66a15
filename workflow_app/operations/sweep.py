"""Removing what takes up room for nothing: files that no row names, pictures of files that nobody has looked at for long.

The first are left by an act that was refused or rolled back, the second are made again when they are wanted.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from workflow_app.db.models import ImportRow, ImportTable, WorkingCopy
from workflow_app.db.session import Database
from workflow_app.operations import integrity

_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Swept:
    """What was removed: files that no row names and how many bytes they had, files that never arrived whole, kept pictures."""

    orphans: int
    size: int
    unfinished: int
    pictures: int


def sweep_cache(folder: Path, before: datetime) -> int:
    """Remove the kept looks of files (``web.file_previews``) that were made before this moment; return how many."""
    removed = 0
    for one in [*folder.rglob("*")] if folder.is_dir() else []:
        if one.is_file() and one.stat().st_mtime < before.timestamp():
            one.unlink(missing_ok=True)
            removed += 1
    for one in sorted((found for found in folder.rglob("*") if found.is_dir()), reverse=True):
        with suppress(OSError):  # something is left in it
            one.rmdir()
    return removed


def sweep(database: Database, cache: Path, before: datetime) -> Swept:
    """Remove orphans that were stored before this moment; a younger one may belong to an act that goes on right now."""
    with database.transaction(keep=False) as session:
        named = set(integrity.blob_owners(session))
        for column in (WorkingCopy.data, ImportRow.files, ImportTable.loose):
            for typed in session.scalars(select(column)):
                named.update(_HASH.findall(json.dumps(typed)))
    orphans, size = 0, 0
    for one in list(database.blobs.all()):
        stored = database.blobs.path(one.sha256).stat().st_mtime
        if one.sha256 not in named and stored < before.timestamp():
            database.blobs.remove(one.sha256)
            orphans, size = orphans + 1, size + one.size
    return Swept(orphans, size, database.blobs.sweep(before), sweep_cache(cache, before))
