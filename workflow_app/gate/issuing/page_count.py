"""How many sheets of paper a document takes, for the list of enclosures of a letter.

A Word file has no number of pages of its own: LibreOffice counts them, where the server has it. Nobody waits for a busy one,
nor long for one that hangs, since everybody who writes waits meanwhile: what was not counted stays a blank for the hand.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from sqlalchemy.orm import Session

from workflow_app.conversion.libreoffice import Converter
from workflow_app.db.models import Document
from workflow_app.errors import WorkflowError
from workflow_app.files import pdf_pages

_SECONDS = 5  # for one file; the first that comes to nothing ends the counting of its line
_COUNT = re.compile(
    rb"/Type\s*/Pages\b.{0,4000}?/Count\s+(\d+)", re.DOTALL
)  # as LibreOffice writes the root of the pages


def of(session: Session, documents: Sequence[Document | None]) -> int | None:
    """Return the sheets of all these papers together, printed on one side; None where one of them cannot be counted."""
    counts = list(takewhile(bool, (_one(session, one) if one is not None else None for one in documents)))
    return sum(filter(None, counts)) if counts and len(counts) == len(documents) else None


def _one(session: Session, document: Document) -> int | None:
    if not document.sha256:  # of a preview, which has no file
        return None
    blobs, converter = session.info["blobs"], session.info.get("converter")
    suffix = document.file_name.rpartition(".")[2].lower()
    try:
        if suffix in ("jpg", "jpeg", "png"):
            return 1
        if suffix == "pdf":
            return pdf_pages.pages(blobs.path(document.sha256))
        if suffix != "docx" or not isinstance(converter, Converter):
            return None
        found = _COUNT.search(converter.pdf(blobs.read(document.sha256), wait=False, seconds=_SECONDS))
    except (WorkflowError, OSError):
        return None
    return int(found[1]) if found else None
