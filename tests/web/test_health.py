"""The health page: each part that fails is named with what to do; who reads it; what it costs."""

import json
import re
import shutil
from datetime import timedelta
from typing import NamedTuple

import pytest
from click.testing import CliRunner
from sqlalchemy import text, update

from tests.play import at
from tests.statements import count_statements
from tests.web.pages import plain
from workflow_app import clock, config
from workflow_app.cli import main
from workflow_app.conversion import libreoffice
from workflow_app.db import leases
from workflow_app.db.models import Job, JobItem, Lease, Outbox
from workflow_app.errors import WorkflowError
from workflow_app.operations import backup_mark, health
from workflow_app.operations.smtp import ATTEMPTS_MOST
from workflow_app.runtime import publish_checkpoint


class Usage(NamedTuple):
    total: int
    used: int
    free: int


@pytest.fixture
def settings(app):
    return app.extensions["workflow_config"]


@pytest.fixture
def well(quick_stage, app, settings, tmp_path, monkeypatch):
    """An instance that everything is well with: ticked, copied, with room and with LibreOffice."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _place: Usage(100 << 30, 50 << 30, 50 << 30))
    monkeypatch.setattr(libreoffice.Converter, "reads", lambda _self, _extension: True)
    monkeypatch.setattr(libreoffice.of(settings), "last", None)
    database = app.extensions["workflow_database"]
    with leases.held(database, leases.TICK):
        pass
    publish_checkpoint.checkpoint(database, settings)
    backup_mark.make(database, settings.folder, tmp_path / "night.zip", lambda _at, _of: None)
    return database


def parts(database, settings):
    return {one.key: one for one in health.report(database, settings).parts}


def wrong(database, settings):
    return [key for key, one in parts(database, settings).items() if one.state == "attention"]


def queued(stage, state, age, **more):
    with stage.database.transaction(keep=True) as session:
        job = Job(
            municipality_id=stage.municipality_id, person_id=stage.people["morozova"], name="bulk", title="Приказы", total=1,
            created_at=clock.now() - age, state=state, **more,
        )  # fmt: skip
        session.add(job)
        session.flush()
        session.add(JobItem(job_id=job.id, seq=1, subject_id=1, label="1"))


def letter(stage, age=timedelta(), **more):
    with stage.database.transaction(keep=True) as session:
        then = clock.now() - age
        session.add(
            Outbox(
                created_at=then, not_before=more.pop("not_before", then), to_address="a@example.ru", subject="Письмо", body="Текст",
                municipality_id=stage.municipality_id, template="digest", **more,
            )
        )  # fmt: skip


def test_all_is_well_in_one_sentence_and_nothing_is_said_at_home(well, settings, client_as):
    assert wrong(well, settings) == []
    admin = client_as("kuzmin")
    page = plain(admin.get("/health"))
    assert re.search("Всё работает; последняя копия [0-9]+ секунд[уы]? назад проверена", page)
    assert "night.zip: сделана и проверена." in page
    assert "Требуют внимания" not in plain(admin.get("/"))


def test_nobody_else_opens_the_page_or_is_told_at_home(quick_stage, client_as):
    for key in ("morozova", "sokolova", "bondarenko", "gradov"):
        client = client_as(key)
        assert client.get("/health").status_code == 403
        assert "Требуют внимания" not in plain(client.get("/"))


def test_a_full_disk_and_a_store_that_takes_nothing_or_is_gone_are_named(well, quick_stage, settings, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda place: place.stat() and Usage(100 << 30, 99 << 30, 1 << 30))
    full = OSError(28, "No space left on device")

    def refuse(_self, _data):
        raise full

    monkeypatch.setattr("pathlib.Path.write_bytes", refuse)
    root = quick_stage.database.blobs.root
    root.rename(root.with_name("gone"))
    try:
        assert wrong(well, settings) == ["storage", "disk"]  # a page, not an error
    finally:
        root.with_name("gone").rename(root)
    found = parts(well, settings)
    assert wrong(well, settings) == ["storage", "disk"]
    assert "Свободно 1,0 ГБ из 100,0 ГБ." in str(found["disk"].said)
    assert "Освободите место" in str(found["disk"].todo)
    assert "закончилось место" in str(found["storage"].said)


def test_a_backup_that_is_old_unchecked_spoilt_or_unknown_is_named(well, settings, tmp_path):
    with clock.at(clock.now() + timedelta(days=3)):
        found = parts(well, settings)["backup"]
        assert "копия устарела" in str(found.said)
        assert "workflow-app backup" in str(found.todo)
    copy = tmp_path / "night.zip"
    copy.write_bytes(copy.read_bytes()[:-200])
    with pytest.raises(WorkflowError):
        backup_mark.check(settings.folder, copy, lambda _at, _of: None)
    assert "проверка не прошла" in str(parts(well, settings)["backup"].said)
    mark = settings.folder / backup_mark.MARK
    mark.write_text(json.dumps(json.loads(mark.read_text()) | {"checked_at": None, "fault": ""}))
    assert "не проверена" in str(parts(well, settings)["backup"].said)
    mark.unlink()
    assert "Неизвестно" in str(parts(well, settings)["backup"].said)


def test_timers_that_stand_still_are_named_and_a_running_tick_is_well(well, settings):
    with clock.at(clock.now() + timedelta(hours=2)):
        found = parts(well, settings)["timers"]
        assert (found.state, "workflow-app serve" in str(found.todo)) == ("attention", True)
    with leases.held(well, leases.TICK):
        assert "прямо сейчас" in str(parts(well, settings)["timers"].said)
    with well.transaction(keep=True) as session:
        session.execute(update(Lease).values(until=leases.NEVER))
    assert "ни разу" in str(parts(well, settings)["timers"].said)


def test_a_queue_that_nobody_works_at_is_named_and_one_that_somebody_does_is_not(well, quick_stage, settings):
    queued(quick_stage, "waiting", timedelta(minutes=5))
    assert wrong(well, settings) == []
    queued(quick_stage, "waiting", timedelta(minutes=20))
    found = parts(well, settings)["jobs"]
    assert "Ждёт: 2, выполняется: 0. Их никто не берёт." in str(found.said)
    assert "workflow-app work" in str(found.todo)
    with leases.held(well, leases.WORK):
        assert wrong(well, settings) == []


def test_a_job_that_failed_today_is_named(well, quick_stage, settings):
    queued(quick_stage, "failed", timedelta(days=9), ended_at=clock.now() - timedelta(days=8))
    assert wrong(well, settings) == []
    queued(quick_stage, "failed", timedelta(hours=1), ended_at=clock.now())
    assert "За сутки не удалось: 1." in str(parts(well, settings)["jobs"].said)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"age": timedelta(hours=3), "attempts": ATTEMPTS_MOST, "error": "550"}, "За неделю не отправлено: 1."),
        ({"age": timedelta(hours=3), "attempts": 2, "error": "421"}, "Почтовый сервер не принимает: 1."),
        ({"age": timedelta(hours=3)}, "Их никто не отправляет."),
    ],
)
def test_letters_that_do_not_leave_are_named_and_led_to(well, quick_stage, settings, client_as, more, said):
    letter(quick_stage, **more)
    assert wrong(well, settings) == ["letters"]
    assert said in str(parts(well, settings)["letters"].said)
    admin = client_as("kuzmin")
    assert 'href="/letters"' in admin.get("/health").get_data(as_text=True)
    home = plain(admin.get("/"))
    assert "Требуют внимания: 1" in home
    assert said in home


def test_a_missing_converter_and_its_last_failure_are_named(well, settings, monkeypatch):
    pool = libreoffice.of(settings)
    monkeypatch.setattr(pool, "last", (clock.now(), libreoffice.LATE))
    assert "не справился" in str(parts(well, settings)["converter"].said)
    monkeypatch.setattr(libreoffice.Converter, "reads", lambda _self, _extension: False)
    found = parts(well, settings)["converter"]
    assert "LibreOffice на сервере нет" in str(found.said)
    assert "Установите LibreOffice" in str(found.todo)


def test_a_scanner_is_looked_at_where_one_is_set(well, settings, tmp_path):
    assert parts(well, settings)["scanner"].state == "off"
    known = config.Config(settings.folder, scanner=f"unix:{tmp_path / 'nobody'}")
    assert "Антивирус не отвечает" in str(parts(well, known)["scanner"].said)


def test_a_journal_that_is_not_signed_any_more_is_named(quick_stage, app, settings):
    at(quick_stage, "registered")
    database = app.extensions["workflow_database"]
    assert "Журнал ни разу не подписан." in str(parts(database, settings)["checkpoint"].said)
    with clock.at(clock.now() - timedelta(days=3650)):
        publish_checkpoint.checkpoint(database, settings)
    found = parts(database, settings)["checkpoint"]
    assert (found.state, "audit checkpoint" in str(found.todo)) == ("attention", True)


def test_a_database_that_cannot_be_read_is_one_trouble_and_not_six(well, settings, monkeypatch):
    monkeypatch.setattr(
        "workflow_app.operations.health.rows._size_of", lambda session: session.execute(text("SELECT x"))
    )
    assert wrong(well, settings) == ["database"]
    assert {parts(well, settings)[key].state for key in ("timers", "jobs", "letters", "checkpoint")} == {"unknown"}


def test_the_command_says_the_same_and_ends_with_1(settings, well, monkeypatch):
    run = CliRunner().invoke
    there = ["--instance", str(settings.folder), "health"]
    monkeypatch.setenv("WF_DATABASE_URL", settings.database_url)
    good = run(main, there)
    assert (good.exit_code, good.output.startswith("Всё работает; последняя копия")) == (0, True)
    monkeypatch.setattr(shutil, "disk_usage", lambda _place: Usage(100 << 30, 99 << 30, 1 << 30))
    assert "Место на диске: Требует внимания. Свободно 1,0 ГБ" in run(main, there).output
    bad = run(main, [*there, "--json"])
    told = json.loads(bad.output)
    assert (bad.exit_code, told["ok"], told["sentence"]) == (1, False, "Требуют внимания: 1")


def test_the_statements_do_not_grow(well, quick_stage, app, settings, client_as):
    admin, counts = client_as("kuzmin"), []
    for _ in range(2):
        with count_statements(well.engine) as told:
            admin.get("/health")
        counts.append(len(told))
        for _n in range(30):
            letter(quick_stage)
            queued(quick_stage, "waiting", timedelta())
    assert counts[0] == counts[1]
