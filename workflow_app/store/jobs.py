"""Jobs: long work as rows, done in the background item by item (``working``), seen and stopped from a page.

Each item ends in the transaction of its own effect: after a crash the job goes on with the first item that is not ended.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from workflow_app import clock
from workflow_app.errors import N_, Sentence, WorkflowError
from workflow_app.store.models import Job, JobItem, Person

MOST: Final = 2000  # items of one job
KEPT: Final = timedelta(days=30)  # afterwards a finished job and its archive are swept
OPEN: Final = ("waiting", "running")
STATES: Final[Mapping[str, Sentence]] = {
    "waiting": N_("Ждёт очереди"),
    "running": N_("Выполняется"),
    "done": N_("Готово"),
    "stopped": N_("Остановлено"),
    "failed": N_("Не удалось"),
}
ITEM_STATES: Final[Mapping[str, Sentence]] = {
    "waiting": N_("ждёт"),
    "done": N_("готово"),
    "failed": N_("не удалось"),
}


def enqueue(
    session: Session,
    owner: Person,
    municipality_id: int,
    name: str,
    title: str,
    items: Sequence[tuple[int, str]],
    args: Mapping[str, Any] | None = None,
) -> Job:
    """Write a job of things (row id, label) to be done; it begins after the commit. Nothing or too much: WorkflowError."""
    if not items:
        raise WorkflowError(N_("Нечего делать: не выбрано ни одной строки."))
    if len(items) > MOST:
        raise WorkflowError(N_("Слишком много за один раз: %(n)s, можно до %(most)s.", n=len(items), most=MOST))
    job = Job(
        municipality_id=municipality_id, person_id=owner.id, name=name, title=title[:300], args=dict(args or {}),
        created_at=clock.now(), total=len(items),
    )  # fmt: skip
    session.add(job)
    session.flush()
    session.add_all(
        JobItem(job_id=job.id, seq=seq, subject_id=id_, label=label[:300]) for seq, (id_, label) in enumerate(items, 1)
    )
    session.flush()
    return job


def next_open(session: Session) -> int | None:
    """Return the oldest job that is not ended."""
    return session.scalar(select(Job.id).where(Job.state.in_(OPEN)).order_by(Job.id).limit(1))


def next_item(session: Session, job_id: int) -> int | None:
    """Return the number of the first item that waits."""
    waiting = select(JobItem.seq).where(JobItem.job_id == job_id, JobItem.state == "waiting")
    return session.scalar(waiting.order_by(JobItem.seq).limit(1))


def end_item(session: Session, job_id: int, seq: int, said: str, *, failed: bool = False) -> None:
    """Say what came of an item, and count it."""
    item, job = session.get_one(JobItem, (job_id, seq)), session.get_one(Job, job_id, with_for_update=True)
    item.state, item.said = ("failed" if failed else "done"), said[:1000]
    job.done += 1
    job.failed += failed
    session.flush()


def stop(session: Session, job: Job) -> bool:
    """Stop a job between two items; what is done stays done. False when it has ended already."""
    if job.state not in OPEN:
        return False
    job.state, job.ended_at = "stopped", clock.now()
    session.flush()
    return True


def forget_old(session: Session) -> int:
    """Remove jobs that ended long ago; their archives go with the next sweep. Return how many."""
    old = session.scalars(select(Job.id).where(Job.ended_at < clock.now() - KEPT)).all()
    session.execute(delete(JobItem).where(JobItem.job_id.in_(old)))
    session.execute(delete(Job).where(Job.id.in_(old)))
    return len(old)
