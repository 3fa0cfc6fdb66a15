"""Candidates for a case: each expert of the register with what the conflict rules read, in a constant number of statements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from workflow_app import clock, data
from workflow_app.case_types.registry import case_type
from workflow_app.errors import N_, Sentence
from workflow_app.matching.conflicts import Candidate, Conflicts, Examined, find
from workflow_app.matching.nearness import Nearness, nearness
from workflow_app.store.models import Assignment, Case, Event, ExpertCard, Membership, Person

OPEN = ("invited", "accepted", "in_work")
LIVE = (*OPEN, "signed", "consolidated")
PARTICIPATED = ("accepted", "in_work", "signed", "consolidated", "voided", "removed", "recused", "past")
LIFTABLE = frozenset({"methodical_material"})


@dataclass(frozen=True, slots=True)
class Ranked:
    """An expert with the conflicts found; ``place`` is a short reason card for the list."""

    person: Person
    card: ExpertCard | None
    candidate: Candidate
    conflicts: Conflicts
    state: str  # the state of the expert's live assignment on this case, or ""
    serves: bool = False  # works in this direction of expertise
    nearness: Nearness = Nearness.UNKNOWN  # of the subject areas
    peer: bool = False  # holds the very position that the case is about

    @property
    def closeness(self) -> int:
        """The subject weighs as much as the direction of expertise, a kindred subject half of it; the position decides between equals."""
        return 4 * self.serves + 2 * max(0, self.nearness) + self.peer

    @property
    def order(self) -> tuple[object, ...]:
        """Barred ones last, then by closeness to the subject, then without warnings, then the least busy."""
        return (
            bool(self.conflicts.bars),
            bool(self.conflicts.liftable),
            -self.closeness,
            bool(self.conflicts.warnings),
            self.candidate.load,
            self.person.name_order,
        )


def examined_of(session: Session, case: Case) -> Examined:
    """Return the case's side of the conflict rules."""
    people = {case.applicant_id} | {one.person_id for one in case.co_authors if one.person_id is not None}
    rows = session.execute(select(Person.organization_id).where(Person.id.in_(people))).scalars()
    organizations = {one for one in (*rows, case.organization_id) if one is not None}
    of_type = case_type(case.type)
    return Examined(
        frozenset(people), frozenset(organizations), str(case.form.get("subject_area") or ""), case.type in LIFTABLE,
        wants_training=of_type.shape.attestation,
    )  # fmt: skip


def candidates(session: Session, case: Case, only: frozenset[int] | None = None) -> list[Ranked]:
    """Return every expert of the case's municipality, best first; ``only`` narrows to some persons."""
    found = select(Person).options(selectinload(Person.expert)).join(Membership, Membership.person_id == Person.id)
    found = found.where(
        Membership.municipality_id == case.municipality_id, Membership.role == "expert", Person.state != "blocked"
    )
    if only is not None:
        found = found.where(Person.id.in_(only))
    people = session.scalars(found.order_by(Person.name_order, Person.id)).unique().all()
    examined = examined_of(session, case)
    level = str(case.form.get("education_level") or "")
    about = {case.form.get("position"), case.form.get("attested_position")} - {None, ""}
    load, recent = _load(session), _recent(session, case)
    here = {one.expert_id: one for one in case.assignments}
    live = {one.expert_id: one.state for one in case.assignments if one.round == case.round and one.state in LIVE}
    ranked = []
    for person in people:
        mine = [one for one in case.assignments if one.expert_id == person.id]
        candidate = (
            _candidate(person, load, recent, mine, case)
            if person.id in here
            else _candidate(person, load, recent, [], case)
        )
        card = person.expert
        ranked.append(
            Ranked(
                person, card, candidate, find(candidate, examined), live.get(person.id, ""),
                serves=bool(card and case.type in types_of(card.directions)),
                nearness=nearness(candidate.profile, examined.subject_area, level), peer=person.position in about,
            )
        )  # fmt: skip
    return sorted(ranked, key=lambda one: one.order)


def panel_bars(session: Session, case: Case) -> Mapping[int, Sentence]:
    """Return who may not judge the appeal of a case and why, by person: nobody who was involved before (domain.md 5)."""
    acted = session.scalars(
        select(Event.actor_id)
        .where(
            Event.root_kind == "case", Event.root_id == case.id, Event.actor_id.is_not(None), Event.transition != "vote"
        )
        .distinct()
    )
    found = {one: N_("Уже принимал решения по этому делу.") for one in acted if one is not None}
    found |= {one.expert_id: N_("Был приглашён экспертом по этому делу.") for one in case.assignments}
    found |= {one.person_id: N_("Соавтор работы.") for one in case.co_authors if one.person_id is not None}
    return found | {case.applicant_id: N_("Заявитель.")}


def types_of(directions: list[str]) -> frozenset[str]:
    """Return the case types that an expert's directions serve."""
    served = {one["key"]: one["types"] for one in data.load("directions")["directions"]}
    return frozenset(kind for key in directions for kind in served.get(key, ()))


def _candidate(
    person: Person, load: Mapping[int, int], recent: Mapping[int, int], mine: list[Assignment], case: Case
) -> Candidate:
    card = person.expert
    barred = any(one.state in ("voided", "removed", "recused") for one in mine) or bool(
        case.appeal.get("granted") and mine
    )
    return Candidate(
        person_id=person.id,
        organization_id=person.organization_id,
        outside=bool(person.organization and person.organization.outside),
        load=load.get(person.id, 0),
        load_limit=card.load_limit if card else 5,
        recent=recent.get(person.id, 0),
        reviewed_before=barred,
        declared=any(one.state == "refused" and one.refusal.get("cause") == "conflict" for one in mine),
        trained=bool(card and card.training),
        active=person.state == "active",
        profile=card.profile if card else "",
    )


def _load(session: Session) -> Mapping[int, int]:
    rows = session.execute(
        select(Assignment.expert_id, func.count()).where(Assignment.state.in_(OPEN)).group_by(Assignment.expert_id)
    )
    return {expert: count for expert, count in rows}  # noqa: C416 - rows are not pairs for the type checker


def _recent(session: Session, case: Case) -> Mapping[int, int]:
    since = clock.now() - timedelta(days=365)
    rows = session.execute(
        select(Assignment.expert_id, func.count(func.distinct(Assignment.case_id)))
        .join(Case, Case.id == Assignment.case_id)
        .where(Case.applicant_id == case.applicant_id, Case.id != case.id, Assignment.invited_at >= since)
        .where(Assignment.state.in_(PARTICIPATED)).group_by(Assignment.expert_id)
    )  # fmt: skip
    return {expert: count for expert, count in rows}  # noqa: C416 - as above
