"""What the pages of the centre read: versions of criteria sheets, lengths, changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import Session

from workflow_app.assessment.criteria import CriteriaSheet, from_data
from workflow_app.calendar.terms import Term
from workflow_app.case_types.registry import CASE_TYPES
from workflow_app.db.models import (
    CalendarOverride,
    Case,
    CriteriaRow,
    Event,
    Membership,
    Municipality,
)
from workflow_app.facts import choices, deadlines, term_change
from workflow_app.facts.standings import visible
from workflow_app.figures.sides import OPEN_STATES
from workflow_app.states.vocabulary import Actor, Permission, Role

# The SQL side of what CRITERIA_SHEET grants in every state.
_OFFICE = frozenset({Role.ADMIN, Role.COORDINATOR, Role.DIRECTOR})


@dataclass(frozen=True, slots=True)
class LengthLine:
    """A term of a case type: the length in force here, and the default when the centre changed it."""

    key: str
    term: Term
    default: Term | None
    later: tuple[tuple[date, Term], ...] = ()  # what comes into force, and when


def reasons(session: Session, municipality_id: int, year: int) -> dict[date, str]:
    """Return why the centre changed days of a year, by day."""
    rows = session.scalars(
        select(CalendarOverride).where(
            CalendarOverride.municipality_id == municipality_id,
            CalendarOverride.day.between(date(year, 1, 1), date(year, 12, 31)),
        )
    )
    return {row.day: row.why for row in rows}


def lengths(session: Session, municipality_id: int) -> Mapping[str, list[LengthLine]]:
    """Return the terms of every case type with their lengths here, in the order of the policy."""
    own, now = deadlines.lengths_of(session, municipality_id), deadlines.today(session, municipality_id)
    found: dict[str, list[LengthLine]] = {}
    for kind in CASE_TYPES.values():
        for key, default in kind.policy.terms.items():
            term = deadlines.term_of(session, municipality_id, kind.key, key)
            rows = [one for one in own.get((kind.key, key), ()) if one.since > now and default.moves]
            later = tuple((one.since, term_change.term_of(one.length, one.unit)) for one in reversed(rows))
            found.setdefault(kind.key, []).append(LengthLine(key, term, default if term != default else None, later))
    return found


def has_director(session: Session, municipality_id: int) -> bool:
    """Whether somebody is the director: without one no document can be composed."""
    found = select(Membership.person_id).where(
        Membership.municipality_id == municipality_id, Membership.role == "director"
    )
    return session.scalar(found.limit(1)) is not None


_MADE = ("draft", "proposed", "entering", "dropped")  # versions that were never in force


def _open_sheet(actor: Actor) -> ColumnElement[bool]:
    """Which versions of criteria sheets an actor may read.

    Those in force are public to everybody of the centre; the office reads all of its centre, the department what was ever in
    force; others read the version that a case they may see was begun with (R27).
    """
    pinned = CriteriaRow.id.in_(
        visible(actor, Permission.VIEW).among(Case.criteria_id.is_not(None)).column(Case.criteria_id)
    )
    if actor.roles & _OFFICE:
        return true()
    return or_(
        CriteriaRow.state == "in_force", CriteriaRow.state.not_in(_MADE) if Role.DEPARTMENT in actor.roles else pinned
    )


def sheets(session: Session, actor: Actor) -> list[CriteriaRow]:
    """Return the versions of criteria sheets that the actor may read, those in force first, by key."""
    found = select(CriteriaRow).where(CriteriaRow.municipality_id == actor.municipality_id, _open_sheet(actor))
    order = list(dict.fromkeys(key for kind in CASE_TYPES.values() for key in kind.criteria_keys))
    rows = session.scalars(found.order_by(CriteriaRow.key, CriteriaRow.number.desc())).all()
    return sorted(
        rows,
        key=lambda row: (order.index(row.key) if row.key in order else len(order), row.state == "dropped", -row.number),
    )


def sheet(session: Session, actor: Actor, key: str, number: int) -> CriteriaRow | None:
    """Return one version if the actor may read it."""
    return session.scalar(
        select(CriteriaRow).where(
            CriteriaRow.municipality_id == actor.municipality_id, CriteriaRow.key == key, CriteriaRow.number == number,
            _open_sheet(actor),
        )
    )  # fmt: skip


def in_force(session: Session, row: CriteriaRow) -> CriteriaRow | None:
    """Return the version of the same sheet that is in force."""
    return choices.criteria_in_force(session, row.municipality_id, row.key)


def draft_of(session: Session, actor: Actor, key: str) -> CriteriaRow | None:
    """Return the draft of the next version of a sheet, also one that waits for the director."""
    mine = (CriteriaRow.municipality_id == actor.municipality_id, CriteriaRow.key == key)
    return session.scalar(select(CriteriaRow).where(*mine, CriteriaRow.state.in_(("draft", "proposed"))))


@dataclass(frozen=True, slots=True)
class Touched:
    """Whom a new version concerns: cases under way on each earlier version, which keep it; cases that have not begun, of its kinds."""

    kept: Mapping[int, int]
    to_come: int


def touched(session: Session, actor: Actor, row: CriteriaRow) -> Touched:
    """Return whom a version concerns, of the cases that the actor may see; two statements."""
    seen = visible(actor, Permission.VIEW).condition
    of_sheet = (
        CriteriaRow.municipality_id == row.municipality_id,
        CriteriaRow.key == row.key,
        CriteriaRow.id != row.id,
    )
    kept = select(CriteriaRow.number, func.count()).join(Case, Case.criteria_id == CriteriaRow.id)
    running = kept.where(*of_sheet, seen, Case.state.in_(OPEN_STATES)).group_by(CriteriaRow.number)
    kinds = [key for key, kind in CASE_TYPES.items() if row.key in kind.criteria_keys]
    to_come = select(func.count()).where(
        seen, Case.type.in_(kinds), Case.criteria_id.is_(None), Case.state.in_(_BEFORE)
    )
    return Touched({number: many for number, many in session.execute(running)}, session.scalar(to_come) or 0)  # noqa: C416


_BEFORE = ("submitted", "registered", "returned")


def in_mode(session: Session, row: CriteriaRow) -> CriteriaSheet:
    """Return the sheet as new cases of this centre use it: an attestation in words unless the centre chose points."""
    found = from_data(row.data)
    kinds = [one for one in CASE_TYPES.values() if found.key in one.criteria_keys]
    if any(one.shape.attestation for one in kinds):
        switches = session.get_one(Municipality, row.municipality_id).switches
        return found.in_mode("points" if switches.get("attestation_points") else "words")
    return found


def cases_on(session: Session, actor: Actor, row: CriteriaRow) -> int:
    """Return how many of the cases that the actor may see were begun with this version."""
    return visible(actor, Permission.VIEW).among(Case.criteria_id == row.id).count(session)


def moves_of(session: Session, case: Case) -> list[tuple[str | None, str, datetime]]:
    """Return the case's own moves in order: the state before, the state after, when."""
    rows = session.execute(
        select(Event.before, Event.after, Event.at)
        .where(Event.subject_kind == "case", Event.subject_id == case.id)
        .order_by(Event.seq)
    )
    return [(before, after, at) for before, after, at in rows if before != after]
