"""Every uploaded file passes the virus scanner before anything is kept; the page that asked says what came of it."""

import io

import pytest

from tests.clamd import EICAR, Clamd, serving
from tests.core.files import kit
from tests.web.accounts import app_with, log
from tests.web.drafts import files
from tests.web.test_files import PDF, send

INFECTED = PDF + EICAR


@pytest.fixture
def daemon():
    with serving(Clamd(1 << 22)) as found:
        yield found


@pytest.fixture
def scanned(quick_stage, centre_sqlite_url, tmp_path, daemon):
    """The application with a scanner."""
    return app_with(centre_sqlite_url, tmp_path, scanner=daemon.setting, scanner_seconds=5)


def draft(stage):
    return stage.open("sokolova", "methodical_material", "Сборник задач по физике")


def test_an_infected_file_is_refused_where_it_is_attached_and_stands_in_the_log(scanned, quick_stage, daemon):
    client, case_id = scanned.test_client().log_in("sokolova"), draft(quick_stage)
    answer = send(client, case_id, "Материал.pdf", INFECTED)
    assert answer.status_code == 400
    assert "Eicar-Test-Signature" in answer.json["error"]
    assert send(client, case_id, "Материал.pdf", PDF).status_code == 201
    assert [one.name for one in files(quick_stage, case_id)] == ["Материал.pdf"]
    (note,) = log(quick_stage, "virus")
    assert note.person_id == quick_stage.people["sokolova"]
    assert "Eicar-Test-Signature" in note.detail
    assert daemon.seen == [len(INFECTED), len(PDF)]


def test_the_tables_the_templates_and_the_signatures_are_scanned_too(scanned, quick_stage):
    """Whatever reads an uploaded file: each page says it at the file, and what was filled in beside stays."""
    client = scanned.test_client().log_in("morozova")
    answer = client.post(
        "/imports/people", data={"file": (io.BytesIO(EICAR), "люди.csv")}, content_type="multipart/form-data"
    )
    assert answer.status_code == 422
    assert "Eicar-Test-Signature" in answer.get_data(as_text=True)
    form = {"note": "Наш бланк", "file": (io.BytesIO(kit.ACCEPTED["docx"] + EICAR), "бланк.docx")}
    answer = client.post("/templates/of/consolidated_conclusion", data=form, content_type="multipart/form-data")
    assert "Eicar-Test-Signature" in answer.get_data(as_text=True)
    assert "Наш бланк" in answer.get_data(as_text=True)


def test_while_the_scanner_is_away_nothing_is_taken_and_the_reason_is_said(quick_stage, centre_sqlite_url, tmp_path):
    away = app_with(centre_sqlite_url, tmp_path, scanner=f"unix:{tmp_path}/no-such-daemon")
    client, case_id = away.test_client().log_in("sokolova"), draft(quick_stage)
    answer = send(client, case_id, "Материал.pdf", PDF)
    assert answer.status_code == 503
    assert "Попробуйте через несколько минут" in answer.json["error"]
    assert files(quick_stage, case_id) == []
    assert "Файлы не принимаются" in away.test_client().log_in("kuzmin").get("/settings").get_data(as_text=True)


def test_the_settings_say_how_the_scanner_stands(scanned, app, quick_stage):
    assert "Антивирус отвечает: ClamAV" in scanned.test_client().log_in("kuzmin").get("/settings").get_data(
        as_text=True
    )
    assert "не проверяются" in app.test_client().log_in("kuzmin").get("/settings").get_data(as_text=True)
