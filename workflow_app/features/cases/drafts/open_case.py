"""Opening a case: what the kinds of expertise need and how long they take, and one draft for two presses of the button."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflow_app import clock, gate
from workflow_app.calendar.terms import Term
from workflow_app.case_types.registry import CASE_TYPES
from workflow_app.db.models import Case
from workflow_app.errors import N_, Sentence, WorkflowError
from workflow_app.facts import deadlines
from workflow_app.states.definitions.case.forms import BY_SCHOOL, NewCase, entered_for
from workflow_app.web.request_scope import here
from workflow_app.web.transition_view import take_turn

DRAFTS_MOST = 30  # of one applicant; more are forgotten ones, or a script
_TWICE = timedelta(minutes=10)  # the same title within it is a second press of the button
_ROAD = ("registration", "completeness", "assignment", "review", "consolidation", "approval")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of expertise on its card: ``needs`` are the required attachments, the terms are the centre's own."""

    key: str
    title: Sentence
    about: Sentence
    needs: tuple[Sentence, ...]
    review: Sentence
    whole: Sentence


def kinds(session: Session, municipality_id: int) -> list[Kind]:
    """Return the kinds of expertise with what each needs and how long it takes in this municipality."""
    found = []
    for one in CASE_TYPES.values():
        lengths = {key: deadlines.term_of(session, municipality_id, one.key, key) for key in _ROAD}
        needs = tuple(part.title for part in one.attachments if part.required({}))
        found.append(
            Kind(one.key, one.title, one.about, needs, _told(lengths["review"]), _whole(list(lengths.values())))
        )
    return found


def _told(term: Term) -> Sentence:
    if term.unit == "working":
        return N_("до %(n)s рабочих дней", n=term.length)
    return N_("до %(n)s календарных дней", n=term.length)


def _whole(lengths: Sequence[Term]) -> Sentence:
    """Return the whole road in weeks: the only unit in which working and calendar days can be added without a date."""
    days = sum(one.length / 5 if one.unit == "working" else one.length / 7 for one in lengths)
    return N_("около %(n)s недель", n=max(1, round(days)))


def open_case(sheet: NewCase) -> tuple[Case, bool]:
    """Begin a draft, or return the one that the first of two presses has begun. Second value: whether it is new."""
    scope = here()
    applicant_id, channel = entered_for(sheet, scope.me.person_id)
    take_turn(scope.who)
    mine = select(Case).where(
        Case.applicant_id == applicant_id, Case.state == "draft", Case.municipality_id == scope.me.municipality_id
    )
    twin = scope.session.scalars(
        mine.where(
            Case.type == sheet.case_type, Case.title == sheet.title, Case.entered_by_id == scope.me.person_id,
            Case.created_at > clock.now() - _TWICE,
        )
    ).first()  # fmt: skip
    if twin is not None:
        return twin, False
    if (scope.session.scalar(select(func.count()).select_from(mine.subquery())) or 0) >= DRAFTS_MOST:
        raise WorkflowError(N_("Черновиков уже %(n)s. Удалите ненужные, потом создайте новый.", n=DRAFTS_MOST))
    case = Case(
        municipality_id=scope.me.municipality_id, type=sheet.case_type, applicant_id=applicant_id, title=sheet.title,
        created_at=clock.now(), state_since=clock.now(), channel=channel,
        organization_id=scope.me.organization_id if channel == BY_SCHOOL else None,
    )  # fmt: skip
    with scope.session.begin_nested():
        return gate.begin(scope.session, scope.me, case, sheet), True
