"""What ``check`` rebuilds from the events: the numbers of roots, the facts of every row, the issued documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, aliased

from workflow_app.db import hash_chain, stated_facts
from workflow_app.db.models import Counter, Document, Event, EventPayload, Municipality, Subject
from workflow_app.db.stated_facts import Stated
from workflow_app.errors import N_, Sentence
from workflow_app.facts import issued_documents
from workflow_app.facts.subjects import KINDS, PARTS, inhabited

_BATCH = 500


def roots(session: Session) -> Iterator[tuple[str, Sentence]]:
    """Yield gaps and breaks in the numbers of each municipality's roots, and roots that have none."""
    last: dict[int, tuple[int, str]] = {}
    numbered = (
        select(Event.municipality_id, Event.root_no, Event.root_previous, Event.digest, Event.root_kind, Event.root_id)
        .where(Event.root_no.is_not(None)).order_by(Event.municipality_id, Event.root_no)
    )  # fmt: skip
    for one in session.execute(numbered.execution_options(yield_per=_BATCH)):
        number, digest = last.get(one.municipality_id, (0, hash_chain.GENESIS))
        if one.root_no != number + 1:
            yield (
                f"{number + 1}",
                N_("Пропал корень журнала № %(n)s: дело или запись удалены вместе с цепочкой.", n=number + 1),
            )
        elif one.root_previous != digest:
            yield f"{one.root_kind} {one.root_id}", N_("Корень журнала не продолжает предыдущий.")
        last[one.municipality_id] = (one.root_no, one.digest)
    given = select(Counter.municipality_id, Counter.last).where(Counter.register == hash_chain.ROOTS)
    for municipality_id, counted in session.execute(given):
        number, _digest = last.pop(municipality_id, (0, ""))
        if counted != number:
            yield (
                f"{number + 1}",
                N_("Корней в журнале %(found)s, а начато %(counted)s.", found=number, counted=counted),
            )
    for number, _digest in last.values():
        yield f"{number}", N_("Корней в журнале %(found)s, а начато %(counted)s.", found=number, counted=0)
    yield from _unnumbered(session)


def _unnumbered(session: Session) -> Iterator[tuple[str, Sentence]]:
    """Yield chains whose root has no number, except where the adoption that follows a migration has not come to them yet."""
    other, first = aliased(Event), aliased(Counter)
    numbered = exists().where(
        other.root_kind == Event.root_kind, other.root_id == Event.root_id, other.root_no.is_not(None)
    )
    waits = exists().where(
        first.register == hash_chain.ADOPT, first.last == 0, first.municipality_id == Event.municipality_id
    )
    found = select(Event.root_kind, Event.root_id).where(Event.seq == 1, Event.root_kind != Municipality.kind)
    for kind, id_ in session.execute(found.where(~numbered, ~waits).order_by(Event.root_kind, Event.root_id)):
        yield f"{kind} {id_}", N_("Цепочка журнала начата без номера корня.")


def differing(session: Session) -> Iterator[tuple[Subject, str, Sentence | None]]:
    """Yield each row and fact that differ from what the last event states; without words when it can be proved no more."""
    begun: Mapping[tuple[str, int], Stated] | None = None
    there = inhabited(session)
    for kind, model in ((kind, model) for kind, model in KINDS.items() if kind in there):
        subjects = session.scalars(select(model).order_by(model.id)).unique().all()
        told = _stated(session, kind)
        if begun is None and issubclass(model, PARTS):
            begun = _begun(session)
        for subject in subjects:
            known = told.get(subject.id)
            if (
                known is None
                and isinstance(subject, PARTS)
                and begun is not None
                and (root := begun.get(issued_documents.root_key(session, subject)))
            ):
                known = issued_documents.of_root(subject, root)
            if known is None:
                continue
            yield from ((subject, fact.name, words) for fact, words in stated_facts.differing(session, subject, known))
            if known.salt is None:
                yield subject, "", None


def _stated(session: Session, kind: str) -> dict[int, Stated]:
    """Return the last statement on each row of a kind."""
    last = (
        select(func.max(Event.id))
        .where(Event.subject_kind == kind, Event.facts.is_not(None))
        .group_by(Event.subject_id)
    )
    found = select(Event.subject_id, Event.seq, Event.facts, EventPayload.salt)
    found = found.outerjoin(EventPayload, EventPayload.event_id == Event.id).where(Event.id.in_(last))
    return {id_: Stated.of(seq, told, salt) for id_, seq, told, salt in session.execute(found)}


def _begun(session: Session) -> Mapping[tuple[str, int], Stated]:
    """Return what the numbered event of each root states."""
    found = select(Event.root_kind, Event.root_id, Event.seq, Event.facts, EventPayload.salt)
    found = found.outerjoin(EventPayload, EventPayload.event_id == Event.id)
    found = found.where(Event.root_no.is_not(None), Event.facts.is_not(None))
    return {(kind, id_): Stated.of(seq, told, salt) for kind, id_, seq, told, salt in session.execute(found)}


def papers(session: Session) -> Iterator[tuple[int, Sentence]]:
    """Yield documents whose row differs from the event that issued it, was never issued, or is gone."""
    by_document: dict[int, Event] = {}
    for event in session.scalars(select(Event).order_by(Event.id).execution_options(yield_per=_BATCH)):
        by_document.update({one["document"]: event for one in issued_documents.entries(event.issued)})
    for document in session.scalars(select(Document).order_by(Document.id)):
        told = by_document.pop(document.id, None)
        yield from ((document.id, words) for words in issued_documents.differences(session, document, told))
    for id_, event in sorted(by_document.items()):
        yield id_, N_("Документ выпущен записью № %(seq)s, а строки его нет.", seq=event.seq)
