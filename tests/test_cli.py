"""The command line as a whole: quick to answer, the same under ``flask``, and no traceback for a person's mistake."""

import dataclasses
import re
import subprocess
import sys

import docx
import pytest

from tests.command import ROOT, clean_environment, done, refused, run
from tests.core.documents import samples
from workflow_app import config
from workflow_app.documents.docx import write
from workflow_app.documents.kinds import registry

COMMANDS = (
    "demo",
    "story",
    "check",
    "check-document",
    "init",
    "tick",
    "backup",
    "restore",
    "create-admin",
    "serve",
    "sweep",
    "sbom",
    "db",
)
HEAVY = (
    "alembic",
    "argon2",
    "docx",
    "flask",
    "fpdf",
    "jinja2",
    "pypdfium2",
    "rich",
    "sqlalchemy",
    "transitions",
    "waitress",
    "werkzeug",
)

SELDOM = {
    "PIL", "alembic", "asn1crypto", "cryptography", "docx", "flask_migrate", "highspy", "holidays", "mako", "mammoth", "numpy", "pyhanko",
    "pypdfium2", "snowballstemmer", "xlsxwriter", "zxcvbn",
}  # fmt: skip


def test_help_names_every_command_in_russian(tmp_path):
    told = done("--help", cwd=tmp_path)
    assert [one for one in COMMANDS if f"\n  {one} " not in told] == []
    assert "Папка экземпляра" in told
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("arguments", [["--help"], ["demo", "--help"], ["check", "--help"], ["--version"]])
def test_help_loads_nothing_heavy(arguments):
    script = (
        f"import sys\nfrom workflow_app.cli import main\n"
        f"try: main({arguments!r}, standalone_mode=False)\nexcept SystemExit: pass\n"
        f"print('LOADED', *sorted(set({HEAVY!r}) & set(sys.modules)))\n"
    )
    found = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=clean_environment(), capture_output=True, text=True, check=True
    )
    assert found.stdout.splitlines()[-1] == "LOADED"


def test_the_application_loads_without_what_few_requests_ask_for(tmp_path):
    script = (
        f"import sys, workflow_app.app\nworkflow_app.app.create_app()\nprint(*sorted({SELDOM!r} & set(sys.modules)))"
    )
    command = [sys.executable, "-c", script]
    alone = clean_environment(WF_INSTANCE=str(tmp_path))
    found = subprocess.run(command, cwd=ROOT, env=alone, capture_output=True, text=True, check=True)
    assert found.stdout == "\n"


@pytest.mark.parametrize("name", [one for one in COMMANDS if one != "db"])
def test_every_command_is_there_under_flask_too(name):
    """decisions.md 25; ``flask db`` is Flask-Migrate's."""
    from importlib.metadata import entry_points

    from workflow_app import cli

    (found,) = [one for one in entry_points(group="flask.commands") if one.name == name]
    assert found.load() is getattr(cli, name.replace("-", "_"))


def flask(*arguments: str, instance) -> str:
    return done("--app", "workflow_app.app", *arguments, module="flask", WF_INSTANCE=str(instance))


def test_under_flask_a_variable_names_the_instance(tmp_path):
    instance = tmp_path / "centre"
    flask("db", "upgrade", instance=instance)
    assert (instance / "workflow.db").exists()
    assert '"ok": true' in flask("check", "--json", instance=instance)


def test_a_mistyped_instance_is_refused_and_not_made(tmp_path):
    for command in (["check"], ["tick"], ["serve"], ["sweep"], ["backup", "x.zip"], ["create-admin"]):
        assert "нет" in refused("--instance", tmp_path / "centr", *command, cwd=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_document_is_measured_by_the_rules_of_its_layout(tmp_path):
    good, bad = tmp_path / "Приказ.docx", tmp_path / "Чужой.docx"
    good.write_bytes(write.write(registry.kind("order").compose(samples.order())))
    docx.Document().save(bad)
    assert "Приказ.docx: в порядке" in done("check-document", good)
    told = run("check-document", good, bad)
    assert told.returncode == 1
    assert "Чужой.docx: не так" in told.stdout
    assert "Язык документа – русский." in told.stdout
    assert "Traceback" not in told.stderr


def test_a_bad_setting_is_told_in_words(tmp_path):
    (tmp_path / "config.toml").write_text("tick_seconds = 'soon'", encoding="utf-8")
    assert "tick_seconds" in refused("--instance", tmp_path, "check")
    (tmp_path / "config.toml").write_text("argon2_memory_kib = 31", encoding="utf-8")
    assert "argon2_memory_kib" in refused("--instance", tmp_path, "check")


def test_a_folder_that_may_not_be_written_is_told_in_one_line(tmp_path):
    (tmp_path / "file").write_text("", encoding="ascii")
    assert "file" in refused("--instance", tmp_path / "file" / "i", "db", "upgrade")


def test_a_database_that_does_not_answer_is_told_in_words(tmp_path):
    (tmp_path / "i").mkdir()
    assert "не отвечает" in refused(
        "--instance", tmp_path / "i", "check", WF_DATABASE_URL="postgresql://nobody@127.0.0.1:1/none"
    )


def test_an_unknown_command_is_the_users_mistake():
    found = run("chek")
    assert found.returncode == 2
    assert "Traceback" not in found.stderr


def test_the_example_of_settings_names_every_setting_with_its_own_value(tmp_path):
    """What stands there behind ``#`` is read as the settings would be."""
    lines = (ROOT / "instance" / "config.example.toml").read_text(encoding="utf-8").splitlines()
    settings = [one.removeprefix("# ") for one in lines if re.match(r"# \w+ = ", one)]
    assert {one.split(" = ")[0] for one in settings} == {one.name for one in dataclasses.fields(config.Config)} - {
        "folder"
    }
    (tmp_path / "config.toml").write_text(
        "\n".join(one for one in settings if "secret_key" not in one), encoding="utf-8"
    )
    found, default = config.load(tmp_path, {}), config.Config(tmp_path)
    for one in dataclasses.fields(config.Config):
        if type(getattr(default, one.name)) is int or "limit" in one.name:
            assert getattr(found, one.name) == getattr(default, one.name)
