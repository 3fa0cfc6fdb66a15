"""How long a step took in earlier cases of a kind in a municipality, and which running steps will probably be late by it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import literal, select, union_all
from sqlalchemy.orm import Session

from workflow_app.calendar.forecast import Forecast, forecast
from workflow_app.case_types.registry import CASE_TYPES
from workflow_app.db.models import Case, Stay
from workflow_app.facts import deadlines
from workflow_app.states.pictures.handbook import WHOSE

LAST: Final = 100  # finished steps of a kind, the latest
MOST: Final = 5_000  # running cases that are looked at for the list, the most pressing
YEARS: Final = timedelta(days=730)
Step = tuple[str, str]
"""A kind of case and a state."""


def durations(session: Session, municipality_id: int, steps: Collection[Step]) -> Mapping[Step, Sequence[int]]:
    """Return how many days the last finished stays of each step took. One statement of looks into the index."""
    since = deadlines.today(session, municipality_id) - YEARS
    parts = []
    for number, (type_key, state) in enumerate(sorted(steps)):
        mine = select(Stay.days).join(Case, Case.id == Stay.case_id)
        mine = mine.where(Stay.municipality_id == municipality_id, Stay.state == state, Stay.left_on >= since)
        last = (
            mine.where(Case.type == type_key)
            .order_by(Stay.left_on.desc(), Stay.days.desc())
            .limit(LAST)
            .subquery(f"step_{number}")
        )
        parts.append(select(literal(type_key), literal(state), last.c.days))
    found: dict[Step, list[int]] = {one: [] for one in steps}
    for type_key, state, days in session.execute(union_all(*parts)) if parts else ():
        found[type_key, state].append(days)
    return found


def of_case(session: Session, case: Case) -> Forecast | None:
    """Return the forecast of a case's present step; None where no term binds anybody, is over, or the history is short."""
    return of_cases(session, case.municipality_id, [case]).get(case.id)


def of_cases(session: Session, municipality_id: int, cases: Iterable[Any]) -> Mapping[int, Forecast]:
    """Return the forecasts of cases, or rows with ``id``, ``type``, ``state``, ``state_since``, ``due_on``. One statement."""
    today = deadlines.today(session, municipality_id)
    zone = ZoneInfo(deadlines.zone_of(session, municipality_id))
    running = [
        one for one in cases if (one.type, one.state) in _BOUND and one.due_on is not None and one.due_on >= today
    ]
    lengths = durations(session, municipality_id, {(one.type, one.state) for one in running})
    found: dict[int, Forecast] = {}
    for one in running:
        begun = _day(one.state_since, zone)
        told = forecast(lengths[one.type, one.state], (today - begun).days, (one.due_on - begun).days)
        if told is not None:
            found[one.id] = told
    return found


def failing(session: Session, municipality_id: int) -> list[int]:
    """Return the running cases that will probably be late: two statements, over the most pressing of the centre."""
    today = deadlines.today(session, municipality_id)
    columns = select(Case.id, Case.type, Case.state, Case.state_since, Case.due_on)
    states = sorted({state for _, state in _BOUND})
    mine = columns.where(Case.municipality_id == municipality_id, Case.state.in_(states), Case.due_on >= today)
    rows = session.execute(mine.order_by(Case.due_on, Case.id).limit(MOST)).all()
    return [id_ for id_, told in of_cases(session, municipality_id, rows).items() if told.fails]


def _day(at: datetime, zone: ZoneInfo) -> Any:
    return at.astimezone(zone).date()


_BOUND: Final = frozenset(
    (kind.key, state.name)
    for kind in CASE_TYPES.values()
    for state in kind.workflow.states.values()
    if state.term in WHOSE
)
