"""Logging in and the session (security.md 1 to 4, 11 to 18), and what every answer carries (security.md 27 to 30, 35)."""

import sqlite3
from contextlib import closing
from datetime import timedelta

import argon2
import pytest
from sqlalchemy import make_url
from werkzeug.routing import AnyConverter, IntegerConverter

from tests.databases import PASSWORD
from tests.statements import count_statements
from tests.web.accounts import SECRET, alive, app_with, do, later, log, person, shape, token_of
from workflow_app import clock, config
from workflow_app.errors import WorkflowError
from workflow_app.web.login_session import hash_password, nobody


@pytest.fixture
def strict(quick_stage, centre_sqlite_url, tmp_path):
    """The application with the limits of a real instance."""
    return app_with(centre_sqlite_url, tmp_path)


def attempt(client, login, password="не тот пароль", **more):
    return client.post("/login", data={"login": login, "password": password}, **more)


def test_an_unknown_login_and_a_wrong_password_are_refused_alike(app):
    known, unknown = attempt(app.test_client(), "sokolova"), attempt(app.test_client(), "nobody00")
    same = [shape(one) for one in (known, unknown)]
    assert known.status_code == 401
    assert same[0][1].replace("sokolova", "") == same[1][1].replace("nobody00", "")
    assert (same[0][0], same[0][2]) == (same[1][0], same[1][2])


def test_a_person_of_a_closed_account_is_refused_like_a_stranger(app, quick_stage):
    do(quick_stage, "kuzmin", "lebedev", "block", reason="Ушёл из школы")
    closed, unknown = attempt(app.test_client(), "lebedev", PASSWORD), attempt(app.test_client(), "nobody0")
    assert shape(closed)[1].replace("lebedev", "") == shape(unknown)[1].replace("nobody0", "")


def test_a_login_is_found_whatever_its_case_and_outer_spaces_and_by_the_address(app):
    for typed in ("  SOKOLOVA ", "Sokolova@Example.RU"):
        assert attempt(app.test_client(), typed, PASSWORD).status_code == 303


def wait(answer):
    """How many seconds an answer asks to wait; 0 when it does not."""
    return int(answer.headers.get("Retry-After", 0)) if answer.status_code == 429 else 0


FROM_AFAR = {"REMOTE_ADDR": "192.0.2.7"}


def test_ten_wrong_passwords_delay_one_account_at_one_address_and_nobody_else(strict):
    answers = [attempt(strict.test_client(), "sokolova").status_code for _ in range(30)]
    assert answers == [401] * 10 + [429] * 20
    stopped = attempt(strict.test_client(), "sokolova", PASSWORD)
    assert wait(stopped) in (1, 2)
    assert "Повторите через" in stopped.get_data(as_text=True)
    assert attempt(strict.test_client(), "lebedev", PASSWORD).status_code == 303
    assert attempt(strict.test_client(), "sokolova", PASSWORD, environ_overrides=FROM_AFAR).status_code == 303


def test_the_delay_grows_to_a_minute_and_is_forgotten_after_an_hour_of_quiet(strict):
    client, moment, delays = strict.test_client(), clock.now(), []
    for n in range(17):
        with clock.at(moment):
            assert attempt(client, "sokolova").status_code == 401, n
            delays.append(wait(attempt(client, "sokolova")) if n >= 9 else 0)
        moment += timedelta(seconds=delays[-1])
    assert delays == [0] * 9 + [2, 4, 8, 16, 32, 60, 60, 60]
    with clock.at(moment):
        assert attempt(client, "sokolova", PASSWORD).status_code == 303  # whoever waits is let in
    with clock.at(moment + timedelta(minutes=61)):
        assert [attempt(strict.test_client(), "sokolova").status_code for _ in range(11)] == [401] * 10 + [429]


def test_a_clock_that_is_set_back_shuts_nobody_out(strict):
    with later(days=2):
        assert [attempt(strict.test_client(), "sokolova").status_code for _ in range(11)] == [401] * 10 + [429]
    assert attempt(strict.test_client(), "sokolova", PASSWORD).status_code == 303


def test_an_unknown_account_is_delayed_after_as_many_attempts_and_with_the_same_words(strict):
    unknown = [attempt(strict.test_client(), "nobody00") for _ in range(12)]
    known = [attempt(strict.test_client(), "sokolova") for _ in range(12)]
    assert [one.status_code for one in unknown] == [401] * 10 + [429] * 2
    assert [shape(one)[0::2] for one in unknown] == [shape(one)[0::2] for one in known]
    assert shape(unknown[-1])[1] == shape(known[-1])[1]


def test_a_known_and_an_unknown_account_cost_the_same_statements(strict):
    engine = strict.extensions["workflow_database"].engine

    def told(login):
        with count_statements(engine) as statements:
            attempt(strict.test_client(), login)
        return sum("tries" in one for one in statements), sum("COMMIT" in one for one in statements)

    assert told("sokolova") == told("nobody00")
    with strict.app_context():
        made_up, real = (argon2.extract_parameters(one) for one in (nobody(64), hash_password("пароль")))
    assert made_up == real


def test_the_limit_of_an_account_is_not_dodged(strict):
    """Neither by a header that names another address, nor by case, spaces or the address of the same person."""
    spellings = ["sokolova", " sokolova", "SOKOLOVA ", "Sokolova@example.ru", "sokolova@EXAMPLE.ru "]
    headers = ["X-Forwarded-For", "X-Real-IP", "Forwarded", "X-Client-IP"]
    answers = [
        attempt(strict.test_client(), spellings[n % 5], headers={headers[n % 4]: f"for=10.0.0.{n}"}).status_code
        for n in range(25)
    ]
    assert answers.count(401) == 10


def test_a_whole_school_behind_one_address_is_not_shut_out_by_one_who_fails(quick_stage, centre_sqlite_url, tmp_path):
    """Some failures, of one account or of many, do not stop the others; a thousand in five minutes do."""
    strict = app_with(centre_sqlite_url, tmp_path, address_limit="25 per 5 minutes")
    answers = [attempt(strict.test_client(), f"nobody{n}").status_code for n in range(24)]
    assert answers == [401] * 24
    assert attempt(strict.test_client(), "sokolova", PASSWORD).status_code == 303
    assert [attempt(strict.test_client(), f"nobody{n}").status_code for n in (60, 61)] == [401, 429]
    assert wait(attempt(strict.test_client(), "lebedev", PASSWORD)) > 60
    assert attempt(strict.test_client(), "lebedev", PASSWORD, environ_overrides=FROM_AFAR).status_code == 303
    with later(minutes=6):
        assert attempt(strict.test_client(), "lebedev", PASSWORD).status_code == 303
    assert config.Config(tmp_path).address_limit == "1000 per 5 minutes"


def test_a_device_that_signed_in_before_stays_open_while_the_account_is_attacked(
    quick_stage, centre_sqlite_url, tmp_path
):
    """By its own address and by many others; the same device keeps ten free tries of its own and no more."""
    strict = app_with(centre_sqlite_url, tmp_path, account_tries=25)
    assert config.Config(tmp_path).account_tries == 100
    own = strict.test_client().log_in("sokolova")
    own.post("/logout")
    for _ in range(12):
        attempt(strict.test_client(), "sokolova")
    for n in range(25):
        attempt(strict.test_client(), "sokolova", environ_overrides={"REMOTE_ADDR": f"198.51.100.{n}"})
    assert attempt(strict.test_client(), "sokolova", PASSWORD, environ_overrides=FROM_AFAR).status_code == 429
    assert attempt(own, "sokolova", PASSWORD).status_code == 303
    own.post("/logout")
    assert [attempt(own, "sokolova").status_code for _ in range(12)] == [401] * 10 + [429] * 2


def test_the_cookie_of_a_device_opens_nothing_and_serves_no_other_account_and_no_forger(strict):
    mine = strict.test_client().log_in("lebedev")
    mine.post("/logout")
    assert mine.get("/").status_code == 302
    forged = strict.test_client()
    forged.set_cookie("device", mine.get_cookie("device").value[:-3] + "abc")
    for client in (mine, forged):
        codes = [attempt(client, "sokolova").status_code for _ in range(11)]
        assert codes[-1] == 429, codes
        assert attempt(strict.test_client(), "lebedev", PASSWORD).status_code == 303


def test_the_addresses_of_one_ipv6_network_count_as_one(strict):
    for n in range(10):
        attempt(strict.test_client(), "nobody", environ_overrides={"REMOTE_ADDR": f"2001:db8:1:2::{n:x}"})
    same, other = "2001:db8:1:2:ffff::1", "2001:db8:1:3::1"
    assert attempt(strict.test_client(), "nobody", environ_overrides={"REMOTE_ADDR": same}).status_code == 429
    assert attempt(strict.test_client(), "nobody", environ_overrides={"REMOTE_ADDR": other}).status_code == 401


def test_another_process_and_a_restart_know_the_failures(strict, centre_sqlite_url, tmp_path):
    answers = [attempt(strict.test_client(), "sokolova").status_code for _ in range(5)]
    other = app_with(centre_sqlite_url, tmp_path)
    answers += [attempt(other.test_client(), "sokolova").status_code for _ in range(6)]
    assert answers == [401] * 10 + [429]


def test_what_is_read_is_shown_though_a_failure_cannot_be_counted(strict, quick_stage):
    """Nobody may write for a while: a wrong code of a paper and a dead link are answered as ever."""
    file = make_url(strict.extensions["workflow_config"].url).database
    with closing(sqlite3.connect(f"file:{file}?mode=rw", uri=True)) as blocker:
        blocker.execute("BEGIN IMMEDIATE")
        for path in ("/check/AAAA-BBBB-CCCC", "/reset/no-such-link"):
            assert strict.test_client().get(path, follow_redirects=True).status_code == 404, path
        assert strict.test_client().get("/login").status_code == 200


def test_right_passwords_are_never_counted(strict):
    assert {attempt(strict.test_client(), "sokolova", PASSWORD).status_code for _ in range(15)} == {303}


def test_a_right_password_forgets_the_wrong_ones_before_it(strict):
    for _ in range(2):
        assert [attempt(strict.test_client(), "sokolova").status_code for _ in range(9)] == [401] * 9
        assert attempt(strict.test_client(), "sokolova", PASSWORD).status_code == 303


def test_the_password_asked_again_inside_a_session_is_limited_too(strict):
    client = strict.test_client().log_in("sokolova")
    data = {"password": "не тот", "new_password": "x", "new_again": "x"}
    assert [client.post("/profile/password", data=data).status_code for _ in range(12)] == [422] * 10 + [429] * 2


def test_a_password_of_a_megabyte_is_refused_unread(app):
    assert attempt(app.test_client(), "sokolova", "x" * 1_000_000).status_code == 401


def test_what_was_typed_as_a_login_is_not_kept(app, quick_stage):
    """People type their password into the wrong field (security.md 53)."""
    attempt(app.test_client(), "мой-тайный-пароль")
    attempt(app.test_client(), "sokolova")
    found = log(quick_stage, "login refused")
    assert [one.subject_id for one in found] == [None, quick_stage.people["sokolova"]]
    assert all("тайный" not in f"{one.detail}{one.what}" for one in found)


def test_passwords_are_kept_as_argon2id_and_a_dated_hash_is_renewed_at_the_next_login(app, quick_stage):
    before = person(quick_stage, "sokolova").password_hash
    app.test_client().log_in("sokolova")
    after = person(quick_stage, "sokolova").password_hash
    assert before != after
    assert after.startswith("$argon2id$")
    assert "m=64," in after
    app.test_client().log_in("sokolova")
    assert person(quick_stage, "sokolova").password_hash == after


def test_the_cookie_of_a_planted_session_is_not_the_one_of_the_login(app):
    client = app.test_client()
    client.get("/login")
    planted = client.get_cookie("session")
    client.log_in("sokolova")
    assert client.get_cookie("session").value != (planted.value if planted else "")
    thief = app.test_client()
    if planted:
        thief.set_cookie("session", planted.value)
    assert thief.get("/").status_code == 302


@pytest.mark.parametrize("name", ["check_limit", "address_limit"])
def test_a_limit_that_makes_no_sense_is_told_at_the_start(quick_stage, centre_sqlite_url, tmp_path, name):
    with pytest.raises(WorkflowError, match=name):
        app_with(centre_sqlite_url, tmp_path, **{name: "abc"})


def test_logging_out_kills_a_copied_cookie(app, client_as):
    client = client_as("sokolova")
    copy = app.test_client()
    copy.set_cookie("session", client.get_cookie("session").value)
    assert copy.get("/").status_code == 200
    client.post("/logout")
    assert copy.get("/").status_code == 302
    assert client.get("/").status_code == 302


def test_a_session_ends_after_an_idle_hour_and_after_twelve_in_any_case(client_as):
    client = client_as("sokolova")
    with later(minutes=59):
        assert client.get("/").status_code == 200
    with later(minutes=121):
        assert client.get("/").status_code == 302
    busy = client_as("sokolova")
    for minutes in range(50, 12 * 60, 50):
        with later(minutes=minutes):
            assert busy.get("/").status_code == 200
    with later(minutes=12 * 60 + 1):
        assert busy.get("/").status_code == 302


def test_closing_an_account_acts_at_once(client_as, quick_stage):
    client = client_as("lebedev")
    do(quick_stage, "kuzmin", "lebedev", "block", reason="Ушёл из школы")
    assert client.get("/").status_code == 302
    assert alive(quick_stage, "lebedev") == 0


def test_a_changed_role_acts_with_the_next_request(client_as, quick_stage):
    client = client_as("morozova")
    assert client.get("/people").status_code == 200
    do(quick_stage, "kuzmin", "morozova", "revoke_role", role="coordinator")
    assert client.get("/people").status_code == 403
    do(quick_stage, "kuzmin", "morozova", "grant_role", role="coordinator")
    assert client.get("/people").status_code == 200


def test_a_cookie_signed_with_another_secret_opens_nothing(app, quick_stage, centre_sqlite_url, tmp_path):
    forger = app_with(centre_sqlite_url, tmp_path, secret_key=SECRET[::-1]).test_client().log_in("sokolova")
    client = app.test_client()
    client.set_cookie("session", forger.get_cookie("session").value)
    assert client.get("/").status_code == 302


@pytest.mark.parametrize("key", ["secret", "changeme", "dev", "0123456789" * 3, "x" * 64, "secretsecret" * 5])
def test_a_short_or_repeating_secret_is_refused_at_the_start(tmp_path, key):
    with pytest.raises(WorkflowError, match="подобрать"):
        config.load(tmp_path, {"WF_SECRET_KEY": key})


def test_without_a_secret_a_random_one_is_made_and_kept_for_its_owner_alone(tmp_path):
    first, second = config.load(tmp_path, {}), config.load(tmp_path, {})
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) >= 43
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600


def test_every_cookie_carries_every_flag(app, quick_stage, centre_sqlite_url, tmp_path):
    plain = attempt(app.test_client(), "sokolova", PASSWORD).headers.getlist("Set-Cookie")
    assert {one.split("=")[0] for one in plain} == {"device", "session"}
    assert all("HttpOnly" in one and "SameSite=Lax" in one for one in plain)
    secure = app_with(centre_sqlite_url, tmp_path, secure_cookies=True)
    answer = attempt(secure.test_client(), "sokolova", PASSWORD, base_url="https://localhost")
    over_tls = answer.headers.getlist("Set-Cookie")
    assert {one.split("=")[0] for one in over_tls} == {"__Host-device", "__Host-session"}
    assert all("Secure" in one and "Path=/" in one and "Domain" not in one for one in over_tls)


ELSEWHERE = [
    "//evil.example", "///evil.example", "////evil.example", "http://evil.example", "https:evil.example", "https:/evil.example",
    "http:///evil.example", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "\\\\evil.example", "/\\evil.example",
    "/\\/evil.example", "\\/evil.example", "/\t/evil.example", "\t//evil.example", "/\n/evil.example", "/\r\nLocation: //evil.example",
    " //evil.example", "/ /evil.example\\", "//evil.example/%2e%2e", "/.//evil.example", "/..//evil.example", "/x//evil.example",
    "//user@evil.example", "//evil.example:80", "//[::1]", "/\x00/evil.example", "evil.example", "./evil.example", "?next=//evil.example",
    "#//evil.example", "/\u2028/evil.example", "/\u00a0/../..//evil.example", "", "/" + "a" * 3000,
]  # fmt: skip


def test_after_the_login_nobody_is_sent_to_another_site(app):
    assert len(ELSEWHERE) >= 34
    for target in ELSEWHERE:
        answer = app.test_client().post("/login", data={"login": "sokolova", "password": PASSWORD, "next": target})
        assert (answer.status_code, answer.location) == (303, "/"), target


def test_after_the_login_one_goes_on_to_the_page_asked_for(app):
    answer = app.test_client().post(
        "/login", data={"login": "sokolova", "password": PASSWORD, "next": "/cases?q=a%2F%2Fb&page=2"}
    )
    assert answer.location == "/cases?q=a%2F%2Fb&page=2"


def test_the_language_switch_sends_nobody_to_another_site(app):
    for target in ELSEWHERE:
        assert app.test_client().post("/language", data={"language": "en", "next": target}).location == "/", target


def test_an_unknown_host_is_answered_with_400(quick_stage, centre_sqlite_url, tmp_path):
    client = app_with(centre_sqlite_url, tmp_path, trusted_hosts=("imc.example",)).test_client()
    assert client.get("/login", base_url="http://imc.example").status_code == 200
    for path in ("/login", "/", "/forgot", "/static/css/tokens.css"):
        assert client.get(path, base_url="http://evil.example").status_code == 400


def filled(rule):
    """An address of a rule with something in its places."""

    def something(converter):
        if isinstance(converter, AnyConverter):
            return min(converter.items)
        return 1 if isinstance(converter, IntegerConverter) else "x"

    return rule.build({name: something(rule._converters[name]) for name in rule.arguments})[1]


def test_without_a_csrf_token_no_page_takes_a_post(quick_stage, centre_sqlite_url, tmp_path):
    """Neither a stranger's, without any token, nor that of a person's script, with another one; and some the other way round."""
    app = app_with(centre_sqlite_url, tmp_path, csrf=True)
    stranger, client = app.test_client(), app.test_client()
    known = {"login": "morozova", "password": PASSWORD, "csrf_token": token_of(client.get("/login"))}
    assert client.post("/login", data=known).status_code == 303
    posts = [one for one in app.url_map.iter_rules() if "POST" in one.methods]
    assert len(posts) > 15
    with app.test_request_context():
        addresses = [filled(one) for one in posts]
    wrong, script = {"csrf_token": "не тот"}, {"Accept": "application/json"}
    for path in addresses:
        assert stranger.post(path).status_code == 400, path
        assert client.post(path, data=wrong, headers=script).status_code == 401, path
    for path in addresses[::10]:
        assert stranger.post(path, data=wrong).status_code == 400, path
        assert client.post(path).status_code == 400, path
        assert client.post(path, data=wrong).status_code == 400, path


def test_the_token_of_another_session_is_refused(quick_stage, centre_sqlite_url, tmp_path):
    app = app_with(centre_sqlite_url, tmp_path, csrf=True)
    mine, other = app.test_client(), app.test_client()
    foreign = token_of(other.get("/login"))
    mine.get("/login")
    assert (
        mine.post("/login", data={"login": "sokolova", "password": PASSWORD, "csrf_token": foreign}).status_code == 400
    )


ANSWERS = [
    (None, "/login", 200), ("kuzmin", "/", 200), ("sokolova", "/people", 403), (None, "/no-such-page", 404), ("kuzmin", "/cases/999", 404),
    ("kuzmin", "/people/export.csv", 200), ("kuzmin", "/people", 200), (None, "/forgot", 200), ("kuzmin", "/logout", 405),
]  # fmt: skip


def test_every_answer_carries_the_security_headers_and_is_not_kept(app, client_as):
    for who, path, status in ANSWERS:
        answer = (client_as(who) if who else app.test_client()).get(path)
        assert answer.status_code == status, path
        demand_headers(answer)


def demand_headers(answer):
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] in ("same-origin", "no-referrer")
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_person_who_is_logged_in_needs_no_login_page(client_as):
    assert client_as("sokolova").get("/login").status_code == 303
