"""Registration numbers: no gaps, no repeats, whatever runs in parallel (R34)."""

from __future__ import annotations

import re

from sqlalchemy import SQLColumnExpression, case
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from workflow_app.db.models import Counter
from workflow_app.spelling import number_key


def take(session: Session, municipality_id: int, register: str, year: int) -> int:
    """Return the next number of a register in a year; the counter's row stays locked until the transaction ends."""
    return _advanced(session, (municipality_id, register, year), first=1, to=Counter.last + 1)


def skip_to(session: Session, municipality_id: int, register: str, year: int, typed: str) -> None:
    """Let the register go on after a number typed from the paper journal («45-од» counts as 45, domain.md 0a.9)."""
    found = re.match(r"\s*(\d{1,9})", typed)
    last = int(found[1]) if found else 0
    further = case((Counter.last < last, last), else_=Counter.last)
    _advanced(session, (municipality_id, register, year), first=last, to=further)


def core(number: str) -> str:
    """Return what makes a number one of its register: «45», «45-од» and «045» are one, «45/1» is another."""
    key = number_key(number)
    found = re.fullmatch(r"0*(\d+)(?:-[^\W\d_]+)?", key)
    return found[1] if found else key


def _advanced(session: Session, which: tuple[int, str, int], *, first: int, to: SQLColumnExpression[int]) -> int:
    """Return where a counter stands, locked, after it was made with ``first`` or went on ``to``: nothing comes between."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    key = dict(zip(("municipality_id", "register", "year"), which, strict=True))
    made = (
        dialect.insert(Counter)
        .values(key | {"last": first})
        .on_conflict_do_update(index_elements=list(key), set_={"last": to})
    )
    last: int = session.connection().execute(made.returning(Counter.last)).scalar_one()
    return last
