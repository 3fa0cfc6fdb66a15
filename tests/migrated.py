"""What the migrations make of an empty database, made once a session and copied: the whole chain takes a second and more.

A database with anything in it is migrated, as is the first empty one of a kind to each revision; so are those of real commands,
which run in processes of their own.
"""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import URL, inspect, make_url

from tests.roads import copy
from workflow_app.db import migrate
from workflow_app.db.session import open_engine

if TYPE_CHECKING:
    from tests.databases import Postgres


class Migrated:
    """Stands in the place of ``migrate.upgrade``. ``server``: where databases of PostgreSQL are copied, once it runs."""

    def __init__(self, folder: Path) -> None:
        self.server: Postgres | None = None
        self._folder = folder
        self._upgrade = migrate.upgrade
        self._kept: dict[str, str] = {}

    def upgrade(self, url: str, revision: str = "head") -> None:
        """Bring a database to a revision: an empty one by a copy of what another became."""
        where = make_url(url)
        if where.get_backend_name() == "sqlite" and where.database:
            self._file(url, Path(where.database), revision)
        elif self.server and where.host == self.server.url.host and where.query == self.server.url.query:
            self._database(self.server, url, where, revision)
        else:
            self._upgrade(url, revision)

    def _file(self, url: str, file: Path, revision: str) -> None:
        kept = self._folder / f"{revision}.db"
        if file.exists() and file.stat().st_size:
            self._upgrade(url, revision)
        elif kept.exists():
            shutil.copyfile(kept, file)
        else:
            self._upgrade(url, revision)
            copy(file, kept)

    def _database(self, server: "Postgres", url: str, where: URL, revision: str) -> None:
        engine = open_engine(url)
        has_tables = bool(inspect(engine).get_table_names())
        engine.dispose()
        if has_tables or not where.database:
            self._upgrade(url, revision)
        elif revision in self._kept:
            server.replace(where.database, self._kept[revision])
        else:
            self._upgrade(url, revision)
            self._kept[revision] = server.keep(where.database, revision)
