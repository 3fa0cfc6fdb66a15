"""What a process keeps from page to page: statements of the roles that are here now, and what was read, as long as nothing is done."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import lru_cache, wraps
from typing import Any, Concatenate, Final, Generic, ParamSpec, TypeVar

from sqlalchemy import Date, Integer, bindparam, select
from sqlalchemy.orm import Session

from workflow_app.db.models import Event
from workflow_app.states.vocabulary import Actor, Role, Via

T = TypeVar("T")
P = ParamSpec("P")
_LATEST: Final = 50

statements = lru_cache(512)
"""Keeps the conditions or the statement that a function builds for an actor: a page asks several times. No row is in them."""

Days = tuple[date, date]
_ME: Final[Any] = bindparam("me", type_=Integer)
_DAYS: Final[Any] = (bindparam("now", type_=Date), bindparam("later", type_=Date))


def asked(
    make: Callable[Concatenate[Actor, Days, P], Any],
) -> Callable[Concatenate[Actor, Days, P], tuple[Any, dict[str, Any]]]:
    """Let a function build its statement once for all who have the same roles, whoever they are and on whatever day.

    What is asked for a person comes with it: ``session.execute(*made(actor, days))``. Without that it fails, and shows nobody's rows.
    """
    known: Callable[..., Any] = statements(make)

    @wraps(make)
    def made(actor: Actor, days: Days, /, *given: P.args, **named: P.kwargs) -> tuple[Any, dict[str, Any]]:
        return known(_alike(actor), _DAYS, *given, **named), {"me": actor.person_id, "now": days[0], "later": days[1]}

    return made


def asked_any_day(
    make: Callable[Concatenate[Actor, P], Any],
) -> Callable[Concatenate[Actor, P], tuple[Any, dict[str, Any]]]:
    """Let a function build once for all who have the same roles, as :func:`asked`, what is the same on every day."""
    known: Callable[..., Any] = statements(make)

    @wraps(make)
    def made(actor: Actor, /, *given: P.args, **named: P.kwargs) -> tuple[Any, dict[str, Any]]:
        return known(_alike(actor), *given, **named), {"me": actor.person_id}

    return made


def _alike(actor: Actor) -> Actor:
    """Return the actor without what those with the same roles differ in; whose officer a school has, stands in its statements."""
    return replace(
        actor, person_id=None if actor.person_id is None else _ME, deputy_for=None,
        organization_id=actor.organization_id if Role.SCHOOL_OFFICER in actor.roles else None,
        via=Via.SYSTEM if actor.is_system else Via.WEB, ip="", proof=None,
    )  # fmt: skip


class Readings(Generic[T]):
    """The last ``most`` things that pages have read, kept as long as nothing is done anywhere, for every act leaves an event.

    The latest events are compared by their digests, some of them: acts done at once are not kept in the order of their numbers.
    Never within an act: what it has changed might be taken back.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[tuple[object, ...], T] = OrderedDict()

    def of(self, session: Session, key: tuple[object, ...], read: Callable[[], T]) -> T:
        """Return what was read for this key, else read it."""
        latest = session.scalars(select(Event.digest).order_by(Event.id.desc()).limit(_LATEST)).all()
        key = (*key, *latest)
        found = self._kept.pop(key) if key in self._kept else read()
        self._kept[key] = found
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return found

    def forget(self) -> None:
        """Keep nothing that was read so far."""
        self._kept.clear()
