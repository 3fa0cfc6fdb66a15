"""Backup and restore: hot, whole, proved by hashes; on both databases, and from one to the other (security.md 62)."""

import hashlib
import json
import re
import threading
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.play import at
from workflow_app import config
from workflow_app.db import migrate, triggers
from workflow_app.db.models import Case, CaseFile, Document, Event, Person
from workflow_app.db.session import open_database
from workflow_app.errors import WorkflowError
from workflow_app.operations import backup, integrity


def restored(url: str, folder: Path, file: Path):
    """The database of an instance that was restored from a file, proved sound."""
    backup.restore(url, folder, file)
    database = open_database(url, folder / "blobs")
    with database.snapshot() as session:
        assert [str(one) for one in integrity.findings(session, database.blobs)] == []
        assert triggers.wanted(session.connection()) == triggers.installed(session.connection())
    return database


def rows(database) -> dict[str, int]:
    with database.transaction(keep=False) as session:
        kinds = (Case, CaseFile, Document, Event, Person)
        return {one.__tablename__: session.scalar(select(func.count()).select_from(one)) for one in kinds}


@pytest.fixture
def elsewhere(tmp_path: Path) -> config.Config:
    """The settings of an empty instance on SQLite."""
    return config.load(tmp_path / "elsewhere", {})


def test_what_was_saved_comes_back_whole_and_proves_sound(stage, elsewhere, tmp_path):
    road = at(stage, "approved")
    made = backup.backup(stage.database, tmp_path / "copy.zip")
    database = restored(elsewhere.url, elsewhere.folder, tmp_path / "copy.zip")
    try:
        assert rows(database) == rows(stage.database)
        with database.transaction(keep=False) as session, stage.database.transaction(keep=False) as before:
            assert session.get_one(Case, road.case_id).number == before.get_one(Case, road.case_id).number
            for sha256 in session.scalars(select(Document.sha256)):
                assert database.blobs.read(sha256) == stage.database.blobs.read(sha256)
            digests = select(Event.digest).order_by(Event.id)
            assert session.scalars(digests).all() == before.scalars(digests).all()
    finally:
        database.engine.dispose()
    assert {one.name for one in made.parts} >= {f"blobs/{one.sha256}" for one in stage.database.blobs.all()}


def test_a_restored_instance_works_on(stage, elsewhere, tmp_path):
    """New ids, numbers and events go on after the restored ones."""
    from workflow_app.demo.actors import Stage

    at(stage, "registered")
    backup.backup(stage.database, tmp_path / "copy.zip")
    database = restored(elsewhere.url, elsewhere.folder, tmp_path / "copy.zip")
    try:
        road = at(Stage(database, stage.municipality_id, stage.people, stage.moment), "approved")
        with database.snapshot() as session:
            assert session.get_one(Case, road.case_id).number == "ММ-2026-2"
            assert integrity.findings(session, database.blobs) == []
    finally:
        database.engine.dispose()


@pytest.mark.postgres
def test_a_copy_moves_from_sqlite_to_postgresql_and_works_on(quick_stage, request, tmp_path):
    from tests.conftest import _server
    from workflow_app.demo.actors import Stage

    at(quick_stage, "consolidation")
    backup.backup(quick_stage.database, tmp_path / "copy.zip")
    with _server(request).database(None) as url:
        database = restored(url, tmp_path / "moved", tmp_path / "copy.zip")
        try:
            assert rows(database) == rows(quick_stage.database)
            road = at(
                Stage(database, quick_stage.municipality_id, quick_stage.people, quick_stage.moment), "registered"
            )
            with database.snapshot() as session:
                assert session.get_one(Case, road.case_id).number == "ММ-2026-2"
                assert integrity.findings(session, database.blobs) == []
        finally:
            database.engine.dispose()


def test_a_backup_under_load_restores_to_a_moment_of_that_load(stage, elsewhere, tmp_path):
    """security.md 62: everything acknowledged before it is there, files match rows, the journal is unbroken."""
    before = at(stage, "registered")
    ended, begun, faults = threading.Event(), threading.Event(), []

    def work() -> None:
        while not ended.is_set():
            try:
                at(stage, "registered")
            except Exception as error:  # noqa: BLE001 - told below
                faults.append(error)
                return
            finally:
                begun.set()

    thread = threading.Thread(target=work)
    thread.start()
    begun.wait()
    try:
        made = [backup.backup(stage.database, tmp_path / f"copy{n}.zip") for n in range(2)]
    finally:
        ended.set()
        thread.join()
    assert faults == []
    assert len(made) == 2
    database = restored(elsewhere.url, elsewhere.folder, tmp_path / "copy1.zip")
    try:
        found = rows(database)
        with database.transaction(keep=False) as session:
            assert session.get_one(Case, before.case_id).number
    finally:
        database.engine.dispose()
    assert 2 <= found["cases"] <= rows(stage.database)["cases"]


def test_a_backup_does_not_touch_the_database(stage, tmp_path):
    at(stage, "registered")
    before = rows(stage.database)
    backup.backup(stage.database, tmp_path / "copy.zip")
    assert rows(stage.database) == before
    assert [one.name for one in tmp_path.glob(".copy*")] == []


def test_an_existing_file_is_never_written_over(quick_stage, tmp_path):
    (tmp_path / "copy.zip").write_text("важное", encoding="utf-8")
    with pytest.raises(WorkflowError, match="уже есть"):
        backup.backup(quick_stage.database, tmp_path / "copy.zip")
    assert (tmp_path / "copy.zip").read_text(encoding="utf-8") == "важное"


def test_a_damaged_file_of_the_store_stops_the_backup_and_leaves_nothing(quick_stage, tmp_path):
    at(quick_stage, "registered")
    one = next(iter(quick_stage.database.blobs.all()))
    quick_stage.database.blobs.path(one.sha256).write_bytes(b"other")
    with pytest.raises(WorkflowError, match="повреждён"):
        backup.backup(quick_stage.database, tmp_path / "copy.zip")
    assert not list(tmp_path.glob("*copy.zip*"))


def test_only_an_empty_instance_is_restored_into(quick_stage, centre_sqlite_url, tmp_path):
    backup.backup(quick_stage.database, tmp_path / "copy.zip")
    before = rows(quick_stage.database)
    with pytest.raises(WorkflowError, match="не пуст"):
        backup.restore(centre_sqlite_url, tmp_path, tmp_path / "copy.zip")
    assert rows(quick_stage.database) == before


def changed(file: Path, name_starts: str, change) -> Path:
    """A copy of an archive in which one part is changed, its manifest not."""
    target = file.with_name("changed.zip")
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(target, "w") as new:
        done = False
        for one in old.namelist():
            data = old.read(one)
            if one.startswith(name_starts) and not done:
                data, done = change(data), True
            if data is not None:
                new.writestr(one, data)
    return target


@pytest.mark.parametrize(
    ("part", "change", "told"),
    [
        ("blobs/", lambda data: data[:-1] + b"!", "не совпадает с описью"),
        ("workflow.db", lambda data: data[:100] + b"?" + data[101:], "не совпадает с описью"),
        ("blobs/", lambda _data: None, "Состав архива"),
        ("manifest.json", lambda _data: b"{}", "нет описи"),
        ("manifest.json", lambda data: data.replace(b'"revision": "', b'"revision": "9'), "другой версией"),
        ("manifest.json", lambda data: data.replace(b'"size": ', b'"size": "x", "was": '), "нет описи"),
        ("manifest.json", lambda data: re.sub(rb'"size": \d+', b'"size": "x"', data), "нет описи"),
    ],
    ids=["file", "database", "missing", "manifest", "newer", "odd", "words"],
)
def test_a_changed_archive_is_refused_and_the_instance_stays_empty(
    quick_stage, elsewhere, tmp_path, part, change, told
):
    at(quick_stage, "registered")
    backup.backup(quick_stage.database, tmp_path / "copy.zip")
    with pytest.raises(WorkflowError, match=told):
        backup.restore(elsewhere.url, elsewhere.folder, changed(tmp_path / "copy.zip", part, change))
    assert not (elsewhere.folder / "workflow.db").exists()
    assert not list(elsewhere.folder.glob(".restored*"))


def packed(file: Path, parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    """An archive whose manifest names its parts truly, whatever they are."""
    named = [
        {"name": name, "sha256": hashlib.sha256(data).hexdigest(), "size": len(data)} for name, data in parts.items()
    ]
    manifest = {"form": 1, "made_at": "2026-09-01", "revision": migrate.head(), "parts": named}
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
        archive.writestr("manifest.json", json.dumps(manifest))
    return file


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ({"workflow.db": b"not a database at all" * 100}, "не совпадает с описью"),
        ({"workflow.db": b""}, "не совпадает с описью"),
        ({"database.jsonl": b"no json\n"}, "не совпадает с описью"),
        ({"database.jsonl": b'{"table":"nothing","columns":[]}\n'}, "не совпадает с описью"),
        ({"database.jsonl": b"[1]\n"}, "не совпадает с описью"),
        ({"database.jsonl": b"\xff\xfe\n"}, "не совпадает с описью"),
        ({}, "нет базы данных"),
    ],
    ids=["no sqlite", "empty", "no json", "unknown table", "no table", "no text", "nothing"],
)
def test_an_archive_made_of_something_else_is_refused_and_works_on_nothing(elsewhere, tmp_path, parts, told):
    with pytest.raises(WorkflowError, match=told):
        backup.restore(elsewhere.url, elsewhere.folder, packed(tmp_path / "odd.zip", parts))
    assert not list(elsewhere.folder.glob(".restored*"))
    if (elsewhere.folder / "workflow.db").exists():  # at most an empty schema: the right archive may follow
        database = open_database(elsewhere.url, elsewhere.folder / "blobs")
        assert set(rows(database).values()) == {0}
        database.engine.dispose()


@pytest.mark.parametrize("part", ["workflow.db", "blobs/", "manifest.json"])
@pytest.mark.parametrize("share", [0, 50, 99])
def test_a_byte_changed_in_the_packed_stream_is_told_in_a_sentence(quick_stage, elsewhere, tmp_path, part, share):
    """What unpacks it raises errors of its own."""
    at(quick_stage, "draft")
    backup.backup(quick_stage.database, tmp_path / "copy.zip")
    data = bytearray((tmp_path / "copy.zip").read_bytes())
    with zipfile.ZipFile(tmp_path / "copy.zip") as archive:
        info = next(one for one in archive.infolist() if one.filename.startswith(part))
    names = int.from_bytes(data[info.header_offset + 26 : info.header_offset + 28], "little")
    extra = int.from_bytes(data[info.header_offset + 28 : info.header_offset + 30], "little")
    data[info.header_offset + 30 + names + extra + info.compress_size * share // 100] ^= 0xFF
    (tmp_path / "bad.zip").write_bytes(data)
    with pytest.raises(WorkflowError):
        backup.restore(elsewhere.url, elsewhere.folder, tmp_path / "bad.zip")
    assert not (elsewhere.folder / "workflow.db").exists()


@pytest.mark.postgres
def test_a_changed_dump_is_refused_before_a_row_is_written(request, centre_postgres_url, tmp_path):
    from tests.conftest import _server
    from tests.play import open_stage

    with open_stage(centre_postgres_url, tmp_path) as stage:
        backup.backup(stage.database, tmp_path / "copy.zip")
    bad = changed(
        tmp_path / "copy.zip", "database.jsonl", lambda data: data.replace("Градов".encode(), "Гродов".encode())
    )
    with _server(request).database(None) as url:
        with pytest.raises(WorkflowError, match="не совпадает с описью"):
            backup.restore(url, tmp_path / "other", bad)
        database = open_database(url, tmp_path / "other" / "blobs")
        assert migrate.current(database.engine) is None
        database.engine.dispose()


def test_what_is_no_archive_is_refused_in_words(elsewhere, tmp_path):
    (tmp_path / "text.zip").write_text("это не архив", encoding="utf-8")
    for name, told in {"text.zip": "повреждён или это не", "missing.zip": "нет"}.items():
        with pytest.raises(WorkflowError, match=told):
            backup.restore(elsewhere.url, elsewhere.folder, tmp_path / name)


def test_an_archive_cut_short_is_refused(quick_stage, elsewhere, tmp_path):
    at(quick_stage, "registered")
    backup.backup(quick_stage.database, tmp_path / "copy.zip")
    data = (tmp_path / "copy.zip").read_bytes()
    (tmp_path / "cut.zip").write_bytes(data[: len(data) // 2])
    with pytest.raises(WorkflowError, match="повреждён"):
        backup.restore(elsewhere.url, elsewhere.folder, tmp_path / "cut.zip")
    assert not (elsewhere.folder / "workflow.db").exists()


def test_the_archive_says_what_it_holds_and_no_secret_is_in_it(quick_stage, tmp_path):
    settings = config.load(tmp_path / "own", {})
    at(quick_stage, "registered")
    backup.backup(quick_stage.database, tmp_path / "copy.zip")
    with zipfile.ZipFile(tmp_path / "copy.zip") as archive:
        manifest = json.loads(archive.read("manifest.json"))
        names = set(archive.namelist())
        assert archive.testzip() is None
    assert {one["name"] for one in manifest["parts"]} | {"manifest.json"} == names
    assert manifest["revision"] == migrate.head()
    assert not [one for one in names if "secret" in one or "config" in one]
    assert settings.secret_key.encode() not in (tmp_path / "copy.zip").read_bytes()


def test_the_archive_belongs_to_its_owner_alone(quick_stage, tmp_path):
    backup.backup(quick_stage.database, tmp_path / "copy.zip")
    assert (tmp_path / "copy.zip").stat().st_mode & 0o077 == 0
