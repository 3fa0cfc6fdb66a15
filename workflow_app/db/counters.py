"""Registration numbers: no gaps, no repeats, whatever runs in parallel (R34)."""

from __future__ import annotations

import re

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from workflow_app.db.models import Counter
from workflow_app.spelling import number_key


def take(session: Session, municipality_id: int, register: str, year: int) -> int:
    """Return the next number of a register in a year; the counter's row stays locked until the transaction ends."""
    row = _locked(session, municipality_id, register, year)
    row.last += 1
    session.flush()
    return row.last


def skip_to(session: Session, municipality_id: int, register: str, year: int, typed: str) -> None:
    """Let the register go on after a number typed from the paper journal («45-од» counts as 45, domain.md 0a.9)."""
    found = re.match(r"\s*(\d{1,9})", typed)
    row = _locked(session, municipality_id, register, year)
    if found and int(found[1]) > row.last:
        row.last = int(found[1])
    session.flush()


def core(number: str) -> str:
    """Return what makes a number one of its register: «45», «45-од» and «045» are one, «45/1» is another."""
    key = number_key(number)
    found = re.fullmatch(r"0*(\d+)(?:-[^\W\d_]+)?", key)
    return found[1] if found else key


def _locked(session: Session, municipality_id: int, register: str, year: int) -> Counter:
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    values = {"municipality_id": municipality_id, "register": register, "year": year, "last": 0}
    session.execute(dialect.insert(Counter).values(values).on_conflict_do_nothing())
    found = select(Counter).where(
        Counter.municipality_id == municipality_id, Counter.register == register, Counter.year == year
    )
    return session.execute(found.with_for_update().execution_options(populate_existing=True)).scalar_one()
