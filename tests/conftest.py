"""Fixtures of all tests."""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests import databases, machine
from tests.migrated import Migrated
from tests.play import Stage, open_stage, played
from tests.roads import OwnStage, PostgresRows, Roads, SqliteRows
from workflow_app import config
from workflow_app.db import migrate, session

# No test asserts a time: a slow machine is not a wrong program.
settings.register_profile("project", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("project")


# Files that take a worker five seconds and more, the longest first; what comes last is short, so that both workers end together.
LONG = (
    "cli_demo", "cli_story", "whole_road", "month", "standings", "search", "word_templates", "transitions", "records", "record_waits",
    "files", "growth", "whole_tables", "cli_instance", "record_files", "templates", "paper_signatures", "at_once", "home", "truth",
    "drafts", "workflows", "proof", "case_pages", "office_pages", "four_eyes", "meetings", "packaging", "programme", "keyset", "backup",
    "month_import", "road", "converter", "month_orders", "migrations", "matching", "monitoring", "table_templates", "outside_causes",
    "many_at_once", "file_viewer", "concurrency", "login", "tick", "letters", "checkpoints", "audit", "listing", "approval",
    "standing_rows", "pictures",
)  # fmt: skip


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long files first, after the order was shuffled; dev.py tells xdist to keep the order of files."""
    of_file = {f"test_{name}": place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: of_file.get(item.path.stem, len(LONG)))


def pytest_collection_finish() -> None:
    """Let the collector look at what tests make, less often: what was loaded, a million objects, stays to the end."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)


@pytest.fixture(scope="session", autouse=True)
def plugged_in() -> Iterator[None]:
    """Nobody pulls the plug of this process: nothing waits for the disk, which takes 1.6 ms a commit. Commands do wait."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(session, "SYNCHRONOUS", "OFF")
        patch.setattr(os, "fsync", lambda _descriptor: None)
        yield


@pytest.fixture(scope="session", autouse=True)
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Migrated]:
    """The migrations run once from an empty database: what they make is copied."""
    with pytest.MonkeyPatch.context() as patch:
        found = Migrated(tmp_path_factory.mktemp("migrated"))
        patch.setattr(migrate, "upgrade", found.upgrade)
        yield found


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the schema, to be copied."""
    return databases.sqlite_template(tmp_path_factory.mktemp("schema"))


@pytest.fixture(scope="session")
def postgres_server(migrated: Migrated) -> Iterator[databases.Postgres]:
    """One PostgreSQL server per session (under xdist: per worker)."""
    with databases.postgres() as server:
        migrated.server = server
        yield server
        migrated.server = None


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """URL of a fresh SQLite database with the schema."""
    return databases.sqlite_copy(sqlite_template, tmp_path)


@pytest.fixture
def postgres_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """URL of a fresh PostgreSQL database with the schema."""
    with _server(request).database() as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """URL of a fresh database with the schema: the test runs once on SQLite and once on PostgreSQL."""
    return str(request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url"))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of a database without any table, for the tests of migrations; once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    with _server(request).database(None) as url:
        yield url


@pytest.fixture(scope="session")
def centre_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the invented centre, to be copied."""
    return databases.sqlite_template(tmp_path_factory.mktemp("centre"), databases.create_centre)


@pytest.fixture
def centre_sqlite_url(centre_template: Path, tmp_path: Path) -> str:
    """URL of a fresh SQLite database with the invented centre."""
    return databases.sqlite_copy(centre_template, tmp_path)


@pytest.fixture
def centre_postgres_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The same on PostgreSQL."""
    with _server(request).database(databases.create_centre) as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def centre_url(request: pytest.FixtureRequest) -> str:
    """URL of a fresh database with the invented centre; once on SQLite and once on PostgreSQL."""
    return str(request.getfixturevalue("centre_sqlite_url" if request.param == "sqlite" else "centre_postgres_url"))


@pytest.fixture(scope="session")
def sqlite_roads(centre_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Roads:
    """Cases in every state of the ordinary road, played once."""

    @contextmanager
    def centre(folder: Path) -> Iterator[Stage]:
        with open_stage(databases.sqlite_copy(centre_template, folder), folder) as found:
            yield found

    return Roads(tmp_path_factory.mktemp("roads"), SqliteRows(), centre, played)


@pytest.fixture(scope="session")
def postgres_roads(postgres_server: databases.Postgres, tmp_path_factory: pytest.TempPathFactory) -> Roads | None:
    """The same on PostgreSQL; none where we may not put rows past the triggers."""

    @contextmanager
    def centre(folder: Path) -> Iterator[Stage]:
        with postgres_server.database(databases.create_centre) as url, open_stage(url, folder) as found:
            yield found

    return (
        Roads(tmp_path_factory.mktemp("roads"), PostgresRows(), centre, played) if postgres_server.is_ours() else None
    )


@contextmanager
def _own_stage(request: pytest.FixtureRequest, url: str, folder: Path) -> Iterator[Stage]:
    roads: Roads | None = request.getfixturevalue("sqlite_roads" if url.startswith("sqlite") else "postgres_roads")
    with open_stage(url, folder, roads=roads) as found:
        if isinstance(found, OwnStage) and "monkeypatch" in request.fixturenames:
            found.patch = request.getfixturevalue("monkeypatch")
        yield found


@pytest.fixture
def stage(request: pytest.FixtureRequest, centre_url: str, tmp_path: Path) -> Iterator[Stage]:
    """The invented centre with everybody in it, on both databases: ``stage.act("sokolova", case_id, "submit", {…})``."""
    with _own_stage(request, centre_url, tmp_path) as found:
        yield found


@pytest.fixture
def quick_stage(request: pytest.FixtureRequest, centre_sqlite_url: str, tmp_path: Path) -> Iterator[Stage]:
    """The same on SQLite alone, for what does not depend on the database."""
    with _own_stage(request, centre_sqlite_url, tmp_path) as found:
        yield found


@pytest.fixture(name="settings")
def worker_settings(tmp_path: Path) -> config.Config:
    """Settings of the worker that does what the pages have begun."""
    return config.load(tmp_path / "settings", {})


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the browser: ``playwright.chromium.launch(executable_path=chromium)``."""
    return machine.chromium()


def _server(request: pytest.FixtureRequest) -> databases.Postgres:
    try:
        return request.getfixturevalue("postgres_server")
    except LookupError as error:
        machine.missing(str(error))
