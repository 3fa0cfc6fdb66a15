"""An issued document is what the event says that issued it: row, bytes and event are compared before anything leaves.

Each reader compares its own document's events alone; ``check`` compares every row (``operations.integrity``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain as together
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflow_app.db import hash_chain, stated_facts
from workflow_app.db.blobs import Blobs, Damaged
from workflow_app.db.models import Case, Document, Event, EventPayload, Record, Subject
from workflow_app.db.stated_facts import Stated
from workflow_app.documents.kinds.registry import KINDS
from workflow_app.errors import N_, Sentence, WorkflowError
from workflow_app.facts.subjects import PARTS, Part, root_of

Known = Mapping[int, Stated | None]

UNKNOWN = N_("Ни одна запись журнала не говорит, что этот документ выпущен.")
CHANGED = N_("Запись журнала, которой документ выпущен, изменена.")
OTHER_FILE = N_("Файл документа не тот, который выпущен: отпечаток не сходится с журналом.")


class Forged(WorkflowError):
    """A document or a material whose row or bytes are not what its event says: it is not given. ``why`` is the difference."""

    def __init__(self, why: Sentence) -> None:
        super().__init__(N_("Файл не выдаётся: он расходится с журналом. %(why)s", why=why))
        self.why = why


def entries(issued: object) -> list[Mapping[str, Any]]:
    """Return what an event says of the documents it issued; whatever somebody else wrote there says nothing."""
    many = issued if isinstance(issued, list) else []
    return [one for one in many if isinstance(one, dict) and isinstance(one.get("document"), int)]


def told(event: Event) -> str:
    """Return the documents that an act issued, in words."""
    known = (one for one in event.issued if one["kind"] in KINDS)
    return "; ".join(f"{KINDS[one['kind']].title} № {one['number']}" for one in known)


def root_key(session: Session, subject: Part) -> tuple[str, int]:
    """Return the kind and the number of the root whose chain tells of what belongs to a case or to a record."""
    if subject.case_id is not None:
        return Case.kind, subject.case_id
    root = root_of(session, subject)
    return root.kind, root.id


def origin(session: Session, document: Document) -> Event | None:
    """Return the event that issued a document, out of the chain of its case or its record."""
    kind, id_ = root_key(session, document)
    rows = session.execute(select(Event.id, Event.issued).where(Event.root_kind == kind, Event.root_id == id_))
    found = next((id_ for id_, issued in rows if any(one["document"] == document.id for one in entries(issued))), None)
    return session.get(Event, found) if found is not None else None


def last_stated(session: Session, subject: Subject) -> Stated | None:
    """Return what the last event that speaks of a row states of it; None where nothing was stated, as before this was kept."""
    return last_stated_of(session, [subject])[subject.id]


def last_stated_of(session: Session, many: Sequence[Subject]) -> dict[int, Stated | None]:
    """Return the same of rows of one kind: one statement for them, one more for each root of those that have no event."""
    found: dict[int, Stated | None] = dict.fromkeys(one.id for one in many)
    told = select(Event.subject_id, Event.seq, Event.facts, EventPayload.salt).outerjoin(
        EventPayload, EventPayload.event_id == Event.id
    )
    kinds = {one.kind for one in many}
    spoken = (Event.subject_kind.in_(kinds), Event.subject_id.in_(found), Event.facts.is_not(None))
    last = select(func.max(Event.id)).where(*spoken).group_by(Event.subject_kind, Event.subject_id)
    for id_, *what in session.execute(told.where(Event.id.in_(last))):
        found[id_] = Stated.of(*what)
    roots: dict[tuple[str, int], list[Subject]] = {}
    for one in many:
        if found[one.id] is None and isinstance(one, PARTS):
            roots.setdefault(root_key(session, one), []).append(one)
    for (kind, id_), parts in roots.items():
        root = (Event.root_kind == kind, Event.root_id == id_, Event.root_no.is_not(None))
        begun = session.execute(told.where(*root)).one_or_none()
        found |= {one.id: of_root(one, Stated.of(*begun[1:])) if begun else None for one in parts}
    return found


def of_root(subject: Subject, begun: Stated) -> Stated | None:
    """Return what holds of a part that has no event of its own: as adopted with its root, or as parts of its kind begin."""
    adopted = Stated.of(begun.seq, begun.facts.get(stated_facts.ROWS), begun.salt).facts
    known = adopted.get(f"{subject.kind} {subject.id}", stated_facts.UNTOUCHED.get(subject.kind))
    return Stated.of(begun.seq, known, begun.salt) if known is not None else None


def differences(session: Session, document: Document, event: Event | None) -> Iterable[Sentence]:
    """Yield how a document's row differs from the event that issued it."""
    told = next((one for one in entries(event.issued) if one["document"] == document.id), None) if event else None
    if event is None or told is None or (event.root_kind, event.root_id) != root_key(session, document):
        yield UNKNOWN
        return
    if document.record_id is not None and (event.subject_kind, event.subject_id) != (
        document.record_kind,
        document.record_id,
    ):
        yield UNKNOWN
    if event.subject_kind == "assignment" and event.subject_id != document.assignment_id:
        yield UNKNOWN
    yield from (
        words
        for _fact, words in stated_facts.differing(
            session, document, Stated(event.seq, told, None), stated_facts.ISSUED
        )
    )


def unlike(session: Session, subject: Subject, known: Known | None = None) -> Iterator[Sentence]:
    """Yield how a row differs from what the last event states of it; ``known``: of :func:`last_stated_of`, where many are compared."""
    if told := last_stated(session, subject) if known is None else known[subject.id]:
        yield from (words for _fact, words in stated_facts.differing(session, subject, told))


def doubt(
    session: Session, blobs: Blobs, document: Document, event: Event | None = None, known: Known | None = None
) -> Sentence | None:
    """Return why a document is not what its events say: its row, its forms and signatures, or its bytes; None when it is."""
    event = event or origin(session, document)
    if event is not None and hash_chain.digest_of(event) != event.digest:
        return CHANGED
    if found := next(together(differences(session, document, event), unlike(session, document, known)), None):
        return found
    return None if blobs.verify(document.sha256) else OTHER_FILE


def demand(session: Session, blobs: Blobs, document: Document) -> None:
    """Refuse a document that is not what its events say: Forged, or Damaged when the file alone is broken."""
    found = doubt(session, blobs, document)
    if found is OTHER_FILE:
        raise Damaged(document.sha256)
    if found is not None:
        raise Forged(found)


def demand_stated(session: Session, subject: Subject) -> None:
    """Refuse a row, such as that of a material, that is not what its last event states: Forged."""
    if found := next(unlike(session, subject), None):
        raise Forged(found)


def paper_of_record(session: Session, record: Record, key: str) -> Document | None:
    """Return the newest edition of a document of a record, if it is in force or was replaced in this very act."""
    mine = (Document.record_kind == record.kind, Document.record_id == record.id, Document.document_kind == key)
    newest = session.scalars(select(Document).where(*mine).order_by(Document.id.desc()).limit(1)).first()
    return newest if newest is not None and newest.state != "void" else None
