"""How the instance is, part by part, and what to do about it: one source for the page and for ``workflow-app health``.

Cheap enough to be looked at every minute: a constant number of statements, no folder is walked, nothing is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from workflow_app.config import Config
from workflow_app.db import faults
from workflow_app.db.session import Database
from workflow_app.errors import N_, Sentence
from workflow_app.operations import backup_mark
from workflow_app.operations.health import machine, rows
from workflow_app.operations.health.part import STATES, Part
from workflow_app.operations.health.rows import Asked

__all__ = ["STATES", "Part", "Report", "report"]

_OF_ROWS: Final[tuple[tuple[str, Callable[[Asked, Session], Part]], ...]] = (
    ("timers", rows.timers), ("jobs", rows.jobs), ("letters", rows.letters), ("checkpoint", rows.checkpoint),
)  # fmt: skip
_OF_THE_MACHINE: Final = (machine.storage, machine.disk, machine.converter, machine.scanner, machine.backup)
_ORDER: Final = (
    "database", "storage", "disk", "timers", "jobs", "letters", "converter", "scanner", "backup", "checkpoint", "versions",
)  # fmt: skip
_UNREAD = N_("База данных не читается, поэтому не видно.")
_RESTORE = N_(
    "Проверьте, что база данных запущена и доступна программе; повреждённую восстанавливают из резервной копии."
)


@dataclass(frozen=True, slots=True)
class Report:
    """The parts in the order of the page; ``checked_at``: when the last backup was found whole."""

    parts: tuple[Part, ...]
    checked_at: datetime | None

    @property
    def wrong(self) -> int:
        """How many parts require attention."""
        return sum(one.state == "attention" for one in self.parts)

    def sentence(self, ago: Callable[[datetime], str]) -> Sentence:
        """Return the whole in one sentence; ``ago`` words a moment as «6 часов назад»."""
        if self.wrong:
            return N_("Требуют внимания: %(n)s", n=self.wrong)
        if self.checked_at is None:
            return N_("Всё работает")
        return N_("Всё работает; последняя копия %(ago)s проверена", ago=ago(self.checked_at))


def report(database: Database, settings: Config, centre: int | None = None) -> Report:
    """Look at every part. ``centre``: letters of this municipality alone."""
    asked = Asked(database, settings, centre)
    found = {one.key: one for one in _parts(asked)}
    mark = backup_mark.read(settings.folder)
    return Report(tuple(found[key] for key in _ORDER), mark.checked_at if mark else None)


def _parts(asked: Asked) -> Iterator[Part]:
    first, readable = _database(asked)
    yield first
    for key, look in (*_OF_ROWS, ("versions", machine.versions)):
        title = rows.TITLES.get(key) or machine.TITLES[key]
        try:
            if not readable:
                yield Part(key, title, "unknown", _UNREAD)
                continue
            with asked.database.transaction(keep=False) as session:
                part = look(asked, session)
        except SQLAlchemyError as error:
            part = Part(key, title, "attention" if first.state == "well" else "unknown", _why(error))
        yield part
    for see in _OF_THE_MACHINE:
        yield see(asked)


def _database(asked: Asked) -> tuple[Part, bool]:
    """Return the database's part, and whether it can be read at all."""
    try:
        with asked.database.transaction(keep=False) as session:
            return rows.database(asked, session), True
    except SQLAlchemyError as error:
        return Part("database", rows.TITLES["database"], "attention", _why(error), todo=_RESTORE), False


def _why(error: SQLAlchemyError) -> Sentence:
    told = faults.understood(error)
    return told.sentence if told else N_("Не удалось узнать: %(why)s", why=str(getattr(error, "orig", None) or error))
