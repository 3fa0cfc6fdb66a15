"""Pages of a list by the key of its rows, not by how many stand before: each walks an index and stops, however long the list is.

A key is the values by which the list is sorted, and the number of the row. A page begins behind a key, or ends before one, so it
is the same whatever happens to the rows of other pages; the last page is read from the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Subquery, literal, select, tuple_, union_all

NEVER: Final = object()
Conditions = tuple[ColumnElement[bool], ...]
Key = tuple[Any, ...]  # the values of an order's columns in their order, then the number


@dataclass(frozen=True, slots=True)
class Order:
    """Columns of the rows of a class, all in one direction, then their number in the same: one index serves both directions.

    ``blank`` is what the first column holds where there is nothing to sort by, None or "": such rows stand last either way.
    """

    of: type[Any]
    names: tuple[str, ...] = ()
    down: bool = False
    blank: Any = NEVER
    id: str = "id"

    def turned(self, *, down: bool) -> Order:
        """Return the same in a direction."""
        return replace(self, down=down)

    @property
    def all_names(self) -> tuple[str, ...]:
        """The names of the columns that a key has."""
        return (*self.names, self.id)

    def key_of(self, row: Any) -> Key:
        """Return the key of a row that has these columns."""
        return tuple(getattr(row, name) for name in self.all_names)

    def parts(self) -> list[tuple[int, Conditions, tuple[str, ...]]]:
        """Return the stretches that follow each other: rank, conditions, by which columns each is sorted."""
        if self.blank is NEVER:
            return [(0, (), self.all_names)]
        first = getattr(self.of, self.names[0])
        known = first.is_not(None) if self.blank is None else first > self.blank
        nothing = first.is_(None) if self.blank is None else first == self.blank
        return [(0, (known,), self.all_names), (1, (nothing,), self.all_names[1:])]

    def sorted(self, rows: Any, names: Sequence[str], *, down: bool) -> list[ColumnElement[Any]]:
        """Return columns of a class or a subquery in a direction."""
        columns = [getattr(rows, name) if isinstance(rows, type) else rows.c[name] for name in names]
        return [one.desc() if down else one.asc() for one in columns]


@dataclass(frozen=True, slots=True)
class Walk:
    """How a stretch is read: behind the key ``place``, or before it when ``back``; without one from the beginning, or the end."""

    limit: int
    offset: int = 0
    place: Key | None = None
    back: bool = False


def stretch(found: Sequence[Select[Any]], order: Order, walk: Walk) -> Subquery:
    """Return the rows of a stretch as the columns of their keys and ``part``; ``found`` are disjoint statements over the rows."""
    down, columns = order.down is not walk.back, [getattr(order.of, name).label(name) for name in order.all_names]
    parts: list[Select[Any]] = []
    for part, conditions, names in order.parts():
        beyond = _beyond(order, walk, part, names)
        if beyond is None:
            continue
        shown, ways = [*columns, literal(part).label("part")], order.sorted(order.of, names, down=down)
        for one in found:
            narrow = one.with_only_columns(*shown, maintain_column_froms=True).where(*conditions, *beyond)
            parts.append(select(narrow.order_by(*ways).limit(walk.limit + walk.offset).subquery()))
    merged = (union_all(*parts) if len(parts) > 1 else parts[0]).subquery()
    whole = select(merged).order_by(*_merged(order, merged, back=walk.back))
    return whole.limit(walk.limit).offset(walk.offset).subquery("page")


def rows(page: Subquery, order: Order) -> Select[Any]:
    """Return the statement of the rows of a stretch, in the order of the list."""
    id_ = getattr(order.of, order.id)
    return select(order.of).join(page, page.c[order.id] == id_).order_by(*in_order(page, order))


def in_order(page: Subquery, order: Order) -> list[ColumnElement[Any]]:
    """Return the order of a list, over a stretch of it."""
    return _merged(order, page, back=False)


def _merged(order: Order, rows: Subquery, *, back: bool) -> list[ColumnElement[Any]]:
    """Parts follow each other; in the last one the empty column is equal everywhere and sorts nothing."""
    return [
        rows.c.part.desc() if back else rows.c.part.asc(),
        *order.sorted(rows, order.all_names, down=order.down is not back),
    ]


def _beyond(order: Order, walk: Walk, part: int, names: tuple[str, ...]) -> Conditions | None:
    """Return the conditions on a part that its rows stand behind the place of the walk; None when none of them does."""
    if walk.place is None:
        return ()
    at = 1 if order.blank is not NEVER and walk.place[0] in (None, order.blank) else 0
    if part != at:
        return () if (part > at) is not walk.back else None
    columns = [getattr(order.of, name) for name in names]
    values = [literal(value, column.type) for value, column in zip(walk.place[-len(names) :], columns, strict=True)]
    key, here = (columns[0], values[0]) if len(names) == 1 else (tuple_(*columns), tuple_(*values))
    return (key > here if order.down is walk.back else key < here,)
