"""Migrations by Alembic, run from the program: the same for SQLite and PostgreSQL.

Alembic is loaded by what runs migrations alone: a server only asks whether its database is current, and should start soon.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine, inspect, text

from workflow_app.db.session import open_engine
from workflow_app.errors import N_, WorkflowError

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = Path(__file__).parent / "migrations"


def config(url: str = "") -> Config:
    """Return Alembic's configuration for our migrations."""
    from alembic.config import Config  # noqa: PLC0415 - the room's docstring says why

    found = Config()
    found.set_main_option("script_location", str(FOLDER))
    found.attributes["url"] = url
    return found


NEVER_BACK = N_(
    "Назад базу не возвращают: вместе с таблицами пропало бы записанное в них. "
    "Восстановите в пустую папку и базу копию, сделанную до обновления: «workflow-app restore ФАЙЛ»."
)
_NEWER = N_("База данных новее программы: обновите программу.")
DRAFTS = "drafts"  # of the configuration's attributes: a migration is being written, nothing is migrated
_BACKWARDS = "backwards"  # of the configuration's attributes: only the tests of the migrations go back


def upgrade(url: str, revision: str = "head") -> None:
    """Bring a database to a revision. One that the program does not know is refused: WorkflowError."""
    engine = open_engine(url)
    try:
        found = current(engine)
    finally:
        engine.dispose()
    if found is not None and not knows(found):
        raise WorkflowError(_NEWER)
    from alembic import command  # noqa: PLC0415 - the room's docstring says why

    command.upgrade(config(url), revision)


def downgrade(url: str, revision: str) -> None:
    """Take a database back to a revision, for the tests of the migrations: no command of ours does it."""
    from alembic import command  # noqa: PLC0415 - the room's docstring says why

    known = config(url)
    known.attributes[_BACKWARDS] = True
    command.downgrade(known, revision)


def goes_back(known: Config, here: str | None, wanted: object) -> bool:
    """Whether a run of Alembic from the revision ``here`` to ``wanted`` would take the schema back, though nobody may."""
    if here is None or known.attributes.get(_BACKWARDS):
        return False
    before = revisions()[: revisions().index(here)] if knows(here) else []
    return wanted in (None, "base", ()) or str(wanted).startswith("-") or str(wanted) in before


def revisions() -> list[str]:
    """Return the revisions that the program knows, the oldest first: one after another, and the files are named by them."""
    return sorted(one.name.partition("_")[0] for one in (FOLDER / "versions").glob("[0-9]*_*.py"))


def head() -> str:
    """Return the newest revision that the program knows."""
    return revisions()[-1]


def current(engine: Engine) -> str | None:
    """Return the revision that a database is at, None for an empty one; a file that is not there is not made by looking."""
    file = engine.url.database
    if engine.dialect.name == "sqlite" and file and file != ":memory:" and not Path(file).exists():
        return None
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return found


def knows(revision: str) -> bool:
    """Whether the program has this revision."""
    return revision in revisions()


def demand_current(engine: Engine) -> None:
    """Refuse to work on a database of another revision than the program's: WorkflowError says what to do."""
    found = current(engine)
    if found == head():
        return
    if found is None:
        raise WorkflowError(N_("Экземпляр ещё не создан: сначала выполните команду «workflow-app init»."))
    if not knows(found):
        raise WorkflowError(_NEWER)
    raise WorkflowError(N_("База данных старее программы. Обновите её командой «workflow-app db upgrade»."))
