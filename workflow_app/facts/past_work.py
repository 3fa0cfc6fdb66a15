"""What the assignments of experts add up to, as rows: kept by the gate, compared by ``check``, made anew by ``db rebuild`` (ADR 34).

An act adds to the sums what it changed, so two acts at once lose nothing. Pages read a bounded number of rows, however long the past.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Select, and_, event, inspect, select, text, union
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapper, Session, object_session

from workflow_app.db.models import Assignment, Case, PastWork
from workflow_app.db.session import Database
from workflow_app.errors import N_, Sentence
from workflow_app.facts import deadlines

SIGNED: Final = ("signed", "consolidated", "past")
TURNED_DOWN: Final = ("refused", "expired")
EVER: Final = date.min  # in the place of a day: the sums of all days
TOUCHED: Final = "past_work_touched"  # of the session's notes: what is summed, as it stood before the act
SUMS: Final = ("taken", "signed", "late", "unknown", "lapsed")
_KEYS: Final = tuple(one.name for one in PastWork.__table__.primary_key)
_LOT: Final = 100  # experts in one transaction
_LEVEL: Final = "education_level"
_OF_SHEET: Final = ("state", "signed_at", "signed_late")
_OF_CASE: Final = ("organization_id", "form")
Key = tuple[int, date, int, str]  # expert, day, organisation, level
Sums = Counter[tuple[Key, str]]


class Summed(NamedTuple):
    """What counts of an assignment and its case."""

    expert_id: int
    municipality_id: int
    invited_at: datetime
    state: str
    signed_at: datetime | None
    signed_late: bool | None
    organization_id: int | None
    level: str


# ------------------------------------------------------------------------------------------------------ what was touched


@event.listens_for(Assignment, "after_insert")
def _inserted(_mapper: Mapper[Any], _connection: Connection, row: Assignment) -> None:
    _touch(row, None)


@event.listens_for(Assignment, "after_update")
def _updated(_mapper: Mapper[Any], _connection: Connection, row: Assignment) -> None:
    _note(row, _OF_SHEET)


@event.listens_for(Case, "after_update")
def _moved(_mapper: Mapper[Any], _connection: Connection, row: Case) -> None:
    if row.state != "draft":  # nobody was invited to one
        _note(row, _OF_CASE)


def _note(row: Assignment | Case, columns: Collection[str]) -> None:
    state: Any = inspect(row)
    known = state.attrs
    if any(known[one].history.has_changes() for one in columns):
        _touch(row, {one: (known[one].history.deleted or [getattr(row, one)])[0] for one in columns})


def _touch(row: Assignment | Case, before: Mapping[str, Any] | None) -> None:
    if (session := object_session(row)) is not None:
        session.info.setdefault(TOUCHED, {}).setdefault(row, before)


# --------------------------------------------------------------------------------------------------------------- keeping


def keep(session: Session) -> None:
    """Bring the sums up to what this act did; nothing when no assignment moved. The act has flushed."""
    touched: dict[Assignment | Case, Mapping[str, Any] | None] = session.info.pop(TOUCHED, {})
    sums: Sums = Counter()
    for one in _assignments(touched):
        before = touched.get(one, {})
        if before is not None:
            for key in _adds(session, _summed(one, before, touched.get(one.case) or {})):
                sums[key] -= 1
        for key in _adds(session, _summed(one, {}, {})):
            sums[key] += 1
    _write(session, sums)


def _assignments(touched: Iterable[Assignment | Case]) -> Iterable[Assignment]:
    """Yield what was touched itself, or by its case, where that has other sides now."""
    found: dict[Assignment, None] = {}
    for one in touched:
        found |= dict.fromkeys(one.assignments if isinstance(one, Case) else (one,))
    return found


def _summed(one: Assignment, before: Mapping[str, Any], case_before: Mapping[str, Any]) -> Summed:
    state, at, late = (before[name] if name in before else getattr(one, name) for name in _OF_SHEET)
    place, form = (case_before[name] if name in case_before else getattr(one.case, name) for name in _OF_CASE)
    level = str((form or {}).get(_LEVEL) or "")
    return Summed(one.expert_id, one.municipality_id, one.invited_at, state, at, late, place, level)


def _adds(session: Session, one: Summed) -> Iterator[tuple[Key, str]]:
    """Yield to which sums an assignment adds one."""
    day, ever = _Days(session, one.municipality_id), (one.expert_id, EVER, 0)
    if one.state not in (*TURNED_DOWN, "called_off"):
        yield (one.expert_id, day(one.invited_at), 0, ""), "taken"
    if one.state == "expired":
        yield (*ever, ""), "lapsed"
    if one.state in SIGNED:
        yield (*ever, one.level), "signed"
        if one.signed_late is not False:
            yield (*ever, one.level), "unknown" if one.signed_late is None else "late"
        if one.signed_at is not None and one.organization_id is not None:
            yield (one.expert_id, day(one.signed_at), one.organization_id, ""), "signed"


class _Days:
    """The day of a moment where the centre is."""

    def __init__(self, session: Session, municipality_id: int) -> None:
        self.zone = ZoneInfo(deadlines.zone_of(session, municipality_id))

    def __call__(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()


@cache
def _adding(dialect: str) -> Any:
    made = (postgresql if dialect == "postgresql" else sqlite).insert(PastWork)
    columns = PastWork.__table__.c
    return made.on_conflict_do_update(
        index_elements=_KEYS, set_={one: columns[one] + made.excluded[one] for one in SUMS}
    )


def _write(session: Session, sums: Sums) -> None:
    """Add to the sums, in the order of their keys: two acts never wait for each other crosswise."""
    rows: dict[Key, dict[str, int]] = {}
    for (key, name), many in sums.items():
        if many:
            rows.setdefault(key, dict.fromkeys(SUMS, 0))[name] = many
    if rows:
        added = [dict(zip(_KEYS, key, strict=True)) | rows[key] for key in sorted(rows)]
        session.connection().execute(_adding(session.get_bind().dialect.name), added)


def added_by(session: Session, people: Collection[int], cases: Select[Any]) -> Iterator[tuple[Key, str]]:
    """Yield each sum to which an assignment of these experts in one of these cases has added one."""
    return _added(session, Assignment.expert_id.in_(people), Assignment.case_id.in_(cases))


def _added(session: Session, *which: ColumnElement[bool]) -> Iterator[tuple[Key, str]]:
    asked = select(
        Assignment.expert_id, Assignment.municipality_id, Assignment.invited_at, Assignment.state, Assignment.signed_at,
        Assignment.signed_late, Case.organization_id, Case.form[_LEVEL].as_string(),
    ).join(Case, Case.id == Assignment.case_id)  # fmt: skip
    for row in session.execute(asked.where(*which)):
        one = Summed._make(row)
        yield from _adds(session, one._replace(level=one.level or ""))


# --------------------------------------------------------------------------------------------------------- all of them


def rebuild(database: Database) -> int:
    """Reckon every sum anew, some experts in a transaction; return how many were wrong."""
    changed, after = 0, 0
    while True:
        with database.transaction(keep=True) as session:
            if session.get_bind().dialect.name == "postgresql":  # no act adds to the sums between the two readings
                session.execute(text("LOCK TABLE past_work IN SHARE ROW EXCLUSIVE MODE"))
            last = _last(session, after)
            wrong = _difference(session, after, last)
            _write(session, wrong)
            changed += len(wrong)
        if last is None:
            return changed
        after = last


def differing(session: Session) -> Iterator[tuple[int, Sentence]]:
    """Yield each expert whose sums are not what the assignments add up to."""
    after: int | None = 0
    while after is not None:
        last = _last(session, after)
        for expert_id in sorted({key[0] for key, _ in _difference(session, after, last)}):
            yield (
                expert_id,
                N_("Сколько дел эксперт взял и сколько листов подписал, посчитано не так, как стоит в назначениях."),
            )
        after = last


def _last(session: Session, after: int) -> int | None:
    """Return the last expert of the lot behind this one; None: there is no further lot."""
    experts = union(
        select(Assignment.expert_id).where(Assignment.expert_id > after),
        select(PastWork.expert_id).where(PastWork.expert_id > after),
    ).subquery()
    ids = session.scalars(select(experts.c.expert_id).order_by(experts.c.expert_id).limit(_LOT)).all()
    return ids[-1] if len(ids) == _LOT else None


def _difference(session: Session, after: int, last: int | None) -> Sums:
    """Return what has to be added to the sums of these experts, less than nothing where too much stands."""

    def here(column: Any) -> ColumnElement[bool]:
        return and_(column > after, *(() if last is None else (column <= last,)))

    found: Sums = Counter(_added(session, here(Assignment.expert_id)))
    for *key, taken, signed, late, unknown, lapsed in session.execute(
        select(*PastWork.__table__.columns).where(here(PastWork.expert_id))
    ):
        stand = zip(SUMS, (taken, signed, late, unknown, lapsed), strict=True)
        found.subtract({((key[0], key[1], key[2], key[3]), name): many for name, many in stand})
    return Counter({key: many for key, many in found.items() if many})
