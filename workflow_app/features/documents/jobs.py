"""What jobs do with papers: an archive (with PDF when asked), a document for each part of a record; how a job is packed.

A person's rights are asked again for every item at its turn: a job may outlive a role.
"""

from __future__ import annotations

import logging
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from typing import IO, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow_app import clock, gate
from workflow_app.config import Config
from workflow_app.content_types.behaviors import issue_name
from workflow_app.conversion import libreoffice
from workflow_app.db.models import RECORDS, AccessLog, Document, Job, JobItem, Rendition
from workflow_app.db.session import Database
from workflow_app.documents.kinds.registry import KINDS as DOCUMENT_KINDS
from workflow_app.errors import N_, WorkflowError
from workflow_app.facts import issued_documents
from workflow_app.facts.subjects import workflow_of
from workflow_app.features.documents import effects, renditions
from workflow_app.files.write_table import write_xlsx
from workflow_app.operations.job_kinds import KINDS, Kind, actor
from workflow_app.operations.job_queue import ITEM_STATES

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_CHUNK: Final = 1 << 20
_log = logging.getLogger(__name__)

Result = tuple[str, int, str]
"""What a job leaves to be downloaded: the blob's hash, its size in bytes, the file's name."""


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


def _issued_to(session: Session, job: Job, part_id: int) -> str:
    """Issue the document of one part of a record, as its own act would; once, if somebody has done it meanwhile."""
    by, document = actor(session, job), str(job.args["document"])
    part = gate.read(session, by, RECORDS[str(job.args["part"])], part_id)
    if (there := issued_documents.paper_of_record(session, part, document)) is not None:
        return f"{DOCUMENT_KINDS[document].title} № {there.number}"
    name = issue_name(document)
    return issued_documents.told(
        gate.perform(session, by, part, name, workflow_of(part).transition(name).asks(), part.version)
    )


def _of_parts(session: Session, job: Job) -> Sequence[Document]:
    """Return the documents in force of the parts that a job was about."""
    wanted = select(Document).join(JobItem, JobItem.subject_id == Document.record_id).where(
        JobItem.job_id == job.id, JobItem.state == "done", Document.record_kind == job.args["part"],
        Document.document_kind == job.args["document"], Document.state == "issued",
    )  # fmt: skip
    return session.scalars(wanted.order_by(JobItem.seq)).all()


KINDS["archive"] = Kind(N_("Архив документов"), _packed, _chosen, _as_pdf)
KINDS["issue"] = Kind(N_("Выпуск документов"), _issued_to, _of_parts)


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
