"""The database: the engine, set up so that nothing acknowledged is lost, and the one transaction.

SQLite: WAL with synchronous FULL (WAL+NORMAL lost acknowledged writes at a power cut), foreign keys, a busy timeout, and
``BEGIN IMMEDIATE`` for every transaction that keeps: upgrading a read transaction fails at once, busy timeout or not.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session, sessionmaker

from workflow_app.store.blobs import Blobs

BUSY_MS = 15_000


def normal_url(url: str) -> str:
    """Return the URL with the driver named: ``postgresql://`` and ``postgres://`` mean psycopg 3 here."""
    for prefix in ("postgresql://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def prepare(engine: Engine) -> Engine:
    """Set the connection habits of a SQLite engine; other databases need none."""
    if engine.dialect.name != "sqlite":
        return engine

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_MS}"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        keeps = connection.get_execution_options().get("keep", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if keeps else "BEGIN")

    return engine


def open_engine(url: str) -> Engine:
    """Return an engine for ``url``, ready."""
    url = normal_url(url)
    options: dict[str, Any] = {"pool_pre_ping": True} if make_url(url).get_backend_name() == "postgresql" else {}
    return prepare(create_engine(url, **options))


class Database:
    """An engine and its transactions."""

    def __init__(self, engine: Engine, blobs: Blobs) -> None:
        self.engine = engine
        self.blobs = blobs
        self._sessions = sessionmaker(engine, expire_on_commit=False)

    @contextmanager
    def transaction(self, *, keep: bool) -> Iterator[Session]:
        """Give a session. ``keep`` commits at the end and rolls back on any error; otherwise it always rolls back."""
        session = self._sessions()
        session.info["blobs"] = self.blobs
        try:
            session.connection(execution_options={"keep": keep})
            yield session
            if keep:
                session.commit()
        finally:
            session.rollback()
            session.close()


def open_database(url: str, blobs: Path) -> Database:
    """Return the database of an instance: its engine, and the blob store in its folder."""
    return Database(open_engine(url), Blobs(blobs))
