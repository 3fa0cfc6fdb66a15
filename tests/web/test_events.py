"""Events beyond their card: open registration, the code at the door, a pasted list, calendars, what is copied, the plan of a month."""

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from tests.rows import findings
from tests.web.pages import links_of, text_of
from tests.web.test_records import begun, do, path, states
from workflow_app import clock
from workflow_app.calendar.ics import Meeting, calendar
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db.models import RECORDS, Event

EVENT, PART = CONTENT_TYPES["centre_event"], CONTENT_TYPES["registration"]
BEFORE, ON, AFTER = (datetime(2026, 11, day, 6, tzinfo=UTC) for day in (18, 20, 21))
FIELDS = {
    "name": "Ветрова Анна Ильинична", "place_of_work": "Школа № 9", "position": "учитель", "contact": "vetrova@example.org",
}  # fmt: skip


@pytest.fixture
def client(app):
    """Whoever has not logged in."""
    return app.test_client()


@pytest.fixture
def event(client_as, quick_stage):
    """A published event with open registration and one place, two days ahead."""
    with clock.at(BEFORE):
        card = begun(
            client_as("morozova"),
            quick_stage,
            EVENT,
            capacity="1",
            open_form="1",
            responsible_id="",
            title="Портфолио без лишнего",
        )
        assert do(client_as("morozova"), card, EVENT, "publish").status_code == 303
        yield card.rsplit("/", 1)[1]


def hidden(page):
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.get_data(as_text=True))
    return {name: value for name, value in found if name in FIELDS}


def register(client, event, **changed):
    """Walk the open form to its end: the page that says whether there is a place."""
    url = f"/open/centre-event/{event}/register"
    consent = client.post(url, data=FIELDS | changed)
    assert consent.status_code == 200, text_of(consent)
    answer = client.post(url, data=hidden(consent) | {"consent": "1"})
    assert answer.status_code == 303
    return client.get(answer.location)


def test_a_stranger_registers_after_the_consent_and_nothing_is_kept_before(client, quick_stage, event):
    url = f"/open/centre-event/{event}/register"
    assert url in links_of(client.get(f"/open/centre-event/{event}"))
    consent = client.post(url, data=FIELDS)
    words = text_of(consent)
    assert "Я, Ветрова Анна Ильинична, даю оператору" in words
    assert "«Портфолио без лишнего»" in words
    assert states(quick_stage, PART) == [], "nothing before the consent"
    assert "Вы записаны, место за вами." in text_of(register(client, event))
    second = register(client, event, name="Громов Пётр Львович")
    assert "вы в листе ожидания" in text_of(second)
    assert "Громов" not in text_of(second), "whoever learns the address learns no name"
    assert states(quick_stage, PART) == ["active", "waiting"]
    with quick_stage.database.transaction(keep=False) as session:
        row = session.scalars(select(RECORDS["registration"])).first()
        assert (row.place_of_work, row.contact, row.consent) == (
            "Школа № 9",
            "vetrova@example.org",
            "consent-event-2026-11",
        )
        begin = session.scalars(
            select(Event).where(Event.subject_kind == "registration", Event.transition == "begin")
        ).first()
        assert (begin.actor_id, begin.via) == (None, "system")
    assert findings(quick_stage) == []


def test_what_is_wrong_in_the_open_form_stays_and_is_told(client, quick_stage, event):
    answer = client.post(f"/open/centre-event/{event}/register", data=FIELDS | {"position": ""})
    assert answer.status_code == 422
    assert "vetrova@example.org" in answer.get_data(as_text=True)
    assert states(quick_stage, PART) == []


def test_a_robot_and_a_second_time_are_answered_alike_and_enter_nothing(client, quick_stage, event):
    register(client, event)
    url = f"/open/centre-event/{event}/register"
    robot = client.post(url, data=FIELDS | {"name": "Робот Иван Иванович", "homepage": "https://spam.example"})
    again = client.post(url, data=FIELDS | {"consent": "1"})
    for answer in (robot, again):
        assert "Заявка принята" in text_of(client.get(answer.location)), (
            "a stranger learns of nobody whether they are in the list"
        )
    assert states(quick_stage, PART) == ["active"]


def test_an_event_that_is_not_open_takes_no_strangers(client, client_as, quick_stage):
    with clock.at(BEFORE):
        keeper = client_as("morozova")
        card = begun(keeper, quick_stage, EVENT, open_form=[])
        url = f"/open/centre-event/{card.rsplit('/', 1)[1]}/register"
        assert client.get(url).status_code == 404, "nor is there a page of what is not published"
        assert do(keeper, card, EVENT, "publish").status_code == 303
        assert "Открытой записи на это мероприятие нет." in text_of(client.get(url))
        client.post(url, data=FIELDS | {"consent": "1"})
        assert states(quick_stage, PART) == []
        assert url not in links_of(client.get(url.removesuffix("/register")))


def test_registration_ends_with_the_day(client, quick_stage, event):
    with clock.at(AFTER):
        client.post(f"/open/centre-event/{event}/register", data=FIELDS | {"consent": "1"})
    assert states(quick_stage, PART) == []


def test_the_address_of_a_place_is_signed(client, event):
    place = register(client, event)
    url = place.request.path
    assert client.get(url[:-8] + ("a" if url[-8] != "a" else "b") + url[-7:]).status_code == 404


def code_of(page):
    return re.search(r"/come/[\w.-]+", page.get_data(as_text=True))[0]


@pytest.mark.parametrize("page", ["door", "attendance"])
def test_the_pages_of_the_door_lead_back_and_stand_in_the_menu(client_as, event, page):
    answer = client_as("morozova").get(f"/records/centre-event/{event}/{page}")
    assert {"/records/centre-event", f"/records/centre-event/{event}"} <= set(links_of(answer))
    opened = re.findall(r'<details class="menu-group" open><summary><span>([^<]+)', answer.get_data(as_text=True))
    assert set(opened) == {"Программа"}


def test_who_is_at_the_door_marks_it_by_the_code_of_the_day(client_as, quick_stage, event):
    keeper, teacher = client_as("morozova"), client_as("sokolova")
    door = f"/records/centre-event/{event}/door"
    assert "Код появится здесь в день мероприятия" in text_of(keeper.get(door))
    assert teacher.get(door).status_code == 403
    assert teacher.post(f"/records/registration/oneself/{event}").status_code == 303
    with clock.at(ON):
        keeper, teacher = client_as("morozova"), client_as("sokolova")
        code = code_of(keeper.get(door))
        assert "Вас нет в списке" in text_of(client_as("bondarenko").get(code))
        assert client_as("bondarenko").post(code).status_code == 404
        assert teacher.post("/come/nonsense").status_code == 404
        assert teacher.get("/records/registration/1/do/check_in").status_code in (403, 404, 409), (
            "only the code proves it"
        )
        assert states(quick_stage, PART) == ["active"]
        assert teacher.post(code).status_code == 303
        assert "Вы отмечены" in text_of(teacher.get(code))
        assert states(quick_stage, PART) == ["attended"]
        assert teacher.post(code).status_code == 303, "a second press changes nothing"
        assert states(quick_stage, PART) == ["attended"]
    with clock.at(AFTER):
        assert client_as("sokolova").get(code).status_code == 404, "yesterday's code is none"
    assert findings(quick_stage) == []


def test_a_pasted_list_marks_who_was_there_and_tells_who_is_not_registered(client_as, quick_stage, event):
    with clock.at(BEFORE):
        keeper = client_as("morozova")
        for name in ("Ветрова Анна Ильинична", "Громов Пётр Львович"):
            assert keeper.post(f"{path(PART)}/new/{event}", data={"name": name}).status_code == 303
    url = f"/records/centre-event/{event}/attendance"
    assert client_as("sokolova").get(url).status_code == 403
    with clock.at(ON):
        keeper = client_as("morozova")
        assert (
            do(
                keeper, f"/records/centre-event/{event}", EVENT, "edit", **fields_of(keeper, event, capacity="3")
            ).status_code
            == 303
        )
        listed = "1.\tВетрова Анна Ильинична\n2.\tДымова Ольга Юрьевна\tШкола № 9\tучитель"
        answer = keeper.post(url, data={"names": listed})
        assert "Этих людей нет среди записанных" in text_of(answer)
        assert "Дымова Ольга Юрьевна" in text_of(answer)
        assert states(quick_stage, PART) == ["attended", "active"]
        assert keeper.post(url, data={"names": listed, "enter": "1"}).status_code == 303
        assert states(quick_stage, PART) == ["attended", "active", "attended"]
        with quick_stage.database.transaction(keep=False) as session:
            last = session.scalars(select(RECORDS["registration"]).order_by(RECORDS["registration"].id.desc())).first()
            assert (last.place_of_work, last.position) == ("Школа № 9", "учитель")
    assert findings(quick_stage) == []


def fields_of(client, event, **changed):
    """What stands in the form of a correction."""
    page = client.get(f"/records/centre-event/{event}/do/edit").get_data(as_text=True)
    found = dict(re.findall(r'<input[^>]*? name="(\w+)"[^>]*? value="([^"]*)"', page))
    wanted = ("title", "on", "starts", "place", "capacity", "hours")
    return {name: found[name] for name in wanted if name in found} | {"title": "Портфолио без лишнего", "form": "seminar",
            "level": "municipal", "on": "2026-11-20", "place": "Школа № 4", "hours": "2", "open_form": "1"} | changed  # fmt: skip


def test_an_event_goes_into_a_calendar_and_strangers_do_not_get_the_link_of_the_meeting(client, client_as, quick_stage):
    with clock.at(BEFORE):
        keeper = client_as("morozova")
        card = begun(keeper, quick_stage, EVENT, title="Практикум, часть 1", link="https://example.ru/vstrecha")
        number = card.rsplit("/", 1)[1]
        own = keeper.get(f"{card}/event.ics")
        assert own.mimetype == "text/calendar"
        assert "https://example.ru/vstrecha" in own.get_data(as_text=True).replace("\r\n ", "")
        assert client.get(f"/open/centre-event/{number}/event.ics").status_code == 404
        assert do(keeper, card, EVENT, "publish").status_code == 303
        said = client.get(f"/open/centre-event/{number}/event.ics").get_data(as_text=True).replace("\r\n ", "")
    assert "example.ru/vstrecha" not in said
    assert "SUMMARY:Практикум\\, часть 1" in said
    assert "DTSTART:20261120T090000Z" in said, "14:00 in Yekaterinburg"


def test_a_file_for_calendars_keeps_to_rfc_5545():
    meeting = Meeting(
        "centre_event-7@example.ru",
        "Семинар; первый, «Портфолио без лишнего» " * 4,
        ON.date(),
        BEFORE,
        about="строка\nвторая \\",
    )
    lines = calendar(meeting).split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert all(len(line.encode()) <= 75 for line in lines), "3.1"
    whole = calendar(meeting).replace("\r\n ", "")
    assert "DTSTART;VALUE=DATE:20261120" in whole
    assert "DTEND" not in whole
    assert "SUMMARY:Семинар\\; первый\\, " in whole
    assert "DESCRIPTION:строка\\nвторая \\\\" in whole
    assert "DTSTAMP:20261118T060000Z" in whole


def test_what_is_copied_of_an_event_names_nobody_and_is_clean_html(client_as, quick_stage):
    with clock.at(BEFORE):
        keeper = client_as("morozova")
        card = begun(
            keeper,
            quick_stage,
            EVENT,
            title="Практикум <b>один</b>",
            audience="педагоги",
            link="https://example.ru/vstrecha",
        )
        page = keeper.get(card).get_data(as_text=True)
    text, html = re.findall(
        r'<textarea class="form-control[^"]*" id="share-\w+"[^>]*>(.*?)</textarea>', page, re.DOTALL
    )
    assert "Дата и время: 20.11.2026, 14:00" in text
    assert "Для кого: педагоги" in text
    assert "Соколова" not in text + html, "the responsible person"
    assert "&lt;h3&gt;" in html
    assert "Практикум &amp;lt;b&amp;gt;один" in html, "typed markup stays text on the site"
    assert "vstrecha" not in text + html, "a meeting's link is for those who are registered"


def test_what_is_copied_of_a_publication_names_no_author(client_as, quick_stage):
    keeper, kind = client_as("morozova"), CONTENT_TYPES["publication"]
    page = keeper.get(begun(keeper, quick_stage, kind)).get_data(as_text=True)
    copied = "".join(re.findall(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL))
    assert "Где вышла: сайт центра" in copied
    assert "Соколова" not in copied
    assert "соавторы, как её набрали" not in copied


def test_the_plan_of_a_month_holds_its_events_and_terms_in_their_order(client_as, quick_stage):
    with clock.at(BEFORE):
        keeper = client_as("morozova")
        begun(keeper, quick_stage, EVENT, title="Поздняя встреча", starts="15:00", on="2026-12-10")
        begun(keeper, quick_stage, EVENT, title="Ранняя встреча", starts="9:00", on="2026-12-10")
        begun(keeper, quick_stage, EVENT, title="Январская встреча", on="2027-01-10")
        begun(keeper, quick_stage, CONTENT_TYPES["plan_item"], title="Сборник заключений", until="2026-12-01")
        page = keeper.get("/programme/month?month=2026-12")
        words = text_of(page)
        assert "План работы на декабрь 2026" in words
        assert words.index("Срок: Сборник заключений") < words.index("Ранняя встреча") < words.index("Поздняя встреча")
        assert "Январская" not in words
        assert "Ноябрьская" not in text_of(keeper.get("/programme/month?month=nonsense")), (
            "of nonsense the present month"
        )
        copied = re.findall(r"<textarea[^>]*>(.*?)</textarea>", page.get_data(as_text=True), re.DOTALL)
        assert "Соколова" in words, "the plan names who is responsible"
        assert "Соколова" not in "".join(copied), "what is copied does not"
        table = keeper.get("/programme/month/export.csv?month=2026-12").get_data().decode("utf-8-sig")
        assert table.splitlines()[0] == "№;Мероприятие;Дата и время;Место;Ответственный"
        assert len(table.splitlines()) == 4
        assert keeper.get("/programme/month/export.xlsx?month=2026-12").status_code == 200
    assert client_as("sokolova").get("/programme/month").status_code == 403
