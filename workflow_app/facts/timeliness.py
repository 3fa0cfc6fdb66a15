"""Whether sheets were signed in time: kept with each by the gate; of those signed before it was kept, filled in from the journal.

One answer for all: the affinity of experts and «Сводка» read the column (ADR 34).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Row, and_, or_, select, update
from sqlalchemy.orm import Session

from workflow_app.calendar.terms import add_working, due
from workflow_app.db.models import Assignment, Case, Event, EventPayload, Municipality
from workflow_app.db.session import Database
from workflow_app.facts import deadlines
from workflow_app.states.definitions.centre import TAKE

_LOT: Final = 500  # cases in one transaction: people work meanwhile
_TERMS: Final = {"in_review": "review", "third_review": "third_review"}
_UNKNOWN: Final = (Assignment.signed_at.is_not(None), Assignment.signed_late.is_(None))
Moved = Mapping[int, Sequence[tuple[datetime, date]]]
"""By case: when its step got another day by a new length of the term, and which day."""


def fill(database: Database) -> int:
    """Fill in whether sheets were signed in time where nobody kept it; return of how many. What is known is never changed."""
    filled, after = 0, 0
    while True:
        with database.transaction(keep=True) as session:
            cases = _lot(session, after)
            for centre in sorted({one.municipality_id for one in cases}):
                filled += _fill(session, centre, {one.id: one.type for one in cases if one.municipality_id == centre})
        if len(cases) < _LOT:
            return filled
        after = cases[-1].id


def _lot(session: Session, after: int) -> Sequence[Row[int, int, str]]:
    asked = select(Case.id, Case.municipality_id, Case.type).where(Case.id > after)
    return session.execute(
        asked.where(Case.id.in_(select(Assignment.case_id).where(*_UNKNOWN))).order_by(Case.id).limit(_LOT)
    ).all()


def _fill(session: Session, centre: int, types: Mapping[int, str]) -> int:
    told: dict[bool, list[int]] = defaultdict(list)
    for id_, late in _reckoned(session, centre, types):
        told[late].append(id_)
    filled = 0
    for late, ids in told.items():
        done: Any = session.execute(
            update(Assignment).where(Assignment.id.in_(ids), *_UNKNOWN).values(signed_late=late)
        )
        filled += done.rowcount
    return filled


def _reckoned(session: Session, centre: int, types: Mapping[int, str]) -> Iterator[tuple[int, bool]]:
    """Yield the signed sheets of these cases, and whether each was late: its last signature against the term of that moment.

    The term is the one that was set then, as far as the journal and the rows tell: the length in force on the day on which the
    review began (of before the lengths had days, the one that the centre had last), longer by what it was extended, or the day
    that a new length gave it. The calendar is that of today, for the days off of then are kept nowhere; what the
    payload of a destroyed event said counts as not said.
    """
    zone, calendar = ZoneInfo(deadlines.zone_of(session, centre)), deadlines.calendar_of(session, centre)
    moved = _moved(session, centre)
    late: dict[int, bool] = {}
    for case_id, events in groupby(_told(session, types), key=lambda one: one.root_id):
        until: date | None = None
        before: datetime | None = None
        for one in events:
            if before is not None:
                until = next((day for at, day in reversed(moved.get(case_id, ())) if before < at <= one.at), until)
            before, day = one.at, one.at.astimezone(zone).date()
            if one.subject_kind == Case.kind and one.transition != "extend":
                term = deadlines.term_of(session, centre, types[case_id], _TERMS[one.after], day)
                until = due(calendar, day, term).day
            elif until is not None and one.subject_kind == Case.kind:
                until = add_working(calendar, until, int((one.data or {}).get("days") or 0))
            elif until is not None:
                late[one.subject_id] = day > until
    yield from late.items()


def _told(session: Session, cases: Collection[int]) -> Sequence[Any]:
    """Return the events that say when reviews began and were extended, and when sheets were signed, case by case in their order."""
    review = and_(
        Event.subject_kind == Case.kind, Event.after.in_(_TERMS),
        or_(Event.transition == "extend", Event.before.is_distinct_from(Event.after)),
    )  # fmt: skip
    sheet = and_(Event.subject_kind == Assignment.kind, Event.transition == "sign")
    asked = select(
        Event.root_id, Event.subject_kind, Event.subject_id, Event.transition, Event.after, Event.at, EventPayload.data
    ).outerjoin(EventPayload, and_(EventPayload.event_id == Event.id, Event.transition == "extend"))
    return session.execute(
        asked.where(Event.root_kind == Case.kind, Event.root_id.in_(cases), or_(review, sheet)).order_by(
            Event.root_id, Event.seq
        )
    ).all()


def _moved(session: Session, centre: int) -> Moved:
    """Return what the centre's changes of terms moved: the journal names each case with its new day (ADR 33)."""
    found: dict[int, list[tuple[datetime, date]]] = defaultdict(list)
    told = (
        select(Event.at, EventPayload.data)
        .join(EventPayload, EventPayload.event_id == Event.id)
        .where(Event.subject_kind == Municipality.kind, Event.subject_id == centre, Event.transition == "set_term")
        .order_by(Event.seq)
    )
    for at, data in session.execute(told):
        for line in data.get("moved", ()) if data.get("running") == TAKE else ():
            case_id, _old, new = line.split()
            found[int(case_id)].append((at, date.fromisoformat(new)))
    return found
