"""Rows of a class by their numbers: the statement is made once a class."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session


def by_id(session: Session, model: Any, ids: Collection[int]) -> dict[int, Any]:
    """Return the rows that have these numbers, by number; one statement, none for no number."""
    return {one.id: one for one in session.scalars(_asked(model), {"ids": [*ids]}).unique()} if ids else {}


@cache
def _asked(model: Any) -> Select[Any]:
    return select(model).where(model.id.in_(bindparam("ids", expanding=True)))
