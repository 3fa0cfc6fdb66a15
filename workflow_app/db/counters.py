"""Registration numbers: no gaps, no repeats, whatever runs in parallel (R34)."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from sqlalchemy import Connection, case, insert, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from workflow_app.db.models import Counter, Municipality
from workflow_app.spelling import number_key


@cache
def _upsert(dialect: str, *, by_one: bool) -> Any:
    """Return the statement that makes a counter at ``last``, or lets it go on: by one, or to ``last`` where that is further."""
    made = (postgresql if dialect == "postgresql" else sqlite).insert(Counter)
    typed = made.excluded.last
    further = Counter.last + 1 if by_one else case((Counter.last < typed, typed), else_=Counter.last)
    return made.on_conflict_do_update(
        index_elements=("municipality_id", "register", "year"), set_={"last": further}
    ).returning(Counter.last)


def take(session: Session, municipality_id: int, register: str, year: int) -> int:
    """Return the next number of a register in a year; the counter's row stays locked until the transaction ends."""
    return _advanced(session, (municipality_id, register, year), 1, by_one=True)


def skip_to(session: Session, municipality_id: int, register: str, year: int, typed: str) -> None:
    """Let the register go on after a number typed from the paper journal («45-од» counts as 45, domain.md 0a.9)."""
    found = re.match(r"\s*(\d{1,9})", typed)
    _advanced(session, (municipality_id, register, year), int(found[1]) if found else 0, by_one=False)


def _advanced(session: Session, which: tuple[int, str, int], last: int, *, by_one: bool) -> int:
    """Return where a counter stands, its row locked: one statement, so nothing comes between."""
    row = dict(zip(("municipality_id", "register", "year"), which, strict=True)) | {"last": last}
    found: int = session.connection().execute(_upsert(session.get_bind().dialect.name, by_one=by_one), row).scalar_one()
    return found


def core(number: str) -> str:
    """Return what makes a number one of its register: «45», «45-од» and «045» are one, «45/1» is another."""
    key = number_key(number)
    found = re.fullmatch(r"0*(\d+)(?:-[^\W\d_]+)?", key)
    return found[1] if found else key


def ask(connection: Connection, what: str) -> None:
    """Ask that something be reckoned anew after a migration (``runtime.backfill``): «standings», «search».

    A municipality that was set up when there was nothing to reckon has had no counter for it until then.
    """
    asked = (Counter.register == what, Counter.year == 0)
    connection.execute(update(Counter).where(*asked).values(last=0))
    never = Municipality.id.not_in(select(Counter.municipality_id).where(*asked))
    rows = select(Municipality.id, literal(what), literal(0), literal(0)).where(never)
    connection.execute(insert(Counter).from_select(["municipality_id", "register", "year", "last"], rows))
