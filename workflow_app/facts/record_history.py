"""Rows as they stood on a day: what the events up to it had left in them (reports are made anew for any past day)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, inspect, select
from sqlalchemy.orm import Session

from workflow_app.content_types.declaration import ContentType
from workflow_app.db.models import RECORDS, Event, EventPayload
from workflow_app.states.forms import asks, hints
from workflow_app.states.forms.serialize import restored


@dataclass(frozen=True, slots=True)
class Stood:
    """A record on a day: its number, version, state and fields, with ``within_id`` of a part."""

    id: int
    version: int
    state: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Past:
    """A moment (UTC) in a town's past, and what something was done with since: the numbers of the rows, by kind."""

    municipality_id: int
    moment: datetime
    changed: Mapping[str, frozenset[int]]

    def told(self, kind: str, *columns: Any) -> Select[Any]:
        """Return the events up to the moment of the rows of a kind that were changed since, the earliest first."""
        since = select(Event.subject_id).where(
            *_of(self.municipality_id), Event.subject_kind == kind, Event.at > self.moment
        )
        of = (*_of(self.municipality_id), Event.subject_kind == kind, Event.at <= self.moment)
        return select(Event.subject_id, *columns).where(*of, Event.subject_id.in_(since)).order_by(Event.id)

    def last(self, session: Session, kind: str, *columns: Any) -> dict[int, Any]:
        """Return what the last event up to the moment says of each row of a kind that was changed since; the others are not told."""
        if not self.changed.get(kind):
            return {}
        ids = self.told(kind).with_only_columns(func.max(Event.id)).order_by(None).group_by(Event.subject_id)
        found = session.execute(select(Event.subject_id, *columns).where(Event.id.in_(ids)))
        return {one.subject_id: one for one in found}


def _of(municipality_id: int) -> tuple[Any, ...]:
    return (Event.municipality_id == municipality_id,)


def past(session: Session, municipality_id: int, moment: datetime) -> Past:
    """Return what is to be turned back to see a town as it stood at a moment: one statement."""
    found: dict[str, set[int]] = {}
    since = select(Event.subject_kind, Event.subject_id).where(*_of(municipality_id), Event.at > moment).distinct()
    for kind, id_ in session.execute(since):
        found.setdefault(kind, set()).add(id_)
    return Past(municipality_id, moment, {kind: frozenset(ids) for kind, ids in found.items()})


def stood(session: Session, municipality_id: int, kind: ContentType, then: Past | None = None) -> list[Stood]:
    """Return the records of a kind as they stood then, those begun later left out; None: as they stand now.

    A record that nothing was done with since is read from its row; of the others the sheets of its events are laid over each
    other. One statement, and one more where there are any such.
    """
    table = inspect(RECORDS[kind.key]).local_table
    names = [name for name in (*kind.fields, *(("within_id",) if kind.within else ())) if name in table.c]
    found = session.execute(
        select(table.c.id, table.c.version, table.c.state, *(table.c[name] for name in names))
        .where(table.c.municipality_id == municipality_id).order_by(table.c.id)
    )  # fmt: skip
    rows = {
        id_: Stood(id_, version, state, dict(zip(names, values, strict=True))) for id_, version, state, *values in found
    }
    if then is not None and then.changed.get(kind.key):
        _turn_back(session, kind, then, rows)
    return list(rows.values())


def _turn_back(session: Session, kind: ContentType, then: Past, rows: dict[int, Stood]) -> None:
    wanted = then.told(kind.key, Event.subject_version, Event.transition, Event.after, EventPayload.data)
    events = session.execute(wanted.outerjoin(EventPayload, EventPayload.event_id == Event.id)).all()
    for id_ in then.changed[kind.key] - {one.subject_id for one in events}:
        rows.pop(id_, None)  # it was begun later
    for id_, told in _by_subject(events).items():
        if id_ in rows:
            rows[id_] = _laid(kind, rows[id_], told)


def _by_subject(events: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for one in events:
        found.setdefault(one.subject_id, []).append(one)
    return found


def _laid(kind: ContentType, row: Stood, events: list[Any]) -> Stood:
    """Lay the sheets of the events over each other; a field that none of them told had nothing in it then."""
    values: dict[str, Any] = dict.fromkeys(kind.fields) | {
        name: row.values[name] for name in row.values if name not in kind.fields
    }
    for event in events:
        for name in _told_by(kind, event.transition):
            if name in (event.data or {}):
                values[name] = restored(hints(kind.sheet)[name], event.data[name])
    last = events[-1]
    return Stood(row.id, last.subject_version, last.after, values)


def _told_by(kind: ContentType, act: str) -> tuple[str, ...]:
    """Return the fields that an act fills: what only the server fills stands empty in a correction, and is kept by it."""
    known = kind.workflow.transitions.get(kind.earlier.get(act, act))
    sheet = kind.sheet if act == "begin" else known.asks if known else None
    asked = asks(sheet) if sheet else {}
    return tuple(name for name, how in asked.items() if name in kind.fields and not how.server)
