"""The empty table of every kind: an example in another colour that is never entered, a sheet with what may stand in each column."""

import io
import zipfile

import pytest
from sqlalchemy import select

from tests.web.pages import text_of
from tests.web.test_records import path
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db.models import RECORDS
from workflow_app.features.imports.table_kinds import KINDS
from workflow_app.files.read_table import read_table

EVERY = [f"{path(one)}/table.xlsx" for one in CONTENT_TYPES.values()] + [f"/imports/{one}/template" for one in KINDS]


def part(book, name):
    with zipfile.ZipFile(io.BytesIO(book)) as file:
        return file.read(name).decode()


@pytest.mark.parametrize("address", EVERY)
def test_every_template_has_an_example_in_another_colour_and_a_sheet_of_notes(client_as, address):
    book = client_as("koroleva" if "school_cases" in address else "morozova").get(address).get_data()
    assert "Пояснения" in part(book, "xl/workbook.xml") and "FFF4D6" in part(book, "xl/styles.xml")
    table = read_table(book, "шаблон.xlsx")
    assert len(table.rows) == 1 and any(table.rows[0].cells)
    notes = part(book, "xl/worksheets/sheet2.xml")
    assert notes.count("<row ") == len(table.header) + 2, "the headings, each column, what becomes of the example"


def test_the_notes_name_the_allowed_values_of_a_column(client_as):
    words = part(
        client_as("morozova").get(f"{path(CONTENT_TYPES['local_act'])}/table.xlsx").get_data(), "xl/sharedStrings.xml"
    )
    assert "положение\nприказ\nпрограмма" in words and "Наименование, как в системе" not in words.split("Вид акта")[0]


@pytest.mark.parametrize("kind", [one for one in CONTENT_TYPES.values() if not one.within], ids=lambda one: one.key)
def test_a_template_that_is_sent_back_as_it_is_enters_nothing(client_as, kind):
    client = client_as("morozova")
    book = client.get(f"{path(kind)}/table.xlsx").get_data()
    answer = client.post(
        f"{path(kind)}/table",
        data={"file": (io.BytesIO(book), "шаблон.xlsx"), "do": "keep"},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 422 and "только строка примера" in text_of(answer)


def test_the_example_that_was_left_is_passed_over_and_the_rest_is_entered(client_as, quick_stage):
    client, kind = client_as("morozova"), CONTENT_TYPES["local_act"]
    rows = "Название\tВид акта\tНомер\tДата\nПример: Название\tположение\tНомер\t01.09.2026\n"
    rows += "Положение о семинаре\tположение\t7-од\t12.10.2026"
    shown = client.post(f"{path(kind)}/table", data={"rows": rows, "do": "check"})
    assert "Строка примера из шаблона пропущена" in text_of(shown) and "Будет записано: 1" in text_of(shown)
    assert client.post(f"{path(kind)}/table", data={"rows": rows, "do": "keep"}).status_code == 303
    with quick_stage.database.transaction(keep=False) as session:
        assert session.scalars(select(RECORDS["local_act"].title)).all() == ["Положение о семинаре"]
