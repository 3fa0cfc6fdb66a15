"""What stands around a document on its page: the files, the seal, the signatures; and on the settings' page, what is installed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask import render_template, url_for

from workflow_app.conversion import libreoffice
from workflow_app.db.models import AttachedSignature, Case, Document, Municipality
from workflow_app.documents.docx.blocks import Certificate
from workflow_app.documents.kinds.registry import KINDS
from workflow_app.errors import N_, Broken, Sentence, WorkflowError
from workflow_app.facts import subjects
from workflow_app.facts.subjects import owner_of, workflow_of
from workflow_app.features.documents import renditions
from workflow_app.signatures import detached, seal
from workflow_app.states.definitions.document_forms import FORMS
from workflow_app.web import attaching
from workflow_app.web.formatting import say, zone
from workflow_app.web.panels import panel
from workflow_app.web.request_scope import here, settings

_OVER = {one.value: one.label for one in FORMS}
_TONES = {"verified": "good", "intact": "attention", "unverified": "attention"}
NO_SEAL = N_("Печать организации не настроена. Обратитесь к администратору.")


@panel("document", tab="around")
def beside_document(document: Document) -> str:
    """Show the files of a document, its seal and the signatures made outside."""
    scope = here()
    made = renditions.all_of(scope.session, document.id)
    offers = subjects.offers_of(document, scope.session, scope.me)
    docx = renditions.is_docx(document)
    can = libreoffice.of(settings()).available()
    signatures = [_signature(one, "withdraw_signature" in offers) for one in _rows(document)]
    return render_template(
        "documents/around.html", document=document, docx=docx, pdf=made.get(renditions.PDF), sealed=made.get(renditions.SEALED),
        can_convert=docx and can, absent="" if can or not docx else say(libreoffice.Absent().sentence), signatures=signatures,
        may_seal="seal" in offers and docx and renditions.SEALED not in made and bool(settings().seal_file),
        may_attach="attach_signature" in offers,
    )  # fmt: skip


def _rows(document: Document) -> list[AttachedSignature]:
    return renditions.signatures_of(here().session, document.id)


def _signature(row: AttachedSignature, may_withdraw: bool) -> dict[str, Any]:  # noqa: FBT001 - of one call
    """Return an attached signature as the page shows it.

    The frame stands only with the certificate's own data (R36), and only where the system itself found which file was signed and
    that the signature holds: a frame is read as «this document is signed». Of any other the fields stand in a plain list.
    """
    told, withdrawn = row.fields, row.fields.get("withdrawn")
    proved = row.verdict == "verified" and bool(row.signed_form) and not withdrawn
    over = row.signed_form or told.get("claimed", "")
    return {
        "url": url_for("papers.signature", id=row.document_id, signature=row.id), "name": row.file_name, "size": row.size,
        "added_at": row.added_at, "frame": _frame(told) if proved else [], "certificate": _certificate(told),
        "standing": detached.standing(row.verdict, told),
        "tone": "stopped" if withdrawn else _TONES.get(row.verdict, "attention"), "verified": row.verdict == "verified",
        "over": say(_OVER[over]) if over in _OVER else "", "claimed": bool(told.get("claimed")), "facts": _facts(told),
        "withdrawn": withdrawn,
        "withdraw_url": url_for("papers.withdraw", id=row.document_id, signature=row.id) if may_withdraw and not withdrawn else "",
    }  # fmt: skip


def _frame(told: dict[str, Any]) -> tuple[str, ...] | list[str]:
    """Return the lines of the mark of GOST, if the certificate gave everything that they need."""
    try:
        return Certificate(told["number"], told["owner"], *_validity(told)).lines
    except (Broken, KeyError, ValueError):
        return []


def _validity(told: dict[str, Any]) -> tuple[date, date]:
    """Return the first and the last day of a certificate. Raises KeyError or ValueError when it does not say them."""
    since, until = (datetime.fromisoformat(told[one]).astimezone(zone()).date() for one in ("valid_from", "valid_to"))
    return since, until


def _certificate(told: dict[str, Any]) -> list[tuple[str, str]]:
    """Return what the frame would say of a certificate, as labels and values."""
    try:
        since, until = _validity(told)
        valid = say(N_("с %(since)s по %(until)s", since=f"{since:%d.%m.%Y}", until=f"{until:%d.%m.%Y}"))
    except (KeyError, ValueError):
        valid = ""
    rows = (
        (N_("Сертификат"), told.get("number", "")),
        (N_("Владелец"), told.get("owner", "")),
        (N_("Действителен"), valid),
    )
    return [(say(label), value) for label, value in rows if value]


def _facts(told: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the fields of a certificate with their labels; what it does not say is left out."""
    at = told.get("signed_at", "")
    moment = f"{datetime.fromisoformat(at).astimezone(zone()):%d.%m.%Y %H:%M}" if at else ""
    rows: tuple[tuple[Sentence, str], ...] = (
        (N_("Организация"), told.get("organisation", "")),
        (N_("СНИЛС"), told.get("snils", "")),
        (N_("ИНН"), told.get("inn", "")),
        (N_("Издатель"), told.get("issuer", "")),
        (N_("Алгоритм"), told.get("algorithm", "")),
        (N_("Подписано (по часам подписавшего)"), moment),
        (N_("Вид"), say(N_("CAdES") if told.get("cades") else N_("CMS без защиты сертификата"))),
    )
    return [(say(label), value) for label, value in rows if value]


def acting_on(document: Document, name: str) -> dict[str, Any]:
    """Return what the page of an act on a document shows beside its form."""
    owner = owner_of(here().session, document)
    home = attaching.home_of(owner)
    papers = url_for("cases.documents", id=owner.id) if isinstance(owner, Case) else home.url
    kind = KINDS.get(document.document_kind)
    title = say(kind.title if kind else N_("Подписанный подлинник (скан)"))
    seal, problem = _seal() if name == "seal" else (None, "")
    return {
        "document": document, "case_number": home.title, "document_title": title, "seal": seal, "seal_problem": problem,
        "tsa": bool(settings().tsa_url),
        "breadcrumbs": [
            {"title": home.title, "url": papers},
            {"title": title, "url": url_for("cases.document_view", id=document.id)},
            {"title": say(workflow_of(document).transition(name).title), "url": ""},
        ],
    }  # fmt: skip


def _seal() -> tuple[seal.Seal | None, str]:
    """Return the organisation's seal, or why there is none, in words."""
    try:
        found = seal.describe(settings())
    except WorkflowError as error:
        return None, say(error.sentence)
    return found, "" if found else say(NO_SEAL)


@panel("settings", tab="overview")
def beside_settings(_row: Municipality) -> str:
    """Show what of LibreOffice, the seal and trust is set up on the server: it is changed in its settings file, not here."""
    seal, problem = _seal()
    known = settings()
    return render_template(
        "documents/server.html", converts=libreoffice.of(known).available(), workers=known.converters, seal=seal, problem=problem,
        tsa=bool(known.tsa_url), ltv=known.seal_ltv, trust=bool(known.signature_trust),
    )  # fmt: skip
