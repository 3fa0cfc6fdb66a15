"""The home of everybody: what waits, by deadline, and the way straight to doing it."""

import re
from functools import partial

import pytest

from tests.play import at, draft
from tests.statements import count_statements
from tests.web.pages import links_of, submitted_rows, text_of
from tests.web.test_records import begun, path
from workflow_app import clock
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db import counts
from workflow_app.db.models import Case
from workflow_app.facts import standing_rows
from workflow_app.states import standings


def test_a_draft_waits_for_its_author_and_leads_to_the_form(quick_stage, client_as):
    road, _form = draft(quick_stage)
    page = client_as("sokolova").get("/")
    assert "Продолжить заполнение" in text_of(page)
    assert f"/cases/{road.case_id}/edit" in links_of(page)


def test_a_submitted_case_waits_for_the_coordinator_with_the_verb_that_registers_it(quick_stage, client_as):
    road = at(quick_stage, "submitted")
    page = client_as("morozova").get("/")
    assert "Зарегистрировать" in text_of(page)
    assert f"/cases/{road.case_id}/do/register" in links_of(page)
    assert "Зарегистрировать" not in text_of(client_as("sokolova").get("/"))


def test_an_invitation_waits_for_the_expert_alone(quick_stage, client_as):
    road = at(quick_stage, "assigning")
    road.invite(["bondarenko"], "Специалист по предмету")
    page = client_as("bondarenko").get("/")
    assert "Ответить на приглашение" in text_of(page)
    assert any(re.fullmatch(r"/assignments/\d+", one) for one in links_of(page))
    for other in ("lebedev", "sokolova"):
        assert "Ответить на приглашение" not in text_of(client_as(other).get("/"))


def test_what_has_to_wait_for_the_appeals_term_waits_for_nobody(quick_stage, client_as):
    road = at(quick_stage, "approved", "attestation_portfolio")
    client = client_as("morozova")
    with clock.at(quick_stage.moment):
        assert "Направить в аттестационную комиссию" not in text_of(client.get("/"))
    quick_stage.wait(days=30)
    with clock.at(quick_stage.moment):
        assert f"/cases/{road.case_id}/do/send" in links_of(client.get("/"))


def test_a_waived_appeal_lets_the_office_go_on_at_once(quick_stage, client_as):
    road = at(quick_stage, "approved", "attestation_portfolio")
    quick_stage.act("sokolova", road.case_id, "waive_appeal")
    with clock.at(quick_stage.moment):
        assert f"/cases/{road.case_id}/do/send" in links_of(client_as("morozova").get("/"))


@pytest.mark.parametrize("who", ["kuzmin"])
def test_neither_menu_nor_home_leads_to_a_list_that_is_always_empty(client_as, who):
    assert "/cases" not in links_of(client_as(who).get("/people"))
    assert "/cases" not in links_of(client_as(who).get("/"))
    assert "/cases" in links_of(client_as("morozova").get("/people"))


def test_what_is_overdue_stands_first_and_is_counted(quick_stage, client_as):
    late = at(quick_stage, "submitted")
    quick_stage.wait(days=30)
    fresh = at(quick_stage, "submitted", "innovation_product")
    with clock.at(quick_stage.moment):
        client = client_as("morozova")
        page = client.get("/")
        words = page.get_data(as_text=True)
        assert words.index(f"/cases/{late.case_id}/do/register") < words.index(f"/cases/{fresh.case_id}/do/register")
        assert "просрочено на" in text_of(page)
        only = client.get("/?due=overdue")
        assert f"/cases/{late.case_id}" in links_of(only)
        assert f"/cases/{fresh.case_id}" not in links_of(only)


def test_the_counters_filter_by_what_is_to_be_done(quick_stage, client_as):
    register = at(quick_stage, "submitted")
    assign = at(quick_stage, "assigning", "innovation_product")
    client = client_as("morozova")
    page = client.get("/")
    address = next(one for one in links_of(page) if one.startswith("/?kind=assigning"))
    only = client.get(address)
    assert f"/cases/{assign.case_id}" in links_of(only)
    assert f"/cases/{register.case_id}" not in links_of(only)


def test_a_long_list_comes_by_pages_and_a_page_that_has_gone_shows_the_last_one(quick_stage, client_as):
    submitted_rows(quick_stage, 30)
    client = client_as("morozova")
    first, second, past = (client.get(one) for one in ("/", "/?page=2", "/?page=9"))
    assert "30 ждут меня" in text_of(first)
    assert "1–25 из 30" in text_of(first)
    assert "/?page=2" in links_of(first)
    assert [one.get_data(as_text=True).count('<li class="task') for one in (first, second, past)] == [25, 5, 5]
    assert set(links_of(first)) - set(links_of(second))
    main, aside = (one.get_data(as_text=True).count("btn-primary") for one in (first, second))
    assert main == aside + 1, "one thing is first, and it stands on the first page"


def test_an_unknown_kind_shows_an_empty_list_with_the_way_back(quick_stage, client_as):
    at(quick_stage, "submitted")
    page = client_as("morozova").get("/?kind=nonsense")
    assert page.status_code == 200
    assert "Показать все" in text_of(page)


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("sokolova", "Начните экспертизу"),
        ("morozova", "как только его подадут"),
        ("gradov", "заключения, которые нужно утвердить"),
        ("bondarenko", "Приглашение на экспертизу появится здесь"),
        ("kuzmin", "Дела ведут координаторы"),
        ("koroleva", "Внесите дело педагога, одно или таблицей"),
    ],
)
def test_an_empty_list_says_what_comes_next_to_each_role(client_as, who, words):
    assert words in text_of(client_as(who).get("/"))


def test_a_teacher_with_a_case_under_way_is_told_that_it_is(quick_stage, client_as):
    at(quick_stage, "submitted")
    page = client_as("sokolova").get("/")
    assert "Когда понадобится ваше действие" in text_of(page)
    assert "/cases/new" in links_of(page)


def test_a_provisional_date_is_called_so(quick_stage, client_as):
    """R12: a term in a year without a decreed calendar is shown as provisional."""
    quick_stage.wait(days=365 * 3)
    at(quick_stage, "submitted")
    with clock.at(quick_stage.moment):
        assert "предварительно" in text_of(client_as("morozova").get("/"))


def follow(client, address, rel):
    found = re.search(rf'<a href="([^"]+)" rel="{rel}"', client.get(address).get_data(as_text=True))
    return found[1].replace("&amp;", "&") if found else ""


def tasks_of(page):
    return re.findall(r'<p class="task-title"><a href="/cases/(\d+)"', page.get_data(as_text=True))


def test_the_statements_do_not_grow_with_the_tasks(quick_stage, app, client_as):
    """30 tasks and 300: the first page, the next one, the last one; and only those of the page are read."""
    client = client_as("morozova")
    engine = app.extensions["workflow_database"].engine

    def asked():
        found = []
        for address in ("/", follow(client, "/", "next"), "/?page=-1", "/?due=soon"):
            with count_statements(engine) as told:
                client.get(address)
            found.append(len(told))
        return found

    submitted_rows(quick_stage, 30)
    asked()
    few = asked()
    submitted_rows(quick_stage, 270)
    assert asked() == few
    assert client.get("/").get_data(as_text=True).count('<li class="task') == 25


def test_links_lead_through_every_task_once_and_back(quick_stage, client_as, monkeypatch):
    monkeypatch.setattr(counts, "MOST", 40)
    submitted_rows(quick_stage, 60)
    client = client_as("morozova")
    assert "более 1\u00a0000</b> <span>ждут меня" in client.get("/").get_data(as_text=True)
    found = {}
    for rel, begin in (("next", ""), ("prev", "&page=-1")):
        found[rel], address = [], f"/?kind=submitted-coordinator{begin}"
        while address:
            found[rel].append(tasks_of(client.get(address)))
            address = follow(client, address, rel)
    whole = [one for page in found["next"] for one in page]
    assert len(whole) == len(set(whole)) == 60
    assert [one for page in reversed(found["prev"]) for one in page] == whole


def test_a_date_that_binds_nobody_makes_nothing_overdue(quick_stage, client_as):
    """The end of the days to appeal is nobody's term: what comes after it waits without a date."""
    at(quick_stage, "approved", "attestation_portfolio")
    quick_stage.wait(days=60)
    with clock.at(quick_stage.moment):
        client = client_as("morozova")
        assert "Направить в аттестационную комиссию" in text_of(client.get("/"))
        assert "Таких дел сейчас нет" in text_of(client.get("/?due=overdue"))


def test_one_act_is_one_counter_whatever_the_state_it_comes_from(quick_stage, client_as):
    """A conflict is settled the same way at every step of a case."""
    step = partial(standings.step, standings.CONFLICT)
    assert step("assigning", "coordinator") == step("in_review", "expert") == standings.CONFLICT
    first, second = at(quick_stage, "in_review"), at(quick_stage, "consolidation", "innovation_product")
    with quick_stage.database.transaction(keep=True) as session:
        for road in (first, second):
            case = session.get_one(Case, road.case_id)
            for one in case.assignments:
                one.expert.organization_id = case.applicant.organization_id
        standing_rows.rebuild_in(session)
    page = client_as("morozova").get("/")
    assert text_of(page).count("Разобрать конфликт интересов эксперта") >= 2
    assert len([one for one in links_of(page) if one.startswith("/?kind=conflict")]) == 1
    assert {f"/cases/{one.case_id}" for one in (first, second)} <= set(
        links_of(client_as("morozova").get("/?kind=conflict"))
    )


def test_records_wait_beside_cases_with_their_verb_their_term_and_as_few_statements(quick_stage, app, client_as):
    kind, part = CONTENT_TYPES["local_act"], CONTENT_TYPES["acquaintance"]
    keeper, reader = client_as("morozova"), client_as("sokolova")
    counted = []
    for number in range(4):
        card = begun(keeper, quick_stage, kind, f"Положение {number}")
        typed_in = {"person_id": str(quick_stage.people["sokolova"]), "until": "2026-12-20"}
        assert keeper.post(f"{path(part)}/new/{card.rsplit('/', 1)[1]}", data=typed_in).status_code == 303
        with count_statements(app.extensions["workflow_database"].engine) as statements:
            page = reader.get("/")
        counted.append(len(statements))
    assert "Ознакомиться с актом" in text_of(page)
    assert "4 ждут вас" in text_of(page)
    assert {"/records/acquaintance/1/do/acquaint", "/records/local-act/1"} <= set(links_of(page))
    assert len(set(counted[1:])) == 1, counted
    assert "Ознакомиться с актом" in text_of(reader.get("/?kind=acquaintance.acquaint"))
    assert "Ознакомиться с актом" not in text_of(reader.get("/?due=overdue"))
    assert "Соколова О. В. Ознакомиться с актом" in text_of(keeper.get("/?part=records"))
    assert "Ознакомиться с актом" not in text_of(keeper.get("/?part=mine")), "whoever keeps an act waits for others"
