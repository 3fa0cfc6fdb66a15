"""The list of cases: only what one may see, found, filtered, sorted, and given away exactly as shown."""

import csv
import io
import re

import pytest
from sqlalchemy import select

from tests.play import at, draft
from tests.statements import count_statements
from tests.web.pages import links_of, submitted_rows, text_of
from workflow_app import clock
from workflow_app.case_types.registry import CASE_TYPES
from workflow_app.db.models import Case
from workflow_app.files.read_table import read_table


def ids_of(answer):
    """The ids of the cases in the order of the list."""
    found = re.findall(r'<th scope="row"[^>]*><div class="cell"><a href="/cases/(\d+)"', answer.get_data(as_text=True))
    return [int(one) for one in found]


def table_of(answer):
    return list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff")), delimiter=";"))


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


@pytest.mark.parametrize("page", ["/cases", "/people", "/organizations", "/experts", "/access"])
def test_an_argument_that_is_no_filter_of_ours_changes_nothing(quick_stage, client_as, page):
    at(quick_stage, "submitted")
    client = client_as("kuzmin" if page == "/access" else "morozova")
    for name in ("kind", "endpoint", "id", "_method", "_external", "_anchor", "_scheme", "values"):
        answer = client.get(page, query_string={name: "javascript:x"})
        assert answer.status_code == 200, name
        assert not re.search(r'href="(https?:|javascript:|[^"]*#javascript)', answer.get_data(as_text=True)), name


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


@pytest.mark.parametrize(
    "address",
    ["/cases?page=0", "/cases?page=-3", "/cases?page=x", "/cases?size=7", "/cases?year=abc", "/cases?state=nonsense", "/cases?due=blue",
     "/cases?organization=99999999999999999999", "/cases?sort=password_hash", "/cases?cols=salary", "/cases?type=%00"],
)  # fmt: skip
def test_an_address_that_makes_no_sense_shows_the_list(quick_stage, client_as, address):
    road = at(quick_stage, "submitted")
    answer = client_as("morozova").get(address)
    assert answer.status_code == 200
    assert ids_of(answer) == [road.case_id]


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
    assert [re.sub(r"<[^>]+>", "", one).strip() for one in heads] == ["Номер", "Название", "Организация"]


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
    """5 cases and 50 take the same number of statements, shown and exported."""
    client = client_as("morozova")
    engine = app.extensions["workflow_database"].engine
    submitted_rows(quick_stage, 5)
    client.get("/cases?size=100")
    with count_statements(engine) as few:
        client.get("/cases?size=100")
    with count_statements(engine) as few_exported:
        client.get("/cases/export.csv")
    submitted_rows(quick_stage, 45)
    with count_statements(engine) as many:
        page = client.get("/cases?size=100")
    with count_statements(engine) as many_exported:
        client.get("/cases/export.csv")
    assert len(ids_of(page)) == 50
    assert (len(few), len(few_exported)) == (len(many), len(many_exported))


def test_pages_follow_each_other(quick_stage, client_as):
    submitted_rows(quick_stage, 27)
    client = client_as("morozova")
    first, second = ids_of(client.get("/cases")), ids_of(client.get("/cases?page=2"))
    assert (len(first), len(second)) == (25, 2)
    assert not {*first} & {*second}
