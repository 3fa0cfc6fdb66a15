"""The work list: what waits for a person, by deadline, in a constant number of statements. Written by ``perform``, read here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, not_, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from workflow_app.db.models import Assignment, Case, Document, Person
from workflow_app.errors import N_, Sentence
from workflow_app.facts import deadlines
from workflow_app.facts.involvement import clashing
from workflow_app.facts.subjects import workflow_of
from workflow_app.facts.visibility_sql import performable, stands_as
from workflow_app.states.next_step import RECORD_OUTSIDE
from workflow_app.states.vocabulary import Actor, Role, Who

CONFLICT = "conflict"  # the kind of a task that is about an expert's ties, beside the case's own turn
SETTLE = N_("Разобрать конфликт интересов эксперта")
_OFFICE = (Who.COORDINATOR, Who.DIRECTOR)


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do: the verb, the case, until when; ``assignment`` when it is the expert's own.

    ``transition`` when the act is known and the case's turn does not tell it.
    """

    verb: Sentence
    case: Case
    due_on: date | None
    kind: str
    assignment: Assignment | None = None
    transition: str = ""

    @property
    def assignment_id(self) -> int | None:
        """The id of the expert's own part, if the task is one of theirs."""
        return self.assignment.id if self.assignment else None

    @property
    def order(self) -> tuple[date, int]:
        """Overdue first, what has no date last."""
        return self.due_on or date.max, self.case.id


def _appeal_runs(today: date) -> ColumnElement[bool]:
    """Return the condition that the office can only wait: the applicant may still appeal (``conditions.appeal_over``)."""
    return and_(Case.state == "approved", Case.appeal_until >= today, not_(Case.appeal_waived), Case.appeals == 0)


def _my_turn(actor: Actor, today: date) -> ColumnElement[bool]:
    mine_to_approve = or_(
        and_(Case.turn == Who.DIRECTOR.value, performable(actor, "approve")),
        and_(Case.turn == Who.COORDINATOR.value, performable(actor, "approve_outside")),
    )
    final = or_(Case.state == "on_approval", Case.decline_proposed)  # where another person than who proposed it decides
    barred = or_(
        stands_as(Who.INVOLVED, actor), and_(final, stands_as(Who.PREPARED, actor)),
        and_(Case.state == "on_approval", not_(mine_to_approve)),
    )  # fmt: skip
    mine = [and_(Case.turn == who.value, stands_as(who, actor), not_(barred)) for who in _OFFICE]
    mine = [and_(one, not_(func.coalesce(_appeal_runs(today), false()))) for one in mine]
    mine.append(
        and_(Case.turn == Who.APPLICANT.value, or_(stands_as(Who.APPLICANT, actor), stands_as(Who.ON_BEHALF, actor)))
    )
    mine += [and_(Case.turn == who.value, stands_as(who, actor)) for who in (Who.LEAD, Who.PANEL)]
    return or_(false(), *mine)


def _to_reissue(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that a paper in force says what stood before a correction, and the actor may issue it anew."""
    old = exists().where(
        Document.case_id == Case.id, Document.outdated, Document.state == "issued", Document.round == Case.round
    )
    return and_(performable(actor, "reissue"), old)


def _my_assignments(actor: Actor) -> Select[Assignment]:
    to_sign = and_(
        Assignment.state.in_(("signed", "consolidated")),
        Case.state == "consolidation",
        Case.circulated,
        Assignment.answered < Case.circulation,
    )
    to_settle = and_(
        Assignment.state.in_(("signed", "consolidated")),
        Case.state == "third_review",
        Assignment.common_answer == "",
        Case.turn == Who.EXPERT.value,
    )
    return (
        select(Assignment)
        .join(Case, Case.id == Assignment.case_id)
        .where(Assignment.expert_id == actor.person_id, Assignment.round == Case.round)
        .where(or_(Assignment.state.in_(("invited", "in_work")), to_sign, to_settle))
    )


def _conflicts(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that the coordinator has to settle an expert's conflict of interest, whosever turn it is."""
    return and_(clashing(), stands_as(Who.COORDINATOR, actor), not_(stands_as(Who.INVOLVED, actor)))


def tasks(session: Session, actor: Actor) -> list[Task]:
    """Return everything that waits for the actor, overdue first."""
    if actor.person_id is None:
        return []
    people = (joinedload(Case.applicant).joinedload(Person.organization), joinedload(Case.organization))
    cases = session.scalars(
        select(Case).where(_my_turn(actor, _today(session, actor))).options(*people).order_by(Case.due_on, Case.id)
    ).unique()
    found = [Task(_verb_of(one, actor), one, one.due_on, one.turn or "") for one in cases]
    if Role.COORDINATOR in actor.roles:
        tied = select(Case).where(_conflicts(actor)).options(*people).order_by(Case.due_on, Case.id)
        found += [Task(SETTLE, one, one.due_on, CONFLICT) for one in session.scalars(tied).unique()]
    again = session.scalars(select(Case).where(_to_reissue(actor)).options(*people).order_by(Case.id)).unique()
    found += [Task(N_("Выдать документ заново"), one, None, "reissue", transition="reissue") for one in again]
    mine = _my_assignments(actor).options(
        contains_eager(Assignment.case).joinedload(Case.applicant).joinedload(Person.organization),
        contains_eager(Assignment.case).joinedload(Case.organization),
    )
    found += [
        Task(_verb_of_assignment(one), one.case, one.due_on or one.case.due_on, "expert", one)
        for one in session.scalars(mine).unique()
    ]
    return sorted(found, key=lambda one: one.order)


def count_waiting(session: Session, actor: Actor) -> int:
    """Return how many tasks :func:`tasks` would give."""
    if actor.person_id is None:
        return 0
    cases = session.scalar(select(func.count()).select_from(Case).where(_my_turn(actor, _today(session, actor)))) or 0
    again = session.scalar(select(func.count()).select_from(Case).where(_to_reissue(actor))) or 0
    mine = session.scalar(select(func.count()).select_from(_my_assignments(actor).subquery())) or 0
    if Role.COORDINATOR in actor.roles:
        mine += session.scalar(select(func.count()).select_from(Case).where(_conflicts(actor))) or 0
    return cases + again + mine


def _today(session: Session, actor: Actor) -> date:
    return deadlines.today(session, actor.municipality_id)


def _verb_of(case: Case, actor: Actor) -> Sentence:
    """Return the verb of a case's turn, from its columns alone: no facts are read for a list."""
    state = workflow_of(case).state(case.state)
    special = {
        ("registered", "director"): N_("Решить по предложенному отказу"),
        ("returned", "director"): N_("Решить по предложенному отказу"),
        ("in_review", "coordinator"): N_("Назначить эксперта взамен"),
        ("approved", "applicant"): N_("Решить, дорабатывать ли материал"),
        ("appealed", "director"): N_("Назначить апелляционную комиссию"),
        ("appealed", "panel"): N_("Решить по апелляции"),
        ("on_approval", "coordinator"): RECORD_OUTSIDE,
    }
    if case.state == "consolidation" and case.circulated:
        return N_("Передать на утверждение")
    if (
        case.state == "assigning"
        and "name_lead" in workflow_of(case).transitions
        and case.required
        and case.lead_id is None
    ):
        return N_("Назначить специалистов и ведущего")
    return special.get((case.state, case.turn or "")) or state.todo or N_("Открыть")


def _verb_of_assignment(assignment: Assignment) -> Sentence:
    if assignment.state == "invited":
        return N_("Ответить на приглашение")
    if assignment.state == "in_work":
        return N_("Заполнить экспертный лист")
    if assignment.case.state == "third_review":
        return N_("Согласовать общий вывод")
    return N_("Подписать сводное заключение")
