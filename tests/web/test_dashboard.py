"""The dashboard: each number of the page leads to as many cases, exports hold what is shown, totals alone leave the centre."""

import io
import re
from html import unescape

import docx
import pytest
import python_calamine
from sqlalchemy import select, update

from tests.play import at
from tests.statements import count_statements
from tests.web.pages import text_of
from workflow_app.db import counts
from workflow_app.db.models import AccessLog, Case, Membership, Stay
from workflow_app.db.seeding import new_municipality
from workflow_app.documents.checks.run import check


def links(answer):
    """The addresses of lists with the numbers that lead there."""
    page = answer.get_data(as_text=True)
    found = re.findall(r'<a href="(/cases\?[^"]*)">(?:<b class="num">)?(\d+)<', page)
    return [(unescape(address), int(number)) for address, number in found]


@pytest.fixture
def busy(quick_stage):
    at(quick_stage, "approved", "innovation_product")
    at(quick_stage, "submitted")
    return quick_stage


def test_every_number_of_the_page_opens_as_many_cases(busy, client_as):
    client = client_as("gradov")
    found = dict(links(client.get("/dashboard")))
    assert len(found) > 15
    assert max(found.values()) == 2 < counts.MOST
    for address, number in sorted(found.items())[::3]:
        said = re.search(r"Найден[оы]?(?: дел:)? (\d+)", text_of(client.get(address)))
        assert said is not None, address
        assert int(said[1]) == number, address


def test_the_filter_stands_in_the_address_and_in_every_number(busy, client_as):
    client = client_as("morozova")
    found = links(client.get("/dashboard?type=innovation_product&year=2026"))
    assert found
    assert all("type=innovation_product" in address for address, _number in found)
    assert {number for _address, number in found} == {1}
    assert (
        "Методический материал" not in text_of(client.get("/dashboard?type=innovation_product")).partition("Таблица")[2]
    )


def test_outside_the_centre_there_are_totals_and_nothing_to_open(busy, client_as):
    for who in ("pavlyuk", "akhmetova"):
        answer = client_as(who).get("/dashboard?type=innovation_product&organization=1")
        assert links(answer) == []
        said = text_of(answer)
        assert "скрыто" in said
        assert "Бондаренко" not in said
        assert "все виды экспертизы" in said


def strip(answer):
    """The figures of a page: all its tables and sentences, without what they are said to be of."""
    page = answer.get_data(as_text=True)
    return page[page.index('<div class="figures">') : page.index("</main>")]


def apart(session, stage, case_id, *roles):
    """Let a case be of another municipality, in which the regional observer is given these roles."""
    other = new_municipality(session, "Город Реж", "Asia/Yekaterinburg")
    session.execute(update(Case).where(Case.id == case_id).values(municipality_id=other.id))
    session.execute(update(Stay).where(Stay.case_id == case_id).values(municipality_id=other.id))
    for role in roles:
        session.add(Membership(person_id=stage.people["akhmetova"], municipality_id=other.id, role=role))
    session.flush()


def test_a_regional_observer_sees_the_sum_of_what_they_are_given_and_no_part_of_it(quick_stage, client_as, app):
    """A case goes to another municipality: the sum stays as it was, the department of the first one counts without it."""
    moved = [at(quick_stage, "approved", "innovation_product"), *(at(quick_stage, "submitted") for _ in range(3))][-1]
    observer, department = client_as("akhmetova"), client_as("pavlyuk")
    whole = strip(observer.get("/dashboard?year=2026"))
    assert strip(department.get("/dashboard?year=2026")) == whole
    asked = department.get("/dashboard?organization=1&type=innovation_product")
    assert strip(asked) == whole
    assert "Сбросить" not in text_of(asked)
    with quick_stage.database.transaction(keep=True) as session:
        apart(session, quick_stage, moved.case_id)
    alone = strip(observer.get("/dashboard?year=2026"))
    assert "вместе:" not in text_of(observer.get("/dashboard")), "not given yet"
    with quick_stage.database.transaction(keep=True) as session:
        apart(session, quick_stage, moved.case_id, "regional")
    page = observer.get("/dashboard?year=2026")
    assert "вместе: Город Реж, Муниципальное образование" in text_of(page)
    assert strip(page) == whole
    assert links(page) == []
    assert strip(department.get("/dashboard?year=2026")) == alone
    paper = docx.Document(io.BytesIO(observer.get("/dashboard/export.docx").data))
    assert "Город Реж" in "".join(one.text for one in paper.paragraphs)
    with quick_stage.database.transaction(keep=True) as session:
        apart(session, quick_stage, moved.case_id, "department")
    assert strip(observer.get("/dashboard?year=2026")) == alone, "what they see there as another is no part of a sum"


def test_others_have_no_dashboard(busy, client_as):
    for who in ("sokolova", "bondarenko", "kuzmin"):
        assert client_as(who).get("/dashboard").status_code == 403


def test_filters_of_numbers_are_nothing_to_those_who_have_none(busy, client_as):
    client = client_as("sokolova")
    every = text_of(client.get("/cases"))
    assert text_of(client.get("/cases?verdict=negative&turn=director&expert=2&work=now")).count("Назад") == every.count(
        "Назад"
    )
    assert "Ничего не нашлось" not in text_of(client.get("/cases?verdict=negative"))


@pytest.mark.parametrize("page", ["/cases?month=%s-12", "/cases?passed=in_review.%s", "/programme/month?month=%s-12"])
def test_a_year_of_no_calendar_is_as_one_that_was_not_asked_for(busy, client_as, page):
    client = client_as("morozova")
    for year in ("0000", "0001", "9999", "99999999999"):
        assert client.get(page % year).status_code == 200


def test_the_exports_hold_what_is_shown_and_are_logged_in_russian_for_every_reader(busy, client_as):
    client = client_as("gradov")
    client.post("/language", data={"language": "en"})
    client.get("/dashboard/export.xlsx")
    with busy.database.transaction(keep=False) as session:
        logged = session.scalars(select(AccessLog.detail).order_by(AccessLog.id.desc())).first()
    assert logged.startswith("xlsx: все виды экспертизы, ")
    client.post("/language", data={"language": "ru"})
    said = text_of(client.get("/dashboard"))
    book = python_calamine.load_workbook(io.BytesIO(client.get("/dashboard/export.xlsx").data))
    titles = [book.get_sheet_by_name(name).to_python()[0][0] for name in book.sheet_names]
    assert len(titles) == 8
    assert all(title in said for title in titles)


def test_the_paper_draws_what_the_page_draws_and_says_it_in_words(busy, client_as):
    for who in ("gradov", "pavlyuk"):
        page = client_as(who).get("/dashboard").get_data(as_text=True)
        data = client_as(who).get("/dashboard/export.docx").data
        assert check(data) == ()
        paper = docx.Document(io.BytesIO(data))
        drawn = re.findall(r'<svg class="bars"[^>]*aria-label="([^"]*)"', page)
        described = [one._inline.docPr.get("descr") for one in paper.inline_shapes]
        assert described == [unescape(words) for words in drawn]
        captions = [one.text for one in paper.paragraphs if one.text.startswith("Рисунок ")]
        assert [one.partition(" – ")[0] for one in captions] == [f"Рисунок {at}" for at in range(1, len(drawn) + 1)]
        titles = [unescape(one) for one in re.findall(r'<section class="figure".*\s<h2[^>]*>([^<]*)<', page)]
        assert [one.text for one in paper.paragraphs if one.text in titles] == titles
        assert len(paper.tables) == page.count("<table")


def test_the_page_asks_as_many_statements_whatever_there_is(quick_stage, client_as):
    client = client_as("gradov")
    asked = []
    for state in ("submitted", "approved"):
        at(quick_stage, state)
        client.get("/dashboard")
        with count_statements(quick_stage.database.engine) as told:
            client.get("/dashboard?year=2026")
        asked.append(len(told))
    assert asked[0] == asked[1]
