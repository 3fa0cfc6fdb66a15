"""A form sent when its session had ended: the text waits for its person alone, and comes back into the same form."""

import re

import html5lib
import pytest
from sqlalchemy import delete, select, update

from tests.databases import PASSWORD
from tests.play import at, draft
from tests.web.accounts import app_with
from tests.web.drafts import kept, state
from tests.web.pages import text
from workflow_app import clock
from workflow_app.db import interrupted_forms
from workflow_app.db.models import Login, WorkingCopy
from workflow_app.web.interrupted_form import is_secret

TEXT = "Название, которое набрали до конца сеанса"


def fields(page, at_least="version"):
    """The fields of the form which has ``at_least``, as a browser without a script sends them."""
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    for form in tree.iter("form"):
        found = {}
        for one in form.iter():
            name, kind = one.get("name"), one.get("type")
            if not name or one.tag == "button" or (kind in ("radio", "checkbox") and one.get("checked") is None):
                continue
            if one.tag == "select":
                found[name] = next(
                    (option.get("value") for option in one.iter("option") if option.get("selected") is not None), ""
                )
            elif one.tag == "textarea":
                found[name] = one.text or ""
            elif one.tag == "input":
                found[name] = one.get("value") or ""
        if at_least in found:
            return found
    raise AssertionError(page[:500])


def end(stage, how="delete"):
    """Every session ends on the server: its row is marked, or gone."""
    with stage.database.transaction(keep=True) as session:
        session.execute(delete(Login) if how == "delete" else update(Login).values(ended_at=clock.now()))


def waits(stage):
    with stage.database.transaction(keep=False) as session:
        rows = session.scalars(select(WorkingCopy).where(WorkingCopy.subject_kind == interrupted_forms.PLACE)).all()
        return [dict(one.data) for one in rows]


@pytest.fixture
def real(quick_stage, centre_sqlite_url, tmp_path):
    """The application with its guard against foreign requests on; ``enter(key)``: a client that logs in as a browser does."""
    app = app_with(centre_sqlite_url, tmp_path, csrf=True)

    def enter(key, client=None, target=""):
        client = client or app.test_client()
        token = fields(text(client.get("/login", query_string={"next": target})), "login")["csrf_token"]
        answer = client.post("/login", data={"login": key, "password": PASSWORD, "csrf_token": token, "next": target})
        assert answer.status_code == 303, text(answer)
        return client, answer

    return enter


def begun(real, stage):
    """A teacher at the first step of a draft, with a text typed and not sent."""
    road, _form = draft(stage)
    client, _answer = real("sokolova")
    url = f"/cases/{road.case_id}/edit?step=title"
    typed = fields(text(client.get(url))) | {
        "title": TEXT,
        "annotation": 'Первая строка\n\nТретья < четвёртой & "пятой"',
        "do": "save",
    }
    return road, client, url, typed


def back_in(real, client, answer, key="sokolova"):
    """Follow the answer to the login, log in, and follow on to the page that comes."""
    assert answer.status_code == 303
    assert answer.location.startswith("/typed/")
    login = client.get(answer.location)
    assert login.location.startswith("/login?next=/typed/")
    assert "набранный текст цел" in text(client.get(login.location))
    _client, done = real(key, client, answer.location)
    return client.get(done.location)


@pytest.mark.parametrize("how", ["row gone", "row ended", "cookie gone"])
def test_without_a_script_the_login_leads_back_to_the_same_form_with_the_text(real, quick_stage, how):
    road, client, url, typed = begun(real, quick_stage)
    if how == "cookie gone":
        client.delete_cookie("session")
    else:
        end(quick_stage, "delete" if how == "row gone" else "end")
    led = back_in(real, client, client.post(url, data=typed))
    assert led.location.startswith(url)
    page = text(client.get(led.location))
    now = fields(page)
    assert {name: now[name] for name in ("title", "version")} == {name: typed[name] for name in ("title", "version")}
    assert now["annotation"].splitlines() == typed["annotation"].splitlines()
    assert "действие ещё не выполнено" in page
    assert TEXT not in str(kept(quick_stage, road.case_id)), "nothing is done before the person presses again"
    assert client.post(led.location, data=now | {"do": "save"}).status_code == 303
    assert kept(quick_stage, road.case_id)["title"] == TEXT
    assert not waits(quick_stage), "what was sent waits no more"


def test_another_person_sees_nothing_of_the_text_and_is_told_so(real, quick_stage):
    _road, client, url, typed = begun(real, quick_stage)
    end(quick_stage)
    answer = client.post(url, data=typed)
    led = back_in(real, client, answer, "morozova")
    assert (led.status_code, led.location) == (303, "/")
    page = text(client.get("/"))
    assert "набирал другой человек" in page
    assert TEXT not in page
    assert TEXT not in text(client.get(f"{answer.location}?whole=1", follow_redirects=True))
    other, _done = real("sokolova")
    assert TEXT in text(other.get(answer.location, follow_redirects=True)), "its own person finds it later"


def test_who_sends_the_page_of_somebody_else_does_nothing_and_keeps_the_text_for_them(real, quick_stage):
    road, client, url, typed = begun(real, quick_stage)
    client.post("/logout", data={"csrf_token": typed["csrf_token"]})
    real("morozova", client)
    answer = client.post(url, data=typed)
    assert answer.location.startswith("/typed/")
    assert client.get(answer.location).location == "/"
    assert TEXT not in text(client.get("/"))
    assert TEXT not in str(kept(quick_stage, road.case_id))


def test_a_forged_or_borrowed_mark_puts_no_text_into_anybodys_form(real, quick_stage):
    _road, client, url, typed = begun(real, quick_stage)
    strange, _answer = real("zhuravlyova")
    theirs = fields(text(strange.get("/profile/password")), "new_password")["opened_by"]
    client.delete_cookie("session")
    for mark in ("", "x", typed["opened_by"][:-2], "é" * 300):
        assert client.post(url, data=typed | {"opened_by": mark}).status_code == 400
    assert not waits(quick_stage)
    client.post(url, data=typed | {"opened_by": theirs})
    assert [one["address"] for one in waits(quick_stage)] == ["/profile/password"]
    led, _done = real("sokolova")
    assert TEXT not in text(led.get(f"/typed/{interrupted_forms.key_of('/profile/password')}", follow_redirects=True))


def test_passwords_never_wait(real, quick_stage):
    road = at(quick_stage, "on_approval")
    client, _answer = real("gradov")
    url = f"/cases/{road.case_id}/approve"
    typed = fields(text(client.get(url)))
    end(quick_stage)
    client.post(url, data=typed | {"password": PASSWORD, "how": "simple"})
    assert waits(quick_stage)
    assert PASSWORD not in str(waits(quick_stage))


def test_every_password_field_of_the_templates_is_known_as_one():
    from tests.architecture.test_contracts import ROOT

    found = [
        name
        for one in (ROOT / "templates").rglob("*.html")
        for name in re.findall(r"plain_field\('(\w+)'[^\n]*type='password'", one.read_text(encoding="utf-8"))
    ]
    assert len(found) >= 6
    assert [name for name in found if not is_secret(name)] == []


def test_a_form_that_is_gone_gives_its_text_alone(real, quick_stage):
    road, client, url, typed = begun(real, quick_stage)
    end(quick_stage)
    answer = client.post(url, data=typed)
    quick_stage.act("sokolova", road.case_id, "discard", {})
    led = back_in(real, client, answer)
    shown = client.get(led.location)
    assert shown.location.endswith("?whole=1")
    assert TEXT in text(client.get(shown.location))


def test_a_page_that_only_takes_leads_to_the_text_too(real, quick_stage):
    road, client, url, typed = begun(real, quick_stage)
    with quick_stage.database.transaction(keep=True) as session:
        key = interrupted_forms.keep(
            session,
            quick_stage.people["sokolova"],
            "/jobs/1/stop?x=1",
            {"sent_to": "/jobs/1/stop", "sent": [["a", TEXT]]},
        )
    assert TEXT in text(client.get(f"/typed/{key}", follow_redirects=True))
    assert (road.state(), url, typed["title"]) == ("draft", url, TEXT)


def test_a_script_is_told_401_and_finds_the_session_and_its_token_again(real, quick_stage):
    road, client, url, typed = begun(real, quick_stage)
    told = client.get("/session").json
    assert told["person"] == quick_stage.people["sokolova"]
    end(quick_stage)
    json = {"Accept": "application/json"}
    assert client.post(url, data=typed, headers=json).status_code == 401
    client.delete_cookie("session")
    refused = client.post(f"/cases/{road.case_id}/autosave/submit", data=typed, headers=json)
    assert refused.status_code == 401
    assert "текст цел" in refused.json["error"]
    assert client.get("/session").json["person"] is None
    _client, answer = real("sokolova", client, "/session")
    again = client.get(answer.location).json
    assert again["person"] == quick_stage.people["sokolova"]
    saved = client.post(
        f"/cases/{road.case_id}/autosave/submit", data=typed | {"csrf_token": again["csrf_token"]}, headers=json
    )
    assert saved.status_code == 200
    assert not waits(quick_stage)


def test_the_browsers_copy_is_confirmed_by_its_number_and_only_when_the_text_is_kept(real, quick_stage):
    road, client, url, typed = begun(real, quick_stage)
    number = "0123456789abcdef0123456789abcdef"

    def told(answer):
        return f"kept-{number}" in str(answer.headers.getlist("Set-Cookie"))

    assert told(client.post(url, data=typed | {"copy": number}))
    refused = client.post(url, data=typed | {"copy": number, "version": "0.x", "title": "Другое название сборника"})
    assert (refused.status_code, told(refused)) == (409, False), "this text stands on the page alone"
    assert told(client.post(url, data=fields(text(client.get(url))) | {"copy": number, "do": "submit"})), (
        "refused, and kept in the draft"
    )
    for strange in ("a; Path=/x", "é", "0" * 41):
        assert "kept-" not in str(client.post(url, data=typed | {"copy": strange}).headers.getlist("Set-Cookie"))
    end(quick_stage)
    stays = client.post(url, data=typed | {"copy": number})
    assert (stays.status_code, told(stays)) == (204, False), "the page stays, and its script signs in"
    assert f"ended-{number}" in str(stays.headers.getlist("Set-Cookie"))
    assert not waits(quick_stage), "the text is on the page"
    assert state(quick_stage, road.case_id) == "draft"


def test_a_late_answer_to_a_save_does_not_take_the_new_session_away(real, quick_stage):
    """The save went with the old cookie, and is answered after the log-in: it sets no cookie over the new one."""
    road, client, _url, typed = begun(real, quick_stage)
    end(quick_stage)
    headers = {"Accept": "application/json", "X-Requested-With": "autosave", "X-CSRFToken": typed["csrf_token"]}
    late = client.post(f"/cases/{road.case_id}/autosave/submit", data=typed, headers=headers)
    assert late.status_code == 401
    assert not any(one.startswith("session=") for one in late.headers.getlist("Set-Cookie"))
