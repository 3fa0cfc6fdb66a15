"""The list of cases: only what one may see, found, filtered, sorted, and given away exactly as shown."""

import re
from itertools import product

import pytest
from sqlalchemy import select

from tests.play import at, draft
from tests.statements import count_statements
from tests.web.pages import links_of, submitted_rows, table_of, text_of
from workflow_app import clock
from workflow_app.case_types.registry import CASE_TYPES
from workflow_app.db import counts
from workflow_app.db.models import Case
from workflow_app.files.read_table import read_table


def ids_of(answer):
    """The ids of the cases in the order of the list."""
    found = re.findall(r'<th scope="row"[^>]*><div class="cell"><a href="/cases/(\d+)"', answer.get_data(as_text=True))
    return [int(one) for one in found]


def test_everybody_sees_what_the_permissions_give_and_nothing_else(quick_stage, client_as):
    own, _form = draft(quick_stage)
    sent = at(quick_stage, "submitted", "innovation_product")
    assert ids_of(client_as("sokolova").get("/cases")) == [own.case_id]
    assert ids_of(client_as("zhuravlyova").get("/cases")) == [sent.case_id]
    assert ids_of(client_as("morozova").get("/cases")) == [sent.case_id]
    assert ids_of(client_as("bondarenko").get("/cases")) == []
    assert ids_of(client_as("kuzmin").get("/cases")) == []


def test_search_finds_by_number_title_and_the_applicants_name(quick_stage, client_as):
    road = at(quick_stage, "registered")
    client = client_as("morozova")
    for words in ("ММ-2026", "соколова", "СОКОЛОВА", "мм-2026 соколова"):
        assert ids_of(client.get("/cases", query_string={"q": words})) == [road.case_id], words
    assert ids_of(client.get("/cases?q=журавлёва")) == []
    assert "Ничего не нашлось" in text_of(client.get("/cases?q=журавлёва"))


def test_search_never_finds_by_the_name_of_an_expert(quick_stage, client_as):
    at(quick_stage, "in_review")
    for who in ("sokolova", "morozova", "lebedev"):
        assert ids_of(client_as(who).get("/cases?q=бондаренко")) == []


def test_search_takes_percents_and_quotes_as_they_are(quick_stage, client_as):
    at(quick_stage, "submitted")
    client = client_as("morozova")
    for words in ("%", "_", "'", '"', "\\", "x" * 500):
        assert ids_of(client.get("/cases", query_string={"q": words})) == []


@pytest.mark.parametrize("page", ["/cases", "/people", "/records/organization", "/experts", "/access"])
def test_an_argument_that_is_no_filter_of_ours_changes_nothing(quick_stage, client_as, page):
    """Each by itself of the list of cases, all at once of every list."""
    at(quick_stage, "submitted")
    client = client_as("kuzmin" if page == "/access" else "morozova")
    names = ("kind", "endpoint", "id", "_method", "_external", "_anchor", "_scheme", "values")
    for sent in (names, *((one,) for one in names if page == "/cases")):
        answer = client.get(page, query_string=dict.fromkeys(sent, "javascript:x"))
        assert answer.status_code == 200, sent
        assert not re.search(r'href="(https?:|javascript:|[^"]*#javascript)', answer.get_data(as_text=True)), sent


def test_filters_stand_in_the_address_and_can_be_taken_off(quick_stage, client_as):
    first = at(quick_stage, "submitted")
    second = at(quick_stage, "registered", "innovation_product")
    client = client_as("morozova")
    assert ids_of(client.get("/cases?type=innovation_product")) == [second.case_id]
    assert ids_of(client.get("/cases?state=submitted")) == [first.case_id]
    assert ids_of(client.get("/cases?type=innovation_product&state=submitted")) == []
    assert ids_of(client.get("/cases?year=2026")) == [second.case_id, first.case_id]
    assert ids_of(client.get("/cases?year=2025")) == []
    page = client.get("/cases?type=innovation_product&state=registered")
    assert "/cases?state=registered" in links_of(page)


def test_the_colour_of_the_term_is_a_filter(quick_stage, client_as):
    road = at(quick_stage, "submitted")
    with clock.at(quick_stage.moment):
        client = client_as("morozova")
        assert ids_of(client.get("/cases?due=overdue")) == []
        near = "soon" if ids_of(client.get("/cases?due=soon")) else "normal"
        assert ids_of(client.get(f"/cases?due={near}")) == [road.case_id]
    quick_stage.wait(days=30)
    with clock.at(quick_stage.moment):
        client = client_as("morozova")
        assert ids_of(client.get("/cases?due=overdue")) == [road.case_id]
        assert "просрочено на" in text_of(client.get("/cases?due=overdue"))


def test_an_address_that_makes_no_sense_shows_the_list(quick_stage, client_as):
    road, client = at(quick_stage, "submitted"), client_as("morozova")
    for asked in (
        "page=0", "page=-3", "page=x", "size=7", "year=abc", "state=nonsense", "due=blue", "organization=99999999999999999999",
        "sort=password_hash", "cols=salary", "type=%00",
    ):  # fmt: skip
        answer = client.get(f"/cases?{asked}")
        assert answer.status_code == 200, asked
        assert ids_of(answer) == [road.case_id], asked


def test_the_list_is_sorted_both_ways(quick_stage, client_as):
    first = at(quick_stage, "submitted")
    second = at(quick_stage, "submitted", "innovation_product")
    client = client_as("morozova")
    by_name = ids_of(client.get("/cases?sort=applicant"))
    assert by_name == [second.case_id, first.case_id]  # Журавлёва, Соколова
    assert ids_of(client.get("/cases?sort=-applicant")) == by_name[::-1]
    assert {*ids_of(client.get("/cases?sort=due"))} == {first.case_id, second.case_id}


def test_numbers_are_sorted_by_letters_year_and_then_as_numbers(quick_stage, client_as):
    numbers = [
        "ММ-2026-4",
        "ИП-2026-12",
        "АТ-2027-1",
        "ИП-2026-3",
        "АТ-2026-12",
        "ИП-2026-4",
        "АТ-2026-9",
        "АТ-2026-110",
    ]
    submitted_rows(quick_stage, len(numbers) + 1)
    with quick_stage.database.transaction(keep=True) as session:
        for case, number in zip(session.scalars(select(Case).order_by(Case.id)), numbers, strict=False):
            case.number, case.registered_at = number, quick_stage.moment
    client = client_as("morozova")
    right = ["АТ-2026-9", "АТ-2026-12", "АТ-2026-110", "АТ-2027-1", "ИП-2026-3", "ИП-2026-4", "ИП-2026-12", "ММ-2026-4"]
    for sort, expected in (("number", [*right, ""]), ("-number", [*right[::-1], ""])):
        table = table_of(client.get(f"/cases/export.csv?cols=number&sort={sort}"))
        assert [row[0] for row in table[1:]] == expected, sort  # without a number: last, both ways


def test_the_letters_of_every_kind_are_as_long_as_the_sorting_takes_them():
    assert {len(kind.letter) for kind in CASE_TYPES.values()} == {2}


def test_the_reader_chooses_the_columns(quick_stage, client_as):
    at(quick_stage, "registered")
    page = client_as("morozova").get("/cases?cols=number&cols=title&cols=organization")
    heads = re.findall(r"<th scope=\"col\"[^>]*>(.*?)</th>", page.get_data(as_text=True), re.DOTALL)
    assert [re.sub(r"<[^>]+>", "", one).strip() for one in heads] == [
        "Выбрать все на странице",
        "Номер",
        "Название",
        "Организация",
    ]


def test_the_status_is_in_the_words_of_the_reader(quick_stage, client_as):
    at(quick_stage, "submitted")
    assert "Подано, ждёт регистрации" in text_of(client_as("sokolova").get("/cases"))
    assert "Подано, ждёт регистрации" not in text_of(client_as("morozova").get("/cases"))


def test_the_table_file_has_exactly_what_is_shown(quick_stage, client_as):
    first = at(quick_stage, "submitted")
    at(quick_stage, "registered", "innovation_product")
    client = client_as("morozova")
    table = table_of(client.get("/cases/export.csv?state=submitted&cols=title&cols=state"))
    assert table[0] == ["Название", "Состояние"]
    assert len(table) == 2
    assert table[1][1] == "Подано"
    book = read_table(client.get("/cases/export.xlsx?state=submitted").data, "Дела.xlsx")
    assert [row.cells[1] for row in book.rows] == [table[1][0]]
    assert client.get("/cases/export.docx").status_code == 404
    assert len(table_of(client_as("bondarenko").get("/cases/export.csv"))) == 1
    assert first.case_id


def test_the_statements_do_not_grow_with_the_cases(quick_stage, app, client_as):
    """30 cases and 300 take the same number of statements: the first page, one by key, the last one, and the file."""
    client = client_as("morozova")
    engine = app.extensions["workflow_database"].engine

    def asked():
        found = []
        for address in (
            "/cases",
            follow(client, "/cases", "next"),
            "/cases?page=-1",
            "/cases?sort=title",
            "/cases/export.csv",
        ):
            with count_statements(engine) as told:
                client.get(address)
            found.append(len(told))
        return found

    submitted_rows(quick_stage, 30)
    asked()
    few = asked()
    submitted_rows(quick_stage, 270)
    assert asked() == few


def follow(client, address, rel):
    """Where the link to the next or the previous page leads; nothing where there is none."""
    return followed(client.get(address), rel)


def followed(answer, rel):
    found = re.search(rf'<a href="([^"]+)" rel="{rel}"', answer.get_data(as_text=True))
    return found[1].replace("&amp;", "&") if found else ""


def walked(client, address, rel):
    """The ids of every page, by the links from one to the next."""
    found = []
    while address:
        answer = client.get(address)
        found.append(ids_of(answer))
        address = followed(answer, rel)
    return found


@pytest.mark.parametrize("most", [30, 1000])
def test_links_lead_through_every_case_once_and_back(quick_stage, client_as, monkeypatch, most):
    """Whether the list is counted to its end or is longer than one counts."""
    monkeypatch.setattr(counts, "MOST", most)
    submitted_rows(quick_stage, 60)
    client = client_as("morozova")
    for sort in ("", "title", "-number", "applicant", "due"):
        whole = [one for page in walked(client, f"/cases?sort={sort}&state=submitted", "next") for one in page]
        assert len(whole) == len(set(whole)) == 60, sort
        last = "page=-1" if most < 60 else "page=3"
        back = walked(client, f"/cases?sort={sort}&state=submitted&{last}", "prev")
        assert [one for page in reversed(back) for one in page] == whole, sort


def test_a_list_that_is_longer_than_one_counts_says_so_and_leads_to_its_end(quick_stage, client_as, monkeypatch):
    monkeypatch.setattr(counts, "MOST", 40)
    submitted_rows(quick_stage, 90)
    client = client_as("morozova")
    first = client.get("/cases")
    assert "Найдено дел: более 1\u00a0000" in first.get_data(as_text=True)
    assert "1–25, всего более" in text_of(first)
    assert "/cases?page=-1" in links_of(first)
    assert "/cases?page=2" in links_of(first)
    assert "/cases?page=3" not in links_of(first)  # further ones are reached by key
    last = client.get("/cases?page=-1")
    assert "последняя страница" in text_of(last)
    assert ids_of(last) == sorted(ids_of(last), reverse=True)
    assert follow(client, "/cases?page=-1", "next") == ""
    assert "2-я страница с конца" in text_of(client.get(follow(client, "/cases?page=-1", "prev")))
    third = follow(client, follow(client, "/cases", "next"), "next")
    assert "51–75, всего более" in text_of(client.get(third))


def test_a_page_by_key_keeps_the_filters_and_another_sort_begins_anew(quick_stage, client_as):
    submitted_rows(quick_stage, 60)
    client = client_as("morozova")
    second = follow(client, "/cases?q=сборник&state=submitted&sort=title", "next")
    assert "state=submitted" in second
    assert "sort=title" in second
    for link in links_of(client.get(second)):
        if link.startswith("/cases?") and ("sort=number" in link or "size=50" in link):
            assert "after=" not in link
            assert "page=" not in link
    assert "after=" not in next(one for one in links_of(client.get(second)) if one.startswith("/cases/export.csv"))


def test_a_key_that_makes_no_sense_shows_the_list(quick_stage, client_as):
    submitted_rows(quick_stage, 3)
    client = client_as("morozova")
    ways = product(("", "title", "due"), ("after", "before"))
    keys = ("x", "W10", "WzFd", "WyJcdWQ4MDAiLDFd", "W251bGwsMV0", "WyIyMDI2LTAxLTAxIiwxXQ", "A" * 5000, "WzFlOTk5LDFd")
    for (sort, side), key in product(ways, keys):
        answer = client.get(f"/cases?sort={sort}&{side}={key}")
        assert answer.status_code == 200, (sort, side, key)
        assert answer.get_data(as_text=True).count('<th scope="row"'), (sort, side, key)


def test_the_last_page_stands_where_everything_behind_a_key_has_gone(quick_stage, client_as):
    submitted_rows(quick_stage, 30)
    client = client_as("morozova")
    second = follow(client, "/cases", "next")
    with quick_stage.database.transaction(keep=True) as session:
        for case in session.scalars(select(Case).where(Case.id.in_(ids_of(client.get(second))))):
            case.state = "draft"
    assert len(ids_of(client.get(second))) == 25


def test_the_office_filters_by_who_leads_and_nobody_else_is_told(quick_stage, client_as):
    mine, theirs = at(quick_stage, "registered"), at(quick_stage, "registered", "innovation_product")
    quick_stage.act("morozova", theirs.case_id, "hand_over", {"coordinator_id": str(quick_stage.people["subbotina"])})
    client = client_as("morozova")
    assert ids_of(client.get("/cases?coordinator=mine")) == [mine.case_id]
    assert ids_of(client.get(f"/cases?coordinator={quick_stage.people['subbotina']}")) == [theirs.case_id]
    assert ids_of(client.get("/cases?coordinator=nobody")) == []
    assert set(ids_of(client.get("/cases"))) == {mine.case_id, theirs.case_id}
    assert "Морозова" in text_of(client.get(f"/cases/{mine.case_id}"))
    assert "Кто ведёт" not in text_of(client_as("sokolova").get("/cases"))
    for whose in ("nobody", quick_stage.people["subbotina"]):
        page = client_as("sokolova").get(f"/cases?coordinator={whose}")
        assert ids_of(page) == [mine.case_id], "neither applied nor shown: it would tell who leads the case"
        assert "Сбросить" not in text_of(page)
    assert "Кто ведёт" not in text_of(client_as("sokolova").get(f"/cases/{mine.case_id}"))
