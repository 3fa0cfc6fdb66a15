"""Alembic's environment: takes the URL or a connection from the configuration's attributes, never from a file."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from alembic.util import CommandError
from sqlalchemy import Connection

from workflow_app.db import migrate, search_index
from workflow_app.db.models import Base
from workflow_app.db.models.base import Json, JsonOrNull, Key, Moment
from workflow_app.db.session import open_engine
from workflow_app.errors import Broken

_OURS = {"Moment": Moment(), "Json": Json, "JsonOrNull": JsonOrNull, "Key": Key}


def _rendered(kind: str, item: Any, draft: AutogenContext) -> str | Literal[False]:
    """Let a drafted migration name our own types of columns, with their import."""
    name = next((name for name, ours in _OURS.items() if kind == "type" and repr(item) == repr(ours)), "")
    if not name:
        return False
    draft.imports.add(f"from workflow_app.db.models.base import {name}")
    return name


def _is_seen(_item: Any, name: str | None, *_rest: object) -> bool:
    return not search_index.is_ours(name)


def _run(connection: Connection) -> None:
    """Migrate. SQLite changes a table by making it anew, which rows that refer to it forbid: they are checked afterwards."""
    is_sqlite = connection.dialect.name == "sqlite"
    if is_sqlite:
        connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=is_sqlite,
        compare_type=True,
        render_item=_rendered,
        include_object=_is_seen,
        transaction_per_migration=True,
    )
    here = context.get_context().get_current_revision()
    if not context.config.attributes.get(migrate.DRAFTS) and migrate.goes_back(
        context.config, here, context.get_revision_argument()
    ):
        raise CommandError(str(migrate.NEVER_BACK))
    with context.begin_transaction():
        context.run_migrations()
    if is_sqlite:
        if lost := connection.exec_driver_sql("PRAGMA foreign_key_check").all():
            raise Broken(f"the migration left rows that refer to nothing: {lost[:5]}")
        connection.commit()
        connection.connection.cursor().execute("PRAGMA foreign_keys=ON")


def run() -> None:
    """Migrate on the given connection, or on a fresh one to the given URL."""
    given = context.config.attributes.get("connection")
    if given is not None:
        _run(given)
        return
    engine = open_engine(context.config.attributes["url"])
    try:
        with engine.connect() as connection:
            _run(connection)
            connection.commit()
    finally:
        engine.dispose()


run()
