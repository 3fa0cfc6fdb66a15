"""Who is away when, and what of theirs falls into those days (R52)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from workflow_app.db.models import Absence, Assignment, Case, Person
from workflow_app.errors import Sentence
from workflow_app.facts import deadlines
from workflow_app.facts.standings import visible
from workflow_app.states.definitions.absence import CAUSES
from workflow_app.states.vocabulary import Actor, Permission

OPEN = ("invited", "accepted", "in_work")
_CAUSES = {one.value: one.label for one in CAUSES}


def cause_of(row: Absence) -> Sentence:
    """Return the words of a cause."""
    return _CAUSES[row.cause]


def away(session: Session, people: Collection[int], since: date, until: date) -> Mapping[int, Absence]:
    """Return the first confirmed absence of each of these people that touches the days. One statement."""
    if not people:
        return {}
    touching = (Absence.state == "confirmed", Absence.since <= until, Absence.until >= since)
    rows = session.scalars(
        select(Absence).where(Absence.person_id.in_(people), *touching).order_by(Absence.since.desc())
    )
    return {one.person_id: one for one in rows}


@dataclass(frozen=True, slots=True)
class Left:
    """What an absence leaves undone: invitations whose sheet would be due in it, sheets with a day inside, cases that are led."""

    invitations: Sequence[Assignment]
    sheets: Sequence[Assignment]
    cases: Sequence[Case]
    inside: int  # cases that have a day within the absence

    @property
    def nothing(self) -> bool:
        """Whether nobody has to do anything."""
        return not (self.invitations or self.sheets or self.cases)


def left_by(session: Session, actor: Actor, row: Absence, today: date) -> Left:
    """Return what the person has open; ``inside`` counts the cases with a day between the first day away, or today, and the last.

    Of the cases in which the actor takes part nobody's place is told but their own (R30).
    """
    first = max(row.since, today)
    mine = select(Assignment).where(
        Assignment.expert_id == row.person_id, Assignment.municipality_id == row.municipality_id
    )
    if row.person_id != actor.person_id:
        mine = mine.where(Assignment.case_id.in_(visible(actor, Permission.SEE_EXPERTS).column(Case.id)))
    places = session.scalars(
        mine.where(Assignment.state.in_(OPEN))
        .options(joinedload(Assignment.case))
        .order_by(Assignment.due_on, Assignment.id)
    ).all()
    invited = [one for one in places if one.state == "invited" and _touches(session, one, row)]
    sheets = [
        one for one in places if one.state != "invited" and one.due_on is not None and first <= one.due_on <= row.until
    ]
    cases = led_by(session, row)
    days = {one.case_id: one.due_on for one in (*invited, *sheets)} | {one.id: one.due_on for one in cases}
    return Left(invited, sheets, cases, sum(day is not None and first <= day <= row.until for day in days.values()))


def _touches(session: Session, place: Assignment, row: Absence) -> bool:
    """Whether a sheet that is begun after the answer to an invitation would still be due in the absence, or the answer itself."""
    return row.since <= deadlines.due_from(session, place.case, "review", place.due_on).day


def led_by(session: Session, row: Absence) -> Sequence[Case]:
    """Return the running cases that the person leads, by their days."""
    mine = (Case.coordinator_id == row.person_id, Case.municipality_id == row.municipality_id)
    running = Case.state.not_in(("closed", "archived", "withdrawn", "cancelled"))
    return session.scalars(select(Case).where(*mine, running).order_by(Case.due_on, Case.id)).all()


def of_centre(
    session: Session, municipality_id: int, today: date, *, person_id: int | None = None
) -> Sequence[Absence]:
    """Return the absences that are asked, run or come, by their first day; of one person, the past ones too."""
    found = select(Absence).where(Absence.municipality_id == municipality_id).options(
        joinedload(Absence.person), joinedload(Absence.deputy)
    )  # fmt: skip
    if person_id is not None:
        return session.scalars(
            found.where(Absence.person_id == person_id).order_by(Absence.since.desc()).limit(20)
        ).all()
    living = Absence.state.in_(("asked", "confirmed"))
    return session.scalars(
        found.where(living, Absence.until >= today).order_by(Absence.since, Absence.id).limit(200)
    ).all()


def overlapping(session: Session, row: Absence) -> bool:
    """Whether another living absence of the person has a day in common with this one."""
    others = select(Absence.id).where(Absence.person_id == row.person_id, Absence.id != row.id)
    touching = (Absence.state.in_(("asked", "confirmed")), Absence.since <= row.until, Absence.until >= row.since)
    return session.scalar(others.where(*touching).limit(1)) is not None


def may_be_away(session: Session, person: Person, municipality_id: int) -> bool:
    """Whether the person works for the centre in a way that others wait for: as an expert or a coordinator."""
    return any(
        one.municipality_id == municipality_id and one.role in ("expert", "coordinator") for one in person.memberships
    )
