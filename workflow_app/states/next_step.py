"""Whose turn it is and for what, read from the facts: the work list and the case page say it the same way."""

from __future__ import annotations

from dataclasses import dataclass

from workflow_app.errors import N_, Sentence
from workflow_app.states.vocabulary import Facts, Who, Workflow


@dataclass(frozen=True, slots=True)
class Turn:
    """Who has to act and the verb of it; ``who`` None: nobody, the case waits for a date."""

    who: Who | None
    todo: Sentence | None


RECORD_OUTSIDE = N_("Внести утверждение, данное вне центра")
_WAITS_FOR_EXPERTS = Turn(Who.EXPERT, N_("Ждём ответа экспертов"))


def turn(workflow: Workflow, facts: Facts) -> Turn:
    """Return whose turn it is in the facts' state."""
    special = _SPECIAL.get(facts.state)
    found = special(workflow, facts) if special else None
    state = workflow.state(facts.state)
    return found or Turn(state.turn, state.todo)


def _registered(_workflow: Workflow, facts: Facts) -> Turn | None:
    return Turn(Who.DIRECTOR, N_("Решить по предложенному отказу")) if facts.decline_proposed else None


def _assigning(workflow: Workflow, facts: Facts) -> Turn | None:
    if facts.engaged < facts.required:
        return None
    if "name_lead" in workflow.transitions and facts.lead_id is None and len(facts.accepted) >= facts.required:
        return Turn(Who.COORDINATOR, N_("Назначить ведущего специалиста"))
    return _WAITS_FOR_EXPERTS


def _in_review(_workflow: Workflow, facts: Facts) -> Turn | None:
    if facts.engaged < facts.required:
        return Turn(Who.COORDINATOR, N_("Пригласить эксперта взамен"))
    return None


def _third(workflow: Workflow, facts: Facts) -> Turn | None:
    if "common_result" in workflow.transitions:
        return Turn(Who.EXPERT, N_("Согласовать общий вывод")) if facts.verdict and facts.undecided else None
    return None if facts.engaged < facts.required else _WAITS_FOR_EXPERTS


def _consolidation(_workflow: Workflow, facts: Facts) -> Turn | None:
    if not facts.circulated:
        return None
    if facts.unanswered:
        return Turn(Who.EXPERT, N_("Подписать сводное заключение"))
    return Turn(Who.COORDINATOR, N_("Передать на утверждение"))


def _on_approval(_workflow: Workflow, facts: Facts) -> Turn | None:
    return Turn(Who.COORDINATOR, RECORD_OUTSIDE) if facts.own_work else None


def _approved(workflow: Workflow, facts: Facts) -> Turn | None:
    choice = workflow.transitions.get("ask_revision")
    if choice is not None and all(one.test(facts) for one in choice.guard.when):
        return Turn(Who.APPLICANT, N_("Решить, дорабатывать ли материал"))
    return None


def _appealed(_workflow: Workflow, facts: Facts) -> Turn | None:
    if not facts.panel:
        return Turn(Who.DIRECTOR, N_("Назначить апелляционную комиссию"))
    return Turn(Who.PANEL, N_("Решить по апелляции"))


_SPECIAL = {
    "registered": _registered, "returned": _registered, "assigning": _assigning, "in_review": _in_review, "third_review": _third,
    "consolidation": _consolidation, "on_approval": _on_approval, "approved": _approved, "appealed": _appealed,
}  # fmt: skip
