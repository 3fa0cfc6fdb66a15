"""Who leads a case: whose list it stands in. No right follows from it (policy knows nothing of it).

A case without a coordinator, and one whose coordinator has gone or is involved in it, stands in the lists of all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import Session, lazyload, load_only

from workflow_app.db.models import Case, Membership, Person, Standing
from workflow_app.db.own_words import is_word
from workflow_app.facts import keeping
from workflow_app.states.vocabulary import Actor, Role, Who


def active(municipality_id: int | None) -> Select[int]:
    """Return the ids of the coordinators of a municipality whose account is not closed."""
    of_role = and_(Membership.municipality_id == municipality_id, Membership.role == Role.COORDINATOR.value)
    found = select(Membership.person_id).join(Person, Person.id == Membership.person_id)
    return found.where(of_role, Person.state != "blocked")


def in_list(actor: Actor, keeper: Any) -> ColumnElement[bool]:
    """Return the condition that what ``keeper`` (a column of ids, 0 or NULL: nobody) keeps stands in the actor's own list."""
    # one by one: a list of values would be written anew into the whole statement each time it is asked
    return or_(
        keeper.is_(None),
        keeper == 0,
        keeper == (0 if actor.person_id is None else actor.person_id),
        keeper.not_in(active(actor.municipality_id)),
    )


def led_by(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on ``Case`` that it stands in the actor's own list."""
    involved = exists().where(
        Standing.person_id == Case.coordinator_id, is_word(Standing.subject_kind, Case.kind),
        is_word(Standing.who, Who.INVOLVED.value), Standing.subject_id == Case.id,
    )  # fmt: skip
    return or_(in_list(actor, Case.coordinator_id), involved)


def leads(actor: Actor) -> bool:
    """Whether the actor has a list of their own among those of the office: a coordinator, whatever else they are."""
    return Role.COORDINATOR in actor.roles


def coordinators(session: Session, municipality_id: int | None) -> Sequence[Person]:
    """Return the coordinators of a municipality by name, without more of them than that."""
    return session.scalars(_coordinators(municipality_id)).all()


@keeping.statements
def _coordinators(municipality_id: int | None) -> Select[Person]:
    found = select(Person).where(Person.id.in_(active(municipality_id))).order_by(Person.name_order, Person.id)
    names = load_only(Person.last_name, Person.first_name, Person.middle_name)
    return found.options(names, lazyload(Person.organization), lazyload(Person.memberships))
