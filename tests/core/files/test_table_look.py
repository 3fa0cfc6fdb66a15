"""Tables are looked at as tables: every sheet that is to be seen, cells as a Russian reader writes them, what is not shown counted."""

import io
from datetime import date, datetime, time, timedelta

import pytest
import xlsxwriter

from tests.core.files import kit
from workflow_app.web import file_viewer, table_look
from workflow_app.web.file_viewer import Unviewable


def workbook(fill):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        fill(book)
    return out.getvalue()


def test_every_sheet_stands_under_its_name_and_a_hidden_one_and_a_chart_are_counted(saved):
    def fill(book):
        book.add_worksheet("Класс 7А").write_row(0, 0, ["ФИО", "Балл"])
        hidden = book.add_worksheet("Черновик")
        hidden.write(0, 0, "тайное")
        hidden.hide()
        last = book.add_worksheet("Итоги")
        last.write_column(0, 0, [1, 2])
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=Итоги!$A$1:$A$2"})
        last.insert_chart("C2", chart)

    look = file_viewer.table_look(saved(workbook(fill)))
    assert look.body.index("<h2>Класс 7А</h2>") < look.body.index("<h2>Итоги</h2>")
    assert "тайное" not in look.body
    assert look.unshown == {"sheets": 1, "charts": 1}
    assert not look.cut


def test_lines_and_columns_bear_the_names_that_excel_gives_them(saved):
    def fill(book):
        book.add_worksheet().write(2, 27, "здесь")

    body = file_viewer.table_look(saved(workbook(fill))).body
    assert '<th scope="col">AB</th>' in body
    assert '<th scope="row">3</th>' in body
    assert [table_look.letters(one) for one in (0, 25, 26, 51, 52, 701, 702)] == [
        "A",
        "Z",
        "AA",
        "AZ",
        "BA",
        "ZZ",
        "AAA",
    ]


DAY = date(2026, 9, 1)


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        (7.0, "7"), (0.5, "0,5"), (1e21, "1000000000000000000000"), (True, "ИСТИНА"), (None, ""), ("1.5", "1.5"),
        (datetime.combine(DAY, time()), "01.09.2026"), (datetime.combine(DAY, time(9, 5)), "01.09.2026 09:05"),
        (1 / 3, "0,3333333333"), (89101234567.0, "89101234567"), (DAY, "01.09.2026"), (time(9, 5), "09:05"),
        (timedelta(hours=25, minutes=5), "25:05"),
    ],
)  # fmt: skip
def test_a_cell_is_written_as_its_reader_writes(cell, shown):
    assert table_look.as_shown(cell) == shown


def test_what_stands_in_a_cell_is_text_and_nothing_else(saved):
    look = file_viewer.table_look(saved('Имя;<b>Балл</b>\r\n"<script>alert(1)</script>";7\r\n'.encode()))
    assert "&lt;script&gt;" in look.body
    assert "<script" not in look.body
    assert "<b>" not in look.body


def test_a_sheet_named_like_markup_stays_text(saved):
    look = file_viewer.table_look(saved(workbook(lambda book: book.add_worksheet('<i>"А').write(0, 0, 1))))
    assert "<i>" not in look.body


def test_a_long_table_is_cut_and_says_so(saved):
    rows = [("строка", n) for n in range(table_look.MAX_ROWS + 1)]
    assert file_viewer.table_look(saved(kit.excel(rows))).cut
    assert not file_viewer.table_look(saved(kit.excel(rows[:-1]))).cut
    assert file_viewer.table_look(saved(kit.excel([["я"] * (table_look.MAX_COLUMNS + 1)]))).cut
    wide = file_viewer.table_look(saved(kit.excel([["я"] * table_look.MAX_COLUMNS] * table_look.MAX_ROWS)))
    assert not wide.cut
    assert file_viewer.table_look(saved(b"a;b\r\n" * (table_look.MAX_ROWS + 1))).cut


def test_many_sheets_share_the_cells_that_are_shown_at_all(saved):
    def fill(book):
        for _ in range(3):
            sheet = book.add_worksheet()
            for number in range(table_look.MAX_ROWS):
                sheet.write_row(number, 0, ["я"] * table_look.MAX_COLUMNS)

    look = file_viewer.table_look(saved(workbook(fill)))
    assert look.cut
    assert look.body.count("<td>я") <= table_look.MAX_CELLS


def test_old_and_open_tables_are_read_too(saved):
    table = (
        "<office:spreadsheet><table:table table:name='Лист'><table:table-row>"
        "<table:table-cell office:value-type='string'><text:p>Тема</text:p></table:table-cell>"
        "</table:table-row></table:table></office:spreadsheet>"
    )
    assert "<td>Тема</td>" in file_viewer.table_look(saved(kit.opendocument("spreadsheet", table))).body


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04 broken",
        kit.opendocument("spreadsheet", "<office:spreadsheet/>"),
        b"\r\n\r\n",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 no",
    ],
)
def test_what_is_no_table_or_an_empty_one_is_downloaded(saved, data):
    with pytest.raises(Unviewable):
        file_viewer.table_look(saved(data))
