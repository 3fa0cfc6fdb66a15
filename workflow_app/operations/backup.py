"""Backup and restore of an instance: one archive with the database, every file that a row names, and a manifest.

Hot: SQLite is copied by its own backup interface, PostgreSQL is read in one snapshot into JSON lines (so that no program of
the server is needed). The database goes first: files never change, so whatever a row of the copy names is there to be
copied after it. The settings and the secret of the instance are not in the archive: they belong to a machine.
"""

from __future__ import annotations

import hashlib
import io
import os
import secrets
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import IO, Any

from sqlalchemy import func, make_url, select
from sqlalchemy.exc import DatabaseError

from workflow_app import clock
from workflow_app.db import migrate
from workflow_app.db.blobs import CHUNK, Blobs, TooLarge, flush_folder
from workflow_app.db.models import Municipality
from workflow_app.db.session import Database, normal_url, open_database, open_engine
from workflow_app.errors import N_, Broken, WorkflowError
from workflow_app.operations import database_dump, integrity
from workflow_app.operations.backup_archive import (
    BLOBS_PART,
    DUMP_PART,
    FORMAT,
    MANIFEST,
    SQLITE_PART,
    Manifest,
    Part,
    broken,
    manifest_of,
    opened,
)

Progress = Callable[[int, int], None]


def _silent(_at: int, _of: int) -> None:
    """Tell nobody."""


# -- backup ------------------------------------------------------------------------------------------------------------


def backup(database: Database, file: Path, progress: Progress = _silent) -> Manifest:
    """Write the archive; it gets its name only when it is whole and on the disk. An existing ``file`` is refused."""
    if file.is_dir():
        raise WorkflowError(N_("«%(file)s» — папка, а нужно имя файла.", file=file.name or str(file)))
    if file.exists():
        raise WorkflowError(N_("Файл %(file)s уже есть: укажите другое имя.", file=file.name))
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        with draft.open("xb") as handle:
            os.chmod(draft, 0o600)  # noqa: PTH101 - personal data
            manifest = _write(database, handle, draft, progress)
            handle.flush()
            os.fsync(handle.fileno())
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    flush_folder(file.parent)
    return manifest


def _write(database: Database, handle: IO[bytes], draft: Path, progress: Progress) -> Manifest:
    with zipfile.ZipFile(handle, "w") as archive:
        revision = migrate.current(database.engine) or ""
        if database.engine.dialect.name == "sqlite":
            parts, named = _sqlite(database, archive, draft.with_name(f"{draft.name}.db"))
        else:
            parts, named = _dumped(database, archive)
        for at, sha256 in enumerate(named, 1):
            with database.blobs.open(sha256) as source:
                part = _add(archive, f"{BLOBS_PART}{sha256}", source, zipfile.ZIP_STORED)
            if part.sha256 != sha256:
                raise WorkflowError(N_("Файл %(sha)s повреждён: резервная копия не сделана.", sha=sha256[:12]))
            parts.append(part)
            progress(at, len(named))
        manifest = Manifest(FORMAT, clock.now().isoformat(), revision, tuple(parts))
        archive.writestr(MANIFEST, manifest.to_json())
    return manifest


def _sqlite(database: Database, archive: zipfile.ZipFile, copy: Path) -> tuple[list[Part], list[str]]:
    """Copy the database in one go of SQLite's backup interface: writers wait for nothing, the copy is of one moment."""
    try:
        with closing(sqlite3.connect(copy)) as target:
            raw = database.engine.raw_connection()
            try:
                raw.driver_connection.backup(target)  # type: ignore[union-attr]  # sqlite3's own
            finally:
                raw.close()
            target.execute("PRAGMA journal_mode=DELETE")
        found = open_database(f"sqlite:///{copy}", database.blobs.root)
        try:
            with found.transaction(keep=False) as session:
                named = list(integrity.blob_owners(session))
        finally:
            found.engine.dispose()
        with copy.open("rb") as source:
            part = _add(archive, SQLITE_PART, source, zipfile.ZIP_DEFLATED)
    finally:
        for one in copy.parent.glob(f"{copy.name}*"):
            one.unlink(missing_ok=True)
    return [part], named


def _dumped(database: Database, archive: zipfile.ZipFile) -> tuple[list[Part], list[str]]:
    """Read every table in one snapshot; what the rows name is read in the same one."""
    with database.snapshot() as session:
        named = list(integrity.blob_owners(session))
        part = _add(archive, DUMP_PART, _Lines(database_dump.lines(session.connection())), zipfile.ZIP_DEFLATED)
    return [part], named


class _Lines(io.RawIOBase):
    """Lines of text, read as a file."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines, self._rest = lines, b""

    def read(self, size: int = -1, /) -> bytes:
        """At most ``size`` next bytes; empty at the end."""
        while len(self._rest) < size and (line := next(self._lines, None)) is not None:
            self._rest += line.encode()
        found, self._rest = self._rest[:size], self._rest[size:]
        return found


def _add(archive: zipfile.ZipFile, name: str, source: Any, method: int) -> Part:
    """Copy ``source`` into the archive while its bytes are hashed and counted."""
    info = zipfile.ZipInfo(name, clock.now().timetuple()[:6])
    info.compress_type, info.external_attr = method, 0o600 << 16
    digest, size = hashlib.sha256(), 0
    with archive.open(info, "w", force_zip64=True) as target:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
            target.write(chunk)
    return Part(name, digest.hexdigest(), size)


def verify(file: Path, progress: Progress = _silent) -> Manifest:
    """Read a whole archive and compare every part with its hash; return what it holds. WorkflowError: it is no sound copy."""
    with opened(file) as archive:
        manifest = manifest_of(archive)
        for at, part in enumerate(manifest.parts, 1):
            with archive.open(part.name) as source:
                found = hashlib.file_digest(source, "sha256").hexdigest()  # type: ignore[arg-type]  # it reads as a file
            if (found, archive.getinfo(part.name).file_size) != (part.sha256, part.size):
                raise broken(part.name)
            progress(at, len(manifest.parts))
    return manifest


# -- restore -----------------------------------------------------------------------------------------------------------


def restore(url: str, folder: Path, file: Path, progress: Progress = _silent) -> Manifest:
    """Restore an archive into an empty instance and bring its schema up to date.

    Files first, the database last: a restore that fails leaves an instance that is still empty. Every part is compared
    with its hash. Raises WorkflowError when the instance is not empty or the archive is not whole.
    """
    with opened(file) as archive:
        manifest = manifest_of(archive)
        _demand_empty(url)
        blobs = Blobs(folder / "blobs")
        parts = [one for one in manifest.parts if one.name.startswith(BLOBS_PART)]
        for at, part in enumerate(parts, 1):
            with archive.open(part.name) as source:
                _take(blobs, source, part)
            progress(at, len(parts))
        names = {one.name: one for one in manifest.parts}
        if SQLITE_PART in names:
            _restore_sqlite(archive, names[SQLITE_PART], url, folder, manifest.revision)
        else:
            _restore_dump(archive, names[DUMP_PART], url, manifest.revision)
    migrate.upgrade(url)
    return manifest


def _take(blobs: Blobs, source: IO[bytes], part: Part) -> None:
    """Store one file of the archive, if it is the one that the manifest names."""
    try:
        found = blobs.put(source, part.size)
    except TooLarge as error:
        raise broken(part.name) from error
    if found.sha256 != part.sha256:
        raise broken(part.name)


def _demand_empty(url: str) -> None:
    file = make_url(normal_url(url))
    if file.get_backend_name() == "sqlite" and not Path(file.database or "").exists():
        return  # and do not make one by looking
    engine = open_engine(url)
    try:
        if migrate.current(engine) is None:
            return
        with engine.connect() as connection:
            if connection.scalar(select(func.count()).select_from(Municipality)):
                raise WorkflowError(N_("Экземпляр не пуст: восстанавливать можно только в пустую папку и базу."))
    finally:
        engine.dispose()


def _restore_sqlite(archive: zipfile.ZipFile, part: Part, url: str, folder: Path, revision: str) -> None:
    """Put the copied file in place, or, where the instance has another database, its rows."""
    copy = folder / f".restored-{secrets.token_hex(4)}.db"
    try:
        with archive.open(part.name) as source, copy.open("xb") as target:
            os.chmod(copy, 0o600)  # noqa: PTH101 - personal data
            digest = hashlib.sha256()
            while chunk := source.read(CHUNK):
                digest.update(chunk)
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
        if digest.hexdigest() != part.sha256 or not _is_sound(copy, revision):
            raise broken(part.name)
        if url == f"sqlite:///{(folder / 'workflow.db').resolve()}":
            for tail in ("-wal", "-shm"):
                (folder / f"workflow.db{tail}").unlink(missing_ok=True)
            copy.replace(folder / "workflow.db")
            flush_folder(folder)
            return
        source_engine = open_engine(f"sqlite:///{copy}")
        try:
            with source_engine.connect() as connection:
                database_dump.fill(url, database_dump.lines(connection), revision)
        finally:
            source_engine.dispose()
    finally:
        for one in folder.glob(f"{copy.name}*"):
            with suppress(FileNotFoundError):
                one.unlink()


def _is_sound(copy: Path, revision: str) -> bool:
    """Whether a file is an SQLite database of this revision: a manifest may have been made for anything."""
    engine = open_engine(f"sqlite:///{copy}")
    try:
        with engine.connect() as connection:
            whole = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar() == "ok"
        return whole and migrate.current(engine) == revision
    except DatabaseError:
        return False
    finally:
        engine.dispose()


def _restore_dump(archive: zipfile.ZipFile, part: Part, url: str, revision: str) -> None:
    """Read the part twice: nothing is written before the whole of it is known to be sound."""
    with archive.open(part.name) as source:
        if hashlib.file_digest(source, "sha256").hexdigest() != part.sha256:  # type: ignore[arg-type]  # it reads as a file
            raise broken(part.name)
    with archive.open(part.name) as source:
        try:
            database_dump.fill(url, io.TextIOWrapper(source, "utf-8", newline="\n"), revision)
        except (Broken, KeyError, TypeError, ValueError) as error:  # lines of another form, whatever their hash is
            raise broken(part.name) from error
