"""Pages of the PDF, of the seal and of signatures made outside. What takes long is done before the transaction that writes."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from flask import Response, flash, g, request, url_for
from flask_babel import gettext as _

from workflow_app import gate
from workflow_app.conversion import libreoffice
from workflow_app.db.blobs import Blob, Damaged
from workflow_app.db.models import AttachedSignature, Document
from workflow_app.errors import N_, Broken, Invalid, NotFound, NotYet, WorkflowError
from workflow_app.facts import issued_documents, subjects
from workflow_app.facts.actors import proved
from workflow_app.facts.subjects import workflow_of
from workflow_app.features.documents import document_side, renditions
from workflow_app.features.documents.effects import SEALED_ALREADY, enter_pdf
from workflow_app.features.documents.views import page
from workflow_app.files.file_names import clean_name
from workflow_app.signatures import detached, seal
from workflow_app.web import doubted_documents, rate_limit, uploads
from workflow_app.web.file_answer import made
from workflow_app.web.formatting import say
from workflow_app.web.forms import raw_of
from workflow_app.web.next_page import go
from workflow_app.web.page import LOGGED_IN, password_typed
from workflow_app.web.request_scope import blobs, here, settings
from workflow_app.web.transition_view import act, seen_version

SIGNATURES = (".sig", ".p7s", ".sgn", ".sign", ".p7m", ".pem")
NOT_MADE = N_("PDF этого документа ещё не сделан.")
PDFS_MOST = "20 per 5 minutes"  # of one person: the workers are there for everybody
TOO_MANY = N_("Вы попросили слишком много PDF подряд. Повторите через пять минут.")


def _document(id: int) -> Document:
    return gate.read(here().session, here().me, Document, id)


def _open(document: Document, name: str) -> bool:
    """Whether the present person could do the act now, on the version that the form shows."""
    scope = here()
    offer = subjects.offers_of(document, scope.session, scope.me).get(name)
    return offer is not None and offer.open and seen_version(document) == document.version


# ---------------------------------------------------------------------------------------------------------------- PDF


def _made_pdf(document: Document) -> Blob:
    """Return the PDF of a document without waiting for a free converter: a few threads serve everybody."""
    scope = here()
    issued_documents.demand(
        scope.session, blobs(), document
    )  # nothing is made, sealed or signed of a paper that is not the issued one
    if not rate_limit.spend(PDFS_MOST, "pdf", str(scope.who.id)):
        raise WorkflowError(TOO_MANY)
    return renditions.made_pdf(scope.session, blobs(), libreoffice.of(settings()), document, wait=False)


def convert(id: int) -> None:
    """Make the PDF while no lock is held; what went wrong is said by the page."""
    try:
        g.made = _made_pdf(_document(id))
    except NotFound:
        return
    except WorkflowError as error:
        g.refusal = error


@page("/documents/<int:id>/pdf", readers=LOGGED_IN, methods=("POST",), before=convert)
def make_pdf(id: int) -> Response:
    """Make the PDF/A of a document: whoever may read it may ask for it, and it is made once."""
    scope, document = here(), _document(id)
    refusal, made = g.pop("refusal", None), g.pop("made", None)
    if isinstance(made, Blob):
        enter_pdf(scope.session, document, made)
        scope.note("made pdf", "document", document.id)
        flash(_("PDF/A готов: его можно скачать."), "success")
    elif isinstance(refusal, WorkflowError):
        flash(say(refusal.sentence), "error")
    else:
        raise Broken("a PDF that was neither made nor refused")
    return go("cases.document_view", id=id)


def _rendition(id: int, form: str, suffix: str) -> Response:
    """Give a form of a document, compared with the journal; what differs is refused and noted (security.md 46)."""
    scope, document = here(), _document(id)
    doubted_documents.demand(document)
    row = renditions.find(scope.session, document.id, form)
    if row is None:
        raise NotFound(NOT_MADE)
    return _bytes(document, row.sha256, "application/pdf", f"{PurePath(document.file_name).stem}{suffix}.pdf")


def _bytes(document: Document, sha256: str, media: str, name: str) -> Response:
    scope = here()
    try:
        data = blobs().read(sha256)
    except Damaged:
        scope.note("damaged", "document", document.id, sha256)
        raise
    scope.note_reading("read", "document", document.id, name[:200])
    return made(data, name, media, apart=True)


@page("/documents/<int:id>.pdf", readers=LOGGED_IN)
def pdf(id: int) -> Response:
    """Give the PDF/A that was made of the issued file."""
    return _rendition(id, renditions.PDF, "")


@page("/documents/<int:id>/sealed.pdf", readers=LOGGED_IN)
def sealed_pdf(id: int) -> Response:
    """Give the PDF with the organisation's seal."""
    return _rendition(id, renditions.SEALED, " (с печатью)")


# ----------------------------------------------------------------------------------------------------- seal, signatures


def prepare(id: int, name: str) -> None:
    """Do the slow part of an act: only for who may do it now, so that nobody else's file or key is touched."""
    try:
        document = _document(id)
    except NotFound:
        return
    if name not in _SLOW or not _open(document, name):
        return
    try:
        g.done = _SLOW[name](document)
    except WorkflowError as error:
        g.refusal = error


def _sealed(document: Document) -> dict[str, Any]:
    """Seal the PDF once the password is right and the agreement stands (R35); both are looked at again by the gate."""
    scope = here()
    simple = request.form.get("how") == "simple"  # a seal is put in no other way: the form says the rest
    if not simple or not password_typed(scope.who) or proved(scope.session, scope.me).proof is None:
        return {}
    if renditions.find(scope.session, document.id, renditions.SEALED) is not None:
        raise NotYet((SEALED_ALREADY,))
    made = _made_pdf(document)
    sealed = seal.seal(settings(), blobs().read(made.sha256))
    told = {one: sealed.fields[one] for one in ("level", "number", "owner")}
    return told | {"pdf": made.sha256, "sealed": blobs().put_bytes(sealed.data).sha256}


def _examined(document: Document) -> dict[str, Any]:
    """Read the attached file in a child; one that is no signature of this document never reaches the store."""
    file = request.files.get("file")
    if file is None or not file.filename:
        raise Invalid({"file": (N_("Выберите файл подписи."),)})
    try:
        uploads.demand_clean(file)
    except WorkflowError as error:
        raise Invalid({"file": (error.sentence,)}) from error
    with file.stream as stream:
        data = stream.read(detached.MOST + 1)
    if len(data) > detached.MOST:
        raise Invalid({"file": (N_("Файл больше 1 МБ: это не отсоединённая подпись."),)})
    forms = renditions.files_of(here().session, blobs(), document)
    try:
        found = detached.examine(data, forms, seal.place(settings(), settings().signature_trust))
    except WorkflowError as error:
        raise Invalid({"file": (error.sentence,)}) from error
    name = clean_name(file.filename)
    told = {key: ("1" if one is True else "" if one is False else str(one)) for key, one in found.fields.items()}
    return {
        "name": name if name.lower().endswith(SIGNATURES) else f"{name}.sig", "sha256": blobs().put_bytes(data).sha256,
        "form": found.form, "verdict": found.verdict, "fields": told,
    }  # fmt: skip


_SLOW = {"seal": _sealed, "attach_signature": _examined}
_STARTS = {"seal": {}, "attach_signature": {"claimed": "docx"}}
_TEMPLATES = {"seal": "documents/seal.html", "attach_signature": "documents/attach.html"}


@page(
    "/documents/<int:id>/do/<any(seal,attach_signature):name>",
    readers=LOGGED_IN,
    methods=("GET", "POST"),
    before=prepare,
)
def document_do(id: int, name: str) -> Response | str:
    """Put the seal, or attach a signature made outside."""
    document = _document(id)
    done, refusal = g.pop("done", {}), g.pop("refusal", None)
    kind = workflow_of(document).transition(name).asks

    def check(_sheet: object) -> None:
        if isinstance(refusal, WorkflowError):
            raise refusal

    return act(
        document, name, lists={}, back=url_for("cases.document_view", id=id), template=_TEMPLATES[name], check=check, start=_STARTS[name],
        read=lambda: raw_of(request.form, kind) | done, context=lambda: document_side.acting_on(document, name),
    )  # fmt: skip


def _signature(document: Document, signature_id: int) -> AttachedSignature:
    row = here().session.get(AttachedSignature, signature_id)
    if row is None or row.document_id != document.id:
        raise NotFound(gate.NO_SUCH)
    return row


@page("/documents/<int:id>/signatures/<int:signature>.sig", readers=LOGGED_IN)
def signature(id: int, signature: int) -> Response:
    """Give an attached signature as it was received."""
    document = _document(id)
    doubted_documents.demand(document)
    row = _signature(document, signature)
    return _bytes(document, row.sha256, "application/pkcs7-signature", row.file_name)


@page("/documents/<int:id>/signatures/<int:signature>/withdraw", readers=LOGGED_IN, methods=("GET", "POST"))
def withdraw(id: int, signature: int) -> Response | str:
    """Mark a signature that was attached by mistake."""
    document = _document(id)
    row = _signature(document, signature)
    kind = workflow_of(document).transition("withdraw_signature").asks
    return act(
        document, "withdraw_signature", lists={}, back=url_for("cases.document_view", id=id),
        read=lambda: raw_of(request.form, kind) | {"signature_id": row.id},
        context=lambda: document_side.acting_on(document, "withdraw_signature"),
    )  # fmt: skip
