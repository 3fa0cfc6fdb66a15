"""After an act on one case: where the same is to be done next, in the order of the work list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import Response, flash
from flask_babel import gettext as _

from workflow_app.db.keyset import Walk
from workflow_app.db.models import Case
from workflow_app.facts import worklist
from workflow_app.facts.subjects import workflow_of
from workflow_app.facts.tasks import Task
from workflow_app.features.cases.urls import task_url
from workflow_app.states.standings import TURN, step
from workflow_app.states.vocabulary import Who
from workflow_app.web.formatting import counted
from workflow_app.web.request_scope import here

CATEGORY = "next"  # of a message with a link: {"text", "url"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a case stands in the work list before an act; ``step`` is empty where nothing waits for an office."""

    case_id: int
    due_on: date | None
    step: str

    @classmethod
    def of(cls, case: Case) -> Place:
        """Return the place of a case as it stands."""
        office = case.turn in (Who.COORDINATOR.value, Who.DIRECTOR.value)
        return cls(case.id, case.due_on, step(TURN, case.state, case.turn) if office else "")


def told(place: Place, answer: Response | str) -> Response | str:
    """Return the answer of an act; when it was done, the page that follows leads to the next case of the same step."""
    done = isinstance(answer, Response) and answer.status_code == 303  # noqa: PLR2004 - what an act that was done answers
    if done and place.step and (found := _following(place)) is not None:
        case = found.case
        others = worklist.count_waiting(here().session, here().me, step=place.step)
        text = _("Следующее дело: %(what)s", what=", ".join(filter(None, (case.number, f"«{case.title}»"))))
        left = _("Всего ждёт такого же: %(n)s.", n=counted(others))
        flash({"text": text, "url": task_url(found, dict(workflow_of(case).transitions)), "note": left}, CATEGORY)  # type: ignore[arg-type]  # kept as JSON
    return answer


def _following(place: Place) -> Task | None:
    """Return the task behind the place, else the first of the step; never the very case."""
    session, me = here().session, here().me
    behind = Walk(1, place=(place.due_on, place.case_id, TURN, place.case_id))
    for walk in (behind, Walk(2)):
        for one in worklist.tasks(session, me, walk, step=place.step):
            if isinstance(one, Task) and one.case.id != place.case_id:
                return one
    return None
