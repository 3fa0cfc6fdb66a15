"""What the centre knows already, read once for a whole table: organisations, people, cases, and lists to find words in."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from functools import cached_property

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from workflow_app import clock
from workflow_app.case_types.registry import CASE_TYPES
from workflow_app.db.models import Case, Consent, ImportWord, Organization, Person
from workflow_app.errors import N_, Sentence
from workflow_app.facts import choices, deadlines
from workflow_app.facts.directory import plain
from workflow_app.facts.standings import visible
from workflow_app.features.imports.table_kinds import Column, Kind
from workflow_app.spelling import number_key
from workflow_app.states import policy
from workflow_app.states.definitions.case.forms import ENTERED
from workflow_app.states.definitions.people import GENDERS, PERSON, ROLES
from workflow_app.states.forms import Choice, asks
from workflow_app.states.vocabulary import Actor, Facts, Permission

_OVER = ("withdrawn", "cancelled", "declined")
_GENDERS = (*GENDERS, Choice("f", N_("ж")), Choice("m", N_("м")), Choice("f", N_("жен")), Choice("m", N_("муж")))
_YES_NO = (Choice("yes", N_("да")), Choice("no", N_("нет")))


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """What is needed to recognise a person."""

    id: int
    name: str
    email: str
    organization_id: int | None
    position: str


@dataclass(frozen=True, slots=True)
class KnownCase:
    """What is needed to recognise a case; ``is_open``: it goes on."""

    id: int
    applicant_id: int
    type: str
    title: str
    number: str
    state: str
    received_at: date | None
    outside_number: str

    @property
    def is_open(self) -> bool:
        """Whether nothing has ended it."""
        return not (self.type in CASE_TYPES and CASE_TYPES[self.type].workflow.states[self.state].final)


@dataclass(frozen=True)
class Known:
    """A snapshot. ``words``: what the centre has explained, (list, plain word) -> value; ``agreed``: whose consent stands."""

    places: tuple[Choice, ...]
    people: tuple[KnownPerson, ...]
    cases: tuple[KnownCase, ...]
    lists: Mapping[str, Sequence[Choice]]
    words: Mapping[tuple[str, str], str]
    agreed: frozenset[int]
    may_give_roles: bool
    today: str
    school: int | None = None  # the organisation of whose people alone anything is known
    shared: frozenset[str] = field(default=frozenset())  # addresses that several people of the table give as theirs

    @cached_property
    def emails(self) -> Mapping[str, KnownPerson]:
        """The people by their address."""
        return {one.email: one for one in self.people if one.email}

    @cached_property
    def _by_name(self) -> Mapping[str, list[KnownPerson]]:
        found: dict[str, list[KnownPerson]] = {}
        for one in self.people:
            found.setdefault(plain(one.name), []).append(one)
        return found

    @cached_property
    def numbers(self) -> Mapping[str, KnownCase]:
        """The cases by the key of their outside number."""
        return {number_key(one.outside_number): one for one in self.cases if one.outside_number}

    def named(self, name: str) -> list[KnownPerson]:
        """Return the people of this full name."""
        return self._by_name.get(plain(name), [])

    def cases_of(self, person_id: int, case_type: str) -> list[KnownCase]:
        """Return the cases of an applicant of one type that have not been withdrawn or refused."""
        return [one for one in self.cases if (one.applicant_id, one.type) == (person_id, case_type)]

    def list_of(self, column: Column) -> Sequence[Choice]:
        """Return the list that a column's words come from."""
        return column.choices or self.lists[column.of_list]

    def find(self, words: str, column: Column) -> tuple[str, tuple[Sentence, ...]]:
        """Return the value of a choice by its words, key, or what the centre has said they mean; else what is wrong with them."""
        if not words:
            return "", ()
        if found := self.meaning(words, column):
            return found, ()
        near = self.near(words, column)
        if near:
            said = N_("Такого варианта нет: «%(words)s». Может быть, «%(near)s»?", words=words, near=str(near.label))
            return "", (said,)
        return "", (N_("Такого варианта нет: «%(words)s».", words=words),)

    def meaning(self, words: str, column: Column) -> str:
        """Return the value of the choice that these words are, or have been explained to be; empty: of none."""
        of_list = column.of_list or column.key
        if (by_words := self._by_words.get(of_list)) is None:
            known = self.list_of(column)
            by_words = {plain(str(one.label)): one.value for one in known} | {one.value: one.value for one in known}
            self._by_words[of_list] = by_words
        learned = self.words.get((of_list, plain(words)), "")
        return by_words.get(plain(words)) or by_words.get(words) or (learned if learned in by_words else "")

    @cached_property
    def _by_words(self) -> dict[str, Mapping[str, str]]:
        """The lists by their words, each once: every cell asks for them."""
        return {}

    def near(self, words: str, column: Column) -> Choice | None:
        """Return the choice that unknown words most probably mean, None when nothing tells.

        Numbers are the same; it is alike, or their beginning, or the only one in which one of the words stands.
        """
        text, digits = plain(words), set(re.findall(r"\d+", words))
        by_plain = {plain(str(one.label)): one for one in self.list_of(column)}
        by_plain = {label: one for label, one in by_plain.items() if digits <= set(re.findall(r"\d+", label))}
        if found := get_close_matches(text, list(by_plain), n=1, cutoff=0.6):
            return by_plain[found[0]]
        if begun := [label for label in by_plain if text.startswith(f"{label} ")]:
            return by_plain[max(begun, key=len)]
        parts = [one for one in text.split() if len(one) > 2]  # noqa: PLR2004 - «на», «по» say nothing
        whole = {one.value: one for label, one in by_plain.items() if parts and {*parts} <= {*label.split()}}
        if len(whole) == 1:  # «физика» is that of «Физика и астрономия», not «Физическая культура»
            return next(iter(whole.values()))
        held = {one.value: one for label, one in by_plain.items() if any(_in(part, label) for part in parts)}
        return next(iter(held.values())) if len(held) == 1 else None


def _in(word: str, label: str) -> bool:
    """Whether one of the label's words begins as this word does: «бумага» and «на бумаге» do."""
    stem = word[: max(3, len(word) - 2)]
    return any(one.startswith(stem) for one in label.split())


def known(session: Session, actor: Actor, kind: Kind, names: Iterable[str]) -> Known:
    """Read the snapshot of the actor's municipality: a constant number of statements; ``names``: of the people in the table."""
    home, school = actor.municipality_id, (actor.organization_id or 0) if kind.of_school else None
    active = (Organization.municipality_id == home, Organization.state == "active")
    places = tuple(
        Choice(str(id), N_(name))
        for id, name in session.execute(select(Organization.id, Organization.name).where(*active))
        if school in (None, id)
    )
    people = _people(session, home, school)
    wanted = {plain(name) for name in names}
    mine = [one.id for one in people if plain(one.name) in wanted] if kind.files else []
    return Known(
        places=places, people=people, cases=_cases(session, actor, mine) if kind.files else (),
        lists=_closed(session, home) | {"organizations": places}, words=_words(session, home), agreed=_agreed(session, mine),
        may_give_roles=_may_give_roles(session, actor), today=deadlines.today(session, home).isoformat(), school=school,
    )  # fmt: skip


def _people(session: Session, home: int, school: int | None) -> tuple[KnownPerson, ...]:
    of_school = () if school is None else (Person.organization_id == school,)
    return tuple(
        KnownPerson(id, " ".join(part for part in (last, first, middle) if part), email.lower(), place, position)
        for id, last, first, middle, email, place, position in session.execute(
            select(
                Person.id,
                Person.last_name,
                Person.first_name,
                Person.middle_name,
                Person.email,
                Person.organization_id,
                Person.position,
            ).where(Person.municipality_id == home, *of_school)
        )
    )


def _cases(session: Session, actor: Actor, applicants: Sequence[int]) -> tuple[KnownCase, ...]:
    """Return the cases of these applicants, and those with a number of another system, as far as the actor may know of them."""
    rows = session.execute(
        select(
            Case.id, Case.applicant_id, Case.type, Case.title, Case.number, Case.state, Case.received_at, Case.outside_number
        ).where(
            visible(actor, Permission.VIEW).condition, Case.municipality_id == actor.municipality_id, Case.state.not_in(_OVER),
            or_(Case.applicant_id.in_(applicants), Case.outside_number != ""),
        ).order_by(Case.id)
    )  # fmt: skip
    return tuple(
        KnownCase(id, who, kind, title, number or "", state, received, outside or "")
        for id, who, kind, title, number, state, received, outside in rows
    )


def _agreed(session: Session, people: Sequence[int]) -> frozenset[int]:
    found = select(Consent.person_id).where(
        Consent.person_id.in_(people), Consent.consent_kind == "processing", Consent.state == "given"
    )
    return frozenset(session.scalars(found))


def _words(session: Session, home: int) -> dict[tuple[str, str], str]:
    rows = session.execute(
        select(ImportWord.of_list, ImportWord.word, ImportWord.value).where(ImportWord.municipality_id == home)
    )
    return {(of_list, word): value for of_list, word, value in rows}


def _closed(session: Session, municipality_id: int) -> dict[str, Sequence[Choice]]:
    found = choices.general(session, municipality_id)
    own = {
        "channels": ENTERED, "genders": _GENDERS, "roles": ROLES, "yes_no": _YES_NO,
        "categories": categories(),
    }  # fmt: skip
    return {name: one for name, one in found.items() if isinstance(one, Sequence)} | own


def closed_lists(
    session: Session, municipality_id: int, only: Collection[int] | None = None
) -> dict[str, dict[str, str]]:
    """Return the lists whose words may be explained, with the organisations (or ``only`` some): list -> value -> words."""
    places = select(Organization.id, Organization.name).where(Organization.municipality_id == municipality_id)
    if only is not None:
        places = places.where(Organization.id.in_(only))
    found = {
        name: {one.value: str(one.label) for one in reversed(known)}
        for name, known in _closed(session, municipality_id).items()
    }
    return found | {"organizations": {str(id): name for id, name in session.execute(places)}}


def categories() -> tuple[Choice, ...]:
    """Return the categories that can be asked for, whatever type asks for them."""
    for one in CASE_TYPES.values():
        found = asks(one.form).get("target_category")
        if found is not None and isinstance(found.choices, tuple):
            return found.choices
    return ()


def _may_give_roles(session: Session, actor: Actor) -> bool:
    """Whether the actor may give any role to a person who is only listed: the policy is asked, not the roles."""
    facts = Facts(
        state=PERSON.initial,
        now=clock.now(),
        today=deadlines.today(session, actor.municipality_id),
        municipality_id=actor.municipality_id,
    )
    return "grant_role" in policy.offers(PERSON, actor, facts)
