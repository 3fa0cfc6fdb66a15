"""ADR 7: a POST that answers with a page lets other writers go on before the page is drawn."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from flask import template_rendered
from sqlalchemy import make_url, select

from tests.play import at, draft
from tests.rows import row_of
from tests.web.drafts import kept, state, token, typed
from tests.web.office import later, row, version
from workflow_app.db import working_copies
from workflow_app.db.models import AssignmentPlan, Person
from workflow_app.errors import Broken
from workflow_app.facts import best_set
from workflow_app.web.request_scope import Scope


def _tried(url, at):
    """What becomes of a writer without patience just now."""
    with closing(sqlite3.connect(make_url(url).database, timeout=0, isolation_level=None)) as other:
        try:
            other.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            return f"{at}: {error}"
        other.execute("ROLLBACK")
        return "free"


@contextmanager
def others_at_each_page(app, url) -> Iterator[list[str]]:
    """What becomes of another writer, who has no patience, at the moment when a page has been drawn."""
    told: list[str] = []

    def write(_app, template, **_more):
        told.append(_tried(url, template.name))

    with template_rendered.connected_to(write, app):
        yield told


def test_a_refused_act_is_told_while_others_write_and_its_text_is_kept(app, client_as, quick_stage, centre_sqlite_url):
    road = at(quick_stage, "submitted")
    sent = {"received_at": "2027-01-01", "outside_number": "ГУ-17", "version": version(quick_stage, road)}
    with later():
        client = client_as("morozova")
        with others_at_each_page(app, centre_sqlite_url) as told:
            assert client.post(f"/cases/{road.case_id}/do/register", data=sent).status_code == 422
    assert set(told) == {"free"}
    place = (quick_stage.people["morozova"], "case", road.case_id, "register")
    with quick_stage.database.transaction(keep=False) as session:
        copy = working_copies.find(session, place)
        assert copy is not None
        assert copy.data["outside_number"] == "ГУ-17"
    found = row(quick_stage, road)
    assert (found.state, found.number, found.received_at, found.outside_number) == ("submitted", None, None, "")


def test_a_draft_that_lacks_something_is_told_while_others_write(app, client_as, quick_stage, centre_sqlite_url):
    road, form = draft(quick_stage)
    with later():
        client = client_as(road.applicant)
        sent = typed(form) | {"version": token(client, road.case_id), "title": "", "do": "submit"}
        with others_at_each_page(app, centre_sqlite_url) as told:
            assert client.post(f"/cases/{road.case_id}/edit", data=sent | {"step": "check"}).status_code in (409, 422)
    assert set(told) == {"free"}
    assert kept(quick_stage, road.case_id)["title"] == ""
    assert state(quick_stage, road.case_id) == "draft"


def test_a_page_that_writes_after_its_answer_was_begun_is_broken(quick_stage):
    with pytest.raises(Broken), quick_stage.database.transaction(keep=True) as session:
        person = session.get_one(Person, quick_stage.people["morozova"])
        person.position = "Первая запись"
        Scope(session, keeps=True).let_go()
        assert person.position == "Первая запись"
        person.position = "Вторая запись"
    assert row_of(quick_stage, Person, quick_stage.people["morozova"]).position == "Первая запись"


def test_experts_of_many_cases_are_chosen_while_others_write(client_as, quick_stage, centre_sqlite_url, monkeypatch):
    """Where many cases want the same experts the arithmetic takes longer than a writer has patience."""
    roads, told, match = [at(quick_stage, "assigning"), at(quick_stage, "assigning")], [], best_set.match

    def chosen(*given, **named):
        told.append(_tried(centre_sqlite_url, "match"))
        return match(*given, **named)

    monkeypatch.setattr(best_set, "match", chosen)
    client = client_as("morozova")
    plan = client.post("/cases/plans", data={"case": [str(one.case_id) for one in roads]}).location
    for version_, do in enumerate(("again", "fill", "weigh", "contest"), 1):
        assert client.post(plan, data={"version": str(version_), "do": do}).status_code == 303
    with quick_stage.database.transaction(keep=False) as session:
        assert session.scalars(select(AssignmentPlan.version)).all() == [5], "each press was kept"
    assert set(told) == {"free"}
    assert len(told) == 5
