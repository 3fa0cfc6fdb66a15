"""Forty applications of a month: from the spreadsheet to registered cases in a few presses, with what is wrong kept apart."""

import errno
import io
import re
from datetime import timedelta

import pytest

from tests.play import at, draft
from tests.rows import rows_of
from tests.statements import count_statements
from tests.web.imports import SOKOLOVA, bring, confirm, form_of, packed, press
from tests.web.pages import plain
from workflow_app import clock, data
from workflow_app.db.blobs import Blobs, NotStored
from workflow_app.db.models import (
    Case,
    CaseFile,
    Event,
    ExpertCard,
    ImportRow,
    ImportWord,
    Job,
    Organization,
    Person,
    WorkingCopy,
)
from workflow_app.features.imports import archive, table_store
from workflow_app.features.imports.apply_rows import SMALL
from workflow_app.features.imports.lines import Line
from workflow_app.files.read_table import read_table
from workflow_app.files.sample_pdf import pdf_from_text
from workflow_app.operations import sweep
from workflow_app.runtime import job_worker

HEAD = (
    "№ п/п\tФИО педагога\tОО\tДолжность\tПредмет\tИмеющаяся категория\tЗаявленная категория\tДата заявления\t"
    "Как поступило\tНомер заявления\n"
)
CASES = "ФИО\tВид\tНазвание\tКанал\tДата поступления\n"
FOR_ALL = {"all-case_type": "attestation_portfolio", "all-education_level": "basic", "all-signed": "yes"}
PDF = pdf_from_text("Заявление", "Прошу установить первую категорию.")
MATERIAL = "Сборник упражнений по чтению"


def month(place, rows, channel="Госуслуги"):
    """A month's table: each row another teacher."""
    names = {n: f"Учителева{'абвгде'[n % 6]}{'абвгдежз'[n // 6]} Анна Петровна" for n in rows}
    lines = (
        f"{n}\t{name}\t{place}\tучитель\tМатематика\tнет\tпервая\t{1 + n % 28}.08.2026\t{channel}\t66-{n:04}\n"
        for n, name in names.items()
    )
    return HEAD + "".join(lines)


def place_of(stage):
    return rows_of(stage, Organization)[0].name


def test_forty_rows_become_forty_registered_cases_in_six_presses(client_as, quick_stage, settings):
    """Paste, check, three values for the whole table, check, record: everything else the machine does."""
    keeper, presses = client_as("morozova"), 0
    grid = bring(keeper, "cases", month(place_of(quick_stage), range(1, 41), "КАИС"))
    presses += 2  # paste, «Проверить»
    words = plain(keeper.get(grid))
    assert "«КАИС» Как поступило, строк: 40" in words
    assert "40 с ошибками" in words  # an unknown word is one, whatever else is still to be chosen
    checked = press(keeper, grid, "check", **FOR_ALL)
    presses += len(FOR_ALL) + 1
    assert "40 будет записано" in plain(keeper.get(checked.location))
    answer = confirm(keeper, grid)
    presses += 1
    assert presses <= 7
    assert "data-progress-again" in keeper.get(answer.location).get_data(as_text=True)
    assert rows_of(quick_stage, Case) == []  # nothing is written while the person waits
    assert keeper.post(grid, data={"act": "record"}).location == answer.location  # a second press: it is being recorded
    job_worker.work(quick_stage.database, settings)
    page = keeper.get(answer.location)
    assert "Записано: 40" in plain(page)
    cases = rows_of(quick_stage, Case)
    together = keeper.post(
        "/bulk/case/numbers", data={"rows": re.search(r'name="rows" value="([\d ]+)"', page.get_data(as_text=True))[1]}
    )
    assert f"{len(cases)}" in plain(together)  # «Назначить комиссии»: all of them go on together
    assert {one.state for one in cases} == {"registered"}
    assert len({one.number for one in cases}) == 40
    first = cases[0]
    assert (first.channel, f"{first.received_at}", first.outside_number) == ("kais", "2026-08-02", "66-0001")
    assert first.title == "Установление первой квалификационной категории по должности «учитель»"
    events = rows_of(quick_stage, Event, root_kind="case", root_id=first.id)
    assert [one.transition for one in events][:3] == ["begin", "submit", "register"]
    assert {(one.actor_id, one.via) for one in events[:3]} == {(quick_stage.people["morozova"], "bulk")}
    job = rows_of(quick_stage, Job)[0]
    item = rows_of(quick_stage, ImportRow)[0]
    assert keeper.get(f"/imports/rows/{item.id}").location == f"/cases/{first.id}"
    assert keeper.get(f"/imports/jobs/{job.id}").location == grid
    assert client_as("subbotina").get(f"/imports/jobs/{job.id}").status_code == 404
    assert f"/imports/rows/{item.id}" in keeper.get(f"/jobs/{job.id}").get_data(as_text=True)


def test_rows_wait_for_the_kind_of_examination_and_are_no_errors_until_it_is_chosen(client_as, quick_stage):
    """One sentence at the top with its select; the counts tell of what is wrong apart; rows that need nobody's hand are folded."""
    keeper = client_as("morozova")
    table = month(place_of(quick_stage), range(1, 5)).replace("Анна Петровна", "А. П.", 1)
    grid = bring(keeper, "cases", table)
    page = keeper.get(grid)
    words = plain(page)
    assert words.count("Выберите вид экспертизы для всей таблицы") == 1
    assert (
        words.index("Выберите вид экспертизы") < words.index("все строки") < words.index("Для всей таблицы Подставится")
    )
    assert "4 все строки 0 будет записано 3 ждёт выбора 1 с ошибками" in words
    assert "ждёт выбора Учител" not in words  # what is wrong is shown first, alone
    assert page.get_data(as_text=True).count('<tr id="row-') == 1
    every = plain(keeper.get(f"{grid}?show=all"))
    assert every.count("ждёт выбора") == 1 + 2 * 3  # of each beside the folded name and in the grid
    assert confirm(keeper, grid).status_code == 409 and rows_of(quick_stage, Case) == []
    book = read_table(keeper.get(f"{grid}/left.xlsx").get_data(), "осталось.xlsx")
    assert len(book.rows) == 4
    assert press(keeper, f"{grid}?show=all", "check", **FOR_ALL).location.endswith(
        "show=all"
    )  # what was shown stays so
    words = plain(keeper.get(grid))
    assert "Выберите вид экспертизы" not in words and "3 будет записано 1 с ошибками" in words
    assert "4. Учителевага Анна Петровна Аттестация: всесторонний анализ" in plain(keeper.get(f"{grid}?show=all"))


def test_many_rows_go_in_the_background_a_few_at_once(client_as, quick_stage):
    keeper = client_as("morozova")
    grid = bring(keeper, "cases", month(place_of(quick_stage), range(1, 4)))
    press(keeper, grid, "check", **FOR_ALL)
    assert SMALL >= 3
    assert "Записано: 3" in plain(keeper.get(confirm(keeper, grid).location))
    assert rows_of(quick_stage, Job) == []
    assert rows_of(quick_stage, WorkingCopy, subject_kind="case") == []  # what was typed has been performed


def test_a_stopped_job_is_gone_on_with_and_no_row_is_recorded_twice(client_as, quick_stage, settings):
    keeper = client_as("morozova")
    grid = bring(keeper, "cases", month(place_of(quick_stage), range(1, SMALL + 3)))
    press(keeper, grid, "check", **FOR_ALL)
    confirm(keeper, grid)
    job = rows_of(quick_stage, Job)[0]
    keeper.post(f"/jobs/{job.id}/stop")
    assert "можно продолжить" in plain(keeper.get(f"{grid}/result"))
    confirm(keeper, grid)
    job_worker.work(quick_stage.database, settings)
    job_worker.work(quick_stage.database, settings)
    assert len(rows_of(quick_stage, Case)) == SMALL + 2
    assert {one.state for one in rows_of(quick_stage, ImportRow)} == {"done"}


def test_a_word_is_explained_once_remembered_for_the_centre_and_can_be_forgotten(client_as, quick_stage):
    keeper = client_as("morozova")
    text = "ФИО\tКуда пришло\tКанал\n" + "Новикова Дарья Ильинична\tв кабинет 5\tшкола\n"
    grid = bring(keeper, "cases", text)
    page = plain(keeper.get(grid))
    assert "Столбец «Куда пришло»" in page
    assert "«школа» Как поступило, строк: 1" in page
    press(keeper, grid, "check", **{"word-0-is": "school"})
    assert {(one.of_list, one.word, one.value) for one in rows_of(quick_stage, ImportWord)} == {
        ("channels", "школа", "school"), ("columns:cases", "куда пришло", "-"),
    }  # fmt: skip
    other = client_as("subbotina")
    page = plain(other.get(bring(other, "cases", text)))
    assert "«школа»" not in page
    assert "Куда пришло" not in page
    page = other.get("/imports/words")
    assert "школа Как поступило через образовательную организацию" in plain(page)
    word = rows_of(quick_stage, ImportWord, of_list="channels")[0]
    assert other.post("/imports/words", data={"forget": str(word.id)}).status_code == 303
    assert "«школа»" in plain(keeper.get(bring(keeper, "cases", text)))


def test_a_word_is_not_explained_by_what_is_in_no_list(client_as, quick_stage):
    keeper = client_as("morozova")
    grid = bring(keeper, "cases", "ФИО\tКанал\nНовикова Дарья Ильинична\tшкола\n")
    press(keeper, grid, "check", **{"word-0-is": "голубь", "word-1": "x", "word-1-in": "secret", "word-1-is": "school"})
    assert rows_of(quick_stage, ImportWord) == []


def test_a_heading_that_nobody_needs_asks_for_no_press_of_its_own(client_as, quick_stage):
    keeper = client_as("morozova")
    grid = bring(keeper, "people", "ФИО\tПримечание\nНовикова Дарья Ильинична\tпозвонить")
    assert "Столбец «Примечание»" in plain(keeper.get(grid))
    assert confirm(keeper, grid).status_code == 303
    assert len(rows_of(quick_stage, Person, last_name="Новикова")) == 1
    grid = bring(keeper, "people", "ФИО\tДолжносьть\nНовиков Денис Ильич\tучитель")
    assert press(keeper, grid, "record", **{"head-0-is": "-"}).status_code == 409, "the rows were shown with the post"
    assert confirm(keeper, grid).status_code == 303
    assert [one.position for one in rows_of(quick_stage, Person, last_name="Новиков")] == [""]


def test_a_form_of_nonsense_changes_nothing(client_as, quick_stage):
    keeper, long = client_as("morozova"), "9" * 5000
    grid = bring(keeper, "cases", month(place_of(quick_stage), [1]))
    sent = {
        f"cell-{long}-full_name": "x",
        f"twin-{long}-case": "same",
        "file-0": long,
        "cell-1": "x",
        "word-0": "x",
        "all-nothing": "x",
    }
    assert press(keeper, grid, "check", **sent).status_code == 303
    assert keeper.get(f"{grid}?edit={long}&show=nothing").status_code == 200
    assert keeper.post("/imports/words", data={"forget": long}).status_code == 303
    assert rows_of(quick_stage, ImportRow)[0].typed == {}


# -- what stays a draft ------------------------------------------------------------------------------------------------


def test_a_material_without_its_paper_stays_a_draft_and_says_so(client_as, quick_stage):
    keeper = client_as("morozova")
    grid = bring(keeper, "cases", CASES + f"{SOKOLOVA}\tМетодический материал\t{MATERIAL}\tпочтой\t28.08.2026")
    words = plain(keeper.get(grid))
    assert "1 останется черновиком" in words
    assert "Аннотация" in words
    page = keeper.get(confirm(keeper, grid).location)
    case = rows_of(quick_stage, Case)[0]
    assert (case.state, case.number, case.applicant_id) == ("draft", None, quick_stage.people["sokolova"])
    assert "Осталось черновиком. Не хватает:" in plain(page)
    assert f'href="/cases/{case.id}"' in page.get_data(as_text=True)
    typed = {
        one.transition: one.data for one in rows_of(quick_stage, WorkingCopy, subject_kind="case", subject_id=case.id)
    }
    assert typed["submit"]["title"] == MATERIAL
    assert typed["register"] == {"received_at": "2026-08-28"}
    assert client_as("sokolova").get(f"/cases/{case.id}").status_code == 200


def test_an_unsigned_application_is_no_submission(client_as, quick_stage):
    keeper = client_as("morozova")
    grid = bring(keeper, "cases", month(place_of(quick_stage), [1]))
    press(keeper, grid, "check", **FOR_ALL | {"all-signed": ""})
    assert "отметка, что заявление подписано" in plain(keeper.get(grid))
    confirm(keeper, grid)
    assert [one.state for one in rows_of(quick_stage, Case)] == ["draft"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"{SOKOLOVA}\tМетодический материал\tкоротко\tпочтой\t28.08.2026", "Слишком коротко"),
        (f"{SOKOLOVA}\tМетодический материал\t{MATERIAL}\tголубем\t28.08.2026", "«голубем»"),
        (f"{SOKOLOVA}\tМетодический материал\t{MATERIAL}\tпочтой\t31.12.2099", "ещё не наступила"),
        (f"{SOKOLOVA}\tМетодический материал\t{MATERIAL}\tпочтой\tвчера", "Нужна дата"),
        (f"Новикова\tМетодический материал\t{MATERIAL}\tпочтой\t28.08.2026", "Нужны фамилия, имя и отчество"),
        (f"{SOKOLOVA}\t\tкоротко\t\t", "Слишком коротко"),
    ],
)
def test_a_wrong_row_of_cases_is_named_and_waits(client_as, quick_stage, line, said):
    keeper = client_as("morozova")
    grid = bring(keeper, "cases", CASES + line)
    assert said in plain(keeper.get(grid))
    assert confirm(keeper, grid).status_code == 409
    assert rows_of(quick_stage, Case) == []


def test_a_category_is_asked_for_by_an_attestation_alone(client_as):
    keeper = client_as("morozova")
    text = (
        CASES.replace("ФИО", "ФИО\tКатегория")
        + f"{SOKOLOVA}\tпервая\tМетодический материал\t{MATERIAL}\tпочтой\t28.08.2026"
    )
    assert "Категория указывается только для аттестации" in plain(keeper.get(bring(keeper, "cases", text)))


def test_an_applicant_whom_nobody_knows_is_added_once_for_all_rows(client_as, quick_stage):
    line = "Новикова Дарья Ильинична\tМетодический материал\t{}\tпочтой\t28.08.2026\n"
    keeper = client_as("morozova")
    grid = bring(keeper, "cases", CASES + line.format(MATERIAL) + line.format("Сборник упражнений по письму"))
    assert "Человек будет добавлен" in plain(keeper.get(grid))
    assert confirm(keeper, grid).status_code == 303
    people = rows_of(quick_stage, Person, last_name="Новикова")
    assert len(people) == 1
    cases = rows_of(quick_stage, Case)
    assert [one.applicant_id for one in cases] == [people[0].id]
    assert "Похожая запись уже есть" in plain(
        keeper.get(f"{grid}/result")
    )  # the second of one kind waits to be looked at
    row = rows_of(quick_stage, ImportRow)[1]
    press(keeper, grid, "check", **{f"twin-{row.id}-case": "other"})
    confirm(keeper, grid)
    assert len(rows_of(quick_stage, Case)) == 2


# -- likely doubles ----------------------------------------------------------------------------------------------------


def test_a_draft_that_a_teacher_has_not_sent_is_neither_shown_nor_counts(client_as, quick_stage):
    """Nobody but its author knows of it: the paper application is recorded."""
    _road, form = draft(quick_stage)
    keeper = client_as("morozova")
    for title in (form["title"], "Совсем другой сборник"):
        row = f"{SOKOLOVA}\tМетодический материал\t{title}\tпочтой\t28.08.2026"
        words = plain(keeper.get(bring(keeper, "cases", CASES + row)))
        assert "Такое дело уже есть" not in words
        assert "похоже на то, что есть" not in words
        assert "Черновик" not in words


def test_a_case_of_the_same_title_is_left_out_and_one_like_it_is_shown_beside(client_as, quick_stage):
    road = at(quick_stage, "submitted")
    case = rows_of(quick_stage, Case, id=road.case_id)[0]
    keeper = client_as("morozova")
    grid = bring(keeper, "cases", CASES + f"{SOKOLOVA}\tМетодический материал\t{case.title}\tпочтой\t28.08.2026")
    assert "Такое дело уже есть: пропускается" in plain(keeper.get(grid))
    grid = bring(
        keeper, "cases", CASES + f"{SOKOLOVA}\tМетодический материал\tСовсем другой сборник\tпочтой\t28.08.2026"
    )
    words = plain(keeper.get(grid))
    assert "1 похоже на то, что есть" in words
    assert f"Дело Совсем другой сборник {case.title}" in words
    assert confirm(keeper, grid).status_code == 409
    row = rows_of(quick_stage, ImportRow)[-1]
    press(keeper, grid, "check", **{f"twin-{row.id}-case": "same"})
    assert "Это то же дело: пропускается" in plain(keeper.get(grid))
    press(keeper, grid, "check", **{f"twin-{row.id}-case": "other"})
    confirm(keeper, grid)
    assert len(rows_of(quick_stage, Case)) == 2


def test_a_namesake_of_another_school_is_asked_about(client_as, quick_stage):
    places = rows_of(quick_stage, Organization)
    there = rows_of(quick_stage, Person, last_name="Соколова")[0]
    other = next(one for one in places if one.id != there.organization_id)
    text = (
        CASES.replace("ФИО", "ФИО\tОО")
        + f"{SOKOLOVA}\t{other.name}\tМетодический материал\t{MATERIAL}\tпочтой\t28.08.2026"
    )
    keeper = client_as("morozova")
    grid = bring(keeper, "cases", text)
    assert "Это тот же человек" in plain(keeper.get(grid))
    row = rows_of(quick_stage, ImportRow)[0]
    press(keeper, grid, "check", **{f"twin-{row.id}-person": "same"})
    confirm(keeper, grid)
    assert rows_of(quick_stage, Case)[0].applicant_id == there.id


def test_namesakes_need_an_address_or_a_place(client_as, quick_stage):
    keeper, (here, there, *_rest) = client_as("morozova"), rows_of(quick_stage, Organization)
    name = "Иванова Анна Ильинична"
    grid = bring(
        keeper, "people", f"ФИО\tПочта\tОО\n{name}\ta@example.ru\t{here.name}\n{name}\tb@example.ru\t{there.name}"
    )
    confirm(keeper, grid)
    row = rows_of(quick_stage, ImportRow)[1]
    press(
        keeper, grid, "check", **{f"twin-{row.id}-person": "other"}
    )  # the second is asked about: there is a namesake now
    confirm(keeper, grid)
    line = f"Методический материал\t{MATERIAL}\tпочтой\t28.08.2026"
    assert "Таких людей несколько" in plain(keeper.get(bring(keeper, "cases", f"{CASES}{name}\t{line}")))
    confirm(keeper, bring(keeper, "cases", CASES.replace("ФИО", "ФИО\tПочта") + f"{name}\tb@example.ru\t{line}"))
    assert rows_of(quick_stage, Case)[0].applicant_id == rows_of(quick_stage, Person, email="b@example.ru")[0].id


# -- files of one archive ----------------------------------------------------------------------------------------------


def test_files_of_an_archive_find_their_rows_and_the_others_are_named(client_as, quick_stage, tmp_path):
    keeper = client_as("morozova")
    place = place_of(quick_stage)
    grid = bring(keeper, "cases", month(place, [1, 2, 3]))
    press(keeper, grid, "check", **FOR_ALL)
    names = [one.cells[1].split()[0] for one in rows_of(quick_stage, ImportRow)]
    content = packed(**{
        f"Заявления/{names[0]} А. П. заявление.pdf": PDF, "66-0002 заявление.pdf": PDF, f"{names[2]} приказ о категории.pdf": PDF,
        "чужой.pdf": PDF, "вирус.exe": b"MZ" + bytes(64), "__MACOSX/._x": b"x",
    })  # fmt: skip
    answer = keeper.post(
        f"{grid}/files", data={"archive": (io.BytesIO(content), "ноябрь.zip")}, content_type="multipart/form-data"
    )
    words = plain(keeper.get(answer.location))
    assert "Файлов разложено по строкам: 3, не нашли своей строки: 2" in words
    assert f"{names[0]} А. П. заявление.pdf" in words
    assert "чужой.pdf" in words
    rows = rows_of(quick_stage, ImportRow)
    assert [[file["kind"] for file in one.files] for one in rows] == [
        ["application"],
        ["application"],
        ["category_order"],
    ]
    swept = sweep.sweep(quick_stage.database, tmp_path / "cache", quick_stage.moment.replace(year=2100))
    assert swept.orphans == 1  # the one that was refused; files that wait for their rows are nobody's rubbish
    press(keeper, grid, "check", **{"file-0": "4", "file-1": "-"})
    assert "не нашли своей строки" not in plain(keeper.get(grid)).split("Файлы одним архивом")[0]
    confirm(keeper, grid)
    files = rows_of(quick_stage, CaseFile)
    assert len(files) == 4
    assert {one.uploaded_by_id for one in files} == {quick_stage.people["morozova"]}


def test_a_second_press_gives_no_other_file_to_the_row(client_as, quick_stage):
    """When the first press has taken the first file off the page, the second still speaks of that one."""
    keeper = client_as("morozova")
    grid = bring(keeper, "cases", month(place_of(quick_stage), [1, 2]))
    content = packed(**{"первый.pdf": PDF, "чужой.pdf": PDF + b"%"})
    keeper.post(f"{grid}/files", data={"archive": (io.BytesIO(content), "а.zip")}, content_type="multipart/form-data")
    sent = form_of(keeper, grid) | {"file-0": str(rows_of(quick_stage, ImportRow)[0].number), "act": "check"}
    for _ in range(2):
        assert keeper.post(grid, data=sent).status_code == 303
    first, second = rows_of(quick_stage, ImportRow)
    assert [one["name"] for one in first.files] == ["первый.pdf"]
    assert second.files == []


def test_what_is_no_archive_is_said_and_changes_nothing(client_as, quick_stage, monkeypatch):
    keeper = client_as("morozova")
    grid = bring(keeper, "cases", month(place_of(quick_stage), [1]))
    with monkeypatch.context() as patched:  # an archive that the disk does not take is no archive of refused files

        def full(*_given):
            raise NotStored(OSError(errno.ENOSPC, "no space"))

        patched.setattr(Blobs, "put", full)
        sent = {"archive": (io.BytesIO(packed(**{"заявление.pdf": PDF})), "а.zip")}
        answer = keeper.post(f"{grid}/files", data=sent, content_type="multipart/form-data")
    told = plain(keeper.get(answer.location))
    assert "закончилось место" in told
    assert "не нашли своей строки" not in told
    for content in (b"", b"PK\x03\x04 broken", PDF, packed()):
        answer = keeper.post(
            f"{grid}/files", data={"archive": (io.BytesIO(content), "а.zip")}, content_type="multipart/form-data"
        )
        assert answer.status_code == 303
        assert keeper.get(answer.location).status_code == 200
    assert rows_of(quick_stage, ImportRow)[0].files == []
    people = bring(keeper, "people", "ФИО\nНовикова Дарья Ильинична")
    assert keeper.post(f"{people}/files", data={"archive": (io.BytesIO(packed(x=b"x")), "а.zip")}).location == people


# -- experts -----------------------------------------------------------------------------------------------------------


def test_experts_come_with_directions_training_and_limit_and_again_only_what_is_new(client_as, quick_stage):
    head = "ФИО эксперта\tНаправление\tПредмет\tНомер удостоверения\tДата удостоверения\tЧасы\tКатегория\tПредел\n"
    keeper, directions = client_as("morozova"), [str(one["title"]) for one in data.load("directions")["directions"]]
    line = f"Новикова Дарья Ильинична\t{directions[0]}; {directions[1]}\tМатематика\tУ-0101\t15.05.2025\t72 ч.\tвысшая\t3\n"
    confirm(keeper, bring(keeper, "experts", head + line))
    person = rows_of(quick_stage, Person, last_name="Новикова")[0]
    card = rows_of(quick_stage, ExpertCard, person_id=person.id)[0]
    assert len(card.directions) == 2
    assert (card.training, card.category, card.load_limit) == ("№ У-0101 от 15.05.2025, 72 ч.", "highest", 3)
    assert {one.role for one in person.memberships} == {"teacher", "expert"}
    grid = bring(keeper, "experts", head + line)
    assert "В реестре уже стоит то же самое" in plain(keeper.get(confirm(keeper, grid).location))
    confirm(keeper, bring(keeper, "experts", head + f"Новикова Дарья Ильинична\t{directions[0]}\t\t\t\t\t\t7\n"))
    card = rows_of(quick_stage, ExpertCard, person_id=person.id)[0]
    assert (card.training, card.load_limit, len(card.directions)) == ("№ У-0101 от 15.05.2025, 72 ч.", 7, 1)
    assert client_as("kuzmin").get("/imports/experts").status_code == 404


def test_a_file_names_its_row_by_number_name_or_initials():
    people = (("Иванова Анна Петровна", "55-0101"), ("Иванова Ольга Марковна", ""), ("Ли Ян", ""))
    lines = [Line(n, n, {"full_name": name, "outside_number": number}) for n, (name, number) in enumerate(people, 1)]
    told = {
        "Иванова А.П.pdf": 1, "Иванова_О_М скан.pdf": 2, "иванова ольга марковна/1.pdf": 2, "Заявление 55-0101.pdf": 1, "03 скан.pdf": 3,
        "Ли приказ о категории.pdf": 3, "Иванова.pdf": None, "Иванова Б. Б.pdf": None, "99 скан.pdf": None, "прочее.pdf": None,
    }  # fmt: skip
    found = archive.match([archive.Found(path, path) for path in told], lines)
    assert {path: found.get(path) for path in told} == told


def test_a_file_tells_what_paper_it_is():
    known = (
        ("Иванова заявление.pdf", (), "application"),
        ("скан 1.pdf", (), "application"),
        ("скан 2.pdf", ("application",), "evidence"),
    )
    for path, there, kind in known:
        assert archive.kind_of(archive.Found(path, path), "attestation_portfolio", there) == kind, path
    assert archive.kind_of(archive.Found("скан.pdf", "скан.pdf"), "no such kind", ()) == ""


def test_rows_that_wait_come_back_mended_in_a_spreadsheet(client_as, quick_stage):
    keeper = client_as("morozova")
    grid = bring(keeper, "cases", month(place_of(quick_stage), [1, 2]).replace("Анна Петровна", "А. П.", 1))
    press(keeper, grid, "check", **FOR_ALL)
    confirm(keeper, grid)
    book = keeper.get(f"{grid}/left.xlsx").get_data()
    table = read_table(book, "осталось.xlsx")
    assert [row.cells[0] for row in table.rows] == ["2"]
    answer = keeper.post(
        "/imports/cases", data={"file": (io.BytesIO(book), "осталось.xlsx")}, content_type="multipart/form-data"
    )
    words = plain(keeper.get(answer.location))
    assert "Что это значит?" not in words  # our own headings are known, and what stood for all stands in its cells
    assert "1 с ошибками" in words
    assert "Стоят инициалы" in words


@pytest.mark.parametrize("kind", ["people", "cases"])
def test_the_result_costs_the_same_for_one_row_and_for_seven(client_as, quick_stage, app, kind):
    keeper, place = client_as("morozova"), place_of(quick_stage)

    def statements(rows):
        grid = bring(keeper, kind, month(place, rows))
        if kind == "cases":
            press(keeper, grid, "check", **FOR_ALL)
        confirm(keeper, grid)
        with count_statements(app.extensions["workflow_database"].engine) as told:
            assert f"Записано: {len(rows)}." in plain(keeper.get(f"{grid}/result"))
        return len(told)

    assert statements([1]) == statements([*range(2, 9)])


def test_a_table_that_nobody_has_touched_for_long_is_forgotten_with_its_cells(client_as, quick_stage):
    keeper = client_as("morozova")
    grid = bring(keeper, "people", "ФИО\nНовикова Д. И.")
    table_store.forget_old(quick_stage.database)
    assert keeper.get(grid).status_code == 200
    with clock.at(clock.now() + table_store.KEPT + timedelta(days=1)):
        table_store.forget_old(quick_stage.database)
    assert rows_of(quick_stage, ImportRow) == []
    assert keeper.get(grid).status_code == 404


def test_a_column_is_known_by_words_like_its_name_and_by_what_stands_beneath(client_as, quick_stage):
    """A school's own headings: part of a name, a slip, a name of nobody's whose cells are subjects; one press confirms all."""
    keeper = client_as("morozova")
    grid = bring(
        keeper, "cases",
        "Педагогический работник (полностью)\tШкола/ОО\tСтаж\tДолжносьть\tЧто ведёт\tКатегория\tОсобые отметки\n"
        "Новикова Дарья Ильинична\tШкола 9\t17 лет\tучитель\tМатематика\tвысшая\tпозвонить\n"
        "Новиков Денис Ильич\tШкола 9\t9\tучитель\tРусский язык\tпервая\tда\n",
    )  # fmt: skip
    page = keeper.get(grid).get_data(as_text=True)
    guessed = dict(re.findall(r"Столбец «([^»]+)».*?<option value=\"([\w-]+)\" selected", page, re.DOTALL))
    assert guessed == {
        "Педагогический работник (полностью)": "full_name", "Школа/ОО": "organization", "Стаж": "experience_total",
        "Должносьть": "position", "Что ведёт": "subject_area", "Особые отметки": "-",
    }  # fmt: skip
    assert "В нём: Математика, Русский язык" in plain(keeper.get(grid))
    assert "«Русский язык» Предмет, строк: 1" in plain(keeper.get(grid)), "its words are asked about at once"
    press(keeper, grid, "check")
    page = plain(keeper.get(grid + "?show=all"))
    assert "Столбец «" not in page
    assert "Новикова Дарья Ильинична" in page
