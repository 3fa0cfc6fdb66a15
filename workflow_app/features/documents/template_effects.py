"""What the transitions of Word templates do to rows."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflow_app.db.models import Municipality, WordTemplate
from workflow_app.documents.kinds.registry import KINDS
from workflow_app.errors import Broken
from workflow_app.facts.locking import lock_root
from workflow_app.gate import effect, entail
from workflow_app.gate.issuing import blobs_of
from workflow_app.states.definitions.template import SwitchOnTemplate, UploadTemplate
from workflow_app.states.forms import Nothing
from workflow_app.states.vocabulary import Actor


def next_edition(session: Session, municipality_id: int, key: str) -> int:
    """Return the number of the next edition of a kind's template, with the centre locked: two uploads do not get one number."""
    lock_root(session, session.get_one(Municipality, municipality_id))
    mine = (WordTemplate.municipality_id == municipality_id, WordTemplate.document_kind == key)
    return (session.scalar(select(func.max(WordTemplate.edition)).where(*mine)) or 0) + 1


@effect.register
def _upload(sheet: UploadTemplate, session: Session, actor: Actor, subject: WordTemplate) -> None:
    """Prove that the row is what the sheet says: the row was made by the page, the sheet stays in the chain."""
    del actor
    stands = (subject.document_kind, subject.sha256, subject.size)
    if stands != (sheet.document_kind, sheet.sha256, sheet.size) or sheet.document_kind not in KINDS:
        raise Broken("the row of a template is not what its sheet says")
    if not blobs_of(session).exists(sheet.sha256):
        raise Broken("a template without its file")


@effect.register
def _switch_on(sheet: SwitchOnTemplate, session: Session, actor: Actor, subject: WordTemplate) -> None:
    """Let the edition that was on give way; the centre is locked, so that two are never on at once."""
    del sheet
    lock_root(session, session.get_one(Municipality, subject.municipality_id))
    others = select(WordTemplate).where(
        WordTemplate.municipality_id == subject.municipality_id, WordTemplate.document_kind == subject.document_kind,
        WordTemplate.state == "on", WordTemplate.id != subject.id,
    )  # fmt: skip
    for other in session.scalars(others):
        entail(session, actor.as_system(), other, "give_way", Nothing())
