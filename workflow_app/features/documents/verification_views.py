"""Checking an issued paper: open to everybody, by code, by QR or by the file itself."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Response, g, make_response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from workflow_app.db.models import Document
from workflow_app.features.documents import verification
from workflow_app.features.documents.views import page
from workflow_app.web import doubted_documents, rate_limit
from workflow_app.web.next_page import go_to
from workflow_app.web.page import ANYONE
from workflow_app.web.request_scope import here, settings

_CHUNK = 1 << 20  # bytes


def _weigh() -> None:
    """Take the fingerprint of a dropped file while no lock is held; the file itself is kept nowhere."""
    rate_limit.check_tries("check", settings().check_limit)
    file: FileStorage | None = request.files.get("file")
    g.dropped = ""
    if file is None or not file.filename:
        return
    digest = hashlib.sha256()
    while chunk := file.stream.read(_CHUNK):
        digest.update(chunk)
    g.dropped = digest.hexdigest()


@page("/check", readers=ANYONE, methods=("GET", "POST"), before=_weigh)
def check() -> Response | str:
    """Ask for a number and a code, or for a file; answer what is known of it."""
    if request.method != "POST":
        return _page(None, asked=False)
    code, number = request.form.get("code", "")[:100], request.form.get("number", "")[:100]
    if g.dropped:
        return _answered(*_by_file(code))
    if not code.strip():
        return make_response(_page(None, asked=False, problem=_("Введите код с документа или приложите файл.")), 422)
    return _answered(verification.by_code(here().session, code, number.strip() or None), "")


@page("/check/<code>", readers=ANYONE, name="check_code")
def check_code(code: str) -> Response | str:
    """Answer to a QR code. A code that is written in another way leads to the one address it has."""
    rate_limit.check_tries("check", settings().check_limit)
    kept = verification.normal(code)
    if kept and kept != code:
        return go_to(url_for("papers.check_code", code=kept), 302)
    return _answered(verification.by_code(here().session, code), "")


def _by_file(code: str) -> tuple[Document | None, str]:
    """Return the paper that a dropped file is; a known code with another file is a paper that somebody changed."""
    session = here().session
    found = verification.by_digest(session, g.dropped)
    if found is not None:
        return found
    known = verification.by_code(session, code) if code.strip() else None
    return known, "other" if known else ""


def _answered(document: Document | None, form: str) -> Response:
    scope = here()
    if document is None or form == "other":
        rate_limit.tried("check", settings().check_limit)
    if document is None:
        return make_response(_page(None, asked=True), 404)
    told = verification.told(scope.session, document, form)
    if told.doubt:
        scope.note(doubted_documents.FORGED, "document", document.id, str(told.doubt))
    else:
        scope.note("checked", "document", document.id, form)
    return make_response(_page(told, asked=True))


def _page(told: verification.Told | None, *, asked: bool, problem: str = "") -> str:
    typed: dict[str, Any] = {name: request.form.get(name, "")[:100] for name in ("code", "number")}
    by_file = request.method == "POST" and bool(g.get("dropped"))
    return render_template(
        "documents/check.html",
        told=told,
        asked=asked,
        problem=problem,
        typed=typed,
        by_file=by_file,
        digest=g.get("dropped", ""),
    )
