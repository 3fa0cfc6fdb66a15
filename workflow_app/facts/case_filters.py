"""By what cases are filtered and counted: the conditions of the list of cases, and the same things as columns to be summed.

A number of the dashboard and the list that it leads to ask by the same expressions, so they cannot differ (ADR 34).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, case, false, func, not_, or_, select
from sqlalchemy.orm import Session

from workflow_app.calendar.months import is_year, month_named
from workflow_app.calendar.school_year import SchoolYear
from workflow_app.case_types.registry import CASE_TYPES
from workflow_app.db.models import Assignment, Case, CriteriaRow, Stay
from workflow_app.db.own_words import one_of
from workflow_app.facts import deadlines
from workflow_app.facts.standings import visible
from workflow_app.figures.sides import (
    AGE_DAYS,
    AGES,
    ALL,
    APPEALS,
    OPEN_STATES,
    STAGES,
    STATES_OF,
    TIMED,
    TURNS,
    VERDICTS,
)
from workflow_app.states.pictures.handbook import WHOSE
from workflow_app.states.standings import EXAMINED
from workflow_app.states.vocabulary import Actor, Permission, Role

SIDES: Final = ("stage", "open", "turn", "age", "month", "verdict", "appeal", "passed", "criteria", "expert", "work")
"""The filters that numbers bring along; nobody types them."""
OFFICE: Final = frozenset({Role.COORDINATOR, Role.DIRECTOR})
"""Whom a number leads to its rows: nobody else may ask by whose turn it is, by experts and verdicts."""
_BEGAN = func.coalesce(Case.registered_at, Case.submitted_at, Case.created_at)
_WAITING: Final = sorted(
    {
        state.name
        for kind in CASE_TYPES.values()
        for state in kind.workflow.states.values()
        if state.term not in (None, *WHOSE)
    }
)
"""The states in which a day is set that binds nobody."""
_NOT_IN_FORCE: Final = (*EXAMINED, "withdrawn", "cancelled")
"""The states in which no verdict is in force, though one may have been once: what is judged anew tells none before it is issued (R30)."""
BUSY: Final = ("invited", "accepted", "in_work")
SIGNED: Final = ("signed", "consolidated")
_DIGITS: Final = 9  # of a number in an address


def of_office(actor: Actor) -> bool:
    """Whether a person runs cases: they are told names, forecasts and the rows behind a number; others see totals."""
    return not actor.roles.isdisjoint(OFFICE)


def moment(session: Session, municipality_id: int, day: date) -> datetime:
    """Return when a day begins where the municipality is."""
    return datetime.combine(day, time.min, ZoneInfo(deadlines.zone_of(session, municipality_id)))


def in_year(session: Session, municipality_id: int, year: SchoolYear) -> list[ColumnElement[bool]]:
    """Return the condition that a case began in a school year: it was registered, else submitted, else created then."""
    return _between(session, municipality_id, year.first_day, SchoolYear(year.start + 1).first_day)


def _between(session: Session, municipality_id: int, first: date, after: date) -> list[ColumnElement[bool]]:
    return [moment(session, municipality_id, first) <= _BEGAN, moment(session, municipality_id, after) > _BEGAN]


def due(session: Session, municipality_id: int, colour: str) -> ColumnElement[bool]:
    """Return the condition of a colour, the same days as ``calendar.terms.colour`` counts; ``none``: nobody is bound."""
    if colour == "none":
        return Case.due_on.is_(None) | one_of(Case.state, _WAITING)
    return due_within(colour, deadlines.bounds(session, municipality_id))


def due_within(colour: str, days: tuple[date, date]) -> ColumnElement[bool]:
    """Return the condition of a colour that presses, between the days of ``deadlines.bounds``."""
    return not_(one_of(Case.state, _WAITING)) & deadlines.of_colour(Case.due_on, colour, days)


# ----------------------------------------------------------------------------------------------------- columns to be summed


def due_column(session: Session, municipality_id: int) -> ColumnElement[str]:
    """Return the colour of a case's term."""
    return case(*((due(session, municipality_id, one), one) for one in ("none", "overdue", "soon")), else_="normal")


def age_column(session: Session, municipality_id: int) -> ColumnElement[str]:
    """Return how long a case has stood in its state, of ``figures.sides.AGES``."""
    today = deadlines.today(session, municipality_id)
    bounds = ((moment(session, municipality_id, today - timedelta(days=days)), key) for key, days in AGE_DAYS.items())
    return case(*((Case.state_since >= since, key) for since, key in bounds), else_="more")


def month_column(session: Session, municipality_id: int, years: tuple[int, ...]) -> ColumnElement[str]:
    """Return in which month of these school years (the later first) a case began, «2026-11»; "" for none of them."""
    months = [one for year in years for one in reversed(_months(year))]
    after = moment(session, municipality_id, SchoolYear(years[0] + 1).first_day)
    bounds = [(moment(session, municipality_id, one), f"{one:%Y-%m}") for one in months]
    return case((after <= _BEGAN, ""), *((since <= _BEGAN, key) for since, key in bounds), else_="")


def verdict_columns() -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """Return the sheet of criteria and the verdict of a case whose approval stands; NULL of another."""
    told = _told()
    return case((told, Case.criteria_id)).label("sheet"), case((told, Case.verdict)).label("verdict")


def _told() -> ColumnElement[bool]:
    return and_(Case.approved_at.is_not(None), Case.verdict.is_not(None), Case.state.not_in(_NOT_IN_FORCE))


def appealed_column() -> ColumnElement[int]:
    """Return whether an appeal was ever lodged: 1 or 0."""
    return case((or_(Case.appeals > 0, Case.state == "appealed"), 1), else_=0)


def verdict_of(key: str, *, positive: bool) -> str:
    """Return what a verdict comes to, of ``figures.sides.VERDICTS``."""
    return "positive" if positive else "revise" if key == "revise" else "negative"


def verdicts(session: Session) -> Mapping[tuple[int, str], str]:
    """Return what each verdict of each version of a sheet comes to; the sheets never change (R27)."""
    found = session.execute(select(CriteriaRow.id, CriteriaRow.data["verdicts"]))
    return {
        (id_, one["key"]): verdict_of(one["key"], positive=_positive(one))
        for id_, rules in found
        for one in rules or ()
    }


def _positive(rule: Mapping[str, Any]) -> bool:
    """Whether a verdict is a yes; versions of before 2026-12 do not say so (``assessment.criteria``)."""
    before = rule["key"] == "conforms" or rule["key"].startswith("recommend_")
    return bool(rule.get("positive", before))


def _months(year: int) -> list[date]:
    return [date(year, month, 1) for month in range(9, 13)] + [date(year + 1, month, 1) for month in range(1, 9)]


# ----------------------------------------------------------------------------------------- what a number's address asks for


def known(asked: Mapping[str, str]) -> dict[str, str]:
    """Return what of an address can be meant; ``work`` has a meaning beside ``expert`` alone."""
    found = {name: value for name, value in asked.items() if name in SIDES and _is_meant(name, value)}
    if not {"expert", "work"} <= found.keys():
        found.pop("expert", None)
        found.pop("work", None)
    return found


@cache
def _values() -> Mapping[str, frozenset[str]]:
    return {
        "stage": frozenset({ALL, *STAGES}), "open": frozenset({"yes"}), "turn": frozenset(TURNS), "age": frozenset(AGES),
        "verdict": frozenset({"any", *VERDICTS}), "appeal": frozenset(APPEALS), "work": frozenset({"now", "late", "signed"}),
    }  # fmt: skip


def _is_meant(name: str, value: str) -> bool:
    if name in ("expert", "criteria"):
        return value.isascii() and value.isdigit() and len(value) <= _DIGITS
    if name == "month":
        return month_named(value) is not None
    if name == "passed":
        return _passed(value) is not None
    return value in _values()[name]


def _passed(value: str) -> tuple[str, SchoolYear | None] | None:
    """Read «in_review» or «in_review.2026»: a stage that ended, and the school year in which it did."""
    state, dot, year = value.partition(".")
    if state not in TIMED or (dot and not (year.isascii() and year.isdigit() and is_year(int(year[:_DIGITS])))):
        return None
    return state, SchoolYear(int(year)) if dot else None


def among(session: Session, actor: Actor, asked: Mapping[str, str]) -> list[ColumnElement[bool]]:
    """Return the conditions of the sides in an address; for those outside the office there are none."""
    if not of_office(actor):
        return []
    found = [
        _condition(session, actor, name, value)
        for name, value in known(asked).items()
        if name not in ("expert", "work")
    ]
    if "expert" in (sides := known(asked)):
        found.append(_of_expert(session, actor, int(sides["expert"]), sides["work"]))
    return found


def _condition(session: Session, actor: Actor, name: str, value: str) -> ColumnElement[bool]:
    made: Mapping[str, Callable[[], ColumnElement[bool]]] = {
        "stage": lambda: Case.state != "draft" if value == ALL else Case.state.in_(STATES_OF[value]),
        "open": lambda: Case.state.in_(OPEN_STATES),
        "turn": lambda: Case.turn.is_(None) if value == "nobody" else Case.turn == value,
        "age": lambda: age_column(session, actor.municipality_id) == value,
        "month": lambda: _in_month(session, actor.municipality_id, value),
        "verdict": lambda: _verdict(session, value),
        "appeal": lambda: _appeal(value),
        "criteria": lambda: Case.criteria_id == int(value),
        "passed": lambda: Case.id.in_(_passing(actor.municipality_id, value)),
    }
    return made[name]()


def _in_month(session: Session, home: int, value: str) -> ColumnElement[bool]:
    first = month_named(value) or date.min
    return and_(*_between(session, home, first, (first + timedelta(days=32)).replace(day=1)))


def _appeal(value: str) -> ColumnElement[bool]:
    over = and_(Case.appeals > 0, Case.state != "appealed")
    return {"any": appealed_column() == 1, "now": Case.state == "appealed", "over": over}[value]


def _verdict(session: Session, value: str) -> ColumnElement[bool]:
    sheets: dict[int, list[str]] = {}
    for (sheet, key), told in verdicts(session).items():
        if value in ("any", told):
            sheets.setdefault(sheet, []).append(key)
    same = [and_(Case.criteria_id == sheet, Case.verdict.in_(sorted(keys))) for sheet, keys in sheets.items()]
    return and_(_told(), or_(false(), *same))


def _passing(home: int, value: str) -> Any:
    state, year = _passed(value) or ("", None)
    return select(Stay.case_id).where(*passed(home, state, year))


def passed(home: int, state: str, year: SchoolYear | None) -> list[ColumnElement[bool]]:
    """Return the condition on stays that are over: in a municipality, of a state (empty: any), that ended in a school year."""
    found: list[ColumnElement[bool]] = [Stay.municipality_id == home]
    if state:
        found.append(Stay.state == state)
    if year is not None:
        found.append(Stay.left_on.between(year.first_day, year.last_day))
    return found


def _of_expert(session: Session, actor: Actor, expert_id: int, work: str) -> ColumnElement[bool]:
    """Return the condition that the expert works on a case so, where the actor may see its experts."""
    sheets = {
        "now": (Assignment.state.in_(BUSY),), "signed": (Assignment.state.in_(SIGNED),),
        "late": (Assignment.state.in_(BUSY), Assignment.due_on < deadlines.today(session, actor.municipality_id)),
    }[work]  # fmt: skip
    mine = select(Assignment.case_id).where(Assignment.expert_id == expert_id, *sheets)
    return and_(Case.id.in_(mine), Case.id.in_(visible(actor, Permission.SEE_EXPERTS).column(Case.id)))
