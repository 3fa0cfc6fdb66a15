"""Removing files that no row names: left by an act that was refused or rolled back, harmless, and taking up room."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from workflow_app.store import proof
from workflow_app.store.db import Database
from workflow_app.store.models import WorkingCopy

_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Swept:
    """What was removed: files that no row names and how many bytes they had, files that never arrived whole."""

    orphans: int
    size: int
    unfinished: int


def sweep(database: Database, before: datetime) -> Swept:
    """Remove orphans that were stored before this moment; a younger one may belong to an act that goes on right now."""
    with database.transaction(keep=False) as session:
        named = set(proof.blob_owners(session))
        for typed in session.scalars(select(WorkingCopy.data)):
            named.update(_HASH.findall(json.dumps(typed)))
    orphans, size = 0, 0
    for one in list(database.blobs.all()):
        stored = database.blobs.path(one.sha256).stat().st_mtime
        if one.sha256 not in named and stored < before.timestamp():
            database.blobs.remove(one.sha256)
            orphans, size = orphans + 1, size + one.size
    return Swept(orphans, size, database.blobs.sweep(before))
