"""A whole database as JSON lines, and back: the form of a backup that needs no program of a server and no SQLite.

The first line of a table names it and its columns, the others are its rows. What JSON does not have is written as
``{"moment": …}``, ``{"date": …}``, ``{"decimal": …}``; a column that itself holds JSON as ``{"json": …}``. Tables are read
from the database and not from the program's classes: a copy of an older revision stays readable.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from sqlalchemy import JSON, Column, Connection, DateTime, Engine, Integer, MetaData, Table, func, insert, select, text

from workflow_app.db import migrate, search_index
from workflow_app.db.session import open_engine
from workflow_app.errors import Broken

_NOT_OURS = "alembic_version"
_LOT = 500


def lines(connection: Connection) -> Iterator[str]:
    """Yield the dump, tables before those that refer to them, each line with its newline."""
    for table in _tables(connection):
        yield _line({"table": table.name, "columns": [one.name for one in table.columns]})
        rows = connection.execution_options(yield_per=_LOT).execute(select(table).order_by(*table.primary_key.columns))
        for row in rows:
            yield _line([_out(value, column) for value, column in zip(row, table.columns, strict=True)])


def fill(url: str, dumped: Iterable[str], revision: str) -> None:
    """Bring an empty database to ``revision`` and fill it in one transaction."""
    migrate.upgrade(url, revision)
    engine = open_engine(url)
    try:
        with engine.connect() as connection, connection.execution_options(keep=True).begin():
            _fill(connection, dumped)
    finally:
        engine.dispose()


def _fill(connection: Connection, dumped: Iterable[str]) -> None:
    tables = {one.name: one for one in _tables(connection)}
    for table, rows in _by_table(dumped, tables):
        values = ({c: _in(v, connection.engine) for c, v in row.items()} for row in rows)
        while lot := list(islice(values, _LOT)):
            connection.execute(insert(table), lot)
    if connection.dialect.name == "postgresql":
        for table in tables.values():
            _advance(connection, table)


def _by_table(dumped: Iterable[str], tables: dict[str, Table]) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    """Yield rows as mappings, lot by lot, with their table."""
    table: Table | None = None
    columns: list[str] = []
    lot: list[dict[str, Any]] = []
    for line in dumped:
        found = json.loads(line)
        if isinstance(found, dict):
            if table is not None:
                yield table, lot
            table, columns, lot = tables[found["table"]], found["columns"], []
            continue
        if table is None:
            raise Broken("a dump begins with the name of a table")
        lot.append(dict(zip(columns, found, strict=True)))
        if len(lot) == _LOT:
            yield table, lot
            lot = []
    if table is not None:
        yield table, lot


def _tables(connection: Connection) -> list[Table]:
    metadata = MetaData()
    metadata.reflect(connection, only=lambda name, _: not search_index.is_ours(name))
    for column in (one for table in metadata.tables.values() for one in table.columns):
        if isinstance(column.type, JSON):
            column.type.none_as_null = bool(column.nullable)  # nothing stays nothing, and does not become JSON's null
    return [one for one in metadata.sorted_tables if one.name != _NOT_OURS]


def _advance(connection: Connection, table: Table) -> None:
    """Let new ids go on after the restored ones."""
    key = list(table.primary_key.columns)
    if len(key) != 1 or not isinstance(key[0].type, Integer):
        return
    sequence = connection.scalar(select(func.pg_get_serial_sequence(table.name, key[0].name)))
    last = connection.scalar(select(func.max(key[0])))
    if sequence and last:
        connection.execute(text("SELECT setval(:sequence, :last)"), {"sequence": sequence, "last": last})


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"


def _out(value: Any, column: Column[Any]) -> Any:
    if isinstance(column.type, JSON):
        return {"json": value}
    if isinstance(column.type, DateTime) and isinstance(value, datetime):
        known = value if value.tzinfo else value.replace(tzinfo=UTC)  # SQLite knows no zones: rows keep UTC
        return {"moment": known.astimezone(UTC).isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if value is None or isinstance(value, (str, bool, int)):
        return value
    raise Broken(f"a dump cannot hold {type(value).__name__}")


def _in(value: Any, engine: Engine) -> Any:
    if not isinstance(value, dict):
        return value
    ((kind, inner),) = value.items()
    if kind == "moment":
        known = datetime.fromisoformat(inner)
        return known.replace(tzinfo=None) if engine.dialect.name == "sqlite" else known
    if kind == "json":
        return inner
    return date.fromisoformat(inner) if kind == "date" else Decimal(inner)
