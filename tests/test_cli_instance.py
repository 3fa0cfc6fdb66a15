"""An instance from its first hour: ``init``, ``create-admin``, ``check``, ``tick``, ``backup``, ``restore``, ``db upgrade``, ``serve``."""

import errno
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tomllib
import urllib.request
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from sqlalchemy import select

from tests.command import clean_environment, done, refused, run
from workflow_app import config
from workflow_app.cli import main
from workflow_app.db import leases, migrate
from workflow_app.db.models import CriteriaRow, Event, Membership, Municipality, Organization, Person, RequisitesRow
from workflow_app.db.session import open_database
from workflow_app.features.people import tokens
from workflow_app.operations import job_queue
from workflow_app.runtime import job_worker

PLAN = """
[municipality]
name = "Муниципальное образование «Новый округ» (учебный пример)"
zone = "Asia/Omsk"

[centre]
short_name = "МБУ МЦ"
full_name = "Муниципальное бюджетное учреждение «Методический центр»"
municipality_genitive = "муниципального образования «Новый округ»"
city = "г. Новый"
address = "644000, г. Новый, ул. Школьная, 1"
ministry = "Министерство образования области"
commission = "аттестационной комиссии Министерства образования области"

[director]
last_name = "Яковлева"
first_name = "Анна"
middle_name = "Сергеевна"
email = "director@example.ru"

[administrator]
last_name = "Титов"
first_name = "Олег"
email = "admin@example.ru"

[[organizations]]
name = "МБОУ «Школа № 2» (учебный пример)"
genitive = "МБОУ «Школа № 2» (учебный пример)"

[[organizations]]
name = "Областной институт (учебный пример)"
genitive = "Областного института (учебный пример)"
outside = true
"""


@pytest.fixture(scope="module")
def founded(tmp_path_factory) -> tuple[Path, str]:
    """An instance made by ``init`` from a file, to be copied; what the command printed."""
    folder = tmp_path_factory.mktemp("founded")
    (folder / "plan.toml").write_text(PLAN, encoding="utf-8")
    return folder / "centre", done("--instance", folder / "centre", "init", "--from", folder / "plan.toml")


@pytest.fixture
def centre(founded, tmp_path: Path) -> Path:
    shutil.copytree(founded[0], tmp_path / "centre")
    return tmp_path / "centre"


def session_of(folder: Path):
    settings = config.load(folder, {})
    return open_database(settings.url, settings.folder / "blobs").transaction(keep=False)


def secret_of(printed: str) -> str:
    return re.search(r"http://127\.0\.0\.1:8000/take/([\w-]{40,})", printed)[1]


def test_init_makes_a_centre_that_can_work(centre):
    with session_of(centre) as session:
        place = session.scalars(select(Municipality)).one()
        assert (place.name, place.zone) == ("Муниципальное образование «Новый округ» (учебный пример)", "Asia/Omsk")
        assert session.scalars(select(RequisitesRow)).one().data["short_name"] == "МБУ МЦ"
        assert sorted(session.scalars(select(Organization.outside))) == [False, True]
        assert set(session.scalars(select(CriteriaRow.state))) == {"in_force"}
        roles = {one.last_name: [m.role for m in one.memberships] for one in session.scalars(select(Person))}
        assert roles == {"Яковлева": ["director"], "Титов": ["admin"]}
        acts = session.execute(select(Event.via, Event.transition)).all()
        assert {via for via, _ in acts} == {"command", "system"}
        assert {name for via, name in acts if via == "system"} == {
            "enter_force"
        }  # the program's own sheets: else the director's (R27)
    assert "Всё в порядке." in done("--instance", centre, "check")


def test_everything_of_an_instance_is_its_owners_alone(centre):
    """security.md 78: the folder bars the way, and the database says so itself, wherever it is carried to."""
    assert centre.stat().st_mode & 0o777 == 0o700
    for name in ("workflow.db", "secret.key"):
        assert (centre / name).stat().st_mode & 0o777 == 0o600, name
    (centre / "workflow.db").chmod(0o644)
    done("--instance", centre, "check")
    assert (centre / "workflow.db").stat().st_mode & 0o777 == 0o600


def test_check_says_how_the_virus_scanner_stands(centre):
    assert "Антивирус не настроен" in done("--instance", centre, "check")
    away = run("--instance", centre, "check", WF_SCANNER=f"unix:{centre}/no-such-daemon")
    assert away.returncode == 1
    assert "Антивирус не отвечает" in away.stdout


def test_the_link_of_the_first_administrator_works_and_only_its_digest_is_kept(founded, centre):
    secret = secret_of(founded[1])
    with session_of(centre) as session:
        _row, person = tokens.find(session, secret, tokens.INVITATION)
        assert person.last_name == "Титов"
    stored = b"".join(one.read_bytes() for one in centre.rglob("*") if one.is_file())
    assert secret.encode() not in stored


def test_nobody_can_log_in_before_the_link_is_used(centre):
    """security.md 10: no default account."""
    with session_of(centre) as session:
        assert {(one.login, one.password_hash) for one in session.scalars(select(Person))} == {(None, None)}


def test_init_takes_yaml_too(tmp_path):
    (tmp_path / "plan.yaml").write_text(yaml.safe_dump(tomllib.loads(PLAN), allow_unicode=True), encoding="utf-8")
    assert secret_of(done("--instance", tmp_path / "i", "init", "--from", tmp_path / "plan.yaml"))


def test_init_asks_what_it_needs_and_asks_again_what_does_not_pass(tmp_path):
    answers = [
        "Муниципалитет (учебный пример)", "Asia/Nowhere", "",  # the zone is asked again, Enter takes what is offered
        "2026-01-01", "МЦ", "Методический центр", "округа", "г. Новый", "ул. Школьная", "", "", "", "",
        "Министерство", "комиссии", "", "", "", "",
        "Яковлева", "Анна", "", "не адрес", "a@example.ru",
        "Титов", "Олег", "", "",
        "y", "Школа № 2", "Школы № 2", "1", "", "", "n",
    ]  # fmt: skip
    found = CliRunner().invoke(main, ["--instance", str(tmp_path / "i"), "init"], input="\n".join(answers) + "\n")
    assert found.exit_code == 0, found.output
    assert "Такой зоны нет" in found.output
    assert "Адрес вида name@example.ru." in found.output
    with session_of(tmp_path / "i") as session:
        assert session.scalars(select(Person.email).order_by(Person.id)).all() == ["a@example.ru", ""]
        place = session.scalars(select(Organization)).one()
        assert (place.name, place.type) == ("Школа № 2", "school")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("city = ", "town = "), "town"),
        (('short_name = "МБУ МЦ"', ""), "short_name"),
        (("Asia/Omsk", "Mars/Base"), "зоны нет"),
        (("[director]", "[director"), "не читается"),
        (('[[organizations]]\nname = "МБОУ «Школа № 2» (учебный пример)"', '[[organizations]]\nname = ""'), "organizations[0]"),
        (("[administrator]", "[keeper]"), "разделы"),
    ],
)  # fmt: skip
def test_a_plan_that_does_not_pass_is_told_by_its_place_and_makes_nothing(tmp_path, change, told):
    (tmp_path / "plan.toml").write_text(PLAN.replace(*change, 1), encoding="utf-8")
    assert told in refused("--instance", tmp_path / "i", "init", "--from", tmp_path / "plan.toml")
    assert not (tmp_path / "i").exists()


def test_the_same_municipality_is_not_founded_twice(founded, centre):
    plan = founded[0].parent / "plan.toml"
    assert "уже заведён" in refused("--instance", centre, "init", "--from", plan)


def test_another_administrator_gets_a_link_of_their_own(centre):
    printed = done(
        "--instance",
        centre,
        "create-admin",
        "--last-name",
        "Орехова",
        "--first-name",
        "Вера",
        "--email",
        "v@example.ru",
    )
    with session_of(centre) as session:
        _row, person = tokens.find(session, secret_of(printed), tokens.INVITATION)
        assert person.full_name == "Орехова Вера"
        assert session.scalars(select(Membership.role).where(Membership.person_id == person.id)).all() == ["admin"]


def test_an_administrator_is_asked_for_when_no_name_is_given(centre):
    printed = done("--instance", centre, "create-admin", typed="Орехова\nВера\n\n\n")
    assert secret_of(printed)


def test_tick_is_quiet_when_nothing_is_due(centre):
    done("--instance", centre, "tick")
    assert done("--instance", centre, "tick") == "Писем отправлено: 0\n"


def test_check_names_the_bad_row_and_its_exit_status_says_so(centre):
    with sqlite3.connect(centre / "workflow.db") as database:
        database.execute("UPDATE person SET state = 'active' WHERE last_name = 'Титов'")
        (id_,) = database.execute("SELECT id FROM person WHERE last_name = 'Титов'").fetchone()
    database.close()
    found = run("--instance", centre, "check", "--json")
    assert found.returncode == 1
    report = json.loads(found.stdout)
    assert (report["ok"], [(one["kind"], one["row"]) for one in report["findings"]]) == (False, [("person", f"{id_}")])
    assert "Состояние «active" in run("--instance", centre, "check").stdout


def test_a_backup_is_restored_elsewhere_and_proved(centre, tmp_path):
    done("--instance", centre, "backup", tmp_path / "copy.zip")
    assert "уже есть" in refused("--instance", centre, "backup", tmp_path / "copy.zip")
    assert "Всё в порядке." in done("--instance", tmp_path / "other", "restore", tmp_path / "copy.zip")
    with session_of(tmp_path / "other") as session, session_of(centre) as before:
        digests = select(Event.digest).order_by(Event.id)
        assert session.scalars(digests).all() == before.scalars(digests).all()
    assert "не пуст" in refused("--instance", centre, "restore", tmp_path / "copy.zip")


def test_sweep_leaves_what_rows_name_and_what_is_young(centre):
    settings = config.load(centre, {})
    database = open_database(settings.url, settings.folder / "blobs")
    young = database.blobs.put_bytes(b"young")
    old = database.blobs.put_bytes(b"old")
    os.utime(database.blobs.path(old.sha256), (0, 0))
    database.engine.dispose()
    assert "Убрано файлов: 1 (3 байт)" in done("--instance", centre, "sweep")
    assert database.blobs.exists(young.sha256)
    assert not database.blobs.exists(old.sha256)
    assert "999999999999" in refused("--instance", centre, "sweep", "--older-than", "999999999999")


@pytest.mark.parametrize("command", [["serve", "--port", "0"], ["check"], ["tick"], ["create-admin"]])
def test_a_database_that_is_behind_is_not_worked_on(tmp_path, command):
    migrate.upgrade(config.load(tmp_path / "i", {}).url, "0001")
    sentence = refused("--instance", tmp_path / "i", *command)
    assert "workflow-app db upgrade" in sentence


@pytest.mark.parametrize("command", [["serve", "--port", "0"], ["check"], ["tick"], ["work"], ["backup", "copy.zip"]])
def test_an_instance_that_was_never_made_is_sent_to_init_and_nothing_is_made(tmp_path, command):
    config.load(tmp_path / "i", {})
    before = sorted(tmp_path.rglob("*"))
    assert "workflow-app init" in refused("--instance", tmp_path / "i", *command, cwd=tmp_path)
    if command[0] != "serve":  # which has made its folders by then
        assert sorted(tmp_path.rglob("*")) == before
    assert not (tmp_path / "i" / "workflow.db").exists()


def test_a_database_of_a_newer_program_is_not_worked_on(centre):
    with sqlite3.connect(centre / "workflow.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    assert "новее программы" in refused("--instance", centre, "check")


@pytest.mark.parametrize("rest", [[], ["base"], ["-1"], ["0001", "--sql"]])
def test_db_downgrade_points_to_the_backups(centre, rest):
    assert "workflow-app restore" in refused("--instance", centre, "db", "downgrade", *rest)
    with session_of(centre) as session:
        assert session.scalars(select(Municipality)).one()


@pytest.mark.parametrize("rest", [[], ["base"], ["0001"]])
def test_the_downgrade_of_flask_points_to_the_backups_too(centre, rest):
    downgrade = ("--app", "workflow_app.app", "db", "downgrade", *rest)
    found = run(*downgrade, module="flask", WF_INSTANCE=str(centre))
    assert found.returncode != 0
    assert "workflow-app restore" in found.stdout + found.stderr
    assert "Traceback" not in found.stderr
    with session_of(centre) as session:
        assert session.scalars(select(Municipality)).one()


def test_db_upgrade_of_a_newer_database_is_refused_in_a_sentence(centre):
    with sqlite3.connect(centre / "workflow.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    assert "новее программы" in refused("--instance", centre, "db", "upgrade")


def test_a_locked_database_is_told_in_a_sentence(centre, monkeypatch):
    """In this process, so that the patience can be cut short."""
    from workflow_app.db import session

    monkeypatch.setattr(session, "BUSY_MS", 50)
    with sqlite3.connect(centre / "workflow.db", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        found = CliRunner().invoke(main, ["--instance", str(centre), "tick"])
    other.close()
    assert (found.exit_code, "Traceback" in found.output) == (1, False)
    assert "занята другой работой" in found.output


def test_work_that_another_process_does_says_so(centre):
    settings = config.load(centre, {})
    database = open_database(settings.url, settings.folder / "blobs")
    with database.transaction(keep=True) as session:
        owner = session.scalars(select(Person)).first()
        job_queue.enqueue(session, owner, owner.municipality_id, "archive", "Архив", [(1, "1")])
    with leases.held(database, job_worker.LEASE):
        assert "другой процесс" in refused("--instance", centre, "work")
    database.engine.dispose()


def test_paths_that_do_not_fit_are_told_in_russian(centre, tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("x", encoding="utf-8")
    other = tmp_path / "other"
    assert "папка" in refused("--instance", centre, "backup", tmp_path / "folder")
    assert "занято файлом" in refused("--instance", centre, "backup", tmp_path / "file" / "copy.zip")
    assert "папка" in refused("--instance", other, "restore", tmp_path / "folder")
    assert "нет" in refused("--instance", other, "restore", tmp_path / "missing.zip")
    assert "повреждён или это не" in refused("--instance", other, "restore", tmp_path / "file")


@pytest.mark.parametrize("command", [["backup", "copy.zip"], ["restore", "kept.zip"]])
def test_a_full_disk_is_told_in_a_sentence_and_leaves_nothing_half_made(centre, tmp_path, monkeypatch, command):
    done("--instance", centre, "backup", tmp_path / "kept.zip")
    monkeypatch.chdir(tmp_path)

    def full(*_given, **_named):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("workflow_app.operations.backup.os.fsync", full)
    where = centre if command[0] == "backup" else tmp_path / "other"
    found = CliRunner().invoke(main, ["--instance", str(where), *command])
    assert (found.exit_code, "закончилось место" in found.output) == (1, True), found.output
    assert not (tmp_path / "copy.zip").exists()
    assert not (tmp_path / "other" / "workflow.db").exists()


def test_db_upgrade_brings_an_empty_database_to_this_version(tmp_path):
    assert f"{migrate.head()}" in done("--instance", tmp_path / "i", "db", "upgrade")
    assert "Всё в порядке." in done("--instance", tmp_path / "i", "check")


def test_the_server_answers_at_the_address_it_prints_and_ends_when_told(centre):
    command = [sys.executable, "-m", "workflow_app", "--instance", str(centre), "serve", "--port", "0"]
    with subprocess.Popen(command, env=clean_environment(), stdout=subprocess.PIPE, text=True) as server:
        try:
            address = re.search(r"http://\S+", server.stdout.readline())[0]
            with urllib.request.urlopen(f"{address}/login", timeout=60) as answer:  # noqa: S310 - our own address
                assert answer.status == 200
            assert "занят" in refused("--instance", centre, "serve", "--port", address.rpartition(":")[2])
            server.terminate()
            assert server.wait(60) == 0
        finally:
            server.kill()
