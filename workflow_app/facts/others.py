"""What waits for others: running cases in which nothing waits for the reader, with who has to act, for what, since when.

A running case that one may see stands either in one's work list (``facts.worklist``) or here, never in both and never in none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import and_, bindparam, func, not_, or_, select
from sqlalchemy.orm import Session, aliased, lazyload, load_only

from workflow_app.db.keyset import Order
from workflow_app.db.models import Assignment, Case, Person, Reminder, Waiting
from workflow_app.db.own_words import one_of
from workflow_app.errors import Sentence
from workflow_app.facts import case_filters, deadlines, keeping, leading, worklist
from workflow_app.facts.standings import ALL, Visible, visible
from workflow_app.states.reminders import DEPUTY, SELF
from workflow_app.states.standings import PLACE
from workflow_app.states.vocabulary import Actor, Permission, Who

ENDED: Final = ("closed", "withdrawn", "cancelled", "archived", "declined")
RUNNING: Final = ALL - {"draft", *ENDED}
ORDER: Final = Order(Case, ("due_on",), blank=None)
LAST: Final = (
    select(func.max(Reminder.on))
    .where(
        Reminder.root_kind == Waiting.root_kind, Reminder.root_id == Waiting.root_id, Reminder.todo == Waiting.todo,
        Reminder.subject_id == Waiting.subject_id, one_of(Reminder.whom, (SELF, DEPUTY)),
        or_(Reminder.gathered, Reminder.outbox_id.is_not(None)),
        or_(Waiting.person_id == 0, Reminder.person_id == Waiting.person_id),
    )
    .correlate(Waiting)
    .scalar_subquery()
)  # fmt: skip
"""The day on which those for whom something waits were last reminded of it."""


@dataclass(frozen=True, slots=True)
class Wait:
    """One thing that a case waits for: of whom, for what, until when, since when; ``reminded``: when it was last reminded of.

    ``person`` None: it waits for whoever stands as ``who``; ``keeper`` is the coordinator in whose list it stands.
    """

    who: Who
    verb: Sentence
    todo: str
    subject_id: int
    due_on: date | None
    since: date
    person: Person | None = None
    keeper: Person | None = None
    assignment: Assignment | None = None
    reminded: date | None = None


def running(session: Session, actor: Actor, *, everyone: bool = False, due: str = "") -> Visible:
    """Return the running cases that the actor may see and for which nothing waits for the actor.

    Of a coordinator's only those in their own list, or with ``everyone`` all; ``due``: of one colour.
    """
    return running_within(worklist.bare(actor), deadlines.bounds(session, actor.municipality_id), everyone, due)


@keeping.statements
def running_within(actor: Actor, days: tuple[date, date], everyone: bool, due: str) -> Visible:  # noqa: FBT001 - a key of what is kept
    """Return the same for the days of ``deadlines.bounds``; no row is in it."""
    conditions = [not_(worklist.waits_within(actor, days, everyone=everyone, due=due))]
    if leading.leads(actor) and not everyone:
        conditions.append(leading.led_by(actor))
    if due:
        conditions.append(case_filters.due_within(due, days))
    return visible(actor, Permission.VIEW, states=RUNNING).among(*conditions)


def waits(session: Session, actor: Actor, cases: Sequence[Case]) -> dict[int, list[Wait]]:
    """Return what each of these cases waits for, of anybody but the actor in person; one statement."""
    if not cases:
        return {}
    me, ids = actor.person_id or 0, [one.id for one in cases]
    asked = {"me": me, "ids": ids, "today": deadlines.today(session, actor.municipality_id)}
    by_id, told = {one.id: one for one in cases}, dict[int, list[Wait]]()
    zone = ZoneInfo(deadlines.zone_of(session, actor.municipality_id))
    for row, place, who, leader, reminded in session.execute(_waits(), asked).unique():
        case = by_id[row.root_id]
        at = max([case.state_since, *([place.invited_at] if row.todo == PLACE else [])])
        told.setdefault(case.id, []).append(Wait(
            Who(row.who), worklist.verb(row.todo, case, place), row.todo, row.subject_id, row.due_on, at.astimezone(zone).date(), who,
            leader, place, reminded,
        ))  # fmt: skip
    return told


@cache
def _waits() -> Any:
    """Return the statement of what waits in the cases ``ids`` by the day ``today`` for others than ``me``, with whom it names."""
    person, keeper = aliased(Person), aliased(Person)
    found = select(Waiting, Assignment, person, keeper, LAST).where(
        Waiting.root_kind == Case.kind, Waiting.root_id.in_(bindparam("ids", expanding=True)),
        Waiting.person_id != bindparam("me"), Waiting.who != Who.ON_BEHALF.value,
        or_(Waiting.since.is_(None), Waiting.since <= bindparam("today")),
    )  # fmt: skip
    found = found.outerjoin(Assignment, and_(Waiting.todo == PLACE, Assignment.id == Waiting.subject_id))
    found = found.outerjoin(person, person.id == Waiting.person_id).outerjoin(keeper, keeper.id == Waiting.keeper_id)
    names = [
        load_only(one.last_name, one.first_name, one.middle_name, one.email, one.state) for one in (person, keeper)
    ]
    bare = [lazyload(way) for one in (person, keeper) for way in (one.organization, one.memberships)]
    return found.options(*names, *bare).order_by(Waiting.due_on, Waiting.subject_id)
