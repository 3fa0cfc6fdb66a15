"""Changing a database behind the program's back, as somebody with a console would, and what ``check`` says of it."""

from collections.abc import Collection

from sqlalchemy import text
from sqlalchemy.orm import Session

from workflow_app.db import triggers
from workflow_app.operations import integrity


def findings(stage, *, unproved: bool = False, only: Collection[str] = ()) -> list[str]:
    """What ``check`` names, or some steps of it; with ``unproved`` only what it cannot prove any more."""
    with stage.database.snapshot() as session:
        return _told(session, stage, only, unproved)


def after(stage, *statements: str, only: Collection[str] = (), **values: object) -> list[str]:
    """What ``check``, or some steps of it, names after a change with plain SQL, which is taken back at once."""
    with stage.database.transaction(keep=False) as session:
        for one in statements:
            assert session.connection().execute(text(one), values).rowcount, one
        return _told(session, stage, only)


def _told(session: Session, stage, only: Collection[str], unproved: bool = False) -> list[str]:
    return [str(one) for one in integrity.report(session, stage.database.blobs, only=only) if one.unproved is unproved]


def run(stage, statement: str, **values: object) -> int:
    """Change the database with plain SQL; the number of rows."""
    with stage.database.transaction(keep=True) as session:
        return session.connection().execute(text(statement), values).rowcount


def scalar(stage, statement: str, **values: object):
    with stage.database.transaction(keep=False) as session:
        return session.connection().execute(text(statement), values).scalar()


def drop_triggers(stage) -> None:
    """Take every guard away that the database itself has."""
    on_sqlite = stage.database.engine.dialect.name == "sqlite"
    with stage.database.transaction(keep=True) as session:
        for name in triggers.installed(session.connection()):
            table = name.rpartition("_no_")[0]
            session.connection().execute(text(f"DROP TRIGGER {name}" + ("" if on_sqlite else f" ON {table}")))
