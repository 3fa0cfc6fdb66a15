"""What an actor may see or do, as statements over the kept standings: for lists, searches, counters, exports (ADR 23).

A list is a union of disjoint branches: the municipality's without the actor's own, the school's, the actor's own. Each is a
short condition that walks one index in its order and stops at the limit. The state of a row and the actor's roles are read when
it is asked, so nothing is rewritten when roles, grants or workflows change. ``by``, ``unless`` and permissions are covered, never
``when``; a property test proves it equal to the policy.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import cache, wraps
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Subquery, and_, false, func, not_, or_, select, true, union_all
from sqlalchemy.orm import Session

from workflow_app.case_types.registry import CASE_TYPES
from workflow_app.content_types.registry import CONTENT_TYPES, parts_of
from workflow_app.db import counts, keyset
from workflow_app.db.keyset import Order, Walk
from workflow_app.db.lookups import Listed, Walked
from workflow_app.db.models import RECORDS, Case, Record, Standing, Subject
from workflow_app.db.own_words import is_word, one_of
from workflow_app.facts import involvement, keeping
from workflow_app.facts.published import stands_open
from workflow_app.facts.subjects import KINDS, PLAIN, Part
from workflow_app.states import standings as pure
from workflow_app.states.definitions.case.forms import BY_SCHOOL
from workflow_app.states.standings import AUTHORS, PERSONAL
from workflow_app.states.vocabulary import Actor, Permission, Role, Via, Who

Place = tuple[str, str]  # the type of a case and its state
Grants = Mapping[Who, frozenset[Place]]
_FEW: Final = 2  # states that are looked up one by one; past more of them a list walks in its order
_ANY: Final = frozenset({("", "")})  # whatever the type and the state
# Of the table: a statement names it a hundred times, and of the class each is thrice as dear to compile.
_OWN: Final = Standing.__table__.c
_EVERY: Final = frozenset((key, name) for key, kind in CASE_TYPES.items() for name in kind.workflow.states)
ALL: Final = frozenset(name for _, name in _EVERY)
"""Every state of a case."""


@dataclass(frozen=True, slots=True)
class Visible:
    """The subjects of a kind that an actor may see or act on, as disjoint conditions on ``of``; none: none at all.

    ``kept``: it is made once for who the actor is, and so may be what is made of it (:func:`kept_with`).
    """

    branches: tuple[ColumnElement[bool], ...]
    of: type[Subject] = Case
    kept: bool = False

    @property
    def condition(self) -> ColumnElement[bool]:
        """One condition, for a statement that has few cases to ask about."""
        return or_(false(), *self.branches)

    def among(self, *conditions: ColumnElement[bool]) -> Visible:
        """Return those of them for which the conditions hold."""
        return Visible(tuple(and_(one, *conditions) for one in self.branches), self.of) if conditions else self

    def count(self, session: Session, found: Select[Any] | None = None) -> int:
        """Return how many there are, as ``db.counts``; ``found`` selects from the kind and what is joined to it."""
        if found is None:
            many: int = session.execute(_count(self)).scalar_one()
            return min(many, counts.MOST + 1)
        return counts.count(session, *self.numbers(found))

    def numbers(self, found: Select[Any] | None = None) -> list[Select[Any]]:
        """Return the statements of their numbers, one a branch; ``found`` as in :meth:`count`."""
        base = select(self.of) if found is None else found
        narrow = base.with_only_columns(self.of.id, maintain_column_froms=True)
        return [narrow.where(one) for one in self.branches]

    def column(self, column: Any) -> Select[Any]:
        """Return one column of all of them, to be used with ``in_``: each branch walks its own index."""
        rows = [select(column).where(one) for one in self.branches] or [select(column).where(false())]
        return select(union_all(*rows).subquery()) if len(rows) > 1 else rows[0]

    def first_ids(self) -> Select[Any]:
        """Return the oldest of each branch: numbers grow with time."""
        id_ = self.of.id
        oldest = [select(select(id_).where(one).order_by(id_).limit(1).subquery()) for one in self.branches]
        return select(union_all(*oldest).subquery()) if oldest else select(id_).where(false())

    def page(self, found: Select[Any], order: Order, walk: Walk) -> Subquery:
        """Return a stretch of them (``db.keyset``); ``found`` selects as in :meth:`count`."""
        return keyset.stretch([found.where(one) for one in self.branches or (false(),)], order, walk)


def kept_with(make: Callable[..., Any]) -> Callable[..., Any]:
    """Let the statement that a function makes of a ``Visible`` be kept where that is: it is a function of its arguments alone."""
    known = keeping.statements(make)

    @wraps(make)
    def made(found: Visible, *given: Any, **named: Any) -> Any:
        return (known if found.kept else make)(found, *given, **named)

    return made


@kept_with
def _count(found: Visible) -> Any:
    return select(counts.capped(*found.numbers()))


def visible(actor: Actor, permission: Permission, of: type[Subject] = Case, states: frozenset[str] = ALL) -> Visible:
    """Return the cases on which the actor has the permission, or the subjects ``of`` another kind that is no part of a case.

    ``states``: only cases in one of these; branches that have none of them are not asked.
    """
    kind: Any = of  # a class: mypy takes it for one of its rows, which have no hash
    who = replace(actor, via=Via.SYSTEM if actor.is_system else Via.WEB, ip="", proof=None)
    return _visible(who, permission, kind, states)


@keeping.statements
def _visible(actor: Actor, permission: Permission, of: Any, states: frozenset[str]) -> Visible:
    """Return the same for who the actor is: a page asks several times, and each would build it anew. No row is in it."""
    return replace(_made(actor, permission, of, states), kept=True)


def _made(actor: Actor, permission: Permission, of: Any, states: frozenset[str]) -> Visible:
    if of is Case:
        found = _reach(actor, _granted(permission, states), _in_states, apart=permission in pure.OF_EXAMINATION)
        told = or_(Case.state != pure.ARCHIVED, Case.verdict.is_not(None))
        return found.among(told) if permission in pure.OF_EXAMINATION else found
    found = _reach(
        actor, _granted_by(of.kind, permission), lambda keys: one_of(of.state, (name for _, name in keys)), of
    )
    if permission in pure.TOLD_OF_CASES and actor.person_id is not None and involvement.tells_of_cases(of.kind):
        return found.among(of.id.not_in(involvement.telling_of(of.kind, actor.person_id)))
    return found


def by_office(actor: Actor, permission: Permission, of: type[Subject]) -> bool:
    """Whether a role of the actor may grant the permission on subjects of a kind that is no part of a case, in some state."""
    school = {Who.SCHOOL_OFFICER} if Role.SCHOOL_OFFICER in actor.roles else set[Who]()
    return not _granted_by(of.kind, permission).keys().isdisjoint(pure.office(actor) | school | {Who.ANYONE})


def visible_part(actor: Actor, permission: Permission, of: type[Part]) -> ColumnElement[bool]:
    """Return the condition on a part joined with its ``Case`` under which the state of either grants the permission."""
    granted: dict[frozenset[Who], list[str]] = {}
    for state in PLAIN[of].states.values():
        if who := state.grants.get(permission):
            granted.setdefault(who, []).append(state.name)
    found = [visible(actor, permission).condition]
    for who, names in granted.items():
        mine = [stands(actor, who - {Who.OWN}, apart=permission in pure.OF_EXAMINATION)]
        if Who.OWN in who and actor.person_id is not None:
            mine.append(of.id.in_(own(actor.person_id, of.kind, {Who.OWN})))
        found.append(and_(one_of(of.state, names), or_(*mine)))
    return or_(*found)


def performable(actor: Actor, name: str) -> Visible:
    """Return the cases on which the transition ``name`` is the actor's to do: source, ``by``, ``unless``; never ``when``."""
    found: list[ColumnElement[bool]] = []
    for unless, granted in _guarded(name).items():
        allowed = _reach(actor, granted, _in_states)
        # without an organisation the comparison of an officer's is NULL, and so would be its opposite
        found += (
            allowed.among(not_(func.coalesce(stands(actor, unless), false()))).branches if unless else allowed.branches
        )
    return Visible(tuple(found))


def stands(actor: Actor, wanted: frozenset[Who], *, apart: bool = False) -> ColumnElement[bool]:
    """Return the condition on ``Case`` that the actor has one of these standings towards it.

    ``apart``: as far as they count for what is told of an examination (R30, ``pure.told``).
    """
    return _reach(actor, dict.fromkeys(wanted, _ANY), lambda _: true(), apart=apart).condition


def own(person_id: int, kind: str, who: Collection[Who]) -> Select[int]:
    """Return the numbers of the subjects of a kind towards which the person stands so."""
    found = select(_OWN.subject_id).where(_OWN.person_id == person_id, is_word(_OWN.subject_kind, kind))
    return found.where(one_of(_OWN.who, (one.value for one in who)))


@cache
def _granted(permission: Permission, states: frozenset[str]) -> Grants:
    """Return in which of these states of which types a permission is granted, by standing."""
    found: dict[Who, set[Place]] = {}
    for key, kind in CASE_TYPES.items():
        for state in kind.workflow.states.values():
            for who in state.grants.get(permission, frozenset()) if state.name in states else ():
                found.setdefault(who, set()).add((key, state.name))
    return {who: frozenset(keys) for who, keys in found.items()}


@cache
def _granted_by(kind: str, permission: Permission) -> Grants:
    """Return in which states of a kind with one workflow a permission is granted, by standing."""
    found: dict[Who, set[Place]] = {}
    for state in PLAIN[KINDS[kind]].states.values():
        for who in state.grants.get(permission, frozenset()):
            found.setdefault(who, set()).add(("", state.name))
    return {who: frozenset(keys) for who, keys in found.items()}


@cache
def _guarded(name: str) -> Mapping[frozenset[Who], Grants]:
    """Return who does a transition in which states of which types, by who never does it."""
    found: dict[frozenset[Who], dict[Who, set[Place]]] = {}
    for key, kind in CASE_TYPES.items():
        if (transition := kind.workflow.transitions.get(name)) is None:
            continue
        mine = found.setdefault(transition.guard.unless, {})
        for who in transition.guard.by:
            mine.setdefault(who, set()).update((key, state) for state in transition.sources)
    return {unless: {who: frozenset(keys) for who, keys in one.items()} for unless, one in found.items()}


def _in_states(keys: frozenset[Place]) -> ColumnElement[bool]:
    """Return the condition that a case is in one of these states: by the state alone where all types with it agree."""
    common = {name for _, name in keys if all((key, name) in keys for key, known in _EVERY if known == name)}
    state = Case.state if len(common) <= _FEW else Walked(Case.state)
    found: list[ColumnElement[bool]] = [one_of(state, common)] if common else []
    rest = {key: sorted(name for type_, name in keys if type_ == key and name not in common) for key in CASE_TYPES}
    found += [and_(Case.type == key, one_of(state, names)) for key, names in rest.items() if names]
    return or_(false(), *found)


_States = Callable[[frozenset[Place]], ColumnElement[bool]]


def _reach(actor: Actor, granted: Grants, states: _States, of: type[Subject] = Case, *, apart: bool = False) -> Visible:
    """Fold who has what in which states by the actor's roles; ``states`` says it in SQL. Empty sets give no branch.

    ``apart``: no role counts towards a case in which the actor takes part while it is judged (R30).
    """
    anyone = granted.get(Who.ANYONE, frozenset())
    if actor.is_system:
        return Visible(_kept([(anyone | granted.get(Who.SYSTEM, frozenset()), ())], states), of)
    left = {who: keys - anyone for who, keys in granted.items() if keys - anyone}
    staff = frozenset[Place]().union(*(left.get(who, frozenset()) for who in pure.office(actor)))
    behalf = school = entered = frozenset[Place]()
    if of is Case and Role.COORDINATOR in actor.roles:
        behalf = left.get(Who.ON_BEHALF, frozenset()) - staff
    if Role.SCHOOL_OFFICER in actor.roles and actor.organization_id is not None:
        school = left.get(Who.SCHOOL_OFFICER, frozenset()) - staff
        entered = left.get(Who.FOR_SCHOOL, frozenset()) - staff - school if of is Case else entered
    roles = _Roles(of, staff, behalf, school, entered, apart=apart and actor.person_id is not None)
    by_role, by_name = _by_role(actor, roles, left.keys() & PERSONAL, states), _by_name(actor, roles, left, states)
    # what is published is bound to no municipality, and its permission is nobody else's (states.verify): no branch overlaps it
    public = (left.get(Who.PUBLIC, frozenset()), (stands_open(of),))
    return Visible((*_kept([(anyone, ()), public], states), *by_role, *by_name), of)


def school_of(of: type[Subject]) -> Any:
    """Return the column with the organisation whose officer stands as such; None: the kind has none."""
    if of is Case:
        return Case.organization_id
    name = CONTENT_TYPES[of.kind].school if issubclass(of, Record) else ""
    return getattr(of, name) if name else None


@dataclass(frozen=True, slots=True)
class _Roles:
    """The states that an actor's roles open ``of`` a kind; of a case also for what came on paper, and to its school's officer.

    ``entered``: to that officer of what the school has entered itself.
    """

    of: type[Subject]
    staff: frozenset[Place]
    behalf: frozenset[Place]
    school: frozenset[Place]
    entered: frozenset[Place]
    apart: bool = False

    def counts(self, person_id: int) -> tuple[ColumnElement[bool], ...]:
        """Return the condition under which a role of the person counts: none, but for what is told of an examination (R30)."""
        if not self.apart:
            return ()
        return (not_(and_(one_of(Case.state, pure.EXAMINED), self.own(person_id, Who.INVOLVED))),)

    def of_school(self, actor: Actor) -> ColumnElement[bool]:
        """Return the condition that the actor's own organisation stands there, or in a living part; false where a kind names none."""
        column, found = school_of(self.of), []
        if column is not None:
            found.append(column == actor.organization_id)
        for part in parts_of(self.of.kind):
            if part.school:
                piece: Any = RECORDS[part.key]
                asked = select(piece.within_id).where(school_of(piece) == actor.organization_id, piece.state != "ended")
                found.append(self.of.id.in_(asked))
        return or_(false(), *found)

    def own(self, person_id: int, *who: Who) -> ColumnElement[bool]:
        """Return the condition that the person stands so; the people of a whole stand so towards its parts, as in the policy."""
        found = self.of.id.in_(own(person_id, self.of.kind, who))
        kind = CONTENT_TYPES.get(self.of.kind)
        if kind is None or not kind.within:
            return found
        carried = set(who) - {Who.OWN} - set(kind.stands.values())
        part: Any = self.of
        return or_(found, part.within_id.in_(own(person_id, kind.within, carried))) if carried else found


def _kept(
    found: Iterable[tuple[frozenset[Place], tuple[ColumnElement[bool], ...]]], states: _States
) -> tuple[ColumnElement[bool], ...]:
    return tuple(and_(*others, states(keys)) for keys, others in found if keys)


def _by_role(
    actor: Actor, roles: _Roles, personal: AbstractSet[Who], states: _States
) -> tuple[ColumnElement[bool], ...]:
    """Return the branches of roles, without what :func:`_by_name` answers: where the actor stands by name too."""
    me, here = actor.person_id, roles.of.municipality_id == actor.municipality_id
    school = (here, roles.of_school(actor))
    paper, by_school = Case.channel != "web", Case.channel == BY_SCHOOL
    both, alone = roles.school & roles.behalf, roles.school - roles.behalf
    if me is None:
        found = [
            (roles.staff, (here,)),
            (roles.behalf, (here, paper)),
            (roles.entered - roles.behalf, (*school, by_school)),
        ]
        return _kept([*found, (alone, school), (both, (*school, not_(paper)))], states)
    here = and_(here, *roles.counts(me))
    school = (here, roles.of_school(actor))
    apart, involved = not_(roles.own(me, *AUTHORS, *personal)), roles.own(me, Who.INVOLVED)
    on_paper: tuple[ColumnElement[bool], ...] = (here, paper)
    if len({name for _, name in roles.behalf}) <= _FEW:  # drafts: a list is not to walk all cases for the few there are
        on_paper = (Case.id.in_(select(Case.id).where(*on_paper, states(roles.behalf)).correlate(None)),)
    found = [
        (roles.staff, (here, apart)), (roles.behalf, (*on_paper, apart, not_(involved))), (alone, (*school, apart)),
        (both, (*school, apart, or_(not_(paper), involved))),
        (roles.entered - roles.behalf, (*school, by_school, apart)),
        (roles.entered & roles.behalf, (*school, by_school, apart, involved)),
    ]  # fmt: skip
    return _kept(found, states)


def _by_name(actor: Actor, roles: _Roles, left: Grants, states: _States) -> tuple[ColumnElement[bool], ...]:
    """Return the branch of what the actor stands to by name: what the name opens, or a role of theirs."""
    me = actor.person_id
    personal = left.keys() & PERSONAL
    if me is None or not personal:
        return ()
    alike: dict[frozenset[Place], set[Who]] = {}
    for who in personal:
        alike.setdefault(left[who], set()).add(who)
    opened = [and_(roles.own(me, *who), states(keys)) for keys, who in sorted(alike.items(), key=_order)]
    here = and_(roles.of.municipality_id == actor.municipality_id, *roles.counts(me))
    theirs = not_(roles.own(me, *AUTHORS))
    by_role = _kept(
        [
            (roles.staff, (here, theirs)),
            (roles.behalf, (here, Case.channel != "web", not_(roles.own(me, Who.INVOLVED)))),
            (roles.school, (here, roles.of_school(actor), theirs)),
            (roles.entered, (here, roles.of_school(actor), Case.channel == BY_SCHOOL, theirs)),
        ],
        states,
    )
    if not by_role and len(opened) == 1:
        return (opened[0],)
    mine = own(me, roles.of.kind, {*AUTHORS, *personal})
    named = Listed(Case.id, mine) if roles.of is Case else roles.own(me, *AUTHORS, *personal)
    return (and_(named, or_(*opened, *by_role)),)


def _order(one: tuple[frozenset[Place], set[Who]]) -> list[str]:
    return sorted(one[1])
