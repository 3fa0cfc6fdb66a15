"""When the last backup was made and when it was checked: a small file in the instance's folder, written by the commands.

It tells of this machine alone: what is copied by other means leaves no mark, and then nobody here knows of it.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from workflow_app import clock
from workflow_app.db.session import Database
from workflow_app.errors import WorkflowError
from workflow_app.operations import backup
from workflow_app.operations.backup import Progress
from workflow_app.operations.backup_archive import Manifest

MARK = "last_backup.json"


@dataclass(frozen=True, slots=True)
class Mark:
    """The last backup: when it was made and last checked (aware; None: never), the file's name, what the check found wrong."""

    made_at: datetime
    file: str
    checked_at: datetime | None = None
    fault: str = ""


def read(folder: Path) -> Mark | None:
    """Return what is known of the last backup; None when nothing is, or the mark cannot be read."""
    try:
        raw = json.loads((folder / MARK).read_text(encoding="utf-8"))
        checked = datetime.fromisoformat(raw["checked_at"]) if raw["checked_at"] else None
        return Mark(datetime.fromisoformat(raw["made_at"]), str(raw["file"]), checked, str(raw["fault"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def make(database: Database, folder: Path, file: Path, progress: Progress) -> Manifest:
    """Make a backup (``backup.backup``), note it, read it back whole and note that, too."""
    made = backup.backup(database, file, progress)
    _write(folder, Mark(datetime.fromisoformat(made.made_at), file.name))
    check(folder, file, progress)
    return made


def check(folder: Path, file: Path, progress: Progress) -> Manifest:
    """Check an archive (``backup.verify``) and note it, if it is the last backup or a later one; raises what the check raises."""
    known = read(folder)
    try:
        found = backup.verify(file, progress)
    except WorkflowError as error:
        if known is not None and known.file == file.name:
            _write(folder, replace(known, checked_at=clock.now(), fault=str(error)))
        raise
    made_at = datetime.fromisoformat(found.made_at)
    if known is None or made_at >= known.made_at:
        _write(folder, Mark(made_at, file.name, clock.now()))
    return found


def _write(folder: Path, mark: Mark) -> None:
    """Write the mark whole or not at all."""
    draft = folder / f".{MARK}"
    draft.write_text(json.dumps(asdict(mark), default=datetime.isoformat, ensure_ascii=False), encoding="utf-8")
    os.chmod(draft, 0o600)  # noqa: PTH101 - as its neighbours
    draft.replace(folder / MARK)
