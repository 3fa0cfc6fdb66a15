"""Lists too long to be shown: people, organisations, cases, records, asked about values or by words (ADR 30).

One question finds and checks: what a search gives may be chosen, and nothing else may. What stands in a row already is kept, though
it could not be chosen anew: a person who has left, an organisation that was closed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, literal, not_, or_, select
from sqlalchemy.orm import Session, joinedload, lazyload

from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db.keyset import Order, Walk, rows
from workflow_app.db.models import RECORDS, Case, Membership, Organization, Person, Record, Subject
from workflow_app.errors import N_, Broken, Sentence, Words
from workflow_app.facts.affinity import DEFAULT_LIMIT
from workflow_app.facts.candidates import involved_in, loads
from workflow_app.facts.involvement import examined_of
from workflow_app.facts.record_names import title_of
from workflow_app.facts.standings import Visible, kept_with, visible
from workflow_app.matching.conflicts import Examined
from workflow_app.spelling import clean, order_key
from workflow_app.states.forms import Choice
from workflow_app.states.vocabulary import Actor, Permission

MOST: Final = 20
OWN: Final = frozenset({"organization", "person"})
_DIGITS: Final = 9  # of a row's number: more no database of ours counts to
_WORDS_MOST: Final = 6
_BARRED_MOST: Final = 100
_LAST: Final = "\U0010ffff"
_SHORT: Final = re.compile(r"\s*([\w-]+)\s+(\w)\.\s*(?:(\w)\.)?\s*")  # «Иванова А. П.»

Notes = Callable[[Sequence[Any]], Mapping[int, Words]]


@dataclass(frozen=True)
class Picker:
    """A question: which ``rows`` may be chosen. ``name`` and ``of`` (a municipality or a case) say which, to ask it again later.

    ``kept``: the numbers that stand there already. ``notes``: what is said beside names, by number.
    """

    session: Session
    name: str
    of: int
    rows: Visible
    notes: Notes
    kept: frozenset[int] = frozenset()
    _found: dict[str, Choice] = field(default_factory=dict, compare=False)
    _called: dict[str, list[Choice]] = field(default_factory=dict, compare=False)

    def keeping(self, values: Iterable[object]) -> Picker:
        """Return the question with what stands in a row already."""
        return replace(self, kept=self.kept | _numbers(values), _found={})

    def known(self, values: Iterable[str]) -> Sequence[Choice]:
        """Return those of the values that may be chosen or are kept, in their order: one statement, however many."""
        wanted = [*dict.fromkeys(map(str, values))]
        if asked := _numbers(one for one in wanted if one not in self._found):
            of = self.rows.of
            allowed = or_(self.rows.condition, of.id.in_(self.kept)) if self.kept else self.rows.condition
            self._keep(self.session.scalars(_selected(of).where(of.id.in_(asked), allowed)).unique().all())
        return [self._found[one] for one in wanted if one in self._found]

    def search(self, words: str) -> Sequence[Choice]:
        """Return the first that the words find, at most one more than MOST: those that begin so, then those that hold each word."""
        parts, column = _parts(words), _key_of(self.rows.of)
        if not parts:
            return self._keep(self._read((), MOST + 1))
        begins = and_(column >= parts[0], column < parts[0] + _LAST)
        holds = [_holds(column, one) for one in parts]
        found = self._read((begins, *holds), MOST + 1)
        if len(found) <= MOST:
            found += self._read((not_(begins), *holds), MOST + 1 - len(found))
        return self._keep(found)

    def has_many(self) -> bool:
        """Whether there is anything to choose between."""
        return len(self.session.scalars(_two(self.rows)).all()) > 1

    def called(self, names: Iterable[str]) -> Mapping[str, Sequence[Choice]]:
        """Return what may be chosen under exactly these names, by name as it was asked: one statement, however many.

        A person is also called by surname and initials: «Иванова А. П.».
        """
        asked = {one: _whole_key(self.rows.of, one) for one in names}
        column = _key_of(self.rows.of)
        if new := {one for one in asked.values() if one not in self._called}:
            self._called.update({one: [] for one in new})
            found = self.session.scalars(_selected(self.rows.of).where(self.rows.among(column.in_(new)).condition))
            rows_ = found.unique().all()
            for row, choice in zip(rows_, self._keep(rows_), strict=True):
                self._called[getattr(row, column.key)].append(choice)
            for name, key in asked.items():
                if (
                    key in new
                    and not self._called[key]
                    and self.rows.of is Person
                    and (short := _SHORT.fullmatch(name))
                ):
                    self._called[key] = self._by_initials(*short.groups(""))
        return {name: self._called[key] for name, key in asked.items()}

    def _by_initials(self, surname: str, first: str, middle: str) -> list[Choice]:
        begins = order_key(surname, first)
        found = self._read((Person.name_order >= begins, Person.name_order < begins + _LAST), MOST + 1)
        return self._keep([one for one in found if order_key(one.middle_name).startswith(order_key(middle))])

    def _read(self, conditions: Sequence[ColumnElement[bool]], limit: int) -> list[Any]:
        of = self.rows.of
        order = Order(of, (_key_of(of).key,))
        page = self.rows.among(*conditions).page(select(of), order, Walk(limit))
        return list(self.session.scalars(rows(page, order).options(*_options(of))).unique())

    def _keep(self, found: Sequence[Any]) -> list[Choice]:
        notes = self.notes(found)
        made = [Choice(str(one.id), N_(title_of(one)), notes.get(one.id, "")) for one in found]
        self._found.update({one.value: one for one in made})
        return made


@kept_with
def _two(rows_: Visible) -> Any:
    return select(rows_.of.id).where(rows_.condition).limit(2)


def _numbers(values: Iterable[object]) -> frozenset[int]:
    texts = (str(one) for one in values)
    return frozenset(int(one) for one in texts if one.isascii() and one.isdigit() and len(one) <= _DIGITS)


def _selected(of: type[Subject]) -> Select[Any]:
    return select(of).options(*_options(of))


def _options(of: type[Subject]) -> list[Any]:
    return [lazyload(Person.memberships), joinedload(Person.expert)] if of is Person else []


def _key_of(of: type[Subject]) -> Any:
    return getattr(of, "name_order" if of is Person else "title_order")


def _whole_key(of: type[Subject], name: str) -> str:
    """Return the key that a row of this very name keeps; the names of a person are keyed one by one."""
    return order_key(*[*name.split(maxsplit=2), "", ""][:3]) if of is Person else order_key(name)


def _parts(words: str) -> list[str]:
    key = order_key(clean(words)[:200])
    return key.replace("-", " ").split()[:_WORDS_MOST]


def _holds(column: Any, part: str) -> ColumnElement[bool]:
    """Return the condition that a word of the name begins so; a number is that number: «12» finds № 12 and not № 120."""
    apart = literal(" ") + func.replace(column, "-", " ") + literal(" ")
    found: ColumnElement[bool] = apart.contains(f" {part} " if part.isdecimal() else f" {part}")
    return found


def _silent(_found: Sequence[Any]) -> Mapping[int, Words]:
    return {}


def _places(found: Sequence[Person]) -> Mapping[int, Words]:
    return {one.id: one.organization.name for one in found if one.organization is not None}


def organizations(session: Session, municipality_id: int) -> Picker:
    """Return the active organisations of a municipality's directory."""
    here = and_(Organization.municipality_id == municipality_id, Organization.state == "active")
    return Picker(session, "organization", municipality_id, Visible((here,), Organization), _silent)


def of_own(session: Session, actor: Actor, target: str) -> Picker:
    """Return what an officer of an organisation may name in its records: the organisation itself, or its people."""
    mine = actor.organization_id or 0
    if target == "organization":
        found = organizations(session, actor.municipality_id)
        return replace(found, name="own:organization", rows=found.rows.among(Organization.id == mine))
    found = people(session, actor.municipality_id)
    return replace(found, name="own:person", rows=found.rows.among(Person.organization_id == mine))


def organizations_of_cases(session: Session, actor: Actor) -> Picker:
    """Return the organisations that the cases have which an actor may see: what there is to filter by."""
    return Picker(session, "organization_of_case", 0, _with_cases(visible(actor, Permission.VIEW)), _silent)


@kept_with
def _with_cases(mine: Visible) -> Visible:
    # one look into the index of each branch for an organisation
    has = [
        exists().where(Case.organization_id == Organization.id, one).correlate(Organization) for one in mine.branches
    ]
    return Visible((or_(false(), *has),), Organization, mine.kept)


def people(session: Session, municipality_id: int, role: str = "") -> Picker:
    """Return the people of a municipality whose account is not closed, with a role when one is named."""
    here = and_(Person.municipality_id == municipality_id, Person.state != "blocked")
    if role:
        few = select(Membership.person_id).where(Membership.municipality_id == municipality_id, Membership.role == role)
        here = and_(here, Person.id.in_(few))
    return Picker(session, f"person:{role}", municipality_id, Visible((here,), Person), _places)


def cases(session: Session, actor: Actor) -> Picker:
    """Return the cases that an actor may see."""
    return Picker(session, "case", 0, visible(actor, Permission.VIEW), _silent)


def records(session: Session, actor: Actor, key: str) -> Picker:
    """Return the living records of a kind that an actor may see."""
    model: type[Record] = RECORDS[key]
    living = visible(actor, Permission.VIEW, model).among(model.state != "ended")
    return Picker(session, key, 0, living, _silent)


def panel(session: Session, case: Case, reader: int | None) -> Picker:
    """Return who may sit on the appeal panel: experts who were not involved; nobody while there is no appeal.

    ``reader``: who is told how busy each is (R30); None: nobody is.
    """
    free = people(session, case.municipality_id, "expert")
    if case.state != "appealed":
        return replace(free, name="panel", of=case.id, rows=Visible((false(),), Person))
    examined = examined_of(session, case)
    rows = free.rows.among(not_(_barred(session, case, examined)))
    return replace(
        free, name="panel", of=case.id, rows=rows, notes=lambda found: _told(session, found, examined, reader)
    )


def barred_from_panel(session: Session, case: Case) -> Sequence[Person]:
    """Return the first experts whom involvement or ties bar from the panel: those who acted in the case, and colleagues."""
    free = people(session, case.municipality_id, "expert")
    barred = free.rows.among(_barred(session, case, examined_of(session, case)))
    return (
        session.scalars(_selected(Person).where(barred.condition).order_by(Person.name_order).limit(_BARRED_MOST))
        .unique()
        .all()
    )


def _barred(session: Session, case: Case, examined: Examined) -> ColumnElement[bool]:
    """Return the condition on a person whom something bars, as ``candidates.panel_conflicts`` says."""
    found = Person.id.in_({*involved_in(session, case), *examined.people, *examined.group})
    colleagues = func.coalesce(Person.organization_id.in_(examined.organizations), false())
    return found if examined.may_lift else or_(found, colleagues)


def _told(session: Session, found: Sequence[Person], examined: Examined, reader: int | None) -> Mapping[int, Words]:
    """Return what helps to choose: the organisation, how busy, and what the director would have to lift."""
    places = _places(found)
    if reader is None:
        return places
    busy = loads(session, [one.id for one in found], reader)
    told: dict[int, Words] = {}
    for one in found:
        limit = one.expert.load_limit if one.expert else DEFAULT_LIMIT
        words: Sentence = N_("открыто %(n)s из %(limit)s", n=busy.get(one.id, 0), limit=limit)
        if one.id in places:
            words = N_("%(place)s, %(what)s", place=places[one.id], what=words)
        if one.organization_id in examined.organizations:
            words = N_("%(what)s, та же организация, что у заявителя или соавтора", what=words)
        told[one.id] = words
    return told


def referred(session: Session, actor: Actor, refers: str) -> Picker:
    """Return what a field may refer to: «organization», «person», «person:expert», «case», a content type."""
    target, _, role = refers.partition(":")
    if target == "organization":
        return organizations(session, actor.municipality_id)
    if target == "person":
        return people(session, actor.municipality_id, role)
    return cases(session, actor) if target == "case" else records(session, actor, target)


def again(session: Session, actor: Actor | None, name: str, of: int) -> Picker:
    """Return the question of this name once more, with the rows and rights of now; Broken: there is none."""
    target, _, role = name.partition(":")
    if target == "organization":
        return organizations(session, of)
    if target == "person":
        return people(session, of, role)
    if target == "panel":
        return panel(session, session.get_one(Case, of), actor.person_id if actor else None)
    if actor is not None and target == "own":
        return of_own(session, actor, role)
    if actor is not None and target == "organization_of_case":
        return organizations_of_cases(session, actor)
    if actor is not None and (target in CONTENT_TYPES or target == "case"):
        return referred(session, actor, name)
    raise Broken(f"nothing is picked by {name!r}")
