"""What the transitions of the centre's own records do to rows."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from workflow_app.case_types.registry import case_type
from workflow_app.db.models import (
    CalendarOverride,
    Case,
    Event,
    EventPayload,
    Municipality,
    RequisitesRow,
    TermOverride,
)
from workflow_app.errors import N_, Invalid
from workflow_app.facts import deadlines, term_change
from workflow_app.facts.locking import lock_root
from workflow_app.gate import effect, unsettle
from workflow_app.states.definitions import centre as c
from workflow_app.states.forms import to_json
from workflow_app.states.vocabulary import Actor


@effect.register
def _requisites(sheet: c.Requisites, session: Session, actor: Actor, subject: Municipality) -> None:
    """Set requisites from a date on; a second entry of the same date replaces the first."""
    del actor
    found = select(RequisitesRow).where(RequisitesRow.municipality_id == subject.id, RequisitesRow.since == sheet.since)
    row = session.scalar(found) or RequisitesRow(municipality_id=subject.id, since=sheet.since)
    row.data = to_json(sheet)
    session.add(row)
    session.flush()
    session.expire(subject, ["requisites"])


@effect.register
def _switches(sheet: c.Switches, session: Session, actor: Actor, subject: Municipality) -> None:
    del session, actor
    subject.switches = to_json(sheet)


@effect.register
def _day(sheet: c.CalendarDay, session: Session, actor: Actor, subject: Municipality) -> None:
    """Set one day of the calendar; terms that run already keep their dates."""
    del actor
    row = session.get(CalendarOverride, (subject.id, sheet.day)) or CalendarOverride(
        municipality_id=subject.id, day=sheet.day
    )
    row.working, row.why = sheet.working, sheet.why
    session.add(row)
    session.info.pop("calendars", None)


@effect.register
def _term(sheet: c.SetTerm, session: Session, actor: Actor, subject: Municipality) -> None:
    """Set the length of a term from a day on; the running steps take it where the sheet says which and to what days (ADR 33)."""
    del actor
    found = term_change.demand_sense(session, subject.id, sheet)
    cases = {one.id: one for one in session.scalars(select(Case).where(Case.id.in_([one.id for one in found])))}
    for one in found:
        case = cases[one.id]
        lock_root(session, case)
        state = case_type(case.type).workflow.state(case.state)
        deadlines.set_due(case, state, one.new.day, provisional=one.new.provisional)
        case.touched += 1
    unsettle(session, cases.values())
    key = (subject.id, sheet.case_type, sheet.key, sheet.since)
    row = session.get(TermOverride, key) or TermOverride(
        municipality_id=subject.id, case_type=sheet.case_type, key=sheet.key, since=sheet.since
    )
    row.length, row.unit = sheet.length, sheet.unit
    session.add(row)
    session.flush()
    session.info.pop("lengths", None)


@effect.register
def _destroy(sheet: c.DestroyRecords, session: Session, actor: Actor, subject: Municipality) -> None:
    """Erase the contents of the centre's events that the act names; what names no event of the centre is refused."""
    del actor
    mine = select(Event.id).where(Event.municipality_id == subject.id, Event.id.in_(sheet.events))
    if set(sheet.events) - set(session.scalars(mine)):
        raise Invalid({"events": (N_("Таких записей в журнале центра нет."),)})
    session.execute(delete(EventPayload).where(EventPayload.event_id.in_(sheet.events)))
