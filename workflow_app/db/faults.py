"""What the database, the disk and the operating system say, in our words: the one place.

:func:`understood` turns an exception into one of two answers, or into none. :class:`Overtaken`: of several who did the same
at once another one won (a repeated key, a row that is gone, a deadlock, a wait for a row that took too long).
:class:`Unavailable`: a cause outside the program, with the seconds after which it is worth trying again. None: our own
mistake, which stays one.

SQLite is read by its result codes (sqlite.org/rescode.html), PostgreSQL by its SQLSTATE (appendix A of its manual).
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Mapping
from typing import Final

from sqlalchemy import exc
from sqlalchemy.orm import exc as orm_exc

from workflow_app.errors import N_, Overtaken, Sentence, Unavailable, WorkflowError

_SOON, _LATER, _LATE = 10, 30, 300  # seconds
Told = tuple[Sentence, int]

FULL: Final[Told] = (
    N_("На диске сервера закончилось место, сохранить не удалось. Сообщите администратору и повторите позже."), _LATE,
)  # fmt: skip
READ_ONLY: Final[Told] = (
    N_("Сервер не может записать: у программы нет прав, или диск открыт только для чтения. Сообщите администратору."), _LATE,
)  # fmt: skip
SICK: Final[Told] = (
    N_("Диск сервера не принял данные, сохранить не удалось. Сообщите администратору и повторите позже."), _LATE,
)  # fmt: skip
BUSY: Final[Told] = (N_("База данных занята другой работой. Подождите немного и повторите."), _SOON)
AWAY: Final[Told] = (N_("База данных не отвечает. Подождите немного и повторите."), _LATER)
SPOILT: Final[Told] = (
    N_("База данных повреждена. Сообщите администратору: её восстанавливают из резервной копии."), _LATE,
)  # fmt: skip
UNPREPARED: Final[Told] = (
    N_("База данных не готова к этой версии программы. Администратору: команда «workflow-app init» или «workflow-app db upgrade»."),
    _LATE,
)  # fmt: skip

_SQLITE: Final[Mapping[int, Told]] = {
    sqlite3.SQLITE_BUSY: BUSY, sqlite3.SQLITE_LOCKED: BUSY, sqlite3.SQLITE_FULL: FULL, sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_PERM: READ_ONLY, sqlite3.SQLITE_IOERR: SICK, sqlite3.SQLITE_CANTOPEN: AWAY, sqlite3.SQLITE_CORRUPT: SPOILT,
    sqlite3.SQLITE_NOTADB: SPOILT,
}  # fmt: skip
_SQLITE_OVERTAKEN: Final = frozenset(
    {
        sqlite3.SQLITE_CONSTRAINT_UNIQUE,
        sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY,
        sqlite3.SQLITE_CONSTRAINT_ROWID,
        sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY,
    }
)
_PRIMARY: Final = 0xFF  # the first byte of an extended result code

# Whole codes first, then their classes (the first two characters).
_POSTGRES: Final[Mapping[str, Told]] = {
    "53100": FULL, "57014": BUSY, "25006": READ_ONLY, "42P01": UNPREPARED, "42703": UNPREPARED, "XX001": SPOILT, "XX002": SPOILT,
    "08": AWAY, "28": AWAY, "3D": AWAY, "53": BUSY, "57": AWAY, "58": SICK,
}  # fmt: skip
_POSTGRES_OVERTAKEN: Final = frozenset({"23503", "23505", "40001", "40P01", "55P03"})

# A path that a person typed, told with the path before it.
_PATHS: Final[Mapping[int, Sentence]] = {
    errno.ENOENT: N_("такого файла или папки нет."),
    errno.EISDIR: N_("это папка, а нужен файл."),
    errno.ENOTDIR: N_("это файл, а нужна папка."),
    errno.EEXIST: N_("это имя уже занято файлом."),
    errno.EACCES: N_("нет прав на этот файл или папку."),
    errno.EROFS: N_("диск открыт только для чтения."),
    errno.ENAMETOOLONG: N_("слишком длинное имя."),
}

_SYSTEM: Final[Mapping[int, Told]] = {
    errno.ENOSPC: FULL, errno.EDQUOT: FULL, errno.EFBIG: FULL, errno.EROFS: READ_ONLY, errno.EACCES: READ_ONLY,
    errno.EPERM: READ_ONLY, errno.EIO: SICK, errno.EMFILE: BUSY, errno.ENFILE: BUSY, errno.ENOMEM: BUSY,
}  # fmt: skip


def understood(error: BaseException) -> WorkflowError | None:
    """Return what a person is told of an exception; None for a mistake of the program."""
    if isinstance(error, WorkflowError):
        return error
    if isinstance(error, (orm_exc.StaleDataError, orm_exc.ObjectDeletedError)):
        return Overtaken()
    if isinstance(error, exc.TimeoutError):  # no connection became free
        return Unavailable(*BUSY)
    if isinstance(error, exc.DBAPIError) and error.orig is not None:
        return _of_database(error.orig)
    if isinstance(error, OSError):
        found = _SYSTEM.get(error.errno or 0)
        return Unavailable(*found) if found else None
    return _of_database(error)


def of_disk(error: OSError) -> Told:
    """Return what is told when the disk did not take something, whatever the reason."""
    return _SYSTEM.get(error.errno or 0, SICK)


def of_path(error: OSError) -> Sentence | None:
    """Return what is told of a path that somebody typed; None when the path is not the reason."""
    return _PATHS.get(error.errno or 0)


def _of_database(error: BaseException) -> WorkflowError | None:
    """Read a driver's own exception."""
    if isinstance(error, sqlite3.Error):
        return _of_sqlite(error)
    if not type(error).__module__.startswith("psycopg"):  # not imported: it need not be installed
        return None
    code = str(getattr(error, "sqlstate", None) or "")
    if code in _POSTGRES_OVERTAKEN:
        return Overtaken()
    found = _POSTGRES.get(code) or _POSTGRES.get(code[:2])
    if found is None and not code and type(error).__name__ == "OperationalError":  # there is no server to have a code
        found = AWAY
    return Unavailable(*found) if found else None


def _of_sqlite(error: sqlite3.Error) -> WorkflowError | None:
    code = int(getattr(error, "sqlite_errorcode", 0) or 0)
    if code in _SQLITE_OVERTAKEN:
        return Overtaken()
    if code == sqlite3.SQLITE_ERROR and str(error).startswith(("no such table", "no such column")):
        return Unavailable(*UNPREPARED)
    found = _SQLITE.get(code & _PRIMARY)
    return Unavailable(*found) if found else None
