"""The first fill of a database: a municipality with its centre, the criteria sheets of the case types."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow_app import clock
from workflow_app.case_types.registry import seed_sheets
from workflow_app.db.models import CriteriaRow, Municipality


def new_municipality(session: Session, name: str, zone: str) -> Municipality:
    """Return the municipality of this name, made if there is none. It belongs to itself."""
    found = session.scalar(select(Municipality).where(Municipality.name == name))
    if found is not None:
        return found
    row = Municipality(name=name, zone=zone, state="working", version=1, switches={}, municipality_id=0)
    session.add(row)
    session.flush()
    row.municipality_id = row.id
    session.flush()
    return row


def criteria_rows(session: Session, municipality_id: int) -> list[CriteriaRow]:
    """Return rows, not yet begun, for every criteria sheet of a case type of which the municipality never had a version."""
    known = set(session.scalars(select(CriteriaRow.key).where(CriteriaRow.municipality_id == municipality_id)))
    return [
        CriteriaRow(
            municipality_id=municipality_id, key=key, number=sheet.version, data=sheet.to_data(), created_at=clock.now()
        )
        for key, sheet in seed_sheets().items()
        if key not in known
    ]
