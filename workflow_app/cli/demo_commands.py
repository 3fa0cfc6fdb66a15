"""Commands of play: the demo centre in a browser, the story without one."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from workflow_app.cli.shared import command, folder


@command("demo")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Порт на этой машине; 0 — любой свободный.",
)
@click.option("--fresh", is_flag=True, help="Собрать учебный центр заново, с новыми паролями.")
@click.option("--no-serve", is_flag=True, help="Только собрать, сервер не запускать.")
def demo(port: int, fresh: bool, no_serve: bool) -> None:  # noqa: FBT001 - click's flags
    """Учебный центр с делами во всех состояниях: собрать и открыть в браузере."""
    from workflow_app import server
    from workflow_app.cli import terminal
    from workflow_app.demo import instance as rehearsal

    if not no_serve:
        server.demand_free("127.0.0.1", port)
    home = folder() / "demo"
    port = port or server.free_port("127.0.0.1")  # the papers name it, so it is chosen before they are made
    site = f"http://127.0.0.1:{port}"
    if fresh or not (home / rehearsal.MARKER).is_file():
        with terminal.progress("Готовим учебный центр (около минуты, только в первый раз)") as tell:
            known = rehearsal.prepare(home, fresh=fresh, progress=tell, site=site)
    else:
        known = rehearsal.prepare(home, fresh=False)
        if (built := rehearsal.built_for(home)) and built != site:
            click.echo(
                f"QR-коды документов, выданных раньше, ведут на {built}. Собрать заново с этим адресом: --fresh."
            )
    if no_serve:
        _print_accounts(home)
        return
    server.serve(known, "127.0.0.1", port, lambda address: _welcome(address, home))


def _welcome(address: str, home: Path) -> None:
    click.echo(f"\nСервер работает: {address}\n")
    _print_accounts(home)
    click.echo("\nОстановить: Ctrl+C. Собрать заново: --fresh.")
    sys.stdout.flush()


def _print_accounts(home: Path) -> None:
    from workflow_app.demo import instance as rehearsal

    for one in rehearsal.accounts(home):
        click.echo(f"  {one['role']:<15} {one['login']:<12} {one['password']:<22} {one['name']}")
    click.echo(f"\nЭти учётные записи: {home / rehearsal.ACCOUNTS}; все до одной: {home / rehearsal.EVERYBODY}")


@command("story")
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    help="Папка для документов; пустая или прежняя папка этой команды.",
)
@click.option(
    "--material", type=click.Path(path_type=Path), help="Файл инновационного продукта вместо программы центра."
)
@click.option("--json", "as_json", is_flag=True, help="Отчёт одним объектом JSON.")
def story(out: Path, material: Path | None, as_json: bool) -> None:  # noqa: FBT001 - click's flag
    """Провести три вида дел от черновика до утверждения без браузера, через ту же проверку прав."""
    from workflow_app.demo import story as rehearsal

    report = rehearsal.play(out, material, lambda step: click.echo(f"… {step}", err=True))
    if as_json:
        click.echo(rehearsal.as_json(report))
    else:
        for one in report["cases"]:
            click.echo(
                f"{one['number']}: {' → '.join(one['states'])}; событий {one['events']}, документов {len(one['documents'])}"
            )
    for difference in report.get("differences", ()):
        click.echo(difference, err=True)
    if report.get("differences") or not report["audit_ok"]:
        sys.exit(1)
