"""Database triggers that refuse to change or delete an event: not even the program may."""

from __future__ import annotations

from sqlalchemy import Connection, text

REFUSED = "events are append-only"
NAMES = ("event_no_update", "event_no_delete", "event_no_truncate")

_SQLITE = (
    f"CREATE TRIGGER IF NOT EXISTS event_no_update BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END",
    f"CREATE TRIGGER IF NOT EXISTS event_no_delete BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END",
)
_POSTGRESQL = (
    f"CREATE OR REPLACE FUNCTION event_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{REFUSED}'; END $$",
    "CREATE OR REPLACE TRIGGER event_no_update BEFORE UPDATE ON event FOR EACH ROW EXECUTE FUNCTION event_refuse()",
    "CREATE OR REPLACE TRIGGER event_no_delete BEFORE DELETE ON event FOR EACH ROW EXECUTE FUNCTION event_refuse()",
    "CREATE OR REPLACE TRIGGER event_no_truncate BEFORE TRUNCATE ON event FOR EACH STATEMENT EXECUTE FUNCTION event_refuse()",
)


def install(connection: Connection) -> None:
    """Create the triggers if they are not there; call it at the end of every migration."""
    for statement in _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL:
        connection.execute(text(statement))


def installed(connection: Connection) -> frozenset[str]:
    """Return the names of the triggers that stand."""
    if connection.dialect.name == "sqlite":
        rows = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
    else:
        rows = connection.execute(text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"))
    return frozenset(row[0] for row in rows) & frozenset(NAMES)


def wanted(connection: Connection) -> frozenset[str]:
    """Return the names of the triggers that must stand on this database."""
    return frozenset(NAMES[:2]) if connection.dialect.name == "sqlite" else frozenset(NAMES)
