"""Whom a list names, and what an invitation of many does with each: the same for the preview and for the press."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from workflow_app import clock
from workflow_app.db.models import Person, Token
from workflow_app.errors import N_, Sentence
from workflow_app.facts.directory import plain
from workflow_app.features.people.effects import may_invite
from workflow_app.features.people.tokens import INVITATION
from workflow_app.states.vocabulary import Actor

MOST: Final = 200  # people at a time
_NOBODY, _SEVERAL = (
    N_("Такого человека нет среди людей центра."),
    N_("Таких людей несколько: укажите почту или имя целиком."),
)


@dataclass(frozen=True, slots=True)
class Invitee:
    """A line of the list: the person found or None, ``said``: what will happen or why nothing does.

    ``until``: how long an open link works (UTC), None: there is none. ``new``: the person is invited by the press;
    ``open``: has an invitation that works, which can be renewed or revoked.
    """

    words: str
    person: Person | None
    said: Sentence
    until: datetime | None = None
    new: bool = False
    open: bool = False

    @property
    def by_letter(self) -> bool:
        """Whether a letter can carry the link."""
        return self.person is not None and bool(self.person.email)


def named(session: Session, municipality_id: int, text: str) -> list[tuple[str, list[Person]]]:
    """Return the lines of a pasted list with the people whom each means: by address, by full name, by surname with initials."""
    lines = [*dict.fromkeys(" ".join(one.replace(";", " ").split()).strip(" ,") for one in text.splitlines())]
    everybody = _people(session, municipality_id)
    return [(line, [one for one in everybody if _is_meant(line, one)]) for line in lines if line]


def _is_meant(line: str, person: Person) -> bool:
    address = next((one.strip("<>(),").lower() for one in line.split() if "@" in one), "")
    if address:
        return person.email.lower() == address
    last, *rest = plain(line.replace(".", " ")).split() or [""]
    theirs = [plain(one) for one in (person.first_name, person.middle_name) if one]
    if plain(person.last_name) != last or len(rest) > len(theirs):
        return False
    return all(
        one == whole or (len(one) == 1 and whole.startswith(one)) for one, whole in zip(rest, theirs, strict=False)
    )


def of_ids(session: Session, municipality_id: int, ids: Iterable[int]) -> list[tuple[str, list[Person]]]:
    """Return the people of these numbers, by name."""
    return [(one.full_name, [one]) for one in _people(session, municipality_id, [*ids])]


def _people(session: Session, municipality_id: int, ids: Sequence[int] | None = None) -> Sequence[Person]:
    found = select(Person).where(Person.municipality_id == municipality_id).order_by(Person.name_order, Person.id)
    if ids is not None:
        found = found.where(Person.id.in_(ids[:MOST]))
    return session.scalars(found.options(selectinload(Person.memberships))).unique().all()


def invitees(
    session: Session, actor: Actor, lines: Sequence[tuple[str, list[Person]]], *, again: bool
) -> list[Invitee]:
    """Return what becomes of each line, each person once; ``again``: those whose link still works get a new one, too."""
    found = [one for _words, people in lines for one in people[:2]]
    links = _links(session, [one.id for one in found])
    seen: set[int] = set()
    told = []
    for words, people in lines[:MOST]:
        if len(people) != 1:
            told.append(Invitee(words, None, _SEVERAL if people else _NOBODY))
        elif people[0].id not in seen:
            seen.add(people[0].id)
            told.append(_invitee(actor, words, people[0], links, again=again))
    return told


def _invitee(actor: Actor, words: str, person: Person, links: Mapping[int, datetime], *, again: bool) -> Invitee:
    until = links.get(person.id)
    if person.state not in ("listed", "invited"):
        closed = person.state == "blocked"
        return Invitee(words, person, N_("Учётная запись закрыта.") if closed else N_("Учётная запись уже есть."))
    if not may_invite(actor, person):
        return Invitee(words, person, N_("Сотрудников центра приглашает администратор."))
    is_open = person.state == "invited" and until is not None and until >= clock.now()
    if is_open and not again:
        return Invitee(words, person, N_("Уже приглашён(а): ссылка действует."), until, open=True)
    if is_open:
        return Invitee(
            words, person, N_("Получит новую ссылку, прежняя перестанет действовать."), until, new=True, open=True
        )
    letter = N_("Получит письмо со ссылкой.") if person.email else N_("Почты нет: будет лист со ссылкой.")
    return Invitee(words, person, letter, new=True)


def _links(session: Session, ids: Sequence[int]) -> dict[int, datetime]:
    """Return until when the open link of each of these people works."""
    found = select(Token.person_id, func.max(Token.expires_at)).where(
        Token.person_id.in_(ids), Token.purpose == INVITATION, Token.used_at.is_(None)
    )
    return {id_: until for id_, until in session.execute(found.group_by(Token.person_id))}  # noqa: C416 - rows are no pairs for the type checker
