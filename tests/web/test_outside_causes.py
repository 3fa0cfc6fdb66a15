"""The disk is full, the database is locked or away: 503 in Russian, reading goes on, what was typed stands on the page."""

import errno
import io
import re
from contextlib import closing, contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event as listening
from sqlalchemy import text

from tests.play import PASSWORD, Stage, at, draft, open_app, open_stage
from tests.web.at_once import cookie_of
from tests.web.drafts import fill_in, state, token
from tests.web.office import later, version
from tests.web.pages import text_of
from workflow_app import clock
from workflow_app.db import session as db
from workflow_app.db.models import AccessLog, CaseFile
from workflow_app.demo.steps import TEXTS

TYPED = "Материал актуален, апробирован, результаты приведены в числах."


@pytest.fixture
def app(stage, centre_url, tmp_path):
    """The application over the database of ``stage``, whichever it is."""
    return open_app(centre_url, tmp_path, stage.database)


@pytest.fixture(autouse=True)
def _hurry(monkeypatch):
    """Whoever waits for a lock loses patience soon: the waiting itself is not what is looked at."""
    monkeypatch.setattr(db, "BUSY_MS", 100)


def engine_of(app):
    return app.extensions["workflow_database"].engine


@contextmanager
def unwritable(app):
    """The database takes no change: each of its connections only reads. A full one is in ``tests/gate/test_faults.py``."""
    engine = engine_of(app)
    engine.dispose()
    sqlite = engine.dialect.name == "sqlite"
    statement = "PRAGMA query_only=ON" if sqlite else "SET default_transaction_read_only = on"

    def forbid(connection, _record):
        with closing(connection.cursor()) as cursor:
            cursor.execute(statement)
        if not sqlite:
            connection.commit()

    listening.listen(engine, "connect", forbid)
    try:
        yield
    finally:
        listening.remove(engine, "connect", forbid)
        engine.dispose()


@contextmanager
def locked(stage: Stage, app):
    """Somebody else holds the lock that every writer wants: the SQLite file, or on PostgreSQL the rows of the cases."""
    with stage.database.transaction(keep=True) as session:
        if engine_of(app).dialect.name == "postgresql":
            session.execute(text("LOCK TABLE cases, access_log, login IN EXCLUSIVE MODE"))
        yield
        session.rollback()


def refused(answer, told):
    assert answer.status_code == 503, text_of(answer)[:2000]
    assert re.search(told, text_of(answer)), text_of(answer)
    assert int(answer.headers["Retry-After"]) > 0
    return answer


# -- Writing


def test_an_act_that_cannot_be_written_says_why_and_gives_the_text_back(app, stage):
    road = at(stage, "consolidation")
    sent = TEXTS | {"strengths": TYPED, "version": version(stage, road)}
    with later():
        client = app.test_client().log_in("morozova")
        with unwritable(app):
            answer = refused(client.post(f"/cases/{road.case_id}/consolidate", data=sent), "только для чтения")
        assert TYPED in answer.get_data(as_text=True)
        assert "Отправить ещё раз" in text_of(answer)
        assert road.state() == "consolidation"
        again = client.post(f"/cases/{road.case_id}/consolidate", data=sent)
        assert again.status_code == 303, text_of(again)[:2000]  # and works again, without a restart


def test_no_password_comes_back_on_the_page(app, stage):
    road = at(stage, "on_approval")
    sent = {"how": "simple", "password": PASSWORD, "number": "45-од, исправленный", "version": version(stage, road)}
    with later():
        client = app.test_client().log_in("gradov")
        with unwritable(app):
            answer = refused(client.post(f"/cases/{road.case_id}/approve", data=sent), "только для чтения")
    assert PASSWORD not in answer.get_data(as_text=True)
    assert "45-од, исправленный" in answer.get_data(as_text=True)


def test_a_script_is_told_the_cause_in_json(app, stage):
    road, form = draft(stage)
    with later():
        client = app.test_client().log_in(road.applicant)
        fill_in(client, road.case_id, form)
        sent = {"step": "title", "title": TYPED, "version": token(client, road.case_id, "title")}
        asked = {"Accept": "application/json", "X-Requested-With": "autosave"}
        with unwritable(app):
            answer = client.post(f"/cases/{road.case_id}/autosave/submit", data=sent, headers=asked)
    assert (answer.status_code, answer.mimetype) == (503, "application/json")
    assert re.search("только для чтения", answer.json["error"])
    assert int(answer.headers["Retry-After"]) > 0


def test_a_submission_that_waits_too_long_loses_nothing(app, stage):
    """SQLite: the file is busy (503); PostgreSQL: the case is held by somebody (409). Both give the text back."""
    road, form = draft(stage)
    with later():
        client = app.test_client().log_in(road.applicant)
        fill_in(client, road.case_id, form)
        sent = {"step": "title", "title": TYPED, "version": token(client, road.case_id, "title"), "do": "save"}
        engine_of(app).dispose()  # connections of the new patience
        with locked(stage, app):
            answer = client.post(f"/cases/{road.case_id}/edit", data=sent)
        sqlite = engine_of(app).dialect.name == "sqlite"
        assert answer.status_code == (503 if sqlite else 409), text_of(answer)[:2000]
        assert TYPED in answer.get_data(as_text=True)
        assert "Отправить ещё раз" in text_of(answer)
        assert client.post(f"/cases/{road.case_id}/edit", data=sent).status_code == 303
    assert state(stage, road.case_id) == "draft"


def test_a_file_layer_without_space_is_told_beside_the_form(app, stage, monkeypatch):
    """An act that issues a document: the database is well, the disk of the files is not."""
    road = at(stage, "on_approval")
    sent = {"how": "simple", "password": PASSWORD, "version": version(stage, road)}
    with later():
        client = app.test_client().log_in("gradov")
        with monkeypatch.context() as disk:
            disk.setattr("workflow_app.db.blobs.os.write", full)
            answer = refused(client.post(f"/cases/{road.case_id}/approve", data=sent), "закончилось место")
        assert road.state() == "on_approval"
        assert answer.headers["Retry-After"] == "300"
        assert client.post(f"/cases/{road.case_id}/approve", data=sent).status_code == 303


def full(*_given, **_named):
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_form_too_large_for_the_disk_is_told(app, stage, monkeypatch):
    """The body itself is spooled to the disk before any view sees it."""
    road, _ = draft(stage)
    with later():
        client = app.test_client().log_in(road.applicant)
        monkeypatch.setattr("werkzeug.formparser.SpooledTemporaryFile", full)
        sent = {"kind": "material", "file": (io.BytesIO(b"x" * 10_000), "большой.pdf")}
        refused(client.post(f"/cases/{road.case_id}/files", data=sent), "закончилось место")


# -- Reading


def aged(stage):
    """The session of everybody was seen long ago: every page would write that it is seen now."""
    return clock.at(later_than())


def later_than():
    from tests.web.office import LATER

    return LATER + timedelta(minutes=5)


@pytest.mark.parametrize("trouble", [unwritable, None], ids=["unwritable", "locked"])
def test_pages_are_read_while_nothing_can_be_written(app, stage, trouble):
    """Touching the session and the log of reads fail; the page does not."""
    road = at(stage, "in_review")
    with later():
        client = app.test_client().log_in("morozova")
    with trouble(app) if trouble else locked(stage, app), aged(stage):
        for address in ("/", f"/cases/{road.case_id}", f"/cases/{road.case_id}/history", "/people", "/nowhere"):
            answer = client.get(address, follow_redirects=True)
            assert answer.status_code == (404 if address == "/nowhere" else 200), (address, text_of(answer)[:500])
        person = client.get(f"/people/{stage.people['sokolova']}")  # «person seen» is noted, when it can be
        assert person.status_code == 200, text_of(person)[:500]
        denied = client.get("/settings/access-log")
        assert denied.status_code in (403, 404)  # a denial is noted too


@pytest.mark.parametrize("trouble", [unwritable, None], ids=["unwritable", "locked"])
def test_a_personal_file_is_not_given_out_unlogged(app, stage, trouble):
    road, _ = draft(stage)
    with stage.database.transaction(keep=False) as session:
        id_ = session.query(CaseFile.id).where(CaseFile.case_id == road.case_id).limit(1).scalar()
    with later():
        client = app.test_client().log_in(road.applicant)
        with trouble(app) if trouble else locked(stage, app):
            refused(client.get(f"/files/{id_}"), "записывается в журнал")
            refused(client.get(f"/files/{id_}/inline"), "записывается в журнал")
        assert client.get(f"/files/{id_}").status_code == 200
    with stage.database.transaction(keep=False) as session:
        noted = session.query(AccessLog).where(AccessLog.what == "file read").count()
    assert noted == 1


def test_a_database_that_went_away_is_503_everywhere_and_comes_back(app, stage, tmp_path):
    road = at(stage, "in_review")
    with later():
        cookie = cookie_of(app, "morozova")
        client = app.test_client()
        client.set_cookie("session", cookie)
        with away(app, tmp_path):
            for address in ("/", f"/cases/{road.case_id}", "/login", "/check"):
                refused(client.get(address), "не отвечает")
            refused(client.post(f"/cases/{road.case_id}/do/remove", data={"reason": TYPED}), "не отвечает")
            assert client.get("/nowhere").status_code == 404  # no database is asked whether there is such a page
        assert client.get(f"/cases/{road.case_id}").status_code == 200


@contextmanager
def away(app, tmp_path):
    """There is no server where the settings say, or no folder with the file: a closed port, a path that leads nowhere."""
    postgres = engine_of(app).dialect.name == "postgresql"
    url = "postgresql://nobody@127.0.0.1:1/nothing" if postgres else f"sqlite:///{tmp_path / 'nowhere' / 'at.db'}"
    before, nowhere = app.extensions["workflow_database"], db.open_database(url, tmp_path / "blobs")
    app.extensions["workflow_database"] = nowhere
    try:
        yield
    finally:
        app.extensions["workflow_database"] = before
        nowhere.engine.dispose()


@pytest.mark.postgres
def test_connections_that_were_cut_do_not_cost_a_page(centre_postgres_url, tmp_path):
    """The server was restarted: connections kept from before are dead, and nobody sees it."""
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    database = db.open_database(centre_postgres_url, tmp_path / "blobs")  # the engine that an instance has
    app = open_app(centre_postgres_url, tmp_path, database)
    with later(), open_stage(centre_postgres_url, tmp_path) as stage:
        client = app.test_client().log_in("morozova")
        assert client.get("/cases").status_code == 200
        with stage.database.transaction(keep=False) as session:
            session.execute(text(others))
        assert client.get("/cases").status_code == 200
    database.engine.dispose()


def test_a_database_that_was_never_made_says_so(tmp_path):
    url = f"sqlite:///{tmp_path / 'never.db'}"
    database = db.open_database(url, tmp_path / "blobs")
    refused(open_app(url, tmp_path, database).test_client().get("/check/K7QF2M9X4TPD"), "init")
    database.engine.dispose()


def test_an_error_of_our_own_is_still_an_error(app, stage, monkeypatch):
    """Only causes outside are called so: a mistake of the program is 500, with its number in the log."""

    def broken(*_given, **_named):
        raise ValueError("ours")

    with later():
        client = app.test_client().log_in("morozova")
        monkeypatch.setattr("workflow_app.features.cases.queries.listing", broken, raising=False)
        monkeypatch.setattr("workflow_app.web.page.may_open", broken)
        answer = client.get("/cases")
    assert answer.status_code == 500
    assert "Номер обращения" in text_of(answer)


def test_a_case_that_is_gone_meanwhile_is_told_and_not_an_error(app, stage):
    road = at(stage, "consolidation")
    with later():
        client = app.test_client().log_in("morozova")
        answer = client.post("/cases/99999/consolidate", data=TEXTS | {"version": "1"})
    assert answer.status_code == 404
    assert TEXTS["strengths"] in answer.get_data(as_text=True)
    assert road.state() == "consolidation"
