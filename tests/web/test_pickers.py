"""A name is chosen by search: with a script by asking as one types, without one by «Найти»; nothing typed elsewhere is lost (ADR 30)."""

import pytest

from tests.play import at
from tests.statements import count_statements
from tests.web.office import address_of, fields, picked_by, ticked, value
from tests.web.pages import text_of
from workflow_app import clock
from workflow_app.db.models import Membership, Person
from workflow_app.web import rate_limit

NEW = "/cases/new/on-behalf"
PICKED = [NEW, "/people/new", "/records/publication/new", "/records/centre-event/new", "/people", "/cases", "/access"]


def grown(stage, number):
    """So many further people of the centre."""
    with clock.at(stage.moment), stage.database.transaction(keep=True) as session:
        for one in range(number):
            person = Person(
                municipality_id=stage.municipality_id, last_name="Многолюднова", first_name=f"Анна{one}", state="listed"
            )
            session.add(person)
            session.flush()
            session.add(Membership(person_id=person.id, municipality_id=stage.municipality_id, role="teacher"))


def test_a_script_is_given_the_first_twenty_and_told_to_say_more(quick_stage, client_as):
    grown(quick_stage, 25)
    client = client_as("morozova")
    page = client.get(NEW)
    assert "Многолюднова" not in text_of(page)
    answer = client.get(address_of(page, "applicant_id"), query_string={"q": "многолюд"})
    assert (len(answer.get_json()["found"]), answer.get_json()["said"]) == (20, "Показаны первые 20, уточните.")
    assert answer.headers["Cache-Control"] == "no-store"
    found = picked_by(client, page, "applicant_id", "соколова ольга")
    assert [one["label"] for one in found] == ["Соколова Ольга Викторовна"]
    assert "Школа № 1" in found[0]["note"]
    named = client.get(address_of(page, "applicant_id"), query_string={"value": [found[0]["value"], "999999"]})
    assert named.get_json()["found"] == found


def test_an_address_answers_only_whom_its_form_was_given_to_in_the_roles_of_then(quick_stage, app, client_as):
    address = address_of(client_as("morozova").get(NEW), "applicant_id")
    assert client_as("sokolova").get(address, query_string={"q": "с"}).status_code == 404
    assert app.test_client().get(address, query_string={"q": "с"}).status_code == 404
    assert client_as("morozova").get(f"{address}x", query_string={"q": "с"}).status_code == 404
    client = client_as("morozova")
    assert client.get(address, query_string={"q": "с"}).status_code == 200
    with quick_stage.database.transaction(keep=True) as session:
        session.query(Membership).filter_by(person_id=quick_stage.people["morozova"], role="coordinator").delete()
    assert client.get(address, query_string={"q": "с"}).status_code == 404


def test_who_searches_without_end_is_asked_to_wait(quick_stage, client_as, monkeypatch):
    monkeypatch.setattr(rate_limit, "_SEARCHES", rate_limit.Rule(2, rate_limit._SEARCHES.period))
    client = client_as("morozova")
    address = address_of(client.get(NEW), "applicant_id")
    assert [client.get(address, query_string={"q": "с"}).status_code for _ in range(4)] == [200, 200, 429, 429]


def test_without_a_script_the_form_comes_back_with_what_was_found_and_all_that_was_typed(quick_stage, client_as):
    client, sokolova = client_as("morozova"), str(quick_stage.people["sokolova"])
    typed = {"case_type": "methodical_material", "title": "Сборник заданий по физике", "channel": "paper"}
    looked = client.post(NEW, data={**typed, "find-applicant_id": "соколова", "look": "applicant_id"})
    assert looked.status_code == 422
    assert "Найдено: 1" in text_of(looked)
    assert "Проверьте заполнение" not in text_of(looked)
    assert [one.get("value") for one in fields(looked, "applicant_id")] == [sokolova]
    assert (value(looked, "title"), ticked(looked, "case_type")) == (typed["title"], {typed["case_type"]})
    done = client.post(NEW, data={**typed, "applicant_id": sokolova, "find-applicant_id": ""})
    assert done.status_code == 303


def test_words_left_without_a_choice_are_refused_with_what_they_find(quick_stage, client_as):
    client = client_as("morozova")
    data = {"last_name": "Новая", "first_name": "Анна", "role": "teacher", "find-organization_id": "школа № 1"}
    refused = client.post("/people/new", data=data)
    assert refused.status_code == 422
    assert "Вы искали, но не выбрали" in text_of(refused)
    assert len(fields(refused, "organization_id")) == 1
    assert value(refused, "last_name") == "Новая"
    assert client.post("/people/new", data=data | {"find-organization_id": " "}).status_code == 303


def test_what_may_not_be_chosen_is_refused_and_not_named(quick_stage, client_as):
    with quick_stage.database.transaction(keep=True) as session:
        session.get_one(Person, quick_stage.people["lebedev"]).state = "blocked"
    typed = {"case_type": "methodical_material", "title": "Сборник заданий по физике", "channel": "paper"}
    refused = client_as("morozova").post(NEW, data={**typed, "applicant_id": str(quick_stage.people["lebedev"])})
    assert refused.status_code == 422
    assert "Такого варианта нет в списке" in text_of(refused)
    assert "Лебедев" not in text_of(refused)


def test_who_has_left_stays_chosen_where_they_stand(quick_stage, client_as):
    client, lebedev = client_as("morozova"), str(quick_stage.people["lebedev"])
    sent = {
        "title": "Статья о школе",
        "on": "2026-11-20",
        "channel": "site",
        "level": "organization",
        "author_id": lebedev,
    }
    made = client.post("/records/publication/new", data=sent)
    assert made.status_code == 303, text_of(made)
    with quick_stage.database.transaction(keep=True) as session:
        session.get_one(Person, quick_stage.people["lebedev"]).state = "blocked"
    edit = f"{made.location}/do/edit"
    page = client.get(edit)
    assert ticked(page, "author_id") == {lebedev}
    assert (
        client.post(edit, data=sent | {"title": "Статья о лицее", "version": value(page, "version")}).status_code == 303
    )
    assert client.post("/records/publication/new", data=sent | {"title": "Другая"}).status_code == 422


def test_a_step_of_a_draft_comes_back_with_what_was_found(quick_stage, client_as):
    road = at(quick_stage, "draft")
    client = client_as("sokolova")
    address = f"/cases/{road.case_id}/edit"
    page = client.get(address)
    assert len(fields(page, "find-organization_id")) == 1
    sent = {
        "step": value(page, "step"),
        "version": value(page, "version"),
        "look": "organization_id",
        "find-organization_id": "школа 1",
    }
    back = client.post(f"{address}?step={sent['step']}", data=sent)
    assert back.status_code == 303
    assert "Найдено: 1" in text_of(client.get(back.location))


@pytest.mark.parametrize("address", PICKED)
def test_a_page_with_pickers_asks_the_same_of_thirty_people_and_of_three_hundred(quick_stage, app, client_as, address):
    client = client_as("kuzmin" if address == "/access" else "morozova")
    engine = app.extensions["workflow_database"].engine

    def asked():
        client.get(address)
        with count_statements(engine) as told:
            page = client.get(address)
        assert page.status_code == 200
        return len(told), len(page.data)

    grown(quick_stage, 30)
    few = asked()
    grown(quick_stage, 270)
    many = asked()
    assert few[0] == many[0]
    assert many[1] < few[1] + 2000
