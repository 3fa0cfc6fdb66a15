"""What the form of an act begins with: what its subject itself suggests. The page of one and an act with many agree by it.

A function may raise WorkflowError: then an act with many is not done with that subject, and the page of one starts empty.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from workflow_app.calendar.terms import add_working
from workflow_app.case_types.registry import case_type
from workflow_app.db.models import Case, Subject
from workflow_app.errors import N_, WorkflowError
from workflow_app.facts import deadlines, naming
from workflow_app.facts.best_set import best
from workflow_app.states.vocabulary import Actor

REVIEW_DAYS: Final = 25  # calendar days that an analysis of 20 days takes with the invitations before it
PROLONGED: Final = 5  # working days by which a step is usually prolonged

Suggests = Callable[[Session, Actor, Any], Any]


def begins(
    session: Session, actor: Actor, subject: Subject, name: str, *, only: Collection[str] | None = None
) -> dict[str, Any]:
    """Return the values that the actor's form of the act ``name`` begins with, by field; ``only`` these fields."""
    known = _BEGINS.get((subject.kind, name), {})
    return {field: make(session, actor, subject) for field, make in known.items() if only is None or field in only}


def _today(session: Session, case: Case) -> date:
    return deadlines.today(session, case.municipality_id)


def _received(session: Session, _actor: Actor, case: Case) -> date:
    """Return the day of submission in the centre's zone for what came through the system, today for all other ways."""
    if case.received_at is not None:
        return case.received_at
    if case.channel != "web" or case.submitted_at is None:
        return _today(session, case)
    return case.submitted_at.astimezone(ZoneInfo(deadlines.zone_of(session, case.municipality_id))).date()


def suggested_day(session: Session, case: Case) -> date:
    """Return a day for the attestation: late enough for the analysis, inside the 30 days of consideration (R8).

    When little is left of the 30 days, the applicant's right to add documents comes first (R13): the page warns of the cap.
    """
    calendar, today = deadlines.calendar_of(session, case.municipality_id), _today(session, case)
    wanted = calendar.working_on_or_after(today + timedelta(days=REVIEW_DAYS))
    cap = case.consideration_due
    if cap is None or wanted <= cap:
        return wanted
    last = cap if calendar.is_working(cap) else calendar.working_before(cap)
    return max(last, add_working(calendar, today, deadlines.ADDITIONS_BEFORE + 1))


def _attestation_on(session: Session, _actor: Actor, case: Case) -> date | None:
    return suggested_day(session, case) if case_type(case.type).shape.attestation else None


def _place(session: Session, _actor: Actor, case: Case) -> str:
    if not case_type(case.type).shape.attestation:
        return ""
    known = naming.requisites(session, case.municipality_id, _today(session, case))
    return ", ".join(part for part in (known["short_name"], known.get("address")) if part)


def _best_experts(session: Session, actor: Actor, case: Case) -> list[dict[str, Any]]:
    """Return the invitations of the best set for a case as it stands now: every one that is invited changes the load."""
    if found := best(session, case, actor.person_id):
        return [{"expert_id": one.person.id} for one in found]
    raise WorkflowError(N_("Экспертов, против которых ничего не говорит, не нашлось: выберите сами на странице дела."))


_BEGINS: Final[Mapping[tuple[str, str], Mapping[str, Suggests]]] = {
    ("case", "register"): {
        "received_at": _received, "outside_number": lambda _session, _actor, case: case.outside_number,
    },
    ("case", "start"): {
        "names_checked": lambda _session, _actor, case: any(one.names_confirmed for one in case.files),
        "attestation_on": _attestation_on, "place": _place,
    },
    ("case", "invite"): {"experts": _best_experts},
    ("case", "send"): {"sent_on": lambda session, _actor, case: _today(session, case)},
    ("case", "extend"): {"days": lambda _session, _actor, _case: PROLONGED},
}  # fmt: skip
