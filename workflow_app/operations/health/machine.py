"""What the machine tells of health: files, room, LibreOffice, the virus scanner, the last backup, versions. No folder is walked."""

from __future__ import annotations

import platform
import shutil
from importlib import metadata
from pathlib import Path
from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from workflow_app import clock
from workflow_app.conversion import libreoffice
from workflow_app.db import faults, migrate
from workflow_app.errors import N_
from workflow_app.files import virus_scanner
from workflow_app.operations import backup_mark
from workflow_app.operations.health.part import DAY, Part, size
from workflow_app.operations.health.rows import Asked

TITLES: Final = {
    "storage": N_("Хранилище файлов"), "disk": N_("Место на диске"), "converter": N_("Преобразование в PDF"),
    "scanner": N_("Антивирус"), "backup": N_("Резервная копия"), "versions": N_("Версии"),
}  # fmt: skip
LEAST_FREE: Final = 2 << 30  # bytes: a day's backup and uploads still fit
BACKUP_MOST: Final = 2 * DAY

_ROOM = N_("Освободите место: уберите старые резервные копии с этого диска, выполните «workflow-app sweep».")
_RIGHTS = N_("Проверьте, на месте ли папка blobs, права на неё и место на диске: пока файлы не принимаются.")
_INSTALL = N_(
    "Установите LibreOffice (libreoffice-writer-nogui): перезапускать сервер не нужно. До этого документы выходят без PDF."
)
_AGAIN = N_("Повторите PDF в деле; если не выходит ни один, перезапустите сервер и проверьте LibreOffice.")
_DAEMON = N_("Запустите clamd или исправьте настройку scanner в config.toml.")
_COPY = N_(
    "Выполните «workflow-app backup ФАЙЛ» и поставьте эту команду в расписание на каждую ночь; храните копии на другом диске."
)
_CHECK = N_("Выполните «workflow-app check-backup ФАЙЛ».")


def storage(asked: Asked) -> Part:
    """Tell whether the store of files takes one."""
    try:
        asked.database.blobs.demand_writable()
    except OSError as error:
        why = faults.of_disk(error)[0]
        return Part("storage", TITLES["storage"], "attention", N_("Не принимает файлы: %(why)s", why=why), todo=_RIGHTS)
    return Part("storage", TITLES["storage"], "well", N_("Принимает файлы."))


def disk(asked: Asked) -> Part:
    """Tell how much room is left, on the fullest of the disks that the instance uses."""
    places = [asked.settings.folder, asked.database.blobs.root]
    engine = asked.database.engine
    if engine.dialect.name == "sqlite" and engine.url.database:
        places.append(Path(engine.url.database).parent)
    # one that is gone says so itself
    there = [one for one in places if one.is_dir()] or [Path(asked.settings.folder.anchor)]
    least = min((shutil.disk_usage(one) for one in there), key=lambda one: one.free)
    said = N_("Свободно %(free)s из %(total)s.", free=size(least.free), total=size(least.total))
    if least.free < LEAST_FREE:
        return Part("disk", TITLES["disk"], "attention", said, todo=_ROOM)
    return Part("disk", TITLES["disk"], "well", said)


def converter(asked: Asked) -> Part:
    """Tell whether LibreOffice is there, and how this process's last conversion of an own document ended."""
    title, pool = TITLES["converter"], libreoffice.of(asked.settings)
    if not pool.reads("docx"):
        said = N_("LibreOffice на сервере нет.")
        return Part("converter", title, "attention", said, todo=_INSTALL)
    at, why = pool.last or (None, None)
    if at is not None and why is not None and clock.now() - at < DAY:
        return Part("converter", title, "attention", why, at, _AGAIN)
    if at is None:
        return Part("converter", title, "well", N_("LibreOffice есть; с запуска PDF ещё не делали."))
    return Part("converter", title, "well", N_("LibreOffice работает."), at)


def scanner(asked: Asked) -> Part:
    """Ask the virus scanner, where one is set."""
    state = virus_scanner.state(asked.settings)
    key = {"none": "off", "well": "well"}.get(state.key, "attention")
    return Part("scanner", TITLES["scanner"], key, state.sentence, todo=_DAEMON if key == "attention" else None)


def backup(asked: Asked) -> Part:
    """Tell when the last backup was made and what its check found."""
    title, mark = TITLES["backup"], backup_mark.read(asked.settings.folder)
    if mark is None:
        said = N_("Неизвестно, когда была последняя копия: на этом сервере её не делали.")
        return Part("backup", title, "attention", said, todo=_COPY)
    if mark.fault:
        said = N_("%(file)s: проверка не прошла. %(why)s", file=mark.file, why=mark.fault)
        return Part("backup", title, "attention", said, mark.made_at, _COPY)
    if clock.now() - mark.made_at > BACKUP_MOST:
        return Part("backup", title, "attention", N_("%(file)s: копия устарела.", file=mark.file), mark.made_at, _COPY)
    if mark.checked_at is None:
        said = N_("%(file)s: сделана, но не проверена.", file=mark.file)
        return Part("backup", title, "attention", said, mark.made_at, _CHECK)
    return Part("backup", title, "well", N_("%(file)s: сделана и проверена.", file=mark.file), mark.made_at)


def versions(_asked: Asked, session: Session) -> Part:
    """Tell the versions of the program, Python, the database and its schema."""
    try:
        own = metadata.version("workflow-app")
    except metadata.PackageNotFoundError:
        own = "—"
    postgres = session.get_bind().dialect.name == "postgresql"
    known = session.scalar(text("SHOW server_version" if postgres else "SELECT sqlite_version()"))
    said = N_(
        "Программа %(own)s, Python %(python)s, %(database)s %(known)s, схема базы %(head)s.", own=own,
        python=platform.python_version(), database="PostgreSQL" if postgres else "SQLite", known=known, head=migrate.head(),
    )  # fmt: skip
    return Part("versions", TITLES["versions"], "well", said)
