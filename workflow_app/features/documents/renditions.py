"""An issued document in other forms: the PDF/A made of its very bytes, and that PDF with the organisation's seal.

Each is made once and kept for good: a conversion at another time gives other bytes, and signatures may stand over these.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from workflow_app import clock
from workflow_app.conversion.libreoffice import Converter
from workflow_app.db.blobs import Blob, Blobs
from workflow_app.db.models import AttachedSignature, Document, Rendition
from workflow_app.errors import N_, WorkflowError

PDF: Final = "pdf"
SEALED: Final = "sealed"
NOT_DOCX = N_("PDF делается только из документа, который выпустила система. Это скан: он хранится как есть.")


def find(session: Session, document_id: int, form: str) -> Rendition | None:
    """Return a document's other form, if it was made."""
    return session.get(Rendition, (document_id, form))


def all_of(session: Session, document_id: int) -> dict[str, Rendition]:
    """Return every form of a document that was made."""
    rows = session.scalars(select(Rendition).where(Rendition.document_id == document_id))
    return {one.form: one for one in rows}


def files_of(session: Session, blobs: Blobs, document: Document) -> dict[str, Path]:
    """Return where each form's bytes stand, the issued file as ``docx``; what is damaged is left out."""
    named = {"docx": document.sha256} | {form: one.sha256 for form, one in all_of(session, document.id).items()}
    return {form: blobs.path(sha256) for form, sha256 in named.items() if blobs.verify(sha256)}


def signatures_of(session: Session, document_id: int) -> list[AttachedSignature]:
    """Return the signatures made outside that were attached to a document, the oldest first."""
    found = select(AttachedSignature).where(AttachedSignature.document_id == document_id)
    return list(session.scalars(found.order_by(AttachedSignature.id)))


def is_docx(document: Document) -> bool:
    """Whether a PDF can be made of a document: the scan of a signed paper stays what it is."""
    return document.file_name.lower().endswith(".docx")


def made_pdf(session: Session, blobs: Blobs, converter: Converter, document: Document, *, wait: bool = True) -> Blob:
    """Return the document's PDF/A, made now if it is not there yet; only bytes, no row: call it while no lock is held.

    ``wait=False`` is for web requests (see ``Converter.pdf``). Raises a WorkflowError that says in words why there is none.
    """
    known = find(session, document.id, PDF)
    if known is not None and (blobs.verify(known.sha256) or _is_built_on(session, document.id)):
        return Blob(known.sha256, known.size)
    if not is_docx(document):
        raise WorkflowError(NOT_DOCX)
    return blobs.put_bytes(converter.pdf(blobs.read(document.sha256), wait=wait))


def enter(
    session: Session, document: Document, form: str, blob: Blob, fields: dict[str, Any] | None = None
) -> Rendition:
    """Enter a form that was made; when another request was faster, its row stands and ours is forgotten.

    A row whose bytes were lost, and over which nothing was built, gets the new ones.
    """
    known = find(session, document.id, form)
    if known is None:
        row = Rendition(
            document_id=document.id, form=form, sha256=blob.sha256, size=blob.size, made_at=clock.now(), fields=fields or {}
        )  # fmt: skip
        try:
            with session.begin_nested():
                session.add(row)
        except IntegrityError:
            return session.get_one(Rendition, (document.id, form), populate_existing=True)
        return row
    if form == PDF and known.sha256 != blob.sha256 and not session.info["blobs"].verify(known.sha256):
        known.sha256, known.size, known.made_at = blob.sha256, blob.size, clock.now()
    return known


def _is_built_on(session: Session, document_id: int) -> bool:
    """Whether a seal or a signature stands over the PDF: then it is not made anew, only restored from a backup."""
    signed = select(AttachedSignature.id).where(
        AttachedSignature.document_id == document_id, AttachedSignature.signed_form == PDF
    )
    return find(session, document_id, SEALED) is not None or session.scalar(signed.limit(1)) is not None
