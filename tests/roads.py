"""The ordinary road, played once a session: a test on whose stage nothing was done yet begins with a copy of a case in its state.

A copy brings what playing would have brought: the rows and their ids, the files, the stage's moment, whose voices were heard. A
stage on which anything at all was done, or waited for, plays the road itself; so does a test that has patched the program.
"""

import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from workflow_app.db.session import Database
from workflow_app.demo.actors import Stage
from workflow_app.demo.steps import Road


@dataclass(frozen=True)
class Taken:
    """A case in a state: the rows of its database, its files, what stage and road knew then."""

    rows: Any
    files: tuple[Path, ...]
    case_id: int
    applicant: str
    kind: str
    moment: datetime
    voices: tuple[str, ...]

    def on(self, stage: Stage) -> Road:
        """The case on a stage whose database has the rows."""
        for one in self.files:
            if not stage.database.blobs.exists(one.name):
                copy = stage.database.blobs.path(one.name)
                copy.parent.mkdir(exist_ok=True)
                shutil.copy(one, copy)  # a copy, for a test may spoil its own
        stage.moment = self.moment
        return Road(stage, self.case_id, self.kind, self.applicant, voices=list(self.voices))


def take(road: Road, rows: Any) -> Taken:
    """A case as it stands."""
    blobs = road.stage.database.blobs
    files = tuple(blobs.path(one.sha256) for one in blobs.all())
    return Taken(rows, files, road.case_id, road.applicant, road.kind, road.stage.moment, tuple(road.voices))


class SqliteRows:
    """A file for each state, copied through SQLite itself: connections that are open see it as what another process wrote."""

    def mark(self, engine: Engine) -> object:
        """What changes with whatever is written."""
        file = _file(engine)
        found = [one.stat() for one in (file, Path(f"{file}-wal")) if one.exists()]
        return [(one.st_size, one.st_mtime_ns) for one in found if one.st_size]

    def take(self, engine: Engine, file: Path) -> Path:
        """Copy the database."""
        copy(_file(engine), file)
        return file

    def restore(self, taken: Path, engine: Engine) -> None:
        """Put the copy in the place of what stands there."""
        copy(taken, _file(engine))


def _file(engine: Engine) -> Path:
    with engine.connect() as connection:
        return Path(connection.exec_driver_sql("PRAGMA database_list").one().file)


def copy(source: Path, target: Path) -> None:
    """Copy a database with what stands only in its write-ahead log."""
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        new.execute("PRAGMA synchronous=OFF")
        old.backup(new)


class PostgresRows:
    """The tables that are no longer as the centre has them, and where each sequence stands: quicker than another database."""

    def __init__(self) -> None:
        self._centre: dict[str, bytes] = {}

    def mark(self, engine: Engine) -> object:
        """The number of the next transaction that writes: the whole server counts, so that it may only be too careful."""
        with engine.connect() as connection:
            return connection.exec_driver_sql("SELECT pg_snapshot_xmax(pg_current_snapshot())::text").scalar()

    def take(self, engine: Engine, _file: Path) -> tuple[dict[str, bytes], list[tuple[str, int]]]:
        """Copy what differs from the centre, which is taken first."""
        with _cursor(engine) as cursor:
            names = cursor.execute(
                "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'"
            ).fetchall()
            tables = {name: _rows(cursor, name) for (name,) in names}
            sequences = cursor.execute(
                "SELECT quote_ident(sequencename), last_value FROM pg_sequences WHERE last_value IS NOT NULL"
            ).fetchall()
        self._centre = self._centre or tables
        return {name: rows for name, rows in tables.items() if rows != self._centre[name]}, sequences

    def restore(self, taken: tuple[dict[str, bytes], list[tuple[str, int]]], engine: Engine) -> None:
        """Put the rows into a database that stands as the centre."""
        tables, sequences = taken
        with _cursor(engine) as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")  # past the triggers, some of which forbid it
            for name, rows in tables.items():
                cursor.execute(f"DELETE FROM {name}")
                with cursor.copy(f"COPY {name} FROM STDIN (FORMAT binary)") as given:
                    given.write(rows)
            cursor.executemany("SELECT setval(%s, %s)", sequences)


def _rows(cursor: Any, name: str) -> bytes:
    with cursor.copy(f"COPY {name} TO STDOUT (FORMAT binary)") as given:
        return b"".join(given)


@contextmanager
def _cursor(engine: Engine) -> Iterator[Any]:
    """A cursor of the driver, in a transaction that keeps."""
    connection = engine.raw_connection()
    try:
        with connection.cursor() as cursor:
            yield cursor
        connection.commit()
    finally:
        connection.close()


class OwnStage(Stage):
    """The stage of one test, which knows whether anything was done on it since it was opened on the centre."""

    def __init__(
        self, database: Database, municipality_id: int, people: Mapping[str, int], start: datetime, roads: "Roads"
    ) -> None:
        super().__init__(database, municipality_id, people, start)
        self.roads = roads
        self.patch: pytest.MonkeyPatch | None = None
        self._begun = (start, roads.rows.mark(database.engine))

    def is_fresh(self) -> bool:
        """Whether acts would leave here what they left when the road was played."""
        plain = not self.database.site and self.database.converter is None and not self._is_patched()
        return plain and self._begun == (self.moment, self.roads.rows.mark(self.database.engine))

    def _is_patched(self) -> bool:
        """Whether the test changed the program already, and may mean its road too."""
        return self.patch is not None and bool(self.patch._setattr or self.patch._setitem)


class Roads:
    """The road of each case type, taken in every state.

    ``centre(folder)`` opens a stage on a centre of its own; ``play(stage, kind)`` gives each state and the case in it.
    """

    def __init__(
        self, folder: Path, rows: SqliteRows | PostgresRows, centre: Callable[[Path], AbstractContextManager[Stage]],
        play: Callable[[Stage, str], Iterator[tuple[str, Road]]],
    ) -> None:  # fmt: skip
        self.rows = rows
        self._folder = folder
        self.centre = centre
        self._play = play
        self._taken: dict[tuple[str, str], Taken] = {}

    def taken(self, kind: str, state: str) -> Taken:
        """A case of ``kind`` in ``state``; the first question about a kind plays its whole road."""
        if (kind, state) not in self._taken:
            folder = Path(tempfile.mkdtemp(dir=self._folder))
            with self.centre(folder) as stage:
                self.rows.take(stage.database.engine, folder / "centre.db")
                for reached, road in self._play(stage, kind):
                    self._taken[kind, reached] = take(
                        road, self.rows.take(stage.database.engine, folder / f"{reached}.db")
                    )
        return self._taken[kind, state]

    def restored(self, stage: OwnStage, kind: str, state: str) -> Road:
        """The case, on a fresh stage."""
        found = self.taken(kind, state)
        self.rows.restore(found.rows, stage.database.engine)
        return found.on(stage)
