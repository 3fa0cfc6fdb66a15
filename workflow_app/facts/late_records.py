"""Which records are late: one condition for the number above the home, for the lists of the kinds, and for what leads from it to them.

A record is late for who works in an office that keeps its kind, when something in it or in its parts waits past its day: whoever it
waits for where the office sees and keeps the record, else the reader. It counts once, however much of it is late.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import Session

from workflow_app.content_types.awaited import todo_of
from workflow_app.content_types.declaration import ContentType
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db import counts
from workflow_app.db.models import RECORDS, Waiting
from workflow_app.db.own_words import one_of
from workflow_app.facts import case_filters, deadlines, keeping, worklist
from workflow_app.facts.deadlines import Days
from workflow_app.states.standings import office
from workflow_app.states.vocabulary import Actor, Permission, Who

_TODOS: Final[Mapping[str, Sequence[str]]] = {
    whole.key: tuple(
        todo_of(kind, one)
        for kind in CONTENT_TYPES.values()
        if whole.key in (kind.key, kind.within)
        for one in kind.awaits
        if one.due
    )
    for whole in CONTENT_TYPES.values()
    if not whole.within
}
"""By kind what waits until a day, in its records or in their parts."""


def kept(actor: Actor) -> ColumnElement[bool] | None:
    """Return the condition on ``Waiting`` that it stands in a record which the actor keeps by office, and sees the part of."""
    if not case_filters.of_office(actor):
        return None
    kinds = _kinds_kept(office(actor))
    if not kinds:
        return None
    wholes = sorted(
        {CONTENT_TYPES[one].within or one for one in kinds}
    )  # the index of wholes is walked past those of cases
    return and_(
        Waiting.municipality_id == actor.municipality_id,
        one_of(Waiting.subject_kind, kinds),
        one_of(Waiting.root_kind, wholes),
    )


@cache
def _kinds_kept(standing: frozenset[Who]) -> Sequence[str]:
    """Return the kinds that wait, of which an office sees every record and keeps its whole, whatever the state."""
    return sorted(
        one.key
        for one in CONTENT_TYPES.values()
        if one.awaits
        and _grants(one, Permission.VIEW, standing)
        and _grants(CONTENT_TYPES[one.within or one.key], Permission.EDIT, standing)
    )


def _grants(kind: ContentType, permission: Permission, standing: frozenset[Who]) -> bool:
    granted = (one.grants.get(permission, frozenset()) for one in kind.workflow.states.values())
    return all(not standing.isdisjoint(who) for who in granted)


@keeping.statements
def within(actor: Actor, days: Days, kind: str = "") -> Select[Any] | None:
    """Return the wholes, each once, in which something is late: of all kinds, or of one; None: the actor keeps none by office.

    ``days`` are those of ``deadlines.bounds``: without a session, so that it can be kept. The index of terms by what waits is walked.
    """
    here = kept(actor)
    if here is None:
        return None
    todos = _TODOS[kind] if kind else [todo for many in _TODOS.values() for todo in many]
    mine = (and_(*one) for one in worklist.waits_for(actor, days[0]))
    begun = or_(Waiting.since.is_(None), Waiting.since <= days[0])
    past = (one_of(Waiting.todo, todos), deadlines.of_colour(Waiting.due_on, "overdue", days), begun)
    found: Any = select(Waiting.root_kind, Waiting.root_id).where(*past, or_(here, *mine)).distinct()
    return found  # type: ignore[no-any-return]  # two columns: mypy has no name for all such statements


def has_filter(actor: Actor, kind: ContentType) -> bool:
    """Whether the list of a kind is asked for what is late by this reader: it waits until days, and the home counts it for them."""
    return bool(_TODOS[kind.key]) and kept(actor) is not None


def of_kind(session: Session, actor: Actor, kind: ContentType) -> ColumnElement[bool]:
    """Return the condition on the records of a kind that they are late; it finds none for whom the home counts none."""
    found = (
        within(worklist.bare(actor), deadlines.bounds(session, actor.municipality_id), kind.key)
        if _TODOS[kind.key]
        else None
    )
    row: Any = RECORDS[kind.key]
    return row.id.in_(found.with_only_columns(Waiting.root_id)) if found is not None else false()


def by_kind(session: Session, actor: Actor) -> Mapping[str, int]:
    """Return how many records of each kind are late, where any is, as ``db.counts``; one statement."""
    me, days = worklist.bare(actor), deadlines.bounds(session, actor.municipality_id)
    asked = {key: found for key, todos in _TODOS.items() if todos and (found := within(me, days, key)) is not None}
    if not asked:
        return {}
    many = session.execute(select(*(counts.capped(one) for one in asked.values()))).one()
    return {key: min(n, counts.MOST + 1) for key, n in zip(asked, many, strict=True) if n}
