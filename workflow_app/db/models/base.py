"""The declarative base, the column types that mean the same on SQLite and PostgreSQL, keys, and what every subject has."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Any, ClassVar

from sqlalchemy import JSON, CheckConstraint, Connection, DateTime, ForeignKey, Index, MetaData, String, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedColumn, Mapper, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept in UTC. A naive one is refused: it would be read as another hour elsewhere."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store UTC (naive on SQLite, which knows no zones)."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a zone cannot be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the moment back aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


Json = JSON().with_variant(JSONB(), "postgresql")
Key = String().with_variant(String(collation="C"), "postgresql")  # compared byte by byte, as SQLite compares
JsonOrNull = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


class Base(DeclarativeBase):
    """Base of all rows; constraint names are stable, so that migrations can find them."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Moment(),
        dict[str, Any]: Json,
        list[Any]: Json,
    }


def kept_key(make: Callable[..., str], *of: str) -> MappedColumn[str]:
    """Declare a key that the row keeps: ``make`` of other columns of it (pure, from ``spelling``), anew at every write.

    Lists are ordered and searched by such keys: one order on both databases, and an index can serve it.
    """
    return mapped_column(Key, default="", info={"make": make, "of": of})


@event.listens_for(Base, "before_insert", propagate=True)
@event.listens_for(Base, "before_update", propagate=True)
def _keep_keys(mapper: Mapper[Any], _connection: Connection, row: Base) -> None:
    for name, make, of in _kept_keys(mapper):
        key = make(*(getattr(row, one) or "" for one in of))
        if getattr(row, name) != key:
            setattr(row, name, key)


@cache
def _kept_keys(mapper: Mapper[Any]) -> tuple[tuple[str, Callable[..., str], tuple[str, ...]], ...]:
    """Return which keys a kind of row keeps, how each is made, and of what."""
    return tuple((one.key, one.info["make"], one.info["of"]) for one in mapper.columns if "make" in one.info)


class Belonging:
    """What belongs to one case or to one record: ``case_id``, or ``record_kind`` (a content type) and ``record_id``; never both."""

    @declared_attr
    def case_id(cls) -> Mapped[int | None]:  # noqa: N805 - SQLAlchemy calls it with the class
        """The case, None where it belongs to a record."""
        return mapped_column(ForeignKey("cases.id"), index=True)

    record_kind: Mapped[str | None]
    record_id: Mapped[int | None]


def of_one(table: str) -> tuple[Index, CheckConstraint]:
    """Return what the table of a :class:`Belonging` has beside its columns: the index by record, the proof that it has one owner."""
    one = "(case_id is null) <> (record_id is null) and (record_kind is null) = (record_id is null)"
    return Index(f"ix_{table}_record", "record_kind", "record_id"), CheckConstraint(one, "owner")


class Subject:
    """What everything that has a state has: the state, a version for stale pages, and its municipality.

    ``kind`` names the class in events; ``root_kind`` that of the chain the events join.
    """

    kind: ClassVar[str]
    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)
    municipality_id: Mapped[int]
