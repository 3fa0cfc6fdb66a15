"""Leases: a job that one process at a time may do. Held in the database, so that it works on both and across machines."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from workflow_app import clock
from workflow_app.db.models import Lease
from workflow_app.db.session import Database

LENGTH = timedelta(minutes=10)  # after a crash the job waits so long
TICK, WORK = "tick", "work"  # the leases that tell whether the background lives
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_JUST = timedelta(microseconds=1)


class Hold:
    """A lease that is held; :meth:`renew` it in a long job."""

    def __init__(self, database: Database, name: str, holder: str, length: timedelta) -> None:
        self._database, self._name, self._holder, self._length = database, name, holder, length

    def renew(self) -> bool:
        """Hold on for another while; False when somebody else took the lease after it had run out."""
        return self._set(clock.now() + self._length)

    def give_back(self) -> None:
        """Let the next one in; the lease then tells when the job was done last."""
        self._set(clock.now() - _JUST)

    def _set(self, until: datetime) -> bool:
        mine = update(Lease).where(Lease.name == self._name, Lease.holder == self._holder)
        with self._database.transaction(keep=True) as session:
            return session.execute(mine.values(until=until).returning(Lease.name)).one_or_none() is not None


@contextmanager
def held(database: Database, name: str, length: timedelta = LENGTH) -> Iterator[Hold | None]:
    """Hold the lease of this name inside the block; None when another one holds it.

    ``length``: so long the job stands still after a crash, and no longer may one step of it take.
    """
    holder = secrets.token_hex(8)
    with database.transaction(keep=True) as session:
        taken = _take(session, name, holder, length)
    if not taken:
        yield None
        return
    hold = Hold(database, name, holder, length)
    try:
        yield hold
    finally:
        hold.give_back()


def _take(session: Session, name: str, holder: str, length: timedelta) -> bool:
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    session.execute(dialect.insert(Lease).values(name=name, holder="", until=NEVER).on_conflict_do_nothing())
    free = (
        update(Lease)
        .where(Lease.name == name, Lease.until < clock.now())
        .values(holder=holder, until=clock.now() + length)
    )
    return session.execute(free.returning(Lease.name)).one_or_none() is not None
