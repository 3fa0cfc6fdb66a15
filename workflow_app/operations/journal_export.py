"""The journal as lines of JSON that leave the house: events without what people filled in, the log of heads, digests of reads.

The first line says what it is; then come leaves, checkpoints, events by chain and order, and the digests of the rows of the log of reads.
``operations.journal_check`` reads it without a database.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow_app import clock
from workflow_app.db import checkpoints, hash_chain
from workflow_app.db.models import Checkpoint, Event
from workflow_app.operations.journal_check import FORMAT

_BATCH = 500


def lines(session: Session) -> Iterator[str]:
    """Yield the export, each line with its end."""
    yield _line({"format": FORMAT, "made_at": clock.now().isoformat(timespec="seconds")})
    for leaf in checkpoints.leaves(session):
        yield _line({"leaf": leaf.data.decode()})
    for note in session.scalars(select(Checkpoint.note).order_by(Checkpoint.id)):
        yield _line({"checkpoint": note})
    names = ("id", *hash_chain.COVERED, "digest")
    columns = [Event.__table__.columns[one] for one in names]
    rows = select(*columns).order_by(Event.root_kind, Event.root_id, Event.seq)
    for row in session.execute(rows.execution_options(yield_per=_BATCH)):
        yield _line({"event": {name: _value(value) for name, value in zip(names, row, strict=True)}})
    for digest in checkpoints.read_digests(session):
        yield _line({"read": digest})


def _value(value: Any) -> Any:
    return value.isoformat(timespec="microseconds") if isinstance(value, datetime) else value


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"
