"""What the dashboard counts, read in a constant number of statements: cases by their sides, lengths of stages, experts (ADR 34)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from workflow_app.calendar.school_year import SchoolYear
from workflow_app.db.models import Assignment, Case, Deputy, Membership, Person, Stay
from workflow_app.facts import case_filters as by
from workflow_app.facts import deadlines
from workflow_app.facts.keeping import Readings
from workflow_app.facts.standings import visible
from workflow_app.figures.cube import Cell, Cube
from workflow_app.figures.lengths import Busy, Lasted, added_stays, added_work
from workflow_app.states.vocabulary import Actor, Permission, Role

_COUNTING: Final = frozenset(
    {Role.DEPARTMENT, Role.COORDINATOR, Role.DIRECTOR}
)  # who is told numbers besides the region


@dataclass(frozen=True, slots=True)
class Asked:
    """Of what the numbers are: one kind of cases (empty: all), one organisation (None: all), one school year (0: all).

    ``compared``: the school year whose months stand beside those of the year before. ``outside``: for those who see totals alone;
    then every cell knows whose cases it has. ``homes``: the municipalities that are summed for them (:func:`homes`).
    """

    type: str
    organization: int | None
    year: int
    compared: int
    outside: bool = False
    homes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Counted:
    """What was read: the cases, the stages that are over, the experts' work."""

    cube: Cube
    lasted: tuple[Lasted, ...]
    experts: tuple[Busy, ...]


_KEPT: Final = Readings[Counted](most=16)


def homes(session: Session, actor: Actor) -> tuple[int, ...]:
    """Return the municipalities whose totals a reader sees as one: those that a regional observer is given, for others their own.

    Not among them is where the observer has another role that reads numbers: what is told there could be taken away from the sum.
    """
    if actor.person_id is None or Role.REGIONAL not in actor.roles or not actor.roles.isdisjoint(_COUNTING):
        return (actor.municipality_id,)
    roles = select(Membership.municipality_id, Membership.role).where(Membership.person_id == actor.person_id)
    found = session.execute(roles).all()
    deputises = set(session.scalars(select(Deputy.municipality_id).where(Deputy.person_id == actor.person_id)))
    apart = {home for home, role in found if role in _COUNTING} | deputises
    return tuple(sorted({home for home, role in found if role == Role.REGIONAL} - apart)) or (actor.municipality_id,)


def counted(session: Session, actor: Actor, asked: Asked) -> Counted:
    """Return the numbers for a reader: of the cases that an office sees, else of all of the municipality; four statements.

    Of several municipalities (``asked.homes``) four statements each and one more: each counts by its own days.
    """
    each = [replace(actor, municipality_id=home) for home in asked.homes or (actor.municipality_id,)]
    cells = [cell for one in each for cell in cube(session, one, asked).cells]
    stays = [one for home in each for one in lasted(session, home, asked)]
    work = [one for home in each for one in busy(session, home, asked)]
    if len(each) == 1:
        return Counted(Cube(cells), tuple(stays), tuple(work))
    return Counted(Cube(cells), added_stays(stays, _passed_by(session, asked)), added_work(work))


def _passed_by(session: Session, asked: Asked) -> dict[str, int]:
    """Return how many people's cases have passed each stage in all the municipalities: who applied in two is one."""
    year = SchoolYear(asked.year) if asked.year else None
    here = or_(*(and_(*by.passed(home, "", year)) for home in asked.homes))
    people = select(Stay.state, func.count(Case.applicant_id.distinct())).join(Case, Case.id == Stay.case_id)
    return dict(session.execute(people.where(here).group_by(Stay.state)).all())


def kept(session: Session, actor: Actor, asked: Asked) -> Counted:
    """Return the same for pages, kept until something is done."""
    who = None if asked.outside else (actor.person_id, actor.roles)
    days = tuple(deadlines.today(session, home) for home in asked.homes or (actor.municipality_id,))
    key = (actor.municipality_id, who, asked, days)
    return _KEPT.of(session, key, lambda: counted(session, actor, asked))


def _of(session: Session, asked: Asked, home: int) -> list[ColumnElement[bool]]:
    """Return what holds of every case that is counted."""
    found: list[ColumnElement[bool]] = [Case.state != "draft"]
    if asked.type:
        found.append(Case.type == asked.type)
    if asked.organization is not None:
        found.append(Case.organization_id == asked.organization)
    return found


def _branches(
    session: Session, actor: Actor, asked: Asked, permission: Permission
) -> Sequence[tuple[ColumnElement[bool], ...]]:
    """Return the disjoint conditions under which cases are counted for the reader."""
    found = _of(session, asked, actor.municipality_id)
    if asked.outside:
        return [(Case.municipality_id == actor.municipality_id, *found)]
    return [(one,) for one in visible(actor, permission).among(*found).branches]


def cube(session: Session, actor: Actor, asked: Asked) -> Cube:
    """Return the submitted cases by their sides: one statement that reads one index, and one for what verdicts come to."""
    home = actor.municipality_id
    sheet, verdict = by.verdict_columns()
    columns: list[Any] = [
        Case.type, Case.state, Case.turn, by.due_column(session, home).label("due"), by.age_column(session, home).label("age"),
        by.month_column(session, home, (asked.compared, asked.compared - 1)).label("month"), sheet, verdict,
        by.appealed_column().label("appealed"), (Case.applicant_id if asked.outside else literal(0)).label("person"),
    ]  # fmt: skip
    rows: list[Select[Any]] = []
    for branch in _branches(session, actor, asked, Permission.VIEW):
        each = select(*columns).where(*branch).subquery()
        rows.append(select(*each.c, func.count().label("many")).group_by(*each.c))
    if not rows:
        return Cube(())
    come_to = by.verdicts(session)
    found = session.execute(union_all(*rows) if len(rows) > 1 else rows[0])
    return Cube(
        Cell(
            type_, state, turn or "", due, age, month, come_to.get((sheet_, verdict_), ""), bool(appealed), many, person
        )
        for type_, state, turn, due, age, month, sheet_, verdict_, appealed, person, many in found
    )


def lasted(session: Session, actor: Actor, asked: Asked) -> list[Lasted]:
    """Return how long stages lasted that ended in the year: by length, with how many cases and people; one statement."""
    home = actor.municipality_id
    here = by.passed(home, "", SchoolYear(asked.year) if asked.year else None)
    if asked.type or asked.organization is not None:
        few = select(Case.id).where(Case.municipality_id == home, *_of(session, asked, home))
        here.append(Stay.case_id.in_(few))  # one walk of the cases' index instead of a look at each wide row
    lengths = select(literal("days"), Stay.state, Stay.days, func.count(), literal(0)).where(*here)
    people: Any = func.count(Case.applicant_id.distinct()) if asked.outside else literal(0)
    whole = select(literal("whole"), Stay.state, literal(0), func.count(Stay.case_id.distinct()), people).where(*here)
    if asked.outside:
        whole = whole.join(Case, Case.id == Stay.case_id)
    days: dict[str, dict[int, int]] = {}
    cases: dict[str, tuple[int, int]] = {}
    both = union_all(lengths.group_by(Stay.state, Stay.days), whole.group_by(Stay.state))
    for what, state, length, many, people in session.execute(both):
        if what == "days":
            days.setdefault(state, {})[length] = many
        else:
            cases[state] = (many, people)
    return [Lasted(state, days[state], *cases[state]) for state in sorted(days)]


def busy(session: Session, actor: Actor, asked: Asked) -> list[Busy]:
    """Return the work of the experts, counted in cases where the reader may see them; one statement."""
    today = deadlines.today(session, actor.municipality_id)
    held, signed = Assignment.state.in_(by.BUSY), Assignment.state.in_(by.SIGNED)
    year = by.in_year(session, actor.municipality_id, SchoolYear(asked.year)) if asked.year else []
    rows = [
        select(
            Assignment.expert_id.label("expert_id"), Assignment.case_id.label("case_id"), held.label("held"),
            and_(held, func.coalesce(Assignment.due_on < today, literal(value=False))).label("late"), signed.label("signed"),
            and_(signed, Assignment.signed_late.is_(False)).label("in_time"), and_(signed, Assignment.signed_late.is_(True)).label("out"),
        ).join(Case, Case.id == Assignment.case_id).where(*branch, *year, Assignment.state.in_((*by.BUSY, *by.SIGNED)))
        for branch in _branches(session, actor, asked, Permission.SEE_EXPERTS)
    ]  # fmt: skip
    if not rows:
        return []
    each = union_all(*rows).subquery() if len(rows) > 1 else rows[0].subquery()
    cases = [func.count(case((flag, each.c.case_id)).distinct()) for flag in (each.c.held, each.c.late, each.c.signed)]
    sheets = [func.count(case((flag, 1))) for flag in (each.c.in_time, each.c.out)]
    sums = select(each.c.expert_id, *cases, *sheets).group_by(each.c.expert_id).subquery()
    named = select(sums, Person.last_name, Person.first_name, Person.middle_name).join(
        Person, Person.id == sums.c.expert_id
    )
    return [
        Busy(id_, " ".join(filter(None, (last, *(f"{one[:1]}." for one in (first, middle) if one)))), *numbers)
        for id_, *numbers, last, first, middle in session.execute(named)
    ]
