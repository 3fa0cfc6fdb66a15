"""The document of a record as it would be issued today: marked as a draft, without a number; as Word, and as PDF where that can be made."""

from __future__ import annotations

from typing import Any

from flask import Response, url_for
from flask_babel import gettext as _

from workflow_app.conversion import libreoffice
from workflow_app.gate.issuing import records
from workflow_app.web.file_answer import made
from workflow_app.web.request_scope import blobs, here, settings


def urls(endpoint: str, row: Any) -> list[tuple[str, str]]:
    """Return what the draft can be taken as, each with its address."""
    kinds = ("docx", "pdf") if libreoffice.of_looks(settings()).available() else ("docx",)
    return [(one.upper(), url_for(endpoint, id=row.id, kind=one)) for one in kinds]


def sent(row: Any, document: str, kind: str) -> Response:
    """Give the draft as a file; ``document``: the key of what would be issued."""
    data = records.draft(here().session, row, document, blobs())
    if kind == "pdf":
        data = libreoffice.of_looks(settings()).look(data, "docx")
    name = _("%(title)s, проект", title=row.title)
    return made(data, f"{name}.{kind}")
