"""What the transitions of a person and of a consent do to rows. Passwords never pass through a sheet."""

from __future__ import annotations

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from workflow_app import clock
from workflow_app.db.models import Consent, Deputy, ExpertCard, Login, Membership, Person
from workflow_app.documents.russian.name_match import unlike
from workflow_app.errors import N_, Denied, Invalid
from workflow_app.facts import second_factor, standing_rows
from workflow_app.facts.naming import name_of
from workflow_app.features.people import tokens
from workflow_app.gate import effect, outbox, unsettle
from workflow_app.operations import job_queue
from workflow_app.states.definitions import people as p
from workflow_app.states.vocabulary import Actor, Role, Via

_FORMS = {"g": "genitive", "d": "dative", "a": "accusative", "i": "instrumental"}
_ANYONES = frozenset({Role.TEACHER.value, Role.EXPERT.value})


@effect.register
def _new(sheet: p.NewPerson, session: Session, actor: Actor, subject: Person) -> None:
    """Enter a person; a coordinator may enter teachers and experts, an administrator anybody, a school nobody by this sheet."""
    if not may_enter(actor, sheet.role):
        raise Denied(N_("Эту роль даёт администратор."))
    _card(session, sheet, subject)
    session.add(Membership(person_id=subject.id, municipality_id=subject.municipality_id, role=sheet.role))
    session.flush()
    session.expire(subject, ["memberships"])


def may_enter(actor: Actor, role: str) -> bool:
    """Whether the actor may enter a person of this role."""
    return (role in _ANYONES and Role.COORDINATOR in actor.roles) or _keeps_accounts(actor)


@effect.register
def _colleague(sheet: p.NewColleague, session: Session, actor: Actor, subject: Person) -> None:
    """Enter the card of a teacher of the officer's own organisation, which the guard has asked of the row."""
    del session, actor
    if sheet.organization_id != subject.organization_id:
        raise Denied(N_("Это не ваша организация."))
    _name(sheet, subject)
    subject.position = sheet.position


def _card(session: Session, sheet: p.Card, subject: Person) -> None:
    if sheet.email and _is_taken(session, sheet.email, subject):
        raise Invalid({"email": (N_("Этот адрес уже есть у другого человека."),)})
    _name(sheet, subject)
    subject.email, subject.organization_id, subject.position = sheet.email, sheet.organization_id, sheet.position


def _name(sheet: p.Named, subject: Person) -> None:
    subject.last_name, subject.first_name, subject.middle_name = sheet.last_name, sheet.first_name, sheet.middle_name
    subject.gender = sheet.gender


def _is_taken(session: Session, word: str, subject: Person) -> bool:
    """Whether another person logs in by this word, as a login or as an address: both open the same door."""
    same = or_(func.lower(Person.email) == word.lower(), func.lower(Person.login) == word.lower())
    return session.scalar(select(Person.id).where(same, Person.id != subject.id).limit(1)) is not None


@effect.register
def _edit(sheet: p.EditPerson, session: Session, actor: Actor, subject: Person) -> None:
    """Correct the card. The address opens the account, for a reset goes there.

    Of an account, and of anybody of the office, it is changed by its owner or an administrator alone; the old address is told.
    """
    if sheet.email != subject.email and (subject.state == "active" or _is_office(subject)):
        if subject.id != actor.person_id and not _keeps_accounts(actor):
            raise Invalid({"email": (N_("Этот адрес меняет его владелец или администратор."),)})
        if subject.email and subject.state == "active":
            outbox.compose(session, "address_changed", subject, subject)
    known, before = subject.forms, _named(subject)
    if sheet.organization_id != subject.organization_id:  # another place, other ties
        unsettle(session, standing_rows.in_review_by_or_of(session, subject.id))
    _card(session, sheet, subject)
    typed = {case: getattr(sheet, field) for case, field in _FORMS.items() if getattr(sheet, field)}
    if before != _named(subject):  # a form confirmed for another name is confirmed no more
        typed = {case: form for case, form in typed.items() if form != known.get(case)}
    subject.forms = _own_forms(subject, typed)


def _named(person: Person) -> tuple[str, str, str, str]:
    return (person.last_name, person.first_name, person.middle_name, person.gender)


@effect.register
def _confirm(sheet: p.ConfirmForms, session: Session, actor: Actor, subject: Person) -> None:
    """Confirm all four forms of the name, and the gender by which they were made."""
    del session, actor
    subject.gender = sheet.gender
    subject.forms = _own_forms(subject, {case: getattr(sheet, field) for case, field in _FORMS.items()})


def _own_forms(person: Person, typed: dict[str, str]) -> dict[str, str]:
    """Return the forms, if each can be of this very name; Invalid tells at its field which cannot."""
    name = name_of(person)
    told = {_FORMS[case]: (wrong,) for case, form in typed.items() if (wrong := unlike(name, form))}
    if told:
        raise Invalid(told)
    return typed


@effect.register
def _invited(sheet: p.Invited, session: Session, actor: Actor, subject: Person) -> None:
    """Record the invitation; the link is made beside, its secret is not in the record.

    Who invites may see the link: somebody of the office is invited by an administrator alone. A card that a school has entered
    has no role: who is invited by it is a teacher.
    """
    del sheet
    if not may_invite(actor, subject):
        raise Denied(N_("Сотрудников центра приглашает администратор."))
    if not subject.memberships:
        session.add(Membership(person_id=subject.id, municipality_id=subject.municipality_id, role=Role.TEACHER.value))
        session.flush()
        session.expire(subject, ["memberships"])


@effect.register
def _revoked(sheet: p.RevokeInvitation, session: Session, actor: Actor, subject: Person) -> None:
    """Stop the link: whoever holds the letter or the sheet comes in no more."""
    del sheet
    if not may_invite(actor, subject):
        raise Denied(N_("Сотрудников центра приглашает администратор."))
    tokens.end_all(session, subject, tokens.INVITATION)


def may_invite(actor: Actor, person: Person) -> bool:
    """Whether the actor may hold this person's invitation in hand."""
    return _keeps_accounts(actor) or not _is_office(person)


def _is_office(person: Person) -> bool:
    return any(one.role not in _ANYONES for one in person.memberships)


def _keeps_accounts(actor: Actor) -> bool:
    return Role.ADMIN in actor.roles or actor.via is Via.SYSTEM


@effect.register
def _take(sheet: p.TakeAccount, session: Session, actor: Actor, subject: Person) -> None:
    del actor
    if _is_taken(session, sheet.login, subject):
        raise Invalid({"login": (N_("Такой логин уже занят, выберите другой."),)})
    subject.login = sheet.login.lower()


@effect.register(p.ChangePassword)
@effect.register(p.ResetPassword)
def _password(sheet: p.ChangePassword | p.ResetPassword, session: Session, actor: Actor, subject: Person) -> None:
    """End every session: whoever held one with the old password is out."""
    del sheet, actor
    end_sessions(session, subject)


@effect.register
def _drop(sheet: p.DropSecondFactor, session: Session, actor: Actor, subject: Person) -> None:
    del sheet, actor
    if second_factor.is_obliged(session, subject):
        raise Invalid({"": (N_("Центр требует второй фактор: выключить его нельзя, можно только заменить коды."),)})
    second_factor.remove(session, subject)


@effect.register
def _reset(sheet: p.ResetSecondFactor, session: Session, actor: Actor, subject: Person) -> None:
    del sheet
    if subject.id == actor.person_id:
        raise Invalid({"": (N_("Свой второй фактор выключают в профиле; сбросить его может другой администратор."),)})
    if second_factor.of(session, subject.id) is None:
        raise Invalid({"": (N_("Второго фактора у человека нет."),)})
    second_factor.remove(session, subject)
    end_sessions(session, subject)


@effect.register
def _block(sheet: p.Block, session: Session, actor: Actor, subject: Person) -> None:
    del sheet
    if subject.id == actor.person_id:
        raise Invalid({"": (N_("Свою учётную запись закрыть нельзя: попросите другого администратора."),)})
    end_sessions(session, subject)


def end_sessions(session: Session, person: Person) -> None:
    """End every session of a person on the server, and the long work that goes on in the person's name."""
    job_queue.stop_all(session, person.id)
    for one in session.scalars(select(Login).where(Login.person_id == person.id, Login.ended_at.is_(None))):
        one.ended_at = clock.now()


@effect.register
def _grant(sheet: p.GrantRole, session: Session, actor: Actor, subject: Person) -> None:
    key = (subject.id, actor.municipality_id, sheet.role)
    if session.get(Membership, key) is not None:
        raise Invalid({"role": (N_("Эта роль уже есть."),)})
    session.add(Membership(person_id=subject.id, municipality_id=actor.municipality_id, role=sheet.role))
    session.flush()
    session.expire(subject, ["memberships"])


@effect.register
def _revoke(sheet: p.RevokeRole, session: Session, actor: Actor, subject: Person) -> None:
    row = session.get(Membership, (subject.id, actor.municipality_id, sheet.role))
    if row is None:
        raise Invalid({"role": (N_("Такой роли у человека нет."),)})
    if sheet.role == Role.ADMIN.value and subject.id == actor.person_id:
        raise Invalid({"role": (N_("Снять роль администратора с себя нельзя: центр останется без администратора."),)})
    session.delete(row)
    session.flush()
    session.expire(subject, ["memberships"])


@effect.register
def _deputy(sheet: p.AppointDeputy, session: Session, actor: Actor, subject: Person) -> None:
    """Appoint a deputy of the director by a recorded order, for a term (R30)."""
    row = Deputy(
        person_id=subject.id,
        municipality_id=actor.municipality_id,
        order=sheet.order,
        since=sheet.since,
        until=sheet.until,
    )
    session.add(row)


@effect.register
def _register(sheet: p.EnterRegister, session: Session, actor: Actor, subject: Person) -> None:
    """Enter or change the person's entry in the register of experts; the role comes with it."""
    card = session.get(ExpertCard, subject.id) or ExpertCard(person_id=subject.id)
    card.directions, card.category, card.education = [*sheet.directions], sheet.category, sheet.education
    card.training, card.profile, card.load_limit = sheet.training, sheet.profile, sheet.load_limit
    session.add(card)
    key = (subject.id, actor.municipality_id, Role.EXPERT.value)
    if session.get(Membership, key) is None:
        session.add(Membership(person_id=subject.id, municipality_id=actor.municipality_id, role=Role.EXPERT.value))
    session.flush()
    session.expire(subject, ["memberships", "expert"])


@effect.register
def _consent(sheet: p.GiveConsent, session: Session, actor: Actor, subject: Consent) -> None:
    """Give a consent or agreement: its kind, the version of its text, the date and address (R37)."""
    del session
    subject.consent_kind, subject.text_version = sheet.kind, sheet.text_version
    subject.given_at, subject.ip = clock.now(), actor.ip


@effect.register
def _letters(sheet: p.ChooseLetters, session: Session, actor: Actor, subject: Person) -> None:
    del session, actor
    subject.letters = "" if sheet.letters == "digest" else sheet.letters
