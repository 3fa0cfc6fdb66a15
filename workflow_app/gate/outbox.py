"""The outbox: letters are rows written in the transaction that caused them, and leave after it (``operations.smtp``).

:data:`TABLE` says which acts are told, to whom, by which template of ``templates/letters``. A letter says why it came; its
link opens a page and does nothing by itself. An applicant's letter never names an expert: no template is given one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, meta
from sqlalchemy import bindparam, insert, select
from sqlalchemy.orm import Session, lazyload

from workflow_app import clock
from workflow_app.case_types.registry import case_type
from workflow_app.db.models import Assignment, Case, Event, Outbox, Person, RequisitesRow, Subject
from workflow_app.documents.russian.grammar import by_gender, day
from workflow_app.facts import assessment, choices, deadlines
from workflow_app.facts.naming import name_of
from workflow_app.facts.subjects import volume_of
from workflow_app.operations.smtp import SITE
from workflow_app.states.forms import chosen
from workflow_app.states.pictures.handbook import length_said

_HERE = Path(__file__).parents[1]
_LETTER = insert(Outbox)
_READER = (
    select(Person)
    .where(Person.id == bindparam("id"))
    .options(lazyload(Person.memberships), lazyload(Person.organization))
)
_OF_CENTRE = select(RequisitesRow.data).where(RequisitesRow.municipality_id == bindparam("centre"))
_REQUISITES = _OF_CENTRE.order_by(RequisitesRow.since.desc()).limit(1)
_DATE_ENDS = re.compile(r"\bг\.\.")  # a date ends with a full stop, and so does the sentence that ends with a date
_FOLDERS = (_HERE / "templates" / "letters", _HERE.parent / "templates" / "letters")  # installed, in a checkout


@dataclass(frozen=True, slots=True)
class Told:
    """A letter that follows an act: its template, to whom it goes, for which subjects; ``receipt``: to who did it, too."""

    template: str
    to: Callable[[Session, Any], Iterable[Person]]
    when: Callable[[Any], bool] = lambda _subject: True
    receipt: bool = False


def _applicant(session: Session, subject: Case) -> Iterable[Person]:
    return (_person(session, subject.applicant_id),)


def _expert(session: Session, subject: Assignment) -> Iterable[Person]:
    return (_person(session, subject.expert_id),)


def _person(session: Session, id_: int) -> Person:
    """Return a reader as a letter needs one: without roles and place of work, and with nothing written ahead of its time."""
    with session.no_autoflush:
        return session.execute(_READER, {"id": id_}).scalar_one()


def _counted(session: Session, subject: Case) -> Iterable[Person]:
    """Return the experts whose sheets count in this round: they answer the common text, and are told what came of it."""
    waited = (
        Assignment.case_id == subject.id,
        Assignment.round == subject.round,
        Assignment.state.in_(("signed", "consolidated")),
    )
    return session.scalars(select(Person).join(Assignment, Assignment.expert_id == Person.id).where(*waited)).unique()


def _panel(_session: Session, subject: Case) -> Iterable[Person]:
    return [one.person for one in subject.panel]


def _themselves(_session: Session, subject: Person) -> Iterable[Person]:
    return (subject,)


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
        for person in one.to(session, subject):
            if one.receipt or person.id != event.actor_id or isinstance(subject, Person):
                compose(session, one.template, person, subject)


def compose(
    session: Session, template: str, person: Person | str, subject: Subject, *, once: str | None = None, **more: object
) -> None:
    """Write a letter by a template of ``templates/letters`` to a person or an address; its first line is the letter's subject.

    ``once`` says for what it is written where that is to happen one time only.
    """
    if not _address(person):  # nobody would read it
        return
    case = subject if isinstance(subject, Case) else getattr(subject, "case", None)
    asked = _asked(f"{template}.txt")
    words = _environment().get_template(f"{template}.txt").render(
        person=person, greeting=greeting(person), subject=subject, case=case, centre=_centre(session, subject.municipality_id),
        kind=str(case_type(case.type).title) if case else "", named=_named(session, case), site=SITE,
        **{name: tell(session, case) for name, tell in _ABOUT.items() if case and name in asked}, **more,
    )  # fmt: skip
    head, _, body = _DATE_ENDS.sub("г.", words).partition("\n")
    letter(session, person, head, body.strip() + "\n", case_id=case.id if case else None, once=once)


def _area(_session: Session, case: Case) -> str:
    areas = {one.value: str(one.label) for one in choices.of_file("subject_areas")}
    return areas.get(str(case.form.get("subject_area") or ""), "")


def _volume(_session: Session, case: Case) -> str:
    return ", ".join(map(str, volume_of(case)))


def _length(session: Session, case: Case, key: str = "review") -> str:
    return str(length_said(deadlines.term_of(session, case.municipality_id, case.type, key)))


def _knows_revision(case: Case) -> bool:
    return "ask_revision" in case_type(case.type).workflow.transitions


def _revision(session: Session, case: Case) -> str:
    return _length(session, case, "revision") if _knows_revision(case) else ""


def _may_revise(_session: Session, case: Case) -> bool:
    sent_back = case.state == "approved" and case.verdict == "revise"
    return sent_back and _knows_revision(case) and case.round < case_type(case.type).shape.rounds


def _verdict(session: Session, case: Case) -> str:
    return assessment.sheet_of(session, case).verdict(case.verdict).text if case.verdict else ""


_ABOUT: Mapping[str, Callable[[Session, Case], object]] = {
    "area": _area, "volume": _volume, "length": _length, "revision": _revision, "may_revise": _may_revise, "verdict": _verdict,
}  # fmt: skip
"""What letters tell of a case beside its columns, asked only where the template says it."""


def letter(
    session: Session, to: Person | str, subject: str, body: str, *, case_id: int | None = None, once: str | None = None
) -> None:
    """Write one letter in this transaction; none when the person has no address or the account is blocked.

    ``body`` is plain text; :data:`~workflow_app.operations.smtp.SITE` in it becomes the instance's address when it is sent.
    """
    if not (address := _address(to)):
        return
    now = clock.now()
    row = {
        "created_at": now, "not_before": now, "to_address": address, "subject": " ".join(subject.split())[:200], "body": body,
        "case_id": case_id, "person_id": to.id if isinstance(to, Person) else None, "once": once,
    }  # fmt: skip
    session.connection().execute(_LETTER, row)


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


def _centre(session: Session, municipality_id: int) -> str:
    data = session.connection().scalar(_REQUISITES, {"centre": municipality_id})
    return str((data or {}).get("full_name", ""))


def _named(session: Session, case: Case | None) -> Callable[[str, str], str]:
    """Return what puts a stored key of the case into words: ``named("decline_grounds", "late")``."""
    known = choices.of_case(session, case) if case is not None else {}

    def named(list_name: str, key: str) -> str:
        found = chosen(known.get(list_name), [key])
        return str(found[key].label) if found else key

    return named


@cache
def _asked(name: str) -> frozenset[str]:
    """Return the names that a template asks for, with those of the templates that it includes."""
    environment = _environment()
    source, _path, _current = FileSystemLoader(_FOLDERS).get_source(environment, name)
    tree = environment.parse(source)
    others = (_asked(one) for one in meta.find_referenced_templates(tree) if one)
    return frozenset(meta.find_undeclared_variables(tree)).union(*others)


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
