"""What the acts on absences do to rows: the days are kept, the cases that a coordinator leads go to the deputy, each by its own act."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow_app.db.models import Absence, Case, Membership, Person
from workflow_app.errors import N_, Broken, Invalid
from workflow_app.facts import absences, deadlines
from workflow_app.facts.locking import lock_root
from workflow_app.facts.standings import own
from workflow_app.facts.subjects import offers_of
from workflow_app.gate import effect, entail
from workflow_app.states.definitions.absence import AskAbsence, ConfirmAbsence
from workflow_app.states.definitions.case.forms import HandOver
from workflow_app.states.vocabulary import Actor, Role, Who

_NOT_THERE = N_("Передать дела можно другому координатору, который в эти дни на месте.")


@effect.register
def _ask(sheet: AskAbsence, session: Session, actor: Actor, subject: Absence) -> None:
    """Take the days; nobody is away twice on a day, nor was away in the past."""
    del actor
    if sheet.person_id != subject.person_id:
        raise Broken("the row of an absence is not what its sheet says")
    person = session.get_one(Person, subject.person_id)
    if not absences.may_be_away(session, person, subject.municipality_id):
        raise Invalid({"": (N_("Отсутствие отмечают эксперту и координатору: других система не ждёт."),)})
    if sheet.until < deadlines.today(session, subject.municipality_id):
        raise Invalid({"until": (N_("Эти дни уже прошли."),)})
    subject.since, subject.until, subject.cause = sheet.since, sheet.until, sheet.cause
    lock_root(session, person)  # flushes; another row of the person, asked for at once, is seen behind it
    if absences.overlapping(session, subject):
        raise Invalid({"since": (N_("На эти дни отсутствие уже отмечено."),)})
    if sheet.deputy_id is not None and sheet.deputy_id not in {one.id for one in deputies(session, subject)}:
        raise Invalid({"deputy_id": (_NOT_THERE,)})
    subject.deputy_id = sheet.deputy_id  # proposed: who confirms it decides


@effect.register
def _confirm(sheet: ConfirmAbsence, session: Session, actor: Actor, subject: Absence) -> None:
    """Hand the led cases over to the deputy, each by an act of its own; what the deputy may not lead stays and is told of."""
    subject.deputy_id = sheet.deputy_id
    if sheet.deputy_id is None:
        return
    if sheet.deputy_id not in {one.id for one in deputies(session, subject)}:
        raise Invalid({"deputy_id": (_NOT_THERE,)})
    reason = f"Отсутствие с {subject.since:%d.%m.%Y} по {subject.until:%d.%m.%Y}"
    for case in handed(session, actor, subject, sheet.deputy_id):
        entail(session, actor, case, "hand_over", HandOver(coordinator_id=sheet.deputy_id, reason=reason))


def handed(session: Session, actor: Actor, row: Absence, deputy_id: int) -> Sequence[Case]:
    """Return the led cases that the actor may hand over to the deputy: neither of them has a part in those (R30)."""
    barred = set(session.scalars(own(deputy_id, Case.kind, {Who.INVOLVED})))
    led = (one for one in absences.led_by(session, row) if one.id not in barred)
    offers = ((one, offers_of(one, session, actor).get("hand_over")) for one in led)
    return [one for one, offer in offers if offer is not None and offer.open]


def coordinators(session: Session, municipality_id: int, but: int) -> Sequence[Person]:
    """Return the coordinators of a centre but one person, by name."""
    found = select(Person).join(Membership, Membership.person_id == Person.id).where(
        Membership.municipality_id == municipality_id, Membership.role == Role.COORDINATOR.value,
        Person.state == "active", Person.id != but,
    )  # fmt: skip
    return session.scalars(found.order_by(Person.name_order, Person.id)).unique().all()


def deputies(session: Session, row: Absence) -> Sequence[Person]:
    """Return the other coordinators of the centre who are there on these days, by name."""
    people = coordinators(session, row.municipality_id, row.person_id)
    gone = absences.away(session, [one.id for one in people], row.since, row.until)
    return [one for one in people if one.id not in gone]
