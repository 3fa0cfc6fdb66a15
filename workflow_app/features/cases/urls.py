"""Where an act is done: the page of its own when a transition names one, else the generic form."""

from __future__ import annotations

from flask import url_for

from workflow_app.db.models import Assignment, Case, CaseFile, Document
from workflow_app.errors import N_, Sentence
from workflow_app.facts.subjects import workflow_of
from workflow_app.facts.tasks import Task
from workflow_app.states.standings import CONFLICT
from workflow_app.states.vocabulary import Transition
from workflow_app.web.page import address

# subject_of -> the page of a case where the act is done
_PAGES = {
    "submit": "cases.edit", "invite": "cases.assign", "assign": "cases.assign", "return": "cases.return_remarks",
    "consolidate": "cases.consolidate", "approve": "cases.approve",
}  # fmt: skip

# Pages on which more is done than the one act: the button that leads there names the work, as the work list does.
_WORK = frozenset({"review", "answer", "consolidate"})

# What a turn asks for, by the state and by whose turn it is: the work list leads straight to it. A turn that leaves a
# choice (complete or not, agree to the refusal or not) leads to the case, where the offers stand side by side.
_TURNS = {
    ("draft", "applicant"): "submit", ("returned", "applicant"): "submit", ("on_revision", "applicant"): "resubmit",
    ("submitted", "coordinator"): "register", ("assigning", "coordinator"): "invite", ("in_review", "coordinator"): "invite",
    ("third_review", "coordinator"): "invite", ("consolidation", "coordinator"): "circulate", ("on_approval", "director"): "approve",
    ("on_approval", "coordinator"): "approve_outside",
    ("approved", "coordinator"): "send", ("sent_to_commission", "coordinator"): "record", ("decided", "coordinator"): "close",
    ("appealed", "director"): "appoint_panel",
}  # fmt: skip


def opening(subject: Case | Assignment, transition: Transition) -> Sentence:
    """Return what the button says that leads to an act: what opens there, which is not always the act."""
    if transition.subject_of == "consolidate" and isinstance(subject, Case) and subject.circulated:
        return N_("Изменить текст и направить заново")
    state = workflow_of(subject).state(subject.state)
    return state.todo if transition.subject_of in _WORK and state.todo else transition.title


def act_url(case: Case, transition: Transition) -> str:
    """Return where a transition of a case is done."""
    own = address(_PAGES.get(transition.subject_of, ""), id=case.id)
    return own or url_for("cases.do", id=case.id, name=transition.name)


def assignment_act_url(assignment: Assignment, transition: Transition) -> str:
    """Return where a transition of an assignment is done: the expert's own page for an answer or a review."""
    own = address("reviews.show", id=assignment.id) if transition.subject_of in ("answer", "review") else ""
    return own or url_for("reviews.do", id=assignment.id, name=transition.name)


def task_url(task: Task, transitions: dict[str, Transition]) -> str:
    """Return where a task of the work list is done; ``transitions`` are those of the case's workflow."""
    case = task.case
    if task.assignment_id is not None:
        return address("reviews.show", id=task.assignment_id) or url_for("cases.show", id=case.id)
    if task.kind == CONFLICT:
        return url_for("cases.review", id=case.id)
    name = task.transition or _TURNS.get((case.state, case.turn or ""), "")
    if name == "circulate" and case.circulated:
        name = "propose"
    if name not in transitions:
        return url_for("cases.show", id=case.id)
    return act_url(case, transitions[name])


def file_url(file: CaseFile | int) -> str:
    """Return where a file is downloaded."""
    return address("files.download", id=file if isinstance(file, int) else file.id)


def file_view_url(file: CaseFile | int) -> str:
    """Return where a file is looked at without leaving the page."""
    return address("files.view", id=file if isinstance(file, int) else file.id)


def document_url(document: Document) -> str:
    """Return where an issued document is downloaded."""
    return url_for("cases.document", id=document.id)
