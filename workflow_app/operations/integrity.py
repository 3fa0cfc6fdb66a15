"""``check``: proof on live data that states, chains and blobs are as the records say; names the first bad row of each kind."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from workflow_app.case_types.registry import CASE_TYPES
from workflow_app.db import checkpoints, hash_chain, stated_facts, survey_answers, triggers
from workflow_app.db.blobs import Blobs
from workflow_app.db.models import (
    RECORDS,
    AttachedSignature,
    Belonging,
    Case,
    CaseFile,
    Document,
    Event,
    EventPayload,
    Job,
    Rendition,
    Subject,
    WordTemplate,
)
from workflow_app.errors import N_, Sentence
from workflow_app.facts import past_work, search_rows, standing_rows, stays
from workflow_app.facts.subjects import KINDS, inhabited, workflow_of
from workflow_app.operations import integrity_events
from workflow_app.states.definitions.centre import DestroyRecords

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: of what kind, at which row, in words."""

    kind: str
    row: str
    sentence: Sentence
    unproved: bool = False  # nothing is wrong, and nothing is proved

    def __str__(self) -> str:
        return f"{self.kind} {self.row}: {self.sentence}"


def findings(session: Session, blobs: Blobs, progress: Callable[[str], None] = lambda _step: None) -> list[Finding]:
    """Return everything that is wrong, empty when all is well. ``progress`` is told each step."""
    return [one for one in report(session, blobs, progress) if not one.unproved]


def report(
    session: Session, blobs: Blobs, progress: Callable[[str], None] = lambda _step: None, only: Collection[str] = ()
) -> list[Finding]:
    """Return everything that is wrong, and what cannot be proved any more because its record was destroyed by an act.

    ``only``: of these steps alone, by their names.
    """
    found: list[Finding] = []
    for name in only or _STEPS:
        progress(name)
        found += _STEPS[name](session, blobs)
    return found


def _triggers(session: Session, _blobs: Blobs) -> Iterator[Finding]:
    connection = session.connection()
    for name in sorted(triggers.wanted(connection) - triggers.installed(connection)):
        yield Finding("trigger", name, N_("Триггер, который запрещает менять журнал, снят."))


def _chains(session: Session, _blobs: Blobs) -> Iterator[Finding]:
    """Walk every chain in order; after the first fault of a chain its rest is not reported."""
    previous: tuple[str, int] | None = None
    seq, digest, broken = 0, hash_chain.GENESIS, False
    lawfully = destroyed(session)
    query = select(Event, EventPayload).outerjoin(EventPayload, EventPayload.event_id == Event.id)
    query = query.order_by(Event.root_kind, Event.root_id, Event.seq).execution_options(yield_per=_BATCH)
    for event, payload in session.execute(query):
        root = (event.root_kind, event.root_id)
        if root != previous:
            previous, seq, digest, broken = root, 0, hash_chain.GENESIS, False
        if broken:
            continue
        fault = link_fault(event, payload, seq + 1, digest, lawfully)
        if fault is not None:
            broken = True
            yield Finding("event", f"{event.root_kind} {event.root_id} № {event.seq}", fault)
        seq, digest = event.seq, event.digest


def destroyed(session: Session) -> frozenset[int]:
    """Return the events whose payload an act of destruction names; an act that lost its own payload excuses nothing."""
    acts = select(EventPayload.data).join(Event, Event.id == EventPayload.event_id)
    found = session.scalars(acts.where(Event.sheet == DestroyRecords.__name__))
    return frozenset(number for data in found if isinstance(data, dict) for number in data.get("events") or ())


def link_fault(
    event: Event, payload: EventPayload | None, seq: int, previous: str, lawfully: Collection[int]
) -> Sentence | None:
    """What is wrong with an event that should be the ``seq``-th of its chain and follow the digest ``previous``; else None.

    A payload may be missing only if an act of destruction names its event: the chain covers its hash (ADR 4).
    """
    if event.seq != seq:
        return N_("В цепочке журнала пропущена запись № %(seq)s.", seq=seq)
    if event.previous != previous:
        return N_("Запись не продолжает предыдущую.")
    if hash_chain.digest_of(event) != event.digest:
        return N_("Запись изменена: её отпечаток не сходится.")
    if payload is None:
        return None if event.id in lawfully else N_("Содержание записи пропало, и акта об уничтожении нет.")
    if hash_chain.payload_hash(payload.salt, payload.data) != event.payload_sha256:
        return N_("Содержание записи изменено: отпечаток не сходится.")
    return None


def _states(session: Session, _blobs: Blobs) -> Iterator[Finding]:
    """Compare every subject's state and version with its last event."""
    last = select(func.max(Event.id)).group_by(Event.subject_kind, Event.subject_id)
    told = {
        (kind, id_): (after, version)
        for kind, id_, after, version in session.execute(
            select(Event.subject_kind, Event.subject_id, Event.after, Event.subject_version).where(Event.id.in_(last))
        )
    }
    there = inhabited(session)
    for kind, model in ((kind, model) for kind, model in KINDS.items() if kind in there):
        for subject in session.scalars(select(model).order_by(model.id).execution_options(yield_per=_BATCH)):
            yield from _state(kind, subject, told.pop((kind, subject.id), None))
    for kind, id_ in sorted(told):  # what is left has no row
        yield Finding(kind, f"{id_}", N_("Строки нет, а журнал о ней рассказывает."))


def _state(kind: str, subject: Subject, told: tuple[str, int] | None) -> Iterator[Finding]:
    row = f"{subject.id}"
    if isinstance(subject, Case) and subject.type not in CASE_TYPES:
        yield Finding(kind, row, N_("Неизвестный вид экспертизы «%(type)s».", type=subject.type))
        return
    if subject.state not in workflow_of(subject).states:
        yield Finding(kind, row, N_("Неизвестное состояние «%(state)s».", state=subject.state))
    if told is None:
        if kind not in ("document", "centre"):  # issued by an act on the case, or the municipality's first row
            yield Finding(kind, row, N_("В журнале нет ни одной записи об этой строке."))
    elif told != (subject.state, subject.version):
        yield Finding(
            kind, row,
            N_(
                "Состояние «%(state)s» не совпадает с журналом: «%(told)s».",
                state=f"{subject.state}/{subject.version}", told=f"{told[0]}/{told[1]}",
            ),
        )  # fmt: skip


def _roots(session: Session, _blobs: Blobs) -> Iterator[Finding]:
    """Count the roots of each municipality: one that vanished with its whole chain leaves a gap in their numbers."""
    yield from (Finding("root", f"{row}", words) for row, words in integrity_events.roots(session))


def _log(session: Session, _blobs: Blobs) -> Iterator[Finding]:
    """Compare the log of heads with the signed checkpoints, and the chains with the log."""
    yield from (Finding("checkpoint", row, words) for row, words in checkpoints.faults(session))


def _facts(session: Session, _blobs: Blobs) -> Iterator[Finding]:
    """Compare rows with what their last events state; of a kind and a fact only the first row is named."""
    seen: set[tuple[str, str]] = set()
    with stated_facts.comparing(session):
        for subject, fact, words in integrity_events.differing(session):
            if (subject.kind, fact) not in seen:
                seen.add((subject.kind, fact))
                yield Finding(subject.kind, f"{subject.id}", words or _UNPROVED, unproved=words is None)


def _papers(session: Session, _blobs: Blobs) -> Iterator[Finding]:
    """Compare issued documents with the events that issued them, both ways."""
    yield from (Finding("document", f"{id_}", words) for id_, words in integrity_events.papers(session))


def _standings(session: Session, _blobs: Blobs) -> Iterator[Finding]:
    """Compare the kept standings and waits with what the policy reckons; of a kind only the first row is named."""
    return _first_of_kinds("standing", standing_rows.differing(session))


def _owners(session: Session, _blobs: Blobs) -> Iterator[Finding]:
    """Name what belongs to a record that is not there: no foreign key holds it, because it may be of any kind."""
    for model in (one for one in KINDS.values() if issubclass(one, Belonging)):
        found = select(model.id, model.record_kind, model.record_id).where(model.record_kind.is_not(None))
        for id_, kind, record_id in session.execute(found.order_by(model.id)):
            if (record := RECORDS.get(kind or "")) is None or session.get(record, record_id) is None:
                yield Finding(
                    model.kind,
                    f"{id_}",
                    N_("Записи, к которой строка относится, нет: %(kind)s %(id)s.", kind=kind, id=record_id),
                )


def _search(session: Session, _blobs: Blobs) -> Iterator[Finding]:
    """Compare what is searched with what stands in the rows; of a kind only the first row is named."""
    return _first_of_kinds("search", search_rows.differing(session))


def _first_of_kinds(of: str, differing: Iterable[tuple[str, int, Sentence]]) -> Iterator[Finding]:
    seen: set[str] = set()
    for kind, id_, words in differing:
        if kind not in seen:
            seen.add(kind)
            yield Finding(of, f"{kind} {id_}", words)


def _stays(session: Session, _blobs: Blobs) -> Iterator[Finding]:
    """Compare how long stages lasted with the moves that the events tell; the first case alone is named."""
    yield from (Finding("stay", f"case {id_}", words) for id_, words in islice(stays.differing(session), 1))


def _past(session: Session, _blobs: Blobs) -> Iterator[Finding]:
    """Compare the sums of experts' work with their assignments; the first expert alone is named."""
    found = islice(past_work.differing(session), 1)
    yield from (Finding("past_work", f"person {id_}", words) for id_, words in found)


def _surveys(session: Session, _blobs: Blobs) -> Iterator[Finding]:
    """Compare the answers to each ended survey with the number and the digest that were stated at its end (ADR 31)."""
    for id_, counted, digest in survey_answers.closed(session):
        if survey_answers.counted(session, id_) != (counted, digest):
            yield Finding("survey", f"{id_}", N_("Ответы на опрос изменены после его завершения."))


_UNPROVED = N_("Не проверяется: содержание записи, на которой строка держится, уничтожено по акту.")
_BLOBS: Final[tuple[tuple[str, InstrumentedAttribute[int], InstrumentedAttribute[str]], ...]] = (
    ("file", CaseFile.id, CaseFile.sha256),
    ("document", Document.id, Document.sha256),
    ("rendition", Rendition.document_id, Rendition.sha256),
    ("signature", AttachedSignature.id, AttachedSignature.sha256),
    ("word_template", WordTemplate.id, WordTemplate.sha256),
    ("job", Job.id, Job.sha256),
)


def blob_owners(session: Session) -> dict[str, str]:
    """Return every blob that a row names, with the first such row («file 12»), in the order of rows."""
    known: dict[str, str] = {}
    for name, id_, column in _BLOBS:
        for key, sha256 in session.execute(select(id_, column).where(column != "").order_by(id_)):
            known.setdefault(sha256, f"{name} {key}")
    return known


def _files(session: Session, blobs: Blobs) -> Iterator[Finding]:
    """Check that every blob named by a row is there and equal to its hash."""
    for sha256, row in blob_owners(session).items():
        if not blobs.exists(sha256):
            yield Finding("blob", row, N_("Файл %(sha)s отсутствует.", sha=sha256[:12]))
        elif not blobs.verify(sha256):
            yield Finding("blob", row, N_("Файл %(sha)s повреждён: отпечаток не сходится.", sha=sha256[:12]))


_STEPS: dict[str, Callable[[Session, Blobs], Iterator[Finding]]] = {
    "triggers": _triggers, "chains": _chains, "roots": _roots, "checkpoints": _log, "states": _states, "facts": _facts,
    "papers": _papers, "owners": _owners, "standings": _standings, "search": _search, "stays": _stays, "past_work": _past,
    "surveys": _surveys, "blobs": _files,
}  # fmt: skip
