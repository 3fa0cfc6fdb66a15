"""What an event states of the row that its act left behind, and whether the row still stands so.

One declaration a fact: :data:`FACTS` says, by kind of subject, what each event writes into its ``facts``; :data:`ISSUED` what
it writes of a document that it issued. ``check``, a download and the open check page compare rows with what was stated: a kind
of record added later joins by a line here. A *sealed* fact is stated as a digest with the salt of the event's payload: it tells
nobody anything, and when the payload is destroyed by law, the fact can be proved no more.

What a fact's name means never changes: another reading is another name, or older events would look forged.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from workflow_app.content_types.behaviors import Published
from workflow_app.content_types.declaration import Numbered
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db import hash_chain
from workflow_app.db.models import (
    AffinityWeight,
    AttachedSignature,
    Belonging,
    CalendarOverride,
    Case,
    Deputy,
    Document,
    ExpertCard,
    LadderRow,
    Membership,
    Municipality,
    Person,
    Rendition,
    RequisitesRow,
    SecondFactor,
    Subject,
    TermOverride,
)
from workflow_app.errors import N_, Sentence

ROWS: Final = "rows"  # in the facts of an adopting event: what is stated of the parts of its root, by «kind id»


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that events state of a row: its name in the record, what people call it, how it is read off the rows."""

    name: str
    label: Sentence
    read: Callable[[Session, Any], Any]
    sealed: bool = True

    def stated(self, session: Session, subject: Any, salt: str) -> Any:
        """Return the JSON value that a record has of it."""
        value = self.read(session, subject)
        return hash_chain.payload_hash(salt, [self.name, value]) if self.sealed else value


@dataclass(frozen=True, slots=True)
class Stated:
    """What the last event that speaks of a row states: the event's number in its chain, the facts, the salt while it is kept."""

    seq: int
    facts: Mapping[str, Any]
    salt: str | None

    @classmethod
    def of(cls, seq: int, facts: object, salt: str | None) -> Stated:
        """Return what a column holds; whatever somebody else wrote there states nothing (the chain tells of it)."""
        return cls(seq, facts if isinstance(facts, dict) else {}, salt)


def _open(name: str, label: Sentence, column: str = "") -> Fact:
    return Fact(name, label, lambda _session, row: plain(getattr(row, column or name)), sealed=False)


def _sealed(name: str, label: Sentence, *columns: str) -> Fact:
    return Fact(name, label, lambda _session, row: [plain(getattr(row, one)) for one in columns or (name,)])


def plain(value: Any) -> Any:
    """Return a column's value as a record keeps it: the same before it is stored and after it is read, on both databases."""
    if isinstance(value, Decimal):
        return f"{value:.1f}"  # the only decimals of rows are percents with one digit
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value.isoformat() if isinstance(value, date) else value


def _panel(_session: Session, case: Case) -> list[list[Any]]:
    rows = sorted(case.panel, key=lambda one: one.person_id)
    return [[one.person_id, one.vote, one.opinion, plain(one.voted_at)] for one in rows]


_TABLES: Final = "stated_tables"  # of the session's notes: what was read of each table, by the rows that it belongs to


@contextmanager
def comparing(session: Session, only: Collection[int] | None = None) -> Iterator[None]:
    """Read each table beneath the subjects once: whole, or of those of one kind with the numbers ``only``.

    For who compares every subject or many of a kind, and writes nothing meanwhile.
    """
    session.info[_TABLES] = ({}, only)
    try:
        yield
    finally:
        del session.info[_TABLES]


def _beneath(session: Session, column: InstrumentedAttribute[int], subject: Subject) -> Sequence[Any]:
    """Return the rows that belong to a subject by this column, in the order of their keys."""
    model = column.class_
    asked = select(model).order_by(*model.__table__.primary_key)
    if _TABLES not in session.info:
        return session.scalars(asked.where(column == subject.id)).all()
    tables, only = session.info[_TABLES]
    if column not in tables:
        found: dict[int, list[Any]] = {}
        tables[column] = found
        for row in session.scalars(asked if only is None else asked.where(column.in_(only))):
            found.setdefault(getattr(row, column.key), []).append(row)
    rows: Sequence[Any] = tables[column].get(subject.id, ())
    return rows


def _roles(session: Session, person: Person) -> list[str]:
    return sorted(f"{one.municipality_id}:{one.role}" for one in _beneath(session, Membership.person_id, person))


def _deputies(session: Session, person: Person) -> list[list[Any]]:
    rows = _beneath(session, Deputy.person_id, person)
    return [[one.municipality_id, one.order, one.since.isoformat(), one.until.isoformat()] for one in rows]


def _second(session: Session, person: Person) -> str | None:
    return next((one.secret for one in _beneath(session, SecondFactor.person_id, person)), None)


def _register(session: Session, person: Person) -> list[Any] | None:
    told = ("directions", "category", "education", "training", "profile", "load_limit")
    cards = _beneath(session, ExpertCard.person_id, person)
    return next(([getattr(card, one) for one in told] for card in cards), None)


def _requisites(session: Session, centre: Municipality) -> list[list[Any]]:
    rows = _beneath(session, RequisitesRow.municipality_id, centre)
    return sorted([one.since.isoformat(), one.data] for one in rows)


def _calendar(session: Session, centre: Municipality) -> list[list[Any]]:
    rows = _beneath(session, CalendarOverride.municipality_id, centre)
    return sorted([one.day.isoformat(), one.working, one.why] for one in rows)


def _terms(session: Session, centre: Municipality) -> list[list[Any]]:
    rows = _beneath(session, TermOverride.municipality_id, centre)
    return sorted([one.case_type, one.key, one.since.isoformat(), one.length, one.unit] for one in rows)


def _ladders(session: Session, centre: Municipality) -> list[list[Any]]:
    return sorted([one.turn, one.steps] for one in _beneath(session, LadderRow.municipality_id, centre))


def _weights(session: Session, centre: Municipality) -> list[list[Any]]:
    return sorted([one.part, one.weight] for one in _beneath(session, AffinityWeight.municipality_id, centre))


def _rendition(session: Session, document: Document, form: str) -> Rendition | None:
    return next((one for one in _beneath(session, Rendition.document_id, document) if one.form == form), None)


def _form(form: str) -> Callable[[Session, Document], str | None]:
    def read(session: Session, document: Document) -> str | None:
        found = _rendition(session, document, form)
        return found.sha256 if found else None

    return read


def _seal(session: Session, document: Document) -> Any:
    found = _rendition(session, document, "sealed")
    return [plain(found.made_at), found.fields] if found else None


def _signatures(session: Session, document: Document) -> list[str]:
    return sorted(one.sha256 for one in _beneath(session, AttachedSignature.document_id, document))


def _certificates(session: Session, document: Document) -> list[list[Any]]:
    rows = _beneath(session, AttachedSignature.document_id, document)
    return sorted([one.sha256, one.verdict, one.signed_form, plain(one.added_at), one.fields] for one in rows)


def _code(_session: Session, document: Document) -> str:
    return hashlib.sha256(document.code.encode()).hexdigest()


def _record(_session: Session, row: Belonging) -> list[Any] | None:
    return None if row.record_id is None else [row.record_kind, row.record_id]


_EARLIER: Final[Mapping[str, tuple[Fact, ...]]] = {
    "organization": (_sealed("card", N_("карточка"), "name", "genitive", "outside"),)
}
"""What events stated of a kind before it was declared: they stay true, and are compared."""


def _of_records() -> Mapping[str, tuple[Fact, ...]]:
    """A fact a field: a field that a kind gets later is stated from then on, and the older events stay as they are."""
    return {
        key: (
            *((_open("number", N_("номер")),) if one.behavior(Numbered) else ()),
            *((_open("published", N_("открыта ли всем")),) if one.behavior(Published) else ()),
            *(_sealed(name, how.label) for name, how in one.fields.items()),
            *_EARLIER.get(key, ()),
        )
        for key, one in CONTENT_TYPES.items()
    }


FACTS: Final[Mapping[str, tuple[Fact, ...]]] = {
    "case": (
        _open("type", N_("вид экспертизы")), _open("number", N_("номер")), _open("applicant", N_("заявитель"), "applicant_id"),
        _open("round", N_("круг")), _open("criteria", N_("версия критериев"), "criteria_id"), _open("percent", N_("процент")),
        _open("rule_verdict", N_("вывод по правилу")), _open("verdict", N_("вывод")),
        _sealed("conclusion", N_("текст заключения"), "conclusion", "deviation"),
        _sealed("form", N_("сведения о деле"), "title", "form"), _sealed("common", N_("общий итог")),
        _sealed("appeal", N_("апелляция")),
        Fact("panel", N_("голоса апелляционной комиссии"), _panel),
        _sealed("decision", N_("решение комиссии или органа")), _open("received", N_("дата поступления"), "received_at"),
        _open("attestation", N_("дата аттестации"), "attestation_on"), _open("composed_by", N_("кто составил заключение")),
        _open("circulated_by", N_("кто направил заключение экспертам")), _open("proposed_by", N_("кто передал на утверждение")),
        _sealed("ground", N_("основание утверждения"), "approval_ground"), _open("coordinator", N_("кто ведёт дело"), "coordinator_id"),
    ),
    "assignment": (
        _open("expert", N_("эксперт"), "expert_id"), _open("round", N_("круг")), _open("percent", N_("процент")),
        _open("verdict", N_("вывод")), _sealed("review", N_("экспертный лист"), "review", "signed_how", "signed_at"),
        _sealed("answer", N_("ответ на заключение"), "answered", "answered_how", "dissent"),
        _sealed("declaration", N_("заявление эксперта")),
    ),
    "file": (
        Fact("record", N_("запись, к которой приложен файл"), _record, sealed=False),
        _open("sha256", N_("отпечаток файла")), _open("attachment", N_("вид файла")), _sealed("name", N_("имя файла")),
    ),
    "document": (
        Fact("pdf", N_("PDF"), _form("pdf"), sealed=False), Fact("sealed", N_("PDF с печатью"), _form("sealed"), sealed=False),
        Fact("seal", N_("печать"), _seal), Fact("signatures", N_("приложенные подписи"), _signatures, sealed=False),
        Fact("certificates", N_("сведения приложенных подписей"), _certificates),
    ),
    "person": (
        Fact("roles", N_("роли"), _roles, sealed=False), Fact("deputy", N_("замещение директора"), _deputies, sealed=False),
        _sealed("password", N_("пароль"), "password_hash"),
        Fact("second", N_("второй фактор"), _second), _sealed("login", N_("логин")), _sealed("email", N_("адрес почты")),
        _open("letters", N_("как приходят напоминания"), "letters"), _sealed("name", N_("имя"), "last_name", "first_name", "middle_name"),
        Fact("register", N_("запись в реестре экспертов"), _register),
    ),
    "consent": (
        _open("person", N_("чьё согласие"), "person_id"), _open("kind", N_("вид согласия"), "consent_kind"),
        _open("text", N_("версия текста"), "text_version"), _open("given", N_("когда дано"), "given_at"),
    ),
    "centre": (
        _sealed("switches", N_("настройки")), Fact("requisites", N_("реквизиты"), _requisites),
        Fact("calendar", N_("календарь"), _calendar), Fact("terms", N_("сроки"), _terms, sealed=False),
        Fact("ladders", N_("напоминания"), _ladders),
        Fact("weights", N_("веса подбора экспертов"), _weights),
    ),
    "criteria_sheet": (_open("key", N_("вид критериев")), _open("number", N_("номер версии")), _sealed("data", N_("содержание"))),
    "word_template": (
        _open("kind", N_("вид документа"), "document_kind"), _open("edition", N_("версия")), _open("sha256", N_("отпечаток файла")),
    ),
    "absence": (
        _open("person", N_("кто отсутствует"), "person_id"), _open("since", N_("первый день")), _open("until", N_("последний день")),
        _open("deputy", N_("кто заменяет"), "deputy_id"),
    ),
    "letter_text": (_open("template", N_("письмо")), _open("edition", N_("версия")), _sealed("text", N_("текст"), "subject", "body")),
    **_of_records(),
}  # fmt: skip
ISSUED: Final[tuple[Fact, ...]] = (
    _open("kind", N_("вид документа"), "document_kind"), _open("edition", N_("версия")),
    Fact("number", N_("номер"), lambda _session, row: row.number or "", sealed=False), _open("sha256", N_("отпечаток файла")),
    _open("dated", N_("дата")), Fact("code", N_("код проверки"), _code, sealed=False),
)  # fmt: skip
UNTOUCHED: Final[Mapping[str, Mapping[str, Any]]] = {"document": {"pdf": None, "sealed": None, "signatures": []}}
"""What holds of a row of which no event of its own tells yet: a document begins with an event of its case."""


def stated(session: Session, subject: Subject, salt: str) -> dict[str, Any]:
    """Return what an event states of a row as it stands."""
    return {one.name: one.stated(session, subject, salt) for one in FACTS[subject.kind]}


def stated_with_parts(session: Session, root: Subject, salt: str) -> dict[str, Any]:
    """Return what an adopting event states: of its root, and of the parts of which nothing was stated before."""
    rows: dict[str, Any] = {}
    if isinstance(root, Case):
        papers = session.scalars(select(Document).where(Document.case_id == root.id).order_by(Document.id))
        for part in (*root.assignments, *root.files, *papers):
            rows[f"{part.kind} {part.id}"] = stated(session, part, salt)
    return {**stated(session, root, salt), ROWS: rows}


def of_issue(session: Session, document: Document) -> dict[str, Any]:
    """Return what an event states of a document that it issued."""
    return {"document": document.id} | {one.name: one.stated(session, document, "") for one in ISSUED}


def differing(
    session: Session, subject: Subject, told: Stated, facts: tuple[Fact, ...] = ()
) -> Iterator[tuple[Fact, Sentence]]:
    """Yield each fact of a row that is not as it was stated, with the words for it."""
    for one in facts or FACTS[subject.kind]:
        if one.name not in told.facts or (one.sealed and told.salt is None):
            continue
        stands, wanted = one.stated(session, subject, told.salt or ""), told.facts[one.name]
        if stands == wanted:
            continue
        if one.sealed:
            yield one, N_("С записью журнала № %(seq)s не сходится: %(what)s.", seq=told.seq, what=one.label)
        else:
            yield one, N_(
                "С записью журнала № %(seq)s не сходится: %(what)s. В журнале «%(told)s», стоит «%(stands)s».",
                seq=told.seq, what=one.label, told=_short(wanted), stands=_short(stands),
            )  # fmt: skip


def _short(value: Any) -> str:
    words = "—" if value in (None, "", []) else str(value)
    return words if len(words) <= 40 else f"{words[:12]}…"  # noqa: PLR2004 - a line of a terminal
