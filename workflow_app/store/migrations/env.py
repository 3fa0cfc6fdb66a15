"""Alembic's environment: takes the URL or a connection from the configuration's attributes, never from a file."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from workflow_app.store.db import open_engine
from workflow_app.store.models import Base


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


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
