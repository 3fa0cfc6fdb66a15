"""Organisations: a declared kind with its own people, cases and what names them; its old addresses, acts and facts."""

import csv
import io
import re

import pytest
from sqlalchemy import select

from tests.play import at
from tests.rows import findings, rows_of
from tests.web.pages import text_of
from tests.web.test_records import begun, do
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db import stated_facts
from workflow_app.db.models import Case, Organization, Person
from workflow_app.facts import search_rows
from workflow_app.gate import audit
from workflow_app.states.actors import system
from workflow_app.states.forms import Nothing

KIND = CONTENT_TYPES["organization"]
LIST = KIND.path
CARD = {"name": "МАОУ «Гимназия № 77»", "genitive": "МАОУ «Гимназии № 77»", "type": "school", "teachers": "31"}


def names(answer):
    return re.findall(r'/records/organization/\d+">([^<]+)</a>', answer.get_data(as_text=True))


@pytest.mark.parametrize("page", [LIST, f"{LIST}/1", f"{LIST}/new", f"{LIST}/1/do/edit"])
def test_a_teacher_and_an_expert_read_no_directory(client_as, page):
    for key in ("sokolova", "bondarenko"):
        assert client_as(key).get(page).status_code == 403, key


@pytest.mark.parametrize("key", ["morozova", "kuzmin", "gradov", "pavlyuk"])
def test_the_staff_read_it(client_as, key):
    assert client_as(key).get(LIST).status_code == client_as(key).get(f"{LIST}/1").status_code == 200


def test_a_director_and_the_department_do_not_keep_it(client_as):
    for key in ("gradov", "pavlyuk"):
        client = client_as(key)
        assert "Новая организация" not in text_of(client.get(LIST))
        assert [client.get(f"{LIST}/{one}").status_code for one in ("new", "table", "1/do/edit")] == [403] * 3


def test_an_administrator_keeps_it(client_as, quick_stage):
    assert client_as("kuzmin").post(f"{LIST}/new", data=CARD).status_code == 303
    row = rows_of(quick_stage, Organization, name=CARD["name"])[0]
    assert (row.type, row.teachers, row.outside, row.state) == ("school", 31, False, "active")
    assert findings(quick_stage) == []


def test_one_name_is_one_organisation_whatever_its_quotation_marks(client_as, quick_stage):
    known = rows_of(quick_stage, Organization)[0]
    twin = known.name.replace("«", '"').replace("»", '"').upper()
    answer = client_as("morozova").post(f"{LIST}/new", data={"name": twin, "genitive": "кого-то"})
    assert answer.status_code == 422
    assert "уже есть" in text_of(answer)


def test_the_name_of_a_closed_organisation_is_free_again(client_as, quick_stage):
    client = client_as("morozova")
    card = begun(client, quick_stage, KIND, **CARD)
    assert do(client, card, KIND, "end", reason="Присоединена к школе № 1").status_code == 303
    assert "Закрыта" in text_of(client.get(card))
    assert begun(client, quick_stage, KIND, **CARD) != card


def test_a_stale_correction_is_a_conflict_and_loses_nothing(client_as, quick_stage):
    client, card = client_as("morozova"), f"{LIST}/1"
    stale = re.search(r'name="version" value="([\d.a-f]+)"', client.get(f"{card}/do/edit").get_data(as_text=True))[1]
    assert do(client, card, KIND, "edit", **CARD | {"genitive": "МАОУ «Первой правки»"}).status_code == 303
    answer = client.post(f"{card}/do/edit", data=CARD | {"version": stale, "genitive": "МАОУ «Второй правки»"})
    assert answer.status_code == 409
    assert "МАОУ «Второй правки»" in answer.get_data(as_text=True)


def test_the_list_is_filtered_by_kind_and_by_where(client_as, quick_stage):
    client = client_as("morozova")
    begun(client, quick_stage, KIND, **CARD | {"type": ""})
    with quick_stage.database.transaction(keep=False) as session:
        rows = session.scalars(select(Organization)).all()
        session.expunge_all()
    wanted = {
        "outside=1": {one.name for one in rows if one.outside},
        "outside=0": {one.name for one in rows if not one.outside},
        "type=kindergarten": {one.name for one in rows if one.type == "kindergarten"},
        "type=none": {CARD["name"]},
    }
    for asked, found in wanted.items():
        assert found
        assert set(names(client.get(f"{LIST}?{asked}"))) == found, asked
    lines = csv.reader(
        io.StringIO(client.get(f"{LIST}/export.csv?outside=1").get_data().decode("utf-8-sig")), delimiter=";"
    )
    assert {one[0] for one in list(lines)[1:]} == wanted["outside=1"]


@pytest.mark.parametrize(
    ("old", "now"),
    [
        ("/organizations", LIST), ("/organizations?q=лицей", f"{LIST}?q=%D0%BB%D0%B8%D1%86%D0%B5%D0%B9"), ("/organizations/1", f"{LIST}/1"),
        ("/organizations/new", f"{LIST}/new"), ("/organizations/1/do/edit_organization", f"{LIST}/1/do/edit"),
        ("/organizations/export.csv", f"{LIST}/export.csv"),
    ],
)  # fmt: skip
def test_an_address_of_before_leads_to_where_it_is_now(client_as, old, now):
    client = client_as("morozova")
    answer = client.get(old)
    assert (answer.status_code, answer.location) == (301, now)
    assert client.get(now).status_code == 200
    assert client_as("sokolova").get(old).status_code == 403


def test_the_card_shows_its_people_its_cases_and_what_names_it_to_who_may_see_them(client_as, quick_stage):
    case = rows_of(quick_stage, Case, id=at(quick_stage, "registered").case_id)[0]
    keeper, card = client_as("morozova"), f"{LIST}/{case.organization_id}"
    agreement = CONTENT_TYPES["agreement"]
    begun(keeper, quick_stage, agreement, "Библиотека", organization_id=str(case.organization_id))
    person = rows_of(quick_stage, Person, organization_id=case.organization_id)[0]
    page = text_of(keeper.get(card))
    for words in (case.title, person.full_name, "Библиотека"):
        assert words in page
    assert case.title not in text_of(client_as("kuzmin").get(card)), "an administrator keeps accounts, not cases"
    assert person.full_name not in text_of(client_as("pavlyuk").get(card)), "the department sees no cards of people"
    assert "Библиотека" in text_of(client_as("pavlyuk").get(card))


def test_a_table_of_organisations_is_read_by_the_headings_that_people_write(client_as, quick_stage):
    known = rows_of(quick_stage, Organization)[0]
    rows = (
        "Название\tРодительный падеж\tТип\tВнешняя\tПедагогов\tДиректор\n"
        f"{known.name}\tкого-то\tшкола\tнет\t5\t\n"
        "МБДОУ «Детский сад № 99»\tМБДОУ «Детского сада № 99»\tДетский сад\tда\t12\tЗимина Анна Львовна\n"
    )
    client = client_as("kuzmin")
    assert f"{LIST}/table" in client.get("/imports").get_data(as_text=True)
    looked = text_of(client.post(f"{LIST}/table", data={"rows": rows, "do": "check"}))
    assert "Будет записано: 1." in looked
    assert "будет пропущено: 1" in looked
    assert client.post(f"{LIST}/table", data={"rows": rows, "do": "keep"}).status_code == 303
    row = rows_of(quick_stage, Organization, name="МБДОУ «Детский сад № 99»")[0]
    assert (row.type, row.outside, row.teachers, row.head) == ("kindergarten", True, 12, "Зимина Анна Львовна")


def test_what_an_older_program_recorded_stays_readable_and_true(client_as, quick_stage, monkeypatch):
    """Its acts had other names, and its events stated the card in one fact."""
    monkeypatch.setitem(stated_facts.FACTS, "organization", stated_facts._EARLIER["organization"])
    with quick_stage.database.transaction(keep=True) as session:
        row = session.get_one(Organization, 1)
        before, row.genitive, row.version = row.state, "МАОУ «Исправленной»", row.version + 1
        me = system(row.municipality_id)
        audit.append(session, me, row, "edit_organization", before, Nothing(), [])
        search_rows.rebuild_in(session)
    monkeypatch.undo()
    assert findings(quick_stage) == []
    page = text_of(client_as("morozova").get(f"{LIST}/1"))
    assert "Запись исправлена" in page
    with quick_stage.database.transaction(keep=True) as session:
        session.get_one(Organization, 1).genitive = "МАОУ «Подменённой»"
    assert any("карточка" in one for one in findings(quick_stage))


def test_a_name_that_was_alike_before_hinders_no_other_correction(client_as, quick_stage):
    """Names are compared by letters and digits now; a centre may have two that differ in a sign alone."""
    with quick_stage.database.transaction(keep=True) as session:
        told = [("Школа № 77", "1"), ("Школа 77", "2")]
        rows = [
            Organization(municipality_id=quick_stage.municipality_id, name=name, genitive=f"{name}, рода", phone=phone, state="active")
            for name, phone in told
        ]  # fmt: skip
        session.add_all(rows)
        session.flush()
        first = rows[0].id
        search_rows.rebuild_in(session)
    client = client_as("morozova")
    card = {"name": "Школа № 77", "genitive": "Школы № 77"}
    assert do(client, f"{LIST}/{first}", "organization", "edit", **card, phone="8").status_code == 303
    assert do(client, f"{LIST}/{first}", "organization", "edit", **card | {"name": "Школа №77"}).status_code == 422
