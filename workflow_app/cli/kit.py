"""What all commands share: the group, the instance they work on, refusals told as sentences."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workflow_app.errors import WorkflowError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workflow_app.config import Config
    from workflow_app.store.db import Database

HELP = {"help_option_names": ["-h", "--help"]}


@dataclass(frozen=True, slots=True)
class Chosen:
    """The instance named by ``--instance``."""

    folder: Path


class Told(click.Command):
    """A command whose refusals are sentences: one line on stderr, exit status 1, no traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except WorkflowError as error:
            raise click.ClickException(str(error)) from error
        except BrokenPipeError:
            raise  # who read our output went away: click ends quietly
        except OSError as error:
            raise click.ClickException(f"{error.filename or ''}: {error.strerror}".lstrip(": ")) from error
        except Exception as error:
            if type(error).__name__ != "OperationalError":  # of SQLAlchemy, which is not loaded for this alone
                raise
            raise click.ClickException(f"База данных не отвечает: {getattr(error, 'orig', error)}") from error


@click.group(context_settings=HELP)
@click.option(
    "--instance", type=click.Path(file_okay=False, path_type=Path), envvar="WF_INSTANCE", default=Path("instance"), show_default=True,
    help="Папка экземпляра: база, файлы, письма, настройки.",
)  # fmt: skip
@click.version_option(package_name="workflow-app", message="%(version)s")
@click.pass_context
def main(ctx: click.Context, instance: Path) -> None:
    """Экспертиза педагогических материалов: от черновика до подписи директора."""
    ctx.obj = Chosen(instance)


def command(name: str) -> Callable[[Callable[..., Any]], click.Command]:
    """Declare a command of :func:`main` that ``flask`` may load alone."""
    return main.command(name, cls=Told, context_settings=HELP)


def folder() -> Path:
    """Return the instance's folder: of ``--instance``, or under ``flask`` of ``WF_INSTANCE``."""
    context = click.get_current_context(silent=True)
    while context is not None:
        if isinstance(context.obj, Chosen):
            return context.obj.folder
        context = context.parent
    return Path(os.environ.get("WF_INSTANCE") or "instance")


def settings() -> Config:
    """Return the settings of an instance that is there; a mistyped name must not make a new folder."""
    from workflow_app import config
    from workflow_app.errors import N_

    if not folder().is_dir():
        raise WorkflowError(N_("Экземпляра в папке %(folder)s нет. Создайте его командой init.", folder=str(folder())))
    return config.load(folder())


@contextmanager
def opened(known: Config | None = None) -> Iterator[Database]:
    """Give the database of the instance, at the program's own revision."""
    from workflow_app.store import migrate
    from workflow_app.store.db import open_database

    known = known or settings()
    database = open_database(known.url, known.folder / "blobs", known.base_url)
    try:
        migrate.demand_current(database.engine)
        yield database
    finally:
        database.engine.dispose()
