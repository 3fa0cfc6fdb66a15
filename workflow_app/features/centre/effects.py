"""What the transitions of the centre's own records do to rows."""

from __future__ import annotations

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from workflow_app.assessment.criteria import from_data, from_json
from workflow_app.case_types.registry import case_type
from workflow_app.db.models import (
    AffinityWeight,
    CalendarOverride,
    Case,
    CriteriaRow,
    Event,
    EventPayload,
    LadderRow,
    Municipality,
    RequisitesRow,
    TermOverride,
)
from workflow_app.errors import N_, Broken, Invalid
from workflow_app.facts import deadlines, term_change
from workflow_app.facts.locking import lock_root
from workflow_app.gate import effect, entail, unsettle
from workflow_app.states import reminders
from workflow_app.states.definitions import centre as c
from workflow_app.states.forms import Nothing, to_json
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
def _switches(sheet: c.Switches | c.LetterHours, session: Session, actor: Actor, subject: Municipality) -> None:
    del session, actor
    subject.switches = {**subject.switches, **to_json(sheet)}


@effect.register
def _ladder(sheet: c.SetLadder, session: Session, actor: Actor, subject: Municipality) -> None:
    """Set the steps of one kind of turn; those of the program's own need no row."""
    del actor
    if len({(one.after, one.whom) for one in sheet.steps}) != len(sheet.steps):
        raise Invalid({"steps": (N_("Один и тот же шаг назван дважды."),)})
    steps = sorted(reminders.Step(one.after, one.whom, one.at_once) for one in sheet.steps)
    row = session.get(LadderRow, (subject.id, sheet.turn)) or LadderRow(municipality_id=subject.id, turn=sheet.turn)
    row.steps = [one.told() for one in steps]
    session.add(row)
    session.info.pop("ladders", None)


@effect.register
def _weights(sheet: c.AffinityWeights, session: Session, actor: Actor, subject: Municipality) -> None:
    """Keep every weight, the usual ones too: what the centre chose does not move when the program's own choice does."""
    del actor
    for part, weight in to_json(sheet).items():
        session.merge(AffinityWeight(municipality_id=subject.id, part=part, weight=weight))


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


@effect.register
def _new_version(sheet: c.NewVersion, session: Session, actor: Actor, subject: CriteriaRow) -> None:
    """Prove that a draft begins as its base stands, and that the centre has no other draft of the sheet."""
    del actor
    mine = select(CriteriaRow).where(
        CriteriaRow.municipality_id == subject.municipality_id,
        CriteriaRow.key == subject.key,
        CriteriaRow.id != subject.id,
    )
    others = {row.number: row for row in session.scalars(mine)}
    base = others.get(sheet.base)
    if base is None or subject.data != base.data | {"version": subject.number} or subject.number <= max(others):
        raise Broken("a draft of criteria is not the next version of its base")
    if any(row.state in ("draft", "proposed") for row in others.values()):
        raise Invalid({"": (N_("Черновик новой версии уже есть: правьте его."),)})


@effect.register
def _edited(sheet: c.EditedSheet, session: Session, actor: Actor, subject: CriteriaRow) -> None:
    """Write a draft; its key, number and mode stay, and it never holds what cannot be used."""
    del session, actor
    made, stood = from_json(sheet.content), from_data(subject.data)
    if (made.key, made.version, made.mode) != (stood.key, stood.version, stood.mode):
        raise Broken("a draft of criteria is of another sheet")
    if wrong := made.check():
        raise Invalid({"": wrong})
    subject.data = made.to_data()


@effect.register
def _in_force(sheet: c.PutInForce, session: Session, actor: Actor, subject: CriteriaRow) -> None:
    """Let the version in force give way, then the new one enter; the centre is locked, so that two never enter at once."""
    del sheet
    lock_root(session, session.get_one(Municipality, subject.municipality_id))
    others = select(CriteriaRow).where(
        CriteriaRow.municipality_id == subject.municipality_id,
        CriteriaRow.key == subject.key,
        CriteriaRow.state == "in_force",
    )
    for other in session.scalars(others):
        entail(session, actor.as_system(), other, "supersede_sheet", Nothing())
    entail(session, actor.as_system(), subject, "enter_force", Nothing())


def next_number(session: Session, municipality_id: int, key: str) -> int:
    """Return the number of the next version of a sheet, with the centre locked: two drafts do not get one number."""
    lock_root(session, session.get_one(Municipality, municipality_id))
    mine = (CriteriaRow.municipality_id == municipality_id, CriteriaRow.key == key)
    return (session.scalar(select(func.max(CriteriaRow.number)).where(*mine)) or 0) + 1
