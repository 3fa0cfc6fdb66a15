"""A real table for each content type, made of its schema: columns, foreign keys, an index for every order that its list offers.

Alembic's autogenerate sees these tables as any other (``make migration``), so no migration of an ordinary kind is written by hand.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Final

from sqlalchemy import Boolean, Date, ForeignKey, Index, Integer, Numeric, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from workflow_app.content_types.behaviors import Published, Sole
from workflow_app.content_types.declaration import ContentType, Numbered
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db.models.base import Base, Json, Subject, kept_key
from workflow_app.spelling import number_key, order_key

_COLUMNS: Final[Mapping[type, Any]] = {
    str: String(), int: Integer(), bool: Boolean(), date: Date(), Decimal: Numeric(12, 2), tuple: Json,
}  # fmt: skip


class Record(Subject):
    """A row of a content type, as all kinds have it.

    ``within_id``: in parts alone, the row of which this one is a part. ``number`` and its key: in kinds that are numbered.
    ``title_order``: in kinds that have a title of their own. ``published``: in kinds with an open page, whether it is shown.
    """

    if TYPE_CHECKING:
        within_id: Mapped[int]
        number: Mapped[str | None]
        title_order: Mapped[str]
        published: Mapped[bool]

        def __init__(self, *, municipality_id: int) -> None: ...

    @property
    def content(self) -> ContentType:
        """The declaration of its kind."""
        return CONTENT_TYPES[self.kind]

    @property
    def values(self) -> dict[str, Any]:
        """What its fields hold, lists as tuples."""
        found = {name: getattr(self, name) for name in self.content.fields}
        return {name: tuple(one) if isinstance(one, list) else one for name, one in found.items()}


def _column(kind: ContentType, name: str) -> Any:
    how = kind.fields[name]
    target = how.refers.partition(":")[0]
    table = "cases" if target == "case" else target  # SQL keeps the word for itself
    keys = [ForeignKey(f"{table}.id")] if target and kind.kind_of(name) is int else []
    usual = next(one.default for one in dataclasses.fields(kind.sheet) if one.name == name)
    plain: dict[str, Any] = {"default": usual} if isinstance(usual, (str, int)) else {}
    held = kind.kind_of(name)
    return mapped_column(_COLUMNS[held], *keys, nullable=kind.is_optional(name), index=bool(keys) or None, **plain)


def _table(kind: ContentType) -> type[Record]:
    """Return the class of a kind's rows."""
    made: dict[str, Any] = {name: _column(kind, name) for name in kind.fields}
    made |= {
        "__tablename__": kind.key,
        "__module__": __name__,
        "__doc__": f"A row of the content type {kind.key!r}.",
        "kind": kind.key,
    }
    made["municipality_id"] = mapped_column(ForeignKey("municipality.id"))
    notes: dict[str, Any] = {"municipality_id": Mapped[int], "kind": ClassVar[str]}
    home = "municipality_id"
    if kind.within:
        home = "within_id"
        made[home], notes[home] = mapped_column(ForeignKey(f"{kind.within}.id")), Mapped[int]
    if not kind.fields[kind.title].refers:
        made["title_order"], notes["title_order"] = kept_key(order_key, kind.title), Mapped[str]
    if kind.behavior(Numbered):
        made["number"], notes["number"] = mapped_column(String(), nullable=True), Mapped[str | None]
        made["number_key"], notes["number_key"] = kept_key(number_key, "number"), Mapped[str]
    shown: list[Index] = []
    if kind.behavior(Published):
        made["published"], notes["published"] = (
            mapped_column(Boolean(), default=False, server_default=false()),
            Mapped[bool],
        )
    orders = {"title": "title_order", "number": "number_key"}
    if kind.behavior(Published):  # the open list has one order
        first = kind.listing.sort.removeprefix("-")
        shown = [Index(f"ix_{kind.key}_published", *dict.fromkeys(("published", orders.get(first, first), "id")))]
    lists = [Index(f"ix_{kind.key}_by_{one}", home, *dict.fromkeys((orders.get(one, one), "id"))) for one in kind.sorts]
    single = [UniqueConstraint("municipality_id", "number")] if kind.behavior(Numbered) else []
    if sole := kind.behavior(Sole):
        single.append(UniqueConstraint(sole.name))
    made |= {"__table_args__": (*lists, *single, *shown), "__annotations__": notes}
    name = "".join(part.capitalize() for part in kind.key.split("_"))
    return type(f"{name}Record", (Record, Base), made)


RECORDS: Final[Mapping[str, type[Record]]] = MappingProxyType({key: _table(one) for key, one in CONTENT_TYPES.items()})
"""The classes of rows by the key of their kind."""

if TYPE_CHECKING:

    class Organization(Record, Base):
        """The rows of organisations as the rest of the program reads them: people and cases refer to them."""

        name: Mapped[str]
        genitive: Mapped[str]
        type: Mapped[str]
        outside: Mapped[bool]
        teachers: Mapped[int | None]

else:
    Organization = RECORDS["organization"]
