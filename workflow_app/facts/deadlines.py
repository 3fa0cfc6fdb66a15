"""Terms of live rows: the centre's calendar and lengths, and the dates that a move starts (decisions.md 14)."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, select
from sqlalchemy.orm import Session

from workflow_app import clock
from workflow_app.calendar.production import Calendar
from workflow_app.calendar.terms import SOON, Due, Term, add_working, due, subtract_working
from workflow_app.case_types.registry import case_type
from workflow_app.db.models import Assignment, CalendarOverride, Case, Municipality, TermOverride
from workflow_app.states.pictures.handbook import WHOSE
from workflow_app.states.vocabulary import State

ADDITIONS_BEFORE = 5  # working days before the attestation, R13
_REVIEWS = ("in_review", "third_review")
_DAYS = select(CalendarOverride.day, CalendarOverride.working).where(
    CalendarOverride.municipality_id == bindparam("centre")
)


def zone_of(session: Session, municipality_id: int) -> str:
    """Return the IANA zone of a municipality; read once a session, for every fact asks for it."""
    cache: dict[int, str] = session.info.setdefault("zones", {})
    if municipality_id not in cache:
        cache[municipality_id] = session.get_one(Municipality, municipality_id).zone
    return cache[municipality_id]


def today(session: Session, municipality_id: int) -> date:
    """Return the municipality's present date."""
    return clock.today(zone_of(session, municipality_id))


def calendar_of(session: Session, municipality_id: int) -> Calendar:
    """Return the centre's calendar; read once a session."""
    cache: dict[int, Calendar] = session.info.setdefault("calendars", {})
    if municipality_id not in cache:
        rows = session.execute(_DAYS, {"centre": municipality_id})
        cache[municipality_id] = Calendar(dict(rows.all()))
    return cache[municipality_id]


def know_none(session: Session, municipality_id: int, *, days: bool, lengths: bool) -> None:
    """Let it be known that a centre has no days, or no lengths of terms, of its own: they are not asked for then."""
    if days:
        session.info.setdefault("calendars", {}).setdefault(municipality_id, Calendar({}))
    if lengths:
        session.info.setdefault("lengths", {}).setdefault(municipality_id, {})


def lengths_of(session: Session, municipality_id: int) -> dict[tuple[str, str], list[TermOverride]]:
    """Return the centre's own lengths of terms by case type and key, the latest first; read once a session."""
    cache: dict[int, dict[tuple[str, str], list[TermOverride]]] = session.info.setdefault("lengths", {})
    if municipality_id not in cache:
        mine = select(TermOverride).where(TermOverride.municipality_id == municipality_id)
        found: dict[tuple[str, str], list[TermOverride]] = {}
        for row in session.scalars(mine.order_by(TermOverride.since.desc())):
            found.setdefault((row.case_type, row.key), []).append(row)
        cache[municipality_id] = found
    return cache[municipality_id]


def term_of(session: Session, municipality_id: int, type_key: str, key: str, on: date | None = None) -> Term:
    """Return a term of a case type as it is for what begins on a day (today when None): the centre's length, else the default."""
    default = case_type(type_key).policy.terms[key]
    if default.moves and (own := lengths_of(session, municipality_id).get((type_key, key))):
        day = on or today(session, municipality_id)
        row = next((one for one in own if one.since <= day), None)
        if row is not None:
            return Term(row.length, "working" if row.unit == "working" else "calendar")
    if key == "archive":
        months = session.get_one(Municipality, municipality_id).switches.get("archive_months")
        return Term(int(months) * 365 // 12, "calendar") if months else default
    return default


def due_from(session: Session, case: Case, key: str, start: date | None = None) -> Due:
    """Return when the term ``key`` of a case ends, counted from ``start`` (today when None)."""
    begin = start or today(session, case.municipality_id)
    return due(
        calendar_of(session, case.municipality_id),
        begin,
        term_of(session, case.municipality_id, case.type, key, begin),
    )


def extended(session: Session, case: Case, days: int) -> date:
    """Return when the present step would end if it were prolonged by so many working days, counted from its present end."""
    begin = case.due_on or today(session, case.municipality_id)
    return add_working(calendar_of(session, case.municipality_id), begin, days)


def start(session: Session, case: Case, state: State) -> None:
    """Set the date of a case that has just entered ``state``, and those of the assignments that run with it."""
    case.state_since = clock.now()
    if state.term is None:
        case.due_on, case.due_provisional = None, False
        return
    if state.term == "decision":
        case.due_on, case.due_provisional = case.decision_due, False
        return
    found = due_from(session, case, state.term)
    set_due(case, state, found.day, provisional=found.provisional)


def set_due(case: Case, state: State, day: date, *, provisional: bool) -> None:
    """Set until when the present step of a case lasts, and with it what ends on the same day."""
    case.due_on, case.due_provisional = day, provisional
    if state.term == "appeal":
        case.appeal_until = day
    if state.name in _REVIEWS:
        for one in case.assignments:
            if one.state in ("accepted", "in_work"):
                one.due_on = day


def start_assignment(session: Session, assignment: Assignment, state: State) -> None:
    """Set the date of an assignment that has just entered ``state``; a sheet that was signed keeps whether that was in time."""
    if state.name == "signed":
        by = assignment.due_on
        assignment.signed_late = None if by is None else today(session, assignment.municipality_id) > by
    if state.term == "answer":
        assignment.due_on = due_from(session, assignment.case, "answer").day
    elif state.term == "review":
        assignment.due_on = review_until(session, assignment.case) or assignment.case.due_on
    else:
        assignment.due_on = None


def review_until(session: Session, case: Case) -> date | None:
    """Return until when whoever joins a review under way has time: its end, and where that has passed its length anew.

    None before the review: nobody is late on the day they come.
    """
    state = case_type(case.type).workflow.states.get(case.state)
    if case.state not in _REVIEWS or state is None or state.term is None or case.due_on is None:
        return None
    now = today(session, case.municipality_id)
    return case.due_on if case.due_on >= now else due_from(session, case, state.term, now).day


def binds(case: Case) -> bool:
    """Whether the date of a case binds somebody: the end of an appeal's term or the way to the archive binds nobody.

    A state that nobody knows binds nobody: ``check`` tells of it, and must come so far.
    """
    state = case_type(case.type).workflow.states.get(case.state)
    return case.due_on is not None and state is not None and state.term in WHOSE


Days = tuple[date, date]
"""The days that part the colours of terms (:func:`bounds`)."""


def bounds(session: Session, municipality_id: int) -> Days:
    """Return the days that part the colours of a term's end: before the first it is overdue, before the second soon."""
    now = today(session, municipality_id)
    return now, add_working(calendar_of(session, municipality_id), now, SOON + 1)


def coloured(session: Session, municipality_id: int, day: Any, colour: str) -> ColumnElement[bool]:
    """Return the condition on a column of days that a term ending there has this colour, as ``calendar.terms.colour`` counts."""
    return of_colour(day, colour, bounds(session, municipality_id))


def of_colour(day: Any, colour: str, days: Days) -> ColumnElement[bool]:
    """Return the same between the days that :func:`bounds` gives."""
    now, later = days
    found: dict[str, ColumnElement[bool]] = {
        "overdue": day < now, "soon": and_(day >= now, day < later), "normal": day >= later,
    }  # fmt: skip
    return found[colour]


def additions_until(session: Session, case: Case) -> date | None:
    """Return the last day for more documents in an attestation (R13); None while its date is not set."""
    if case.attestation_on is None:
        return None
    return subtract_working(calendar_of(session, case.municipality_id), case.attestation_on, ADDITIONS_BEFORE)
