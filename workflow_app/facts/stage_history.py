"""How long a step took in earlier cases of a kind in a municipality, read from the events; the base of a forecast."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from workflow_app import clock
from workflow_app.calendar.forecast import Forecast, forecast
from workflow_app.db.models import Case, Event
from workflow_app.facts import deadlines

LAST: Final = 100  # finished steps, the latest: the walk along the events ends with them
YEARS: Final = timedelta(days=730)


def durations(session: Session, municipality_id: int, type_key: str, state: str) -> list[int]:
    """Return how many days the last finished stays of cases of a kind in a state took. One statement."""
    left, came = aliased(Event), aliased(Event)
    entered = (
        select(came.at)
        .where(came.root_kind == "case", came.root_id == left.root_id, came.seq < left.seq, came.subject_kind == "case")
        .where(came.after == state, or_(came.before.is_(None), came.before != state))
        .order_by(came.seq.desc()).limit(1).scalar_subquery()
    )  # fmt: skip
    found = select(left.at, entered).join(Case, Case.id == left.subject_id)
    found = found.where(
        left.municipality_id == municipality_id, left.subject_kind == "case", left.at >= clock.now() - YEARS
    )
    found = found.where(entered.is_not(None), left.before == state, left.after != state, Case.type == type_key)
    rows = session.execute(found.order_by(left.at.desc(), left.id.desc()).limit(LAST)).all()
    zone = ZoneInfo(deadlines.zone_of(session, municipality_id))
    return [_days(came_at, left_at, zone) for left_at, came_at in rows]


def _days(begun: datetime, ended: datetime, zone: ZoneInfo) -> int:
    return (ended.astimezone(zone).date() - begun.astimezone(zone).date()).days


def of_case(session: Session, case: Case) -> Forecast | None:
    """Return the forecast of a case's present step; None where no term binds anybody, is over, or the history is short."""
    if case.due_on is None or not deadlines.binds(case):
        return None
    zone = ZoneInfo(deadlines.zone_of(session, case.municipality_id))
    begun = case.state_since.astimezone(zone).date()
    elapsed = (deadlines.today(session, case.municipality_id) - begun).days
    allowed = (case.due_on - begun).days
    if elapsed >= allowed:
        return None
    return forecast(durations(session, case.municipality_id, case.type, case.state), elapsed, allowed)
