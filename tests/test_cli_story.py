"""``story``: three case types from draft to approval by the real command, every document written out."""

import hashlib
import json
import zipfile
from pathlib import Path

import docx
import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from tests.command import refused, run
from workflow_app.calendar.production import Calendar
from workflow_app.db.models import Event
from workflow_app.demo import sample_programme
from workflow_app.demo.office_hours import open_at
from workflow_app.demo.story import ZONE

ROAD = ["draft", "submitted", "registered", "assigning", "in_review", "consolidation", "on_approval", "approved"]


def played(out: Path, *more: str | Path) -> tuple[dict, str]:
    """The report of a story and what it told on the way."""
    found = run("story", "--out", out, "--json", *more)
    assert found.returncode == 0, found.stderr
    return json.loads(found.stdout), found.stderr


@pytest.fixture(scope="module")
def story(tmp_path_factory) -> tuple[Path, dict, str]:
    out = tmp_path_factory.mktemp("story") / "out"
    return out, *played(out)


def test_each_type_goes_its_whole_road(story):
    _, report, _ = story
    roads = {one["type"]: one["states"] for one in report["cases"]}
    assert roads == {
        "attestation_portfolio": [*ROAD, "sent_to_commission", "decided"],
        "methodical_material": ROAD,
        "innovation_product": ROAD,
    }
    assert [one["number"] for one in report["cases"]] == ["АТ-2026-1", "ММ-2026-1", "ИП-2026-1"]
    assert all(one["events"] > len(one["states"]) for one in report["cases"])


def test_the_report_is_one_object_of_the_promised_form(story):
    _, report, told = story
    assert set(report) == {"cases", "audit_ok", "seconds"}
    assert report["audit_ok"] is True
    assert report["seconds"] > 0
    for one in report["cases"]:
        assert set(one) == {"type", "number", "states", "events", "documents"}
        assert all(set(document) == {"kind", "file", "sha256", "version"} for document in one["documents"])
    assert "Инновационный продукт" in told  # progress goes beside, the object stands alone


def test_every_issued_document_is_written_out_and_opens(story):
    out, report, _ = story
    documents = [document for one in report["cases"] for document in one["documents"]]
    assert {one["kind"] for one in documents} >= {
        "expert_sheet", "expert_conclusion", "consolidated_conclusion", "order", "covering_letter", "term_notice",
    }  # fmt: skip
    for one in documents:
        content = (out / one["file"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == one["sha256"]
        assert one["version"] == 1
        with zipfile.ZipFile(out / one["file"]) as word:
            assert "word/document.xml" in word.namelist()
    assert len({one["file"] for one in documents}) == len(documents)


def test_nobody_of_the_story_acts_at_night_or_on_a_day_off(story):
    out, _, _ = story
    engine = create_engine(f"sqlite:///{out / 'instance' / 'workflow.db'}")
    with Session(engine) as session:
        moments = [one.astimezone(ZONE) for one in session.scalars(select(Event.at).where(Event.root_kind == "case"))]
    engine.dispose()
    assert len(moments) > 50
    assert [one for one in moments if not open_at(one, Calendar())] == []


def test_the_papers_of_the_story_speak_of_what_they_are_about(story):
    """The wording of a material stands in no attestation, and no expert repeats another."""
    out, report, _ = story
    of_case = {one["type"]: [out / document["file"] for document in one["documents"]] for one in report["cases"]}
    for file in of_case["attestation_portfolio"]:
        said = "\n".join(one.text for one in docx.Document(file).paragraphs)
        assert "апробац" not in said
        assert "Материал " not in said
    (letter,) = [one for one in of_case["attestation_portfolio"] if "covering_letter" in one.name]
    assert "8 (34346) 0-00-00" in docx.Document(letter).paragraphs[-1].text


def test_the_centres_own_programme_is_the_product_as_word_and_as_pdf(story):
    out, _, _ = story
    stored = {one.name for one in (out / "instance" / "blobs").glob("??/*")}
    assert {
        hashlib.sha256(one).hexdigest() for one in (sample_programme.as_docx(), sample_programme.as_pdf())
    } <= stored


@pytest.mark.parametrize(
    ("name", "content"), [("Продукт.docx", sample_programme.as_docx), ("Продукт.pdf", sample_programme.as_pdf)]
)
def test_a_file_of_ones_own_becomes_the_product_in_a_folder_that_an_earlier_story_left(tmp_path, name, content):
    out = tmp_path / "out"
    out.mkdir()
    (out / ".workflow-story").write_text("", encoding="ascii")
    (out / "stale.docx").write_bytes(b"")
    (tmp_path / name).write_bytes(content())
    report, _ = played(out, "--material", tmp_path / name)
    assert report["audit_ok"] is True
    assert not (out / "stale.docx").exists()
    stored = {one.name for one in (out / "instance" / "blobs").glob("??/*")}
    assert hashlib.sha256(content()).hexdigest() in stored


def test_a_folder_with_something_elses_files_is_refused_and_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("труд", encoding="utf-8")
    assert "не пуста" in refused("story", "--out", tmp_path)
    assert [one.name for one in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize(
    ("name", "content"),
    [("virus.exe", b"MZ\x90\x00"), ("empty.pdf", b""), ("fake.pdf", b"not a pdf"), ("broken.docx", b"PK\x03\x04")],
)
def test_a_file_that_an_upload_would_refuse_is_refused_before_anything_is_cleared(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    assert refused("story", "--out", tmp_path / "out", "--material", tmp_path / name).startswith("Error: ")
    assert not (tmp_path / "out").exists()


def test_a_missing_file_is_told_in_words(tmp_path):
    assert "нет" in refused("story", "--out", tmp_path / "out", "--material", tmp_path / "none.pdf")


def test_a_story_never_touches_the_database_that_is_set_for_work(tmp_path):
    """A variable that names the centre's database, or its mail server, must not reach an instance of play."""
    from workflow_app import config

    set_for_work = {
        "WF_DATABASE_URL": "postgresql://centre/work",
        "WF_MAIL": "smtp://mail.centre:25",
        "WF_TICK_SECONDS": "60",
    }
    settings = config.load(tmp_path / "instance", config.alone(set_for_work))
    assert (settings.database_url, settings.mail, settings.tick_seconds) == ("", "files", 60)


def test_what_differs_from_the_plan_makes_the_exit_status_bad(tmp_path, monkeypatch):
    from click.testing import CliRunner

    from workflow_app.cli import main
    from workflow_app.demo import story as rehearsal

    plans = [one for one in rehearsal.PLANS if one.kind == "methodical_material"]
    bad = rehearsal.Plan("methodical_material", (*plans[0].states, "closed"), plans[0].play)
    monkeypatch.setattr(rehearsal, "PLANS", (bad,))
    found = CliRunner().invoke(main, ["story", "--out", str(tmp_path / "out"), "--json"])
    assert found.exit_code == 1
    assert "instead of" in json.loads(found.stdout)["differences"][0]
