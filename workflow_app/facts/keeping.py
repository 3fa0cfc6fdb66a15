"""What a process keeps from page to page: statements of those who are here now, and what was read, as long as nothing is done."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache
from typing import Final, Generic, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow_app.db.models import Event

T = TypeVar("T")
_LATEST: Final = 50

statements = lru_cache(512)
"""Keeps the conditions or the statement that a function builds for an actor: a page asks several times. No row is in them."""


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
