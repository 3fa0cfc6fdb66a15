"""What the centre knows already, read once for a whole table: organisations, people, cases, and lists to find words in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow_app import clock
from workflow_app.db.models import Case, Organization, Person
from workflow_app.errors import N_, Sentence
from workflow_app.facts import choices, deadlines
from workflow_app.facts.directory import plain
from workflow_app.spelling import number_key
from workflow_app.states import policy
from workflow_app.states.definitions.people import PERSON
from workflow_app.states.forms import Choice
from workflow_app.states.vocabulary import Actor, Facts

_OVER = ("withdrawn", "cancelled", "declined")


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """What is needed to recognise a person."""

    id: int
    name: str
    email: str
    organization_id: int | None


@dataclass(frozen=True, slots=True)
class Known:
    """A snapshot. Keys are plain names; ``cases`` holds (applicant, type, plain title), ``numbers`` the keys of outside numbers."""

    organizations: Mapping[str, int]
    places: tuple[Choice, ...]
    people: tuple[KnownPerson, ...]
    cases: frozenset[tuple[int, str, str]]
    numbers: frozenset[str]
    lists: Mapping[str, Sequence[Choice]]
    may_give_roles: bool
    today: str
    emails: Mapping[str, KnownPerson] = field(default_factory=dict)
    shared: frozenset[str] = frozenset()  # addresses that several people of the table give as theirs

    def named(self, name: str) -> list[KnownPerson]:
        """Return the people of this full name."""
        wanted = plain(name)
        return [one for one in self.people if plain(one.name) == wanted]


def known(session: Session, actor: Actor) -> Known:
    """Read the snapshot of the actor's municipality: a constant number of statements."""
    home = actor.municipality_id
    rows = session.execute(
        select(Organization.id, Organization.name, Organization.state).where(Organization.municipality_id == home)
    ).all()
    people = tuple(
        KnownPerson(id, " ".join(part for part in (last, first, middle) if part), email.lower(), place)
        for id, last, first, middle, email, place in session.execute(
            select(
                Person.id, Person.last_name, Person.first_name, Person.middle_name, Person.email, Person.organization_id
            ).where(Person.municipality_id == home)
        )
    )
    cases = session.execute(
        select(Case.applicant_id, Case.type, Case.title, Case.outside_number).where(
            Case.municipality_id == home, Case.state.not_in(_OVER)
        )
    ).all()
    places = tuple(Choice(str(id), N_(name)) for id, name, state in rows if state == "active")
    return Known(
        organizations={plain(name): id for id, name, state in rows if state == "active"},
        places=places,
        people=people, cases=frozenset((one, kind, plain(title)) for one, kind, title, _ in cases),
        numbers=frozenset(number_key(number) for *_, number in cases if number), lists=_closed(session, home) | {"organizations": places},
        may_give_roles=_may_give_roles(session, actor), today=deadlines.today(session, home).isoformat(),
        emails={one.email: one for one in people if one.email},
    )  # fmt: skip


def _closed(session: Session, municipality_id: int) -> dict[str, Sequence[Choice]]:
    found = choices.general(session, municipality_id)
    return {name: one for name, one in found.items() if isinstance(one, Sequence)}


def _may_give_roles(session: Session, actor: Actor) -> bool:
    """Whether the actor may give any role to a person who is only listed: the policy is asked, not the roles."""
    facts = Facts(
        state=PERSON.initial,
        now=clock.now(),
        today=deadlines.today(session, actor.municipality_id),
        municipality_id=actor.municipality_id,
    )
    return "grant_role" in policy.offers(PERSON, actor, facts)


def find(words: str, choices: Sequence[Choice]) -> tuple[str, tuple[Sentence, ...]]:
    """Return the value of a choice by its words or key, or what is wrong with them; no words: no value."""
    if not words:
        return "", ()
    by_words = {plain(str(one.label)): one.value for one in choices} | {one.value: one.value for one in choices}
    if found := by_words.get(plain(words)) or by_words.get(words):
        return found, ()
    near = _near(words, (str(one.label) for one in choices))
    if near:
        return "", (N_("Такого варианта нет: «%(words)s». Может быть, «%(near)s»?", words=words, near=near),)
    return "", (N_("Такого варианта нет: «%(words)s».", words=words),)


def _near(words: str, labels: Iterable[str]) -> str:
    by_plain = {plain(one): one for one in labels}
    found = get_close_matches(plain(words), list(by_plain), n=1, cutoff=0.6)
    return by_plain[found[0]] if found else ""
