"""The second factor of a log-in (security.md 9): codes by time, used once; recovery codes; obligatory by a switch; a reset."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pyotp
import pytest
from sqlalchemy import select

from tests.databases import PASSWORD
from tests.web.accounts import NEW, alive, app_with, later, letters, log, person, set_switch
from workflow_app import clock
from workflow_app.db.models import Deputy, Event, EventPayload, Person, RecoveryCode, SecondFactor
from workflow_app.facts import deadlines, second_factor

# RFC 6238, appendix B, SHA-1: the moment and the last six of its eight digits.
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
RFC = {
    59: "287082",
    1111111109: "081804",
    1111111111: "050471",
    1234567890: "005924",
    2000000000: "279037",
    20000000000: "353130",
}


@pytest.mark.parametrize(("moment", "code"), RFC.items())
def test_the_codes_are_those_of_rfc_6238(moment, code):
    assert second_factor.code(RFC_SECRET, moment // 30) == code
    with clock.at(datetime.fromtimestamp(moment, UTC)):
        assert second_factor.matched(RFC_SECRET, f" {code[:3]} {code[3:]} ") == moment // 30


def test_a_code_passes_half_a_minute_early_or_late_and_no_more():
    now = datetime(2026, 9, 1, 4, 0, 15, tzinfo=UTC)
    typed = second_factor.code(RFC_SECRET, int(now.timestamp()) // 30)
    passing = []
    for seconds in (-60, -45, -30, 0, 30, 44, 60, 90):
        with clock.at(datetime.fromtimestamp(now.timestamp() + seconds, UTC)):
            passing.append(second_factor.matched(RFC_SECRET, typed) is not None)
    assert passing == [False, True, True, True, True, True, False, False]


def code(secret):
    return pyotp.TOTP(secret).at(clock.now())


def secret_of(answer):
    text = answer.get_data(as_text=True)
    sealed = re.findall(r'name="sealed" value="([^"]+)"', text)[0]
    return sealed, re.sub(r"\s", "", re.findall(r'second-key num">([^<]+)<', text)[0])


def codes_of(answer):
    return re.findall(r"<li>(\w{4}-\w{4}-\w{4}-\w{4})</li>", answer.get_data(as_text=True))


def added(client):
    """Add a second factor in the profile; the secret and the recovery codes."""
    sealed, secret = secret_of(client.get("/profile/second/add"))
    answer = client.post("/profile/second/add", data={"sealed": sealed, "code": code(secret), "password": PASSWORD})
    assert answer.status_code == 200
    return secret, codes_of(answer)


def begun(app, login="sokolova", target=""):
    """A client whose password was right."""
    client = app.test_client()
    answer = client.post("/login", data={"login": login, "password": PASSWORD, "next": target})
    assert (answer.status_code, answer.location.split("?")[0]) == (303, "/login/second")
    return client


@pytest.fixture
def mine(client_as):
    """A person with a second factor: the secret and the recovery codes."""
    return added(client_as("sokolova"))


def test_after_the_password_a_code_is_asked_and_the_password_alone_opens_nothing(app, mine, quick_stage):
    before = alive(quick_stage, "sokolova")
    client = begun(app, target="/cases?q=a")
    assert client.get("/").status_code == 302
    assert alive(quick_stage, "sokolova") == before
    page = client.get("/login/second?next=/cases?q=a").get_data(as_text=True)
    assert 'autocomplete="one-time-code"' in page
    with later(minutes=1):
        answer = client.post("/login/second", data={"code": code(mine[0]), "next": "/cases?q=a"})
        assert (answer.status_code, answer.location) == (303, "/cases?q=a")
        assert client.get("/").status_code == 200


def test_a_code_that_was_used_is_refused_even_while_it_is_shown(app, mine):
    """Also the one that proved the application, and two at the same moment let one in."""
    assert begun(app).post("/login/second", data={"code": code(mine[0])}).status_code == 401
    with later(minutes=2):
        typed = code(mine[0])
        clients = [begun(app) for _ in range(2)]
        assert sorted(one.post("/login/second", data={"code": typed}).status_code for one in clients) == [303, 401]


def test_of_one_code_typed_by_many_at_once_one_gets_in(stage):
    with stage.database.transaction(keep=True) as session:
        who = session.get_one(Person, stage.people["sokolova"])
        second_factor.add(session, who, second_factor.seal("k" * 40, RFC_SECRET), 1)
    moment = clock.now()

    def one(_n):
        with clock.at(moment), stage.database.transaction(keep=True) as session:
            return second_factor.accept(
                session, session.get_one(Person, stage.people["sokolova"]), "k" * 40, code(RFC_SECRET)
            )

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(one, range(12))) == [""] * 11 + ["code"]


def test_a_recovery_code_stands_in_once_however_it_is_written(app, mine, quick_stage):
    _, codes = mine
    assert len(set(codes)) == 10
    first = begun(app)
    answer = first.post("/login/second", data={"code": codes[0].upper().replace("-", " ")})
    assert answer.status_code == 303
    assert "Осталось кодов: 9" in first.get("/").get_data(as_text=True)
    assert begun(app).post("/login/second", data={"code": codes[0]}).status_code == 401
    assert [one.detail for one in log(quick_stage, "login")][-1] == "recovery code"
    assert log(quick_stage, "code refused")


def test_five_wrong_codes_stop_the_guessing_and_not_the_others(app, mine):
    client = begun(app)
    answers = [client.post("/login/second", data={"code": f"00000{n}"}).status_code for n in range(7)]
    assert answers == [401] * 5 + [429] * 2
    assert begun(app).post("/login/second", data={"code": mine[1][0]}).status_code == 429  # nor by another browser
    with later(minutes=6):
        assert begun(app).post("/login/second", data={"code": mine[1][0]}).status_code == 303


def test_whoever_began_before_the_password_changed_or_too_long_ago_begins_anew(app, mine):
    slow, early = begun(app), begun(app)
    with later(minutes=11):
        assert slow.get("/login/second").location.startswith("/login?")
    inside = begun(app)
    inside.post("/login/second", data={"code": mine[1][0]})
    inside.post("/profile/password", data={"password": PASSWORD, "new_password": NEW, "new_again": NEW})
    assert early.post("/login/second", data={"code": mine[1][1]}).location.startswith("/login?")


def test_no_secret_and_no_code_stands_in_the_database_as_it_is(mine, quick_stage):
    secret, codes = mine
    with quick_stage.database.transaction(keep=False) as session:
        row = session.get_one(SecondFactor, quick_stage.people["sokolova"])
        assert secret not in row.secret
        assert second_factor.unseal("x" * 40, row.secret) == secret
        assert second_factor.unseal("y" * 40, row.secret) is None
        kept = {one.digest for one in session.scalars(select(RecoveryCode))}
        assert not kept & {part for one in codes for part in (one, one.replace("-", ""))}
        told = str([one.data for one in session.scalars(select(EventPayload))])
        assert secret not in told and codes[0] not in told


def test_another_key_of_the_instance_leaves_the_recovery_codes(mine, quick_stage, centre_sqlite_url, tmp_path):
    """A database restored on another machine: the application's codes are worth nothing there, nobody is shut out."""
    moved = app_with(centre_sqlite_url, tmp_path)
    with later(minutes=2):
        assert begun(moved).post("/login/second", data={"code": code(mine[0])}).status_code == 401
        assert begun(moved).post("/login/second", data={"code": mine[1][0]}).status_code == 303


def test_adding_needs_the_password_and_a_right_code_and_keeps_the_key_meanwhile(client_as, quick_stage):
    client = client_as("sokolova")
    sealed, secret = secret_of(client.get("/profile/second/add"))
    for wrong in ({"password": "не тот"}, {"code": "123"}):
        data = {"sealed": sealed, "code": code(secret), "password": PASSWORD} | wrong
        answer = client.post("/profile/second/add", data=data)
        assert answer.status_code == 422
        assert secret_of(answer)[0] == sealed
    assert (
        client.post(
            "/profile/second/add", data={"sealed": "чужое", "code": code(secret), "password": PASSWORD}
        ).status_code
        == 200
    )
    assert "выключен" in client.get("/profile/second").get_data(as_text=True)


def test_the_codes_are_downloaded_only_from_the_page_that_shows_them(client_as, mine):
    client = client_as("lebedev")
    _, codes = added(client)
    answer = client.post("/profile/second/codes.txt", data={"codes": " ".join(codes)})
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert set(codes) <= set(answer.get_data(as_text=True).split())
    for foreign in (" ".join(mine[1]), "<script>", ""):
        assert client.post("/profile/second/codes.txt", data={"codes": foreign}).status_code == 404


def test_new_codes_end_the_old_ones_and_dropping_ends_all_with_the_password_alone(app, client_as, mine, quick_stage):
    client = begun(app)
    client.post("/login/second", data={"code": mine[1][0]})
    for path in ("/profile/second/codes", "/profile/second/drop"):
        assert client.post(path, data={"password": "не тот"}).status_code == 422
    fresh = codes_of(client.post("/profile/second/codes", data={"password": PASSWORD}))
    assert begun(app).post("/login/second", data={"code": mine[1][1]}).status_code == 401
    assert begun(app).post("/login/second", data={"code": fresh[0]}).status_code == 303
    assert client.post("/profile/second/drop", data={"password": PASSWORD}).status_code == 303
    assert app.test_client().log_in("sokolova").get("/").status_code == 200
    assert "снят" in letters(quick_stage)[-1].subject


def test_an_administrator_resets_it_with_a_reason_and_it_stands_in_the_record(client_as, app, mine, quick_stage):
    page = client_as("kuzmin").get(f"/people/{quick_stage.people['sokolova']}").get_data(as_text=True)
    assert "Сбросить второй фактор" in page
    assert "Сбросить второй фактор" not in client_as("kuzmin").get(f"/people/{quick_stage.people['lebedev']}").get_data(
        as_text=True
    )
    path = f"/people/{quick_stage.people['sokolova']}/do/reset_second_factor"
    version = person(quick_stage, "sokolova").version
    assert client_as("morozova").post(path, data={"reason": "просто так", "version": version}).status_code == 403
    assert client_as("kuzmin").post(path, data={"reason": "", "version": version}).status_code == 422
    done = client_as("kuzmin").post(path, data={"reason": "Потерян телефон, паспорт показан", "version": version})
    assert done.status_code == 303
    assert alive(quick_stage, "sokolova") == 0
    assert app.test_client().log_in("sokolova").get("/").status_code == 200
    with quick_stage.database.transaction(keep=False) as session:
        event = session.scalars(select(Event).where(Event.transition == "reset_second_factor")).one()
        assert (event.actor_id, event.subject_id) == (quick_stage.people["kuzmin"], quick_stage.people["sokolova"])


def test_nobody_resets_their_own(client_as, quick_stage, app):
    client = client_as("kuzmin")
    added(client)
    path = f"/people/{quick_stage.people['kuzmin']}/do/reset_second_factor"
    answer = client.post(path, data={"reason": "Потерял", "version": person(quick_stage, "kuzmin").version})
    assert answer.status_code == 422
    assert begun(app, "kuzmin")


OBLIGED = {"gradov": True, "kuzmin": True, "morozova": False, "sokolova": False}


@pytest.mark.parametrize(("who", "asked"), OBLIGED.items())
def test_where_the_centre_asks_for_it_the_office_adds_it_before_the_session_begins(
    app, client_as, quick_stage, who, asked
):
    inside = client_as(who)
    set_switch(quick_stage, second_factor=True)
    assert inside.get("/").status_code == (302 if asked else 200)  # a session without it ends with the next request
    if not asked:
        assert app.test_client().log_in(who).get("/").status_code == 200
        return
    client = begun(app, who)
    page = client.get("/login/second")
    assert "Центр требует" in page.get_data(as_text=True)
    assert client.get("/").status_code == 302
    sealed, secret = secret_of(page)
    assert client.post("/login/second", data={"sealed": sealed, "code": "000000"}).status_code == 422
    assert codes_of(client.post("/login/second", data={"sealed": sealed, "code": code(secret)}))
    assert client.get("/").status_code == 200
    assert client.post("/profile/second/drop", data={"password": PASSWORD}).status_code == 422
    assert "Выключить" not in client.get("/profile/second").get_data(as_text=True)


def test_a_deputy_of_today_is_obliged_as_the_director_is(client_as, quick_stage):
    set_switch(quick_stage, second_factor=True)
    client = client_as("morozova")
    with quick_stage.database.transaction(keep=True) as session:
        today = deadlines.today(
            session, quick_stage.municipality_id
        )  # of the town: late in the day UTC is a day behind
        row = Deputy(
            person_id=quick_stage.people["morozova"],
            municipality_id=quick_stage.municipality_id,
            order="7",
            since=today,
            until=today,
        )
        session.add(row)
    assert client.get("/").status_code == 302


def test_the_demo_does_not_ask_for_it_and_a_signature_never_does(client_as, mine, quick_stage):
    from workflow_app.states.definitions.centre import Switches

    assert Switches().second_factor is False
    assert "code" not in client_as("gradov").get("/profile/password").get_data(as_text=True).split("name=")
