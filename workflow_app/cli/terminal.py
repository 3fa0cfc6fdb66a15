"""How the command line talks: progress that does not disturb a pipe, questions. Bars are drawn on a terminal alone."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from workflow_app.errors import Sentence
from workflow_app.states.forms import Ask


@contextmanager
def progress(title: str) -> Iterator[Callable[[int, int, str], None]]:
    """Give a function of (done, of how many, what): a bar on a terminal, otherwise a line now and then, both on stderr."""
    if sys.stderr.isatty():
        with _bar(title) as tell:
            yield tell
    else:
        click.echo(title, err=True)
        yield _lines()


@contextmanager
def _bar(title: str) -> Iterator[Callable[[int, int, str], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[what]}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task(title, total=None, what="")

        def tell(done: int, of: int, what: str = "") -> None:
            shown.update(task, completed=done, total=of, what=what[:60])

        yield tell


def _lines() -> Callable[[int, int, str], None]:
    told = 0

    def tell(done: int, of: int, _what: str = "") -> None:
        nonlocal told
        if done == of or done * 10 // max(of, 1) > told:
            told = done * 10 // max(of, 1)
            click.echo(f"  {done} / {of}", err=True)

    return tell


class Questions:
    """The dialogue of ``init`` and ``create-admin`` (``runtime.setup.Dialogue``)."""

    def heading(self, title: Sentence) -> None:
        """Print what the next questions are about."""
        click.echo(f"\n{click.style(str(title), bold=True)}")

    def ask(self, how: Ask, before: str) -> str:
        """Ask one field; Enter keeps what stands in brackets, or leaves an optional one empty; of a closed list its number."""
        label = str(how.label) + ("" if how.required else " (можно пропустить)")
        if how.help is not None:
            click.echo(f"  {how.help}")
        known = how.choices if isinstance(how.choices, tuple) else ()
        if known:
            click.echo("  " + "; ".join(f"{number} {one.label}" for number, one in enumerate(known, 1)))
        default = before if before or not how.required else None
        answer = str(click.prompt(label, default=default, show_default=bool(before)))
        return {str(number): one.value for number, one in enumerate(known, 1)}.get(answer, answer)

    def refuse(self, why: Sentence) -> None:
        """Say why an answer does not pass."""
        click.echo(click.style(str(why), fg="red"), err=True)

    def more(self, what: Sentence) -> bool:
        """Ask whether there is another one."""
        return click.confirm(str(what), default=False)
