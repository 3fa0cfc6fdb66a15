"""The registers of issued documents: every number in its place, what may be opened, the same as a file."""

import io
import re

import docx
import pytest

from tests.play import at
from tests.statements import count_statements
from tests.web.pages import links_of, table_of, text_of
from workflow_app import clock
from workflow_app.documents.checks.run import check


def test_the_registers_show_every_issued_document_with_its_number(quick_stage, client_as, approved):
    client = client_as("morozova")
    assert client.get("/registers").location == "/registers/conclusions"
    page = client.get("/registers/conclusions")
    shown = text_of(page)
    assert "Сводное экспертное заключение" in shown
    assert "Действует" in shown
    assert f"/cases/{approved.case_id}" in links_of(page)
    ticked = re.findall(r'name="pick" value="([^"]+)"', page.get_data(as_text=True))
    assert {one.partition(".")[0] for one in ticked} == {str(approved.case_id)}
    for chosen in ({"pick": ticked}, {"all": "register-conclusions"}):
        acts = client.post("/bulk/case/register-conclusions?year=2026", data=chosen)
        assert "Выбрано: 1" in text_of(acts), "papers of one case are one case"
        assert "/registers/conclusions?year=2026" in links_of(acts)
    assert "data-pick" not in client.get("/registers/certificates").get_data(as_text=True)
    assert "Приказ об утверждении" in text_of(client.get("/registers/orders"))
    assert "Этот реестр пока пуст" in text_of(client.get("/registers/protocols"))
    assert client.get("/registers/nothing").status_code == 404


def test_a_version_that_was_replaced_keeps_its_line_and_says_by_what(quick_stage, client_as, approved):
    with clock.at(quick_stage.moment):
        raw = {"kind": "consolidated_conclusion", "reason": "Опечатка в названии организации.", "how": "simple"}
        quick_stage.act("gradov", approved.case_id, "reissue", raw)
    shown = text_of(client_as("morozova").get("/registers/conclusions?kind=consolidated_conclusion"))
    assert "Недействителен: заменён" in shown
    assert "взамен выдана версия 2" in shown
    only = text_of(client_as("morozova").get("/registers/conclusions?kind=consolidated_conclusion&state=issued"))
    assert "Недействителен: заменён" not in only.partition("<table")[2]


def test_a_paper_that_is_not_open_to_the_reader_keeps_its_line_without_words(quick_stage, client_as):
    """R26: before the consolidation nobody in the office reads an expert's conclusion, and its number is there."""
    road = at(quick_stage, "in_review")
    road.sign("bondarenko", (0.8,))
    page = client_as("morozova").get("/registers/conclusions")
    assert "Вам пока не открыто" in text_of(page)
    assert not any(one.startswith("/documents/") for one in links_of(page))
    assert 'name="pick"' not in page.get_data(as_text=True)
    every = client_as("morozova").post("/bulk/case/register-conclusions", data={"all": "register-conclusions"})
    assert "Ни одно дело не выбрано" in text_of(every), "nor does the whole list tell the case"
    assert "Ничего не нашлось" in text_of(client_as("morozova").get("/registers/conclusions?q=соколова"))
    row = table_of(client_as("morozova").get("/registers/conclusions/export.csv"))[1]
    assert row[0] == "1"
    assert row[4:7] == ["", "", ""]


def test_the_export_gives_what_is_found(quick_stage, client_as, approved):
    rows = table_of(client_as("gradov").get("/registers/conclusions/export.csv?sort=number"))
    assert rows[0][:4] == ["Номер", "Дата", "Версия", "Документ"]
    assert [one[0] for one in rows[1:]] == ["1", "2", "3"]
    assert {one[6] for one in rows[1:]} == {"Соколова Ольга Викторовна"}
    assert client_as("gradov").get("/registers/conclusions/export.xlsx").status_code == 200


@pytest.mark.parametrize("who", ["sokolova", "bondarenko", "kuzmin", "koroleva"])
def test_the_registers_are_the_offices_business(client_as, who):
    assert client_as(who).get("/registers/conclusions").status_code == 403
    assert "/registers" not in links_of(client_as(who).get("/"))


def test_the_statements_do_not_grow_with_the_register(quick_stage, client_as, approved, app):
    client = client_as("morozova")
    with count_statements(app.extensions["workflow_database"].engine) as few:
        client.get("/registers/conclusions")
    at(quick_stage, "approved", "innovation_product")
    with count_statements(app.extensions["workflow_database"].engine) as many:
        client.get("/registers/conclusions")
    assert len(few) == len(many)


def test_who_was_refused_finds_the_letter_among_the_documents_of_the_case(quick_stage, client_as):
    road = at(quick_stage, "registered")
    raw = {"ground": "duplicate", "comment": "Заявление с тем же содержанием уже рассматривается центром."}
    quick_stage.act("morozova", road.case_id, "decline", raw)
    page = client_as("sokolova").get(f"/cases/{road.case_id}/documents")
    assert "Уведомление об отказе в приёме документов" in text_of(page)
    letter = next(one for one in links_of(page) if one.startswith("/documents/"))
    assert client_as("sokolova").get(letter).status_code == 200
    assert client_as("chernykh").get(letter).status_code == 404


def test_the_register_is_printed_as_a_document_of_its_own(quick_stage, client_as, approved):
    """What is seen on the page stands in the file, which keeps the rules of all documents."""
    answer = client_as("morozova").get("/registers/conclusions/export.docx?year=2026")
    assert answer.mimetype == "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    word = docx.Document(io.BytesIO(answer.data))
    (table,) = word.tables
    assert [cell.text for cell in table.rows[0].cells][:3] == ["№", "Дата", "Документ"]
    assert len(table.rows) > 1
    assert {row.cells[2].text for row in table.rows[1:]} <= {"Экспертное заключение", "Сводное экспертное заключение"}
    assert "за 2026 год" in "\n".join(one.text for one in word.paragraphs)
    assert check(answer.data) == ()
