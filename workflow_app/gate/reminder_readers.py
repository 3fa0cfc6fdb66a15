"""Whom a step of a ladder tells: of whom something waits, who leads the case, the director; who stands in for those away (R52)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from workflow_app.db.models import Absence, Case, Deputy, Membership, Person, Record, Standing, Subject, Waiting
from workflow_app.facts import absences, deadlines, leading
from workflow_app.facts.actors import actor_of
from workflow_app.facts.subjects import facts_of
from workflow_app.states import policy
from workflow_app.states.actors import Role
from workflow_app.states.reminders import COORDINATOR, DEPUTY, DIRECTOR, SELF
from workflow_app.states.vocabulary import Permission, Who

OFFICES: Final = {Who.COORDINATOR: COORDINATOR, Who.ON_BEHALF: COORDINATOR, Who.DIRECTOR: DIRECTOR}
_OFFICERS: Final = "officers"  # of the schools: no step of a ladder names them
Reader = tuple[Person, str]
"""A person and how they stand to what waits, a word of ``states.reminders``."""


def readers(session: Session, root: Subject, waiting: Waiting, to: str) -> Sequence[Reader]:
    """Return whom a step tells, never nobody because somebody is away (R52).

    For whom something waits by name or by school is told even while away, for nobody else can do it, and so is who stands in.
    An office is told through who stands in, else through those of it who are there; if none is, those away are told after all.
    """
    return each_readers(session, [(root, waiting)], to)[0]


def each_readers(session: Session, waits: Sequence[tuple[Subject, Waiting]], to: str) -> list[Sequence[Reader]]:
    """Return the same of many waits, each with its root, in their order: a constant number of statements for each municipality."""
    known = _Known(session, waits, to)
    return [known.readers(root, waiting) for root, waiting in waits]


def directors(session: Session, municipality_id: int) -> Any:
    """Return a statement of who directs a municipality today: the director, and whoever acts for them."""
    today = deadlines.today(session, municipality_id)
    acting = select(Deputy.person_id).where(
        Deputy.municipality_id == municipality_id, Deputy.since <= today, Deputy.until >= today
    )
    return _of_office(municipality_id, Role.DIRECTOR).union(acting)


@dataclass
class _Known:
    """What is read once for all waits, each when it is first asked for."""

    session: Session
    waits: Sequence[tuple[Subject, Waiting]]
    to: str
    _offices: dict[tuple[int, str], Sequence[Person]] = field(default_factory=dict)

    def readers(self, root: Subject, waiting: Waiting) -> Sequence[Reader]:
        found, gone = self._whom(root, waiting), self._gone[waiting.municipality_id]
        if not any(one.id in gone for one in found):
            return [(one, self.to) for one in found]
        instead = [(one, DEPUTY) for one in self._standing_in(root, waiting, found) if one not in found]
        if self._is_named(waiting):
            return [*((one, self.to) for one in found), *instead]
        there = [(one, self.to) for one in found if one.id not in gone]
        others = [(one, self.to) for one in self._free(root, waiting) if one.id not in gone]
        return [*there, *instead] or others or [(one, self.to) for one in found]

    def _is_named(self, waiting: Waiting) -> bool:
        return self.to == SELF and bool(waiting.person_id or waiting.organization_id)

    def _whom(self, root: Subject, waiting: Waiting) -> Sequence[Person]:
        """Return whom the step tells whoever is away: the involved never by role."""
        if self._is_named(waiting) and waiting.person_id:
            return [self._named[waiting.person_id]] if waiting.person_id in self._named else []
        if self._is_named(waiting):
            officers = self._of(waiting.municipality_id, _OFFICERS)
            return [one for one in officers if one.organization_id == waiting.organization_id]
        free = self._free(root, waiting)
        office = OFFICES[Who(waiting.who)] if self.to == SELF else self.to
        leads = root.coordinator_id if office == COORDINATOR and isinstance(root, Case) else None
        return [one for one in free if one.id == leads] or free

    def _free(self, root: Subject, waiting: Waiting) -> Sequence[Person]:
        """Return who of the office that a step tells has no part in the case."""
        office = OFFICES[Who(waiting.who)] if self.to == SELF else self.to
        everyone = self._of(waiting.municipality_id, office)
        return [one for one in everyone if (root.kind, root.id, one.id) not in self._involved]

    def _standing_in(self, root: Subject, waiting: Waiting, found: Sequence[Person]) -> Sequence[Person]:
        """Return who stands in for those away: there themselves, with an address, and without a part in the case."""
        gone, ids = self._gone[waiting.municipality_id], {one.id for one in found}
        met, standing = set(ids), dict[int, Person]()
        while gone.keys() & ids:
            ids = {gone[one].deputy_id or 0 for one in gone.keys() & ids} - met - {0}
            met |= ids
            ids = {one for one in ids if (root.kind, root.id, one) not in self._involved}
            standing |= {one: self._deputies[one] for one in ids - gone.keys()}
        reached = (one for one in standing.values() if one.email and one.state != "blocked")
        return [one for one in reached if self._may_know(root, waiting, one)]

    def _may_know(self, root: Subject, waiting: Waiting, person: Person) -> bool:
        """Whether who stands in may see the record that waits. Of a case they are told without its names (R52)."""
        if not isinstance(root, Record):
            return True
        actor = actor_of(self.session, person, waiting.municipality_id)
        return policy.may(root.content.workflow, actor, facts_of(root, self.session), Permission.VIEW)

    @cached_property
    def _named(self) -> Mapping[int, Person]:
        ids = {one.person_id for _root, one in self.waits if self._is_named(one)} - {0}
        return {one.id: one for one in _people(self.session, Person.id.in_(ids))}

    def _of(self, municipality_id: int, office: str) -> Sequence[Person]:
        key = municipality_id, office
        if key not in self._offices:
            self._offices[key] = _people(self.session, Person.id.in_(_holding(self.session, municipality_id, office)))
        return self._offices[key]

    @cached_property
    def _involved(self) -> Collection[tuple[str, int, int]]:
        """Who is involved in the roots: its kind, its id, the person."""
        same = (Standing.subject_kind, Standing.subject_id, Standing.person_id)
        found: set[tuple[str, int, int]] = set()
        for kind in {root.kind for root, _waiting in self.waits}:
            ids = [root.id for root, _waiting in self.waits if root.kind == kind]
            rows = select(*same).where(
                Standing.subject_kind == kind, Standing.subject_id.in_(ids), Standing.who == Who.INVOLVED.value
            )
            found |= {(one.subject_kind, one.subject_id, one.person_id) for one in self.session.execute(rows)}
        return found

    @cached_property
    def _gone(self) -> Mapping[int, Mapping[int, Absence]]:
        """By municipality who is away today, of those who would be told, of their deputies, and of theirs."""
        people: dict[int, set[int]] = {}
        for root, waiting in self.waits:
            told = self._whom(root, waiting) if self._is_named(waiting) else self._free(root, waiting)
            people.setdefault(waiting.municipality_id, set()).update(one.id for one in told)
        return {municipality_id: _away(self.session, municipality_id, ids) for municipality_id, ids in people.items()}

    @cached_property
    def _deputies(self) -> Mapping[int, Person]:
        ids = {one.deputy_id for gone in self._gone.values() for one in gone.values() if one.deputy_id is not None}
        return {one.id: one for one in _people(self.session, Person.id.in_(ids))}


def _away(session: Session, municipality_id: int, ids: Collection[int]) -> Mapping[int, Absence]:
    today, found, asked, left = deadlines.today(session, municipality_id), dict[int, Absence](), set[int](), set(ids)
    while left:
        away = absences.away(session, sorted(left), today, today)
        found |= away
        asked |= left
        left = {one.deputy_id for one in away.values() if one.deputy_id is not None} - asked
    return found


def _holding(session: Session, municipality_id: int, office: str) -> Any:
    """Return the ids of those who hold an office: as a step of a ladder names it, or the officers of schools."""
    if office == DIRECTOR:
        return directors(session, municipality_id)
    return _of_office(municipality_id, Role.SCHOOL_OFFICER) if office == _OFFICERS else leading.active(municipality_id)


def _of_office(municipality_id: int, role: Role) -> Any:
    return select(Membership.person_id).where(
        Membership.municipality_id == municipality_id, Membership.role == role.value
    )


def _people(session: Session, where: ColumnElement[bool]) -> Sequence[Person]:
    with session.no_autoflush:
        return session.scalars(select(Person).where(where).order_by(Person.id)).unique().all()
