"""Imports: a table is taken, looked at row by row, and entered whole or not at all."""

import io
import re

import pytest

from tests.rows import rows_of
from tests.statements import count_statements
from tests.web.imports import SOKOLOVA, TITLE, bring, bring_in, confirm, form_of, paste, press
from tests.web.pages import plain
from workflow_app.db.models import Event, ImportRow, ImportTable, Organization, Person
from workflow_app.errors import N_, Invalid
from workflow_app.features.imports import apply_rows
from workflow_app.features.imports.cell_words import as_date, as_number
from workflow_app.features.imports.table_kinds import KINDS, MOST
from workflow_app.files.read_table import read_table
from workflow_app.files.write_table import write_xlsx

PEOPLE = "ФИО\tПочта\tОрганизация\tДолжность\tРоль\n"
THREE = PEOPLE + "Первая Анна Петровна\nВторая Анна Петровна\nТретья Анна Петровна"
CASES = "ФИО\tВид\tНазвание\tКанал\tДата поступления\tВнешний номер\tКатегория\tДолжность\n"


# -- who may, and what is offered --------------------------------------------------------------------------------------


def test_a_coordinator_imports_everything_and_an_administrator_no_cases(client_as):
    assert all(
        word in plain(client_as("morozova").get("/imports")) for word in ("Люди", "Организации", "Дела за заявителей")
    )
    told = plain(client_as("morozova").get("/imports"))
    assert told.index("остальные ждут") < told.index("или ни одной") < told.index("статьи, выступления")
    assert "Дела за заявителей" not in plain(client_as("kuzmin").get("/imports"))
    assert client_as("kuzmin").get("/imports/cases").status_code == 404
    assert client_as("kuzmin").post("/imports/cases", data={"rows": CASES}).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/imports",
        "/imports/people",
        "/imports/people/1",
        "/imports/people/template",
        "/imports/people/1/result",
        "/imports/words",
    ],
)
def test_nobody_else_imports(client_as, path):
    for key in ("sokolova", "bondarenko", "gradov"):
        assert client_as(key).get(path).status_code == 403, key


def test_an_unknown_kind_is_not_found(client_as):
    assert client_as("morozova").get("/imports/cats").status_code == 404


@pytest.mark.parametrize("kind", list(KINDS))
def test_the_template_is_a_table_whose_example_row_is_never_entered(client_as, quick_stage, kind):
    keeper = client_as("koroleva" if KINDS[kind].of_school else "morozova")
    book = keeper.get(f"/imports/{kind}/template")
    table = read_table(book.get_data(), "шаблон.xlsx")
    assert list(table.header) == [one.titles[0] for one in KINDS[kind].columns if not one.other]
    before = len(rows_of(quick_stage, Event))
    answer = keeper.post(
        f"/imports/{kind}",
        data={"file": (io.BytesIO(book.get_data()), "шаблон.xlsx")},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 303
    assert "Строка примера" in plain(keeper.get(answer.location))
    assert "Записано: 0. Осталось черновиками: 0. Пропущено: 1" in plain(
        keeper.get(confirm(keeper, answer.location).location)
    )
    assert len(rows_of(quick_stage, Event)) == before


# -- taking the table --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Вставьте строки таблицы или выберите файл"),
        ("   \n\t", "Вставьте строки таблицы или выберите файл"),
        ("ФИО", "есть только заголовки"),
        ("просто текст\nи ещё строка", "должны стоять заголовки столбцов"),
        ("Почта\tРоль\na@b.ru\tпедагог", "Нет столбца «ФИО»"),
        ("ФИО\nИванов Иван\tлишняя", "больше ячеек"),
    ],
)
def test_a_table_that_cannot_be_taken_is_explained_and_stays_on_the_page(client_as, text, said):
    answer = paste(client_as("morozova"), "people", text, 422)
    assert said in plain(answer, 422)
    shown = re.search(r"<textarea[^>]*>(.*?)</textarea>", answer.get_data(as_text=True), re.DOTALL)[1]
    assert all(word in shown for word in text.split())


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"\x89PNG\r\n\x1a\n" + bytes(64)])
def test_a_file_that_is_no_table_is_explained(client_as, content):
    answer = client_as("morozova").post(
        "/imports/people", data={"file": (io.BytesIO(content), "люди.xlsx")}, content_type="multipart/form-data"
    )
    assert answer.status_code == 422
    assert "Таблицу не удалось взять" in plain(answer, 422)


def test_too_many_rows_are_refused_with_the_number(client_as):
    text = PEOPLE + "\n".join(f"Проверкин Иван Номер{n}" for n in range(MOST + 1))
    assert f"Строк {MOST + 1}, за один раз можно не больше {MOST}" in plain(
        paste(client_as("morozova"), "people", text, 422), 422
    )


def test_a_workbook_and_semicolons_are_read_like_pasted_cells(client_as):
    keeper = client_as("morozova")
    book = write_xlsx(["Педагог", "E-mail"], [["Новикова Дарья Ильинична", "novikova@example.ru"]], "Люди")
    for name, content in (
        ("люди.xlsx", book),
        ("люди.csv", "Педагог;E-mail\r\nНовикова Дарья Ильинична;novikova@example.ru".encode("cp1251")),
    ):
        answer = keeper.post(
            "/imports/people", data={"file": (io.BytesIO(content), name)}, content_type="multipart/form-data"
        )
        assert answer.status_code == 303, name
        assert "Новикова Дарья Ильинична" in plain(keeper.get(answer.location))


def test_the_rows_stand_on_the_server_and_are_found_again(client_as, quick_stage):
    keeper = client_as("morozova")
    grid = bring(keeper, "people", PEOPLE + 'Новикова "Даша" Ильинична\tnovikova@example.ru')
    assert rows_of(quick_stage, ImportRow)[0].cells[1] == "novikova@example.ru"
    assert "Люди: строк 1" in plain(keeper.get("/imports"))
    assert grid in keeper.get("/imports").get_data(as_text=True)


def test_a_table_is_the_person_s_own(client_as):
    grid = bring(client_as("morozova"), "people", PEOPLE + "Новикова Дарья Ильинична")
    other = client_as("kuzmin")
    for method, tail in (
        ("get", ""),
        ("get", "/result"),
        ("get", "/left.xlsx"),
        ("post", ""),
        ("post", "/forget"),
        ("post", "/files"),
    ):
        address = grid + tail
        assert getattr(other, method)(address).status_code == 404, address
    assert grid not in other.get("/imports").get_data(as_text=True)
    assert client_as("morozova").get(grid.replace("people", "cases")).status_code == 404


def test_a_dropped_table_leaves_nothing(client_as, quick_stage):
    keeper = client_as("morozova")
    grid = bring(keeper, "people", PEOPLE + "Новикова Дарья Ильинична")
    assert keeper.post(f"{grid}/forget").status_code == 303
    assert (rows_of(quick_stage, ImportTable), rows_of(quick_stage, ImportRow)) == ([], [])
    assert keeper.post(f"{grid}/forget").status_code == 404


# -- people ------------------------------------------------------------------------------------------------------------


def test_people_are_entered_with_their_places_and_an_event_each(client_as, quick_stage):
    place = rows_of(quick_stage, Organization)[0]
    name = place.name.replace("«", "“").replace("»", "”").upper()  # as a spreadsheet spoils it
    text = (
        PEOPLE + f"Новикова Дарья Ильинична\tnovikova@example.ru\t{name}\tучитель\tпедагог\nЕршов Пётр\t\t\t\tэксперт\n"
    )
    page = bring_in(client_as("morozova"), "people", text)
    assert "Записано: 2" in plain(page)
    found = rows_of(quick_stage, Person, last_name="Новикова")[0]
    assert (found.first_name, found.middle_name, found.email) == ("Дарья", "Ильинична", "novikova@example.ru")
    assert (found.organization_id, found.position, found.state) == (place.id, "teacher", "listed")
    assert f"/people/{found.id}" in page.get_data(as_text=True)
    assert [one.role for one in rows_of(quick_stage, Person, last_name="Ершов")[-1].memberships] == ["expert"]
    events = rows_of(quick_stage, Event, root_kind="person", root_id=found.id)
    assert [one.transition for one in events] == ["begin"]


def test_every_wrong_cell_is_named_at_its_row_and_column_and_mended_there(client_as, quick_stage):
    keeper = client_as("morozova")
    grid = bring(
        keeper, "people",
        PEOPLE + "Новикова Дарья\tне адрес\tнет такой школы\tучител\tкосмонавт\nЕршов\t\t\t\t\nВерный Пётр Ильич\t\t\t\tадминистратор",
    )  # fmt: skip
    page = keeper.get(grid)
    words = plain(page)
    assert "3 с ошибками" in words
    for said in ("Адрес вида name@example.ru", "Нужны фамилия, имя и отчество целиком", "Эту роль даёт администратор"):
        assert said in words, said
    text = page.get_data(as_text=True)
    assert 'aria-label="Строка 3, столбец «ФИО»"' in text
    assert [word in text for word in ("«нет такой школы»", "«учител»", "«космонавт»")] == [True] * 3
    assert "Записать" not in words
    assert "таблица проверена заново" in plain(
        press(keeper, grid, "record"), 409
    )  # «учитель» was guessed and is remembered
    assert "Записывать нечего" in plain(press(keeper, grid, "record"), 409)
    first, second, third = rows_of(quick_stage, ImportRow)
    typed = {
        f"cell-{first.id}-email": "n@example.ru",
        f"cell-{second.id}-full_name": "Ершов Пётр",
        f"cell-{third.id}-role": "",
    }
    words = plain(keeper.get(press(keeper, grid, "check", **typed).location))
    assert "2 будет записано" in words
    assert "1 с ошибками" in words  # its words are still unknown: two schools and a post that nobody has explained


def test_what_is_right_is_recorded_and_the_rest_waits_with_its_reasons(client_as, quick_stage):
    keeper = client_as("morozova")
    grid = bring(keeper, "people", THREE + "\nЧетвёртая А. П.\nПятая\tне адрес")
    assert "Записать 3 верных, 2 оставить" in plain(keeper.get(grid))
    words = plain(keeper.get(confirm(keeper, grid).location))
    assert "Записано: 3" in words
    assert "Ждут строк: 2" in words
    assert "Люди: строк 2" in plain(keeper.get("/imports"))
    table = read_table(keeper.get(f"{grid}/left.xlsx").get_data(), "осталось.xlsx")
    assert [(row.cells[0], row.cells[1]) for row in table.rows] == [("5", "Четвёртая А. П."), ("6", "Пятая")]
    assert "ФИО: Стоят инициалы" in table.rows[0].cells[-1]
    assert "Электронная почта: Адрес вида" in table.rows[1].cells[-1]
    last = rows_of(quick_stage, ImportRow)[-2]
    again = press(keeper, grid, "record", **{f"cell-{last.id}-full_name": "Четвёртая Анна Петровна"})
    assert "Вы что-то исправили" in plain(again, 409)  # nobody records what was not looked at
    assert "Записано: 4" in plain(keeper.get(confirm(keeper, grid).location))
    assert len(rows_of(quick_stage, Person, last_name="Первая")) == 1


def test_an_administrator_may_bring_in_any_role(client_as, quick_stage):
    assert "Записано: 1" in plain(
        bring_in(client_as("kuzmin"), "people", PEOPLE + "Верный Пётр Ильич\t\t\t\tкоординатор")
    )
    assert [one.role for one in rows_of(quick_stage, Person, last_name="Верный")[0].memberships] == ["coordinator"]


def test_doubles_in_the_table_and_of_people_known_already_are_left_out(client_as, quick_stage):
    new = "Новикова Дарья Ильинична\tn@example.ru\n"
    text = PEOPLE + f"{SOKOLOVA.upper()}\n{new}{new}Ершов Пётр\tsokolova@example.ru"
    keeper = client_as("morozova")
    grid = bring(keeper, "people", text)
    words = plain(keeper.get(grid))
    assert "Такой человек уже есть: пропускается" in words
    assert "Повторяет строку 3: пропускается" in words
    assert "Общий адрес, он есть и у другого человека" in words
    assert "Записано: 2. Осталось черновиками: 0. Пропущено: 2" in plain(keeper.get(confirm(keeper, grid).location))
    assert len(rows_of(quick_stage, Person, last_name="Новикова")) == 1


def test_people_who_share_a_mailbox_are_several_people(client_as, quick_stage):
    """The key is the person. The address of an account opens it, so a shared one stands in nobody's card."""
    school = "school@example.ru"
    text = (
        PEOPLE
        + f"Новикова Дарья Ильинична\t{school}\nЕжова Анна Ильинична\t{school.upper()}\nЁлкина Ия Львовна\tiya@example.ru\n"
    )
    keeper = client_as("morozova")
    grid = bring(keeper, "people", text)
    words = plain(keeper.get(grid))
    assert words.count("карточка будет без адреса") == 2
    assert "пропускается" not in words
    assert "Записано: 3" in plain(keeper.get(confirm(keeper, grid).location))
    addresses = {
        one.last_name: one.email
        for one in rows_of(quick_stage, Person)
        if one.last_name in ("Новикова", "Ежова", "Ёлкина")
    }
    assert addresses == {"Новикова": "", "Ежова": "", "Ёлкина": "iya@example.ru"}


def test_the_address_of_a_known_person_is_not_given_to_another(client_as, quick_stage):
    bring_in(client_as("morozova"), "people", PEOPLE + "Ежова Анна Ильинична\tsokolova@example.ru")
    assert [one.email for one in rows_of(quick_stage, Person, last_name="Ежова")] == [""]


@pytest.mark.parametrize(
    "name", ["Новикова Д. И.", "Новикова Д.И.", "Новикова Д И", "Новикова Дарья И.", "Д.И. Новикова", "Новикова Д.-И."]
)
def test_initials_are_no_name(client_as, quick_stage, name):
    keeper = client_as("morozova")
    grid = bring(keeper, "people", PEOPLE + f"{name}\t\nНовик Ия Яковлевна\t")
    words = plain(keeper.get(grid))
    assert "Стоят инициалы: напишите имя и отчество целиком" in words
    assert "1 с ошибками" in words
    assert rows_of(quick_stage, Person, last_name="Новикова") == []


def test_latin_letters_and_an_old_date_are_told_before_they_are_written(client_as, quick_stage):
    """A warning of the check, not a refusal: whoever presses the button has confirmed it."""
    keeper = client_as("morozova")
    grid = bring(keeper, "people", PEOPLE + "Cepгеева Анна Петровна\t")
    words = plain(keeper.get(grid))
    assert "В слове «Cepгеева» есть латинские буквы: C, e, p" in words
    assert "Записано: 1" in plain(keeper.get(confirm(keeper, grid).location))
    assert len(rows_of(quick_stage, Person, last_name="Cepгеева")) == 1
    grid = bring(keeper, "cases", CASES + f"{SOKOLOVA}\tМетодический материал\t{TITLE}\tпочтой\t01.01.1999\t\t\t")
    words = plain(keeper.get(grid))
    assert "Год не нынешний: 01.01.1999" in words
    assert "1 останется черновиком" in words


def test_the_preview_costs_the_same_for_two_rows_and_for_two_hundred(client_as, app):
    keeper = client_as("morozova")

    def statements(number):
        text = CASES + "\n".join(
            f"Проверкин Иван Номер{n}\tМетодический материал\tСборник упражнений № {n}\tпочтой\t28.08.2026"
            for n in range(number)
        )
        grid = bring(keeper, "cases", text)
        with count_statements(app.extensions["workflow_database"].engine) as told:
            assert f"{number} останется черновиком" in plain(keeper.get(grid))
        return len(told)

    assert statements(2) == statements(200)


def test_dangerous_cells_are_text_and_nothing_more(client_as, quick_stage):
    keeper = client_as("morozova")
    evil = "<script>alert(1)</script> Иван =CMD()"
    grid = bring(keeper, "people", PEOPLE + evil)
    assert "<script>alert" not in keeper.get(grid).get_data(as_text=True)
    page = keeper.get(confirm(keeper, grid).location).get_data(as_text=True)
    assert "<script>alert" not in page
    assert rows_of(quick_stage, Person, last_name="<script>alert(1)</script>")


# -- whatever a table may be like --------------------------------------------------------------------------------------


def test_a_name_in_three_columns_two_columns_of_one_name_and_empty_rows_are_understood(client_as):
    keeper = client_as("morozova")
    text = (
        "Фамилия\tИмя\tОтчество\tПочта\tПочта\n\t\t\t\t\nНовикова\tДарья\tИльинична\ta@example.ru\tb@example.ru\n\t\t\n"
    )
    words = plain(keeper.get(bring(keeper, "people", text)))
    assert "Новикова Дарья Ильинична" in words
    assert "Столбец «Почта» повторяется" in words
    assert "a@example.ru" in words
    assert "b@example.ru" not in words


@pytest.mark.parametrize(
    ("text", "means"),
    [("01.09.26", "2026-09-01"), ("1/9/2026", "2026-09-01"), ("«1» сентября 2026 г.", "2026-09-01"), ("46266", "2026-09-01"),
     ("2026-09-01 00:00", "2026-09-01"), ("01.09.2026г.", "2026-09-01"), ("31.11.2026", "31.11.2026"), ("вчера", "вчера")],
)  # fmt: skip
def test_a_date_is_understood_as_people_and_spreadsheets_write_it(text, means):
    assert as_date(text) == means


def test_numbers_are_read_without_the_words_beside_them():
    assert [as_number(one) for one in ("17 лет", "72 ч.", "17,0", "семь", "1 год")] == ["17", "72", "17", "семь", "1"]


# -- once and no more --------------------------------------------------------------------------------------------------


def test_a_row_that_fails_at_the_last_moment_stays_with_its_reason_and_is_recorded_by_the_next_press(
    client_as, quick_stage, monkeypatch
):
    usual = apply_rows.person_row

    def crowded(municipality_id, last_name, first_name):
        if last_name == "Вторая":
            raise Invalid({"last_name": (N_("Такой человек уже есть."),)})
        return usual(municipality_id, last_name, first_name)

    monkeypatch.setattr(apply_rows, "person_row", crowded)
    keeper = client_as("morozova")
    before = len(rows_of(quick_stage, Person))
    grid = bring(keeper, "people", THREE)
    words = plain(keeper.get(confirm(keeper, grid).location))
    assert "Записано: 2" in words
    assert "Строка 3 : Такой человек уже есть." in words
    assert "Не записано: Такой человек уже есть." in plain(keeper.get(grid))
    assert len(rows_of(quick_stage, Person)) == before + 2
    monkeypatch.undo()
    assert confirm(keeper, grid).status_code == 303  # the same press: the rest is recorded, nothing twice
    assert len(rows_of(quick_stage, Person)) == before + 3


def test_a_second_press_enters_nothing_twice(client_as, quick_stage):
    keeper = client_as("morozova")
    grid = bring(keeper, "people", THREE)
    sent = form_of(keeper, grid) | {"act": "record"}
    assert keeper.post(grid, data=sent).status_code == 303
    assert keeper.post(grid, data=sent).location == f"{grid}/result"
    assert len(rows_of(quick_stage, Person, last_name="Вторая")) == 1
    assert "Записано: 3" in plain(keeper.get(f"{grid}/result"))


def test_a_table_changed_in_another_window_is_not_recorded_unseen(client_as, quick_stage):
    keeper = client_as("morozova")
    grid = bring(keeper, "people", THREE)
    sent = form_of(keeper, grid) | {"act": "record"}
    row = rows_of(quick_stage, ImportRow)[0]
    press(keeper, grid, "check", **{f"cell-{row.id}-full_name": "Другая Ольга Петровна", f"was-{row.id}-full_name": ""})
    assert "изменили в другом окне" in plain(keeper.post(grid, data=sent), 409)
    assert rows_of(quick_stage, Person, last_name="Другая") == []
