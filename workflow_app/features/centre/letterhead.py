"""A letter about nobody on the centre's letterhead: what the requisites look like in a document, before one is issued."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from workflow_app.documents.content.snapshot import Issue
from workflow_app.documents.docx.blocks import Document
from workflow_app.documents.kinds.covering_letter import KIND
from workflow_app.documents.template_fields.sample import sample
from workflow_app.facts import deadlines, naming


def sample_letter(session: Session, municipality_id: int) -> Document:
    """Return a covering letter with the requisites of today, an invented applicant and numbers of zeros."""
    today = deadlines.today(session, municipality_id)
    made = sample(KIND.key, naming.centre_card(session, municipality_id, today), today, rows=1)
    return KIND.compose(replace(made, issue=Issue("000", today)))
