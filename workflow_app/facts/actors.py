"""Who acts: a person's roles in a municipality today, as the actor that the gate asks for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session

from workflow_app import clock
from workflow_app.db.models import Consent, Deputy, Membership, Person
from workflow_app.facts import deadlines
from workflow_app.states.vocabulary import Actor, Proof, Role, Via


def actor_of(session: Session, person: Person, municipality_id: int, *, via: Via = Via.WEB, ip: str = "") -> Actor:
    """Return the person as an actor in one municipality; a deputy of today acts as the director too (R30)."""
    known = [one.role for one in person.memberships if one.municipality_id == municipality_id]
    return with_roles(session, person, municipality_id, known, via=via, ip=ip)


def with_roles(
    session: Session,
    person: Person,
    municipality_id: int,
    known: Iterable[str],
    *,
    via: Via = Via.WEB,
    ip: str = "",
    may_deputise: bool = True,
) -> Actor:
    """Return the actor of roles that were read already; ``may_deputise`` is False when nobody is appointed around today."""
    roles = frozenset(Role(one) for one in known)
    deputy_for = None
    if may_deputise and Role.DIRECTOR not in roles and (director := _deputises(session, person.id, municipality_id)):
        roles |= {Role.DIRECTOR}
        deputy_for = director
    return Actor(person.id, municipality_id, roles, via, ip, person.organization_id, deputy_for)


_DEPUTISES = exists().where(
    Deputy.person_id == bindparam("person"), Deputy.municipality_id == bindparam("centre"), Deputy.since <= bindparam("today"),
    Deputy.until >= bindparam("today"),
)  # fmt: skip
_DIRECTOR = (
    select(Membership.person_id)
    .where(Membership.municipality_id == bindparam("centre"), Membership.role == Role.DIRECTOR.value, _DEPUTISES)
    .limit(1)
)


def _deputises(session: Session, person_id: int, municipality_id: int) -> int | None:
    today = deadlines.today(session, municipality_id)
    return session.scalar(_DIRECTOR, {"person": person_id, "centre": municipality_id, "today": today})


def proved(session: Session, actor: Actor) -> Actor:
    """Return the actor with the proof of the password just typed, under the agreement that stands; else unchanged (R35)."""
    version = session.scalar(
        select(Consent.text_version).where(
            Consent.person_id == actor.person_id, Consent.consent_kind == "simple_signature", Consent.state == "given"
        ).order_by(Consent.given_at.desc()).limit(1)
    )  # fmt: skip
    return replace(actor, proof=Proof(clock.now(), version)) if version else actor
