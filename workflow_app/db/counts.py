"""Counts that stop: past MOST nobody reads the figure, and the database need not walk to the end of a list for it."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import ColumnElement, Select, func, literal, select
from sqlalchemy.orm import Session

MOST: Final = 1000


def capped(*found: Select[Any], most: int | None = None) -> ColumnElement[int]:
    """Return how many rows these disjoint statements have together; what is above MOST says no more than that."""
    limit = (MOST if most is None else most) + 1
    counts: list[Any] = [
        select(func.count()).select_from(one.order_by(None).limit(limit).subquery()).scalar_subquery() for one in found
    ]
    return sum(counts[1:], counts[0]) if counts else literal(0)


def count(session: Session, *found: Select[Any], most: int = MOST) -> int:
    """Return the same, at most one more than ``most``."""
    return min(session.scalar(select(capped(*found, most=most))) or 0, most + 1)
