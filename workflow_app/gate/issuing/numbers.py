"""Numbers of registers: the next one, or one of the paper journal to which the register then skips (R34, domain.md 0a.9)."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from workflow_app.db import counters
from workflow_app.db.models import Document
from workflow_app.errors import N_, Invalid


def take(session: Session, document: Document, register: str, typed: str, *others: ColumnElement[bool]) -> str:
    """Return the number of a document that is being issued; Invalid when the one that was typed is taken.

    ``others`` narrow the papers whose numbers are taken: those of another case, where a version takes the place of its former one.
    """
    year = document.dated.year
    if not typed:
        return str(counters.take(session, document.municipality_id, register, year))
    given = select(Document.number).where(
        Document.municipality_id == document.municipality_id, Document.register == register, Document.year == document.year, *others
    )  # fmt: skip
    if counters.core(typed) in {counters.core(one) for one in session.scalars(given) if one}:
        raise Invalid({"number": (N_("Документ с номером %(number)s в этом году уже есть.", number=typed),)})
    counters.skip_to(session, document.municipality_id, register, year, typed)
    return typed
