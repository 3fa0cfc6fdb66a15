"""What the seal and signatures made outside do to rows. The heavy work was done before: bytes are stored, the sheet names them."""

from __future__ import annotations

from sqlalchemy.orm import Session

from workflow_app import clock, gate
from workflow_app.conversion.libreoffice import Converter
from workflow_app.db.blobs import Blob
from workflow_app.db.models import AttachedSignature, Document
from workflow_app.db.session import Database
from workflow_app.errors import N_, Broken, Invalid, NotYet
from workflow_app.features.documents import renditions
from workflow_app.gate import effect
from workflow_app.gate.issuing import blobs_of
from workflow_app.states.definitions.document_forms import AttachSignature, Seal, WithdrawSignature
from workflow_app.states.vocabulary import Actor

SEALED_ALREADY = N_("Этот документ уже заверен печатью организации.")
TWICE = N_("Эта подпись уже приложена к документу.")


@effect.register
def _seal(sheet: Seal, session: Session, actor: Actor, subject: Document) -> None:
    """Enter the sealed PDF, and the PDF that was sealed if this act made it."""
    del actor
    if renditions.find(session, subject.id, renditions.SEALED) is not None:
        raise NotYet((SEALED_ALREADY,))
    if not sheet.sealed or not sheet.pdf:
        raise Broken("a seal without a sealed file")
    pdf = renditions.enter(session, subject, renditions.PDF, _blob(session, sheet.pdf))
    if pdf.sha256 != sheet.pdf:
        raise NotYet((N_("PDF этого документа только что сделали заново. Повторите."),))
    told = {"level": sheet.level, "number": sheet.number, "owner": sheet.owner}
    renditions.enter(session, subject, renditions.SEALED, _blob(session, sheet.sealed), told)


@effect.register
def _attach(sheet: AttachSignature, session: Session, actor: Actor, subject: Document) -> None:
    """Enter the signature with what its certificate says."""
    if not sheet.sha256 or actor.person_id is None:
        raise Broken("an attached signature without its file or its person")
    if any(
        one.sha256 == sheet.sha256 and "withdrawn" not in one.fields
        for one in renditions.signatures_of(session, subject.id)
    ):
        raise Invalid({"file": (TWICE,)})
    session.add(
        AttachedSignature(
            document_id=subject.id, sha256=sheet.sha256, size=_blob(session, sheet.sha256).size, file_name=sheet.name,
            signed_form=sheet.form, fields={**(sheet.fields or {}), "claimed": "" if sheet.form else sheet.claimed},
            verdict=sheet.verdict, added_at=clock.now(), added_by=actor.person_id,
        )
    )  # fmt: skip


@effect.register
def _withdraw(sheet: WithdrawSignature, session: Session, actor: Actor, subject: Document) -> None:
    """Mark a signature as withdrawn: nothing of it is lost."""
    row = session.get(AttachedSignature, sheet.signature_id) if sheet.signature_id else None
    if row is None or row.document_id != subject.id:
        raise Broken("a signature of another document")
    if "withdrawn" in row.fields:
        raise NotYet((N_("Эта подпись уже отозвана."),))
    row.fields = {
        **row.fields,
        "withdrawn": {"at": clock.now().isoformat(), "by": actor.person_id, "reason": sheet.reason},
    }


def enter_pdf(session: Session, document: Document, blob: Blob) -> None:
    """Enter the PDF that was made of a document, with the event that states its fingerprint; one that stands already stays."""
    before = renditions.find(session, document.id, renditions.PDF)
    known = before.sha256 if before else None
    if renditions.enter(session, document, renditions.PDF, blob).sha256 != known:
        gate.attest(session, document, "make_pdf")


def make_pdf(database: Database, known: Converter, document_id: int) -> Blob:
    """Make and enter the PDF of a document for work in the background: the conversion runs between two transactions."""
    with database.transaction(keep=False) as session:
        blob = renditions.made_pdf(session, database.blobs, known, session.get_one(Document, document_id))
    with database.transaction(keep=True) as session:
        enter_pdf(session, session.get_one(Document, document_id), blob)
        row = renditions.find(session, document_id, renditions.PDF)
        return Blob(row.sha256, row.size) if row else blob


def _blob(session: Session, sha256: str) -> Blob:
    return Blob(sha256, blobs_of(session).path(sha256).stat().st_size)
