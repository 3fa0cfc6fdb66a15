"""The SQL twin of ``states.policy``: which cases an actor may see, as one condition for lists, searches, counters, exports.

It covers ``by``, ``unless`` and permissions, never ``when`` (decisions.md 9). A property test proves the twins equal.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import ColumnElement, and_, exists, false, func, not_, or_, select, true, tuple_

from workflow_app.case_types.registry import CASE_TYPES
from workflow_app.db.models import Assignment, Case, CoAuthor, Membership, PanelMember
from workflow_app.errors import Broken
from workflow_app.states.vocabulary import Actor, Permission, Role, Who, Workflow

_STAFF = {
    Who.DIRECTOR: Role.DIRECTOR, Who.COORDINATOR: Role.COORDINATOR, Who.DEPARTMENT: Role.DEPARTMENT,
    Who.REGIONAL: Role.REGIONAL, Who.ADMIN: Role.ADMIN,
}  # fmt: skip
_NOW = {
    Who.INVITEE: ("invited",), Who.ACCEPTED: ("accepted",), Who.EXPERT: ("in_work", "signed", "consolidated"),
    Who.COUNTED: ("signed", "consolidated"),
}  # fmt: skip
_INVOLVED = (
    "invited",
    "accepted",
    "in_work",
    "signed",
    "consolidated",
    "recused",
    "removed",
    "called_off",
    "voided",
    "past",
)


def readable(actor: Actor, permission: Permission) -> ColumnElement[bool]:
    """Return the condition on ``Case`` under which the actor has the permission."""
    return or_(
        *(and_(Case.type == key, _granted(kind.workflow, actor, permission)) for key, kind in CASE_TYPES.items())
    )


def of_a_director() -> ColumnElement[bool]:
    """Return the condition that a director of the case's municipality is its applicant or a co-author."""
    author = or_(
        Membership.person_id == Case.applicant_id,
        Membership.person_id.in_(select(CoAuthor.person_id).where(CoAuthor.case_id == Case.id).correlate(Case)),
    )
    return exists().where(
        Membership.municipality_id == Case.municipality_id, Membership.role == Role.DIRECTOR.value, author
    ).correlate(Case)  # fmt: skip


def performable(actor: Actor, name: str) -> ColumnElement[bool]:
    """Return the condition under which the transition ``name`` is the actor's to do: source, ``by``, ``unless``; never ``when``."""
    found: list[ColumnElement[bool]] = []
    for key, kind in CASE_TYPES.items():
        if (transition := kind.workflow.transitions.get(name)) is None:
            continue
        guard = transition.guard
        here = and_(Case.type == key, Case.state.in_(transition.sources), stands_as_any(guard.by, actor))
        found.append(and_(here, not_(stands_as_any(guard.unless, actor))))
    return or_(false(), *found)


def _granted(workflow: Workflow, actor: Actor, permission: Permission) -> ColumnElement[bool]:
    by_grant: dict[frozenset[Who], list[str]] = {}
    for state in workflow.states.values():
        if granted := state.grants.get(permission):
            by_grant.setdefault(granted, []).append(state.name)
    return or_(
        false(), *(and_(Case.state.in_(names), stands_as_any(granted, actor)) for granted, names in by_grant.items())
    )  # fmt: skip


def stands_as_any(wanted: frozenset[Who], actor: Actor) -> ColumnElement[bool]:
    """Return the condition that the actor has one of these standings towards the case."""
    return or_(false(), *(stands_as(who, actor) for who in sorted(wanted)))


def stands_as(who: Who, actor: Actor) -> ColumnElement[bool]:  # noqa: PLR0911 - one return a standing
    """Return the condition that the actor stands as ``who`` towards the case."""
    me = actor.person_id
    if who is Who.ANYONE:
        return true()
    if actor.is_system:
        return true() if who is Who.SYSTEM else false()
    if me is None:  # the command line: staff without a person
        return _as_staff(who, actor) if who in (*_STAFF, Who.ON_BEHALF, Who.SCHOOL_OFFICER, Who.DEPUTY) else false()
    if who in _PERSONAL:
        return _PERSONAL[who](me)
    if who in _NOW:
        return _assigned(me, _NOW[who], this_round=True)
    if who is Who.LEAD:
        return and_(Case.lead_id == me, _assigned(me, _NOW[Who.EXPERT], this_round=True))
    if who is Who.PANEL:
        return Case.id.in_(select(PanelMember.case_id).where(PanelMember.person_id == me))
    if who is Who.INVOLVED:
        return or_(Case.applicant_id == me, _co_author(me), _assigned(me, _INVOLVED, this_round=False))
    return _as_staff(who, actor)


def _as_staff(who: Who, actor: Actor) -> ColumnElement[bool]:
    """Return the condition of a staff standing: the municipality's own, and never towards one's own case (R30)."""
    here, me = Case.municipality_id == actor.municipality_id, actor.person_id
    barred: ColumnElement[bool] = false()
    if me is not None:
        here = and_(here, Case.applicant_id != me, not_(_co_author(me)))
        barred = stands_as(Who.INVOLVED, actor)
    if who is Who.DEPUTY:
        return here if actor.deputy_for is not None else false()
    if who in _STAFF:
        return here if _STAFF[who] in actor.roles else false()
    if who is Who.ON_BEHALF:
        return and_(here, Case.channel != "web", not_(barred)) if Role.COORDINATOR in actor.roles else false()
    if who is Who.SCHOOL_OFFICER:
        mine = Role.SCHOOL_OFFICER in actor.roles and actor.organization_id is not None
        return and_(here, Case.organization_id == actor.organization_id) if mine else false()
    if who in (Who.OWN, Who.SYSTEM):
        return false()
    raise Broken(f"{who} has no SQL twin")


# Uncorrelated sub-selects: the database makes the short list of a person's cases once instead of probing every case.


def _co_author(me: int) -> ColumnElement[bool]:
    return Case.id.in_(select(CoAuthor.case_id).where(CoAuthor.person_id == me))


def _assigned(me: int, states: tuple[str, ...], *, this_round: bool) -> ColumnElement[bool]:
    mine = select(Assignment.case_id, Assignment.round).where(Assignment.expert_id == me, Assignment.state.in_(states))
    if this_round:
        return tuple_(Case.id, Case.round).in_(mine)
    return Case.id.in_(mine.with_only_columns(Assignment.case_id))


def _prepared(me: int) -> ColumnElement[bool]:
    return func.coalesce(or_(Case.composed_by == me, Case.circulated_by == me, Case.proposed_by == me), false())


_PERSONAL: dict[Who, Callable[[int], ColumnElement[bool]]] = {
    Who.APPLICANT: lambda me: Case.applicant_id == me, Who.CO_AUTHOR: _co_author, Who.PREPARED: _prepared,
}  # fmt: skip
