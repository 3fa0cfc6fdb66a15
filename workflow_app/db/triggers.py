"""Database triggers that refuse to change or delete what is only ever added to: not even the program may."""

from __future__ import annotations

from sqlalchemy import Connection, inspect, text

REFUSED = "this table is append-only"
TABLES = ("event", "access_log", "checkpoint", "log_leaf")
_ACTS = ("update", "delete", "truncate")  # SQLite knows no TRUNCATE
NAMES = tuple(f"{table}_no_{act}" for table in TABLES for act in _ACTS)


def install(connection: Connection) -> None:
    """Create the triggers of the tables that are there already; call it at the end of every migration."""
    there = set(inspect(connection).get_table_names())
    on_sqlite = connection.dialect.name == "sqlite"
    if not on_sqlite:
        body = f"BEGIN RAISE EXCEPTION '{REFUSED}'; END"
        connection.execute(
            text(f"CREATE OR REPLACE FUNCTION event_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$")
        )
    for table in TABLES:
        for act in _ACTS[:2] if on_sqlite else _ACTS:
            if table in there:
                connection.execute(text(_sqlite(table, act) if on_sqlite else _postgresql(table, act)))


def _sqlite(table: str, act: str) -> str:
    refusal = f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
    return f"CREATE TRIGGER IF NOT EXISTS {table}_no_{act} BEFORE {act.upper()} ON {table} {refusal}"


def _postgresql(table: str, act: str) -> str:
    each = "STATEMENT" if act == "truncate" else "ROW"
    when = f"BEFORE {act.upper()} ON {table} FOR EACH {each}"
    return f"CREATE OR REPLACE TRIGGER {table}_no_{act} {when} EXECUTE FUNCTION event_refuse()"


def installed(connection: Connection) -> frozenset[str]:
    """Return the names of the triggers that stand."""
    if connection.dialect.name == "sqlite":
        rows = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
    else:
        rows = connection.execute(text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"))
    return frozenset(row[0] for row in rows) & frozenset(NAMES)


def wanted(connection: Connection) -> frozenset[str]:
    """Return the names of the triggers that must stand on this database, at its revision."""
    acts = _ACTS[:2] if connection.dialect.name == "sqlite" else _ACTS
    there = set(inspect(connection).get_table_names())
    return frozenset(f"{table}_no_{act}" for table in TABLES if table in there for act in acts)
