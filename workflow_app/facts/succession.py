"""What takes the place of what: records of a kind that name another of the same kind, an edition of an act, a repeated survey."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from workflow_app.content_types.declaration import ContentType
from workflow_app.db.models import RECORDS, Record

_MOST: Final = 50  # records that follow each other


def link_of(kind: ContentType) -> str:
    """Return the field by which a record of a kind names the one before it; empty: there is none."""
    return next((name for name, how in kind.fields.items() if how.refers == kind.key), "")


def linked(session: Session, row: Record) -> set[int]:
    """Return the ids of all that came before a record and after it, itself among them."""
    name = link_of(row.content)
    model: Any = RECORDS[row.kind]
    found, new = {row.id}, {row.id}
    while name and new and len(found) < _MOST:
        link = getattr(model, name)
        near = session.execute(select(model.id, link).where(or_(model.id.in_(new), link.in_(new)))).all()
        new = {one for pair in near for one in pair if one is not None} - found
        found |= new
    return found


def before(session: Session, row: Record) -> set[int]:
    """Return the ids of all that a record takes the place of, one after another; its own among them when they go in a circle."""
    model: Any = RECORDS[row.kind]
    link = getattr(model, link_of(row.content))
    found: set[int] = set()
    one = getattr(row, link_of(row.content))
    with session.no_autoflush:
        while one is not None and one not in found:
            found.add(one)
            one = session.scalar(select(link).where(model.id == one)) if one != row.id else None
    return found
