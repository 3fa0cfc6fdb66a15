"""What jobs do: an archive of papers (with PDF when asked), many approvals under one signature, a document for each part of a record.

A person's rights are asked again for every item at its turn: a job may outlive a role.
"""

from __future__ import annotations

import logging
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow_app import clock, gate
from workflow_app.config import Config
from workflow_app.content_types.behaviors import issue_name
from workflow_app.conversion import libreoffice
from workflow_app.db.models import RECORDS, AccessLog, Case, Document, Event, Job, JobItem, Person, Rendition
from workflow_app.db.session import Database
from workflow_app.documents.kinds.registry import KINDS as DOCUMENT_KINDS
from workflow_app.errors import N_, Denied, Sentence, WorkflowError
from workflow_app.facts import issued_documents
from workflow_app.facts.actors import actor_of, proved
from workflow_app.facts.subjects import workflow_of
from workflow_app.features.documents import effects, renditions
from workflow_app.files.write_table import write_xlsx
from workflow_app.operations.job_queue import ITEM_STATES
from workflow_app.states.definitions.case.forms import Approve
from workflow_app.states.vocabulary import Actor

SIGNED_FOR: Final = timedelta(hours=2)  # so long after the password an approval of a job may still be signed with it
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_CHUNK: Final = 1 << 20
_log = logging.getLogger(__name__)

Result = tuple[str, int, str]
"""What a job leaves to be downloaded: the blob's hash, its size in bytes, the file's name."""


def _nothing(_database: Database, _settings: Config, _job: Job, _subject_id: int) -> None:
    """Prepare nothing."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of job.

    ``prepare`` does what is slow while no lock is held; ``do`` has the effect on one thing, in a transaction that ends the
    item too, and returns what came of it; ``papers`` are the documents that go into the job's archive.
    """

    title: Sentence
    do: Callable[[Session, Job, int], str]
    papers: Callable[[Session, Job], Sequence[Document]]
    prepare: Callable[[Database, Config, Job, int], None] = _nothing


def actor(session: Session, job: Job) -> Actor:
    """Return the person whose job it is, with the roles of today; a closed account does nothing more."""
    if session.get_one(Person, job.person_id).state != "active":
        raise Denied(N_("Учётная запись заказчика закрыта."))
    return actor_of(
        session, session.get_one(Person, job.person_id), job.municipality_id, ip=str(job.args.get("ip", ""))
    )


def _as_pdf(database: Database, settings: Config, job: Job, document_id: int) -> None:
    """Make the PDF of a paper that may have one; the archive is refused none for a scan that stays as it is."""
    if not job.args.get("pdf"):
        return
    with database.transaction(keep=False) as session:
        document = gate.read(session, actor(session, job), Document, document_id)
        wanted = renditions.is_docx(document) and renditions.find(session, document_id, renditions.PDF) is None
    if not wanted:
        return
    try:
        effects.make_pdf(database, libreoffice.of(settings), document_id)
    except WorkflowError:  # the document is valid without it: the list says that there is none
        _log.warning("job %s: no PDF of document %s", job.id, document_id)


def _packed(session: Session, job: Job, document_id: int) -> str:
    """Look whether the paper may be read and is whole; it is packed at the end."""
    document = gate.read(session, actor(session, job), Document, document_id)
    issued_documents.demand(session, session.info["blobs"], document)
    session.add(
        AccessLog(
            at=clock.now(), municipality_id=job.municipality_id, person_id=job.person_id, what="read", subject_kind="document",
            subject_id=document.id, ip=str(job.args.get("ip", "")), detail=f"job {job.id}",
        )
    )  # fmt: skip
    if not job.args.get("pdf"):
        return "DOCX"
    if renditions.find(session, document.id, renditions.PDF):
        return "DOCX, PDF"
    return str(N_("DOCX; PDF сделать не удалось") if renditions.is_docx(document) else N_("скан, как есть"))


def _chosen(session: Session, job: Job) -> Sequence[Document]:
    """Return the papers of the items that went well, in their order."""
    wanted = select(Document).join(JobItem, JobItem.subject_id == Document.id)
    return session.scalars(wanted.where(JobItem.job_id == job.id, JobItem.state == "done").order_by(JobItem.seq)).all()


def _approved(session: Session, job: Job, case_id: int) -> str:
    """Approve one case as its card would, under the password that was typed when the job was ordered (R35)."""
    if clock.now() - datetime.fromisoformat(str(job.args["signed_at"])) > SIGNED_FOR:
        raise WorkflowError(N_("Подпись устарела: пароль вводился слишком давно. Утвердите дело на его странице."))
    by = actor(session, job)
    case = gate.read(session, by, Case, case_id)
    seen = int(job.args["versions"][str(case_id)])
    event = gate.perform(session, proved(session, by), case, "approve", Approve(how="simple"), seen)
    return _papers_of(event)


def _papers_of(event: Event) -> str:
    """Return the documents that an act issued, in words."""
    known = (one for one in event.issued if one["kind"] in DOCUMENT_KINDS)
    return "; ".join(f"{DOCUMENT_KINDS[one['kind']].title} № {one['number']}" for one in known)


def _issued(session: Session, job: Job) -> Sequence[Document]:
    """Return what the approvals of this job issued."""
    wanted = select(Document).join(JobItem, JobItem.subject_id == Document.case_id)
    wanted = wanted.where(JobItem.job_id == job.id, JobItem.state == "done", Document.issued_at >= job.started_at)
    return session.scalars(wanted.order_by(JobItem.seq, Document.id)).all()


def _issued_to(session: Session, job: Job, part_id: int) -> str:
    """Issue the document of one part of a record, as its own act would; once, if somebody has done it meanwhile."""
    by, document = actor(session, job), str(job.args["document"])
    part = gate.read(session, by, RECORDS[str(job.args["part"])], part_id)
    if (there := issued_documents.paper_of_record(session, part, document)) is not None:
        return f"{DOCUMENT_KINDS[document].title} № {there.number}"
    name = issue_name(document)
    return _papers_of(gate.perform(session, by, part, name, workflow_of(part).transition(name).asks(), part.version))


def _of_parts(session: Session, job: Job) -> Sequence[Document]:
    """Return the documents in force of the parts that a job was about."""
    wanted = select(Document).join(JobItem, JobItem.subject_id == Document.record_id).where(
        JobItem.job_id == job.id, JobItem.state == "done", Document.record_kind == job.args["part"],
        Document.document_kind == job.args["document"], Document.state == "issued",
    )  # fmt: skip
    return session.scalars(wanted.order_by(JobItem.seq)).all()


KINDS: Final = {
    "archive": Kind(N_("Архив документов"), _packed, _chosen, _as_pdf),
    "approve": Kind(N_("Утверждение"), _approved, _issued),
    "issue": Kind(N_("Выпуск документов"), _issued_to, _of_parts),
}


def finish(database: Database, job_id: int) -> Result | None:
    """Pack the job's papers and its list of results; None when there is nothing to pack. Memory does not grow with their number."""
    with tempfile.TemporaryFile() as heap, database.transaction(keep=False) as session:
        job = session.get_one(Job, job_id)
        papers = KINDS[job.name].papers(session, job)
        if not papers:
            return None
        with zipfile.ZipFile(heap, "w", zipfile.ZIP_STORED) as archive:  # the papers are compressed by themselves
            for name, sha256 in _named(session, job, papers):
                with database.blobs.open(sha256) as source, archive.open(zipfile.ZipInfo(name, _EPOCH), "w") as target:
                    _copy(source, target)
            archive.writestr(zipfile.ZipInfo("Опись.xlsx", _EPOCH), _list(job))
        size = heap.tell()
        heap.seek(0)
        blob = database.blobs.put(heap, size)
        return blob.sha256, blob.size, f"{job.title}.zip"


def _named(session: Session, job: Job, papers: Sequence[Document]) -> Iterator[tuple[str, str]]:
    """Yield the name in the archive and the hash of every file; the number in front keeps names apart."""
    pdfs: dict[int, Rendition] = {}
    if job.args.get("pdf"):
        rows = select(Rendition).join(JobItem, JobItem.subject_id == Rendition.document_id)
        rows = rows.where(Rendition.form == renditions.PDF, JobItem.job_id == job.id)
        pdfs = {one.document_id: one for one in session.scalars(rows)}
    for at, one in enumerate(papers, 1):
        name = f"{at:04d} {one.file_name.replace('/', '-')}"
        yield name, one.sha256
        if one.id in pdfs:
            yield f"{name.rpartition('.')[0]}.pdf", pdfs[one.id].sha256


def _copy(source: IO[bytes], target: IO[bytes]) -> None:
    while chunk := source.read(_CHUNK):
        target.write(chunk)


def _list(job: Job) -> bytes:
    rows = [(one.seq, one.label, ITEM_STATES[one.state], one.said) for one in job.items]
    return write_xlsx(("№", "Что", "Итог", "Подробности"), rows, "Опись")
