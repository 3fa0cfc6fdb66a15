"""Candidates for a case: each expert of the register with what the conflict rules read, in a constant number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased, selectinload

from workflow_app import clock
from workflow_app.db.models import Assignment, Case, Event, ExpertCard, Membership, Person
from workflow_app.errors import N_, Sentence
from workflow_app.facts import absences, deadlines, roster
from workflow_app.facts import affinity as affinity_facts
from workflow_app.facts.affinity import DEFAULT_LIMIT, OPEN, types_of
from workflow_app.facts.involvement import LIVE, countable, examined_by_case, examined_of
from workflow_app.facts.past_work import TURNED_DOWN
from workflow_app.matching.affinity import Affinity, Expert, affinity, why
from workflow_app.matching.conflicts import Approval, Candidate, Conflicts, Examined, find, ties
from workflow_app.matching.subject_distance import Nearness, nearness

PARTICIPATED = ("accepted", "in_work", "signed", "consolidated", "voided", "removed", "recused", "past")


@dataclass(frozen=True, slots=True)
class Ranked:
    """An expert with the conflicts found and, where candidates are ranked, how well they suit and why, in a few words."""

    person: Person
    card: ExpertCard | None
    candidate: Candidate
    conflicts: Conflicts
    state: str  # the state of the expert's live assignment on this case, or ""
    serves: bool = False  # works in this direction of expertise
    nearness: Nearness = Nearness.UNKNOWN  # of the subject areas
    peer: bool = False  # holds the very position that the case is about
    turned_down: bool = False  # refused this case before, or let its invitation lapse
    affinity: Affinity = Affinity()
    why: tuple[Sentence, ...] = ()
    past: Expert = Expert()

    @property
    def order(self) -> tuple[object, ...]:
        """Barred ones last, who turned the case down before them, then by affinity, then without warnings, then the least busy."""
        return (
            bool(self.conflicts.bars),
            bool(self.conflicts.liftable),
            self.turned_down,
            -self.affinity.percent,
            bool(self.conflicts.warnings),
            self.candidate.load,
            self.person.name_order,
        )

    @property
    def free(self) -> bool:
        """Whether nothing speaks against inviting the expert: no bar, no warning, not invited already, never turned it down."""
        return not self.state and self.conflicts.clear and not self.turned_down


def candidates(
    session: Session, case: Case, only: frozenset[int] | None = None, *, reader: int | None = None
) -> list[Ranked]:
    """Return every expert of the case's municipality, best first; ``only`` narrows to some persons, ``reader``: who is told of them."""
    return candidates_of(session, [case], only=only, reader=reader)[case.id]


def candidates_of(
    session: Session,
    cases: Sequence[Case],
    weights: Mapping[str, float] | None = None,
    *,
    only: frozenset[int] | None = None,
    reader: int | None = None,
) -> Mapping[int, list[Ranked]]:
    """Return for each of these cases of one centre every expert, best first, in a constant number of statements.

    ``weights``: others than those of the centre. ``reader``: who is told of them, so that what their own case asks of an expert
    is not counted while it is judged (R30); None: the centre itself, which counts everything.
    """
    found, examined = _unranked(session, cases, only, reader)
    people = list({one.person.id: one.person for some in found.values() for one in some}.values())
    places = {id_: one.organizations for id_, one in examined.items()}
    known = affinity_facts.known(session, cases, people, places, reader)
    used = known.weights if weights is None else weights
    return {
        id_: sorted((_ranked(one, known, id_, used) for one in some), key=lambda one: one.order)
        for id_, some in found.items()
    }


def _ranked(one: Ranked, known: affinity_facts.Known, case_id: int, weights: Mapping[str, float]) -> Ranked:
    expert, work = known.experts[one.person.id], known.works[case_id]
    return replace(one, affinity=affinity(expert, work, weights), why=why(expert, work), past=expert)


def checked(session: Session, case: Case, only: Collection[int], reader: int | None) -> Mapping[int, Ranked]:
    """Return what speaks against some experts, by id, without ranking them: what an act asks, as far as ``reader`` is told."""
    return {one.person.id: one for one in _unranked(session, [case], frozenset(only), reader)[0][case.id]}


def _unranked(
    session: Session, cases: Sequence[Case], only: frozenset[int] | None, reader: int | None = None
) -> tuple[Mapping[int, list[Ranked]], Mapping[int, Examined]]:
    """Return the experts of the cases' centre, or some of them, with what speaks against each; and the cases' side."""
    if not cases:
        return {}, {}
    people = _experts(session, cases[0].municipality_id, only)
    ids = [one.id for one in people]
    examined, approved = _demands(session, cases)
    load, recent, away = loads(session, ids, reader), _recent(session, cases, reader), _away(session, cases, ids)
    found = {}
    for case in cases:
        mine = defaultdict[int, list[Assignment]](list)
        for one in case.assignments:
            mine[one.expert_id].append(one)
        panel = heard_by(case)
        ranked = []
        for person in people:
            here = mine.get(person.id, [])
            known = _candidate(person, load, recent.get((case.id, person.id), 0), here, case, panel)
            bar, warning = away.get((case.id, person.id), (None, None))
            known = replace(known, approval=approved.get(person.id), away=bar, leaves=warning)
            ranked.append(_one(case, person, here, examined[case.id], known))
        found[case.id] = ranked
    return found, examined


def _experts(session: Session, municipality_id: int, only: frozenset[int] | None) -> Sequence[Person]:
    found = select(Person).options(selectinload(Person.expert)).join(Membership, Membership.person_id == Person.id)
    found = found.where(
        Membership.municipality_id == municipality_id, Membership.role == "expert", Person.state != "blocked"
    )
    if only is not None:
        found = found.where(Person.id.in_(only))
    return session.scalars(found.order_by(Person.name_order, Person.id)).unique().all()


def _one(case: Case, person: Person, mine: Sequence[Assignment], examined: Examined, candidate: Candidate) -> Ranked:
    about = {case.form.get("position"), case.form.get("attested_position")} - {None, ""}
    invited = [one.state for one in mine if one.round == case.round and one.state in LIVE]
    card = person.expert
    return Ranked(
        person, card, candidate, find(candidate, examined), invited[0] if invited else "",
        serves=bool(card and case.type in types_of(card.directions)),
        nearness=nearness(candidate.profile, examined.subject_area, str(case.form.get("education_level") or "")),
        peer=person.position in about, turned_down=any(one.state in TURNED_DOWN for one in mine),
    )  # fmt: skip


def _demands(session: Session, cases: Sequence[Case]) -> tuple[Mapping[int, Examined], Mapping[int, Approval]]:
    """Return the side of each case, and who is in the approved roster where an attestation demands that (R51)."""
    examined = examined_by_case(session, cases)
    if not any(one.wants_training for one in examined.values()):
        return examined, {}
    today = deadlines.today(session, cases[0].municipality_id)
    entered = roster.approvals(session, cases[0].municipality_id, today)
    on = today if entered is not None else None
    asked = {id_: replace(one, approved_on=on) if one.wants_training else one for id_, one in examined.items()}
    return asked, entered or {}


Away = tuple[Sentence | None, Sentence | None]
"""What bars somebody who is away, and what warns of somebody who leaves."""


def _away(session: Session, cases: Sequence[Case], people: Collection[int]) -> Mapping[tuple[int, int], Away]:
    """Return, by case and expert, what bars those who are away today, and what warns of those who leave before a sheet would be due (R52).

    One statement: of the days until the last sheet is due, the first absence of each is also the first until an earlier one.
    """
    today = deadlines.today(session, cases[0].municipality_id)
    dues = {one.id: deadlines.due_from(session, one, "review").day for one in cases}
    found: dict[tuple[int, int], Away] = {}
    for person_id, row in absences.away(session, people, today, max(dues.values())).items():
        first, last, cause = f"{row.since:%d.%m.%Y}", f"{row.until:%d.%m.%Y}", absences.cause_of(row)
        bar = N_("Отсутствует до %(day)s: %(cause)s.", day=last, cause=cause)
        warning = N_("Отсутствует с %(first)s по %(last)s: %(cause)s.", first=first, last=last, cause=cause)
        told: Away = (bar, None) if row.since <= today else (None, warning)
        found |= {(case_id, person_id): told for case_id, due in dues.items() if row.since <= due}
    return found


def panel_conflicts(session: Session, case: Case, people: Collection[int]) -> Mapping[int, Conflicts]:
    """Return what keeps these people from judging the appeal of a case: involvement before (domain.md 5), and any expert's ties."""
    involved, examined = involved_in(session, case), examined_of(session, case)
    rows = session.execute(select(Person.id, Person.organization_id).where(Person.id.in_(people)))
    found = {row.id: ties(row.id, row.organization_id, examined) for row in rows}
    return found | {person_id: Conflicts((words,)) for person_id, words in involved.items() if person_id in found}


def heard_by(case: Case) -> frozenset[int]:
    """Return who has heard an appeal of the case, or is to."""
    return frozenset({*(one.person_id for one in case.panel), *case.appeal.get("heard", ())})


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
    found |= {one: N_("Рассматривал прошлую апелляцию по этому делу.") for one in case.appeal.get("heard", ())}
    found |= {one.person_id: N_("Соавтор работы.") for one in case.co_authors if one.person_id is not None}
    return found | {case.applicant_id: N_("Заявитель.")}


def _candidate(
    person: Person, load: Mapping[int, int], recent: int, mine: Sequence[Assignment], case: Case, panel: Collection[int]
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
        recent=recent,
        reviewed_before=barred,
        declared=any(one.state == "refused" and one.refusal.get("cause") == "conflict" for one in mine),
        trained=bool(card and card.training),
        active=person.state == "active",
        profile=card.profile if card else "",
        heard_appeal=person.id in panel,
    )


def loads(session: Session, people: Collection[int], reader: int | None = None) -> Mapping[int, int]:
    """Return how many open assignments each of these people has, as far as ``reader`` is told."""
    mine = select(Assignment.expert_id, func.count()).where(Assignment.expert_id.in_(people), *countable(reader))
    rows = session.execute(mine.where(Assignment.state.in_(OPEN)).group_by(Assignment.expert_id))
    return {expert: count for expert, count in rows}  # noqa: C416 - rows are not pairs for the type checker


def _recent(session: Session, cases: Sequence[Case], reader: int | None) -> Mapping[tuple[int, int], int]:
    """Return how many other cases of its applicant an expert took in 12 months, by case and expert, as far as ``reader`` is told."""
    since, this = clock.now() - timedelta(days=365), aliased(Case)
    rows = session.execute(
        select(this.id, Assignment.expert_id, func.count(func.distinct(Assignment.case_id)))
        .join(Case, Case.id == Assignment.case_id).join(this, and_(this.applicant_id == Case.applicant_id, this.id != Case.id))
        .where(this.id.in_([one.id for one in cases]), Assignment.invited_at >= since, Assignment.state.in_(PARTICIPATED))
        .where(*countable(reader))
        .group_by(this.id, Assignment.expert_id)
    )  # fmt: skip
    return {(case_id, expert): count for case_id, expert, count in rows}
