"""Nothing that differs from the journal leaves unseen: the refusal of a document is noted, and the administrators get a letter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow_app import clock
from workflow_app.db.blobs import Damaged
from workflow_app.db.models import AccessLog, CaseFile, Document, Membership, Person
from workflow_app.facts import issued_documents
from workflow_app.gate import outbox
from workflow_app.web.request_scope import blobs, here

FORGED: Final = "forged"
_ALARMS: Final = (FORGED, "damaged")
_PLACES: Final = {"document": "/documents", "file": "/files"}
_AGAIN: Final = timedelta(days=1)  # so often is the same file told of


def demand(document: Document) -> None:
    """Refuse a document that is not what its events say (Forged), or whose file is broken (Damaged), and note it (R33)."""
    scope = here()
    try:
        issued_documents.demand(scope.session, blobs(), document)
    except issued_documents.Forged as error:
        scope.note(FORGED, "document", document.id, str(error.why))
        raise
    except Damaged as error:
        scope.note("damaged", "document", document.id, error.sha256)
        raise


def demand_file(file: CaseFile) -> None:
    """Refuse a material whose row is not what its event states, and note it."""
    try:
        issued_documents.demand_stated(here().session, file)
    except issued_documents.Forged as error:
        here().note(FORGED, "file", file.id, str(error.why))
        raise


def alarm(session: Session, note: Mapping[str, object]) -> None:
    """Write to the administrators of the centre whose document or material was noted, once a day for each."""
    if note["what"] not in _ALARMS or note["subject_kind"] not in _PLACES:
        return
    known = select(AccessLog.id).where(
        AccessLog.what.in_(_ALARMS), AccessLog.subject_kind == note["subject_kind"], AccessLog.subject_id == note["subject_id"],
        AccessLog.at > clock.now() - _AGAIN,
    )  # fmt: skip
    found: Document | CaseFile | None
    if note["subject_kind"] == Document.kind:
        found = session.get(Document, note["subject_id"])
    else:
        found = session.get(CaseFile, note["subject_id"])
    if found is None or session.scalar(known.limit(1)) is not None:
        return
    keepers = select(Person).join(Membership, Membership.person_id == Person.id).where(
        Membership.municipality_id == found.municipality_id, Membership.role == "admin", Person.state == "active",
    )  # fmt: skip
    name = found.file_name if isinstance(found, Document) else found.name
    place = f"{_PLACES[found.kind]}/{found.id}"
    for person in session.scalars(keepers.order_by(Person.id)).unique():
        outbox.compose(session, "file_doubted", person, found, why=str(note["detail"]), name=name, place=place)
