"""Accounts: invitation, password, reset, registration, sessions (security.md 6 to 8, 14, 18; decisions.md 30)."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.databases import PASSWORD
from tests.web.accounts import NEW, alive, app_with, later, letters, link, log, person, set_switch, shape
from workflow_app import clock
from workflow_app.db.models import Person
from workflow_app.documents.russian.grammar import day
from workflow_app.features.people.passwords import problems
from workflow_app.states.definitions.people import Block


@pytest.fixture
def newcomer(client_as, quick_stage):
    """A teacher without an account, entered by the coordinator; the id."""
    fields = {
        "last_name": "Новикова",
        "first_name": "Анна",
        "middle_name": "Ильинична",
        "email": "novikova@example.ru",
        "role": "teacher",
    }
    answer = client_as("morozova").post("/people/new", data=fields)
    assert answer.status_code == 303
    return int(answer.location.rsplit("/", 1)[1])


def invite(client_as, id_, by="morozova"):
    answer = client_as(by).post(f"/people/{id_}/invite")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def take(app, path, login="novikova", password=NEW, again=None):
    return app.test_client().post(path, data={"login": login, "new_password": password, "new_again": again or password})


# ------------------------------------------------------------------------------------------------------ the invitation


def test_an_invited_person_chooses_a_login_and_a_password_and_is_in(app, client_as, quick_stage, newcomer):
    invite(client_as, newcomer)
    path = link(quick_stage, "take")
    client = app.test_client()
    assert "Новикова Анна Ильинична" in client.get(path).get_data(as_text=True)
    answer = client.post(path, data={"login": "novikova", "new_password": NEW, "new_again": NEW})
    assert answer.status_code == 303
    assert client.get("/").status_code == 200
    assert app.test_client().log_in("novikova", NEW).get("/profile").status_code == 200


def test_opening_the_link_does_nothing(app, client_as, quick_stage, newcomer):
    invite(client_as, newcomer)
    path = link(quick_stage, "take")
    for _ in range(3):
        assert app.test_client().get(path).status_code == 200
    assert take(app, path).status_code == 303


def test_the_link_works_once(app, client_as, quick_stage, newcomer):
    invite(client_as, newcomer)
    path = link(quick_stage, "take")
    assert take(app, path).status_code == 303
    assert take(app, path, login="second").status_code == 404
    assert app.test_client().get(path).status_code == 404


def test_only_the_newest_link_works(app, client_as, quick_stage, newcomer):
    invite(client_as, newcomer)
    older = link(quick_stage, "take")
    invite(client_as, newcomer)
    assert take(app, older).status_code == 404
    assert take(app, link(quick_stage, "take")).status_code == 303


def test_an_invitation_lasts_to_the_end_of_the_fourteenth_day_of_the_centre_as_its_letter_says(
    app, client_as, quick_stage, newcomer
):
    here = clock.now().astimezone(ZoneInfo("Asia/Yekaterinburg"))
    last = here.replace(hour=23, minute=59) + timedelta(days=14)
    invite(client_as, newcomer)
    path = link(quick_stage, "take")
    assert f"один раз, до {day(last.date())}" in letters(quick_stage)[-1].body
    with clock.at(last):
        assert app.test_client().get(path).status_code == 200
    with clock.at(last + timedelta(minutes=2)):
        assert take(app, path).status_code == 404


def test_without_a_mail_server_the_link_is_shown_once_and_never_again(client_as, quick_stage, newcomer):
    shown = invite(client_as, newcomer)
    path = link(quick_stage, "take")
    assert path in shown
    for page in (f"/people/{newcomer}", f"/people/{newcomer}/history", f"/people/{newcomer}/invite"):
        assert path.rsplit("/", 1)[1] not in client_as("kuzmin").get(page).get_data(as_text=True)


def test_with_a_mail_server_the_link_is_only_in_the_letter(quick_stage, centre_sqlite_url, tmp_path, newcomer):
    app = app_with(centre_sqlite_url, tmp_path, mail="smtp://localhost:2525")
    answer = app.test_client().log_in("morozova").post(f"/people/{newcomer}/invite")
    assert answer.status_code == 303
    assert letters(quick_stage)[-1].to_address == "novikova@example.ru"
    assert link(quick_stage, "take")


def test_the_secret_is_kept_only_as_a_digest(client_as, quick_stage, newcomer):
    from sqlalchemy import select

    from workflow_app.db.models import Event, EventPayload, Token

    invite(client_as, newcomer)
    secret = link(quick_stage, "take").rsplit("/", 1)[1]
    assert len(secret) >= 43
    with quick_stage.database.transaction(keep=False) as session:
        assert all(secret not in one.digest for one in session.scalars(select(Token)))
        assert all(secret not in str(one.data) for one in session.scalars(select(EventPayload)))
        assert session.scalars(
            select(Event).where(Event.transition == "invite_person", Event.subject_id == newcomer)
        ).one()


def test_a_taken_login_or_the_address_of_another_is_refused_and_what_was_typed_stays(
    app, client_as, quick_stage, newcomer
):
    invite(client_as, newcomer)
    path = link(quick_stage, "take")
    for login in ("sokolova", "SOKOLOVA", "lebedev@example.ru"):
        answer = take(app, path, login=login)
        assert answer.status_code == 422
        assert "уже занят" in answer.get_data(as_text=True)
        assert f'value="{login}"' in answer.get_data(as_text=True)
    both = take(app, path, login="", password="1").get_data(as_text=True)
    assert re.findall(r'<li><a href="#f-(\w+)"', both) == ["login", "new_password"], "in the order of the page"
    assert take(app, path).status_code == 303


def test_a_coordinator_cannot_hold_the_invitation_of_the_office(client_as, quick_stage):
    """Who sees the link can take the account: a director's or an administrator's is invited by an administrator."""
    fields = {"last_name": "Новый", "first_name": "Пётр", "role": "director"}
    id_ = int(client_as("kuzmin").post("/people/new", data=fields).location.rsplit("/", 1)[1])
    assert client_as("morozova").post(f"/people/{id_}/invite").status_code == 403
    assert "/invite" not in client_as("morozova").get(f"/people/{id_}").get_data(as_text=True)
    invite(client_as, id_, by="kuzmin")


# ------------------------------------------------------------------------------------------------------------ passwords


GUESSED = [
    "1234567", "", "12345678", "password", "Password1!", "qwertyui", "йцукенгш", "пароль123", "gfhjkm123", "P@ssw0rd", "11111111",
    "абвабвабв", "qwerty123", "1qaz2wsx", "01011985", "iloveyou2", "alapaevsk2026", "Алапаевск-2026", "imc-imc-1", "экспертиза1",
    "novikova1", "Новикова2026", "novikova@example.ru", "x" * 1001,
]  # fmt: skip
GOOD = [
    NEW, "hV7#qLw2", "x7Kp" * 16 + "Zq", "  две коровы  ", "🐘🐘 слон идёт в школу", "тёплый-вечер-у-Нейвы", "correct horse battery staple",
    "сорок семь шагов до реки, " * 8,
]  # fmt: skip


def test_a_password_that_is_guessed_first_is_refused_and_does_not_use_the_link_up(
    app, client_as, quick_stage, newcomer
):
    """security.md 6: the length, the common ones, rows of keys, the words of the centre, the person's own names."""
    invite(client_as, newcomer)
    path = link(quick_stage, "take")
    for password in GUESSED:
        assert take(app, path, password=password).status_code == 422, password
    assert take(app, path).status_code == 303


def test_a_long_enough_unusual_password_is_taken_as_typed(app, client_as, quick_stage, newcomer):
    """security.md 6: 8 to 64 and more characters, Cyrillic, spaces and emoji unmodified, no rules of composition."""
    invite(client_as, newcomer)
    assert take(app, link(quick_stage, "take")).status_code == 303
    client, present = app.test_client().log_in("novikova", NEW), NEW
    for password in GOOD[1:]:
        data = {"password": present, "new_password": password, "new_again": password}
        assert client.post("/profile/password", data=data).status_code == 303, password
        assert app.test_client().log_in("novikova", password)
        present = password
    stripped = app.test_client().post("/login", data={"login": "novikova", "password": present.strip()})
    assert stripped.status_code == 401  # the last one ends with a space


def test_common_words_are_refused_in_every_disguise():
    for word in ("dragon", "любовь", "k.,jdm", "michael", "привет"):
        for shape_ in (word * 2, f"{word}2026", f"!{word}!!!", f"{word.upper()}007", f"123{word}"):
            assert problems(shape_), shape_


def test_the_two_passwords_have_to_be_the_same(app, client_as, quick_stage, newcomer):
    invite(client_as, newcomer)
    answer = take(app, link(quick_stage, "take"), again=NEW + "!")
    assert answer.status_code == 422
    assert "не совпадают" in answer.get_data(as_text=True)


def test_the_password_is_changed_with_the_present_one_and_every_other_session_ends(app, client_as, quick_stage):
    here, elsewhere = client_as("sokolova"), client_as("sokolova")
    wrong = here.post("/profile/password", data={"password": "не тот", "new_password": NEW, "new_again": NEW})
    assert wrong.status_code == 422
    assert elsewhere.get("/").status_code == 200
    done = here.post("/profile/password", data={"password": PASSWORD, "new_password": NEW, "new_again": NEW})
    assert done.status_code == 303
    assert here.get("/").status_code == 200
    assert elsewhere.get("/").status_code == 302
    assert app.test_client().log_in("sokolova", NEW)
    assert "Пароль изменён" in letters(quick_stage)[-1].subject


def test_a_weak_new_password_changes_nothing(client_as, quick_stage):
    client = client_as("sokolova")
    before = person(quick_stage, "sokolova").password_hash
    for new in ("short", "qwerty123", "Соколова77"):
        data = {"password": PASSWORD, "new_password": new, "new_again": new}
        assert client.post("/profile/password", data=data).status_code == 422
    assert person(quick_stage, "sokolova").password_hash == before


# ---------------------------------------------------------------------------------------------------------------- reset


def forget(app, login="sokolova", **more):
    answer = app.test_client().post("/forgot", data={"login": login}, **more)
    assert answer.status_code == 303
    return answer


def renew(app, path, password=NEW):
    return app.test_client().post(path, data={"new_password": password, "new_again": password})


def test_asking_for_a_link_tells_nothing_about_who_has_an_account(app, quick_stage):
    known, unknown, nothing = forget(app), forget(app, "nobody"), forget(app, "")
    assert shape(known) == shape(unknown) == shape(nothing)
    assert len(letters(quick_stage)) == 1
    assert [one.subject_id for one in log(quick_stage, "reset asked")] == [quick_stage.people["sokolova"], None, None]


def test_a_new_password_is_set_by_the_link_and_every_session_ends(app, client_as, quick_stage):
    client = client_as("sokolova")
    forget(app)
    assert renew(app, link(quick_stage, "reset")).status_code == 303
    assert client.get("/").status_code == 302
    assert alive(quick_stage, "sokolova") == 0
    assert app.test_client().log_in("sokolova", NEW)
    assert app.test_client().post("/login", data={"login": "sokolova", "password": PASSWORD}).status_code == 401


def test_the_link_of_a_reset_works_once_and_only_the_newest(app, quick_stage):
    forget(app)
    older = link(quick_stage, "reset")
    forget(app)
    newest = link(quick_stage, "reset")
    assert app.test_client().get(older).status_code == 404
    assert renew(app, older).status_code == 404
    assert renew(app, newest).status_code == 303
    assert renew(app, newest).status_code == 404


def test_the_link_of_a_reset_lasts_an_hour_and_does_nothing_when_opened(app, quick_stage):
    forget(app)
    path = link(quick_stage, "reset")
    assert app.test_client().get(path).status_code == 200
    assert app.test_client().get(path).status_code == 200
    with later(minutes=59):
        assert app.test_client().get(path).status_code == 200
    with later(minutes=61):
        assert renew(app, path).status_code == 404


def test_a_weak_password_does_not_pass_through_a_reset_and_does_not_use_the_link_up(app, quick_stage):
    forget(app)
    path = link(quick_stage, "reset")
    assert renew(app, path, "qwerty123").status_code == 422
    assert renew(app, path).status_code == 303


def test_a_made_up_link_looks_like_a_used_one(app, quick_stage):
    forget(app)
    path = link(quick_stage, "reset")
    renew(app, path)
    used, made_up, other = (
        app.test_client().get(one) for one in (path, "/reset/" + "a" * 43, path.replace("reset", "take"))
    )
    assert shape(used) == shape(made_up) == shape(other)


def test_a_reset_link_of_a_closed_account_is_dead(app, quick_stage):
    from tests.web.accounts import do

    forget(app)
    do(quick_stage, "kuzmin", "sokolova", "block", reason="Уволена")
    assert renew(app, link(quick_stage, "reset")).status_code == 404


def test_the_letter_links_to_our_address_whatever_host_was_named(quick_stage, centre_sqlite_url, tmp_path):
    """security.md 8: the link is made of the settings, never of the request."""
    from workflow_app.operations.smtp import drain

    app = app_with(centre_sqlite_url, tmp_path)
    forget(app, base_url="http://evil.example", headers={"X-Forwarded-Host": "evil.example"})
    drain(quick_stage.database, "files", tmp_path, base_url="https://imc.example/")
    text = next((tmp_path / "mail").glob("*.eml")).read_text(encoding="utf-8")
    assert "https://imc.example/reset/" in text
    assert "evil" not in text


def test_pages_with_a_secret_in_the_address_name_it_to_no_other_page(app, client_as, quick_stage, newcomer):
    invite(client_as, newcomer)
    forget(app)
    for path in (link(quick_stage, "reset"), link(quick_stage, "take"), "/take/none"):
        assert app.test_client().get(path).headers["Referrer-Policy"] == "no-referrer"


def test_more_than_five_resets_a_day_of_one_account_are_not_sent_and_not_told(app, quick_stage):
    answers = [shape(forget(app)) for _ in range(8)]
    assert all(one == answers[0] for one in answers)
    assert len(letters(quick_stage)) == 5


# --------------------------------------------------------------------------------------------------------- registration

TEACHER = {"last_name": "Лисина", "first_name": "Вера", "middle_name": "", "email": "lisina@example.ru"}


def test_nobody_registers_while_the_centre_does_not_allow_it(app):
    for path in ("/register", "/register/sent"):
        assert app.test_client().get(path).status_code == 404
    assert app.test_client().post("/register", data=TEACHER).status_code == 404
    assert "/register" not in app.test_client().get("/login").get_data(as_text=True)


def test_a_teacher_registers_and_the_address_is_proved_by_the_link(app, quick_stage):
    set_switch(quick_stage, self_registration=True)
    client = app.test_client()
    assert "/register" in client.get("/login").get_data(as_text=True)
    assert client.post("/register", data=TEACHER | {"role": "admin"}).status_code == 303
    assert take(app, link(quick_stage, "take"), login="lisina").status_code == 303
    with quick_stage.database.transaction(keep=False) as session:
        from sqlalchemy import select

        found = session.scalars(select(Person).where(Person.login == "lisina")).unique().one()
        assert [one.role for one in found.memberships] == ["teacher"]


def test_registering_with_a_known_address_looks_the_same_and_tells_only_its_owner(app, quick_stage):
    set_switch(quick_stage, self_registration=True)
    new = app.test_client().post("/register", data=TEACHER)
    known = app.test_client().post("/register", data=TEACHER | {"email": "Sokolova@example.ru"})
    assert shape(new) == shape(known)
    last = letters(quick_stage)[-1]
    assert (last.to_address, last.subject) == ("sokolova@example.ru", "Вы уже зарегистрированы")
    assert "/take/" not in last.body


def test_a_registration_without_an_address_or_with_nonsense_keeps_what_was_typed(app, quick_stage):
    set_switch(quick_stage, self_registration=True)
    for wrong in ({"email": ""}, {"email": "не адрес"}, {"first_name": " "}, {"organization_id": "99999"}):
        answer = app.test_client().post("/register", data=TEACHER | wrong)
        assert answer.status_code == 422, wrong
        assert "Лисина" in answer.get_data(as_text=True)
    assert letters(quick_stage) == []


# ------------------------------------------------------------------------------------------------- the card, the sessions


def test_a_person_sees_and_ends_their_own_sessions(client_as, quick_stage):
    here, elsewhere = client_as("sokolova"), client_as("sokolova")
    page = here.get("/profile").get_data(as_text=True)
    assert page.count("/profile/sessions/") == 2  # the other one, and all the others
    assert here.post("/profile/sessions/end").status_code == 303
    assert elsewhere.get("/").status_code == 302
    assert here.get("/").status_code == 200


def test_nobody_ends_the_session_of_another(client_as, quick_stage):
    from sqlalchemy import select

    from workflow_app.db.models import Login

    client_as("sokolova")
    with quick_stage.database.transaction(keep=False) as session:
        id_ = session.scalars(select(Login.id).where(Login.person_id == quick_stage.people["sokolova"])).first()
    assert client_as("lebedev").post(f"/profile/sessions/{id_}/end").status_code == 404
    assert alive(quick_stage, "sokolova") == 1


def card(**changed):
    known = {
        "last_name": "Соколова",
        "first_name": "Ольга",
        "middle_name": "Викторовна",
        "gender": "f",
        "email": "sokolova@example.ru",
    }
    return known | changed


def edit(client, stage, key, path, **changed):
    return client.post(path, data=card(**changed) | {"version": person(stage, key).version})


def test_a_person_corrects_their_own_card_with_the_forms_of_the_name(client_as, quick_stage):
    client, path = client_as("sokolova"), "/profile/edit"
    foreign = edit(client, quick_stage, "sokolova", path, genitive="Соколовой Ольги Викторовны (особо)")
    assert foreign.status_code == 422
    assert "Слов должно быть столько же" in foreign.get_data(as_text=True)
    assert edit(client, quick_stage, "sokolova", path, genitive="Соколовы Ольги Викторовны").status_code == 303
    page = client.get("/profile").get_data(as_text=True)
    assert "Соколовы Ольги Викторовны" in page
    assert "подтверждено" in page


def test_ones_own_address_is_changed_only_with_the_password_and_the_old_address_is_told(client_as, quick_stage):
    client = client_as("sokolova")
    refused = edit(client, quick_stage, "sokolova", "/profile/edit", email="new@example.ru")
    assert refused.status_code == 422
    assert "нынешний пароль" in refused.get_data(as_text=True)
    assert (
        edit(client, quick_stage, "sokolova", "/profile/edit", email="new@example.ru", password=PASSWORD).status_code
        == 303
    )
    assert person(quick_stage, "sokolova").email == "new@example.ru"
    assert letters(quick_stage)[-1].to_address == "sokolova@example.ru"


def test_a_coordinator_cannot_turn_the_letters_of_an_account_to_another_address(client_as, quick_stage):
    """Whoever owns the address owns the account, for a reset goes there."""
    path = f"/people/{quick_stage.people['sokolova']}/do/edit_person"
    refused = edit(client_as("morozova"), quick_stage, "sokolova", path, email="mine@example.ru")
    assert refused.status_code == 422
    assert edit(client_as("morozova"), quick_stage, "sokolova", path, position="educator").status_code == 303
    assert edit(client_as("kuzmin"), quick_stage, "sokolova", path, email="right@example.ru").status_code == 303


def test_the_address_or_the_login_of_another_is_nobodys_address(client_as, quick_stage):
    with quick_stage.database.transaction(keep=True) as session:
        session.get_one(Person, quick_stage.people["lebedev"]).login = "lebedev@school.ru"
    client = client_as("sokolova")
    for email in ("bondarenko@example.ru", "LEBEDEV@school.ru"):
        answer = edit(client, quick_stage, "sokolova", "/profile/edit", email=email, password=PASSWORD)
        assert answer.status_code == 422


def test_a_person_of_two_municipalities_switches_between_them_and_a_stranger_does_not(client_as, quick_stage):
    from workflow_app.db.models import Membership
    from workflow_app.db.seeding import new_municipality

    with quick_stage.database.transaction(keep=True) as session:
        other = new_municipality(session, "Соседний округ", "Asia/Yekaterinburg").id
        session.add(Membership(person_id=quick_stage.people["sokolova"], municipality_id=other, role="expert"))
    client = client_as("sokolova")
    assert "Соседний округ" in client.get("/").get_data(as_text=True)
    assert client.post("/switch", data={"value": other}).status_code == 303
    assert "эксперт" in client.get("/profile").get_data(as_text=True)
    for value in (str(other), "0", "x", ""):
        assert client_as("lebedev").post("/switch", data={"value": value}).status_code == 404


def test_the_administrator_closes_and_opens_an_account(client_as, quick_stage, app):
    admin, path = client_as("kuzmin"), f"/people/{quick_stage.people['lebedev']}/do"
    data = {"reason": "Уволился", "version": person(quick_stage, "lebedev").version}
    assert Block.__dataclass_fields__.keys() == {"reason"}
    assert admin.post(f"{path}/block", data=data).status_code == 303
    assert app.test_client().post("/login", data={"login": "lebedev", "password": PASSWORD}).status_code == 401
    assert admin.post(f"{path}/unblock", data={"version": person(quick_stage, "lebedev").version}).status_code == 303
    assert app.test_client().log_in("lebedev")


def test_nobody_closes_their_own_account(client_as, quick_stage):
    data = {"reason": "Ошибка", "version": person(quick_stage, "kuzmin").version}
    answer = client_as("kuzmin").post(f"/people/{quick_stage.people['kuzmin']}/do/block", data=data)
    assert answer.status_code == 422
