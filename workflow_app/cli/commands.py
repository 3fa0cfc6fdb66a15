"""Commands of work: make an instance, serve it, prove it, keep it, bring it up to date."""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workflow_app.cli.shared import HELP, Told, command, folder, main, opened, settings
from workflow_app.errors import N_, WorkflowError

if TYPE_CHECKING:
    from workflow_app.config import Config

_DAYS = 7  # an orphan younger than this is left alone


@command("init")
@click.option("--from", "plan", type=click.Path(path_type=Path), help="Файл TOML или YAML с ответами вместо вопросов.")
def init(plan: Path | None) -> None:
    """Создать экземпляр: муниципалитет и центр, директор, организации, первый администратор."""
    from workflow_app import config
    from workflow_app.cli import terminal
    from workflow_app.db import checkpoints, migrate
    from workflow_app.db.session import open_database
    from workflow_app.runtime import setup

    asked = setup.read_plan(plan) if plan else setup.ask_plan(terminal.Questions())
    known = config.load(folder())
    migrate.upgrade(known.url)
    checkpoints.key_of(known.folder)
    database = open_database(known.url, known.folder / "blobs")
    try:
        made = setup.found(database, asked)
    finally:
        database.engine.dispose()
    click.echo("Экземпляр готов.")
    _print_link(known, made.link)


@command("create-admin")
@click.option("--municipality", default="", help="Название муниципалитета, если их несколько.")
@click.option("--last-name", default="")
@click.option("--first-name", default="")
@click.option("--middle-name", default="")
@click.option("--email", default="")
def create_admin(municipality: str, **given: str) -> None:
    """Добавить администратора учётных записей; ссылка для входа показывается один раз."""
    from workflow_app.cli import terminal
    from workflow_app.runtime import setup
    from workflow_app.states.forms import fill

    known = settings()
    with opened(known) as database:
        where = setup.only_municipality(database, municipality)
        head = fill(setup.Head, given) if given["last_name"] else setup.ask_sheet(setup.Head, terminal.Questions())
        link = setup.add_administrator(database, where, head)
    _print_link(known, link)


def _print_link(known: Config, link: str) -> None:
    from workflow_app import config

    address = known.base_url.rstrip("/") or config.LOCAL_SITE
    click.echo(f"Ссылка для администратора, действует один раз и 14 дней:\n{address}{link}")


@command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True)
def serve(host: str, port: int) -> None:
    """Запустить сервер экземпляра вместе с фоновой работой (сроки, письма)."""
    from workflow_app import server

    server.serve(settings(), host, port, lambda address: click.echo(f"Сервер работает: {address}"))


@command("check")
@click.option("--json", "as_json", is_flag=True, help="Результат одним объектом JSON.")
def check(as_json: bool) -> None:  # noqa: FBT001 - click's flag
    """Доказать, что состояния, журнал и файлы в порядке; иначе назвать первую плохую строку каждого рода."""
    from workflow_app.files import virus_scanner
    from workflow_app.operations import integrity

    known = settings()
    with opened(known) as database, database.snapshot() as session:
        found = integrity.report(session, database.blobs, lambda step: click.echo(f"… {step}", err=True))
    state = virus_scanner.state(known)
    if state.key == "away":
        found.append(integrity.Finding("scanner", known.scanner, state.sentence))
    elif not as_json:
        click.echo(str(state.sentence))
    _tell_findings(found, as_json=as_json)


@command("health")
@click.option("--json", "as_json", is_flag=True, help="Результат одним объектом JSON.")
def health(as_json: bool) -> None:  # noqa: FBT001 - click's flag
    """Сказать, как себя чувствует экземпляр: база, место, письма, очередь, копия; код 1, если что-то требует внимания."""
    from babel.dates import format_timedelta

    from workflow_app import clock
    from workflow_app.operations import health as state

    known = settings()
    with opened(known, current=False) as database:
        found = state.report(database, known)
    said = found.sentence(lambda at: format_timedelta(at - clock.now(), add_direction=True, locale="ru"))
    if as_json:
        rows = [
            {
                "part": one.key, "state": one.state, "at": one.at.isoformat() if one.at else None, "sentence": str(one.said),
                "todo": str(one.todo or ""),
            }
            for one in found.parts
        ]  # fmt: skip
        click.echo(
            json.dumps({"ok": not found.wrong, "sentence": str(said), "parts": rows}, ensure_ascii=False, indent=1)
        )
    else:
        click.echo(str(said))
        for one in found.parts:
            click.echo(f"{one.title}: {state.STATES[one.state][0]}. {one.said}{f' → {one.todo}' if one.todo else ''}")
    if found.wrong:
        sys.exit(1)


def _tell_findings(found: list[Any], *, as_json: bool) -> None:
    wrong = [one for one in found if not one.unproved]
    if as_json:
        rows, unproved = (
            [{"kind": one.kind, "row": one.row, "sentence": str(one.sentence)} for one in many]
            for many in (wrong, [one for one in found if one.unproved])
        )
        told = {"ok": not wrong, "findings": rows, "unproved": unproved}
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        for one in found:
            click.echo(str(one))
        click.echo("Всё в порядке." if not wrong else f"Найдено: {len(wrong)}.")
    if wrong:
        sys.exit(1)


@command("sbom")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Файл вместо вывода на экран.")
def sbom(out: Path | None) -> None:
    """Перечислить, из чего состоит установка: программа и все её пакеты, в форме CycloneDX (JSON)."""
    from workflow_app.cli import bill_of_materials

    text = json.dumps(bill_of_materials.bill(), ensure_ascii=False, indent=1)
    if out is None:
        click.echo(text)
    else:
        out.write_text(text + "\n", encoding="utf-8")


@command("check-document")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False, exists=True))
def check_document(files: tuple[Path, ...]) -> None:
    """Проверить оформление файлов DOCX по правилам ГОСТ Р 7.0.97; код 1, если где-то не так."""
    from workflow_app.documents.checks.run import check as checked

    wrong = 0
    for file in files:
        found = checked(file.read_bytes())
        wrong += bool(found)
        click.echo(f"{file.name}: {'не так' if found else 'в порядке'}")
        for one in found:
            click.echo(f"  {one.sentence} {one.place}".rstrip())
    if wrong:
        sys.exit(1)


@command("tick")
def tick() -> None:
    """Сделать то, чему вышел срок, и отправить письма. Безопасно в любое время и сколько угодно раз."""
    from workflow_app.cli import terminal
    from workflow_app.runtime import timers

    known = settings()
    with opened(known) as database, terminal.progress("Проверяем сроки") as tell:
        done = timers.tick(database, known, lambda at, of: tell(at, of, ""))
    if done.busy:
        click.echo("Это уже делает другой процесс.")
    for words, count in done.done.items():
        click.echo(f"{words}: {count}")
    click.echo(f"Писем отправлено: {done.letters}")
    if done.failed:
        raise click.ClickException("; ".join(done.failed))


@command("work")
def work() -> None:
    """Выполнить заказанное на страницах (архивы, утверждения) и прочитать новые файлы для поиска. Сервер serve делает это сам."""
    from workflow_app.runtime import job_worker

    known = settings()
    with opened(known) as database:
        done = job_worker.work(database, known)
        if done is None:
            raise WorkflowError(N_("Задания уже выполняет другой процесс: дождитесь его или остановите."))
        taken = job_worker.take_texts(database)
    click.echo(f"Строк заданий выполнено: {done}")
    if taken:
        click.echo(f"Файлов прочитано для поиска: {taken}")


@command("backup")
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Сохранить базу и все файлы дел в один архив, не останавливая работу."""
    from workflow_app.cli import terminal
    from workflow_app.operations import backup_mark

    known = settings()
    with opened(known) as database, terminal.progress("Сохраняем") as tell:
        made = backup_mark.make(database, known.folder, file, lambda at, of: tell(at, of, ""))
    click.echo(f"Сохранено частей: {len(made.parts)}, байт: {file.stat().st_size}")
    click.echo("Копия прочитана и проверена.")


@command("check-backup")
@click.argument("file", type=click.Path(path_type=Path))
def check_backup(file: Path) -> None:
    """Прочитать резервную копию целиком и сравнить каждую её часть с описью; базы это не касается."""
    from workflow_app.cli import terminal
    from workflow_app.operations import backup_mark

    with terminal.progress("Проверяем копию") as tell:
        found = backup_mark.check(settings().folder, file, lambda at, of: tell(at, of, ""))
    click.echo(f"Копия цела: частей {len(found.parts)}, сделана {found.made_at}")


@command("restore")
@click.argument("file", type=click.Path(path_type=Path))
def restore(file: Path) -> None:
    """Восстановить архив в пустой экземпляр и проверить его."""
    from workflow_app import config
    from workflow_app.cli import terminal
    from workflow_app.operations import backup as store
    from workflow_app.operations import integrity
    from workflow_app.runtime import backfill

    known = config.load(folder())
    with terminal.progress("Восстанавливаем") as tell:
        made = store.restore(known.url, known.folder, file, lambda at, of: tell(at, of, ""))
    click.echo(f"Восстановлено частей: {len(made.parts)}, копия от {made.made_at}")
    with opened(known) as database:
        backfill.reckon_all(database)  # the copy may be of an older version
        with database.snapshot() as session:
            found = integrity.report(session, database.blobs)
    _tell_findings(found, as_json=False)


@command("sweep")
@click.option(
    "--older-than",
    type=click.IntRange(1, 36_500),
    default=_DAYS,
    show_default=True,
    help="Дней: более новое не трогать.",
)
def sweep(older_than: int) -> None:
    """Убрать лишнее: файлы, на которые не ссылается ни одна строка, и старые картинки просмотра."""
    from workflow_app import clock
    from workflow_app.operations import job_queue
    from workflow_app.operations import sweep as store

    known = settings()
    with opened(known) as database:
        job_queue.forget_old(database)
        done = store.sweep(database, known.folder / "cache", clock.now() - timedelta(days=older_than))
    click.echo(
        f"Убрано файлов: {done.orphans} ({done.size} байт), недополученных: {done.unfinished}, картинок: {done.pictures}"
    )


@main.group("db", context_settings=HELP)
def database_commands() -> None:
    """База данных."""


@database_commands.command("upgrade", cls=Told, context_settings=HELP)
def upgrade() -> None:
    """Привести базу к этой версии программы."""
    from workflow_app import config
    from workflow_app.db import migrate
    from workflow_app.runtime import backfill

    known = config.load(folder())
    migrate.upgrade(known.url)
    with opened(known) as database:
        backfill.reckon_all(database)
        adopted = backfill.adopt_all(database)
        seeded = backfill.seed_all(database)
    click.echo(f"База данных: версия {migrate.head()}")
    if seeded:
        click.echo(f"Заведено новых оценочных листов: {seeded}.")
    if adopted:
        click.echo(
            f"Закреплено в журнале записей, сделанных прежней версией: {adopted}. Что изменено мимо программы до этого дня, "
            "доказуемо только тем, что хранят сами прежние записи: выпущенными документами, состояниями и их цепочкой."
        )


@database_commands.command("rebuild", cls=Told, context_settings=HELP)
def rebuild() -> None:
    """Посчитать заново, что ведётся рядом с записями (кто как к ним стоит, что кого ждёт, поиск, сроки этапов, работа экспертов)."""
    from workflow_app.facts import past_work, search_rows, standing_rows, stays, timeliness

    with opened() as database:
        changed = standing_rows.rebuild(database) + search_rows.rebuild(database) + stays.rebuild(database)
        changed += timeliness.fill(database) + past_work.rebuild(database)
    click.echo(f"Строк исправлено: {changed}" if changed else "Всё посчитано верно.")


@database_commands.command(
    "downgrade", cls=Told, context_settings=HELP | {"ignore_unknown_options": True, "allow_extra_args": True}
)
def downgrade() -> None:
    """Не выполняется: к прежней версии возвращаются из резервной копии."""
    from workflow_app.db import migrate

    raise WorkflowError(migrate.NEVER_BACK)
