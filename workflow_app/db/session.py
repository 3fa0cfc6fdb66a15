"""The database: the engine, set up so that nothing acknowledged is lost, and the one transaction.

Nothing waits for ever: a row's lock on PostgreSQL and the file's on SQLite have one patience. SQLite: WAL with
synchronous FULL (WAL+NORMAL lost acknowledged writes at a power cut), foreign keys, a busy timeout, and
``BEGIN IMMEDIATE`` for every transaction that keeps: upgrading a read transaction fails at once, busy timeout or not.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session, sessionmaker

from workflow_app.conversion.libreoffice import Converter
from workflow_app.db.blobs import Blobs

BUSY_MS = 15_000
SYNCHRONOUS = "FULL"  # what is acknowledged is on the disk (security.md 59)
HURRIED_MS = 200  # what may as well be left undone
# A Russian letter takes its two bytes; as JSON escapes it would take six.
_JSON: Final[dict[str, Any]] = {"json_serializer": partial(json.dumps, ensure_ascii=False)}
_CONNECT_SECONDS = 10  # a server that does not answer is told as such, while somebody still waits for the page


def normal_url(url: str) -> str:
    """Return the URL with the driver named: ``postgresql://`` and ``postgres://`` mean psycopg 3 here."""
    for prefix in ("postgresql://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def prepare(engine: Engine) -> Engine:
    """Set the connection habits of an engine."""
    if engine.dialect.name != "sqlite":
        event.listen(engine, "connect", _wait_for_locks)
        return engine

    @event.listens_for(engine, "do_connect")
    def _before(_dialect: object, _record: object, given: list[Any], _named: object) -> None:
        _keep_private(str(given[0]))

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", f"synchronous={SYNCHRONOUS}", "foreign_keys=ON", f"busy_timeout={BUSY_MS}"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
        record.info["patience"] = BUSY_MS
        # SQLite's own lower() knows only Latin letters; PostgreSQL's knows all, and searches rely on it.
        connection.create_function(
            "lower", 1, lambda text: None if text is None else str(text).lower(), deterministic=True
        )

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        _be_patient(connection, options.get("patience") or BUSY_MS)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("keep", False) else "BEGIN")

    return engine


def _wait_for_locks(connection: Any, _record: object) -> None:
    """Give a PostgreSQL connection the patience of SQLite's."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = {BUSY_MS}")
    connection.commit()


def _be_patient(connection: Connection, wanted: int) -> None:
    """Set how long this SQLite connection waits for another writer; mostly it is so already."""
    if connection.info.get("patience") != wanted:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={wanted:d}")
        connection.info["patience"] = wanted


def engine_options(url: str) -> dict[str, Any]:
    """Return how an engine for ``url`` is made: a PostgreSQL that was restarted is found again, one that is away is told soon."""
    known = make_url(normal_url(url))
    if known.get_backend_name() != "postgresql":
        return dict(_JSON)
    own = {} if "connect_timeout" in known.query else {"connect_timeout": _CONNECT_SECONDS}
    return _JSON | {"pool_pre_ping": True, "connect_args": own}


def _keep_private(name: str) -> None:
    """Make the file for its owner alone, or close one that others may read; its log beside it is made with the same mode.

    A database is never opened here: closing it again would cancel every lock that SQLite holds on it in this process, and
    another process could spoil the file (sqlite.org/howtocorrupt.html, 2.2). So a new one is made beside and linked to its name.
    """
    if name == ":memory:" or name.startswith("file:"):
        return
    place = Path(name)
    with suppress(OSError):  # no such folder, or another's file: opening it says so
        if not place.exists():
            descriptor, empty = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}-")  # of mode 0600
            os.close(descriptor)
            try:
                os.link(empty, place)
            finally:
                Path(empty).unlink()
        for file in (place, Path(f"{name}-wal"), Path(f"{name}-shm")):
            if file.exists() and file.stat().st_mode & 0o077:
                file.chmod(0o600)


def open_engine(url: str) -> Engine:
    """Return an engine for ``url``, ready."""
    return prepare(create_engine(normal_url(url), **engine_options(url)))


class Database:
    """An engine and its transactions; ``site`` is the address that papers and their QR codes name, empty when unknown.

    ``libreoffice`` counts the sheets of a paper that a letter encloses; without one they stay a blank.
    """

    def __init__(self, engine: Engine, blobs: Blobs, site: str = "", converter: Converter | None = None) -> None:
        self.engine = engine
        self.blobs = blobs
        self.site = site
        self.converter = converter
        self._sessions = sessionmaker(engine, expire_on_commit=False)
        self._kept: object = None
        self._counted: dict[str, Any] = {}  # what was counted of its rows and is kept in this process, by what for

    @contextmanager
    def transaction(self, *, keep: bool, patience: int | None = None) -> Iterator[Session]:
        """Give a session. ``keep`` commits at the end and rolls back on any error; otherwise it always rolls back.

        ``patience``: ms that a writer waits for another one, when they are not the usual ones.
        """
        session = self._sessions()
        session.info |= {"blobs": self.blobs, "site": self.site, "converter": self.converter}
        session.info["counted"] = self._counted
        try:
            connection = session.connection(execution_options={"keep": keep, "patience": patience})
            if patience is not None and self.engine.dialect.name == "postgresql":
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = {patience:d}")
            yield session
            if keep:
                session.commit()
        finally:
            session.rollback()
            session.close()

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """Give a session in which every statement reads the database as of one moment; it always rolls back."""
        session = self._sessions()
        try:
            options = {} if self.engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
            session.connection(execution_options=options)
            yield session
        finally:
            session.rollback()
            session.close()

    def stay_open(self) -> None:
        """Keep one connection of this process open for good.

        The last connection of an SQLite file takes its write-ahead log away, and on a full disk the next reader could not
        make it anew: reading would fail, not only writing (measured: security.md 80).
        """
        if self.engine.dialect.name == "sqlite" and self._kept is None:
            connection = self.engine.raw_connection()
            connection.detach()
            connection.cursor().execute("SELECT count(*) FROM sqlite_master").fetchone()
            self._kept = connection


def open_database(url: str, blobs: Path, site: str = "", converter: Converter | None = None) -> Database:
    """Return the database of an instance: its engine, and the blob store in its folder."""
    return Database(open_engine(url), Blobs(blobs), site, converter)
