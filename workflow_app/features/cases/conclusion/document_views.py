"""Issued documents: the very bytes that were issued, compared with their hash before they leave, and a look at them."""

from __future__ import annotations

from pathlib import PurePath

from flask import Response, render_template, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from workflow_app import gate
from workflow_app.db.models import Case, Document
from workflow_app.facts.subjects import owner_of, workflow_of
from workflow_app.features.cases.blueprint import page
from workflow_app.features.cases.history import document_title
from workflow_app.features.cases.urls import document_url
from workflow_app.web import attaching, doubted_documents, file_viewer
from workflow_app.web.file_answer import made
from workflow_app.web.formatting import day, say
from workflow_app.web.page import LOGGED_IN
from workflow_app.web.panels import panels
from workflow_app.web.request_scope import blobs, here

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MEDIA = {".docx": DOCX, ".pdf": "application/pdf", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png"}


def _read(id: int) -> tuple[Document, bytes]:
    """Return a document that the reader may open, with its bytes; what differs from the journal is refused (security.md 46)."""
    scope = here()
    document = gate.read(scope.session, scope.me, Document, id)
    doubted_documents.demand(document)
    data = blobs().read(document.sha256)
    scope.note_reading("read", "document", document.id)
    return document, data


@page("/documents/<int:id>.docx", readers=LOGGED_IN)
def document(id: int) -> Response:
    """Give a document as it was issued; the scan of a signed paper keeps its own type and name."""
    found, data = _read(id)
    media = MEDIA.get(PurePath(found.file_name).suffix.lower(), "application/octet-stream")
    return made(data, found.file_name, media, apart=True)


@page("/documents/<int:id>", readers=LOGGED_IN)
def document_view(id: int) -> str:
    """Show the text of the issued file itself, not of what would be composed today."""
    found, _data = _read(id)
    owner = owner_of(here().session, found)
    home = attaching.home_of(owner)
    way = [{"title": _("Все дела"), "url": url_for("cases.listing")}] if isinstance(owner, Case) else []
    papers = url_for("cases.documents", id=owner.id) if isinstance(owner, Case) else home.url
    state = workflow_of(found).state(found.state)
    html, problem = "", ""
    if found.file_name.lower().endswith(".docx"):
        try:
            html = file_viewer.docx_html(blobs().path(found.sha256))
        except file_viewer.Unviewable as error:
            problem = say(error.sentence)
    else:
        problem = _("Это скан: его можно скачать.")
    title = say(document_title(found))
    return render_template(
        "cases/document.html", document=found, home=home, title=title, state=state, html=Markup(html), problem=problem,  # noqa: S704 - rebuilt from an allow-list by the viewer
        url=document_url(found), dated=day(found.dated), panels=panels("document", "around", found),
        breadcrumbs=[
            *way, {"title": home.title, "url": papers}, {"title": title, "url": ""},
        ],
    )  # fmt: skip
