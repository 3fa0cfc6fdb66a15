"""The director's queue: what waits for approval and, of each case, what has to be known before signing, in short."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload, selectinload

from workflow_app import clock
from workflow_app.assessment.criteria import CriteriaSheet, from_data
from workflow_app.assessment.scoring import comma
from workflow_app.db import keyset
from workflow_app.db.keyset import Order, Walk
from workflow_app.db.models import Assignment, Case, CriteriaRow, Person
from workflow_app.documents.russian.grammar import within
from workflow_app.errors import N_, Sentence
from workflow_app.facts import assessment, deadlines, involvement, month_orders
from workflow_app.facts.involvement import Invited
from workflow_app.facts.standings import performable
from workflow_app.facts.subjects import workflow_of
from workflow_app.facts.unconfirmed_names import unsure
from workflow_app.features.cases.conclusion.reviews_side_by_side import tone_of
from workflow_app.matching.conflicts import Conflicts
from workflow_app.states import policy
from workflow_app.states.vocabulary import Actor, Facts


@dataclass(frozen=True, slots=True)
class Point:
    """One thing to know before signing: ``tone`` and ``icon`` of the interface, the sentence, somebody's own words."""

    tone: str
    icon: str
    text: Sentence
    quote: str = ""


CLEAR, ATTENTION = "clear", "attention"
MOST = 500  # cases of the queue that are looked at together
_LOT = 25  # cases: who may approve none of these looks on
_NAMES = (Point("attention", "edit", N_("Формы имён не подтверждены: в документах они будут выделены")),)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A case in the queue: the verdict that goes out and the points, the weightiest first.

    One with ``unsure_names`` is approved on its own page alone: there the forms stand that nobody has confirmed. One with
    ``obstacles`` is not approved by this person at all.
    """

    case: Case
    verdict: str
    percent: str
    tone: str
    points: tuple[Point, ...]
    unsure_names: bool = False
    obstacles: tuple[Sentence, ...] = ()

    @property
    def alone(self) -> bool:
        """Whether it cannot be approved together with others."""
        return self.unsure_names or bool(self.obstacles)

    @property
    def clear(self) -> bool:
        """Whether nothing of it has to be looked at: the rule's verdict, no dissent, no conflict, no warning, nothing late."""
        return not self.alone and all(one.tone == "good" for one in self.points)


ORDER = Order(Case, ("due_on",), blank=None)


def queue(session: Session, actor: Actor, walk: Walk, *only: ColumnElement[bool]) -> list[Waiting]:
    """Return a stretch of the cases that wait for approval by whoever is the director now, by deadline: a constant number of statements."""
    people = selectinload(Case.assignments).joinedload(Assignment.expert).selectinload(Person.memberships)
    page = performable(actor, "approve").among(*only).page(select(Case), ORDER, walk)
    found = keyset.rows(page, ORDER).options(
        joinedload(Case.applicant), joinedload(Case.organization), selectinload(Case.co_authors), people
    )
    cases = session.scalars(found).unique().all()
    wanted = {one.criteria_id for one in cases if one.criteria_id is not None}
    rows = session.scalars(select(CriteriaRow).where(CriteriaRow.id.in_(wanted))) if wanted else ()
    sheets = {row.id: from_data(row.data) for row in rows}
    doubted, tied = unsure(session, cases), involvement.unlifted(session, cases)
    own = set(
        session.scalars(select(Case.id).where(Case.id.in_([one.id for one in cases]), involvement.of_a_director()))
    )
    ordered = month_orders.approving(session, cases)
    kept = involvement.invited_with(session, actor.person_id, [one for case in cases for one in case.assignments])
    told = [
        _told(session, one, sheets[one.criteria_id], tied, kept, unsure_names=one.id in doubted)
        for one in cases if one.criteria_id in sheets
    ]  # fmt: skip
    return [
        replace(
            one,
            obstacles=_obstacles(
                actor,
                one.case,
                own_work=one.case.id in own or involvement.of_the_centre(one.case),
                in_order=one.case.id in ordered,
            ),
        )
        for one in told
    ]


def piles(session: Session, actor: Actor) -> Mapping[str, list[Waiting]]:
    """Return the first that wait in two piles, each by deadline: what nothing is said against, and what has to be looked at."""
    found = queue(session, actor, Walk(MOST))
    return {CLEAR: [one for one in found if one.clear], ATTENTION: [one for one in found if not one.clear]}


def count(session: Session, actor: Actor) -> int:
    """Return how many cases wait so, as ``db.counts``."""
    return performable(actor, "approve").count(session)


def following(session: Session, actor: Actor, case: Case | None = None) -> Case | None:
    """Return the first case of the queue, other than ``case``, that this person may approve."""
    only = () if case is None else (Case.id != case.id,)
    walk: Walk | None = Walk(_LOT)
    while walk is not None:
        found = queue(session, actor, walk, *only)
        for one in found:
            if not one.obstacles:
                return one.case
        walk = replace(walk, place=ORDER.key_of(found[-1].case)) if len(found) == _LOT else None
    return None


def _obstacles(actor: Actor, case: Case, *, own_work: bool, in_order: bool) -> tuple[Sentence, ...]:
    """Return why this person may not approve, by the policy on what its answer hangs on: a whole list of facts would be read one by one."""
    facts = Facts(
        state=case.state, now=clock.now(), today=clock.now().date(), municipality_id=case.municipality_id,
        applicant_id=case.applicant_id, composed_by=case.composed_by, circulated_by=case.circulated_by,
        proposed_by=case.proposed_by, own_work=own_work, in_order=in_order,
    )  # fmt: skip
    offer = policy.offers(workflow_of(case), actor, facts).get("approve")
    return offer.obstacles if offer else ()


def summary(session: Session, actor: Actor, case: Case, sheet: CriteriaSheet) -> Waiting:
    """Return what the director has to know of one case."""
    tied, unsure_names = involvement.unlifted(session, [case]), case.id in unsure(session, [case])
    kept = involvement.invited_with(session, actor.person_id, case.assignments)
    return _told(session, case, sheet, tied, kept, unsure_names=unsure_names)


def _told(
    session: Session,
    case: Case,
    sheet: CriteriaSheet,
    tied: Mapping[int, Conflicts],
    kept: Mapping[int, Invited],
    *,
    unsure_names: bool,
) -> Waiting:
    given = sheet.verdict(case.verdict) if case.verdict else None
    today = deadlines.today(session, case.municipality_id)
    points = (
        *_conflicts(case, tied),
        *_deviation(case, sheet),
        *_dissents(case),
        *_third(case),
        *_warnings(case, tied, kept),
    ) or (Point("good", "check", N_("Вывод по правилу, все эксперты подписали без особых мнений.")),)
    return Waiting(
        case, given.text if given else "", f"{comma(case.percent)} %" if case.percent is not None else "", tone_of(given, sheet),
        (*points, *(_NAMES if unsure_names else ()), *_lateness(case, today)), unsure_names,
    )  # fmt: skip


def _deviation(case: Case, sheet: CriteriaSheet) -> Iterator[Point]:
    """R29: a verdict other than the rule's, with the reason."""
    if case.deviation:
        rule = within(sheet.verdict(case.rule_verdict).text) if case.rule_verdict else str(N_("не определён"))
        yield Point(
            "attention", "scales", N_("Вывод отличается от правила. По правилу: %(rule)s", rule=rule), case.deviation
        )


def _dissents(case: Case) -> Iterator[Point]:
    for one in assessment.counted(case):
        if words := one.dissent or one.common_opinion:
            yield Point("attention", "comment", N_("Особое мнение: %(who)s", who=one.expert.short_name), words)


def _third(case: Case) -> Iterator[Point]:
    if case.settled_without:
        yield Point(
            "attention", "info", N_("Расхождение оценок оставлено без дополнительной экспертизы"), case.settled_without
        )
    elif case.third_held:
        meeting = bool(case.common)
        said = (
            N_("Оценки расходились: специалисты согласовали общий вывод")
            if meeting
            else N_("Оценки расходились: проведена дополнительная экспертиза")
        )
        yield Point("work", "info", said)


def _conflicts(case: Case, tied: Mapping[int, Conflicts]) -> Iterator[Point]:
    """Yield what would bar an expert today: it came up after the expert was chosen, or nobody lifted it."""
    for one in assessment.counted(case):
        for words in involvement.told(tied[one.id]) if one.id in tied else ():
            yield Point("stopped", "warning", N_("%(who)s. %(what)s", who=one.expert.short_name, what=str(words)))


def _warnings(case: Case, tied: Mapping[int, Conflicts], kept: Mapping[int, Invited]) -> Iterator[Point]:
    for one in assessment.counted(case):
        said = {str(words) for words in involvement.told(tied[one.id])} if one.id in tied else set()
        for words in kept[one.id].warnings:
            if words not in said:
                yield Point(
                    "attention",
                    "warning",
                    N_("%(who)s: %(what)s", who=one.expert.short_name, what=str(words)),
                    kept[one.id].reason,
                )


def _lateness(case: Case, today: date) -> Iterator[Point]:
    """Lateness of the approval itself and of the legal terms of an attestation (R8, R9)."""
    if case.due_on is not None and case.due_on < today:
        yield Point("stopped", "clock", N_("Срок утверждения истёк %(day)s", day=f"{case.due_on:%d.%m.%Y}"))
    if case.decision_due is not None and case.decision_due < today:
        yield Point(
            "stopped",
            "clock",
            N_("60 дней до решения комиссии истекли %(day)s", day=f"{case.decision_due:%d.%m.%Y}"),
        )
    elif case.attestation_on is not None and case.attestation_on < today:
        yield Point(
            "attention", "clock", N_("Дата аттестации уже прошла: %(day)s", day=f"{case.attestation_on:%d.%m.%Y}")
        )
