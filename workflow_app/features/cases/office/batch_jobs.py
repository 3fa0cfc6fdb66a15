"""The job that invites whom a draft proposes: case by case, each through the gate with an event of its own."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow_app import gate
from workflow_app.db.models import Case, Document, Job, Person
from workflow_app.errors import N_, Conflict, Invalid, NotYet, Sentence, WorkflowError
from workflow_app.facts import involvement
from workflow_app.operations.job_kinds import KINDS, Kind, actor
from workflow_app.states.definitions.case.forms import Invite
from workflow_app.states.definitions.case.forms_intake import InviteOne
from workflow_app.states.definitions.review_forms import CancelInvitation
from workflow_app.states.vocabulary import Actor, Via

NAME: Final = "invite"
_REPLACED: Final = N_("Дела распределены между экспертами заново.")
_STALE: Final = N_("Дело изменилось, пока вы смотрели предложение: посмотрите, что стало, и пригласите ещё раз.")


def arguments(
    asked: Mapping[int, Sequence[int]], leaving: Mapping[int, Sequence[int]], versions: Mapping[int, int], ip: str
) -> dict[str, Any]:
    """Return what the job keeps: whom to invite to each case, whose unanswered invitation they replace, the version that was seen."""
    return {
        "experts": {str(case_id): list(people) for case_id, people in asked.items()},
        "leaving": {str(case_id): list(leaving.get(case_id, ())) for case_id in asked},
        "versions": {str(case_id): versions[case_id] for case_id in asked}, "ip": ip,
    }  # fmt: skip


def _do(session: Session, job: Job, case_id: int) -> str:
    """Invite the experts of one case; who they are in words. Conflicts of interest are computed anew by the act."""
    by = actor(session, job, via=Via.BULK)
    case = gate.read(session, by, Case, case_id)
    people = [int(one) for one in job.args["experts"][str(case_id)]]
    sheet = Invite(experts=tuple(InviteOne(expert_id=one) for one in people))
    try:
        _withdraw(session, by, case, {int(one) for one in job.args["leaving"][str(case_id)]})
        gate.perform(session, by, case, "invite", sheet, int(job.args["versions"][str(case_id)]))
    except Invalid as error:
        said = " ".join(str(one) for many in error.problems.values() for one in many)
        raise WorkflowError(Sentence(said)) from error
    except NotYet as error:
        raise WorkflowError(Sentence(str(error))) from error
    except Conflict as error:
        raise WorkflowError(_STALE) from error
    named = session.scalars(select(Person).where(Person.id.in_(people)).order_by(Person.name_order)).unique()
    return "; ".join(one.short_name for one in named)


def _withdraw(session: Session, by: Actor, case: Case, people: Collection[int]) -> None:
    """Withdraw the invitations of these experts as far as they are still unanswered; who has accepted meanwhile keeps the place."""
    for one in involvement.live(case):
        if one.expert_id in people and one.state == "invited":
            gate.perform(session, by, one, "cancel_invitation", CancelInvitation(reason=str(_REPLACED)), one.version)


def _papers(_session: Session, _job: Job) -> Sequence[Document]:
    return ()


KINDS[NAME] = Kind(
    N_("Приглашение экспертов"),
    _do,
    _papers,
    card=lambda _job: "cases.assign",
    onward=("papers.collect_order", N_("Собрать приказ о составе комиссий")),
)
