"""The outbox: letters are rows written in the transaction that caused them, and leave after it (``operations.smtp``).

:data:`TABLE` says which acts are told, to whom, by which template of ``templates/letters``. A letter says why it came; its
link opens a page and does nothing by itself. An applicant's letter never names an expert: no template is given one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, insert, select
from sqlalchemy.orm import Session, lazyload
from sqlalchemy.orm.attributes import set_committed_value

from workflow_app import clock
from workflow_app.case_types.registry import case_type
from workflow_app.db.models import Absence, Assignment, Case, Event, Membership, Outbox, Person, Record, Subject
from workflow_app.documents.russian.grammar import by_gender
from workflow_app.facts import assessment
from workflow_app.facts.naming import name_of
from workflow_app.gate import letter_words
from workflow_app.operations.smtp import SITE

_LETTER = insert(Outbox)
# A letter names its reader and their school, not their roles.
_READERS = (
    select(Person, *letter_words.AROUND).where(Person.id.in_(bindparam("ids", expanding=True))).order_by(Person.id)
)
_READERS = _READERS.options(lazyload(Person.memberships))


@dataclass(frozen=True, slots=True)
class Told:
    """A letter that follows an act: its template, to which people it goes, for which subjects; ``receipt``: to who did it, too."""

    template: str
    to: Callable[[Session, Any], Iterable[int]]
    when: Callable[[Any], bool] = lambda _subject: True
    receipt: bool = False


def _applicant(_session: Session, subject: Case) -> Iterable[int]:
    return (subject.applicant_id,)


def _expert(_session: Session, subject: Assignment) -> Iterable[int]:
    return (subject.expert_id,)


def _counted(_session: Session, subject: Case) -> Iterable[int]:
    """Return the experts whose sheets count in this round: they answer the common text, and are told what came of it."""
    return [one.expert_id for one in assessment.counted(subject)]


def _panel(_session: Session, subject: Case) -> Iterable[int]:
    return [one.person_id for one in subject.panel]


def _themselves(_session: Session, subject: Person) -> Iterable[int]:
    return (subject.id,)


def _coordinators(session: Session, subject: Absence) -> Iterable[int]:
    mine = (Membership.municipality_id == subject.municipality_id, Membership.role == "coordinator")
    return session.scalars(select(Membership.person_id).where(*mine, Membership.person_id != subject.person_id)).all()


def _who_is_away(_session: Session, subject: Absence) -> Iterable[int]:
    return (subject.person_id,)


def _is_new(subject: Assignment) -> bool:
    return subject.declared_at is None


def _is_sent_back(subject: Assignment) -> bool:
    return subject.declared_at is not None


def _has_just_accepted(subject: Assignment) -> bool:
    """Whether the expert has answered this very invitation: a sheet that came back has a letter of its own."""
    return subject.declared_at is not None and subject.declared_at >= subject.invited_at


def _is_in_review(subject: Case) -> bool:
    return subject.state == "in_review"


def _is_about_conclusion(subject: Case) -> bool:
    return subject.appealed_from == "approved"


def _is_attestation(subject: Case) -> bool:
    return case_type(subject.type).shape.attestation


TABLE: Mapping[tuple[str, str], tuple[Told, ...]] = {
    ("assignment", "begin"): (Told("invitation", _expert, _is_new), Told("sheet_returned", _expert, _is_sent_back)),
    ("assignment", "cancel_invitation"): (Told("assignment_ended", _expert),),
    ("assignment", "call_off"): (Told("assignment_ended", _expert),),
    ("assignment", "remove"): (Told("assignment_ended", _expert),),
    ("assignment", "begin_work"): (Told("work_begun", _expert, _has_just_accepted),),
    ("case", "submit"): (Told("case_submitted", _applicant, receipt=True),),
    ("case", "resubmit"): (Told("case_submitted", _applicant, receipt=True),),
    ("case", "register"): (Told("case_registered", _applicant),),
    ("case", "return"): (Told("case_returned", _applicant),),
    ("case", "start"): (Told("attestation_set", _applicant, _is_attestation),),
    ("case", "decline"): (Told("case_declined", _applicant),),
    ("case", "no_expert"): (Told("case_declined", _applicant),),
    ("case", "begin"): (Told("review_begun", _applicant, _is_in_review),),
    ("case", "draft_common"): (Told("to_join", _counted),),
    ("case", "circulate"): (Told("to_countersign", _counted),),
    ("case", "approve"): (Told("case_approved", _applicant), Told("outcome", _counted)),
    ("case", "approve_by_order"): (Told("case_approved", _applicant), Told("outcome", _counted)),
    ("case", "approve_outside"): (Told("case_approved", _applicant), Told("outcome", _counted)),
    ("case", "send"): (Told("case_sent", _applicant),),
    ("case", "record"): (Told("case_decided", _applicant),),
    ("case", "record_act"): (Told("case_act", _applicant),),
    ("case", "appoint_panel"): (Told("panel_appointed", _panel), Told("appeal_taken", _applicant)),
    ("case", "dismiss_appeal"): (Told("appeal_decided", _applicant),),
    ("case", "grant_appeal"): (
        Told("appeal_decided", _applicant),
        Told("appeal_undone", _counted, _is_about_conclusion),
    ),
    ("absence", "begin"): (Told("absence_asked", _coordinators),),
    ("absence", "confirm_absence"): (Told("absence_confirmed", _who_is_away),),
    ("person", "change_password"): (Told("password_changed", _themselves),),
    ("person", "reset_password"): (Told("password_changed", _themselves),),
    ("person", "add_second_factor"): (Told("second_factor_added", _themselves),),
    ("person", "drop_second_factor"): (Told("second_factor_removed", _themselves),),
    ("person", "reset_second_factor"): (Told("second_factor_removed", _themselves),),
}


def told(session: Session, subject: Subject, event: Event) -> None:
    """Write the letters that follow an act. Called by the gate after each event; of one's own act one gets receipts alone."""
    for one in TABLE.get((subject.kind, event.transition), ()):
        if not one.when(subject):
            continue
        tells_all = one.receipt or isinstance(subject, Person)
        ids = [id_ for id_ in one.to(session, subject) if tells_all or id_ != event.actor_id]
        asked = {"ids": ids, "centre": subject.municipality_id, "name": one.template}
        with session.no_autoflush:  # nothing is written ahead of its time
            rows = session.execute(_READERS, asked).all() if ids else ()
        for person, *around in rows:
            if isinstance(subject, Case) and person.id == subject.applicant_id:
                set_committed_value(subject, "applicant", person)  # what is searched names the applicant, too
            compose(session, one.template, person, subject, frame=letter_words.framed(one.template, *around))


def compose(
    session: Session,
    template: str,
    person: Person | str,
    subject: Subject,
    *,
    once: str | None = None,
    not_before: datetime | None = None,
    frame: letter_words.Frame | None = None,
    **more: object,
) -> int | None:
    """Write a letter by a template of ``templates/letters`` to a person or an address; its first line is the letter's subject.

    ``once`` says for what it is written where that is to happen one time only; ``not_before``: when it may leave; ``frame``: what was
    read already. Return its number, None when nobody would read it.
    """
    if not _address(person):
        return None
    case = subject if isinstance(subject, Case) else getattr(subject, "case", None)
    centre, own = frame or letter_words.around(session, subject.municipality_id, template)
    known = {
        "person": person, "greeting": greeting(person), "centre": centre, "site": SITE, "subject": subject, "case": case,
    }  # fmt: skip
    head, body = letter_words.written(
        template,
        known | more,
        own,
        lambda name: letter_words.ABOUT[name](session, case, subject, template) if case else "",
    )
    about = {"about_kind": subject.kind, "about_id": subject.id} if isinstance(subject, Record) else {}
    kept = {
        "municipality_id": subject.municipality_id,
        "template": template,
        "not_before": not_before or clock.now(),
        **about,
    }
    return letter(session, person, head, body, case_id=case.id if case else None, once=once, kept=kept)


_UNTOLD: Mapping[str, Any] = {"municipality_id": None, "template": "", "about_kind": "", "about_id": None}


def letter(
    session: Session, to: Person | str, subject: str, body: str, *, case_id: int | None = None, once: str | None = None,
    kept: Mapping[str, Any] = _UNTOLD,
) -> int | None:  # fmt: skip
    """Write one letter in this transaction, return its number; none when the person has no address or the account is blocked.

    ``body`` is plain text; :data:`~workflow_app.operations.smtp.SITE` in it becomes the instance's address when it is sent.
    ``kept``: what else its row says, of which centre and kind it is, of which record it tells.
    """
    if not (address := _address(to)):
        return None
    now = clock.now()
    row = {
        "created_at": now, "not_before": now, "to_address": address, "subject": " ".join(subject.split())[:200], "body": body,
        "case_id": case_id, "person_id": to.id if isinstance(to, Person) else None, "once": once, **_UNTOLD, **kept,
    }  # fmt: skip
    found: int = session.connection().execute(_LETTER.returning(Outbox.id), row).scalar_one()
    return found


def begun(session: Session, subject: Subject) -> date:
    """Return the day on which a subject was begun, as its chain tells."""
    mine = select(Event.at).where(Event.subject_kind == subject.kind, Event.subject_id == subject.id)
    at = session.scalar(mine.order_by(Event.id).limit(1))
    return at.date() if at else date.min


def _address(to: Person | str) -> str:
    """Return where letters to somebody go; empty when the person has no address or the account is blocked."""
    if isinstance(to, str):
        return to
    return "" if to.state == "blocked" else to.email or ""


def greeting(person: Person | str) -> str:
    """Return «Уважаемая Ольга Викторовна!»; nobody is known behind a bare address."""
    if isinstance(person, str):
        return "Здравствуйте!"
    word = by_gender(name_of(person).gender, "Уважаемый", "Уважаемая", "Здравствуйте,")
    return f"{word} {name_of(person).called}!"
