"""``workflow-app report``: the report on the programme as it stands, into a file; nothing is issued."""

from __future__ import annotations

from pathlib import Path

import click

from workflow_app.cli.shared import command, opened, settings

_KINDS = {"interim": "промежуточного", "final": "итогового"}


@command("report")
@click.argument("kind", type=click.Choice(sorted(_KINDS)))
@click.option(
    "--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="Файл DOCX, который будет записан."
)
@click.option("--municipality", default="", help="Название муниципалитета, если их несколько.")
def report(kind: str, out: Path, municipality: str) -> None:
    """Записать отчёт программы, каким он был бы сейчас: без номера, ничего не выпуская."""
    from sqlalchemy import select

    from workflow_app.db.models import Municipality, Record
    from workflow_app.facts import report as reports
    from workflow_app.gate.issuing import records
    from workflow_app.wiring import wire

    wire()
    with opened(settings()) as database, database.snapshot() as session:
        homes = session.scalars(select(Municipality).order_by(Municipality.id)).all()
        chosen = [one for one in homes if not municipality or one.name == municipality]
        rows: list[Record | None] = [reports.latest(session, one.id, kind) for one in chosen]
        found = [one for one in rows if one is not None]
        if len(found) != 1:
            raise click.ClickException(
                "Отчёты есть в нескольких муниципалитетах: назовите один ключом --municipality."
                if found
                else f"Нет {_KINDS[kind]} отчёта: внесите его на странице «Отчёты программы»."
            )
        out.write_bytes(records.draft(session, found[0], "programme_report", database.blobs))
    click.echo(f"Записано: {out}")
