"""Migrations by Alembic, run from the program: the same for SQLite and PostgreSQL."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from workflow_app.errors import N_, WorkflowError
from workflow_app.store.db import open_engine

FOLDER = Path(__file__).parent / "migrations"


def config(url: str = "") -> Config:
    """Return Alembic's configuration for our migrations."""
    found = Config()
    found.set_main_option("script_location", str(FOLDER))
    found.attributes["url"] = url
    return found


def upgrade(url: str, revision: str = "head") -> None:
    """Bring a database to a revision."""
    command.upgrade(config(url), revision)


def downgrade(url: str, revision: str) -> None:
    """Take a database back to a revision."""
    command.downgrade(config(url), revision)


def head() -> str | None:
    """Return the newest revision that the program knows."""
    return ScriptDirectory.from_config(config()).get_current_head()


def current(engine: Engine) -> str | None:
    """Return the revision that a database is at, None for an empty one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def is_current(url: str) -> bool:
    """Whether the database is at the program's newest revision."""
    engine = open_engine(url)
    try:
        return current(engine) == head()
    finally:
        engine.dispose()


def knows(revision: str) -> bool:
    """Whether the program has this revision."""
    return revision in {one.revision for one in ScriptDirectory.from_config(config()).walk_revisions()}


def demand_current(engine: Engine) -> None:
    """Refuse to work on a database of another revision than the program's: WorkflowError says what to do."""
    found = current(engine)
    if found == head():
        return
    if found is not None and not knows(found):
        raise WorkflowError(N_("База данных новее программы: обновите программу."))
    raise WorkflowError(N_("База данных старее программы. Обновите её командой «workflow-app db upgrade»."))
