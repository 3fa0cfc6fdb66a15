"""Rows as they stood on a day: what the events up to it had left in them (reports are made anew for any past day)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Integer, Select, bindparam, func, inspect, select
from sqlalchemy.orm import Session

from workflow_app.content_types.declaration import ContentType
from workflow_app.db.models import RECORDS, Event, EventPayload
from workflow_app.states.forms import asks, hints
from workflow_app.states.forms.serialize import restored


class Stood(NamedTuple):
    """A record on a day: its number, version, state and fields, with ``within_id`` of a part."""

    id: int
    version: int
    state: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Past:
    """A moment (UTC) in a town's past, and what something was done with since: the numbers of the rows, by kind."""

    moment: datetime
    changed: Mapping[str, frozenset[int]]

    def told(self, kind: str, *columns: Any) -> Select[Any]:
        """Return the events up to the moment of the rows of a kind that were changed since, the earliest first.

        The numbers stand in the statement itself: there may be more of them than a statement takes values, and it is one walk
        of the index of subjects; looked for within the statement they would cost a walk of the journal a kind.
        """
        ids = bindparam(
            "changed", sorted(self.changed.get(kind, ())), expanding=True, literal_execute=True, type_=Integer
        )
        of = (Event.subject_kind == kind, Event.subject_id.in_(ids), Event.at <= self.moment)
        return select(Event.subject_id, *columns).where(*of).order_by(Event.id)

    def last(self, session: Session, kind: str, *columns: Any) -> dict[int, Any]:
        """Return what the last event up to the moment says of each row of a kind that was changed since; the others are not told."""
        if not self.changed.get(kind):
            return {}
        ids = self.told(kind).with_only_columns(func.max(Event.id)).order_by(None).group_by(Event.subject_id)
        found = session.execute(select(Event.subject_id, *columns).where(Event.id.in_(ids)))
        return {one.subject_id: one for one in found}


def past(session: Session, municipality_id: int, moment: datetime) -> Past:
    """Return what is to be turned back to see a town as it stood at a moment: one statement."""
    found: dict[str, set[int]] = {}
    since = (
        select(Event.subject_kind, Event.subject_id)
        .where(Event.municipality_id == municipality_id, Event.at > moment)
        .distinct()
    )
    for kind, id_ in session.execute(since):
        found.setdefault(kind, set()).add(id_)
    return Past(moment, {kind: frozenset(ids) for kind, ids in found.items()})


def stood(
    session: Session, municipality_id: int, kind: ContentType, then: Past | None = None, *,
    only: Collection[str] = (), states: Collection[str] = (),
) -> list[Stood]:  # fmt: skip
    """Return the records of a kind as they stood then, those begun later left out; None: as they stand now.

    A record that nothing was done with since is read from its row; of the others the sheets of its events are laid over each
    other. One statement, and one more where there are any such. ``only`` these fields, in these ``states``, where they are said.
    """
    table = inspect(RECORDS[kind.key]).local_table
    known = (*kind.fields, *(("within_id",) if kind.within else ()))
    names = [name for name in known if name in table.c and (name in only or not only)]
    changed = then is not None and bool(then.changed.get(kind.key))
    found = session.execute(
        select(table.c.id, table.c.version, table.c.state, *(table.c[name] for name in names))
        .where(table.c.municipality_id == municipality_id, *([table.c.state.in_(states)] if states and not changed else ()))
        .order_by(table.c.id)
    ).all()  # fmt: skip
    read = [Stood(row[0], row[1], row[2], dict(zip(names, row[3:], strict=True))) for row in found]
    if then is not None and changed:
        read = _turned_back(session, kind, then, read)
    return [one for one in read if one.state in states] if states and changed else read


def _turned_back(session: Session, kind: ContentType, then: Past, read: Iterable[Stood]) -> list[Stood]:
    rows = {one.id: one for one in read}
    wanted = then.told(kind.key, Event.subject_version, Event.transition, Event.after, EventPayload.data)
    events = session.execute(wanted.outerjoin(EventPayload, EventPayload.event_id == Event.id)).all()
    for id_ in then.changed[kind.key] - {one.subject_id for one in events}:
        rows.pop(id_, None)  # it was begun later
    for id_, told in _by_subject(events).items():
        if id_ in rows:
            rows[id_] = _laid(kind, rows[id_], told)
    return list(rows.values())


def _by_subject(events: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for one in events:
        found.setdefault(one.subject_id, []).append(one)
    return found


def _laid(kind: ContentType, row: Stood, events: list[Any]) -> Stood:
    """Lay the sheets of the events over each other; a field that none of them told had nothing in it then."""
    values: dict[str, Any] = {name: None if name in kind.fields else value for name, value in row.values.items()}
    for event in events:
        for name in _told_by(kind, event.transition):
            if name in values and name in (event.data or {}):
                values[name] = restored(hints(kind.sheet)[name], event.data[name])
    last = events[-1]
    return Stood(row.id, last.subject_version, last.after, values)


def _told_by(kind: ContentType, act: str) -> tuple[str, ...]:
    """Return the fields that an act fills: what only the server fills stands empty in a correction, and is kept by it."""
    known = kind.workflow.transitions.get(kind.earlier.get(act, act))
    sheet = kind.sheet if act == "begin" else known.asks if known else None
    asked = asks(sheet) if sheet else {}
    return tuple(name for name, how in asked.items() if name in kind.fields and not how.server)
