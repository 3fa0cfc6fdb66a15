"""``work``: does the jobs that wait, one after another. Safe at any time: one worker at a time holds the lease.

What is done with one item, and what a job ends with, say the :class:`Kind` objects of ``operations.job_kinds``. Slow preparation (a
conversion) happens outside every transaction; the effect and the item's end are one transaction.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from workflow_app import clock
from workflow_app.config import Config
from workflow_app.db import faults, leases
from workflow_app.db.models import Job, JobItem
from workflow_app.db.session import Database
from workflow_app.errors import N_, WorkflowError
from workflow_app.facts import search_rows
from workflow_app.features.documents.jobs import finish
from workflow_app.files import plain_text, sandbox
from workflow_app.operations import job_queue
from workflow_app.operations.job_kinds import KINDS, Kind
from workflow_app.wiring import wire

LEASE, TEXTS = leases.WORK, "texts"
LENGTH = timedelta(minutes=3)  # longer than any one item takes
_BROKEN = N_("Внутренняя ошибка, она записана в журнал сервера.")
_UNKNOWN = N_("Такие задания эта версия программы не выполняет.")
_log = logging.getLogger(__name__)


def work(database: Database, settings: Config) -> int | None:
    """Do every job that waits; return how many items ended, None when another process does them.

    Without jobs this is one reading statement.
    """
    with database.transaction(keep=False) as session:
        if job_queue.next_open(session) is None:
            return 0
    wire()
    ended = 0
    with leases.held(database, LEASE, LENGTH) as hold:
        if hold is None:
            return None
        while hold.renew():  # a lease that was lost: somebody else works
            with database.transaction(keep=False) as session:
                job_id = job_queue.next_open(session)
            if job_id is None:
                break
            ended += _do(database, settings, job_id, hold)
    return ended


def _do(database: Database, settings: Config, job_id: int, hold: leases.Hold) -> int:
    """Do one job to its end, or until somebody stops it or a more urgent one comes: it goes on after that."""
    kind, ended = _begin(database, job_id), 0
    while kind is not None and hold.renew():
        with database.transaction(keep=False) as session:
            is_next = job_queue.next_open(session) == job_id
            seq = job_queue.next_item(session, job_id) if is_next else None
        if not is_next:
            return ended
        if seq is None:
            _finish(database, job_id)
            return ended
        _item(database, settings, kind, job_id, seq)
        ended += 1
    return ended


def take_texts(database: Database) -> int | None:
    """Take the words of new files, one after another, so that they are found by them; return of how many, None as in :func:`work`.

    A file is looked at once: what has no words, or cannot be read, has none for good. When none waits this is one reading statement.
    """
    taken = 0
    with database.transaction(keep=False) as session:
        if search_rows.waiting(session) is None:
            return 0
    with leases.held(database, TEXTS, LENGTH) as hold:
        if hold is None:
            return None
        while hold.renew():
            with database.transaction(keep=False) as session:
                found = search_rows.waiting(session) if job_queue.next_open(session) is None else None
            if found is None:  # or somebody has ordered a job, which goes first
                break
            sha256, extension = found
            try:
                text = (
                    plain_text.words_of(database.blobs.path(sha256), extension) if database.blobs.exists(sha256) else ""
                )
            except sandbox.NotTried:  # no child was free: the next look finds it again
                break
            with database.transaction(keep=True) as session:
                search_rows.told(session, sha256, text)
            taken += 1
    return taken


def _begin(database: Database, job_id: int) -> Kind | None:
    """Return what is to be done; None for a kind that this version of the program does not know any more."""
    with database.transaction(keep=True) as session:
        job = session.get_one(Job, job_id)
        job.state, job.started_at = "running", job.started_at or clock.now()
        if job.name not in KINDS:
            job.state, job.ended_at, job.error = "failed", clock.now(), str(_UNKNOWN)
        return KINDS.get(job.name)


def _item(database: Database, settings: Config, kind: Kind, job_id: int, seq: int) -> None:
    """Do one item; whatever goes wrong with it is said at it, and the next one has its turn."""
    try:
        with database.transaction(keep=False) as session:
            job, subject_id = session.get_one(Job, job_id), session.get_one(JobItem, (job_id, seq)).subject_id
            session.expunge(job)
        kind.prepare(database, settings, job, subject_id)
        with database.transaction(keep=True) as session:
            said = kind.do(session, session.get_one(Job, job_id), subject_id)
            job_queue.end_item(session, job_id, seq, said)
    except WorkflowError as error:
        _failed(database, job_id, seq, str(error.sentence))
    except Exception as error:  # noqa: BLE001 - whatever it is: one bad item stops neither this job nor those behind it
        _log.exception("job %s, item %s", job_id, seq)
        _failed(database, job_id, seq, str(faults.understood(error) or _BROKEN))


def _failed(database: Database, job_id: int, seq: int, why: str) -> None:
    with database.transaction(keep=True) as session:
        job_queue.end_item(session, job_id, seq, why, failed=True)


def _finish(database: Database, job_id: int) -> None:
    """Make what the job ends with, and say that it is done."""
    try:
        result, error = finish(database, job_id), ""
    except Exception as why:  # noqa: BLE001 - as above
        _log.exception("job %s, its end", job_id)
        result, error = None, str(faults.understood(why) or _BROKEN)
    with database.transaction(keep=True) as session:
        job = session.get_one(Job, job_id, with_for_update=True)
        if job.state not in job_queue.OPEN:
            return
        job.state, job.ended_at, job.error = "failed" if error else "done", clock.now(), error
        if result is not None:
            job.sha256, job.size, job.file_name = result
