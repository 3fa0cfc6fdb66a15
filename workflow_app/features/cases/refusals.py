"""What acts on cases refuse, said in advance: by the door before the effect, by the preview of an act with many (``gate.foreseen``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow_app.db.models import Case, Standing
from workflow_app.errors import N_, Sentence
from workflow_app.facts import deadlines
from workflow_app.gate import by_hand
from workflow_app.gate.foreseen import refusals
from workflow_app.states.definitions.case import forms as s
from workflow_app.states.forms import Problems
from workflow_app.states.reminders import vain
from workflow_app.states.vocabulary import Actor, Who

Refused = Mapping[int, Problems]
_AHEAD = N_("Эта дата ещё не наступила.")


def _ahead(
    session: Session, cases: Sequence[Case], field: str, day: date | None, words: Sentence
) -> dict[int, Problems]:
    """Refuse a day of the future for what has happened."""
    late = (one for one in cases if day is not None and day > deadlines.today(session, one.municipality_id))
    return {one.id: {field: (words,)} for one in late}


@refusals.register
def _register(sheet: s.Register, session: Session, actor: Actor, subjects: Sequence[Case]) -> Refused:
    words = N_("Дата поступления не может быть в будущем.")
    return _ahead(session, subjects, "received_at", sheet.received_at, words)


@refusals.register
def _start(sheet: s.StartAttestation, session: Session, actor: Actor, subjects: Sequence[Case]) -> Refused:
    """An attestation is ahead, and within a year."""
    found: dict[int, Problems] = {}
    for one in subjects:
        today = deadlines.today(session, one.municipality_id)
        if sheet.attestation_on < today:
            found[one.id] = {"attestation_on": (N_("Дата аттестации уже прошла."),)}
        elif sheet.attestation_on > today + timedelta(days=366):
            found[one.id] = {"attestation_on": (N_("Дата аттестации дальше года: проверьте год."),)}
    return found


@refusals.register
def _approve(sheet: s.Approve, session: Session, actor: Actor, subjects: Sequence[Case]) -> Refused:
    return _ahead(session, subjects, "dated", sheet.dated, N_("Дата приказа или письма не может быть в будущем."))


@refusals.register
def _send(sheet: s.Send, session: Session, actor: Actor, subjects: Sequence[Case]) -> Refused:
    return _ahead(session, subjects, "sent_on", sheet.sent_on, N_("Дата передачи не может быть в будущем."))


@refusals.register
def _decision(sheet: s.RecordDecision, session: Session, actor: Actor, subjects: Sequence[Case]) -> Refused:
    """The commission decided after it was given the set, and not after today."""
    return {one.id: found for one in subjects if (found := dict(_impossible(sheet, session, one)))}


def _impossible(sheet: s.RecordDecision, session: Session, case: Case) -> Iterator[tuple[str, tuple[Sentence, ...]]]:
    if case.sent_on is not None and sheet.protocol_date < case.sent_on:
        day = f"{case.sent_on:%d.%m.%Y}"
        yield "protocol_date", (N_("Протокол не может быть раньше направления в комиссию: %(day)s.", day=day),)
    for name in ("protocol_date", "order_date"):
        if getattr(sheet, name) > deadlines.today(session, case.municipality_id):
            yield name, (_AHEAD,)


@refusals.register
def _act(sheet: s.RecordAct, session: Session, actor: Actor, subjects: Sequence[Case]) -> Refused:
    return _ahead(session, subjects, "dated", sheet.dated, _AHEAD)


@refusals.register
def _hand_over(sheet: s.HandOver, session: Session, actor: Actor, subjects: Sequence[Case]) -> Refused:
    """Who takes a case over may act in it (R30)."""
    if sheet.coordinator_id is None:
        return {}
    involved = select(Standing.subject_id).where(
        Standing.person_id == sheet.coordinator_id, Standing.subject_kind == Case.kind, Standing.who == Who.INVOLVED.value,
        Standing.subject_id.in_([one.id for one in subjects]),
    )  # fmt: skip
    words = N_("Этот сотрудник сам причастен к делу: вести его он не может.")
    return {one: {"coordinator_id": (words,)} for one in session.scalars(involved)}


@refusals.register
def _remind(sheet: s.Remind, session: Session, actor: Actor, subjects: Sequence[Case]) -> Refused:
    """Somebody is left to be told today (``states.reminders.vain``)."""
    found = by_hand.calls(session, actor, subjects, sheet.only)
    return {id_: {"": (why,)} for id_, calls in found.items() if (why := vain([one.told for one in calls]))}
