"""What CONTRIBUTING says of growing is tried: a thing is added in a copy of the program, and the program has it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

KIND = '''"""Sub-projects of the programme: who leads them, until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workflow_app.content_types.declaration import ContentType, Listing, Numbered, OfRecord, Valid, record_workflow
from workflow_app.content_types.shared import KEEPERS, RESPONSIBLE, STAFF
from workflow_app.errors import N_
from workflow_app.states.forms import ask


@dataclass(frozen=True, kw_only=True)
class SubProject(OfRecord):
    """A part of the programme with an owner."""

    title: str = ask(N_("Название"), least=5, most=200, unique=True)
    owner_id: int = ask(N_("Руководитель"), refers="person", stands="responsible")
    publications: tuple[int, ...] = ask(N_("Публикации"), refers="publication", widget="checks", required=False, default=())
    until: date = ask(N_("По какой день"))
    budget: int = ask(N_("Смета, тыс. руб."), required=False, least=0, default=0)


SUB_PROJECT = ContentType(
    key="sub_project", titles=(N_("Подпроект"), N_("Подпроекты"), N_("Новый подпроект")), sheet=SubProject, title="title",
    about=N_("Здесь подпроекты программы."), behaviors=(Numbered(letter="ПП"), Valid(until="until")), group="programme",
    workflow=record_workflow("sub_project", N_("Подпроект"), SubProject, sees=STAFF | {RESPONSIBLE}, keeps=KEEPERS, until="until"),
    listing=Listing(("title", "owner_id", "until", "budget"), ("state",), ("title",), "-until"),
)
'''
WALK = """
import json, sys
from pathlib import Path
from workflow_app import config
from workflow_app.app import create_app
from workflow_app.demo import instance

folder = Path(sys.argv[1])
folder.mkdir()
instance.build(folder, lambda *_: None, ())
app = create_app(config.load(folder, config.alone({})))
app.config["WTF_CSRF_ENABLED"] = False
client = app.test_client()
account = next(one for one in instance.accounts(folder) if one["login"] == "morozova")
assert client.post("/login", data={"login": account["login"], "password": account["password"]}).status_code == 303
typed = {"title": "Школа эксперта", "owner_id": "1", "publications": ["1", "2"], "until": "2027-05-31", "budget": "12"}
begun = client.post("/records/sub-project/new", data=typed)
assert begun.status_code == 303, begun.get_data(as_text=True)
card = client.get(begun.location).get_data(as_text=True)
for words in ("Школа эксперта", "ПП-20", "31.05.2027", "Зачем школе муниципальная экспертиза", "Продлить"):
    assert words in card, words
assert "Школа эксперта" in client.get("/records/sub-project?q=школа&sort=-budget").get_data(as_text=True)
assert "Подпроекты" in client.get("/").get_data(as_text=True)
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The program in a folder of its own, without what the interpreter keeps."""
    for name in ("workflow_app", "templates"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
    return tmp_path


def run(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=folder, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False,
        env={**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def added(copy: Path, file: str, old: str, new: str) -> None:
    path = copy / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, file
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_kind_of_record_is_one_file_one_name_and_a_migration_that_writes_itself(copy):
    (copy / "workflow_app/content_types/sub_project.py").write_text(KIND, encoding="utf-8")
    added(
        copy, "workflow_app/content_types/registry.py", "\n_ALL = (",
        "\nfrom workflow_app.content_types.sub_project import SUB_PROJECT\n\n_ALL = (SUB_PROJECT, ",
    )  # fmt: skip
    made = run(copy, "-m", "workflow_app.db.draft_migration", "sub projects")
    assert "_sub_projects.py" in made
    run(copy, "-c", WALK, str(copy / "instance"))


def test_a_kind_with_a_mistake_stops_the_start_with_a_sentence(copy):
    wrong = KIND.replace('"-until"),', '"-colour"),')
    (copy / "workflow_app/content_types/sub_project.py").write_text(wrong, encoding="utf-8")
    added(
        copy, "workflow_app/content_types/registry.py", "\n_ALL = (",
        "\nfrom workflow_app.content_types.sub_project import SUB_PROJECT\n\n_ALL = (SUB_PROJECT, ",
    )  # fmt: skip
    with pytest.raises(AssertionError, match=r"sub_project: the list is sorted by '-colour', which has no index"):
        run(copy, "-c", "from workflow_app.wiring import wire; wire()")


def test_the_map_names_every_room_and_no_other():
    """The tree in CONTRIBUTING is that of the checkout: rooms of the program and of the tests, one level deep."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split("```")[1]
    lines = [line for line in text.splitlines() if line.strip()]
    for top in ("workflow_app", "tests"):
        at = lines.index(f"{top}/")
        inside = []
        for line in lines[at + 1 :]:
            if not line.startswith("  "):
                break
            if line[2] != " ":
                inside += [word.partition("{")[0].rstrip(":") for word in line[2:].split("  ")[0].split()]
        rooms = {word.rstrip("/") for word in inside if word.endswith("/")}
        there = {one.name for one in (ROOT / top).iterdir() if one.is_dir() and one.name != "__pycache__"}
        assert rooms == there, (top, rooms ^ there)
