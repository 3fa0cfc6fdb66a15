"""Words that are true: whose a term is, what a button opens, what a verdict means, what nobody promises."""

import re
from pathlib import Path

import pytest

from tests.gate import acts
from tests.play import EXPERTS, at, draft
from tests.web.pages import links_of, tab, text_of
from workflow_app import clock
from workflow_app.case_types.registry import CASE_TYPES
from workflow_app.db.models import Case, Person
from workflow_app.facts import choices
from workflow_app.features.people.labels import ACCESS
from workflow_app.states.forms import fill
from workflow_app.states.pictures.handbook import WHOSE

ROOT = Path(__file__).parents[2]
MATERIAL = "methodical_material"
REVISE = dict.fromkeys(EXPERTS[MATERIAL], (0.5, 0.6))


def status_of(answer):
    """The tone and the words of the status beside the title."""
    return re.search(
        r'<span class="status tone-(\w+)">.*?</svg>\s*(?:<span>)?([^<]+)', answer.get_data(as_text=True), re.DOTALL
    ).groups()


# --------------------------------------------------------------------------------------------------------- whose a term is


@pytest.mark.parametrize(("state", "whose"), [
    ("submitted", ("Срок координатора", "Ваш срок")), ("in_review", ("Срок экспертов", "Срок экспертов")),
    ("on_approval", ("Срок директора", "Срок директора")),
])  # fmt: skip
def test_each_term_says_whose_it_is(quick_stage, client_as, state, whose):
    road = at(quick_stage, state)
    for who, words in zip(("sokolova", "morozova"), whose, strict=True):
        client = client_as(who)
        assert f"{words}:" in text_of(tab(client, road))
        assert f"{words}:" in text_of(client.get("/cases"))


def test_a_return_is_the_applicants_term_and_the_experts_own_is_theirs(quick_stage, client_as):
    road = at(quick_stage, "registered")
    acts.ACTS["return"](road)
    assert "Ваш срок:" in text_of(client_as("sokolova").get("/"))
    assert "Срок заявителя:" in text_of(tab(client_as("morozova"), road))
    other = at(quick_stage, "in_review", "innovation_product")
    assert "Ваш срок:" in text_of(tab(client_as("nesterov"), other))
    assert "Срок эксперта:" in text_of(tab(client_as("morozova"), other, "/review"))


def test_every_term_that_binds_somebody_has_an_owner():
    terms = {state.term for kind in CASE_TYPES.values() for state in kind.workflow.states.values() if state.term}
    assert terms - set(WHOSE) == {"appeal", "archive"}  # the end of these is nobody's delay


# ----------------------------------------------------------------------------------------------------- what a button opens


def test_a_button_names_the_work_that_opens_and_not_the_last_act_of_it(quick_stage, client_as):
    road, author = draft(quick_stage)[0], client_as("sokolova")
    assert "Продолжить заполнение" in text_of(tab(author, road))
    returned = at(quick_stage, "registered", "innovation_product")
    acts.ACTS["return"](returned)
    page = text_of(tab(client_as(returned.applicant), returned))
    assert "Исправить замечания" in page
    assert page.index("Исправить замечания") < page.index("Подать")  # the work first, its sending apart
    at_work = at(quick_stage, "in_review", "attestation_portfolio")
    assert "Заполнить экспертный лист" in text_of(tab(client_as("bondarenko"), at_work))


def test_a_text_that_was_sent_round_is_changed_and_not_prepared_anew(quick_stage, client_as):
    road = at(quick_stage, "consolidation")
    office = client_as("morozova")
    assert "Подготовить сводное заключение" in text_of(tab(office, road))
    acts.ACTS["circulate"](road)
    page = text_of(tab(office, road))
    assert "Изменить текст и направить заново" in page
    assert "Подготовить сводное заключение" not in page


def test_there_is_one_way_to_say_no_to_an_invitation(quick_stage, client_as):
    road = at(quick_stage, "assigning")
    road.invite(EXPERTS[MATERIAL], acts.REASON)
    expert = client_as("bondarenko")
    page = tab(expert, road)
    (address,) = {one for one in links_of(page) if one.startswith("/assignments/")}
    invitation = expert.get(address)
    assert set(re.findall(r'action="[^"]*/do/(\w+)"', invitation.get_data(as_text=True))) == {"accept", "refuse"}
    assert "самоотвод" not in text_of(page) + text_of(invitation).partition("Этический кодекс")[0]
    for words in ("Предметная область Математика", "Объём файлов: 1", "Срок экспертизы 10 раб. дн."):
        assert words in text_of(invitation)
    road.accept(["bondarenko"])
    assert "Взять самоотвод" in text_of(tab(expert, road))


# -------------------------------------------------------------------------------------------------------- what came of it


def test_a_verdict_for_revision_is_no_green_word_and_says_what_can_be_done_until_when(quick_stage, client_as):
    road, author = at(quick_stage, "approved", MATERIAL, REVISE), client_as("sokolova")
    with clock.at(quick_stage.moment):  # while the term to appeal runs
        page = tab(author, road)
    assert status_of(page) == ("attention", "Заключение утверждено: эксперты просят доработать материал")
    told = text_of(page)
    assert re.search(r"До \d+ \w+ 2026 г\. включительно вы решаете, что дальше", told)
    for words in ("Взять материал на доработку: на неё даётся 20 раб. дн.", "Подать апелляцию", "Ничего не делать"):
        assert words in told
    assert "Заключение утверждено: эксперты просят доработать материал" in text_of(author.get("/cases"))
    assert status_of(tab(client_as("morozova"), road)) == ("attention", "Утверждено: на доработку")


def test_a_verdict_is_not_told_by_the_state_to_who_may_not_know_it(quick_stage, client_as):
    """The officer of the school sees on which step the case is, and no mark and no verdict of it."""
    road = at(quick_stage, "approved", MATERIAL, REVISE)
    officer = client_as("koroleva")
    assert status_of(tab(officer, road)) == ("done", "Утверждено")
    rows = officer.get("/cases").get_data(as_text=True).partition("<tbody>")[2].partition("</tbody>")[0]
    assert "Утверждено" in rows
    assert "доработ" not in rows
    assert "tone-attention" not in rows


def test_good_news_is_green_and_a_negative_verdict_is_not(quick_stage, client_as):
    good = at(quick_stage, "approved", "innovation_product")
    assert status_of(tab(client_as(good.applicant), good))[0] == "good"
    bad = at(quick_stage, "approved", MATERIAL, dict.fromkeys(EXPERTS[MATERIAL], (0.0, 0.1)))
    assert status_of(tab(client_as("sokolova"), bad)) == ("done", "Заключение утверждено")


def test_the_conclusion_of_the_first_round_stays_in_sight_in_the_second(quick_stage, client_as):
    road = at(quick_stage, "approved", MATERIAL, REVISE)
    acts.ask_revision(road)
    acts.resubmit(road)
    assert road.state() == "assigning"
    author = client_as("sokolova")
    assert f"/cases/{road.case_id}/review" in links_of(tab(author, road))
    page = tab(author, road, "/review")
    told = text_of(page)
    assert "Идёт раунд 2" in told
    assert "Прошлый раунд Сводное экспертное заключение" in told
    (paper,) = {one for one in links_of(page) if re.fullmatch(r"/documents/\d+", one)}
    assert author.get(paper).status_code == 200


# ------------------------------------------------------------------------------------------------------ what is not there


def test_nothing_is_said_to_have_come_back_where_nobody_typed(quick_stage, client_as):
    road, office = at(quick_stage, "submitted"), client_as("morozova")
    address, back = f"/cases/{road.case_id}/do/register", "Мы вернули текст, который вы набирали раньше"
    first = office.get(address).get_data(as_text=True)
    form = dict(re.findall(r'name="(received_at|version|outside_number)"[^>]*value="([^"]*)"', first))
    kept = office.post(f"{address}/keep", data=form)  # a form that was only looked at
    assert kept.status_code == 200
    assert back not in text_of(office.get(address))
    office.post(f"{address}/keep", data=form | {"outside_number": "КАИС-17", "version": kept.json["version"]})
    assert back in text_of(office.get(address))


def test_an_empty_list_promises_a_letter_only_to_who_gets_one(quick_stage, client_as):
    assert "Письмо об этом придёт на lebedev@example.ru" in text_of(client_as("lebedev").get("/"))
    with quick_stage.database.transaction(keep=True) as session:
        session.get_one(Person, quick_stage.people["lebedev"]).email = ""
    assert "исьмо" not in text_of(client_as("lebedev").get("/"))
    for who in ("pavlyuk", "akhmetova", "kuzmin", "gradov"):
        told = text_of(client_as(who).get("/"))
        assert "водки" not in told
        assert "исьмо" not in told


def test_the_search_promises_what_it_finds_and_stands_where_it_finds_something(quick_stage, client_as):
    road, author = at(quick_stage, "registered"), client_as("sokolova")
    page = author.get("/")
    assert "Слова, фамилия или номер" in page.get_data(as_text=True)
    assert "иблиотек" not in text_of(page) + page.get_data(as_text=True)
    for words in ("Соколова", "функциональной грамотности", "ММ-"):
        for page in ("/cases", "/search"):
            assert f"/cases/{road.case_id}" in links_of(author.get(page, query_string={"q": words})), (page, words)
    for who in ("kuzmin", "pavlyuk"):  # no case is theirs to find
        assert f"/cases/{road.case_id}" not in links_of(client_as(who).get("/search", query_string={"q": "Соколова"}))


def test_who_may_not_know_the_load_of_an_expert_is_shown_none(quick_stage, client_as):
    at(quick_stage, "in_review")
    address = f"/people/{quick_stage.people['bondarenko']}"
    assert "Сейчас открыто экспертиз: 1" in text_of(client_as("morozova").get(address))
    assert "открыто экспертиз" not in text_of(client_as("kuzmin").get(address))


# -------------------------------------------------------------------------------------------------------------- odds, ends


@pytest.mark.parametrize("typed", [
    "школа, музей, город", "школа; музей; город", "школа\nмузей\nгород", ["школа, музей", "город"], "школа, музей; город,",
])  # fmt: skip
def test_keywords_are_parted_at_commas_too(quick_stage, typed):
    road, form = draft(quick_stage)
    kind = CASE_TYPES[MATERIAL].form
    with quick_stage.database.transaction(keep=False) as session:
        known = choices.of_case(session, session.get_one(Case, road.case_id))
        sheet = fill(kind, {**form, "keywords": typed, "co_authors": "Иванова, Мария"}, known)
    assert sheet.keywords == ("школа", "музей", "город")
    assert sheet.co_authors == ("Иванова, Мария",)  # a name may hold one


def test_a_category_and_the_version_of_a_text_stand_in_words(quick_stage, client_as):
    office, address = client_as("morozova"), f"/people/{quick_stage.people['bondarenko']}"
    form = office.get(f"{address}/do/enter_register")
    assert "высшая" in text_of(form)
    version = re.search(r'name="version" value="([^"]+)"', form.get_data(as_text=True))[1]
    data = {"directions": ["materials"], "category": "highest", "load_limit": "5", "version": version}
    assert office.post(f"{address}/do/enter_register", data=data).status_code == 303
    history = text_of(office.get(f"{address}/history"))
    assert "Категория: высшая" in history
    assert "highest" not in history + text_of(office.get(address))
    assert not re.search(r"(?:consent|signature)-[\w-]*\d{4}", history)


def test_every_entry_of_the_access_log_has_words():
    sources = "\n".join(one.read_text(encoding="utf-8") for one in (ROOT / "workflow_app").rglob("*_views.py"))
    noted = set(re.findall(r'\.note(?:_reading)?\(\s*"([a-z ]+)"', sources))
    assert len(noted) > 10
    assert noted - set(ACCESS) == set()
