"""``demo``: what the README's first command gives. One whole centre is built, served, and looked at as each role."""

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import unescape
from http.cookiejar import CookieJar
from pathlib import Path
from typing import ClassVar
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from tests.command import clean_environment, refused
from tests.page_words import words
from tests.play import open_stage
from workflow_app import clock, config, data
from workflow_app.calendar.production import Calendar
from workflow_app.calendar.terms import colour, days_left
from workflow_app.case_types.registry import CASE_TYPES
from workflow_app.db.models import RECORDS, Assignment, Case, CaseFile, Document, Event, Person, WorkingCopy
from workflow_app.db.session import open_database
from workflow_app.demo import instance as demo
from workflow_app.demo import sample_files, sample_forms, scheduler
from workflow_app.demo.office_hours import open_at
from workflow_app.demo.timeline import Present, World
from workflow_app.facts import deadlines, worklist
from workflow_app.facts.actors import actor_of
from workflow_app.facts.subjects import PLAIN
from workflow_app.states.definitions.case.forms import BY_SCHOOL
from workflow_app.states.forms import asks
from workflow_app.states.vocabulary import Permission, Role, Who

AGAIN = {"deputy", "expert_outside", "expert_mentor", "expert_novice"}  # walk the ways of another account
ENOUGH = 2  # pages of one kind that are opened for one account, and questions of one kind to a page for all accounts
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@contextmanager
def served(home: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The demo as ``dev.py run`` serves it from a folder, naming no instance: its address and its process."""
    command = [sys.executable, "-m", "workflow_app", "demo", "--port", "0"]
    with subprocess.Popen(
        command,
        cwd=home,
        env=clean_environment(WF_ARGON2_MEMORY_KIB="64"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        try:
            told = ""
            for line in server.stdout:
                told += line
                if "Остановить" in line:
                    break
            found = re.search(r"http://127\.0\.0\.1:\d+", told)
            assert found, told + server.stderr.read()
            yield found[0], server
        finally:
            server.terminate()
            server.wait(60)


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    """A fresh folder with a space in its name, as a stranger's may have."""
    return tmp_path_factory.mktemp("a stranger")


@pytest.fixture(scope="module")
def instance(home) -> Path:
    return home / "instance"


@pytest.fixture(scope="module")
def address(home) -> Iterator[str]:
    """The address of a demo that was just built."""
    with served(home) as (found, _):
        yield found


@pytest.fixture
def database(address, instance):
    settings = config.load(instance / "demo", {})
    found = open_database(settings.url, settings.folder / "blobs")
    yield found
    found.engine.dispose()


def accounts(instance: Path) -> list[dict[str, str]]:
    return json.loads((instance / "demo" / "accounts.json").read_text(encoding="utf-8"))


def visitor() -> OpenerDirector:
    """A browser of sorts, with its own cookies."""
    return build_opener(HTTPCookieProcessor(CookieJar()))


def logged_in(address: str, account: dict[str, str]) -> tuple[OpenerDirector, str]:
    """A browser of sorts that is logged in, and the page that it came to."""
    browser = visitor()
    token = TOKEN.search(browser.open(f"{address}/login", timeout=60).read().decode())[1]
    fields = {"login": account["login"], "password": account["password"], "csrf_token": token}
    answer = browser.open(f"{address}/login", urlencode(fields).encode(), timeout=60)
    assert not answer.url.endswith("/login"), account
    return browser, answer.read().decode()


def in_all_states():
    """The types that stand in each of their states; of the others whose workflow is the same two cases are enough."""
    shown = ("attestation_portfolio", "methodical_material", "innovation_product")
    return {(key, state) for key in shown for state in CASE_TYPES[key].workflow.states}


def test_the_scenes_come_to_every_state_of_the_types_that_differ():
    have = {(sample_forms.work(one.key, _Nobody(), datetime.now(UTC).date()).kind, one.state) for one in demo.SCENES}
    assert in_all_states() - have == set()
    assert {key for key, state in have if state == "approved"} == set(CASE_TYPES)


class _Nobody:
    """A cast that is not entered anywhere."""

    organizations: ClassVar = {one["key"]: 1 for one in data.load("demo_people")["organizations"]}


def test_no_work_of_the_demo_is_told_twice():
    keys = [one.key for one in demo.SCENES]
    titles = [(sample_forms.work(one, _Nobody(), datetime.now(UTC).date()).title, one.split("_")[1]) for one in keys]
    assert len(set(keys)) == len(keys)
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("moment", ["2026-11-24T09:00", "2027-01-05T03:00", "2026-05-09T23:30", "2028-02-29T12:00"])
def test_days_are_counted_backwards_over_holidays_and_never_lie_ahead(moment):
    present = Present(datetime.fromisoformat(f"{moment}+05:00"), demo.ZoneInfo("Asia/Yekaterinburg"))
    days = [present.ago(number) for number in range(340)]
    assert days == sorted(set(days), reverse=True)
    assert days[0] <= present.today
    assert all(present.calendar.is_working(day) for day in days)


def test_passwords_are_typed_easily_and_not_guessed():
    found = {demo.password() for _ in range(200)}
    assert len(found) > 180  # two may be alike, few are
    assert all(re.fullmatch(r"[a-z]{4,9}-[a-z]{4,9}-\d\d", one) for one in found)


def test_one_account_per_role_is_written_for_the_owner_alone(address, instance):
    file = instance / "demo" / "accounts.json"
    assert file.stat().st_mode & 0o777 == 0o600
    found = accounts(instance)
    assert all(set(one) == {"login", "password", "role", "name"} for one in found)
    roles = [one["role"] for one in found]
    assert len(set(roles)) == len(roles)
    assert {
        "teacher",
        "expert",
        "coordinator",
        "director",
        "deputy",
        "admin",
        "school_officer",
        "department",
        "regional",
    } <= set(roles)


def test_every_account_logs_in_and_sees_its_work(address, instance):
    for one in accounts(instance):
        browser, page = logged_in(address, one)
        assert one["name"].split()[0] in page, one
        assert browser.open(f"{address}/cases", timeout=60).status == 200


def test_there_are_people_enough_and_cases_in_every_state(database):
    with database.transaction(keep=False) as session:
        assert session.scalar(select(func.count()).select_from(Person)) >= 20
        have = {(kind, state) for kind, state in session.execute(select(Case.type, Case.state))}
    assert in_all_states() - have == set()


def test_work_lists_show_what_is_late_what_is_near_and_what_has_time(database):
    with database.transaction(keep=False) as session:
        for key in ("morozova", "bondarenko", "gradov"):
            person = session.scalars(select(Person).where(Person.login == key)).one()
            actor = actor_of(session, person, person.municipality_id)
            calendar, today = (
                deadlines.calendar_of(session, person.municipality_id),
                deadlines.today(session, person.municipality_id),
            )
            tasks = worklist.tasks(session, actor)
            shown = {colour(days_left(calendar, today, one.due_on)) for one in tasks if one.due_on}
            assert shown == {"overdue", "soon", "normal"}, key


def test_nothing_lies_in_the_future_and_numbers_grow_with_the_dates(database):
    with database.transaction(keep=False) as session:
        now = clock.now() + timedelta(seconds=1)
        cases = session.scalars(
            select(Case).where(Case.number.is_not(None)).order_by(Case.type, Case.registered_at)
        ).all()
        assert all(one.registered_at <= now and one.state_since <= now for one in cases)
        for kind in CASE_TYPES:
            numbers = [one.number.split("-")[1:] for one in cases if one.type == kind]
            assert numbers == sorted(numbers, key=lambda one: (int(one[0]), int(one[1])))


def test_nobody_of_the_demo_acts_at_night_or_on_a_day_off(database):
    zone = ZoneInfo("Asia/Yekaterinburg")
    with database.transaction(keep=False) as session:
        by_people = select(Event.at).where(
            Event.root_kind == "case", Event.actor_id.is_not(None)
        )  # a timer fires at night too
        moments = [one.astimezone(zone) for one in session.scalars(by_people)]
    assert len(moments) > 500
    assert [one for one in moments if not open_at(one, Calendar())] == []


def test_an_appeal_is_worded_as_its_author_is_and_about_what_is_appealed(database):
    with database.transaction(keep=False) as session:
        told = {
            one.appeal["text"]: (one.applicant.gender, one.appealed_from)
            for one in session.scalars(select(Case))
            if one.appeal
        }
    assert len(told) >= 4
    for text, (gender, appealed) in told.items():
        assert text.startswith("Не согласна" if gender == "f" else "Не согласен ")
        assert ("отказом" in text) is (appealed == "declined")


def test_the_demo_shows_the_hard_corners_too(database):
    with database.transaction(keep=False) as session:
        answers = set(session.scalars(select(Assignment.state)))
        assert {
            "refused",
            "expired",
            "invited",
            "accepted",
            "in_work",
            "signed",
            "consolidated",
            "voided",
            "past",
            "called_off",
        } <= answers
        assert session.scalar(select(func.count()).where(Assignment.dissent != ""))
        assert session.scalar(select(func.count()).where(Case.deviation != "", Case.state == "on_approval"))
        assert session.scalar(select(func.count()).where(Case.decline_proposed))
        assert session.scalar(select(func.count()).where(Case.round == 2))
        assert session.scalar(select(func.count()).where(Document.document_kind == "signed_original:sign"))
        assert {one.get("decision") for one in session.scalars(select(Case.decision))} >= {"establish", "refuse"}
        assert set(session.scalars(select(WorkingCopy.transition))) == {"submit", "sign"}
        assert {"granted", "dismissed"} <= {key for one in session.scalars(select(Case.appeal)) for key in one}
        assert set(session.scalars(select(Case.state).where(Case.channel == BY_SCHOOL))) == {"draft", "submitted"}
        assert list(session.scalars(select(RECORDS["expert_profile"].state))) == ["filled"]  # waits to be confirmed


def test_one_order_of_the_month_is_signed_and_another_is_a_draft(database):
    order = RECORDS["month_order"]
    with database.transaction(keep=False) as session:
        rows = session.execute(select(order.order_kind, order.state)).all()
    assert sorted(map(tuple, rows)) == [("approval", "active"), ("composition", "signed")]


def test_the_centres_own_programme_is_a_product_under_review_as_word_and_pdf(database):
    with database.transaction(keep=False) as session:
        case = session.scalars(
            select(Case).where(Case.title == sample_forms.work(sample_files.REAL, _Nobody(), clock.now().date()).title)
        ).one()
        types = session.scalars(
            select(CaseFile.media_type).where(CaseFile.case_id == case.id, CaseFile.attachment == "product")
        ).all()
        assert case.state == "in_review"
    assert [one.rpartition("/")[2].rpartition(".")[2] for one in sorted(types)] == ["pdf", "document"]


@dataclass
class Walked:
    """What one person, or a visitor, reached: the texts of the pages, and what did not open."""

    account: dict[str, str] | None
    pages: dict[str, str] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def walks(address, instance) -> list[Walked]:
    """The README's first command, followed to its ends by everybody it names, and by a visitor: once, for what is said of it."""
    asked: Counter[str] = Counter()
    return [walked(address, account, asked) for account in [None, *accounts(instance)]]


def walked(address: str, account: dict[str, str] | None, asked: Counter[str]) -> Walked:
    """Open what can be reached from the first page, some of every kind, as addresses show it.

    A question to a page (sorted so, filtered so) is the same whoever asks: ``asked`` counts them over all accounts.
    """
    browser, found = logged_in(address, account)[0] if account else visitor(), Walked(account)
    waiting, met, kinds = [f"{address}/"], {f"{address}/"}, Counter()
    again = account is not None and account["role"] in AGAIN
    while waiting:
        url = waiting.pop(0)
        shown = url.removeprefix(address)
        try:
            answer = browser.open(url, timeout=60)
        except HTTPError as error:
            found.failed.append(f"{error.code} {shown}")
            continue
        if answer.headers.get_content_type() != "text/html":
            assert answer.read(), url
            continue
        found.pages[shown] = answer.read().decode()
        for named in re.findall(r'(?:href|src|data)="([^"#]+)', found.pages[shown]):
            link = urljoin(answer.url, unescape(named))
            if link in met or not link.startswith(f"{address}/") or ("?" in url and "?" in link):
                continue  # what a sorted list links to is the same list, sorted and filtered: every pair of them is too much
            met.add(link)
            kind = _kind(link.removeprefix(address), again=again)
            met_so = asked if "?" in link else kinds
            met_so[kind] += 1
            if met_so[kind] <= (1 if "?" not in link and (again or kind.startswith("/records/")) else ENOUGH):
                waiting.append(link)
    return found


def _kind(shown: str, *, again: bool) -> str:
    """What pages are counted by: addresses that differ by numbers alone are of one kind; for the ways of another, records, too."""
    if "vision=" in shown:
        return "vision"
    kind = re.sub(r"\d+|=[^&]*", "N", shown)
    return re.sub(r"^/(records|open)/[a-z-]+", r"/\1/K", kind) if again else kind


def test_no_link_of_any_account_leads_to_an_error(walks):
    assert {len(one.pages) > ENOUGH for one in walks} == {True}
    assert [(one.account, one.failed) for one in walks if one.failed] == []


def test_every_material_and_every_paper_can_be_opened_and_downloaded(address, instance, database):
    with database.transaction(keep=False) as session:
        files, papers = session.scalars(select(CaseFile.id)).all(), session.scalars(select(Document.id)).all()
    browser, _ = logged_in(address, next(one for one in accounts(instance) if one["role"] == "coordinator"))
    ways = [f"/files/{one}{how}" for one in files for how in ("", "/inline")] + [
        f"/documents/{one}.docx" for one in papers
    ]
    told = Counter(_status(browser, address + way) for way in ways)
    assert set(told) == {200, 404}, told  # what the coordinator may not see: drafts, and sheets before consolidation
    assert told[200] > told[404], told


def _status(browser: OpenerDirector, url: str) -> int:
    try:
        return browser.open(url, timeout=60).status
    except HTTPError as error:
        return error.code


def test_a_second_start_keeps_the_centre_and_its_passwords_and_ends_when_told(address, home, instance):
    before = accounts(instance)
    with served(home) as (second, server):
        assert accounts(instance) == before
        logged_in(second, before[0])
        server.terminate()
        assert server.wait(60) == 0


def test_a_port_that_is_taken_is_told_before_anything_is_built(address, tmp_path):
    port = address.rpartition(":")[2]
    assert "занят" in refused("--instance", tmp_path / "other", "demo", "--port", port)
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize("more", [[], ["--fresh"]])
def test_a_folder_that_is_not_ours_is_never_cleared(tmp_path, more):
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "thesis.txt").write_text("труд", encoding="utf-8")
    assert "не пуста" in refused("--instance", tmp_path, "demo", "--no-serve", *more)
    assert [one.name for one in (tmp_path / "demo").iterdir()] == ["thesis.txt"]


def test_fresh_builds_anew_what_is_ours(tmp_path, monkeypatch):
    monkeypatch.setattr(demo.build, "__defaults__", ((),))  # the people are enough
    records = (
        (demo.records, "enter"),
        (demo.surveys, "hold"),
        *((demo.programme, one) for one in ("plan", "enter", "report")),
    )
    for module, name in records:
        monkeypatch.setattr(module, name, lambda _world: None)
    monkeypatch.setenv("WF_ARGON2_MEMORY_KIB", "64")
    home = tmp_path / "demo"
    demo.prepare(home, fresh=False)
    first = demo.accounts(home)
    demo.prepare(home, fresh=False)
    assert demo.accounts(home) == first
    demo.prepare(home, fresh=True)
    assert demo.accounts(home) != first
    assert not list(tmp_path.glob("*.building"))


def test_the_papers_of_the_demo_lead_to_the_port_that_it_serves_on(tmp_path, monkeypatch):
    asked = []

    def build(folder, progress, *, site):
        del progress
        asked.append(site)
        (folder / "accounts.json").write_text("[]", encoding="utf-8")

    monkeypatch.setattr(demo, "build", build)
    demo.prepare(tmp_path / "demo", fresh=False, site="http://127.0.0.1:8155")
    assert asked == ["http://127.0.0.1:8155"]
    assert demo.built_for(tmp_path / "demo") == "http://127.0.0.1:8155"


def test_a_scene_that_comes_to_another_state_stops_the_build(centre_sqlite_url, tmp_path):
    from tests.play import cast_of

    scene = demo.Scene("b_sokolova_tasks", 3, "approved", {})
    with open_stage(centre_sqlite_url, tmp_path) as stage:
        present = Present(stage.moment + timedelta(days=60), demo.ZoneInfo("Asia/Yekaterinburg"))
        with pytest.raises(demo.Broken, match="came to 'draft', not to 'approved'"):
            demo.play(World(stage.database, cast_of(stage), present), scene)


def test_scenes_take_turns_in_the_order_of_time_and_the_first_error_ends_them_all():
    told = []

    def scene(name: str, days: list[int], fails: bool = False):
        def play(pause) -> None:
            for day in days:
                pause(datetime(2026, 9, day, tzinfo=UTC))
                told.append((day, name))
            if fails:
                raise ValueError(name)

        return play

    scheduler.tell([scene("a", [1, 5, 9]), scene("b", [2, 3, 7])])
    assert told == [(1, "a"), (2, "b"), (3, "b"), (5, "a"), (7, "b"), (9, "a")]
    told.clear()
    with pytest.raises(ValueError, match="b"):
        scheduler.tell([scene("a", [1, 5, 9]), scene("b", [2, 3], fails=True)])
    assert told == [(1, "a"), (2, "b"), (3, "b")]


def keys():
    """Every key by which the program names something to itself: roles, states, kinds, what the data files list."""
    files = ("positions", "subject_areas", "education_levels", "directions", "refusal_reasons", "categories")
    found = {one.value for one in Role} | {one.value for one in Permission} | {one.value for one in Who}
    for kind in CASE_TYPES.values():
        found |= {kind.key, *kind.workflow.states, *kind.workflow.transitions, *(one.key for one in kind.attachments)}
        found |= {
            name
            for sheet in (kind.form, *(one.asks for one in kind.workflow.transitions.values()))
            for name in asks(sheet)
        }
    for one in PLAIN.values():
        found |= {*one.states, *one.transitions}
    found |= {one["key"] for name in files for many in data.load(name).values() for one in many}
    people = data.load("demo_people")
    found |= {one["key"] for one in people["organizations"]}
    return {one for one in found if re.fullmatch(r"[a-z_]+", one)}


def test_no_page_of_anybody_shows_a_key_of_the_program_or_an_untrue_number(walks):
    """Organisation, role, category keys never show raw; a date has one full stop; nobody is shown a made-up nought."""
    raw = re.compile(r"\b(?:" + "|".join(sorted(keys(), key=len, reverse=True)) + r"|[a-z]+(?:_[a-z0-9]+)+)\b")
    found = []
    for walk in walks:
        role = walk.account["role"] if walk.account else "visitor"
        for page, text in walk.pages.items():
            if page.startswith(
                ("/templates", "/styleguide", "/letters/texts")
            ):  # where the marks of templates are told
                continue
            told = words(text)
            if (
                page.startswith("/letters/") and "Контрольная точка журнала" in told
            ):  # a signed note, in the words of its format
                continue
            found += [f"{role} {page}: {one[0]}" for one in raw.finditer(told)]
            found += [f"{role} {page}: {one}" for one in ("г..", "datetime", "None", "{'", "&amp;") if one in told]
            if role == "admin" and re.search(r"экспертиз: 0\b", told):
                found.append(f"{page}: a nought that the administrator cannot know")
    assert not found, "\n".join(found[:40])
