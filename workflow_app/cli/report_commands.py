"""``workflow-app report``: the report on the programme as it stands, into a file; nothing is issued."""

from __future__ import annotations

from pathlib import Path
from typing import Any

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
    from workflow_app.documents.content.snapshot import Issue, RecordMaterial
    from workflow_app.facts import deadlines, naming
    from workflow_app.facts import report as reports
    from workflow_app.gate.issuing.render import draft_of_record
    from workflow_app.wiring import wire

    wire()
    with opened(settings()) as database, database.snapshot() as session:
        homes = session.scalars(select(Municipality).order_by(Municipality.id)).all()
        chosen = [one for one in homes if not municipality or one.name == municipality]
        found: list[tuple[int, Record]] = [
            (one.id, row) for one in chosen if (row := reports.latest(session, one.id, kind)) is not None
        ]
        if len(found) != 1:
            raise click.ClickException(
                "Отчёты есть в нескольких муниципалитетах: назовите один ключом --municipality."
                if found
                else f"Нет {_KINDS[kind]} отчёта: внесите его на странице «Отчёты программы»."
            )
        home, row = found[0]
        today = deadlines.today(session, home)
        card: Any = reports.told(session, row)
        material = RecordMaterial(naming.centre_card(session, home, today), Issue(date=today), card)
        out.write_bytes(draft_of_record(session, home, "programme_report", material, database.blobs))
    click.echo(f"Записано: {out}")
