"""Tries that are counted, in the database: the same for every process of an instance, and after a restart.

A key is counted before what it guards is checked, under the row's lock: tries side by side cannot slip under the limit.
One row a key says all: how many, blocked until when, forgotten when.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from workflow_app import clock
from workflow_app.db.models import Tries
from workflow_app.errors import N_, WorkflowError

_LONGEST = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Rule:
    """``most`` tries within ``period``. Growing: as many for nothing, then 2, 4, 8 … 60 s before each, until ``period`` of quiet."""

    most: int
    period: timedelta
    growing: bool = False

    @property
    def longest(self) -> timedelta:
        """The longest that a key is blocked; what is longer was written by a clock that has been set back since."""
        return _LONGEST if self.growing else self.period

    def pause(self, count: int) -> timedelta | None:
        """Return how long a growing key waits after so many tries; None when it does not."""
        if count < self.most:
            return None
        return min(timedelta(seconds=2 ** min(count - self.most + 1, 10)), _LONGEST)


def rule(name: str, text: str) -> Rule:
    """Return the rule of a setting such as «30 per 5 minutes»; WorkflowError names the setting when it makes no sense."""
    found = re.fullmatch(r"\s*(\d{1,9})\s+per\s+(?:(\d{1,6})\s+)?(second|minute|hour|day)s?\s*", text)
    if not found or not int(found[1]):
        raise WorkflowError(N_("Настройка %(name)s: значение не распознано.", name=name))
    return Rule(int(found[1]), int(found[2] or 1) * timedelta(**{f"{found[3]}s": 1}))


def key(*parts: str) -> str:
    """Return the key of a kind of tries and whose they are: a digest, for people type passwords into the wrong field."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def wait(session: Session, wanted: Iterable[tuple[str, Rule]]) -> int:
    """Return for how many seconds the first blocked of the keys is blocked; 0 when none is."""
    for one, rule_ in wanted:
        if (row := session.get(Tries, one)) is not None and (left := _left(row, rule_)):
            return left
    return 0


def take(session: Session, wanted: Iterable[tuple[str, Rule]]) -> int:
    """Count a try of each key and return 0; when one is blocked count none, and return for how many seconds it is."""
    known = sorted(wanted, key=lambda pair: pair[0])  # everybody locks in one order
    rows = [(_locked(session, one), rule_) for one, rule_ in known]
    if left := max((_left(row, rule_) for row, rule_ in rows), default=0):
        return left
    for row, rule_ in rows:
        _count(row, rule_)
    session.flush()
    return 0


def forget(session: Session, *keys: str) -> None:
    """Begin anew: the last try was right."""
    session.execute(delete(Tries).where(Tries.key.in_(keys)))


def sweep(session: Session) -> int:
    """Remove what is forgotten, and return how many rows that were."""
    return len(session.scalars(delete(Tries).where(Tries.forget_at < clock.now()).returning(Tries.key)).all())


def _left(row: Tries, rule_: Rule) -> int:
    left = row.blocked_until - clock.now() if row.blocked_until else timedelta(0)
    return math.ceil(left.total_seconds()) if timedelta(0) < left <= rule_.longest else 0


def _count(row: Tries, rule_: Rule) -> None:
    now = clock.now()
    anew = not row.count or now >= row.forget_at or row.forget_at - now > rule_.period
    row.count = 1 if anew else row.count + 1
    if rule_.growing:
        pause = rule_.pause(row.count)
        row.forget_at, row.blocked_until = now + rule_.period, now + pause if pause else None
    else:
        row.forget_at = now + rule_.period if anew else row.forget_at
        row.blocked_until = row.forget_at if row.count >= rule_.most else None


def _locked(session: Session, one: str) -> Tries:
    """Return the key's row, locked. One statement: between two, another's right try could take the row away."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    values = {"key": one, "count": 0, "blocked_until": None, "forget_at": clock.now()}
    made = dialect.insert(Tries).values(values).on_conflict_do_update(index_elements=[Tries.key], set_={"key": one})
    row: Tries = session.scalars(made.returning(Tries), execution_options={"populate_existing": True}).one()
    return row
