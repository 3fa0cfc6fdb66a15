"""``make migration NAME=words``: writes the next migration from what the tables should be and what the last migration leaves.

For developers: a new content type, or a field more in one, needs no migration written by hand. What it wrote is read and, where
rows of before have to be filled, completed before it is committed.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from alembic import command

from workflow_app.db import migrate


def draft(name: str) -> Path:
    """Write the migration and return its file."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/draft.db"
        migrate.upgrade(url)
        number = f"{int(migrate.head() or 0) + 1:04d}"
        known = migrate.config(url)
        known.attributes[migrate.DRAFTS] = True
        made = command.revision(known, message=name, autogenerate=True, rev_id=number)
    return Path(getattr(made, "path", ""))


if __name__ == "__main__":
    sys.stdout.write(f"{draft(sys.argv[1])}\n")
