"""Jobs: long work as rows, done in the background item by item (``job_worker``), seen and stopped from a page.

Each item ends in the transaction of its own effect: after a crash the job goes on with the first item that is not ended.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import case, delete, func, select
from sqlalchemy.orm import Session

from workflow_app import clock
from workflow_app.db.models import Job, JobItem, Person
from workflow_app.db.session import Database
from workflow_app.errors import N_, Broken, Sentence, WorkflowError
from workflow_app.operations import integrity

MOST: Final = 2000  # items of one job
KEPT: Final = timedelta(days=30)  # afterwards a finished job and its archive are swept
OPEN: Final = ("waiting", "running")
OPEN_MOST: Final = 5  # of one person
HURRIED: Final = ("bulk",)  # acts, and what is signed by a password typed at the start, do not wait behind archives
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
    own = select(func.count()).select_from(Job).where(Job.person_id == owner.id, Job.state.in_(OPEN))
    if (session.scalar(own) or 0) >= OPEN_MOST:
        raise WorkflowError(
            N_("У вас уже %(n)s незаконченных заданий: дождитесь их или остановите лишние.", n=OPEN_MOST)
        )
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
    """Return the job that is next: those first that a signature waits for, then the oldest."""
    waits = case((Job.name.in_(HURRIED), 0), else_=1)
    return session.scalar(select(Job.id).where(Job.state.in_(OPEN)).order_by(waits, Job.id).limit(1))


def next_item(session: Session, job_id: int) -> int | None:
    """Return the number of the first item that waits."""
    waiting = select(JobItem.seq).where(JobItem.job_id == job_id, JobItem.state == "waiting")
    return session.scalar(waiting.order_by(JobItem.seq).limit(1))


def end_item(session: Session, job_id: int, seq: int, said: str, *, failed: bool = False) -> None:
    """Say what came of an item, and count it."""
    job = session.get_one(Job, job_id, with_for_update=True)
    item = session.get_one(JobItem, (job_id, seq), populate_existing=True)
    if item.state != "waiting":
        raise Broken(f"item {seq} of job {job_id} has ended already: another worker did it")
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


def stop_all(session: Session, person_id: int) -> None:
    """Stop every open job of a person: the account was closed, or its password was changed."""
    for job in session.scalars(select(Job).where(Job.person_id == person_id, Job.state.in_(OPEN))):
        stop(session, job)


def forget_old(database: Database) -> int:
    """Remove jobs that ended long ago, with their archives: those are copies of personal files. Return how many jobs."""
    with database.transaction(keep=True) as session:
        rows = session.execute(select(Job.id, Job.sha256).where(Job.ended_at < clock.now() - KEPT)).all()
        if not rows:
            return 0
        ids = [one.id for one in rows]
        session.execute(delete(JobItem).where(JobItem.job_id.in_(ids)))
        session.execute(delete(Job).where(Job.id.in_(ids)))
        session.flush()
        named = integrity.blob_owners(session)
    for sha256 in {one.sha256 for one in rows if one.sha256} - named.keys():
        database.blobs.remove(sha256)
    return len(rows)
