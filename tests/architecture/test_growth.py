"""What CONTRIBUTING says of growing is tried: things are added in a copy of the program, and the program has them."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.scratch import THINGS, Thing

ROOT = Path(__file__).resolve().parents[2]
# Everything is used through the gate and through the pages, in one process; what was seen is told as JSON.
WALK = """
import json, sys
from pathlib import Path
from datetime import timedelta
from sqlalchemy import select
from workflow_app import clock, config
from workflow_app.app import create_app
from workflow_app.db.draft_migration import draft
from workflow_app.db.models import Case, CriteriaRow, Document, Event, Organization, Person
from workflow_app.db.session import open_database
from workflow_app.demo import instance
from workflow_app.demo.actors import Stage
from workflow_app.demo.steps import Road
from workflow_app.documents.docx import plain_text
from workflow_app.gate import issuing

drafted, folder = draft("sub projects").name, Path(sys.argv[1])
folder.mkdir()
instance.build(folder, lambda *_: None, ())
settings = config.load(folder, config.alone({}))
seen = {"drafted": drafted}

database = open_database(settings.url, folder / "blobs", "http://localhost")
with database.transaction(keep=False) as session:
    people = {one.login: one.id for one in session.scalars(select(Person)) if one.login}
    home = session.scalars(select(Person).where(Person.login == "tkach")).one()
    place, municipality = home.organization_id, home.municipality_id
    seen["sheets"] = sorted(session.scalars(select(CriteriaRow.key).where(CriteriaRow.key.like("z_%"))))
stage = Stage(database, municipality, people, clock.now() - timedelta(days=30))
case_id = stage.open("tkach", "exhibit", "Самовар школьного музея, 1911 год")
stage.attach("tkach", case_id, "photo", "самовар.pdf", b"%PDF-1.4")
road = Road(stage, case_id, "exhibit", "tkach")
road.submit({
    "title": "Самовар школьного музея, 1911 год", "organization_id": place, "position": "teacher", "subject_area": "history",
    "education_level": "basic", "annotation": "Самовар подарен школе семьёй выпускника. " * 6, "declaration_authorship": True,
    "no_minors_data": True, "size": "many", "origin": "Подарен семьёй выпускника в 1987 году",
})
road.register()
road.start()
stage.act("morozova", case_id, "give_receipt", {"reason": "для отчёта школы"})
with database.transaction(keep=False) as session:
    case = session.get_one(Case, case_id)
    paper = session.scalars(select(Document).where(Document.case_id == case_id)).one()
    event = session.scalars(select(Event).where(Event.root_id == case_id, Event.transition == "give_receipt")).one()
    seen["case"] = [case.number, case.state, session.get_one(CriteriaRow, case.criteria_id).key]
    seen["paper"] = [paper.document_kind, paper.number, paper.file_name]
    seen["event"] = [event.before, event.after]
    scene = issuing.Scene(session, case, None, None, None, case.received_at)
database.engine.dispose()

app = create_app(settings)
app.config["WTF_CSRF_ENABLED"] = False
client = app.test_client()
account = next(one for one in instance.accounts(folder) if one["login"] == "morozova")
assert client.post("/login", data={"login": account["login"], "password": account["password"]}).status_code == 303
page = lambda address: client.get(address).get_data(as_text=True)
seen["case page"], seen["papers page"] = page(f"/cases/{case_id}"), page(f"/cases/{case_id}/documents")
seen["types page"], seen["home"] = page("/types"), page("/")
typed = {"title": "Школа эксперта", "owner_id": "1", "publications": ["1", "2"], "until": "2027-05-31", "budget": "12"}
begun = client.post("/records/sub-project/new", data=typed)
assert begun.status_code == 303, begun.get_data(as_text=True)
seen["record"], seen["records"] = page(begun.location), page("/records/sub-project?q=школа&sort=-budget")
print(json.dumps(seen))
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    """The program in a folder of its own, with everything scratch in it."""
    folder = tmp_path_factory.mktemp("copy")
    for name in ("workflow_app", "templates"):
        shutil.copytree(ROOT / name, folder / name)  # with what the interpreter keeps: it need not compile anew
    for thing in THINGS.values():
        add(folder, thing)
    return folder


def add(folder: Path, thing: Thing) -> None:
    for name, text in thing.files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    for name, place, lines in thing.lines:
        whole = (folder / name).read_text(encoding="utf-8")
        at = whole.index(place) if place else len(whole)
        (folder / name).write_text(whole[:at] + lines + whole[at:], encoding="utf-8")


def run(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=folder, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False,
        env={**os.environ, "PYTHONPATH": str(folder), "WF_ARGON2_MEMORY_KIB": "64"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def seen(copy):
    """What the grown program showed."""
    return json.loads(run(copy, "-c", WALK, str(copy / "instance")).splitlines()[-1])


def test_a_case_type_is_one_folder(seen):
    """Two criteria sheets with verdicts of their own, a closed list, grounds, phrases; a case goes its road."""
    assert {str(Path(name).parent) for name in THINGS["case type"].files} == {"workflow_app/case_types/exhibit"}
    assert THINGS["case type"].lines == ()
    assert THINGS["case type"].python <= 30
    assert seen["sheets"] == ["z_collection", "z_exhibit"]
    number, state, sheet = seen["case"]
    assert re.fullmatch(r"ЭК-20\d\d-1", number)
    assert (state, sheet) == ("assigning", "z_collection")
    for words in (number, "Экспонат школьного музея", "Подарен семьёй выпускника", "коллекция"):
        assert words in seen["case page"], words


def test_a_document_is_one_file_and_its_name(seen):
    thing = THINGS["document"]
    assert len(thing.files) == 1
    assert {name for name, _, _ in thing.lines} == {"workflow_app/documents/kinds/registry.py"}
    assert (len(thing.lines), thing.python <= 25) == (2, True)
    kind, number, file = seen["paper"]
    assert (kind, number, file) == (
        "receipt",
        "2",
        f"Справка о приёме {seen['case'][0]}.docx",
    )  # the demo centre has sent one letter
    assert "Справка о приёме" in seen["papers page"]


def test_a_transition_that_only_moves_is_a_line_and_its_sheet(seen):
    thing = THINGS["transition"]
    assert (thing.files, {name for name, _, _ in thing.lines}) == (
        {},
        {"workflow_app/states/definitions/case/from_conclusion.py"},
    )
    assert thing.python <= 10
    assert seen["event"] == ["assigning", "assigning"]
    assert "Выдать справку" in seen["case page"]


def test_a_page_is_a_function_and_a_template(seen):
    thing = THINGS["page"]
    assert (len(thing.files), {name for name, _, _ in thing.lines}) == (1, {"workflow_app/features/centre/views.py"})
    assert thing.python <= 8
    assert "<li>Экспонат школьного музея</li>" in seen["types page"]
    assert 'href="/types"' in seen["home"]


def test_a_kind_of_record_is_one_file_one_name_and_a_migration_that_writes_itself(seen):
    thing = THINGS["kind of record"]
    assert seen["drafted"].endswith("_sub_projects.py")
    assert (len(thing.files), len(thing.lines)) == (1, 2)
    assert thing.python <= 30
    for words in ("Школа эксперта", "ПП-20", "31.05.2027", "Зачем школе муниципальная экспертиза", "Продлить"):
        assert words in seen["record"], words
    assert "Школа эксперта" in seen["records"]
    assert "Подпроекты" in seen["home"]


MISTAKES = {
    "sub_project: the list is sorted by '-colour', which has no index": (
        "workflow_app/content_types/sub_project.py", '"-until"),', '"-colour"),',
    ),
    "case type exhibit: lists.yaml has no 'returns' where returns are read": (
        "workflow_app/case_types/exhibit/lists.yaml", "returns:", "remarks:",
    ),
    "asks GiveReceipt, which has no effect and is no sheet that only Moves": (
        "workflow_app/states/definitions/case/from_conclusion.py", "class GiveReceipt(Moves):", "class GiveReceipt(Moves.__base__):",
    ),
    "issues the unknown document 'receipt'": (
        "workflow_app/documents/kinds/registry.py", "    receipt.KIND,\n", "",
    ),
}  # fmt: skip
# One process: whatever a mistake breaks at the start is a sentence; the modules are read anew for each.
TRY = """
import json, sys
from pathlib import Path
told = {}
for words, (file, old, new) in json.loads(sys.argv[1]).items():
    whole = Path(file).read_text(encoding="utf-8")
    assert old in whole, file
    Path(file).write_text(whole.replace(old, new), encoding="utf-8")
    for name in [one for one in sys.modules if one.partition(".")[0] == "workflow_app"]:
        del sys.modules[name]
    try:
        from workflow_app.wiring import wire
        wire()
    except Exception as error:
        told[words] = f"{type(error).__name__}: {error}"
    Path(file).write_text(whole, encoding="utf-8")
print(json.dumps(told))
"""


def test_a_mistake_stops_the_start_with_a_sentence(copy, seen):
    told = json.loads(run(copy, "-c", TRY, json.dumps(MISTAKES)).splitlines()[-1])
    for words in MISTAKES:
        assert words in told.get(words, ""), told
        assert told[words].startswith("Broken: "), told


def test_contributing_tells_the_true_counts():
    """The table of «Where a thing is added» says how many lines of Python each of these took."""
    table = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split("## Where a thing is added")[1].split("## ")[0]
    for name, thing in THINGS.items():
        (row,) = [line for line in table.splitlines() if line.startswith((f"| {name} |", f"| {name},"))]
        assert f"{thing.python} lines" in row, (name, thing.python)


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
