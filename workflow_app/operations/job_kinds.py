"""The kinds of jobs: what is done with one item, what a job ends with. Declared by the features, done by ``runtime.job_worker``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow_app.config import Config
from workflow_app.db.models import Document, Job, JobItem, Person
from workflow_app.db.session import Database
from workflow_app.errors import N_, Denied, Sentence
from workflow_app.facts.actors import actor_of
from workflow_app.states.vocabulary import Actor, Via


def _nothing(_database: Database, _settings: Config, _job: Job, _subject_id: int) -> None:
    """Prepare nothing."""


def _nowhere(_job: Job) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of job.

    ``prepare`` does what is slow while no lock is held; ``do`` has the effect on one thing, in a transaction that ends the
    item too, and returns what came of it; ``papers`` are the documents that go into the job's archive. ``card`` is the endpoint
    of the page of a thing (it takes ``id``), ``rest`` the one on which what was left is begun again, ``onward`` the one on which
    all that is done goes on together, with the words for it (both take ``id`` of the job).
    """

    title: Sentence
    do: Callable[[Session, Job, int], str]
    papers: Callable[[Session, Job], Sequence[Document]]
    prepare: Callable[[Database, Config, Job, int], None] = _nothing
    card: Callable[[Job], str] = _nowhere
    rest: str = ""
    onward: tuple[str, Sentence] | None = None


KINDS: Final[dict[str, Kind]] = {}
"""Every kind by the name that rows keep; filled when the program is wired."""


def actor(session: Session, job: Job, *, via: Via = Via.WEB) -> Actor:
    """Return the person whose job it is, with the roles of today; a closed account does nothing more."""
    owner = session.get_one(Person, job.person_id)
    if owner.state != "active":
        raise Denied(N_("Учётная запись заказчика закрыта."))
    return actor_of(session, owner, job.municipality_id, via=via, ip=str(job.args.get("ip", "")))


def issued_since(session: Session, job: Job) -> Sequence[Document]:
    """Return the documents of cases that this job issued."""
    wanted = select(Document).join(JobItem, JobItem.subject_id == Document.case_id)
    wanted = wanted.where(JobItem.job_id == job.id, JobItem.state == "done", Document.issued_at >= job.started_at)
    return session.scalars(wanted.order_by(JobItem.seq, Document.id)).all()
