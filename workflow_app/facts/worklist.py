"""The work list: what waits for a person, by deadline, in a constant number of statements. Written by ``perform``, read here.

What waits stands in rows of its own (``facts.standing_rows``); a row that waits for a role is not shown to the involved (R30).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session, joinedload

from workflow_app.case_types.registry import CASE_TYPES
from workflow_app.db import counts
from workflow_app.db.models import Assignment, Case, Person, Waiting
from workflow_app.errors import N_, Sentence
from workflow_app.facts import deadlines
from workflow_app.facts.standings import own
from workflow_app.facts.subjects import workflow_of
from workflow_app.states import standings as pure
from workflow_app.states.next_step import RECORD_OUTSIDE
from workflow_app.states.standings import CONFLICT, PLACE, REISSUE
from workflow_app.states.vocabulary import Actor, Role, Who

SETTLE = N_("Разобрать конфликт интересов эксперта")
AGAIN = N_("Выдать документ заново")


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


def tasks(session: Session, actor: Actor) -> list[Task]:
    """Return everything that waits for the actor, overdue first."""
    if actor.person_id is None:
        return []
    people = (joinedload(Case.applicant).joinedload(Person.organization), joinedload(Case.organization))
    of_place = and_(Waiting.subject_kind == Assignment.kind, Assignment.id == Waiting.subject_id)
    found: list[Task] = []
    for branch in _branches(session, actor):
        rows = (
            select(Waiting.todo, Case, Assignment)
            .join(Case, Case.id == Waiting.root_id)
            .outerjoin(Assignment, of_place)
        )
        rows = rows.where(Waiting.root_kind == Case.kind, *branch).options(*people)
        found += [_task(todo, case, place) for todo, case, place in session.execute(rows).unique()]
    return sorted(found, key=lambda one: one.order)


def _task(todo: str, case: Case, place: Assignment | None) -> Task:
    if todo == PLACE and place is not None:
        return Task(_verb_of_assignment(place), case, place.due_on or case.due_on, "expert", place)
    if todo == CONFLICT:
        return Task(SETTLE, case, case.due_on, CONFLICT)
    if todo == REISSUE:
        return Task(AGAIN, case, None, REISSUE, transition=REISSUE)
    return Task(_verb_of(case), case, case.due_on, case.turn or "")


def count_waiting(session: Session, actor: Actor) -> int:
    """Return how many tasks :func:`tasks` would give, as ``db.counts``: one statement."""
    if actor.person_id is None:
        return 0
    return counts.count(session, *(select(Waiting.root_id).where(*one) for one in _branches(session, actor)))


Branch = Sequence[ColumnElement[bool]]


def _branches(session: Session, actor: Actor) -> list[Branch]:
    """Return the disjoint conditions on ``Waiting``: what waits for the actor in person, what for a role of theirs."""
    me = actor.person_id or 0
    branches: list[Branch] = [(Waiting.person_id == me,)]
    if offices := _offices(actor):
        today = deadlines.today(session, actor.municipality_id)
        branches.append(
            (
                Waiting.person_id == 0,
                Waiting.municipality_id == actor.municipality_id,
                Waiting.who.in_(offices),
                or_(Waiting.since.is_(None), Waiting.since <= today),
                Waiting.root_id.not_in(_mine(me, Who.INVOLVED)),
                or_(~Waiting.four_eyes, Waiting.root_id.not_in(_mine(me, Who.PREPARED))),
                *([Waiting.todo.not_in(closed)] if (closed := _closed(actor)) else ()),
            )
        )
    return branches


def _mine(person_id: int, who: Who) -> Select[int]:
    return own(person_id, Case.kind, {who})


def _offices(actor: Actor) -> list[str]:
    """Return the words of the roles for which something waits; a coordinator acts for who applied on paper too."""
    found = pure.office(actor) & {Who.COORDINATOR, Who.DIRECTOR}
    return sorted({one.value for one in found} | ({Who.ON_BEHALF.value} if Role.COORDINATOR in actor.roles else set()))


def _closed(actor: Actor) -> list[str]:
    """Return the acts that another role of the actor's closes to them: a director records no approval made outside."""
    return sorted(_closed_to(pure.office(actor)))


@cache
def _closed_to(office: frozenset[Who]) -> frozenset[str]:
    return frozenset[str]().union(*(pure.closed_to(kind.workflow, office) for kind in CASE_TYPES.values()))


def _verb_of(case: Case) -> Sentence:
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
