"""The SQLite file: for its owner alone, and never spoilt by how the program opens it."""

import subprocess
import sys

from sqlalchemy import text

from workflow_app.db.session import open_engine

OTHER = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('INSERT INTO t VALUES (2)'); c.commit(); c.close()"


def test_a_new_connection_lets_go_of_no_lock_that_this_process_holds(tmp_path):
    """Closing any handle of the file would: the other process would take itself for the last one and remove the log."""
    file = tmp_path / "workflow.db"
    engine = open_engine(f"sqlite:///{file}")
    with engine.connect() as first:
        first.execute(text("CREATE TABLE t (n INTEGER)"))
        first.commit()
        with engine.connect() as second:
            second.execute(text("SELECT n FROM t"))
        subprocess.run([sys.executable, "-c", OTHER, str(file)], check=True)
        assert file.with_name("workflow.db-wal").exists()
        assert first.execute(text("SELECT n FROM t")).scalars().all() == [2]
    engine.dispose()


def test_the_file_and_its_log_are_for_their_owner_alone_from_the_first_moment(tmp_path):
    file = tmp_path / "workflow.db"
    engine = open_engine(f"sqlite:///{file}")
    with engine.connect() as connection:
        connection.execute(text("CREATE TABLE t (n INTEGER)"))
        connection.commit()
        assert {one.name: one.stat().st_mode & 0o777 for one in tmp_path.iterdir()} == dict.fromkeys(
            ("workflow.db", "workflow.db-wal", "workflow.db-shm"), 0o600
        )
    engine.dispose()


def test_an_older_file_that_others_may_read_is_closed_to_them(tmp_path):
    file = tmp_path / "workflow.db"
    file.touch(mode=0o644)
    file.chmod(0o644)
    engine = open_engine(f"sqlite:///{file}")
    engine.connect().close()
    engine.dispose()
    assert file.stat().st_mode & 0o777 == 0o600
