"""No page reads a whole table: whoever opens it, thirty rows of everything and three hundred take the same statements and rows."""

import pytest
from sqlalchemy import event

from tests.statements import count_statements
from tests.web.pages import submitted_rows
from workflow_app import clock
from workflow_app.db import counts
from workflow_app.db.models import RECORDS, Membership, Organization, Person
from workflow_app.facts import search_rows, standing_rows
from workflow_app.web.page import PAGES

WHO = ("sokolova", "bondarenko", "morozova", "gradov", "kuzmin", "vdovina")
"""A teacher, an expert, the coordinator, the director, the administrator, a school's officer."""
WHOLE = {
    "/organizations": "counts people and sorts by them; its list by keys comes with the organisations as a declared kind",
    "/register": "asks a visitor for the municipality first: the few that let people register",
}
"""Pages that read all of something, each with why; exports do, too: a file holds what the list shows."""
COUNTED = {"/": "steps and colours of what waits are told from narrow rows, no more than a count reads (ADR 24)"}
SPARE = 40  # rows: a page of fifty was not full with thirty


def pages():
    """Every page that is opened without arguments, exports and files apart."""
    found = {one.rule for one in PAGES.values() if "GET" in one.methods and "<" not in one.rule}
    return sorted(one for one in found if not one.rpartition("/")[2].count(".") and one not in WHOLE)


@pytest.fixture
def fetched(app):
    """The rows that the database has handed over so far, in a list of one number."""
    told = [0]

    def counted(_cursor, row):
        told[0] += 1
        return row

    def counting(connection, _record, _proxy):
        connection.row_factory = counted

    engine = app.extensions["workflow_database"].engine
    event.listen(engine, "checkout", counting)
    yield told
    event.remove(engine, "checkout", counting)


def grown(stage, many):
    """So many further cases, people of each role, organisations and records of each kind that stands alone and is named by itself."""
    submitted_rows(stage, many)
    here = stage.municipality_id
    with stage.database.transaction(keep=True) as session:
        mark = session.query(Person).count()
        people = [
            Person(municipality_id=here, last_name="Многолюднова", first_name=f"Анна{mark + n}", state="listed")
            for n in range(many)
        ]
        session.add_all(people)
        session.add_all(
            Organization(
                municipality_id=here, name=f"Школа № {mark + n}", genitive=f"школы № {mark + n}", state="active"
            )
            for n in range(many)
        )
        session.flush()
        session.add_all(Membership(person_id=one.id, municipality_id=here, role="teacher") for one in people)
        for number in range(many):
            row = RECORDS["publication"](municipality_id=here)
            row.state, row.version, row.title, row.on = "active", 1, f"Статья {mark + number}", stage.moment.date()
            row.channel, row.level, row.with_whom, row.output, row.link = "site", "municipal", "", "", ""
            session.add(row)
        session.flush()
        standing_rows.rebuild_in(session)
        search_rows.rebuild_in(session)


def test_every_page_as_everybody(quick_stage, app, client_as, fetched):
    engine = app.extensions["workflow_database"].engine

    def asked(clients):
        found = {}
        for key, client in clients.items():
            for address in pages():
                fetched[0] = 0
                with count_statements(engine) as told:
                    answer = client.get(address)
                assert answer.status_code in (200, 302, 303, 403, 404), (key, address)
                found[key, address] = (len(told), fetched[0])
        return found

    grown(quick_stage, 30)
    with clock.at(quick_stage.moment):  # time stands still: when somebody was last seen is written once a minute
        clients = {key: client_as(key) for key in WHO}
        asked(clients)
        few = asked(clients)
    grown(quick_stage, 270)
    with clock.at(quick_stage.moment):
        many = asked(clients)
    assert len([one for one in few.values() if one[1] > 1]) > len(pages())
    assert {one: (few[one], many[one]) for one in few if few[one][0] != many[one][0]} == {}
    most = {one: counts.MOST if one[1] in COUNTED else few[one][1] + SPARE for one in few}
    assert {one: (few[one], many[one]) for one in few if many[one][1] > most[one]} == {}


def test_the_exceptions_are_pages(app):
    assert {*WHOLE, *COUNTED} <= {one.rule for one in PAGES.values() if one.endpoint in app.view_functions}
