"""One's own terms as a calendar behind a secret address: shown once, replaced, taken back; number and verb, no names."""

import re
from datetime import timedelta

from sqlalchemy import select

from tests.play import at
from tests.web.test_centre import text_of
from workflow_app import clock
from workflow_app.db.models import CalendarFeed, Case, Person


def made(client):
    """A new address, without its host."""
    return re.search(r'value="https?://[^/"]+(/calendar/[\w-]{40,}\.ics)"', text_of(client.post("/profile/calendar")))[
        1
    ]


def events(answer):
    """The events of a file by uid, as their lines by name; the whole is proved to be folded and ended as RFC 5545 has it."""
    raw = answer.get_data()
    assert raw.endswith(b"END:VCALENDAR\r\n")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 75
    assert b"\n" not in raw.replace(b"\r\n", b"")
    found = {}
    for one in raw.decode().replace("\r\n ", "").split("BEGIN:VEVENT\r\n")[1:]:
        lines = dict(line.split(":", 1) for line in one.partition("END:VEVENT")[0].strip().split("\r\n"))
        found[lines["UID"]] = lines
    return found


def test_the_terms_of_an_expert_by_number_and_verb(quick_stage, client_as, app):
    client = app.test_client()
    road = at(quick_stage, "in_review", "methodical_material")
    expert = client_as("bondarenko")
    address = made(expert)
    assert address not in text_of(expert.get("/profile/calendar"))  # shown once
    with clock.at(quick_stage.moment):
        answer = client.get(address)
        (uid, mine), *others = events(answer).items()
        with quick_stage.database.transaction(keep=False) as session:
            case = session.get_one(Case, road.case_id)
            names = {one.last_name for one in session.scalars(select(Person))}
            assert mine["SUMMARY"] == f"{case.number}: Заполнить экспертный лист"
            assert mine["DTSTART;VALUE=DATE"] == f"{case.due_on:%Y%m%d}"
            assert not [one for one in (*names, case.title) if one in answer.get_data(as_text=True)]
        assert not others
        assert re.fullmatch(r"[\w.@-]+", uid)
        assert (answer.mimetype, answer.headers["Cache-Control"]) == ("text/calendar", "private, max-age=900")
        again = client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.get_data()) == (304, b"")
        quick_stage.act(road.office, road.case_id, "extend", {"days": 3, "reason": "Болезнь эксперта, приказ № 12"})
        moved = events(client.get(address))[uid]  # the same event, later
        assert moved["DTSTART;VALUE=DATE"] > mine["DTSTART;VALUE=DATE"]
        assert int(moved["SEQUENCE"]) > int(mine["SEQUENCE"])


def test_an_address_stops_with_the_next_one_with_its_owner_and_when_taken_back(quick_stage, client_as, app):
    client = app.test_client()
    expert = client_as("bondarenko")
    first = made(expert)
    assert client.get(first).status_code == 200
    second = made(expert)
    assert (client.get(first).status_code, client.get(second).status_code) == (404, 200)
    with quick_stage.database.transaction(keep=True) as session:
        (row,) = session.scalars(select(CalendarFeed))
        assert second[10:-4] not in row.digest
        session.get_one(Person, row.person_id).state = "blocked"
    assert client.get(second).status_code == 404
    with quick_stage.database.transaction(keep=True) as session:
        session.get_one(Person, quick_stage.people["bondarenko"]).state = "active"
    assert expert.post("/profile/calendar/drop").status_code == 303
    assert client.get(second).status_code == 404
    assert client.get("/calendar/" + "x" * 43 + ".ics").status_code == 404


def test_who_guesses_addresses_is_stopped(quick_stage, client_as, app):
    client = app.test_client()
    address = made(client_as("bondarenko"))
    with clock.at(quick_stage.moment):
        assert [client.get(f"/calendar/{n}.ics").status_code for n in range(50)] == [404] * 50
        assert client.get(address).status_code == 429
    with clock.at(quick_stage.moment + timedelta(minutes=6)):
        assert client.get(address).status_code == 200
