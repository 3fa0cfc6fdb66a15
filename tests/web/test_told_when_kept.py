"""Nobody is told that a thing is done before it is: the commit fails on purpose, on both databases."""

from contextlib import contextmanager

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from tests.databases import PASSWORD
from tests.play import at, draft, open_app
from tests.rows import count_of, row_of
from tests.web.pages import text_of
from workflow_app.db.models import Case, Event


@pytest.fixture
def app(stage, centre_url, tmp_path):
    """The application on the database of the stage, SQLite and PostgreSQL."""
    return open_app(centre_url, tmp_path, stage.database)


@contextmanager
def no_commit(app):
    """A database that takes everything and then fails to keep it: a full disk, a lost connection."""
    engine = app.extensions["workflow_database"].engine

    def fail(_connection):
        raise OperationalError("COMMIT", {}, OSError("no space left"))

    event.listen(engine, "commit", fail)
    try:
        yield
    finally:
        event.remove(engine, "commit", fail)


def version(stage, road):
    return str(row_of(stage, Case, road.case_id).version)


def save(stage, road):
    form = {"do": "save", "title": "Название, которое не сохранилось", "version": version(stage, road)}
    return f"/cases/{road.case_id}/edit", form, "Черновик сохранён"


def register(stage, road):
    form = {"received_at": str(road.today()), "version": version(stage, road)}
    return f"/cases/{road.case_id}/do/register", form, "Зарегистрировано"


@pytest.mark.parametrize(("who", "state", "made"), [("sokolova", "draft", save), ("morozova", "submitted", register)])
def test_a_failed_commit_tells_nobody_that_it_was_kept(stage, app, who, state, made):
    road = draft(stage)[0] if state == "draft" else at(stage, state)
    client, before = app.test_client().log_in(who), count_of(stage, Event)
    address, form, words = made(stage, road)
    with no_commit(app):
        refused = client.post(address, data=form)
    assert refused.status_code >= 500
    assert words not in text_of(refused)
    assert words not in text_of(client.get("/"))  # nor is it told one page later
    assert count_of(stage, Event) == before
    done = client.post(address, data=form)  # the same once more, and the database keeps it
    assert done.status_code == 303, text_of(done)
    assert words in text_of(client.get(done.location))


def test_a_message_of_before_outlives_the_failure(stage, app):
    road = draft(stage)[0]
    client = app.test_client().log_in("sokolova")
    address, form, words = save(stage, road)
    assert client.post(address, data=form).status_code == 303  # told, and not read yet
    with no_commit(app):
        client.post(address, data=form)
    assert text_of(client.get("/")).count(words) == 1


def test_a_log_in_that_was_not_kept_logs_nobody_in(stage, app):
    client = app.test_client()
    with no_commit(app):
        assert client.post("/login", data={"login": "sokolova", "password": PASSWORD}).status_code >= 500
    with client.session_transaction() as cookie:
        assert "_user_id" not in cookie
    assert client.get("/").status_code == 302
