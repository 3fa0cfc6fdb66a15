"""Terms as the macro ``deadline`` shows them: the day, the working days left, whose term it is. Every page asks here."""

from __future__ import annotations

from datetime import date
from typing import Any

from workflow_app.calendar.terms import days_left
from workflow_app.db.models import Assignment, Case
from workflow_app.errors import N_, Sentence
from workflow_app.facts import deadlines
from workflow_app.facts.subjects import workflow_of
from workflow_app.states.pictures.handbook import WHOSE
from workflow_app.states.vocabulary import Actor, Role, Who
from workflow_app.web.formatting import day, say
from workflow_app.web.request_scope import here

YOURS = N_("Ваш срок")
_ROLES = {Who.COORDINATOR: Role.COORDINATOR, Who.DIRECTOR: Role.DIRECTOR}


def of_case(case: Case) -> dict[str, Any] | None:
    """Return the term of a case's present step; None where no date binds anybody."""
    term = workflow_of(case).state(case.state).term
    if term is None or not deadlines.binds(case):
        return None
    whose = _whose(term, case, here().me)
    return shown(case.municipality_id, case.due_on, whose=whose, provisional=case.due_provisional)


def of_assignment(assignment: Assignment) -> dict[str, Any] | None:
    """Return the term of an expert's own part: to answer, to review; None without a date."""
    whose = YOURS if here().me.person_id == assignment.expert_id else WHOSE["answer"][1]
    provisional = assignment.case.due_provisional and assignment.due_on == assignment.case.due_on
    return shown(assignment.municipality_id, assignment.due_on, whose=whose, provisional=provisional)


def shown(
    municipality_id: int, on: date | None, *, whose: Sentence | None = None, provisional: bool = False
) -> dict[str, Any] | None:
    """Return a date for the macro: ``left`` in the centre's working days; ``provisional``: it may still move (R12)."""
    if on is None:
        return None
    session = here().session
    left = days_left(deadlines.calendar_of(session, municipality_id), deadlines.today(session, municipality_id), on)
    return {
        "iso": on.isoformat(),
        "text": day(on),
        "left": left,
        "unit": "wd",
        "provisional": provisional,
        "whose": say(whose),
    }


def _whose(term: str, case: Case, me: Actor) -> Sentence:
    who, words = WHOSE[term]
    mine = case.applicant_id == me.person_id if who is Who.APPLICANT else who in _ROLES and _ROLES[who] in me.roles
    return YOURS if mine else words
