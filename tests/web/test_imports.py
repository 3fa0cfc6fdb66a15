"""Imports: a table is taken, looked at row by row, and entered whole or not at all."""

import io
import re

import pytest
from sqlalchemy import event, select

from tests.play import at
from workflow_app import data
from workflow_app.db.models import Case, Event, Organization, Person, WorkingCopy
from workflow_app.features.imports.table_kinds import KINDS, MOST
from workflow_app.files.read_table import read_table
from workflow_app.files.write_table import write_xlsx

PEOPLE = "ФИО\tПочта\tОрганизация\tДолжность\tРоль\n"
THREE = PEOPLE + "Первая Анна Петровна\nВторая Анна Петровна\nТретья Анна Петровна"
CASES = "ФИО\tВид\tНазвание\tКанал\tДата поступления\tВнешний номер\tКатегория\tДолжность\n"
TITLE = "Установление первой категории по должности учитель"
SOKOLOVA = " ".join(next(one["name"] for one in data.load("demo_people")["people"] if one["key"] == "sokolova"))


def plain(answer, status=200):
    assert answer.status_code == status, answer.status_code
    return " ".join(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)).split())


def rows_of(stage, kind, **wanted):
    with stage.database.transaction(keep=False) as session:
        found = session.scalars(select(kind).filter_by(**wanted).order_by(*kind.__table__.primary_key)).unique().all()
        session.expunge_all()
        return found


def paste(client, kind, text, status=303):
    answer = client.post(f"/imports/{kind}", data={"rows": text})
    assert answer.status_code == status, plain(answer, answer.status_code)
    return answer


def confirm(client, kind):
    page = client.get(f"/imports/{kind}/check").get_data(as_text=True)
    return client.post(f"/imports/{kind}/check", data={"seen": re.search(r'name="seen" value="([^"]+)"', page)[1]})


def bring_in(client, kind, text):
    paste(client, kind, text)
    answer = confirm(client, kind)
    assert answer.status_code == 303, plain(answer, answer.status_code)
    return client.get(answer.location)


# -- who may, and what is offered --------------------------------------------------------------------------------------


def test_a_coordinator_imports_everything_and_an_administrator_no_cases(client_as):
    assert all(
        word in plain(client_as("morozova").get("/imports")) for word in ("Люди", "Организации", "Дела за заявителей")
    )
    assert "Дела за заявителей" not in plain(client_as("kuzmin").get("/imports"))
    assert client_as("kuzmin").get("/imports/cases").status_code == 404
    assert client_as("kuzmin").post("/imports/cases", data={"rows": CASES}).status_code == 404


@pytest.mark.parametrize(
    "path", ["/imports", "/imports/people", "/imports/people/check", "/imports/people/template", "/imports/people/done"]
)
def test_nobody_else_imports(client_as, path):
    for key in ("sokolova", "bondarenko", "gradov"):
        assert client_as(key).get(path).status_code == 403, key


def test_an_unknown_kind_is_not_found(client_as):
    assert client_as("morozova").get("/imports/cats").status_code == 404


@pytest.mark.parametrize("kind", list(KINDS))
def test_the_template_is_a_table_whose_example_row_is_never_entered(client_as, quick_stage, kind):
    keeper = client_as("morozova")
    book = keeper.get(f"/imports/{kind}/template")
    table = read_table(book.get_data(), "шаблон.xlsx")
    assert list(table.header) == [one.titles[0] for one in KINDS[kind].columns]
    before = len(rows_of(quick_stage, Event))
    answer = keeper.post(
        f"/imports/{kind}",
        data={"file": (io.BytesIO(book.get_data()), "шаблон.xlsx")},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 303
    assert "Строка примера" in plain(keeper.get(f"/imports/{kind}/check"))
    assert "все строки пропускаются" in plain(confirm(keeper, kind), 409)
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
        assert "Новикова Дарья Ильинична" in plain(keeper.get("/imports/people/check"))


def test_the_table_stands_on_the_server_between_the_steps_and_comes_back_to_be_corrected(client_as, quick_stage):
    keeper = client_as("morozova")
    paste(keeper, "people", PEOPLE + 'Новикова "Даша" Ильинична\tnovikova@example.ru')
    copy = rows_of(quick_stage, WorkingCopy, subject_kind="municipality")[0]
    assert copy.transition == "import_people"
    assert copy.data["rows"][0][2] == "novikova@example.ru"
    page = keeper.get("/imports/people/check").get_data(as_text=True).split("<main")[1].split("</main>")[0]
    assert re.findall(r'<input type="hidden" name="(?!csrf_token|opened_by)(\w+)"', page) == ["seen"]
    text = re.search(
        r"<textarea[^>]*>(.*?)</textarea>", keeper.get("/imports/people").get_data(as_text=True), re.DOTALL
    )[1]
    assert paste(keeper, "people", text.replace("&#34;", '"')).status_code == 303
    assert rows_of(quick_stage, WorkingCopy, subject_kind="municipality")[0].data["rows"] == copy.data["rows"]
    assert "Вернуться к проверке таблицы" in plain(keeper.get("/imports"))


def test_a_table_is_the_person_s_own(client_as):
    paste(client_as("morozova"), "people", PEOPLE + "Новикова Дарья Ильинична")
    answer = client_as("kuzmin").get("/imports/people/check")
    assert answer.status_code == 303
    assert answer.location == "/imports/people"


def test_a_dropped_table_leaves_nothing(client_as, quick_stage):
    keeper = client_as("morozova")
    paste(keeper, "people", PEOPLE + "Новикова Дарья Ильинична")
    assert keeper.post("/imports/people/forget").status_code == 303
    assert rows_of(quick_stage, WorkingCopy, subject_kind="municipality") == []
    assert keeper.post("/imports/people/forget").status_code == 303


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


def test_every_wrong_cell_is_named_and_nothing_is_entered(client_as, quick_stage):
    before = len(rows_of(quick_stage, Person))
    keeper = client_as("morozova")
    paste(
        keeper, "people",
        PEOPLE + "Новикова Дарья\tне адрес\tнет такой школы\tучител\tкосмонавт\nЕршов\t\t\t\t\nВерный Пётр Ильич\t\t\t\tадминистратор",
    )  # fmt: skip
    page = keeper.get("/imports/people/check")
    words = plain(page)
    assert "с ошибками: 3" in words
    for said in (
        "Адрес вида name@example.ru", "Такого варианта нет: «нет такой школы»", "Может быть, «учитель»?",
        "Такого варианта нет: «космонавт»", "Нужны фамилия, имя и отчество целиком", "Эту роль даёт администратор",
    ):  # fmt: skip
        assert said in words, said
    assert page.get_data(as_text=True).count('class="is-wrong"') >= 5
    assert "Записать" not in words
    assert "Ничего не записано" in plain(confirm(keeper, "people"), 409)
    assert len(rows_of(quick_stage, Person)) == before


def test_an_administrator_may_bring_in_any_role(client_as, quick_stage):
    assert "Записано: 1" in plain(
        bring_in(client_as("kuzmin"), "people", PEOPLE + "Верный Пётр Ильич\t\t\t\tкоординатор")
    )
    assert [one.role for one in rows_of(quick_stage, Person, last_name="Верный")[0].memberships] == ["coordinator"]


def test_doubles_in_the_table_and_of_people_known_already_are_left_out(client_as, quick_stage):
    new = "Новикова Дарья Ильинична\tn@example.ru\n"
    text = PEOPLE + f"{SOKOLOVA.upper()}\n{new}{new}Ершов Пётр\tsokolova@example.ru"
    keeper = client_as("morozova")
    paste(keeper, "people", text)
    words = plain(keeper.get("/imports/people/check"))
    assert "Такой человек уже есть: пропускается" in words
    assert "Повторяет строку 3: пропускается" in words
    assert "Общий адрес, он есть и у другого человека" in words
    paste(keeper, "people", text.rsplit("\n", 1)[0])
    assert "Записано: 1. Пропущено: 2" in plain(keeper.get(confirm(keeper, "people").location))
    assert len(rows_of(quick_stage, Person, last_name="Новикова")) == 1


def test_people_who_share_a_mailbox_are_several_people(client_as, quick_stage):
    """The key is the person. The address of an account opens it, so a shared one stands in nobody's card."""
    school = "school@example.ru"
    text = (
        PEOPLE
        + f"Новикова Дарья Ильинична\t{school}\nЕжова Анна Ильинична\t{school.upper()}\nЁлкина Ия Львовна\tiya@example.ru\n"
    )
    keeper = client_as("morozova")
    paste(keeper, "people", text)
    words = plain(keeper.get("/imports/people/check"))
    assert words.count("карточка будет без адреса") == 2
    assert "пропускается" not in words
    assert "Записано: 3" in plain(keeper.get(confirm(keeper, "people").location))
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
    paste(keeper, "people", PEOPLE + f"{name}\t\nНовик Ия Яковлевна\t")
    words = plain(keeper.get("/imports/people/check"))
    assert "Стоят инициалы: напишите имя и отчество целиком" in words
    assert "с ошибками: 1" in words
    assert rows_of(quick_stage, Person, last_name="Новикова") == []


def test_latin_letters_and_an_old_date_are_told_before_they_are_written(client_as, quick_stage):
    """A warning of the check, not a refusal: whoever presses the button has confirmed it."""
    keeper = client_as("morozova")
    paste(keeper, "people", PEOPLE + "Cepгеева Анна Петровна\t")
    words = plain(keeper.get("/imports/people/check"))
    assert "В слове «Cepгеева» есть латинские буквы: C, e, p" in words
    assert "Записано: 1" in plain(keeper.get(confirm(keeper, "people").location))
    assert len(rows_of(quick_stage, Person, last_name="Cepгеева")) == 1
    paste(keeper, "cases", CASES + f"{SOKOLOVA}\tМетодический материал\t{TITLE}\tпочтой\t01.01.1999\t\t\t")
    words = plain(keeper.get("/imports/cases/check"))
    assert "Год не нынешний: 01.01.1999" in words
    assert "Записать 1" in words


# -- cases on behalf ---------------------------------------------------------------------------------------------------


def test_cases_become_drafts_on_behalf_with_their_forms_begun(client_as, quick_stage):
    """0a.1: an application that came another way is entered by the coordinator; its date and number wait for registration."""
    text = CASES + f"{SOKOLOVA}\tАттестация\t{TITLE}\tГоспортал\t\t\t\t\n"
    keeper = client_as("morozova")
    paste(keeper, "cases", text)
    assert "Такого варианта нет: «Аттестация»" in plain(keeper.get("/imports/cases/check"))
    text = (
        CASES
        + f"{SOKOLOVA}\tаттестация: всесторонний анализ\t{TITLE}\tгосуслуги\t28.08.2026\t5501-77\tпервая\tучитель\n"
    )
    page = bring_in(keeper, "cases", text)
    case = rows_of(quick_stage, Case)[0]
    assert f"/cases/{case.id}" in page.get_data(as_text=True)
    assert (case.state, case.channel, case.type, case.number) == ("draft", "gosuslugi", "attestation_portfolio", None)
    assert case.applicant_id == quick_stage.people["sokolova"]
    assert case.entered_by_id == quick_stage.people["morozova"]
    typed = {
        one.transition: one.data for one in rows_of(quick_stage, WorkingCopy, subject_kind="case", subject_id=case.id)
    }
    assert typed["submit"]["target_category"] == "first"
    assert typed["submit"]["attested_position"] == "teacher"
    assert typed["submit"]["title"] == TITLE
    assert typed["register"] == {"outside_number": "5501-77", "received_at": "2026-08-28"}
    assert client_as("morozova").get(f"/cases/{case.id}").status_code == 200
    assert client_as("sokolova").get(f"/cases/{case.id}").status_code == 200


def test_an_applicant_whom_nobody_knows_is_added_once_for_all_rows(client_as, quick_stage):
    line = "Новикова Дарья Ильинична\tМетодический материал\t{}\tпочтой\t\t\t\tучитель\n"
    text = CASES + line.format("Сборник упражнений по чтению") + line.format("Сборник упражнений по письму")
    keeper = client_as("morozova")
    paste(keeper, "cases", text)
    assert "Человек будет добавлен" in plain(keeper.get("/imports/cases/check"))
    assert confirm(keeper, "cases").status_code == 303
    people = rows_of(quick_stage, Person, last_name="Новикова")
    assert len(people) == 1
    assert {one.applicant_id for one in rows_of(quick_stage, Case)} == {people[0].id}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"{SOKOLOVA}\tМетодический материал\tкоротко\tпочтой\t\t\t\t", "Слишком коротко"),
        (f"{SOKOLOVA}\tМетодический материал\t{TITLE}\tголубем\t\t\t\t", "Такого варианта нет: «голубем»"),
        (f"{SOKOLOVA}\tМетодический материал\t{TITLE}\tпочтой\t31.12.2099\t\t\t", "ещё не наступила"),
        (f"{SOKOLOVA}\tМетодический материал\t{TITLE}\tпочтой\tвчера\t\t\t", "Нужна дата"),
        (f"{SOKOLOVA}\tМетодический материал\t{TITLE}\tпочтой\t\t\tпервая\t", "только для аттестации"),
        (f"{SOKOLOVA}\tМетодический материал\t{TITLE}\tпочтой\t\t{'9' * 120}\t\t", "Слишком длинно"),
        (f"Новикова\tМетодический материал\t{TITLE}\tпочтой\t\t\t\t", "Нужны фамилия, имя и отчество"),
        (f"{SOKOLOVA}\t\t{TITLE}\t\t\t\t\t", "Обязательное поле"),
    ],
)
def test_a_wrong_row_of_cases_is_named(client_as, quick_stage, line, said):
    keeper = client_as("morozova")
    paste(keeper, "cases", CASES + line)
    assert said in plain(keeper.get("/imports/cases/check"))
    assert confirm(keeper, "cases").status_code == 409
    assert rows_of(quick_stage, Case) == []


def test_namesakes_need_an_address_or_a_place(client_as, quick_stage):
    keeper = client_as("morozova")
    place = rows_of(quick_stage, Organization)[0].name
    bring_in(
        keeper,
        "people",
        PEOPLE + f"Иванова Анна Ильинична\ta@example.ru\t{place}\nИванова Анна Ильинична\tb@example.ru\t",
    )
    paste(keeper, "cases", CASES + f"Иванова Анна Ильинична\tМетодический материал\t{TITLE}\tпочтой")
    assert "Таких людей несколько" in plain(keeper.get("/imports/cases/check"))
    text = (
        CASES.replace("ФИО", "ФИО\tПочта")
        + f"Иванова Анна Ильинична\tb@example.ru\tМетодический материал\t{TITLE}\tпочтой"
    )
    bring_in(keeper, "cases", text)
    assert rows_of(quick_stage, Case)[0].applicant_id == rows_of(quick_stage, Person, email="b@example.ru")[0].id


def test_a_case_that_is_there_already_is_left_out(client_as, quick_stage):
    road = at(quick_stage, "submitted")
    case = rows_of(quick_stage, Case, id=road.case_id)[0]
    keeper = client_as("morozova")
    paste(keeper, "cases", CASES + f"{SOKOLOVA}\tМетодический материал\t{case.title}\tпочтой")
    assert "Такое дело уже есть: пропускается" in plain(keeper.get("/imports/cases/check"))


# -- all or nothing ----------------------------------------------------------------------------------------------------


def test_a_row_that_fails_at_the_last_moment_takes_the_whole_table_back_and_is_named(
    client_as, quick_stage, monkeypatch
):
    from workflow_app.errors import N_, Invalid
    from workflow_app.features.imports import apply_rows

    usual = apply_rows.person_row

    def crowded(municipality_id, last_name, first_name):
        if last_name == "Вторая":
            raise Invalid({"last_name": (N_("Такой человек уже есть."),)})
        return usual(municipality_id, last_name, first_name)

    monkeypatch.setattr(apply_rows, "person_row", crowded)
    keeper = client_as("morozova")  # the first log-in is an event of its own: the hash of a test's password is dated
    before, events = len(rows_of(quick_stage, Person)), len(rows_of(quick_stage, Event))
    paste(keeper, "people", THREE)
    answer = confirm(keeper, "people")
    assert "Строка 3 не прошла: Такой человек уже есть. Ничего не записано." in plain(answer, 409)
    assert len(rows_of(quick_stage, Person)) == before
    assert len(rows_of(quick_stage, Event)) == events
    monkeypatch.undo()
    assert confirm(keeper, "people").status_code == 303  # the table is still there
    assert len(rows_of(quick_stage, Person)) == before + 3


def test_a_second_press_enters_nothing_twice(client_as, quick_stage):
    keeper = client_as("morozova")
    bring_in(keeper, "people", THREE)
    again = keeper.post("/imports/people/check", data={"seen": "2026-01-01"})
    assert again.location == "/imports/people"
    assert len(rows_of(quick_stage, Person, last_name="Вторая")) == 1
    assert "Записано: 3" in plain(keeper.get("/imports/people/done"))


def test_a_table_replaced_in_another_window_is_not_entered_unseen(client_as, quick_stage):
    keeper = client_as("morozova")
    paste(keeper, "people", THREE)
    page = keeper.get("/imports/people/check").get_data(as_text=True)
    paste(keeper, "people", PEOPLE + "Другая Ольга Петровна")
    answer = keeper.post("/imports/people/check", data={"seen": re.search(r'name="seen" value="([^"]+)"', page)[1]})
    assert "таблицу заменили в другом окне" in plain(answer, 409)
    assert rows_of(quick_stage, Person, last_name="Другая") == []


def test_the_preview_costs_the_same_for_two_rows_and_for_two_hundred(client_as, app):
    keeper = client_as("morozova")

    def statements(number):
        text = CASES + "\n".join(
            f"Проверкин Иван Номер{n}\tМетодический материал\tСборник упражнений № {n}\tпочтой" for n in range(number)
        )
        paste(keeper, "cases", text)
        seen = []
        listen = lambda *args: seen.append(args[2])  # noqa: E731
        engine = app.extensions["workflow_database"].engine
        event.listen(engine, "before_cursor_execute", listen)
        assert f"будет записано: {number}" in plain(keeper.get("/imports/cases/check"))
        event.remove(engine, "before_cursor_execute", listen)
        return len(seen)

    assert statements(2) == statements(200)


def test_dangerous_cells_are_text_and_nothing_more(client_as, quick_stage):
    keeper = client_as("morozova")
    evil = "<script>alert(1)</script> Иван =CMD()"
    paste(keeper, "people", PEOPLE + evil)
    assert "<script>alert" not in keeper.get("/imports/people/check").get_data(as_text=True)
    page = keeper.get(confirm(keeper, "people").location).get_data(as_text=True)
    assert "<script>alert" not in page
    assert rows_of(quick_stage, Person, last_name="<script>alert(1)</script>")
