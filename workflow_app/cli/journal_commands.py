"""Commands of the journal's proofs: make a checkpoint, export the journal, prove an export without the database."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from workflow_app.cli.shared import HELP, Told, main, opened, settings


@main.group("audit", context_settings=HELP)
def audit() -> None:
    """Журнал: контрольные точки и проверка без базы."""


@audit.command("checkpoint", cls=Told, context_settings=HELP)
def checkpoint() -> None:
    """Сделать контрольную точку сейчас: подписать вершины цепочек, записать файл, отправить письма."""
    from workflow_app.runtime import publish_checkpoint, timers

    known = settings()
    with opened(known) as database:
        row = publish_checkpoint.checkpoint(database, known)
        timers.send_letters(database, known)
    if row is None:
        click.echo("С прошлой контрольной точки ничего не изменилось.")
    else:
        click.echo(f"Контрольная точка № {row.id}: {publish_checkpoint.place(known.folder, row)}")


@audit.command("export", cls=Told, context_settings=HELP)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export(file: Path) -> None:
    """Выгрузить журнал в файл: записи без содержания, контрольные точки, отпечатки журнала доступа."""
    from workflow_app.errors import N_, WorkflowError
    from workflow_app.operations import journal_export

    if file.exists():
        raise WorkflowError(N_("Файл %(file)s уже есть: укажите другое имя.", file=file.name))
    draft, count = file.with_name(f".{file.name}.part"), 0
    with opened() as database, database.snapshot() as session:
        try:
            with draft.open("w", encoding="utf-8", newline="\n") as handle:
                draft.chmod(0o600)  # it says who acted when, and from which address
                for line in journal_export.lines(session):
                    handle.write(line)
                    count += 1
            draft.replace(file)
        finally:
            draft.unlink(missing_ok=True)
    click.echo(f"Выгружено строк: {count}")


@audit.command("verify", cls=Told, context_settings=HELP)
@click.argument("export_file", metavar="EXPORT", type=click.Path(dir_okay=False, exists=True, path_type=Path))
@click.option(
    "--checkpoint", "kept", multiple=True, required=True, type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="Контрольная точка, которая хранилась вне центра: файл или сохранённое письмо. Можно несколько.",
)  # fmt: skip
def verify(export_file: Path, kept: tuple[Path, ...]) -> None:
    """Доказать выгрузку по контрольным точкам. База и экземпляр не нужны; код 1, если журнал не тот."""
    from workflow_app.db import signed_note
    from workflow_app.operations import journal_check

    known = [signed_note.read(signed_note.of_letter(one.read_bytes())) for one in kept]
    with export_file.open(encoding="utf-8", errors="replace") as lines:
        found = journal_check.check(lines, known)
    for one in known:
        click.echo(f"Контрольная точка № {one.number} от {one.at}, подпись верна, ключ {one.fingerprint}")
    click.echo(f"Цепочек: {found.chains}, записей: {found.events}, записей в журнале контрольных точек: {found.leaves}")
    for row, words in found.faults:
        click.echo(f"{row}: {words}")
    click.echo("Журнал тот самый." if not found.faults else f"Найдено: {len(found.faults)}.")
    if found.faults:
        sys.exit(1)
