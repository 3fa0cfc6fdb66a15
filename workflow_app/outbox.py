"""The outbox: letters are rows written in the transaction that caused them, and leave after it (``store.mailing``).

:data:`TABLE` says which acts are told, to whom, by which template of ``templates/letters``. A letter says why it came; its
link opens a page and does nothing by itself. An applicant's letter never names an expert: no template is given one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow_app import clock
from workflow_app.case_types.registry import case_type
from workflow_app.documents.grammar import by_gender, day
from workflow_app.store import lists
from workflow_app.store.mailing import SITE
from workflow_app.store.models import Assignment, Case, Event, Outbox, Person, RequisitesRow, Subject
from workflow_app.store.naming import name_of

_HERE = Path(__file__).parent
_FOLDERS = (_HERE / "templates" / "letters", _HERE.parent / "templates" / "letters")  # installed, in a checkout


@dataclass(frozen=True, slots=True)
class Told:
    """A letter that follows an act: its template, to whom it goes, and for which subjects."""

    template: str
    to: Callable[[Session, Any], Iterable[Person]]
    when: Callable[[Any], bool] = lambda _subject: True


def _applicant(session: Session, subject: Case) -> Iterable[Person]:
    return (session.get_one(Person, subject.applicant_id),)


def _expert(session: Session, subject: Assignment) -> Iterable[Person]:
    return (session.get_one(Person, subject.expert_id),)


def _signatories(session: Session, subject: Case) -> Iterable[Person]:
    """Return the experts who have to answer the circulated text of the conclusion."""
    waited = (
        Assignment.case_id == subject.id,
        Assignment.round == subject.round,
        Assignment.state.in_(("signed", "consolidated")),
    )
    return session.scalars(select(Person).join(Assignment, Assignment.expert_id == Person.id).where(*waited)).unique()


def _themselves(_session: Session, subject: Person) -> Iterable[Person]:
    return (subject,)


def _is_new(subject: Assignment) -> bool:
    return subject.declared_at is None


def _is_sent_back(subject: Assignment) -> bool:
    return subject.declared_at is not None


TABLE: Mapping[tuple[str, str], tuple[Told, ...]] = {
    ("assignment", "begin"): (Told("invitation", _expert, _is_new), Told("sheet_returned", _expert, _is_sent_back)),
    ("assignment", "cancel_invitation"): (Told("assignment_ended", _expert),),
    ("assignment", "call_off"): (Told("assignment_ended", _expert),),
    ("assignment", "remove"): (Told("assignment_ended", _expert),),
    ("case", "register"): (Told("case_registered", _applicant),),
    ("case", "return"): (Told("case_returned", _applicant),),
    ("case", "start"): (Told("attestation_set", _applicant, lambda case: case_type(case.type).shape.attestation),),
    ("case", "decline"): (Told("case_declined", _applicant),),
    ("case", "no_expert"): (Told("case_declined", _applicant),),
    ("case", "circulate"): (Told("to_countersign", _signatories),),
    ("case", "approve"): (Told("case_approved", _applicant),),
    ("case", "send"): (Told("case_sent", _applicant),),
    ("case", "record"): (Told("case_decided", _applicant),),
    ("person", "change_password"): (Told("password_changed", _themselves),),
    ("person", "reset_password"): (Told("password_changed", _themselves),),
    ("person", "add_second_factor"): (Told("second_factor_added", _themselves),),
    ("person", "drop_second_factor"): (Told("second_factor_removed", _themselves),),
    ("person", "reset_second_factor"): (Told("second_factor_removed", _themselves),),
}


def told(session: Session, subject: Subject, event: Event) -> None:
    """Write the letters that follow an act. Called by the gate after each event; nobody is told of what they did themselves."""
    for one in TABLE.get((subject.kind, event.transition), ()):
        if not one.when(subject):
            continue
        for person in one.to(session, subject):
            if person.id != event.actor_id or isinstance(subject, Person):
                compose(session, one.template, person, subject)


def compose(session: Session, template: str, person: Person, subject: Subject, **more: object) -> Outbox | None:
    """Write a letter by a template of ``templates/letters`` to a person; the template's first line is the letter's subject."""
    case = subject if isinstance(subject, Case) else getattr(subject, "case", None)
    words = _environment().get_template(f"{template}.txt").render(
        person=person, greeting=greeting(person), subject=subject, case=case, centre=_centre(session, subject.municipality_id),
        kind=str(case_type(case.type).title) if case else "", named=_named(session, case), site=SITE, **more,
    )  # fmt: skip
    head, _, body = words.partition("\n")
    return letter(session, person, head, body.strip() + "\n", case_id=case.id if case else None)


def letter(session: Session, to: Person | str, subject: str, body: str, case_id: int | None = None) -> Outbox | None:
    """Write one letter in this transaction; None when the person has no address or the account is blocked.

    ``body`` is plain text; :data:`~workflow_app.store.mailing.SITE` in it becomes the instance's address when it is sent.
    """
    if isinstance(to, Person) and to.state == "blocked":
        return None
    address = to.email if isinstance(to, Person) else to
    if not address:
        return None
    now = clock.now()
    row = Outbox(
        created_at=now, not_before=now, to_address=address, subject=" ".join(subject.split())[:200], body=body, case_id=case_id,
        person_id=to.id if isinstance(to, Person) else None,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def greeting(person: Person) -> str:
    """Return «Уважаемая Ольга Викторовна!»."""
    word = by_gender(name_of(person).gender, "Уважаемый", "Уважаемая", "Здравствуйте,")
    return f"{word} {name_of(person).called}!"


def _centre(session: Session, municipality_id: int) -> str:
    row = session.scalars(
        select(RequisitesRow)
        .where(RequisitesRow.municipality_id == municipality_id)
        .order_by(RequisitesRow.since.desc())
        .limit(1)
    ).first()
    return str(row.data.get("full_name", "")) if row else ""


def _named(session: Session, case: Case | None) -> Callable[[str, str], str]:
    """Return what puts a stored key of the case into words: ``named("decline_grounds", "late")``."""
    known: dict[str, dict[str, str]] = {}

    def named(list_name: str, key: str) -> str:
        if case is None:
            return key
        if not known:
            known.update(
                {
                    name: {one.value: str(one.label) for one in many}
                    for name, many in lists.of_case(session, case).items()
                }
            )
        return known.get(list_name, {}).get(key, key)

    return named


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_FOLDERS),
        autoescape=False,  # noqa: S701 - letters are plain text: an escaped quotation mark would be read as it stands
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["day"] = day
    return made
