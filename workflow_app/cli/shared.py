"""What all commands share: the group, the instance they work on, refusals told as sentences."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workflow_app import garbage
from workflow_app.errors import WorkflowError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workflow_app.config import Config
    from workflow_app.db.session import Database

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
        except Exception as error:
            if (told := _told(error)) is None:
                raise
            raise click.ClickException(told) from error


def _told(error: Exception) -> str | None:
    """Return a sentence for what the system or the database refused, its own words behind; None for our own mistake."""
    from workflow_app.db import faults  # not loaded for every command

    if isinstance(error, OSError) and (sentence := faults.of_path(error)) is not None:
        return f"{error.filename}: {sentence}" if error.filename else str(sentence)
    if (known := faults.understood(error)) is None:
        return f"{error.filename or ''}: {error.strerror}".lstrip(": ") if isinstance(error, OSError) else None
    own = str(getattr(error, "orig", None) or "").strip().splitlines()
    return f"{known} ({own[0]})" if own else str(known)


@click.group(context_settings=HELP)
@click.option(
    "--instance", type=click.Path(file_okay=False, path_type=Path), envvar="WF_INSTANCE", default=Path("instance"), show_default=True,
    help="Папка экземпляра: база, файлы, письма, настройки.",
)  # fmt: skip
@click.version_option(package_name="workflow-app", message="%(version)s")
@click.pass_context
def main(ctx: click.Context, instance: Path) -> None:
    """Экспертиза педагогических материалов: от черновика до подписи директора."""
    garbage.look_seldom()
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
def opened(known: Config | None = None, *, current: bool = True) -> Iterator[Database]:
    """Give the database of the instance, at the program's own revision; as it stands where that is not ``current``'s matter."""
    from workflow_app.conversion import libreoffice
    from workflow_app.db import migrate
    from workflow_app.db.blobs import Blobs
    from workflow_app.db.session import Database, open_engine

    known = known or settings()
    engine = open_engine(known.url)
    try:
        if current:
            migrate.demand_current(engine)
        yield Database(engine, Blobs(known.folder / "blobs"), known.base_url, libreoffice.of(known))
    finally:
        engine.dispose()
