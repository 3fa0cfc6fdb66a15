"""What the pages of people read: the list, the register of experts with their load, a person's history, the access log."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, Text, and_, cast, exists, false, func, not_, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from workflow_app.case_types.registry import CASE_TYPES
from workflow_app.db.hash_chain import BEGIN
from workflow_app.db.keyset import Order
from workflow_app.db.models import (
    AccessLog,
    Assignment,
    Case,
    CaseFile,
    Consent,
    Deputy,
    Document,
    Event,
    EventPayload,
    ExpertCard,
    Membership,
    Municipality,
    Organization,
    Person,
)
from workflow_app.facts.affinity import OPEN
from workflow_app.facts.involvement import judged_with
from workflow_app.facts.standings import visible
from workflow_app.spelling import order_key
from workflow_app.states.definitions.people import Named
from workflow_app.states.vocabulary import Actor, Permission

# Each walks an index of its own (``db.models.people``).
BY_NAME = Order(Person, ("name_order",))
SORTS = {"name": BY_NAME, "state": Order(Person, ("state", "name_order"))}


def people(actor: Actor, *, role: str = "", organization: int | None = None, state: str = "") -> Select[Person]:
    """Return the people of the actor's municipality; the pages' readers are the staff who may see every card of it."""
    found = select(Person).where(Person.municipality_id == actor.municipality_id).outerjoin(Organization)
    if role == "teacher":  # most people are: the list is walked in its order
        found = found.where(_has_role(actor, role))
    elif role:
        few = select(Membership.person_id).where(
            Membership.municipality_id == actor.municipality_id, Membership.role == role
        )
        found = found.where(Person.id.in_(few))
    if organization is not None:
        found = found.where(Person.organization_id == organization)
    if state:
        found = found.where(Person.state == state)
    return found


def to_confirm(
    actor: Actor, *, everybody: bool, person: int | None = None, case: Case | None = None, sees_experts: bool = False
) -> Select[Person]:
    """Return the people whose forms of the name wait for confirmation (or everybody); of a case: those its papers name.

    A case's experts are among them only for who may know them.
    """
    found = select(Person).where(Person.municipality_id == actor.municipality_id)
    if not everybody:
        found = found.where(Person.forms_wait == "1")
    if person is not None:
        found = found.where(Person.id == person)
    if case is not None:
        named = Person.id.in_({case.applicant_id, *(one.person_id for one in case.co_authors if one.person_id)})
        acted = select(Event.actor_id).where(Event.root_kind == "case", Event.root_id == case.id)
        heads = or_(_has_role(actor, "director"), and_(_has_role(actor, "coordinator"), Person.id.in_(acted)))
        mine = select(Assignment.expert_id).where(Assignment.case_id == case.id)
        found = found.where(or_(named, heads, Person.id.in_(mine) if sees_experts else false()))
    return found


def in_work(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on who signs or stands in an open case, as far as the actor may know it: their forms are needed first."""
    ended = {name for kind in CASE_TYPES.values() for name, state in kind.workflow.states.items() if state.final}
    applies = exists().where(
        Case.applicant_id == Person.id, Case.state.not_in(ended), visible(actor, Permission.VIEW).condition
    )
    signs = exists().where(Membership.person_id == Person.id, Membership.role.in_(("director", "coordinator")))
    return or_(applies, signs, load_column(actor) > 0)


def _has_role(actor: Actor, role: str) -> ColumnElement[bool]:
    return exists().where(
        Membership.person_id == Person.id, Membership.municipality_id == actor.municipality_id, Membership.role == role
    )


def experts(actor: Actor, *, direction: str = "", trained: str = "") -> Select[Person]:
    """Return the register of experts of the actor's municipality."""
    found = people(actor, role="expert").outerjoin(ExpertCard, ExpertCard.person_id == Person.id)
    found = found.where(Person.state != "blocked")
    if trained:
        empty = or_(ExpertCard.training.is_(None), ExpertCard.training == "")
        found = found.where(~empty if trained == "yes" else empty)
    # Keys of directions are words without quotation marks: in the JSON text each stands between its own.
    return found.where(cast(ExpertCard.directions, Text).contains(f'"{direction}"')) if direction else found


def load_column(actor: Actor) -> ScalarSelect[int]:
    """Return how many open reviews a person has, of the cases whose experts the actor may know: a column beside ``Person``.

    A coordinator who is an applicant must not see a number grow when their own case is assigned (security.md 72).
    """
    mine = aliased(Assignment)
    counted = select(func.count(mine.id)).join(Case, Case.id == mine.case_id)
    counted = counted.where(mine.expert_id == Person.id, mine.state.in_(OPEN))
    counted = counted.where(visible(actor, Permission.SEE_EXPERTS).condition)
    return counted.correlate(Person).scalar_subquery()


def load(session: Session, actor: Actor, people_ids: Collection[int]) -> Mapping[int, int]:
    """Return the open reviews of some people, as :func:`load_column` counts them."""
    rows = session.execute(select(Person.id, load_column(actor)).where(Person.id.in_(people_ids)))
    return {person: count for person, count in rows}  # noqa: C416 - rows are not pairs for the type checker


def same_name(
    session: Session, municipality_id: int, named: Person | Named, school: int | None = None
) -> Sequence[Person]:
    """Return people of exactly this name: likely the same person entered before; ``school``: of this organisation alone."""
    of_school = () if school is None else (Person.organization_id == school,)
    return session.scalars(
        select(Person).where(
            Person.municipality_id == municipality_id, *of_school, func.lower(Person.last_name) == named.last_name.lower(),
            func.lower(Person.first_name) == named.first_name.lower(), func.lower(Person.middle_name) == named.middle_name.lower(),
        )
    ).unique().all()  # fmt: skip


def by_address(session: Session, email: str) -> Person | None:
    """Return the person of an address, whatever its case."""
    return session.scalars(select(Person).where(func.lower(Person.email) == email.lower()).limit(1)).unique().first()


def somebody(session: Session) -> Person | None:
    """Return any person with an account and an address: for work that is done only to take its time."""
    found = select(Person).where(Person.state == "active", Person.login.is_not(None), Person.email != "")
    return session.scalars(found.limit(1)).unique().first()


def open_centres(session: Session) -> list[Municipality]:
    """Return the municipalities whose centre lets teachers register by themselves."""
    rows = session.scalars(select(Municipality).where(Municipality.state == "working"))
    return sorted((one for one in rows if one.switches.get("self_registration")), key=lambda one: order_key(one.name))


def deputies(session: Session, person_id: int, municipality_id: int, since: date | None = None) -> Sequence[Deputy]:
    """Return the person's terms as the director's deputy, the latest first; with ``since`` those that end later."""
    found = select(Deputy).where(Deputy.person_id == person_id, Deputy.municipality_id == municipality_id)
    if since is not None:
        found = found.where(Deputy.until >= since)
    return session.scalars(found.order_by(Deputy.since.desc(), Deputy.id.desc())).all()


def consents(session: Session, person_id: int) -> Sequence[Consent]:
    """Return every consent that the person gave, the latest first."""
    return session.scalars(
        select(Consent).where(Consent.person_id == person_id).order_by(Consent.given_at.desc(), Consent.id.desc())
    ).all()


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event of a person, with the sheet while it is not erased, and who did it."""

    event: Event
    data: Mapping[str, object] | None
    who: Person | None


def entered_by(session: Session, person: Person) -> tuple[Person, datetime] | None:
    """Return who has entered a person's card and when; None for what the system has entered, or an operator."""
    mine = (Event.root_kind == "person", Event.root_id == person.id, Event.transition == BEGIN)
    row = (
        session.execute(select(Person, Event.at).join(Event, Event.actor_id == Person.id).where(*mine)).unique().first()
    )
    return (row[0], row[1]) if row is not None else None


def history(session: Session, person: Person) -> list[Recorded]:
    """Return the events of a person's card and consents, the latest first."""
    mine = select(Consent.id).where(Consent.person_id == person.id)
    rows = session.execute(
        select(Event, EventPayload, Person)
        .outerjoin(EventPayload, EventPayload.event_id == Event.id)
        .outerjoin(Person, Person.id == Event.actor_id)
        .where(
            or_(
                (Event.root_kind == "person") & (Event.root_id == person.id),
                (Event.root_kind == "consent") & Event.root_id.in_(mine),
            )
        )
        .order_by(Event.at.desc(), Event.id.desc())
    ).unique()
    return [_recorded(event, payload, who) for event, payload, who in rows]


def _recorded(event: Event, payload: EventPayload | None, who: Person | None) -> Recorded:
    return Recorded(event, payload.data if payload else None, who)


def unread(session: Session, actor: Actor) -> list[ColumnElement[bool]]:
    """Return the condition that leaves out who else reads the papers of a case that is judged with the actor's part in it (R30)."""
    cases = session.scalars(judged_with(actor.person_id or 0)).all()
    if not cases:
        return []
    parts: tuple[Any, ...] = (CaseFile, Document, Assignment)
    ids = {Case.kind: cases} | {one.kind: select(one.id).where(one.case_id.in_(cases)) for one in parts}
    about = func.coalesce(AccessLog.subject_id, 0)
    theirs = [and_(AccessLog.subject_kind == kind, about.in_(few)) for kind, few in ids.items()]
    return [or_(AccessLog.person_id == actor.person_id, not_(or_(*theirs)))]


def access(
    actor: Actor, *conditions: ColumnElement[bool], what: str = "", person: int | None = None
) -> list[Select[AccessLog]]:
    """Return the access log of the actor's municipality, and beside it what belongs to none: the refused logins."""
    found = select(AccessLog).where(*conditions)
    if what:
        found = found.where(AccessLog.what == what)
    if person is not None:
        about = (AccessLog.subject_kind == "person") & (AccessLog.subject_id == person)
        found = found.where(or_(AccessLog.person_id == person, about))
    place = AccessLog.municipality_id
    return [found.where(place == actor.municipality_id), found.where(place.is_(None))]


def named(session: Session, ids: Collection[int]) -> Mapping[int, Person]:
    """Return people by id."""
    if not ids:
        return {}
    return {
        one.id: one
        for one in session.scalars(
            select(Person).where(Person.id.in_(ids)).options(joinedload(Person.organization))
        ).unique()
    }
