"""Several people at once, each in a transaction of their own."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from sqlalchemy.orm import Session

from workflow_app import clock, gate
from workflow_app.db.models import Assignment, Case, Person, Subject
from workflow_app.demo.actors import Stage
from workflow_app.facts import choices
from workflow_app.facts.actors import actor_of, proved
from workflow_app.facts.subjects import workflow_of
from workflow_app.states.forms import Sheet, fill
from workflow_app.states.vocabulary import Actor, Via

PATIENCE = 60  # seconds; who waits longer has lost a partner
Work = Callable[[Session, Actor, Barrier], Any]


def race(stage: Stage, jobs: Sequence[tuple[str, Work]]) -> list[Any]:
    """Let everybody work at the same time; return what each came to, an error included, in the order of the jobs.

    A job waits at the barrier once it has read what it looks at. On SQLite, where writers stand in a queue from the
    beginning, the barrier lies before the transaction.
    """
    queued = stage.database.engine.dialect.name == "sqlite"
    before, inside = Barrier(len(jobs), timeout=PATIENCE), Barrier(1 if queued else len(jobs), timeout=PATIENCE)

    def run(job: tuple[str, Work]) -> Any:
        key, work = job
        before.wait()
        try:
            with clock.at(stage.moment), stage.database.transaction(keep=True) as session:
                person = session.get_one(Person, stage.people[key])
                me = proved(session, actor_of(session, person, stage.municipality_id, via=Via.WEB))
                return work(session, me, inside)
        except Exception as error:  # noqa: BLE001 - the error is the result
            return error

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def doing(kind: type[Subject], id_: int, name: str, raw: dict[str, Any] | Sheet, seen: int | None = None) -> Work:
    """The work of looking at a subject and its case, and then doing a transition of it."""

    def work(session: Session, me: Actor, barrier: Barrier) -> Any:
        subject = session.get_one(kind, id_)
        case: Any = session.get_one(Case, subject.case_id) if isinstance(subject, Assignment) else subject
        held = list(case.assignments) if isinstance(case, Case) else []  # somebody holds on to the rows, as a page does
        version = subject.version if seen is None else seen
        asks = workflow_of(subject).transition(name).asks
        sheet = raw if isinstance(raw, Sheet) else fill(asks, raw, choices.of_case(session, case))
        barrier.wait()
        event = gate.perform(session, me, subject, name, sheet, version)
        assert not held or len(held) <= len(case.assignments)
        return event.after

    return work


def outcome(results: list[Any]) -> Counter[str]:
    """How many of each: the state reached, or the name of the error."""
    return Counter(type(one).__name__ if isinstance(one, Exception) else str(one) for one in results)
