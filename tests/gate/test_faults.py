"""What the database and the disk really say, made to happen, and what is told of it: on both databases."""

import errno
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from threading import Barrier, Thread

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from tests.play import EXPERTS, at, open_stage
from workflow_app import clock, gate
from workflow_app.db import faults, session
from workflow_app.db.blobs import Blobs
from workflow_app.db.models import Case, Lease, Login
from workflow_app.errors import Broken, Conflict, Overtaken, Unavailable, WorkflowError
from workflow_app.states.forms import Sheet


@pytest.fixture
def database(stage):
    return stage.database


@pytest.fixture
def server(centre_postgres_url, tmp_path):
    """The stage on PostgreSQL, for what SQLite does not have."""
    with open_stage(centre_postgres_url, tmp_path) as found:
        yield found


@pytest.fixture
def hurried(monkeypatch, stage):
    """Locks are waited for a moment only."""
    monkeypatch.setattr(session, "BUSY_MS", 100)
    stage.database.engine.dispose()
    return stage.database


WRITES = """
import os, sys
from pathlib import Path
from workflow_app.db.blobs import Blobs
from workflow_app.db.session import open_engine
folder, flushed, fsync = Path(sys.argv[1]), [], os.fsync
os.fsync = lambda descriptor: flushed.append(descriptor) or fsync(descriptor)
with open_engine(f"sqlite:///{folder / 'any.db'}").connect() as connection:
    print(connection.exec_driver_sql("PRAGMA synchronous").scalar(), end=" ")
blobs = Blobs(folder / "blobs")
flushed.clear()
blobs.put_bytes(b"a file")
print(len(flushed))
"""


def test_what_is_acknowledged_is_on_the_disk(tmp_path):
    """SQLite waits for the disk at each commit (2 is FULL); a file is flushed, and the folders with its name (security.md 59)."""
    child = subprocess.run(
        [sys.executable, "-c", WRITES, str(tmp_path)], check=True, capture_output=True, text=True, timeout=60
    )
    synchronous, flushed = map(int, child.stdout.split())
    assert synchronous == 2
    assert flushed == 3


def told_of(work, *given, **named):
    """What is told of the error that ``work`` ends with."""
    try:
        work(*given, **named)
    except Exception as error:  # noqa: BLE001 - the error is the result
        return faults.understood(error)
    raise AssertionError("nothing failed")


def run(database, statement, *, keep=True, **values):
    with database.transaction(keep=keep) as session:
        session.execute(text(statement), values)


def is_sqlite(database):
    return database.engine.dialect.name == "sqlite"


def is_away(told, sentence):
    assert type(told) is Unavailable, told
    assert (told.sentence, told.retry_after) == sentence


# -- Overtaken


def test_a_key_that_is_there_already_was_somebody_else(database):
    lease = "INSERT INTO lease (name, holder, until) VALUES ('one', 'me', '2026-09-01 00:00:00+00')"
    run(database, lease)
    told = told_of(run, database, lease)
    assert isinstance(told, Overtaken)
    assert isinstance(told, Conflict)  # every page that tells of a conflict tells of this one


def test_a_row_that_others_name_or_that_is_gone_was_somebody_else(database, stage):
    one = stage.people["sokolova"]
    assert isinstance(told_of(run, database, "DELETE FROM person WHERE id = :one", one=one), Overtaken)


def test_a_row_that_vanished_under_an_object_was_somebody_else(database):
    run(database, "INSERT INTO lease (name, holder, until) VALUES ('two', 'me', '2026-09-01 00:00:00+00')")

    def late():
        with database.transaction(keep=True) as session:
            row = session.get_one(Lease, "two")
            session.execute(text("DELETE FROM lease WHERE name = 'two'"))
            row.holder = "you"

    with pytest.raises(StaleDataError):
        late()
    assert isinstance(faults.understood(StaleDataError()), Overtaken)


@pytest.mark.postgres
def test_two_who_wait_for_each_other_end_with_one_told(server):
    """A deadlock; SQLite has one writer, so that nobody can wait for another one's row."""
    database, stage = server.database, server
    both, found = Barrier(2, timeout=60), []
    one, two = stage.people["sokolova"], stage.people["gradov"]

    def take(first, second):
        with database.transaction(keep=True) as session:
            session.execute(text("SELECT 1 FROM person WHERE id = :id FOR UPDATE"), {"id": first})
            both.wait()
            session.execute(text("SELECT 1 FROM person WHERE id = :id FOR UPDATE"), {"id": second})

    def run_(*given):
        try:
            take(*given)
        except DBAPIError as error:
            found.append(faults.understood(error))

    threads = [Thread(target=run_, args=given) for given in ((one, two), (two, one))]
    [each.start() for each in threads]
    [each.join() for each in threads]
    assert [type(told) for told in found] == [Overtaken]


@pytest.mark.postgres
def test_a_serialization_that_failed_was_somebody_else(server):
    database, stage = server.database, server
    change = "UPDATE person SET version = version + 1 WHERE id = :id"

    def late():
        with database.snapshot() as session:
            session.execute(text("SELECT * FROM person"))
            run(database, change, id=stage.people["gradov"])
            session.execute(text(change), {"id": stage.people["gradov"]})

    assert isinstance(told_of(late), Overtaken)


def test_a_lock_that_is_held_too_long_is_told(hurried, stage):
    """PostgreSQL: a row, so somebody else's act; SQLite: the file, so the database is busy."""
    one = stage.people["gradov"]
    with hurried.transaction(keep=True) as session:
        session.execute(text("UPDATE person SET version = version + 1 WHERE id = :id"), {"id": one})
        told = told_of(run, hurried, "UPDATE person SET version = version + 1 WHERE id = :id", id=one)
        session.rollback()
    if is_sqlite(hurried):
        is_away(told, faults.BUSY)
    else:
        assert isinstance(told, Overtaken)


# -- Unavailable


def test_a_database_without_room_says_so(database):
    """SQLite by a limit of pages; of PostgreSQL the code that its server gives (53100) is read."""
    if not is_sqlite(database):
        import psycopg

        assert faults.understood(psycopg.errors.DiskFull("could not extend file")).sentence == faults.FULL[0]
        return

    def fill():
        with database.transaction(keep=True) as session:
            session.execute(text("PRAGMA max_page_count=1"))
            session.add(
                Login(
                    digest="d" * 64, person_id=1, municipality_id=1, ip="", agent="x" * 5_000_000, created_at=clock.now(),
                    seen_at=clock.now(),
                )
            )  # fmt: skip

    is_away(told_of(fill), faults.FULL)


def test_a_database_that_may_only_be_read_says_so(database):
    forbid = "PRAGMA query_only=ON" if is_sqlite(database) else "SET TRANSACTION READ ONLY"

    def write():
        with database.transaction(keep=True) as session:
            session.execute(text(forbid))
            try:
                session.execute(text("DELETE FROM lease"))
            finally:
                session.rollback()
                if is_sqlite(database):
                    session.execute(text("PRAGMA query_only=OFF"))

    is_away(told_of(write), faults.READ_ONLY)


def test_a_database_that_is_nowhere_says_so(tmp_path):
    engine = create_engine(f"sqlite:///file:{tmp_path}/nowhere/at.db?mode=ro&uri=true")
    is_away(told_of(engine.connect), faults.AWAY)


@pytest.mark.postgres
def test_a_server_that_is_nowhere_says_so():
    engine = session.open_engine("postgresql://nobody@127.0.0.1:1/nothing?connect_timeout=2")
    is_away(told_of(engine.connect), faults.AWAY)
    engine.dispose()


@pytest.mark.postgres
def test_a_connection_that_was_cut_says_so(server):
    database = server.database

    def cut():
        with database.transaction(keep=True) as session:
            (mine,) = session.execute(text("SELECT pg_backend_pid()")).one()
            run(database, "SELECT pg_terminate_backend(:pid)", pid=mine)
            session.execute(text("SELECT 1"))

    is_away(told_of(cut), faults.AWAY)


def test_a_file_that_is_no_database_says_so(tmp_path):
    (tmp_path / "odd.db").write_bytes(b"something else " * 1000)
    engine = session.open_engine(f"sqlite:///{tmp_path / 'odd.db'}")
    is_away(told_of(engine.connect), faults.SPOILT)


def test_a_database_without_tables_says_what_to_do(empty_database_url):
    engine = session.open_engine(empty_database_url)
    with engine.connect() as connection:
        is_away(told_of(connection.execute, text("SELECT * FROM person")), faults.UNPREPARED)
    engine.dispose()


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (errno.ENOSPC, faults.FULL),
        (errno.EDQUOT, faults.FULL),
        (errno.EROFS, faults.READ_ONLY),
        (errno.EACCES, faults.READ_ONLY),
        (errno.EIO, faults.SICK),
        (errno.EMFILE, faults.BUSY),
    ],
)
def test_the_disk_is_told_the_same_for_files_and_database(tmp_path, monkeypatch, code, sentence):
    def refuse(*_given):
        raise OSError(code, os.strerror(code))

    is_away(told_of(refuse), sentence)
    store = Blobs(tmp_path / "blobs")
    monkeypatch.setattr("workflow_app.db.blobs.os.write", refuse)
    told = told_of(store.put_bytes, b"x")
    assert (told.sentence, told.retry_after) == sentence


# -- Our own mistakes


def test_a_mistake_of_the_program_stays_one(database):
    for statement in ("SELECT nothing FROM", "INSERT INTO lease (name) VALUES ('three')", "SELECT no_such_function(1)"):
        assert told_of(run, database, statement) is None, statement
    assert faults.understood(ValueError("x")) is None
    assert faults.understood(FileNotFoundError(errno.ENOENT, "No such file")) is None
    assert faults.understood(ConnectionRefusedError(errno.ECONNREFUSED, "a mail server")) is None


def test_a_trigger_that_guards_the_chain_stays_an_error(database):
    statement = "UPDATE event SET transition = 'other'"
    assert told_of(run, database, statement) is None


def test_what_we_say_ourselves_is_said_as_it_is(database):
    error = WorkflowError(faults.FULL[0])
    assert faults.understood(error) is error


def test_sqlite_and_sqlalchemy_are_understood_alike(tmp_path):
    with closing(sqlite3.connect(tmp_path / "one.db")) as raw:
        raw.execute("CREATE TABLE a (b PRIMARY KEY)")
        raw.execute("INSERT INTO a VALUES (1)")
        with pytest.raises(sqlite3.IntegrityError) as found:
            raw.execute("INSERT INTO a VALUES (1)")
    assert isinstance(faults.understood(found.value), Overtaken)
    assert isinstance(faults.understood(IntegrityError("x", {}, found.value)), Overtaken)


# -- Mistakes of the program, which start-up checks should have found


def test_a_sheet_that_changes_rows_in_no_declared_way_is_a_mistake_of_the_program():
    class Strange(Sheet):
        pass

    with pytest.raises(Broken, match="no effect is registered for Strange"):
        gate.effect(Strange(), None, None, None)


def test_what_the_program_attests_is_no_act_of_people(quick_stage):
    road = at(quick_stage, "registered")
    with quick_stage.database.transaction(keep=False) as one, pytest.raises(Broken, match="start is an act of people"):
        gate.attest(one, one.get_one(Case, road.case_id), "start")


def test_automatic_transitions_that_do_not_end_are_stopped(quick_stage, monkeypatch):
    road = at(quick_stage, "in_review")
    monkeypatch.setattr(gate, "_LIMIT", 0)
    with pytest.raises(Broken, match=r"automatic transitions of case \d+ do not end"):
        for one in EXPERTS[road.kind]:
            road.sign(one, (1.0,))
    assert road.state() == "in_review"


def test_a_fault_of_the_database_that_nobody_else_caused_is_not_told_as_one(quick_stage):
    with quick_stage.database.transaction(keep=False) as one, pytest.raises(OperationalError), gate._whole(one):
        one.execute(text("SELECT nothing FROM nowhere"))
