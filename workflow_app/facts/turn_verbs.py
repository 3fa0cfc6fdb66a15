"""What is to be done next in a case, in a word or two: for lists, from columns alone."""

from __future__ import annotations

from workflow_app.db.models import Assignment, Case
from workflow_app.errors import N_, Sentence
from workflow_app.facts.subjects import workflow_of
from workflow_app.states.next_step import RECORD_OUTSIDE


def of_case(case: Case) -> Sentence:
    """Return the verb of a case's turn, from its columns alone: no facts are read for a list."""
    state = workflow_of(case).state(case.state)
    special = {
        ("registered", "director"): N_("Решить по предложенному отказу"),
        ("returned", "director"): N_("Решить по предложенному отказу"),
        ("in_review", "coordinator"): N_("Пригласить эксперта взамен"),
        ("approved", "applicant"): N_("Решить, дорабатывать ли материал"),
        ("appealed", "director"): N_("Назначить апелляционную комиссию"),
        ("appealed", "panel"): N_("Решить по апелляции"),
        ("on_approval", "coordinator"): RECORD_OUTSIDE,
    }
    if case.state == "consolidation" and case.circulated:
        return N_("Передать на утверждение")
    return special.get((case.state, case.turn or "")) or state.todo or N_("Открыть")


def of_place(assignment: Assignment) -> Sentence:
    """Return the verb of an expert's own part."""
    if assignment.state == "invited":
        return N_("Ответить на приглашение")
    if assignment.state == "in_work":
        return N_("Заполнить экспертный лист")
    if assignment.case.state == "third_review":
        return N_("Согласовать общий вывод")
    return N_("Подписать сводное заключение")
