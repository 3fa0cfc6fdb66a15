"""How long each stage of each case lasted, as rows: noted by the gate, compared by ``check``, made anew from the events (ADR 34)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, delete, insert, select
from sqlalchemy.orm import Session

from workflow_app.db.models import Case, Event, Stay
from workflow_app.db.session import Database
from workflow_app.errors import N_, Sentence
from workflow_app.facts import deadlines

Row = tuple[int, int, int, str, object, int]  # in the order of the table's columns
_LOT: Final = 500
_NAMES: Final = tuple(one.name for one in Stay.__table__.columns)


def note(session: Session, case: Case, event: Event, since: datetime) -> None:
    """Note the stay that an event has ended, which began at ``since``; from now on the case stands where it has come to."""
    case.state_since = event.at
    if event.before is not None and event.before != "draft":
        row = _row(session, case.id, event.seq, case.municipality_id, event.before, since, event.at)
        session.connection().execute(insert(Stay), dict(zip(_NAMES, row, strict=True)))


def _row(session: Session, case_id: int, seq: int, home: int, state: str, since: datetime, left: datetime) -> Row:
    zone = ZoneInfo(deadlines.zone_of(session, home))
    first, last = since.astimezone(zone).date(), left.astimezone(zone).date()
    return case_id, seq, home, state, last, max((last - first).days, 0)


def _reckoned(session: Session, after: int, last: int | None) -> set[Row]:
    """Return the stays that the events of cases with numbers in ``(after, last]`` tell."""
    upper = () if last is None else (Event.root_id <= last,)
    told = (
        select(Event.root_id, Event.seq, Event.municipality_id, Event.before, Event.after, Event.at)
        .where(Event.root_kind == Case.kind, Event.subject_kind == Case.kind, Event.root_id > after, *upper)
        .order_by(Event.root_id, Event.seq)
    )
    found: set[Row] = set()
    for case_id, moves in groupby(session.execute(told), key=lambda one: one.root_id):
        since: datetime | None = None
        for move in moves:
            if move.before == move.after:
                continue
            if since is not None and move.before not in (None, "draft"):
                found.add(_row(session, case_id, move.seq, move.municipality_id, move.before, since, move.at))
            since = move.at
    return found


def _lots(session: Session, after: int = 0) -> Iterator[tuple[int, int | None]]:
    last: int | None = after
    while last is not None:
        ids = session.scalars(select(Case.id).where(Case.id > after).order_by(Case.id).limit(_LOT)).all()
        last = ids[-1] if len(ids) == _LOT else None
        yield after, last
        after = last or after


def _difference(session: Session, after: int, last: int | None) -> tuple[set[Row], set[Row]]:
    """Return the rows that stand too much, and those that are missing."""
    stand = {tuple(row) for row in session.execute(select(*Stay.__table__.columns).where(_here(after, last)))}
    wanted = _reckoned(session, after, last)
    return stand - wanted, wanted - stand


def _here(after: int, last: int | None) -> ColumnElement[bool]:
    return and_(Stay.case_id > after, *(() if last is None else (Stay.case_id <= last,)))


def _mend(session: Session, after: int, last: int | None) -> int:
    extra, lost = _difference(session, after, last)
    for one in extra:
        session.execute(delete(Stay).where(Stay.case_id == one[0], Stay.seq == one[1]))
    if lost:
        session.execute(
            insert(Stay), [dict(zip(_NAMES, one, strict=True)) for one in sorted(lost, key=lambda row: row[:2])]
        )
    return len(extra) + len(lost)


def rebuild(database: Database) -> int:
    """Reckon every stay anew, some hundred cases in a transaction; return how many rows were wrong."""
    changed, after = 0, 0
    while True:
        with database.transaction(keep=True) as session:
            first, last = next(_lots(session, after))
            ids = (
                select(Case.id).where(Case.id > first, *(() if last is None else (Case.id <= last,))).order_by(Case.id)
            )
            session.execute(ids.with_for_update(of=Case, key_share=True)).all()  # no act ends a stay meanwhile
            changed += _mend(session, first, last)
        if last is None:
            return changed
        after = last


def rebuild_in(session: Session) -> None:
    """The same within one transaction, for a small instance."""
    session.flush()
    for after, last in list(_lots(session)):
        _mend(session, after, last)


def differing(session: Session) -> Iterator[tuple[int, Sentence]]:
    """Yield each case whose stays are not as its events tell."""
    for after, last in _lots(session):
        extra, lost = _difference(session, after, last)
        for case_id in sorted({row[0] for row in extra | lost}):
            yield case_id, N_("Сколько длились этапы дела, записано не так, как рассказывает журнал.")
