"""Candidates for a case: each expert of the register with what the conflict rules read, in a constant number of statements."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from workflow_app import clock
from workflow_app.case_types.registry import CASE_TYPES, case_type
from workflow_app.db.models import Assignment, Case, Event, ExpertCard, Membership, Person
from workflow_app.errors import N_, Sentence
from workflow_app.facts import absences, deadlines, roster
from workflow_app.facts.involvement import LIVE, examined_of, live
from workflow_app.matching.conflicts import Approval, Candidate, Conflicts, Examined, find, ties
from workflow_app.matching.subject_distance import Nearness, nearness

OPEN = ("invited", "accepted", "in_work")
PARTICIPATED = ("accepted", "in_work", "signed", "consolidated", "voided", "removed", "recused", "past")
TURNED_DOWN = ("refused", "expired")
DEFAULT_LIMIT = 5  # open assignments of an expert whose card says nothing


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
    turned_down: bool = False  # refused this case before, or let its invitation lapse

    @property
    def closeness(self) -> tuple[int, int, bool]:
        """The subject weighs as much as the direction, a kindred one half; of equals the nearer subject, and only then the same post."""
        near = max(0, self.nearness)
        return 2 * self.serves + near, near, self.peer

    @property
    def order(self) -> tuple[object, ...]:
        """Barred ones last, who turned the case down before them, then by closeness, then without warnings, then the least busy."""
        return (
            bool(self.conflicts.bars),
            bool(self.conflicts.liftable),
            self.turned_down,
            tuple(-one for one in self.closeness),
            bool(self.conflicts.warnings),
            self.candidate.load,
            self.person.name_order,
        )


def candidates(session: Session, case: Case, only: frozenset[int] | None = None) -> list[Ranked]:
    """Return every expert of the case's municipality, best first; ``only`` narrows to some persons."""
    found = select(Person).options(selectinload(Person.expert)).join(Membership, Membership.person_id == Person.id)
    found = found.where(
        Membership.municipality_id == case.municipality_id, Membership.role == "expert", Person.state != "blocked"
    )
    if only is not None:
        found = found.where(Person.id.in_(only))
    people = session.scalars(found.order_by(Person.name_order, Person.id)).unique().all()
    examined, approved = _demands(session, case)
    level = str(case.form.get("education_level") or "")
    about = {case.form.get("position"), case.form.get("attested_position")} - {None, ""}
    load, recent = loads(session, [one.id for one in people]), _recent(session, case)
    away = _away(session, case, [one.id for one in people])
    invited = {one.expert_id: one.state for one in case.assignments if one.round == case.round and one.state in LIVE}
    ranked = []
    for person in people:
        mine = [one for one in case.assignments if one.expert_id == person.id]
        bar, warning = away.get(person.id, (None, None))
        candidate = replace(
            _candidate(person, load, recent, mine, case), approval=approved.get(person.id), away=bar, leaves=warning
        )
        card = person.expert
        ranked.append(
            Ranked(
                person, card, candidate, find(candidate, examined), invited.get(person.id, ""),
                serves=bool(card and case.type in types_of(card.directions)),
                nearness=nearness(candidate.profile, examined.subject_area, level), peer=person.position in about,
                turned_down=any(one.state in TURNED_DOWN for one in mine),
            )
        )  # fmt: skip
    return sorted(ranked, key=lambda one: one.order)


def best(session: Session, case: Case) -> list[Ranked]:
    """Return the first experts whom nothing speaks against, as many as are needed; places for those from outside stay theirs.

    Who refused this case or let its invitation lapse is never among them, nor anybody with a bar or a warning.
    """
    free = [one for one in candidates(session, case) if not one.state and one.conflicts.clear and not one.turned_down]
    need, outside = needed(case)
    chosen = [one for one in free if one.candidate.outside][:outside]
    return chosen + [one for one in free if one not in chosen][: max(0, need - outside)]


def needed(case: Case) -> tuple[int, int]:
    """Return how many experts are wanted yet, and how many of them have to come from outside."""
    here_now = live(case)
    outside = case_type(case.type).outside(case.form, case.required) - sum(one.outside for one in here_now)
    need = max(0, case.required - len(here_now))
    return need, min(need, max(0, outside))


def _demands(session: Session, case: Case) -> tuple[Examined, Mapping[int, Approval]]:
    """Return the case's side, and who is in the approved roster where an attestation demands that (R51)."""
    examined = examined_of(session, case)
    if not examined.wants_training:
        return examined, {}
    today = deadlines.today(session, case.municipality_id)
    entered = roster.approvals(session, case.municipality_id, today)
    return replace(examined, approved_on=today if entered is not None else None), entered or {}


def _away(
    session: Session, case: Case, people: Collection[int]
) -> Mapping[int, tuple[Sentence | None, Sentence | None]]:
    """Return what bars those who are away today, and what warns of those who leave before a sheet would be due (R52). One statement."""
    today = deadlines.today(session, case.municipality_id)
    due = deadlines.due_from(session, case, "review").day
    found: dict[int, tuple[Sentence | None, Sentence | None]] = {}
    for person_id, row in absences.away(session, people, today, due).items():
        first, last, cause = f"{row.since:%d.%m.%Y}", f"{row.until:%d.%m.%Y}", absences.cause_of(row)
        if row.since <= today:
            found[person_id] = N_("Отсутствует до %(day)s: %(cause)s.", day=last, cause=cause), None
        else:
            words = N_("Отсутствует с %(first)s по %(last)s: %(cause)s.", first=first, last=last, cause=cause)
            found[person_id] = None, words
    return found


def panel_conflicts(session: Session, case: Case, people: Collection[int]) -> Mapping[int, Conflicts]:
    """Return what keeps these people from judging the appeal of a case: involvement before (domain.md 5), and any expert's ties."""
    involved, examined = involved_in(session, case), examined_of(session, case)
    rows = session.execute(select(Person.id, Person.organization_id).where(Person.id.in_(people)))
    found = {row.id: ties(row.id, row.organization_id, examined) for row in rows}
    return found | {person_id: Conflicts((words,)) for person_id, words in involved.items() if person_id in found}


def involved_in(session: Session, case: Case) -> Mapping[int, Sentence]:
    """Return who had a part in a case before its appeal, with the words for it."""
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
    return frozenset(kind.key for kind in CASE_TYPES.values() if not {*kind.directions}.isdisjoint(directions))


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
        load_limit=card.load_limit if card else DEFAULT_LIMIT,
        recent=recent.get(person.id, 0),
        reviewed_before=barred,
        declared=any(one.state == "refused" and one.refusal.get("cause") == "conflict" for one in mine),
        trained=bool(card and card.training),
        active=person.state == "active",
        profile=card.profile if card else "",
        heard_appeal=any(one.person_id == person.id for one in case.panel),
    )


def loads(session: Session, people: Collection[int]) -> Mapping[int, int]:
    """Return how many open assignments each of these people has."""
    mine = select(Assignment.expert_id, func.count()).where(Assignment.expert_id.in_(people))
    rows = session.execute(mine.where(Assignment.state.in_(OPEN)).group_by(Assignment.expert_id))
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
