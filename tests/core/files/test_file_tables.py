"""Tables that people send are read as they meant them; tables we write cannot come alive (security.md 34)."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
import python_calamine
from hypothesis import given
from hypothesis import strategies as st

from tests.core.files import kit
from tests.core.files.test_table_look import workbook
from workflow_app.errors import N_
from workflow_app.files import read_table as tables
from workflow_app.files import sandbox
from workflow_app.files.read_table import Row, Table, TableError, as_text, read_table
from workflow_app.files.table_columns import match_columns
from workflow_app.files.write_table import MAX_CELL, write_csv, write_xlsx

MORNING = datetime(2026, 9, 1, 9, 30, tzinfo=UTC).replace(tzinfo=None)  # a sheet knows no zones
PEOPLE = Table(("ФИО", "Балл"), (Row(2, ("Смирнова А. П.", "7")), Row(3, ("Ёлкин, И.", "8,5"))))
LIVE = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    " =1",
    "=cmd|' /C calc'!A1",
    '"=1',
    "\uff1d1+1",
    "-2+3+cmd|x",
    "a;=1",
    'a;"=1',
    "a\n=1",
]


@pytest.fixture
def same_process(monkeypatch):
    """The work of the child done here, so that a test can look into it."""
    monkeypatch.setattr(sandbox, "call", lambda job, *args, data=b"": job(*args, data))


# Reading.


@pytest.mark.parametrize(
    "source",
    [
        "ФИО\tБалл\nСмирнова А. П.\t7\nЁлкин, И.\t8,5\n",
        "ФИО;Балл\r\nСмирнова А. П.;7\r\nЁлкин, И.;8,5",
        'ФИО,Балл\nСмирнова А. П.,7\n"Ёлкин, И.","8,5"\n',
        "\ufeffФИО;Балл\n Смирнова А. П. ; 7\u00a0\nЁлкин, И.;8,5;\n",
        'ФИО;Балл\n"Смирнова А. П.";"7"\n"Ёлкин, И.";"8,5"\n',
    ],
)
def test_text_is_cut_by_the_delimiter_it_uses(source):
    assert read_table(source) == PEOPLE
    for encoding in ("utf-8", "utf-8-sig", "cp1251", "utf-16"):
        if encoding != "cp1251" or "\ufeff" not in source:
            assert read_table(source.encode(encoding), "список.csv") == PEOPLE


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_the_delimiter_that_excel_names_is_obeyed(delimiter):
    table = read_table(f"sep={delimiter}\r\nА{delimiter}Б\r\n1{delimiter}2\r\n".encode("cp1251"), "a.csv")
    assert table == Table(("А", "Б"), (Row(3, ("1", "2")),))


def test_line_breaks_inside_quotes_and_blank_lines_are_kept_apart():
    table = read_table('А;Б\n\n"две\nстроки";1\n;\n')
    assert table == Table(("А", "Б"), (Row(3, ("две\nстроки", "1")),))


def test_a_table_of_one_column_is_a_table():
    assert read_table("ФИО\nИванов\nПетров") == Table(("ФИО",), (Row(2, ("Иванов",)), Row(3, ("Петров",))))


@pytest.mark.parametrize("in_child", [True, False])
def test_a_workbook_is_read_as_people_see_it(in_child, request):
    if not in_child:
        request.getfixturevalue("same_process")
    rows = [(), ("ФИО", "Балл", "Дата", "Время"), ("Смирнова", 7.0, date(2026, 9, 1), MORNING), ()]
    source = write_xlsx(("", ""), [*rows, ("Ёлкин", 8.5, None, "нет")], "Список")
    assert read_table(source, "список.xlsx") == Table(
        ("ФИО", "Балл", "Дата", "Время"),
        (Row(4, ("Смирнова", "7", "2026-09-01", "2026-09-01 09:30")), Row(6, ("Ёлкин", "8.5", "", "нет"))),
    )


@pytest.mark.usefixtures("same_process")
def test_a_title_hidden_sheets_and_merged_cells_are_read_as_people_see_them():
    def fill(book):
        lists = book.add_worksheet("Списки")
        lists.write_column(0, 0, ["Школа № 1", "Школа № 2"])
        lists.hide()
        sheet = book.add_worksheet("Педагоги")
        sheet.activate()
        sheet.merge_range("A1:C1", "Педагоги, август")
        sheet.write_row(1, 0, ["ФИО", "Организация", "Балл"])
        sheet.write_column(2, 0, ["Смирнова", "Ёлкин"])
        sheet.merge_range("B3:B4", "Школа № 1")
        sheet.write_column(2, 2, [7, 8])
        return sheet

    rows = (Row(3, ("Смирнова", "Школа № 1", "7")), Row(4, ("Ёлкин", "Школа № 1", "8")))
    assert read_table(workbook(fill), "a.xlsx") == Table(("ФИО", "Организация", "Балл"), rows)
    far = workbook(lambda book: fill(book).write("A20000", "Потерянный"))
    with pytest.raises(TableError, match="строка листа – 20000, а в таблице можно не больше 5000"):
        read_table(far, "a.xlsx")


def test_an_old_workbook_is_read():
    source = kit.old_excel([("ФИО", "Балл"), ("Смирнова", 7.0), ("Ёлкин", 2.5)])
    assert read_table(source, "a.xls").rows == (Row(2, ("Смирнова", "7")), Row(3, ("Ёлкин", "2.5")))


def test_an_open_document_table_is_read():
    def row(*cells):
        return (
            "<table:table-row>"
            + "".join(
                f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
                for cell in cells
            )
            + "</table:table-row>"
        )

    sheet = f'<table:table table:name="A">{row("ФИО", "Балл")}{row("Смирнова", "7")}</table:table>'
    source = kit.opendocument("spreadsheet", f"<office:spreadsheet>{sheet}</office:spreadsheet>")
    assert read_table(source, "a.ods") == Table(("ФИО", "Балл"), (Row(2, ("Смирнова", "7")),))


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (7.0, "7"),
        (8.5, "8.5"),
        (0.1 + 0.2, "0.3"),
        (1e20, "100000000000000000000"),
        (-0.00001, "-0.00001"),
        (7, "7"),
        (True, "да"),
        (False, "нет"),
        (date(2026, 9, 1), "2026-09-01"),
        (MORNING.replace(hour=0, minute=0), "2026-09-01"),
        (MORNING, "2026-09-01 09:30"),
        (time(9, 5), "09:05"),
        (timedelta(hours=30, minutes=5), "30:05"),
        ("текст", "текст"),
    ],
)
def test_a_cell_becomes_what_a_person_would_type(cell, text):
    assert as_text(cell) == text


@pytest.mark.parametrize(
    ("source", "name", "sentence"),
    [
        (b"", "a.xlsx", "Таблица пустая"),
        ("", "", "Таблица пустая"),
        ("\n \t\n", "", "Таблица пустая"),
        ("ФИО;Балл\n", "", "есть только заголовки"),
        (b"not a workbook", "a.xlsx", "это не таблица Excel"),
        (b"PK\x03\x04 broken", "a.xlsx", "повреждён"),
        (kit.excel()[:1000], "a.xlsx", "повреждён"),
        (kit.word(), "a.xlsx", "это не таблица Excel"),
        (kit.old_word(), "a.xls", "это не таблица Excel"),
        (kit.excel([]), "a.xlsx", "Таблица пустая"),
        (kit.bomb, "a.xlsx", "слишком большой объём"),
        (kit.encrypted_flag(), "a.xlsx", "защищён паролем"),
        (kit.old_excel(locked=True), "a.xls", "защищён паролем"),
        (kit.ole({"EncryptedPackage": b"", "EncryptionInfo": b""}), "a.xlsx", "защищён паролем"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.xls", "повреждён"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "a.csv", "не похож на таблицу"),
        (b"\xff\xfea", "a.csv", "не похож на таблицу"),
        ("А;Б\n1;2;3\n", "", "В строке 2 больше ячеек"),
        ('А;Б\n1;2\n3;"Школа\n4;5\n', "", "В строке 3 открыта кавычка, которая нигде не закрыта"),
        (lambda: "А;Б\n" + "1;2\n" * 5001, "", "слишком много строк: можно не больше 5000"),
        (";".join("АБ" * 31), "", "слишком много столбцов: можно не больше 60"),
        ("А;Б\n" + "я" * 10_001 + ";1", "", "В строке 2 есть слишком длинная ячейка"),
        ("А;Б\n" + "я" * 140_000 + ";1", "", "не удаётся разобрать"),
        (lambda: b"a" * (tables.MAX_BYTES + 1), "a.csv", "слишком большой"),
    ],
)
def test_a_table_that_cannot_be_read_says_why(source, name, sentence):
    with pytest.raises(TableError, match=sentence):
        read_table(source() if callable(source) else source, name)


@pytest.mark.usefixtures("same_process")
@pytest.mark.parametrize(
    ("source", "name", "sentence"),
    [
        (kit.excel([]), "a.xlsx", "Таблица пустая"),
        (kit.word(), "a.xlsx", "это не таблица Excel"),
    ],
)
def test_what_the_child_says_about_a_workbook(source, name, sentence):
    with pytest.raises(TableError, match=sentence):
        read_table(source, name)


def test_exactly_the_allowed_number_of_rows_is_read():
    assert len(read_table("А;Б\n" + "1;2\n" * 5000).rows) == 5000


def test_a_sheet_that_claims_seventeen_billion_cells_ends_in_a_sentence():
    """Two cells in opposite corners: a reader that takes the rectangle at its word needs 400 GB."""
    parts = kit.Changer(kit.members(kit.excel([("А",)])))
    corner = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    source = parts.edit("xl/worksheets/sheet1.xml", "</sheetData>", corner).done()
    with pytest.raises(TableError):
        read_table(source, "a.xlsx")


def test_control_characters_do_not_come_through():
    assert read_table("А\x01\x0b;Б\n\x07я;\ufeff1").rows == (Row(2, ("я", "1")),)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_table_or_a_sentence(source):
    try:
        table = read_table(source, "a.csv")
    except TableError:
        return
    assert all(len(row.cells) == len(table.header) for row in table.rows)


# Columns.

WANTED = {"name": ("ФИО педагога", "Фамилия, имя, отчество"), "score": ("Балл",), "note": ("Примечание",)}


def test_columns_are_found_in_any_order_and_spelling():
    found = match_columns(["балл ", "ФАМИЛИЯ ИМЯ  ОТЧЕСТВО", "Примечание:"], WANTED)
    assert found.columns == {"score": 0, "name": 1, "note": 2}
    assert found.missing == found.unknown == found.repeated == ()


def test_missing_unknown_and_repeated_columns_are_said():
    found = match_columns(["Балл", "Баллы", "", "БАЛЛ"], WANTED, optional=("note",))
    assert found.columns == {"score": 0}
    assert found.missing == (N_("Нет столбца «%(heading)s».", heading="ФИО педагога"),)
    assert found.unknown == (N_("Столбец «%(heading)s» не используется.", heading="Баллы"),)
    assert found.repeated == (N_("Столбец «%(heading)s» повторяется.", heading="БАЛЛ"),)


def test_the_letter_yo_and_the_key_itself_are_understood():
    assert match_columns(["Учет", "score"], {"a": ("Учёт",), "score": ("Балл",)}).columns == {"a": 0, "score": 1}


# Writing.


def cells(source):
    sheet = python_calamine.load_workbook(io.BytesIO(source)).get_sheet_by_index(0)
    return sheet.to_python()


def test_a_workbook_keeps_text_numbers_and_dates():
    source = write_xlsx(
        ("ФИО", "Балл", "Доля", "Дата", "Время", "Да", "Ничего"),
        [("Ёлкин", 7, Decimal("0.5"), date(2026, 9, 1), datetime(2026, 9, 1, 9, 30, tzinfo=UTC), True, None)],
        "Сводная: [2026]/1",
    )
    assert cells(source)[1] == ["Ёлкин", 7, 0.5, date(2026, 9, 1), MORNING, "да", ""]
    assert python_calamine.load_workbook(io.BytesIO(source)).sheet_names == ["Сводная   2026  1"]
    sheet = kit.members(source)["xl/worksheets/sheet1.xml"].decode()
    assert 'state="frozen"' in sheet
    assert "<autoFilter" in sheet
    assert "<cols>" in sheet


@pytest.mark.parametrize("title", ["", "'", "History" * 20, "[]:*?/\\", "\ud800"])
def test_any_title_makes_a_sheet(title):
    assert cells(write_xlsx(("А",), [("1",)], title)) == [["А"], ["1"]]


@pytest.mark.parametrize(
    "text", [*LIVE, "http://x.test/", "mailto:a@x.test", "{=1}", "'=1", "a\x01\ufffe\ud800b", "я" * 40_000]
)
def test_no_text_becomes_a_formula_or_a_link_in_a_workbook(text):
    source = write_xlsx((text,), [(text,)], "Лист")
    parts = kit.members(source)
    assert "<f>" not in parts["xl/worksheets/sheet1.xml"].decode()
    assert "hyperlink" not in parts["xl/worksheets/sheet1.xml"].decode()
    assert len(cells(source)[1][0]) <= MAX_CELL


def test_numbers_that_are_none_are_written_as_text():
    assert cells(write_xlsx(("А",), [(float("nan"),), (float("inf"),)], "Лист"))[1:] == [["nan"], ["inf"]]


def test_an_empty_table_is_a_table():
    assert cells(write_xlsx(("А", "Б"), [], "Лист")) == [["А", "Б"]]


def test_the_same_rows_give_a_valid_package():
    with zipfile.ZipFile(io.BytesIO(write_xlsx(("А",), [("1",)], "Лист"))) as archive:
        assert archive.testzip() is None


def test_a_csv_opens_in_a_russian_excel():
    source = write_csv(("ФИО", "Балл"), [("Ёлкин; И.", 8.5), ("две\nстроки", -7), (None, date(2026, 9, 1)), (True, "")])
    assert source.startswith(b"\xef\xbb\xbf")
    assert source.decode("utf-8-sig").split("\r\n") == [
        "ФИО;Балл",
        '"Ёлкин; И.";8,5',
        "две строки;-7",
        ";01.09.2026",
        "да;",
        "",
    ]


def test_a_csv_keeps_plain_numbers_and_moments():
    source = write_csv(("А",), [("-5",), ("+7,5",), (MORNING,)])
    assert source.decode("utf-8-sig").split() == ["А", "-5", "+7,5", "01.09.2026", "09:30"]


@pytest.mark.parametrize("text", LIVE)
def test_no_text_becomes_a_formula_in_a_csv_even_when_quotes_are_ignored(text):
    line = write_csv((text, "x"), [(text, "x")]).decode("utf-8-sig")
    read = [cell for row in csv.reader(io.StringIO(line, newline=""), delimiter=";") for cell in row]
    split = [part for row in line.splitlines() for part in row.split(";")]
    for cell in read + split:
        assert not cell.strip(' "\t\r\n').startswith(("=", "+", "-", "@", "\uff1d"))


@given(st.text(st.sampled_from("=+-@;,\"' \t\n1aя"), max_size=12))
def test_no_mixture_of_signs_gets_through(text):
    line = write_csv(("x",), [(text,)]).decode("utf-8-sig").split("\r\n", 1)[1]
    for cell in line.split(";"):
        bare = cell.strip(' "\t\r\n')
        assert not bare.startswith(("=", "@"))
        assert not bare.startswith(("+", "-")) or bare[1:].replace(",", "").isdigit()


def test_what_was_written_can_be_read_again():
    rows = [("Ёлкин; И.", "8,5"), ("Смирнова", "7")]
    for source, name in (
        (write_csv(("ФИО", "Балл"), rows), "a.csv"),
        (write_xlsx(("ФИО", "Балл"), rows, "Л"), "a.xlsx"),
    ):
        assert [row.cells for row in read_table(source, name).rows] == rows


def test_a_table_that_goes_on_with_its_page_is_read_again_as_it_was():
    rows = (Row(2, ('"Ромашка" и "Лютик"', "7")), Row(3, ('"Мир', "8;5")), Row(4, ("Клуб «Свет», 5", '2" трубы')))
    table = Table(('"Где"', "Балл"), rows)
    assert read_table(table.as_text()) == table
