"""Changing a database behind the program's back, as somebody with a console would, and what ``check`` says of it."""

from sqlalchemy import text

from workflow_app.db import triggers
from workflow_app.operations import integrity


def findings(stage, *, unproved: bool = False) -> list[str]:
    """What ``check`` names; with ``unproved`` only what it cannot prove any more."""
    with stage.database.snapshot() as session:
        return [str(one) for one in integrity.report(session, stage.database.blobs) if one.unproved is unproved]


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
