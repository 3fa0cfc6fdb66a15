"""The approved roster of specialists, read as rules need it: who is in it on a day, by which act (R51)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow_app.db.models import RECORDS
from workflow_app.matching.conflicts import Approval


def approvals(session: Session, municipality_id: int, on: date) -> Mapping[int, Approval] | None:
    """Return what the roster says of each person on a day, in one statement; None: the centre has entered no roster.

    Of several records that which is in force stands, else the one that ended last.
    """
    model: Any = RECORDS["approved_specialist"]
    rows = session.scalars(
        select(model)
        .where(model.municipality_id == municipality_id, model.state != "ended")
        .order_by(model.on, model.id)
    ).all()
    if not rows:
        return None
    found: dict[int, Approval] = {}
    for row in rows:
        told = Approval(f"{row.act} от {row.on:%d.%m.%Y} № {row.paper}", row.posts, row.since or row.on, row.until)
        known = found.get(row.person_id)
        if known is None or (told.holds(on), told.last) >= (known.holds(on), known.last):
            found[row.person_id] = told
    return found
