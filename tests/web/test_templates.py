"""Pages of Word templates: who opens them, upload with its check, the sample, switching."""

import io
import re

import docx
import pytest

from tests.core.files import kit
from tests.gate import template_files as files
from tests.play import at
from tests.reviewing import filled, place
from tests.web.pages import text
from workflow_app.documents.kinds.registry import KINDS

KEY = "consolidated_conclusion"
PAGE = f"/templates/of/{KEY}"


def send(client, data, name="бланк.docx", note="первый бланк", key=KEY):
    return client.post(
        f"/templates/of/{key}",
        data={"file": (io.BytesIO(data), name), "note": note},
        content_type="multipart/form-data",
    )


def version_of(answer):
    return re.search(r'name="version" value="(\d+)[.0-9a-f]*"', text(answer))[1]


def does(client, address, name):
    page = client.get(f"{address}/do/{name}")
    return client.post(f"{address}/do/{name}", data={"version": version_of(page)})


@pytest.mark.parametrize("key", ["kuzmin", "morozova", "gradov"])
def test_keepers_open_the_pages_and_see_them_in_the_menu(client_as, key):
    client = client_as(key)
    assert "Шаблоны документов" in text(client.get("/templates"))
    assert 'href="/templates"' in text(client.get("/"))


@pytest.mark.parametrize("key", ["sokolova", "bondarenko", "koroleva"])
def test_others_do_not(client_as, key):
    client = client_as(key)
    assert client.get("/templates").status_code == 403
    assert client.get(PAGE).status_code == 403
    assert send(client, files.good()).status_code == 403
    assert 'href="/templates"' not in text(client.get("/"))


def test_the_page_of_every_kind_shows_its_fields_and_gives_a_starter_that_passes(client_as, subtests):
    client = client_as("morozova")
    for key, kind in KINDS.items():
        with subtests.test(key):
            page = text(client.get(f"/templates/of/{key}"))
            of_case = kind.of == "case"
            assert ("{{ applicant_d }}" in page) is of_case, "a record has no applicant"
            invented = (
                ("Образцовой Анне Петровне",)
                if of_case
                else ("Образцова Анна Петровна", "Примерова Вера Ильинична", "Первый Иван Сергеевич")
            )
            assert any(one in page for one in invented)
            starter = client.get(f"/templates/of/{key}/starter.docx")
            assert "attachment" in starter.headers["Content-Disposition"]
            assert send(client, starter.data, key=key).status_code == 303


def test_an_unknown_kind_is_no_page(client_as):
    client = client_as("morozova")
    assert client.get("/templates/of/passport").status_code == 404
    assert client.get("/templates/of/passport/starter.docx").status_code == 404
    assert send(client, files.good(), key="passport").status_code == 404
    assert client.get("/templates/7").status_code == 404


def test_a_template_is_uploaded_looked_at_switched_on_and_off(client_as):
    clerk, director = client_as("morozova"), client_as("gradov")
    address = send(clerk, files.good()).headers["Location"]
    page = text(clerk.get(address))
    assert "Выключен" in page
    assert "СВОДНОЕ ЭКСПЕРТНОЕ ЗАКЛЮЧЕНИЕ" in page
    assert "Включить</span>" not in page, "the coordinator uploads, the director decides"
    assert clerk.get(f"{address}/do/switch_on").status_code == 403
    assert does(director, address, "switch_on").status_code == 303
    assert "Шаблон центра, версия 1" in text(clerk.get("/templates"))
    listed = text(clerk.get(PAGE))
    assert "первый бланк" in listed
    assert "Морозова" in listed
    assert does(clerk, address, "switch_off").status_code == 303
    assert does(clerk, address, "retire_template").status_code == 303
    assert "Отправлен в архив" in text(clerk.get(address))


def test_the_template_and_its_sample_are_given_as_files(client_as):
    client = client_as("morozova")
    address = send(client, files.good()).headers["Location"]
    assert client.get(f"{address}.docx").data == files.good()
    sample = docx.Document(io.BytesIO(client.get(f"{address}/sample.docx").data))
    assert "СВОДНОЕ ЭКСПЕРТНОЕ ЗАКЛЮЧЕНИЕ" in [one.text for one in sample.paragraphs]


def test_a_bad_template_is_refused_with_every_place_and_nothing_is_kept(client_as):
    client = client_as("morozova")
    answer = send(
        client, files.paper("Кому: {{ applicnt }}", "{{ config }}", "{% for x in range %}{% endfor %}"), note="второй"
    )
    page = text(answer)
    assert answer.status_code == 422
    assert "найдено ошибок – 3" in page
    assert "Возможно, «applicant»?" in page
    assert "Абзац 2" in page
    assert 'value="второй"' in page, "what was typed stays"
    assert "Своего шаблона пока нет" in page


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"%PDF-1.4\n%%EOF", "бланк.pdf", "повреждён"),
        (b"x" * 50, "бланк.docx", "не соответствует расширению"),
        (b"", "бланк.docx", "пустой"),
        (b"x", "бланк.exe", "не принимаются"),
    ],
)
def test_what_is_no_word_file_is_refused_in_words(client_as, data, name, said):
    answer = send(client_as("morozova"), data, name)
    assert answer.status_code == 422
    assert said in text(answer)


def test_a_form_without_a_file_says_so(client_as):
    answer = client_as("morozova").post(PAGE, data={"note": "без файла"})
    assert answer.status_code == 422
    assert "Файл не выбран." in text(answer)


def test_a_picture_is_no_template(client_as):
    answer = send(client_as("morozova"), kit.picture("PNG"), "бланк.png")
    assert answer.status_code == 422
    assert "только документ Word" in text(answer)


def test_a_preview_says_by_which_template_the_document_is_issued_and_the_draft_file_is_made_by_it(
    quick_stage, client_as
):
    """A draft may be signed by hand: it has to look as the document will."""
    road = at(quick_stage, "in_review")
    id_ = place(quick_stage, road, "bondarenko")
    expert = client_as("bondarenko")
    expert.post(f"/assignments/{id_}/check", data=filled(road.sheet()))
    assert "по шаблону центра" not in text(expert.get(f"/assignments/{id_}/preview/expert_sheet"))
    address = send(client_as("morozova"), files.paper("БЛАНК ЛИСТА", "{{ expert }}"), key="expert_sheet").headers[
        "Location"
    ]
    does(client_as("gradov"), address, "switch_on")
    page = text(expert.get(f"/assignments/{id_}/preview/expert_sheet"))
    assert "по шаблону центра «бланк.docx», версия 1" in page
    assert "ЭКСПЕРТНЫЙ ЛИСТ" in page
    draft = docx.Document(io.BytesIO(expert.get(f"/assignments/{id_}/preview/expert_sheet?format=docx").data))
    assert [one.text for one in draft.paragraphs] == ["БЛАНК ЛИСТА", "Бондаренко Ирина Львовна"]
    assert "по шаблону центра" not in text(expert.get(f"/assignments/{id_}/preview/expert_conclusion"))
