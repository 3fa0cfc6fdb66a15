"""Rows in the driver's own values, in and out: what ``fill.py`` copies is not converted but where it changes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import JSON, Connection, Engine, Integer, Table, event, func, select, text

from workflow_app.db.models import RECORDS
from workflow_app.db.models.base import Base

Row = dict[str, Any]
LONG = re.compile(r'((?:[^"\\]|\\.){24})(?:[^"\\]|\\.)+(?=")')  # in the texts of JSON


def short(row: Row) -> Row:
    """The row with the first words of the texts that stand in its JSON."""
    return {
        key: LONG.sub(r"\1", value) if isinstance(value, str) and value[:1] in ("[", "{") else value
        for key, value in row.items()
    }


def hurried(engine: Engine) -> Engine:
    """Let SQLite write without a care: an instance whose filling was broken off is filled anew."""

    def _connect(connection: Any, _record: object) -> None:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-1000000"):
            connection.execute(f"PRAGMA {pragma}")

    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _connect)
    return engine


def of_cases(tables: Mapping[str, Table]) -> list[tuple[str, str, str]]:
    """(table, column, table it refers to) of everything that belongs to a case, owners first; records have chains of their own."""
    records = {one.__tablename__ for one in RECORDS.values()}
    owned, found = {"cases"}, []
    for name, table in tables.items():
        owners = {
            one.column.table.name: one.parent.name for one in table.foreign_keys if one.column.table.name in owned
        }
        if owners and name not in owned | records:
            owner = "cases" if "cases" in owners else next(iter(owners))
            found.append((name, owners[owner], owner))
            owned.add(name)
    return found


def _counted(table: Table) -> bool:
    """Whether the rows of a table have numbers that grow; answers to surveys have ids by lot."""
    return "id" in table.columns and isinstance(table.c.id.type, Integer)


class Writer:
    """Rows in the driver's own values, in and out: nothing is converted but what changes."""

    def __init__(self, engine: Engine, connection: Connection) -> None:
        self.postgres = engine.dialect.name == "postgresql"
        self.connection = connection
        self.tables = {one.name: one for one in Base.metadata.sorted_tables}
        self.next = {name: self._first_free(table) for name, table in self.tables.items() if _counted(table)}
        self.waiting: dict[str, list[Row]] = {}

    def _first_free(self, table: Table) -> int:
        return int(self.connection.scalar(select(func.coalesce(func.max(table.c.id), 0))) or 0) + 1

    def read(self, name: str, where: str = "", order: str = "") -> list[Row]:
        """Rows of a table, JSON as text on both databases."""
        columns = self.tables[name].columns
        shown = [
            f'"{one.name}"::text' if self.postgres and isinstance(one.type, JSON) else f'"{one.name}"'
            for one in columns
        ]
        order = f" ORDER BY {order}" if order else ""
        cursor = self.connection.connection.cursor()
        cursor.execute(f'SELECT {", ".join(shown)} FROM "{name}"{f" WHERE {where}" if where else ""}{order}')  # noqa: S608 - our own names
        return [dict(zip(columns.keys(), row, strict=True)) for row in cursor.fetchall()]

    def take(self, name: str) -> int:
        """The next free id of a table."""
        found = self.next[name]
        self.next[name] = found + 1
        return found

    def put(self, name: str, row: Row) -> None:
        """Keep a row until :meth:`flush`."""
        self.waiting.setdefault(name, []).append(row)

    def flush(self) -> None:
        """Write what was put, tables before those that refer to them."""
        cursor: Any = self.connection.connection.cursor()
        for name, table in self.tables.items():
            rows = self.waiting.pop(name, [])
            if not rows:
                continue
            keys = table.columns.keys()
            names, marks = ", ".join(f'"{key}"' for key in keys), ", ".join("?" * len(keys))
            values = [tuple(row[key] for key in keys) for row in rows]
            if self.postgres:
                with cursor.copy(f'COPY "{name}" ({names}) FROM STDIN') as copied:
                    for one in values:
                        copied.write_row(one)
            else:
                cursor.executemany(f'INSERT INTO "{name}" ({names}) VALUES ({marks})', values)  # noqa: S608 - our own names

    def advance(self) -> None:
        """Let PostgreSQL's sequences go on behind the ids given here."""
        for name, free in self.next.items() if self.postgres else ():
            self.connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), {free}, false)"))
