"""The search of the header: one page over cases, materials, documents, people, organisations and records."""

import re

import pytest
from sqlalchemy import select

from tests.play import at
from tests.statements import count_statements
from tests.web.pages import submitted_rows, text_of
from workflow_app import clock
from workflow_app.db.models import Case, CaseFile, Organization
from workflow_app.facts import search_rows


def titles(answer):
    found = re.findall(r'<h2 class="found-title">(.*?)</h2>', answer.get_data(as_text=True), re.DOTALL)
    return [re.sub(r"<[^>]+>", "", one).strip() for one in found]


def test_the_header_leads_to_the_search_and_keeps_what_was_typed(client_as):
    page = client_as("sokolova").get("/search?q=ёлка").get_data(as_text=True)
    assert 'action="/search"' in page
    assert 'value="ёлка"' in page


def test_without_words_the_page_says_what_can_be_found(client_as):
    for address in ("/search", "/search?q=", "/search?q=%20", "/search?kind=nonsense&after=zz&before=-1"):
        assert "Поиск по всему, что вам открыто" in text_of(client_as("sokolova").get(address))


def test_what_was_found_is_marked_and_leads_to_its_page(quick_stage, client_as):
    road = at(quick_stage, "approved")
    with clock.at(quick_stage.moment):
        page = client_as("morozova").get("/search?q=сборники")
    assert "<mark>Сборник</mark>" in page.get_data(as_text=True)
    assert f'href="/cases/{road.case_id}"' in page.get_data(as_text=True)


def test_a_material_is_found_by_its_name_and_leads_to_its_page(quick_stage, client_as):
    road = at(quick_stage, "registered")
    with quick_stage.database.transaction(keep=False) as session:
        file = session.execute(select(CaseFile.id, CaseFile.name).where(CaseFile.case_id == road.case_id)).first()
    with clock.at(quick_stage.moment):
        page = client_as("morozova").get("/search", query_string={"q": file.name, "kind": "files"})
    assert file.name in titles(page)
    assert f'href="/files/{file.id}/view"' in page.get_data(as_text=True)


def test_each_kind_is_shown_alone(quick_stage, client_as):
    at(quick_stage, "approved")
    with clock.at(quick_stage.moment):
        client = client_as("morozova")
        assert titles(client.get("/search?q=соколовой&kind=people")) == ["Соколова Ольга Викторовна"]
        assert titles(client.get("/search?q=соколовой&kind=experts")) == []
        assert titles(client.get("/search?q=бондаренко&kind=experts")) == ["Бондаренко Ирина Львовна"]
        assert all(
            "Заключение" in one or "заключение" in one for one in titles(client.get("/search?q=заключ&kind=documents"))
        )
        assert titles(client.get("/search?q=лицей&kind=organization")) == ["МАОУ «Лицей № 3» (учебный пример)"]


def test_a_whole_number_offers_its_case_first(quick_stage, client_as):
    road = at(quick_stage, "registered")
    with quick_stage.database.transaction(keep=True) as session:
        twin = session.get_one(Case, road.case_id)
        number = twin.number
        now = quick_stage.moment
        other = Case(
            municipality_id=quick_stage.municipality_id,
            type=twin.type,
            applicant_id=twin.applicant_id,
            state="submitted",
        )
        other.title, other.number = "Ещё одно дело", f"{number}7"
        other.created_at = other.state_since = other.submitted_at = other.registered_at = now
        session.add(other)
        search_rows.rebuild_in(session)
    page = text_of(client_as("morozova").get("/search", query_string={"q": number.lower()}))
    assert "Дело с этим номером" in page
    assert "Дело с этим номером" not in text_of(client_as("lebedev").get("/search", query_string={"q": number}))


def test_a_stranger_finds_nothing_and_the_page_counts_nothing(quick_stage, client_as):
    at(quick_stage, "approved")
    with clock.at(quick_stage.moment):
        assert "Ничего не нашлось" in text_of(client_as("lebedev").get("/search?q=зоопарк"))
        assert "Ничего не нашлось" in text_of(client_as("dyachkova").get("/search?q=сборник"))
        page = client_as("sokolova").get("/search?q=сборник&kind=people").get_data(as_text=True)
    assert ">Материалы</a>" in page
    assert ">Люди</a>" not in page


def test_pages_lead_there_and_back(quick_stage, client_as):
    submitted_rows(quick_stage, 60)
    client = client_as("morozova")
    first = client.get("/search?q=выпуск")
    assert "Найдено: больше 25" in text_of(first) or "Найдено: 60" in text_of(first)
    seen = [titles(first)]
    for _ in range(2):
        address = re.search(r'href="([^"]+)" rel="next"', first.get_data(as_text=True))[1].replace("&amp;", "&")
        first = client.get(address)
        seen.append(titles(first))
    assert [len(one) for one in seen] == [25, 25, 10]
    assert len({one for many in seen for one in many}) == 60
    back = re.search(r'href="([^"]+)" rel="prev"', first.get_data(as_text=True))[1].replace("&amp;", "&")
    assert titles(client.get(back)) == seen[1]
    assert 'rel="next"' not in first.get_data(as_text=True)


@pytest.mark.parametrize(
    "place", ["after=99999999999999999999999", "before=9223372036854775808", "after=x", "before=0", "page=-1"]
)
def test_a_place_that_cannot_be_breaks_nothing(quick_stage, client_as, place):
    submitted_rows(quick_stage, 3)
    assert client_as("morozova").get(f"/search?q=сборник&{place}").status_code == 200


def test_the_number_of_statements_does_not_grow_with_what_is_found(quick_stage, client_as):
    submitted_rows(quick_stage, 3)
    client = client_as("morozova")
    client.get("/search?q=сборник")
    with count_statements(quick_stage.database.engine) as few:
        client.get("/search?q=сборник")
    submitted_rows(quick_stage, 90)
    with count_statements(quick_stage.database.engine) as many:
        assert len(titles(client.get("/search?q=сборник"))) == 25
    assert len(many) == len(few)


def test_a_material_leads_to_its_page_and_names_its_case(quick_stage, client_as):
    road = at(quick_stage, "registered")
    page = client_as("morozova").get("/search?q=material.pdf&kind=files")
    assert titles(page) == ["material.pdf"]
    assert f'href="/cases/{road.case_id}"' in page.get_data(as_text=True)
    address = re.search(r'<h2 class="found-title"><a href="([^"]+)"', page.get_data(as_text=True))[1]
    assert address.startswith("/files/")


def test_what_was_typed_stands_escaped(quick_stage, client_as):
    with quick_stage.database.transaction(keep=True) as session:
        session.get_one(Organization, 3).name = "Школа <b>жирная</b> & Ко"
        search_rows.rebuild_in(session)
    page = client_as("morozova").get("/search?q=<b>жирн").get_data(as_text=True)
    assert "&lt;b&gt;<mark>жирная</mark>" in page.replace("<mark>b</mark>", "b")
    assert "<b>жирн" not in page
