"""The screen «Формы имён»: who sees it, confirming many people at once, mending, what falls away, the notice before issuing."""

import re

import pytest

from tests.play import at
from tests.web.accounts import person
from tests.web.pages import text_of
from workflow_app.db.models import Person
from workflow_app.documents.russian.grammar import CASES
from workflow_app.facts.naming import doubtful, name_of

FIELDS = {"g": "genitive", "d": "dative", "a": "accusative", "i": "instrumental"}


def forget(stage, *keys):
    """Let nobody have confirmed the forms of these people."""
    with stage.database.transaction(keep=True) as session:
        for key in keys:
            session.get_one(Person, stage.people[key]).forms = {}


def row(stage, key, **changes):
    """What the form holds for one person."""
    who = person(stage, key)
    name = name_of(who)
    forms = {FIELDS[case]: name.declined(case) for case in CASES[1:]} | {"gender": name.gender or ""} | changes
    return {"row": who.id, "pick": who.id, f"version-{who.id}": who.version} | {
        f"{field}-{who.id}": value for field, value in forms.items()
    }


def together(*rows):
    found = {}
    for one in rows:
        for name, value in one.items():
            found.setdefault(name, []).append(value)
    return found


@pytest.mark.parametrize(
    ("who", "status"), [("morozova", 200), ("kuzmin", 200), ("gradov", 200), ("sokolova", 403), ("koval", 403)]
)
def test_the_screen_is_for_those_who_keep_people(client_as, who, status):
    assert client_as(who).get("/names").status_code == status


def test_only_the_unconfirmed_are_shown_unless_all_are_asked_for(client_as, quick_stage):
    forget(quick_stage, "tkach")
    client = client_as("morozova")
    first = text_of(client.get("/names"))
    assert "Ткач Вероника Андреевна" in first
    assert "Соколова" not in first
    assert "Соколова Ольга Викторовна" in text_of(client.get("/names?show=all&q=соколова"))
    assert "Найдено людей: 1" in text_of(client.get("/names?q=ткач"))


def test_one_press_confirms_many_people_each_by_an_act_of_its_own(client_as, quick_stage):
    forget(quick_stage, "tkach", "chernykh")
    client = client_as("morozova")
    answer = client.post(
        "/names",
        data=together(row(quick_stage, "tkach"), row(quick_stage, "chernykh", dative="Черныху Павлу Ильичу")),
    )
    assert answer.status_code == 303
    assert not doubtful(person(quick_stage, "tkach"))
    assert person(quick_stage, "chernykh").forms["d"] == "Черныху Павлу Ильичу"
    assert person(quick_stage, "tkach").forms["i"] == "Ткач Вероникой Андреевной"
    assert "Подтверждены формы имени" in text_of(client.get(f"/people/{quick_stage.people['tkach']}/history"))


def test_who_is_not_ticked_stays_unconfirmed(client_as, quick_stage):
    forget(quick_stage, "tkach")
    data = row(quick_stage, "tkach", dative="Ткач Веронике Андревне")
    del data["pick"]
    answer = client_as("morozova").post("/names", data=data)
    assert answer.status_code == 422
    assert "Никто не отмечен" in text_of(answer)
    assert "Ткач Веронике Андревне" in answer.get_data(as_text=True)
    assert doubtful(person(quick_stage, "tkach"))


def test_nobody_is_ticked_beforehand_and_one_tick_takes_the_page(client_as, quick_stage):
    """What the library guessed is not confirmed by a person who only pressed the button."""
    forget(quick_stage, "tkach", "chernykh")
    page = client_as("morozova").get("/names").get_data(as_text=True)
    ticks = re.findall(r'<input type="checkbox"[^>]*name="pick"[^>]*>', page)
    assert len(ticks) >= 2
    assert all("data-pick" in one and "checked" not in one for one in ticks)
    assert 'data-pick-all="pick"' in page


def test_what_is_wrong_with_one_row_keeps_its_text_and_the_others_are_confirmed(client_as, quick_stage):
    forget(quick_stage, "tkach", "chernykh")
    client = client_as("morozova")
    wrong = row(quick_stage, "tkach", genitive="", dative="Ткач Веронике (как набрано)")
    answer = client.post("/names", data=together(wrong, row(quick_stage, "chernykh")))
    assert answer.status_code == 422
    shown = answer.get_data(as_text=True)
    assert "Ткач Веронике (как набрано)" in shown
    assert f'href="#genitive-{quick_stage.people["tkach"]}"' in shown
    assert doubtful(person(quick_stage, "tkach"))
    assert not doubtful(person(quick_stage, "chernykh"))


@pytest.mark.parametrize(
    ("form", "told"),
    [("Наполеона Бонапарта", "Слов должно быть столько же"), ("Наполеону Бонапарту Карловичу", "не похоже на «Ткач»")],
)
def test_the_form_of_another_name_is_not_confirmed_and_stays_typed(client_as, quick_stage, form, told):
    forget(quick_stage, "tkach")
    answer = client_as("morozova").post("/names", data=row(quick_stage, "tkach", dative=form))
    assert answer.status_code == 422
    assert told in text_of(answer)
    assert form in answer.get_data(as_text=True)
    assert f'href="#dative-{quick_stage.people["tkach"]}"' in answer.get_data(as_text=True)
    assert doubtful(person(quick_stage, "tkach"))


def test_nobody_confirms_another_name_for_themselves(client_as, quick_stage):
    forget(quick_stage, "sokolova")
    wrong = row(quick_stage, "sokolova", genitive="Наполеона Бонапарта Карловича")
    data = {name.rsplit("-", 1)[0]: value for name, value in wrong.items() if "-" in name}
    answer = client_as("sokolova").post("/profile/names", data=data)
    assert answer.status_code == 422
    assert "Наполеона Бонапарта Карловича" in answer.get_data(as_text=True)
    assert "не похоже на «Соколова»" in text_of(answer)
    assert doubtful(person(quick_stage, "sokolova"))


def test_a_card_takes_no_form_of_another_name_either(client_as, quick_stage):
    who = person(quick_stage, "sokolova")
    card = {
        "last_name": who.last_name, "first_name": who.first_name, "middle_name": who.middle_name, "gender": who.gender, "email": who.email,
        "organization_id": who.organization_id, "position": who.position, "version": who.version,
        **{field: who.forms[case] for case, field in FIELDS.items()}, "dative": "Наполеону Бонапарту Карловичу",
    }  # fmt: skip
    answer = client_as("morozova").post(f"/people/{who.id}/do/edit_person", data=card)
    assert answer.status_code == 422
    assert "не похоже на «Соколова»" in text_of(answer)
    assert person(quick_stage, "sokolova").forms == who.forms


def test_a_card_that_was_changed_meanwhile_is_not_confirmed_blindly(client_as, quick_stage):
    forget(quick_stage, "tkach")
    data = row(quick_stage, "tkach")
    data[f"version-{quick_stage.people['tkach']}"] = 0
    assert client_as("morozova").post("/names", data=data).status_code == 422
    assert doubtful(person(quick_stage, "tkach"))


def test_forms_are_made_anew_for_another_gender_without_writing(client_as, quick_stage):
    forget(quick_stage, "tkach")
    answer = client_as("morozova").post("/names", data=row(quick_stage, "tkach", gender="m") | {"recount": "1"})
    assert answer.status_code == 200
    assert "Ткача" in answer.get_data(as_text=True)
    assert person(quick_stage, "tkach").gender != "m"
    assert doubtful(person(quick_stage, "tkach"))


def test_a_confirmation_falls_away_when_the_name_changes(client_as, quick_stage):
    who = person(quick_stage, "sokolova")
    assert not doubtful(who)
    card = {
        "last_name": "Соколова-Белая",
        "first_name": who.first_name, "middle_name": who.middle_name, "gender": who.gender, "email": who.email,
        "organization_id": who.organization_id, "position": who.position, "version": who.version,
        **{field: who.forms[case] for case, field in FIELDS.items()},
    }  # fmt: skip
    assert client_as("morozova").post(f"/people/{who.id}/do/edit_person", data=card).status_code == 303
    assert person(quick_stage, "sokolova").forms == {}


def test_a_confirmation_stays_when_something_else_of_the_card_changes(client_as, quick_stage):
    who = person(quick_stage, "sokolova")
    card = {
        "last_name": who.last_name, "first_name": who.first_name, "middle_name": who.middle_name, "gender": who.gender, "email": who.email,
        "organization_id": who.organization_id, "position": "methodist", "version": who.version,
        **{field: who.forms[case] for case, field in FIELDS.items()},
    }  # fmt: skip
    assert client_as("morozova").post(f"/people/{who.id}/do/edit_person", data=card).status_code == 303
    assert not doubtful(person(quick_stage, "sokolova"))


def test_everybody_confirms_their_own_name(client_as, quick_stage):
    forget(quick_stage, "sokolova")
    client = client_as("sokolova")
    assert "/profile/names" in client.get("/profile").get_data(as_text=True)
    page = client.get("/profile/names").get_data(as_text=True)
    assert "Соколовой Ольги Викторовны" in page
    data = {name.rsplit("-", 1)[0]: value for name, value in row(quick_stage, "sokolova").items() if "-" in name}
    assert client.post("/profile/names", data=data).status_code == 303
    assert not doubtful(person(quick_stage, "sokolova"))


def test_the_people_of_a_case_are_found_by_its_address_and_a_foreign_case_is_none(client_as, quick_stage):
    case_id = at(quick_stage, "on_approval", "methodical_material").case_id
    forget(quick_stage, "sokolova", "pak")
    client = client_as("gradov")
    shown = text_of(client.get(f"/names?case={case_id}"))
    assert "Соколова" in shown
    assert "Пак Денис" not in shown
    assert client.get("/names?case=999999").status_code == 404


def test_the_page_of_approval_names_the_forms_that_nobody_confirmed(client_as, quick_stage):
    case_id = at(quick_stage, "on_approval", "methodical_material").case_id
    client = client_as("gradov")
    assert "никто не подтвердил" not in text_of(client.get(f"/cases/{case_id}/approve"))
    forget(quick_stage, *quick_stage.people)
    shown = client.get(f"/cases/{case_id}/approve").get_data(as_text=True)
    assert "никто не подтвердил" in shown
    assert f"/names?case={case_id}" in shown
    assert 'class="doc-unsure"' in shown


@pytest.mark.parametrize("query", ["case=x", "person=99999999999999", "show=%00", "page=0", "q=" + "а+" * 200])
def test_an_address_that_makes_no_sense_shows_a_list_all_the_same(client_as, query):
    assert client_as("morozova").get(f"/names?{query}").status_code == 200
