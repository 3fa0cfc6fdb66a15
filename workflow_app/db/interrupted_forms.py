"""Text that was sent when its session had ended: it waits a short time for the person who typed it, and for nobody else.

A working copy like any other (decisions.md 3): the place is a page, named by the digest of its address.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from workflow_app import clock
from workflow_app.db import working_copies
from workflow_app.db.models import WorkingCopy
from workflow_app.db.session import Database

PLACE = "page"
LIVES = timedelta(hours=12)
PAGES_MOST = 20  # of one person; the oldest gives way


def key_of(address: str) -> str:
    """Return the name of a page: a digest of its address."""
    return hashlib.sha256(address.encode()).hexdigest()[:32]


def keep(session: Session, person_id: int, address: str, data: Mapping[str, Any]) -> str:
    """Keep what ``person_id`` sent from the page at ``address``; what waited there before is replaced. Return the page's key."""
    key = key_of(address)
    _forget(session, person_id)
    working_copies.keep(session, (person_id, PLACE, 0, key), {"address": address, **data})
    return key


def find(session: Session, person_id: int, key: str) -> dict[str, Any] | None:
    """Return what waits for a person at a page, or None: it was never there, is another's, or is too old."""
    row = session.get(WorkingCopy, (person_id, PLACE, 0, key))
    return dict(row.data) if row is not None and row.saved_at > clock.now() - LIVES else None


def drop(session: Session, person_id: int, key: str) -> None:
    """Forget what waited: it has been sent."""
    session.execute(
        delete(WorkingCopy).where(
            WorkingCopy.person_id == person_id, WorkingCopy.subject_kind == PLACE, WorkingCopy.transition == key
        )
    )


def _forget(session: Session, person_id: int) -> None:
    """Make room: what is too old goes, and the oldest of too many."""
    rows = session.scalars(
        select(WorkingCopy)
        .where(WorkingCopy.person_id == person_id, WorkingCopy.subject_kind == PLACE)
        .order_by(WorkingCopy.saved_at.desc())
    ).all()
    for number, row in enumerate(rows, 1):
        if number >= PAGES_MOST or row.saved_at <= clock.now() - LIVES:
            session.delete(row)
    session.flush()


def forget_old(database: Database) -> None:
    """Forget what nobody came back for."""
    with database.transaction(keep=True) as session:
        session.execute(
            delete(WorkingCopy).where(WorkingCopy.subject_kind == PLACE, WorkingCopy.saved_at <= clock.now() - LIVES)
        )
