"""The history of a case: its events in words, with the identities that the reader may not know left out.

The chain keeps facts; words are made here (domain.md 0a.15). Staff read everything. An applicant, an expert, a member of
the panel read who did what as decisions.md 33 says: an expert without a name is «эксперт № 2».
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow_app.case_types.registry import case_type
from workflow_app.db import hash_chain, stated_facts
from workflow_app.db.models import Case, Document, Event, EventPayload, Outbox
from workflow_app.documents.kinds.registry import KINDS
from workflow_app.errors import N_, Sentence, Words
from workflow_app.facts import issued_documents
from workflow_app.facts.subjects import KINDS as SUBJECTS
from workflow_app.facts.subjects import PLAIN
from workflow_app.features.cases import history_details as details
from workflow_app.features.cases.audience import Reading
from workflow_app.operations import integrity
from workflow_app.states.definitions.case.forms import NamedByOrder
from workflow_app.states.forms import parse_date
from workflow_app.states.vocabulary import Tone, Transition, Trigger, Via, Workflow

FILTERS: dict[str, Sentence] = {
    "case": N_("Ход дела"), "assignment": N_("Экспертиза"), "file": N_("Файлы"), "document": N_("Документы"), "letter": N_("Письма"),
}  # fmt: skip
VIA: dict[str, Sentence] = {
    Via.WEB: N_("через сайт"), Via.LINK: N_("по ссылке из письма"), Via.API: N_("через программный интерфейс"),
    Via.COMMAND: N_("командой оператора"), Via.SYSTEM: N_("автоматически"), Via.DEPUTY: N_("в порядке замещения директора"),
    Via.BULK: N_("вместе с другими"),
}  # fmt: skip
_BEGUN = {
    "case": N_("Создан черновик"),
    "assignment": N_("Приглашён эксперт"),
    "file": N_("Приложен файл"),
    "document": N_("Выпущен документ"),
}
_ICONS = {"case": "flag", "assignment": "users", "file": "paperclip", "document": "file-text", "letter": "mail"}
_OWN_ICONS = {
    "submit": "send", "resubmit": "send", "register": "stamp", "return": "return", "approve": "stamp", "sign": "sign", "agree": "sign",
    "dissent": "comment", "appeal": "scales", "send": "send", "record": "scales", "return_text": "return", "send_back": "return",
    "approve_outside": "stamp", "approve_by_order": "stamp", "name_by_order": "stamp", "record_act": "scales",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the history."""

    kind: str
    at: datetime
    text: Words
    who: Words | None
    via: Words
    tone: str
    icon: str
    quote: str = ""
    changes: tuple[Words, ...] = ()
    documents: tuple[Document, ...] = ()
    caused: bool = False
    seq: int | None = None
    digest: str = ""

    def is_of(self, kind: str) -> bool:
        """Whether the line stands under a filter: an act that issued a document is found under both."""
        return not kind or self.kind == kind or (kind == "document" and bool(self.documents))


Rows = Sequence[tuple[Event, EventPayload | None]]


def lines(case: Case, rows: Rows, letters: Iterable[Outbox], reading: Reading) -> list[Line]:
    """Return the history in order of time. ``letters`` are shown to the office alone: they carry addresses."""
    told = [_line(case, event, payload, reading) for event, payload in rows]
    if reading.office:
        told += [_letter(one) for one in letters]
    return sorted(told, key=lambda one: one.at)


def fault(session: Session, rows: Rows) -> Sentence | None:
    """Recompute the chain of these events and compare what they issued with what is kept; return the first fault, or None."""
    seq, previous = 0, hash_chain.GENESIS
    lawfully = integrity.destroyed(session) if any(payload is None for _event, payload in rows) else ()
    for event, payload in rows:
        if found := integrity.link_fault(event, payload, seq + 1, previous, lawfully):
            return N_("Запись № %(n)s: %(what)s", n=seq + 1, what=found)
        seq, previous = event.seq, event.digest
    issued = [one["document"] for event, _payload in rows for one in issued_documents.entries(event.issued)]
    if not issued:
        return None
    papers = {one.id: one for one in session.scalars(select(Document).where(Document.id.in_(issued)))}
    with stated_facts.comparing(session, only=list(papers)):
        return next(_doubts(session, rows, papers), None)


def _doubts(session: Session, rows: Rows, papers: Mapping[int, Document]) -> Iterator[Sentence]:
    known = issued_documents.last_stated_of(session, list(papers.values()))
    for event, _payload in rows:
        for one in issued_documents.entries(event.issued):
            document = papers.get(one["document"])
            if document is None:
                yield N_("Запись № %(n)s: выпущенного документа больше нет.", n=event.seq)
            elif found := issued_documents.doubt(session, session.info["blobs"], document, event, known):
                yield N_("Запись № %(n)s: документ не тот, что выпущен. %(what)s", n=event.seq, what=found)


def _line(case: Case, event: Event, payload: EventPayload | None, reading: Reading) -> Line:
    known = _workflow(case, event).transitions
    transition = known.get(event.transition) if event.before is not None else None  # None: the subject began
    data = payload.data if payload is not None else None
    told = details.ERASED if data is None else details.of(case, event, data, transition, reading)
    return Line(
        kind=event.subject_kind,
        at=event.at,
        text=_text(case, event, transition, data or {}, reading),
        who=reading.who(event.actor_id) if event.actor_id is not None else None,
        via=VIA.get(event.via, event.via),
        tone=_tone(event, transition),
        icon=_OWN_ICONS.get(event.transition, _ICONS.get(event.subject_kind, "circle")),
        quote=told.quote,
        changes=(*told.changes, *_signature(event)),
        documents=_issued(event, reading),
        caused=event.caused_by is not None,
        seq=event.seq,
        digest=event.digest,
    )


def _workflow(case: Case, event: Event) -> Workflow:
    if event.subject_kind == "case":
        return case_type(case.type).workflow
    return PLAIN[SUBJECTS[event.subject_kind]]


def _text(case: Case, event: Event, transition: Transition | None, data: Mapping[str, Any], reading: Reading) -> Words:
    if event.transition == hash_chain.ADOPT:
        return N_("Записи прежней версии программы закреплены в журнале")
    said = transition.told if transition else _BEGUN.get(event.subject_kind, event.transition)
    if transition is not None and issubclass(transition.asks, NamedByOrder) and data and reading.office:
        return N_(
            "%(what)s № %(number)s от %(day)s",
            what=said,
            number=data["number"],
            day=f"{parse_date(data['dated']):%d.%m.%Y}",
        )
    if event.subject_kind == "assignment":
        expert_id = next((one.expert_id for one in case.assignments if one.id == event.subject_id), None)
        if expert_id is not None and expert_id != event.actor_id:
            return N_("%(what)s: %(who)s", what=said, who=reading.expert(expert_id))
    if event.subject_kind == "file" and reading.see_materials:
        name = data.get("name") or next((one.name for one in case.files if one.id == event.subject_id), "")
        return N_("%(what)s: %(name)s", what=said, name=name) if name else said
    if event.subject_kind == "document" and (document := reading.documents.get(event.subject_id)):
        return N_("%(what)s: %(name)s", what=said, name=document_title(document))
    return said


def document_title(document: Document) -> Sentence:
    """Return what a document is called; the scan of a signed paper is the signed original of an act."""
    if known := KINDS.get(document.document_kind):
        return known.title
    return N_("Подписанный подлинник (скан)")


def _tone(event: Event, transition: Transition | None) -> str:
    if transition is None:
        return "draft"
    if transition.tone is Tone.DANGER:
        return "stopped"
    if transition.signs:
        return "good"
    if transition.trigger is not Trigger.USER or event.caused_by is not None:
        return "draft"
    return "work" if transition.tone is Tone.PRIMARY else "waiting"


def _signature(event: Event) -> tuple[Sentence, ...]:
    if event.signature.startswith("simple:"):
        return (N_("Подписано простой электронной подписью, запись журнала № %(n)s", n=event.seq),)
    if event.signature.startswith("paper:"):
        return (N_("Подписано на бумаге, скан приложен"),)
    return ()


def _issued(event: Event, reading: Reading) -> tuple[Document, ...]:
    ids = [one["document"] for one in issued_documents.entries(event.issued)]
    return tuple(reading.documents[one] for one in ids if one in reading.documents)


def _letter(row: Outbox) -> Line:
    state = N_("отправлено") if row.sent_at else N_("ждёт отправки")
    return Line(
        kind="letter", at=row.created_at, text=N_("Письмо «%(subject)s»: %(to)s", subject=row.subject, to=row.to_address), who=None,
        via=state, tone="draft", icon="mail", caused=True,
    )  # fmt: skip
