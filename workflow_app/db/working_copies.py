"""Working copies: typed and not yet performed text, one a person, subject and transition (decisions.md 3).

Whoever compares a copy before writing it holds the subject's lock first (``locking``): on PostgreSQL too, three windows
that save at once are then one that is kept and two that are told. Writing itself never fails on a second writer.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from workflow_app import clock
from workflow_app.db.models import WorkingCopy

_DIGEST = 16  # characters: enough to tell two texts of one person apart
Place = tuple[int, str, int, str]
"""Person, kind of the subject, its id, transition."""


def find(session: Session, place: Place) -> WorkingCopy | None:
    """Return a working copy as it is now, if there is one."""
    return session.get(WorkingCopy, place, populate_existing=True)


def keep(session: Session, place: Place, data: Mapping[str, Any]) -> WorkingCopy:
    """Write a working copy, a new one or over the one that is there."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    keys = dict(zip(("person_id", "subject_kind", "subject_id", "transition"), place, strict=True))
    typed = {"data": dict(data), "saved_at": clock.now()}
    row = dialect.insert(WorkingCopy).values(keys | typed)
    session.execute(row.on_conflict_do_update(index_elements=list(keys), set_=typed))
    return session.get_one(WorkingCopy, place, populate_existing=True)


def digest(data: Mapping[str, Any] | None) -> str:
    """Return a digest of a typed text; of none at all, the empty string."""
    if data is None:
        return ""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGEST]
