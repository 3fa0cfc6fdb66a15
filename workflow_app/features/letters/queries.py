"""What the pages of letters read: the letters that the person may know of, with what became of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Select, exists, not_, or_, select
from sqlalchemy.orm import Session

from workflow_app import gate
from workflow_app.db import counts, keyset
from workflow_app.db.keyset import Order, Walk
from workflow_app.db.lookups import Walked
from workflow_app.db.models import RECORDS, Case, LetterText, Outbox, Person
from workflow_app.documents.letter_kinds import OPEN, SECRET
from workflow_app.errors import N_, Sentence
from workflow_app.facts import search
from workflow_app.facts.involvement import judged_with
from workflow_app.facts.standings import own
from workflow_app.facts.subjects import facts_of
from workflow_app.operations.smtp import ATTEMPTS_MOST
from workflow_app.states import policy
from workflow_app.states.vocabulary import Actor, Who

ORDER: Final = Order(Outbox, down=True)
DIGEST: Final = "digest"
STATES: Final[Mapping[str, tuple[Sentence, str]]] = {
    "sent": (N_("Отправлено"), "good"), "waiting": (N_("Ждёт отправки"), "waiting"), "late": (N_("Не уходит"), "attention"),
    "failed": (N_("Не отправлено"), "stopped"),
}  # fmt: skip
"""What became of a letter: its words and tone. «late»: refused, it is tried again by itself; «failed»: it is not."""


def state_of(row: Outbox) -> str:
    """Return what became of a letter, a key of :data:`STATES`."""
    if row.sent_at is not None:
        return "sent"
    if row.attempts >= ATTEMPTS_MOST:
        return "failed"
    return "late" if row.error else "waiting"


def _in(state: str) -> tuple[ColumnElement[bool], ...]:
    waits = Outbox.sent_at.is_(None)
    found: dict[str, tuple[ColumnElement[bool], ...]] = {
        "sent": (Outbox.sent_at.is_not(None),), "failed": (waits, Outbox.attempts >= ATTEMPTS_MOST),
        "late": (waits, Outbox.attempts < ATTEMPTS_MOST, Outbox.error != ""),
        "waiting": (waits, Outbox.attempts < ATTEMPTS_MOST, Outbox.error == ""),
    }  # fmt: skip
    return found[state]


def letters(session: Session, actor: Actor, *, words: str = "", state: str = "", template: str = "") -> Select[Outbox]:
    """Return the letters of the actor's centre, without those of cases in which the actor has a part (R30: their names are not told).

    While such a case is judged, nor the letters of the day of others: whoever begins to get one may have been asked to judge it.
    """
    mine = own(actor.person_id or 0, Case.kind, {Who.INVOLVED})
    found = select(Outbox).where(Outbox.municipality_id == actor.municipality_id)
    found = found.where(or_(Outbox.case_id.is_(None), Outbox.case_id.not_in(mine)))
    judged = exists(judged_with(actor.person_id or 0))
    found = found.where(or_(Outbox.template != DIGEST, Outbox.person_id == actor.person_id, not_(judged)))
    if state in STATES:
        found = found.where(*_in(state))
    if template:
        found = found.where(Outbox.template == template)
    if words:
        people = select(Person.id).where(search.among(session, words, Person))
        found = found.where(or_(Outbox.person_id.in_(people), Outbox.to_address == words.lower()))
    return found


def page(session: Session, found: Select[Outbox], walk: Walk) -> Sequence[Outbox]:
    """Return a stretch of the letters, the latest first."""
    return session.scalars(keyset.rows(keyset.stretch([found], ORDER, walk), ORDER)).all()


def troubled(session: Session, actor: Actor) -> int:
    """Return how many letters do not leave: looked for among those that have not left."""
    waits = select(Outbox.id).where(Walked(Outbox.municipality_id) == actor.municipality_id, Outbox.sent_at.is_(None))
    waiting = Outbox.id.in_(waits.where(Outbox.error != ""))
    return counts.count(session, letters(session, actor).where(waiting).with_only_columns(Outbox.id))


def people_of(session: Session, rows: Sequence[Outbox]) -> Mapping[int, Person]:
    """Return whom the letters go to, by id."""
    ids = {one.person_id for one in rows if one.person_id is not None}
    return {one.id: one for one in session.scalars(select(Person).where(Person.id.in_(ids))).unique()} if ids else {}


@dataclass(frozen=True, slots=True)
class Sight:
    """How much of a letter the reader may see: its subject, its text; ``why`` the text is closed."""

    subject: bool
    text: bool
    why: Sentence | None = None


_KEEPS = N_("Письма по делам читает координатор: администратор видит, кому и какое письмо ушло.")
_OWN = N_("Письмо о делах этого человека: его текст видит только он сам.")
_SECRET = N_("В письме ссылка, которая открывает учётную запись: её видит только получатель.")


def sight_of(session: Session, actor: Actor, row: Outbox) -> Sight:
    """Return what the actor may see of a letter that :func:`letters` gave: of a case, who keeps it; of a record, who sees it."""
    if row.template in SECRET:
        return Sight(subject=True, text=False, why=_SECRET)
    if row.case_id is not None:
        case = session.get_one(Case, row.case_id)
        keeps = policy.stands(actor, facts_of(case, session), Who.COORDINATOR)
        return Sight(keeps, keeps, None if keeps else _KEEPS)
    if row.about_kind in RECORDS and row.about_id is not None:
        record = session.get(RECORDS[row.about_kind], row.about_id)
        seen = record is not None and gate.visible(session, actor, record)
        return Sight(seen, seen, None if seen else _KEEPS)
    mine = row.person_id is not None and row.person_id == actor.person_id
    known = mine or row.template in OPEN
    return Sight(known, known, None if known else _OWN)  # a digest tells of cases that others may not know


def texts(session: Session, municipality_id: int) -> Mapping[str, LetterText]:
    """Return the centre's own texts that are used, by letter."""
    used = select(LetterText).where(LetterText.municipality_id == municipality_id, LetterText.state == "used")
    return {one.template: one for one in session.scalars(used)}


def editions(session: Session, municipality_id: int, template: str) -> Sequence[LetterText]:
    """Return every text that the centre wrote for a letter, the latest first."""
    mine = (LetterText.municipality_id == municipality_id, LetterText.template == template)
    return session.scalars(select(LetterText).where(*mine).order_by(LetterText.edition.desc())).all()
