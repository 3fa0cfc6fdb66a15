"""What a centre installs is the wheel, not this folder: it has to bring everything and run far from here."""

import ast
import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "workflow_app"
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
    "db",
)
# What is needed without an import: the server is named on a command line, the htmx wheel holds only static files, the
# zone data is read by the standard library, WTForms loads the judge of addresses, pypdfium2 the pictures.
LOADED_BY_NAME = {"tzdata", "waitress", "django-js-lib-htmx", "email-validator", "pillow"}
LEFT_OUT = re.compile(r"__pycache__|\.py[co]$|\.pot$")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """The wheel, built offline by the build backend of the lock."""
    folder = tmp_path_factory.mktemp("wheel")
    run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], ROOT)
    (found,) = folder.glob("workflow_app-*.whl")
    return found


@pytest.fixture(scope="module")
def elsewhere(wheel, tmp_path_factory) -> Path:
    """A fresh virtual environment with the wheel in it, outside the checkout; its folder of programs.

    The libraries are those of the running environment, put on its path by a file of the kind that ``site`` reads. Such
    files are not followed further: the editable installation of this checkout stays out of sight.
    """
    home = tmp_path_factory.mktemp("elsewhere")
    venv.create(home / "venv", with_pip=False, symlinks=os.name != "nt")
    programs = home / "venv" / ("Scripts" if os.name == "nt" else "bin")
    paths = {"base": str(home / "venv"), "platbase": str(home / "venv")}
    (Path(sysconfig.get_path("purelib", "venv", paths)) / "libraries.pth").write_text(sysconfig.get_path("purelib"))
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(programs / "python")]
    run([*pip, "install", "--quiet", "--no-deps", "--no-index", "--force-reinstall", str(wheel)], home)
    return programs


def run(command: list[str], folder: Path) -> str:
    """Output of a command that has to succeed, run in ``folder`` and without a path to the checkout."""
    settings = {key: value for key, value in os.environ.items() if key not in {"PYTHONPATH", "PYTHONHOME"}}
    done = subprocess.run(command, cwd=folder, env=settings, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def files(folder: Path) -> set[str]:
    """Every file below ``folder``, relative to it, but for what tools leave behind."""
    return {
        one.relative_to(folder).as_posix()
        for one in folder.rglob("*")
        if one.is_file() and not LEFT_OUT.search(one.as_posix())
    }


def packed(wheel: Path, folder: str) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return {one.removeprefix(folder) for one in archive.namelist() if one.startswith(folder)}


def test_the_wheel_has_every_file_of_the_package_and_every_template(wheel):
    templates = files(ROOT / "templates")
    own = files(PACKAGE)
    for folder in ("data/", "static/", "db/migrations/", "translations/"):
        assert any(one.startswith(folder) for one in own), f"the package has no {folder}"
    assert templates
    assert "py.typed" in own
    assert packed(wheel, "workflow_app/") == own | {f"templates/{one}" for one in templates}


def test_the_wheel_brings_nothing_but_the_package_and_its_description(wheel):
    with zipfile.ZipFile(wheel) as archive:
        tops = {one.split("/")[0] for one in archive.namelist()}
    assert {re.sub(r"-[\w.]+(?=\.dist-info$)", "", one) for one in tops} == {"workflow_app", "workflow_app.dist-info"}


def test_the_wheel_installs_and_its_command_runs_outside_the_checkout(elsewhere, tmp_path):
    told = run([str(elsewhere / "workflow-app"), "--help"], tmp_path)
    assert [one for one in COMMANDS if not re.search(rf"^\s+{one}\b", told, re.MULTILINE)] == []
    loaded = run([str(elsewhere / "python"), "-c", "import workflow_app.app as a; print(a.__file__)"], tmp_path)
    assert Path(loaded.strip()).is_relative_to(elsewhere.parent)


def test_the_same_commands_are_there_under_flask(elsewhere, tmp_path):
    told = run([str(elsewhere / "python"), "-m", "flask", "--app", "workflow_app.app", "--help"], tmp_path)
    assert [one for one in COMMANDS if not re.search(rf"^\s+{one}\b", told, re.MULTILINE)] == []


def plain(requirement: str) -> str:
    """Name of a package in the one spelling that is compared."""
    return re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", requirement)[0]).lower()


def declared() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {plain(one) for one in project["dependencies"]}


def imported() -> dict[str, str]:
    """Every library that the program imports, with a module that does so."""
    found = {}
    for module in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            found |= {one.split(".")[0]: module.relative_to(ROOT).as_posix() for one in names}
    return {one: where for one, where in found.items() if one not in {*sys.stdlib_module_names, "workflow_app"}}


def test_every_library_that_the_program_imports_comes_with_it():
    """A library counts as declared with the one built on it: Werkzeug with Flask, Alembic with Flask-Migrate."""
    known = declared() | {"psycopg"}
    for one in declared() & {plain(dist.name) for dist in metadata.distributions()}:
        known |= {plain(inner) for inner in metadata.requires(one) or [] if "extra ==" not in inner}
    packages = metadata.packages_distributions()
    unknown = {
        one: where for one, where in imported().items() if not known & {plain(dist) for dist in packages.get(one, [])}
    }
    assert unknown == {}


def test_every_declared_library_is_used():
    packages = metadata.packages_distributions()
    used = {plain(dist) for one in imported() for dist in packages.get(one, [])}
    assert declared() - used - LOADED_BY_NAME - by_name() == set()


def by_name() -> set[str]:
    """Packages of data alone, found through ``importlib.resources``."""
    text = "".join(one.read_text(encoding="utf-8") for one in PACKAGE.rglob("*.py"))
    packages = metadata.packages_distributions()
    return {plain(dist) for one in re.findall(r"files\(\"(\w+)\"\)", text) for dist in packages.get(one, [])}
