"""What waits for others in records: those that the reader keeps and in which nothing waits for the reader; whom, for what, since when.

As with cases (``facts.others``), a record stands either in one's work list or here. A part that waits counts as its whole.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, func, or_, select, tuple_
from sqlalchemy.orm import Session, lazyload, load_only

from workflow_app.db import counts, keyset
from workflow_app.db.by_id import by_id
from workflow_app.db.keyset import Order, Walk
from workflow_app.db.models import RECORDS, Event, Organization, Person, Record, Waiting
from workflow_app.errors import Sentence
from workflow_app.facts import deadlines, keeping, late_records, worklist
from workflow_app.facts.deadlines import Days
from workflow_app.facts.others import LAST
from workflow_app.states.standings import office
from workflow_app.states.vocabulary import Actor, Who

ORDER: Final = Order(Waiting, ("due_on", "root_id", "todo"), blank=None, id="subject_id")
OVERDUE: Final = "overdue"
NAMED: Final = 3
"""Of how many people or schools that one thing waits for the names are told; the others are counted."""
_KEY: Final = (
    "person_id", "municipality_id", "who", "todo", "subject_kind", "subject_id", "organization_id",
)  # fmt: skip
_SINCE: Final = (
    select(func.max(Event.at))
    .where(
        Event.subject_kind == Waiting.subject_kind, Event.subject_id == Waiting.subject_id,
        or_(Event.before.is_(None), Event.before != Event.after),
    )
    .correlate(Waiting)
    .scalar_subquery()
)  # fmt: skip
"""When what waits came into the state in which it waits."""


@dataclass(frozen=True, slots=True)
class Awaited:
    """One thing that a record waits for: the first of those for whom, how many there are in all, until when, since when.

    ``reminded``: the last day on which one of these was reminded; ``open``: somebody besides the reader is left to be told today.
    """

    who: Who
    verb: Sentence
    todo: str
    due_on: date | None
    since: date
    people: Sequence[Person]
    schools: Sequence[str]
    many: int
    reminded: date | None
    open: bool


def found(session: Session, actor: Actor, *, everyone: bool = False, due: str = "") -> Select[Any] | None:
    """Return the first wait of each record that the actor keeps and in which nothing waits for them; None: they keep none.

    ``due``: of one colour. ``everyone``: as ``worklist.tasks``.
    """
    return _found(worklist.bare(actor), deadlines.bounds(session, actor.municipality_id), everyone, due)


@keeping.statements
def _found(actor: Actor, days: Days, everyone: bool, due: str) -> Select[Any] | None:  # noqa: FBT001 - a key of what is held
    ways = _ways(actor, days, everyone=everyone, due=due)
    if ways is None:
        return None
    # a stretch names it thrice, and it is read once
    first = _numbered((Waiting.root_kind, Waiting.root_id), ways).cte()
    same = and_(*(getattr(Waiting, name) == first.c[name] for name in _KEY))
    return select(Waiting).join(first, same).where(first.c.place == 1)


def _ways(actor: Actor, days: Days, *, everyone: bool, due: str) -> list[ColumnElement[bool]] | None:
    """Return the conditions on ``Waiting`` that it stands in a record of :func:`found`; None where there can be none."""
    kept = late_records.kept(actor)
    if kept is None:
        return None
    ways = [kept, or_(Waiting.since.is_(None), Waiting.since <= days[0])]
    if due:
        ways.append(deadlines.of_colour(Waiting.due_on, due, days))
    whole = (Waiting.root_kind, Waiting.root_id)
    mine = worklist.of_records(actor, days, everyone=everyone, due=due)
    ways += [tuple_(*whole).not_in(one.with_only_columns(*whole).correlate(None)) for one in mine]
    return ways


def _numbered(
    group: Sequence[Any], ways: Collection[ColumnElement[bool]], counted: ColumnElement[bool] | None = None
) -> Select[Any]:
    """Return the keys of waits with their ``place`` within a group, by term, how many the group has, how many are ``counted``."""
    keys = [getattr(Waiting, name) for name in _KEY]
    order = (Waiting.due_on.is_(None), Waiting.due_on, Waiting.todo, Waiting.subject_id, *keys)
    place = func.row_number().over(partition_by=group, order_by=order).label("place")
    found = select(*keys, place, func.count().over(partition_by=group).label("many")).where(*ways)
    if counted is not None:
        found = found.add_columns(func.sum(case((counted, 1), else_=0)).over(partition_by=group).label("left"))
    return found


def numbers(session: Session, actor: Actor, *, everyone: bool = False) -> Mapping[str, int]:
    """Return how many there are («») and how many records are late in all, as the lists count them; one statement."""
    found, whose = _numbers(actor, deadlines.bounds(session, actor.municipality_id), everyone)
    many, pressing = session.execute(found, whose).one() if found is not None else (0, 0)
    return {"": many, OVERDUE: pressing}


@keeping.asked
def _numbers(actor: Actor, days: Days, everyone: bool) -> Any:  # noqa: FBT001 - as said
    ways, past = _ways(actor, days, everyone=everyone, due=""), late_records.within(actor, days)
    if ways is None or past is None:
        return None
    whole: Any = select(Waiting.root_kind, Waiting.root_id).where(*ways).distinct()
    return select(counts.capped(whole), counts.capped(past))


def page(session: Session, rows: Select[Any], walk: Walk) -> list[tuple[Waiting, Record]]:
    """Return a stretch of what :func:`found` gave: the first wait of each record, the record. One statement a kind more."""
    waits = session.scalars(_page(rows, walk)).all()
    records: dict[tuple[str, int], Record] = {}
    for kind in dict.fromkeys(one.root_kind for one in waits):
        ids = [one.root_id for one in waits if one.root_kind == kind]
        records |= {(kind, id_): one for id_, one in by_id(session, RECORDS[kind], ids).items()}
    return [(one, records[one.root_kind, one.root_id]) for one in waits]


@keeping.statements
def _page(rows: Select[Any], walk: Walk) -> Select[Any]:
    part = keyset.stretch([rows], ORDER, walk)
    same = and_(*(getattr(Waiting, name) == part.c[name] for name in ("root_id", "todo", "subject_id")))
    return rows.join(part, same).order_by(*keyset.in_order(part, ORDER))


def by_kind(session: Session, rows: Select[Any]) -> dict[str, int]:
    """Return how many records of each kind :func:`found` gave."""
    kinds = rows.with_only_columns(Waiting.root_kind).subquery()
    found = session.execute(select(kinds.c.root_kind, func.count()).group_by(kinds.c.root_kind))
    return {str(kind): int(many) for kind, many in found}


def ids(session: Session, rows: Select[Any], kind: str, most: int) -> Sequence[int]:
    """Return the records of one kind that :func:`found` gave, the first term first, at most so many."""
    mine = rows.with_only_columns(Waiting.root_id).where(Waiting.root_kind == kind)
    return session.scalars(mine.order_by(Waiting.due_on.is_(None), Waiting.due_on, Waiting.root_id).limit(most)).all()


def waits(session: Session, actor: Actor, records: Collection[Record]) -> dict[Record, list[Awaited]]:
    """Return what each of these records waits for, of anybody but the actor in person; one statement, however many people these are."""
    if not records:
        return {}
    today = deadlines.today(session, actor.municipality_id)
    asked = {"kinds": sorted({one.kind for one in records}), "ids": sorted({one.id for one in records})}
    found, whose = _waits(actor, (today, today))
    rows = session.execute(found, asked | whose)
    return _gathered(session, actor, rows.unique().all(), records)


@keeping.asked
def _waits(actor: Actor, days: Days) -> Any:
    """Return the statement of what waits in records of the ``kinds`` with the numbers ``ids``, whichever kind has which."""
    here = and_(
        Waiting.root_kind.in_(bindparam("kinds", expanding=True)), Waiting.root_id.in_(bindparam("ids", expanding=True))
    )
    begun = or_(Waiting.since.is_(None), Waiting.since <= days[0])
    ways = (here, begun, Waiting.person_id != (-1 if actor.person_id is None else actor.person_id))
    numbered = _numbered((Waiting.root_kind, Waiting.root_id, Waiting.todo, Waiting.who), ways, _untold(actor, days[0]))
    group = numbered.subquery()
    same = and_(*(getattr(Waiting, name) == group.c[name] for name in _KEY))
    bare = (
        load_only(Person.last_name, Person.first_name, Person.middle_name, Person.email, Person.state),
        lazyload(Person.organization), lazyload(Person.memberships),
    )  # fmt: skip
    rows = select(Waiting, group.c.many, Person, Organization.name, LAST, _SINCE, group.c.left).join(group, same)
    rows = rows.outerjoin(Person, Person.id == Waiting.person_id)
    rows = rows.outerjoin(Organization, Organization.id == Waiting.organization_id)
    return rows.where(group.c.place <= NAMED).options(*bare).order_by(Waiting.todo, Waiting.who, group.c.place)


def _untold(actor: Actor, today: date) -> ColumnElement[bool]:
    """Return the condition that a wait may be reminded of today by the actor: nobody was, and it is not the actor's own office alone."""
    address = (
        select(Person.id)
        .where(Person.id == Waiting.person_id, func.coalesce(Person.email, "") != "")
        .correlate(Waiting)
    )
    named = or_(Waiting.organization_id != 0, Waiting.who.not_in([one.value for one in office(actor)]))
    return and_(
        or_(LAST.is_(None), today > LAST),
        or_(and_(Waiting.person_id != 0, address.exists()), and_(Waiting.person_id == 0, named)),
    )


def _gathered(
    session: Session, actor: Actor, rows: Sequence[Any], records: Collection[Record]
) -> dict[Record, list[Awaited]]:
    """Return the rows as what is waited for, one for each act and standing."""
    by_key = {(one.kind, one.id): one for one in records}
    today = deadlines.today(
        session, actor.municipality_id
    )  # for rows that were put past the gate, of which no event tells
    zone = ZoneInfo(deadlines.zone_of(session, actor.municipality_id))
    groups: dict[tuple[str, int, str, str], list[Any]] = {}
    for row in rows:
        wait = row[0]
        if (wait.root_kind, wait.root_id) not in by_key:
            continue  # of another kind with the same number
        groups.setdefault((wait.root_kind, wait.root_id, wait.todo, wait.who), []).append(row)
    told: dict[Record, list[Awaited]] = {}
    for (kind, id_, todo, who), many in groups.items():
        first = many[0][0]
        days = [one[0].since or (one[5].astimezone(zone).date() if one[5] else today) for one in many]
        told.setdefault(by_key[kind, id_], []).append(Awaited(
            Who(who), worklist.verb_of_record(todo), todo, first.due_on, min(days), [one[2] for one in many if one[2] is not None],
            [one[3] for one in many if one[3]], many[0][1], max((one[4] for one in many if one[4]), default=None), many[0][6] > 0,
        ))  # fmt: skip
    return told
