"""The row of a record that is about to be begun: its fields as a sheet fills them. Every slice that begins records makes it here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from workflow_app.content_types.behaviors import Published
from workflow_app.content_types.declaration import ContentType, OfRecord
from workflow_app.db.models import RECORDS, Record
from workflow_app.states.forms import Sheet, to_json


def row_of(kind: ContentType, municipality_id: int, sheet: OfRecord, whole: Record | None = None) -> Record:
    """Return the row of a new record, not yet begun; ``whole`` of which it is a part."""
    row = RECORDS[kind.key](municipality_id=municipality_id)
    if whole is not None:
        row.within_id = whole.id
    if kind.behavior(Published):
        row.published = False
    take(sheet, row, [*kind.fields])
    return row


def take(sheet: Sheet, row: Record, names: Iterable[str]) -> None:
    """Let a row take fields over from a sheet."""
    for name in names:
        value = getattr(sheet, name)
        setattr(row, name, to_json(value) if isinstance(value, (tuple, Mapping)) else value)
