"""The migrations make what the rows declare, on both databases, forth and back, and leave the triggers standing."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import DatabaseError

from workflow_app.store import migrate, triggers
from workflow_app.store.db import open_engine
from workflow_app.store.models import Base


@pytest.fixture
def engine(empty_database_url):
    migrate.upgrade(empty_database_url)
    found = open_engine(empty_database_url)
    yield found
    found.dispose()


def test_the_migrations_make_what_the_rows_declare(engine):
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_a_fresh_database_is_at_the_newest_revision(engine, empty_database_url):
    assert migrate.current(engine) == migrate.head()
    assert migrate.is_current(empty_database_url)


def test_the_triggers_stand_after_the_migrations(engine):
    with engine.connect() as connection:
        assert triggers.installed(connection) == triggers.wanted(connection)


@pytest.mark.parametrize("statement", ["UPDATE event SET via = 'web'", "DELETE FROM event"])
def test_the_database_refuses_to_change_an_event(engine, statement):
    columns = [one["name"] for one in inspect(engine).get_columns("event")]
    words = {
        "root_kind",
        "subject_kind",
        "transition",
        "after",
        "via",
        "ip",
        "sheet",
        "signature",
        "digest",
        "previous",
    }
    values = {
        name: "1" if name in words or name == "payload_sha256" else "[]" if name == "issued" else None if name in
        ("before", "actor_id", "deputy_for", "caused_by") else "2026-09-01 04:00:00" if name == "at" else 1
        for name in columns
    }  # fmt: skip
    with engine.begin() as connection:
        places = ", ".join(f":{name}" for name in columns)
        connection.execute(text(f"INSERT INTO event ({', '.join(columns)}) VALUES ({places})"), values)
    with pytest.raises(DatabaseError, match=triggers.REFUSED), engine.begin() as connection:
        connection.execute(text(statement))


def test_the_migrations_go_back_to_nothing_and_forth_again(engine, empty_database_url):
    engine.dispose()
    migrate.downgrade(empty_database_url, "base")
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    migrate.upgrade(empty_database_url)
    assert set(Base.metadata.tables) <= set(inspect(engine).get_table_names())
