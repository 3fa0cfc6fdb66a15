"""What is right and looks like a slip is asked about once: the tick answers this question and no other, and nothing typed is lost."""

import re

import pytest
from werkzeug.datastructures import MultiDict

from tests.play import at, draft
from tests.rows import count_of
from tests.web.drafts import fill_in, state, submit
from tests.web.office import fields, later, row, value, version
from tests.web.pages import text_of
from workflow_app.db.models import Organization, Person

NAMED = {"last_name": "Cepгеева", "first_name": "Анна", "role": "teacher"}
ASKED = "Похоже на опечатку"


def tick(answer):
    """The confirmation that a page offers."""
    found = re.search(r'name="confirmed" value="([0-9a-f ]+)"', answer.get_data(as_text=True))
    assert found, text_of(answer)[:1500]
    return found[1]


def test_a_name_with_latin_letters_is_taken_once_it_is_confirmed(client_as, quick_stage):
    client = client_as("morozova")
    asked = client.post("/people/new", data=NAMED)
    assert asked.status_code == 422
    assert "В слове «Cepгеева» есть латинские буквы: C, e, p" in text_of(asked) and ASKED in text_of(asked)
    assert value(asked, "last_name") == "Cepгеева"
    assert count_of(quick_stage, Person, last_name="Cepгеева") == 0
    other = client.post("/people/new", data=NAMED | {"first_name": "Аннa", "confirmed": tick(asked)})
    assert other.status_code == 422  # the tick answered another question
    assert client.post("/people/new", data=NAMED | {"confirmed": tick(asked)}).status_code == 303
    assert count_of(quick_stage, Person, last_name="Cepгеева") == 1


def test_a_right_name_is_not_asked_about(client_as):
    page = client_as("morozova").get("/people/new")
    assert ASKED not in text_of(page)
    assert client_as("morozova").post("/people/new", data=NAMED | {"last_name": "Сергеева"}).status_code == 303


@pytest.mark.parametrize("name", ["МAОУ «Школа № 7»", "MAOУ «Школа № 7»"])
def test_an_organisation_is_asked_about_too(client_as, quick_stage, name):
    client, typed = client_as("morozova"), {"name": name, "genitive": "МАОУ «Школы № 7»"}
    asked = client.post("/records/organization/new", data=typed)
    assert (asked.status_code, count_of(quick_stage, Organization, name=name)) == (422, 0)
    assert client.post("/records/organization/new", data=typed | {"confirmed": tick(asked)}).status_code == 303
    assert count_of(quick_stage, Organization, name=name) == 1


def test_a_date_of_receipt_in_another_year_is_asked_about(client_as, quick_stage):
    road = at(quick_stage, "submitted")
    with later():
        client, address = client_as("morozova"), f"/cases/{road.case_id}/do/register"
        sent = {"received_at": "1999-01-01", "outside_number": "ГУ-17", "version": version(quick_stage, road)}
        asked = client.post(address, data=sent)
        assert asked.status_code == 422
        assert "Год не нынешний: 01.01.1999" in text_of(asked)
        assert (value(asked, "received_at"), value(asked, "outside_number")) == ("1999-01-01", "ГУ-17")
        assert road.state() == "submitted"
        assert client.post(address, data=sent | {"confirmed": tick(asked)}).status_code == 303
    assert row(quick_stage, road).received_at.isoformat() == "1999-01-01"


def test_a_co_author_is_asked_about_at_the_submission(client_as, quick_stage):
    road, form = draft(quick_stage)
    client = client_as("sokolova")
    fill_in(client, road.case_id, form | {"co_authors": ["Журавлeва Ирина Сергеевна"]})
    asked = submit(client, road.case_id)
    assert asked.status_code == 422
    assert "«Журавлeва»" in text_of(asked)
    assert state(quick_stage, road.case_id) == "draft"
    assert submit(client, road.case_id, confirmed=tick(asked)).status_code == 303


def test_what_nobody_sees_is_no_answer_of_a_form(client_as, quick_stage):
    """300 empty Braille signs, or two letters with spaces between them, are not three hundred characters."""
    for typed in ("\u2800" * 300, "\u3164" * 300, "\u200d" * 300, "а" + " " * 298 + "б"):
        road, form = draft(quick_stage)
        client = client_as("sokolova")
        fill_in(client, road.case_id, form | {"approbation_result": typed})
        answer = submit(client, road.case_id)
        assert answer.status_code == 422, repr(typed[:3])
        assert "Результат апробации" in text_of(answer)
        assert state(quick_stage, road.case_id) == "draft"


def test_forms_of_several_names_are_asked_about_with_one_tick(client_as):
    client = client_as("morozova")
    page = client.get("/names?show=all")
    sent = [("show", "all")]
    for id_ in [one.get("value") for one in fields(page, "row")][:2]:
        sent += [("row", id_), ("pick", id_), (f"version-{id_}", value(page, f"version-{id_}"))]
        sent += [
            (f"{one}-{id_}", "Ивaновой Анны Петровны") for one in ("genitive", "dative", "accusative", "instrumental")
        ]
    asked = client.post("/names?show=all", data=MultiDict(sent))
    assert asked.status_code == 422
    assert text_of(asked).count("есть латинские буквы: a") >= 8
    assert len(tick(asked).split()) == 2
