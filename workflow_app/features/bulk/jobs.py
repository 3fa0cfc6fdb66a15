"""The job of an act with many: each by itself, through the gate, as its own page would, with one event that says «via bulk».

Rights, the version that was seen, the form and what bars an act with many are asked again at the turn of each.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow_app import clock, gate
from workflow_app.db.models import Case, Document, Job, Person, Record
from workflow_app.errors import N_, Conflict, Invalid, NotYet, Sentence, WorkflowError
from workflow_app.facts import issued_documents
from workflow_app.facts.actors import proved
from workflow_app.facts.subjects import KINDS as SUBJECTS
from workflow_app.facts.subjects import workflow_of
from workflow_app.features.bulk import plan
from workflow_app.operations.job_kinds import KINDS, Kind, actor, issued_since
from workflow_app.states.definitions.case.forms import Invite
from workflow_app.states.forms import Sheet, asks, fill
from workflow_app.states.vocabulary import Actor, Transition, Via

NAME: Final = "bulk"
SIGNED_FOR: Final = timedelta(hours=2)  # so long after the password an act of a job may still be signed with it
_STALE: Final = N_("Пока вы выбирали, это изменилось: посмотрите, что стало, и повторите.")
_OLD: Final = N_("Подпись устарела: пароль вводился слишком давно. Сделайте это на странице дела.")


def arguments(
    kind: str, act: plan.Act, typed: dict[str, Any], seen: dict[int, int], *, ip: str, once: str
) -> dict[str, Any]:
    """Return what a job of an act keeps: what was typed for all, the version of each that was seen, when it was signed."""
    found = {
        "kind": kind, "act": act.name, "asks": act.asks.__name__, "typed": typed, "ip": ip, "once": once,
        "versions": {str(id_): version for id_, version in seen.items()},
    }  # fmt: skip
    return found | ({"signed_at": clock.now().isoformat()} if act.sample.signs else {})


def _do(session: Session, job: Job, subject_id: int) -> str:
    """Do the act with one subject; what came of it in words."""
    args = job.args
    by = actor(session, job, via=Via.BULK)
    subject: Any = gate.read(session, by, SUBJECTS[args["kind"]], subject_id)
    transition = workflow_of(subject).transitions.get(args["act"])
    if transition is None or transition.bulk is None or transition.asks.__name__ != args["asks"]:
        raise WorkflowError(plan.OTHER_FORM)
    if transition.signs:
        if clock.now() - datetime.fromisoformat(str(args["signed_at"])) > SIGNED_FOR:
            raise WorkflowError(_OLD)
        by = proved(session, by)
    if barred := plan.bars(session, transition.name, [subject]).get(subject.id):
        raise WorkflowError(barred[0])
    try:
        sheet = _sheet(session, by, subject, transition, args["typed"])
        event = gate.perform(session, by, subject, transition.name, sheet, int(args["versions"][str(subject_id)]))
    except Invalid as error:
        raise WorkflowError(Sentence(_in_words(transition.asks, error))) from error
    except NotYet as error:
        raise WorkflowError(Sentence(str(error))) from error
    except Conflict as error:
        raise WorkflowError(_STALE) from error
    return issued_documents.told(event) or f"{transition.told}{_more(session, subject, transition, sheet)}"


def _more(session: Session, subject: Any, transition: Transition, sheet: Sheet) -> str:
    """Return what only this subject got: its number, whom the best set names."""
    if transition.numbers:
        return f" № {subject.number}"
    if isinstance(sheet, Invite):
        ids = [one.expert_id for one in sheet.experts]
        return ": " + ", ".join(
            one.short_name for one in session.scalars(select(Person).where(Person.id.in_(ids))).unique()
        )
    return ""


def _sheet(session: Session, by: Actor, subject: Case | Record, transition: Transition, typed: dict[str, Any]) -> Sheet:
    act = plan.alone(transition)
    raw = plan.raw(session, by, subject, act, typed, whole=True)
    sheet: Sheet = fill(transition.asks, raw, plan.lists_of(session, subject))
    return sheet


def _in_words(kind: type[Sheet], error: Invalid) -> str:
    """Say at which field something is wrong, by its label: nobody sees the form at this line."""
    labels = {name: str(how.label) for name, how in asks(kind).items()}
    return "; ".join(
        f"{labels[path.partition('.')[0]]}: {one}" if path.partition(".")[0] in labels else str(one)
        for path, many in error.problems.items() for one in many
    )  # fmt: skip


def _papers(session: Session, job: Job) -> Sequence[Document]:
    return issued_since(session, job) if job.args["kind"] == Case.kind else ()


def _card(job: Job) -> str:
    return "cases.show" if job.args["kind"] == Case.kind else f"records.{job.args['kind']}"


KINDS[NAME] = Kind(
    N_("Действие с несколькими"),
    _do,
    _papers,
    card=_card,
    rest="bulk.rest",
    onward=("bulk.onward", N_("Дальше с ними")),
)
