"""Which cases name somebody whose forms of the name nobody has confirmed: their documents would show them highlighted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow_app.db.models import Case, Event, Membership, Person
from workflow_app.facts import assessment
from workflow_app.facts.naming import lacking

_KEPT = ("propose", "circulate", "start", "register")  # who does one of these keeps the case: the order charges them


def unsure(session: Session, cases: Sequence[Case]) -> frozenset[int]:
    """Return the ids of such cases, in a constant number of statements.

    Named are the applicant, the co-authors whom the centre knows, the experts of the round, the director and who keeps
    the case.
    """
    keepers, heads = _keepers(session, cases), _directors(session, cases)
    named: dict[int, set[int]] = defaultdict(set)
    for case in cases:
        named[case.id] = {case.applicant_id, *(one.expert_id for one in assessment.counted(case))}
        named[case.id] |= {one.person_id for one in case.co_authors if one.person_id is not None}
        named[case.id] |= {one for one in (keepers.get(case.id), heads.get(case.municipality_id)) if one is not None}
    people = {one for many in named.values() for one in many}
    rows = session.execute(select(Person.id, Person.forms).where(Person.id.in_(people)))
    doubted = {row.id for row in rows if lacking(row.forms)}
    return frozenset(id_ for id_, many in named.items() if many & doubted)


def _keepers(session: Session, cases: Sequence[Case]) -> dict[int, int]:
    """Return who keeps each case: the coordinator who acted last."""
    rows = session.execute(
        select(Event.root_id, Event.actor_id)
        .where(Event.root_kind == "case", Event.root_id.in_([one.id for one in cases]), Event.transition.in_(_KEPT))
        .where(Event.actor_id.is_not(None)).order_by(Event.seq)
    )  # fmt: skip
    return {row.root_id: row.actor_id for row in rows}


def _directors(session: Session, cases: Sequence[Case]) -> dict[int, int]:
    """Return the director of each municipality of the cases."""
    places = {one.municipality_id for one in cases}
    rows = session.execute(
        select(Membership.municipality_id, Membership.person_id)
        .where(Membership.role == "director", Membership.municipality_id.in_(places)).order_by(Membership.person_id.desc())
    )  # fmt: skip
    return {row.municipality_id: row.person_id for row in rows}
