"""No page reads a whole table: whoever opens it, thirty rows of everything and three hundred take the same statements and rows."""

import re
from itertools import product

import pytest
from sqlalchemy import event

from tests.statements import count_statements
from tests.web.pages import submitted_rows, text_of
from tests.web.test_records import begun
from workflow_app import clock
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db import counts
from workflow_app.db.models import RECORDS, Membership, Organization, Person
from workflow_app.facts import search_rows, standing_rows
from workflow_app.web.page import PAGES

WHO = ("sokolova", "bondarenko", "morozova", "gradov", "kuzmin", "vdovina")
"""A teacher, an expert, the coordinator, the director, the administrator, a school's officer."""
WHOLE = {
    "/programme": "a report is counted from all that it tells, the plan is as long as the programme",
    "/programme/plan": "the line of time shows the whole plan, which is as long as the programme",
    "/programme/indicators": "17 numbers are counted from the very rows, which each of them names",
    "/register": "asks a visitor for the municipality first: the few that let people register",
}
"""Pages that read all of something, each with why; exports do, too: a file holds what the list shows."""
COUNTED = {"/": "steps and colours of what waits are told from narrow rows, no more than a count reads (ADR 24)"}
KEPT = ("/dashboard",)
"""Pages whose pictures are kept for a while: looked at once before anything is counted."""
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

    def asked(clients, addresses):
        found = {}
        for key, address in addresses:
            fetched[0] = 0
            with count_statements(engine) as told:
                answer = clients[key].get(address)
            assert answer.status_code in (200, 301, 302, 303, 403, 404), (key, address)
            if answer.status_code != 403:
                found[key, address] = (len(told), fetched[0])
        return found

    grown(quick_stage, 30)
    with clock.at(quick_stage.moment):  # time stands still: when somebody was last seen is written once a minute
        clients = {key: client_as(key) for key in WHO}
        asked(clients, product(WHO, KEPT))
        few = asked(clients, product(WHO, pages()))
    grown(quick_stage, 270)
    with clock.at(quick_stage.moment):
        many = asked(clients, few)
    assert few.keys() == many.keys()
    assert {address for _who, address in few} == set(pages())
    assert len([one for one in few.values() if one[1] > 1]) > len(pages())
    assert {one: (few[one], many[one]) for one in few if few[one][0] != many[one][0]} == {}
    most = {one: counts.MOST if one[1] in COUNTED else few[one][1] + SPARE for one in few}
    assert {one: (few[one], many[one]) for one in few if many[one][1] > most[one]} == {}


def parts_added(stage, whole, many, **by_key):
    """So many further parts of each whole, with what ``by_key`` says that they hold."""
    with stage.database.transaction(keep=True) as session:
        for number in range(many):
            for key, held in by_key.items():
                row = RECORDS[key](municipality_id=stage.municipality_id)
                row.state, row.version, row.within_id = "active", 1, whole
                for name, value in held(number).items():
                    setattr(row, name, value)
                session.add(row)
        session.flush()
        standing_rows.rebuild_in(session)
        search_rows.rebuild_in(session)


def test_the_card_of_a_whole_reads_a_page_of_its_parts(quick_stage, app, client_as, fetched):
    """An event, whose participant looks at it, too, and a request for data: thirty parts of each and three hundred."""
    engine, keeper = app.extensions["workflow_database"].engine, client_as("morozova")
    event = begun(
        keeper, quick_stage, CONTENT_TYPES["centre_event"], on="2026-12-20", responsible_id="", capacity="500"
    )
    request = begun(keeper, quick_stage, CONTENT_TYPES["data_request"], until="2026-12-20", responsible_id="")
    number, asked = (int(one.rsplit("/", 1)[1]) for one in (event, request))
    asker = client_as("sokolova")
    asker.post(f"/records/registration/oneself/{number}")

    def grow(many):
        with quick_stage.database.transaction(keep=True) as session:
            mark = session.query(Organization).count()
            rows = [
                Organization(
                    municipality_id=quick_stage.municipality_id,
                    name=f"Школа {one}",
                    genitive=f"школы {one}",
                    state="active",
                )
                for one in range(mark, mark + many)
            ]
            session.add_all(rows)
            session.flush()
            schools = [one.id for one in rows]
        parts_added(
            quick_stage,
            number,
            many,
            registration=lambda n: {"name": f"Участник {mark + n}", "position": "", "person_id": None},
        )
        parts_added(
            quick_stage, asked, many, data_answer=lambda n: {"organization_id": schools[n], "told": {}, "remark": ""}
        )

    def looked():
        found = {}
        for who, client, address in (
            ("keeper", keeper, event), ("keeper", keeper, f"{event}?page-registration=2"), ("keeper", keeper, request),
            ("participant", asker, event),
        ):  # fmt: skip
            fetched[0] = 0
            with count_statements(engine) as told:
                assert client.get(address).status_code == 200
            found[who, address] = (len(told), fetched[0])
        return found

    with clock.at(quick_stage.moment):
        grow(60)
        looked()
        few = looked()
        grow(240)
        many = looked()
        assert "Всего: 301" in text_of(keeper.get(event))
        assert "301–301 из 301" in text_of(keeper.get(f"{event}?page-registration=13"))
        file = keeper.get(f"/records/registration/of/{number}/export.csv").get_data(as_text=True)
        assert len(file.splitlines()) == 302, "all of them and the names of the columns"
        assert "Участник" not in text_of(asker.get(event)).replace("Участник мероприятия", "")
    assert {one: (few[one], many[one]) for one in few if few[one][0] != many[one][0]} == {}
    assert {one: (few[one], many[one]) for one in few if many[one][1] > few[one][1]} == {}


def test_an_act_on_a_part_leads_back_to_its_page_of_the_list(quick_stage, client_as):
    keeper = client_as("morozova")
    with clock.at(quick_stage.moment):
        event = begun(
            keeper,
            quick_stage,
            CONTENT_TYPES["centre_event"],
            on=quick_stage.moment.date().isoformat(),
            responsible_id="",
        )
        number = int(event.rsplit("/", 1)[1])
        parts_added(
            quick_stage, number, 30, registration=lambda n: {"name": f"Участник {n}", "position": "", "person_id": None}
        )
        page = keeper.get(f"{event}?page-registration=2").get_data(as_text=True)
        url = re.search(r'action="([^"]+/do/attend[^"]*)"', page)[1].replace("&amp;", "&")
        answer = keeper.post(url, data={"version": "1"})
    assert answer.location == f"{event}?page-registration=2#registration"


def test_the_exceptions_are_pages(app):
    assert {*WHOLE, *COUNTED} <= {one.rule for one in PAGES.values() if one.endpoint in app.view_functions}
