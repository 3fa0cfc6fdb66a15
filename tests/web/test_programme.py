"""The programme's pages: readiness, indicators as they stand and as they stood, the report that is fixed and signed."""

import io
import json
import re
from datetime import UTC, datetime
from types import SimpleNamespace

import docx
import pytest
from docx.oxml.ns import qn
from sqlalchemy import select

from tests.gate import template_files
from tests.play import PASSWORD
from tests.web.pages import links_of, text_of
from tests.web.test_templates import does, send
from workflow_app import clock
from workflow_app.db.models import RECORDS, Document, Outbox
from workflow_app.facts import monitoring, report_lists
from workflow_app.facts import report as facts_report
from workflow_app.facts.programme import monitor
from workflow_app.files.read_table import read_table
from workflow_app.monitoring.indicators import INDICATORS

STAGE2 = {"since": "2024-12-16", "until": "2026-11-30"}
PUBLICATION = {"title": "Что видит эксперт на уроке", "on": "2026-03-10", "channel": "site", "level": "regional"}


@pytest.fixture
def office(client_as):
    return client_as("morozova")


def begun(client, kind, **values):
    answer = client.post(f"/records/{kind}/new", data=values)
    assert answer.status_code == 303, text_of(answer)
    return answer.location


def act(client, stage, kind, card, name, /, **values):
    row = one(stage, kind, int(card.rsplit("/", 1)[1]))
    signed = {"password": PASSWORD} if name == "sign_report" else {}
    answer = client.post(f"{card}/do/{name}", data={"version": row.version, **signed, **values})
    assert answer.status_code == 303, text_of(answer)


def words_of(stage, paper):
    return "\n".join(one.text for one in docx.Document(io.BytesIO(stage.database.blobs.read(paper.sha256))).paragraphs)


def one(stage, kind, id_):
    with stage.database.transaction(keep=False) as session:
        row = session.get_one(RECORDS[kind], id_)
        names = ("id", "version", "state", *row.content.fields)
        return SimpleNamespace(**{name: getattr(row, name) for name in names})


def of_kind(stage, kind):
    with stage.database.transaction(keep=False) as session:
        return list(session.scalars(select(RECORDS[kind].id)))


def test_the_plan_is_entered_with_one_press_and_not_twice(office, quick_stage):
    assert "Плана ещё нет" in text_of(office.get("/programme"))
    assert office.post("/programme/preload").status_code == 303
    assert (len(of_kind(quick_stage, "plan_item")), len(of_kind(quick_stage, "checklist_item"))) == (25, 17)
    assert "Внесено: 42." in text_of(office.get("/programme?stage=3"))
    office.post("/programme/preload")
    page = text_of(office.get("/programme?stage=3"))
    assert "План уже внесён: добавлять нечего." in page
    assert len(of_kind(quick_stage, "plan_item")) == 25
    assert "К отчёту готовы 0 из 25 мероприятий" in page
    assert page.index("2.9 ") < page.index("2.10 "), "items stand by their number, not by its letters"


def test_the_menu_is_open_at_the_plan_on_the_card_of_an_item(office):
    office.post("/programme/preload")
    card = next(link for link in links_of(office.get("/programme")) if link.startswith("/records/plan-item/"))
    opened = re.findall(
        r'<details class="menu-group" open><summary><span>([^<]+)', office.get(card).get_data(as_text=True)
    )
    assert set(opened) == {"Программа"}


@pytest.mark.parametrize("key", ["bondarenko", "sokolova"])
def test_who_has_no_office_sees_nothing_of_the_programme(client_as, key):
    client = client_as(key)
    for page in ("/programme", "/programme/indicators", "/programme/indicators/K1.1"):
        assert client.get(page).status_code == 403
    assert client.post("/programme/preload").status_code == 403


def test_those_who_only_read_enter_no_plan(client_as, quick_stage):
    department = client_as("pavlyuk")
    assert "Внести план программы" not in text_of(department.get("/programme"))
    assert department.post("/programme/preload").status_code == 403
    assert of_kind(quick_stage, "plan_item") == []


def test_an_item_is_ready_when_it_is_done_and_confirmed(office, quick_stage):
    office.post("/programme/preload")
    card = next(link for link in links_of(office.get("/programme")) if link.startswith("/records/plan-item/"))
    act(office, quick_stage, "plan_item", card, "complete", done_on="2024-06-20", outcome="Создана группа.")
    assert "нет подтверждений" in text_of(office.get("/programme"))
    begun(office, "publication", **PUBLICATION, plan_item_id=card.rsplit("/", 1)[1])
    page = text_of(office.get("/programme"))
    assert "нет подтверждений" not in page
    assert "К отчёту готовы 1 из" in page
    assert re.search(r"Готово 1 из \d", page), "what is done is folded under its count"


def test_a_moved_term_keeps_the_one_of_before(office, quick_stage):
    office.post("/programme/preload")
    card = next(link for link in links_of(office.get("/programme")) if link.startswith("/records/plan-item/"))
    for until in ("2024-08-01", "2024-09-01"):
        act(office, quick_stage, "plan_item", card, "move", until=until, ground="Решение совета от 20.06.2024")
    row = one(quick_stage, "plan_item", int(card.rsplit("/", 1)[1]))
    assert (row.state, str(row.baseline), str(row.until)) == ("moved", "2024-06-30", "2024-09-01")
    again = {"version": row.version, "until": "2024-09-01", "ground": "Решение совета от 20.06.2024"}
    assert "Это и есть нынешний срок" in text_of(office.post(f"{card}/do/move", data=again))
    assert "30.06.2024" in text_of(office.get(card)).partition("Срок до переноса")[2][:40]


@pytest.fixture
def planned(office, quick_stage):
    """The plan, entered: the office and the numbers of its items by their code."""
    office.post("/programme/preload")
    with quick_stage.database.transaction(keep=False) as session:
        return dict(session.execute(select(RECORDS["plan_item"].code, RECORDS["plan_item"].id)).all())


def plan_of(client, **asked):
    return text_of(client.get("/programme/plan", query_string=asked))


def test_an_empty_plan_says_what_to_do(office, client_as):
    assert "Внести план программы" in plan_of(office)
    reader = plan_of(client_as("pavlyuk"))
    assert "Его вносит координатор или директор." in reader
    assert "Внести план программы" not in reader


def test_the_plan_shows_each_item_with_its_term_on_a_line_of_time(office, planned):
    answer = office.get("/programme/plan")
    page = text_of(answer)
    assert "Найдено: 25" in page
    assert "По программе: 01.06.2024 – 15.12.2024; по плану: 01.06.2024 – 31.12.2024." in page
    assert page.index("2.9 ") < page.index("2.10 ")
    assert answer.text.count('class="line-plan') == 25 + 1, "a bar an item, and the key"
    assert "01.06.2024 – 30.06.2024: просрочено" in answer.text


@pytest.mark.parametrize(
    ("asked", "there", "gone"),
    [
        ({"stage": "3"}, "3.7 ", "2.1 "),
        ({"standing": "late"}, "1.1 ", "3.7 "),
        ({"standing": "done"}, "Ничего не нашлось", "1.1 "),
        ({"school_year": "2023"}, "1.1 ", "2.1 "),
        ({"school_year": "2026"}, "3.7 ", "1.1 "),
        ({"q": "НАСТАВНИЧЕСТВА"}, "2.6 ", "2.5 "),
        ({"q": "церемония сертификатов"}, "3.6 ", "3.5 "),
        ({"standing": "nonsense", "school_year": "x"}, "Найдено: 25", "Ничего не нашлось"),
        ({"school_year": "99999999"}, "Найдено: 25", "Ничего не нашлось"),
    ],
)
def test_the_plan_is_looked_through_by_what_stands_in_the_address(office, planned, asked, there, gone):
    page = plan_of(office, **asked)
    assert there in page
    assert gone not in page.partition("Найдено")[2]


def test_an_item_opens_in_the_plan_with_what_confirms_it(office, planned):
    assert "Пока ничем." in plan_of(office, item=planned["2.9"])
    begun(office, "publication", **PUBLICATION, plan_item_id=planned["2.9"])
    page = plan_of(office, item=planned["2.9"], stage="2")
    assert PUBLICATION["title"] in page
    assert "Пока ничем." not in page
    assert "Выполнено частично" in page.partition("Открыть карточку")[2][:200]
    assert "Открыть карточку" not in plan_of(office, item=planned["2.9"], stage="1")


def test_the_plan_leaves_as_a_table_of_what_is_shown(office, planned):
    rows = office.get("/programme/plan/export.csv", query_string={"stage": "3"}).get_data(as_text=True).splitlines()
    assert len(rows) == 1 + 8
    assert "3.1" in rows[1]
    assert office.get("/programme/plan/export.xlsx").status_code == 200


def test_who_is_responsible_is_reminded_with_one_press(office, planned, quick_stage):
    card = f"/records/plan-item/{planned['1.1']}"
    board = "/programme?stage=1"
    assert "Напомнить" not in text_of(office.get(board)), "nobody is responsible yet"
    person_id = quick_stage.people["sokolova"]
    row = one(quick_stage, "plan_item", planned["1.1"])
    values = {name: getattr(row, name) or "" for name in ("code", "title", "stage", "since", "until", "expected")}
    act(office, quick_stage, "plan_item", card, "edit", **values, responsible_id=person_id)
    assert "Напомнить" in text_of(office.get(board))
    assert "Напомнить" in plan_of(office, responsible=person_id)
    version = one(quick_stage, "plan_item", planned["1.1"]).version
    answer = office.post(f"{card}/do/remind", data={"version": version, "next": board})
    assert answer.location == board
    said = text_of(office.get(board))
    assert "Напоминание отправлено" in said
    assert "напоминали" in said
    assert "Напомнить" not in said, "once a day"
    with quick_stage.database.transaction(keep=False) as session:
        letters = session.scalars(select(Outbox).where(Outbox.template == "reminder_by_hand")).all()
        assert [one.person_id for one in letters] == [person_id]
        assert "Срок был 30\N{NO-BREAK SPACE}июня 2024" in letters[0].body
    elsewhere = office.post(
        f"{card}/do/move",
        data={"version": version, "until": "2026-12-30", "ground": "Приказ № 1", "next": "//example.org/"},
    )
    assert elsewhere.location == card


def test_every_indicator_has_a_page_with_its_parts_and_rows(office, quick_stage):
    begun(office, "publication", **PUBLICATION)
    for key, indicator in INDICATORS.items():
        assert indicator.title.msgid in text_of(office.get(f"/programme/indicators/{key}?period=2"))
    page = office.get("/programme/indicators/K3.3?period=2")
    assert "Что видит эксперт на уроке" in text_of(page)
    assert office.get("/programme/indicators/K9.9").status_code == 404
    assert "нет данных" in text_of(office.get("/programme/indicators/K1.2"))
    assert office.get("/programme/indicators/export.xlsx?period=2").status_code == 200


def test_a_press_on_the_board_knows_the_indicator_and_the_stage(office, quick_stage):
    board = office.get("/programme?stage=1")
    value = next(link for link in links_of(board) if link.startswith("/records/indicator-value/new") and "K2.1" in link)
    form = office.get(value).get_data(as_text=True)
    assert re.search(r'<option[^>]*value="K2.1"[^>]*selected|<option selected[^>]*value="K2.1"', form)
    assert 'value="2024-06-01"' in form
    assert 'value="2024-12-15"' in form
    report = office.get(next(link for link in links_of(board) if link.startswith("/records/programme-report/new")))
    assert 'value="2024-12-15"' in report.get_data(as_text=True)
    assert "/programme/indicators/K2.1?period=1" in links_of(board)
    assert of_kind(quick_stage, "indicator_value") == [], "a link enters nothing"


def test_numbers_are_written_as_people_write_them(office):
    target = {"indicator": "K1.2", "stage": "2", "target": "62.50", "ground": "Решение совета от 12.01.2026"}
    card = begun(office, "indicator-target", **target)
    for page in (card, "/programme/indicators/K1.2?period=2"):
        text = text_of(office.get(page))
        assert "62,5" in text
        assert "62.5" not in text


def test_a_share_of_nothing_reads_no_data_wherever_it_is_told(office, client_as, quick_stage):
    key, name = "K1.2", INDICATORS["K1.2"].name
    board = text_of(office.get("/programme?stage=2"))
    assert "нет данных" in board.partition(INDICATORS[key].title.msgid)[2][:60]
    line = text_of(office.get("/programme/indicators?period=2")).partition(INDICATORS[key].title.msgid)[2]
    assert line.partition("К1.3")[0].count("нет данных") >= 4, "the fact, its parts, its course, its state"
    page = text_of(office.get(f"/programme/indicators/{key}?period=2"))
    table = read_table(office.get("/programme/indicators/export.xlsx?period=2").data, "Показатели.xlsx")
    row = next(row.cells for row in table.rows if name in row.cells)
    assert list(row)[4:7] == ["нет данных"] * 3
    report = begun(office, "programme-report", title="Промежуточный отчёт, декабрь 2026", report_kind="interim", stage="2",
                   conclusions="Этап выполнен.", **STAGE2)  # fmt: skip
    act(office, quick_stage, "programme_report", report, "fix")
    act(client_as("gradov"), quick_stage, "programme_report", report, "sign_report")
    with quick_stage.database.transaction(keep=False) as session:
        paper = session.scalars(select(Document).where(Document.document_kind == "programme_report")).one()
        told = docx.Document(io.BytesIO(quick_stage.database.blobs.read(paper.sha256)))
    cells = next(row for table in told.tables for row in table.rows if row.cells[0].text == name).cells
    assert cells[3].text == "нет данных", "of nothing there is nothing to be said"
    assert "нет данных → нет данных" in " ".join(cell.text for cell in cells)
    for words in (board, line, page, *(cell.text for cell in cells)):
        assert "0 из 0" not in words
        assert " 0 %" not in f" {words}"


def test_a_number_is_corrected_as_it_was_typed(office, quick_stage):
    target = begun(
        office, "indicator-target", indicator="K1.4", stage="2", target="14", ground="Решение совета от 10.06.2024"
    )
    assert re.search(r'name="target"[^>]* value="14"', office.get(f"{target}/do/edit").text)


def test_a_value_from_a_paper_stands_for_its_period_and_says_so(office, quick_stage):
    paper = "Отчёт о первом этапе, декабрь 2024 года"
    days = {"since": "2024-06-01", "until": "2024-12-15"}
    begun(office, "indicator-value", indicator="K1.4", value="4", paper=paper, **days)
    assert f"Внесено по документу: {paper}" in text_of(office.get("/programme/indicators/K1.4?period=1"))
    assert paper not in text_of(office.get("/programme/indicators/K3.3?period=1"))
    parts = {"value": "50", "numerator": "4", "denominator": "9"}
    wrong = office.post("/records/indicator-value/new", data={"indicator": "K1.2", "paper": paper, **days, **parts})
    assert wrong.status_code == 422
    assert "выходит 44.4" in text_of(wrong)


def test_a_past_day_is_counted_from_what_stood_then(office, quick_stage, client_as):
    home = quick_stage.municipality_id
    with clock.at(datetime(2026, 9, 10, 8, 0, tzinfo=UTC)):
        first = begun(client_as("morozova"), "publication", **PUBLICATION)
    with clock.at(datetime(2026, 10, 10, 8, 0, tzinfo=UTC)):
        late = client_as("morozova")
        act(late, quick_stage, "publication", first, "edit", **PUBLICATION | {"level": "municipal"})
        second = begun(late, "publication", **PUBLICATION | {"title": "Разбор одного заключения эксперта"})
    with clock.at(datetime(2026, 11, 10, 8, 0, tzinfo=UTC)):
        act(client_as("morozova"), quick_stage, "publication", second, "end", reason="Ошибка ввода")

    def regional(day):
        with quick_stage.database.transaction(keep=False) as session:
            rows = monitoring.town(session, home, day).records["publication"]
            return sorted((row["level"], row.version) for row in rows)

    with clock.at(datetime(2026, 11, 20, 8, 0, tzinfo=UTC)):
        assert regional(datetime(2026, 9, 9, tzinfo=UTC).date()) == []
        assert regional(datetime(2026, 9, 10, tzinfo=UTC).date()) == [("regional", 1)]
        assert regional(datetime(2026, 10, 10, tzinfo=UTC).date()) == [("municipal", 2), ("regional", 1)]
        assert regional(None) == [("municipal", 2)]


def test_a_page_tells_what_was_done_a_moment_ago(office, quick_stage):
    """What was read is kept only as long as nothing was done."""

    def told():
        board = text_of(office.get("/programme?stage=2"))
        return office.get("/programme/indicators/export.csv?period=2").data, board.partition("Критерий 3")[2]

    before = told()
    card = begun(office, "publication", **PUBLICATION)
    after = told()
    assert before[0] != after[0]
    assert before[1] != after[1]
    assert told() == after
    act(office, quick_stage, "publication", card, "end", reason="Ошибка ввода")
    assert told() == before


def test_a_report_keeps_its_values_and_rows_and_is_signed_by_the_director(office, client_as, quick_stage):
    begun(office, "publication", **PUBLICATION)
    report = begun(office, "programme-report", title="Промежуточный отчёт, декабрь 2026", report_kind="interim", stage="2",
                   conclusions="Этап выполнен.", **STAGE2)  # fmt: skip
    assert "Прочитать и подписать отчёт программы" not in text_of(client_as("gradov").get("/"))
    act(office, quick_stage, "programme_report", report, "fix")
    assert "Прочитать и подписать отчёт программы" in text_of(client_as("gradov").get("/"))
    assert office.post(f"{report}/do/sign_report", data={"version": 2}).status_code == 403, "the director signs"
    kept = json.loads(one(quick_stage, "programme_report", int(report.rsplit("/", 1)[1])).fixed["K3.3"])
    begun(office, "publication", **PUBLICATION | {"title": "Ещё одна региональная статья"})
    act(client_as("gradov"), quick_stage, "programme_report", report, "sign_report")
    with quick_stage.database.transaction(keep=False) as session:
        now = monitor(session, quick_stage.municipality_id).value(INDICATORS["K3.3"], *map(_day, STAGE2.values()))
        paper = session.scalars(select(Document).where(Document.document_kind == "programme_report")).one()
        assert (kept["number"], [row[0] for row in kept["rows"]], str(now.number)) == ("1", ["publication"], "2")
        assert (paper.state, paper.edition, bool(paper.number)) == ("issued", 1, True)
        signed = words_of(quick_stage, paper)
        assert "Подписано простой электронной подписью: Градов" in signed.replace("\N{NO-BREAK SPACE}", " "), (
            "the act of signing is printed"
        )
    act(office, quick_stage, "programme_report", report, "renew")
    act(client_as("gradov"), quick_stage, "programme_report", report, "sign_report")
    with quick_stage.database.transaction(keep=False) as session:
        papers = session.scalars(
            select(Document).where(Document.document_kind == "programme_report").order_by(Document.id)
        ).all()
        found = [(one.edition, one.number, one.state, one.replaces_id) for one in papers]
        number, first = papers[0].number, papers[0].id
        assert found == [(1, number, "replaced", None), (2, number, "issued", first)], "a new version never overwrites"


def test_a_report_is_issued_for_a_signature_by_hand(office, client_as, quick_stage):
    report = begun(
        office,
        "programme-report",
        title="Промежуточный отчёт, декабрь 2026",
        report_kind="interim",
        stage="2",
        **STAGE2,
    )
    act(office, quick_stage, "programme_report", report, "fix")
    director = client_as("gradov")
    refused = director.post(f"{report}/do/sign_report", data={"version": 2, "password": "не тот"})
    assert refused.status_code == 422
    act(director, quick_stage, "programme_report", report, "print_report")
    with quick_stage.database.transaction(keep=False) as session:
        paper = session.scalars(select(Document).where(Document.document_kind == "programme_report")).one()
        assert "простой электронной подписью" not in words_of(quick_stage, paper)


def test_a_report_of_before_is_kept_as_it_was_signed_on_paper(office, quick_stage):
    words = {
        "title": "Отчёт о первом этапе",
        "report_kind": "earlier",
        "stage": "1",
        "since": "2024-06-01",
        "until": "2024-12-15",
    }
    report = begun(office, "programme-report", **words)
    refused = office.post(f"{report}/do/fix", data={"version": 1})
    assert "У прежнего отчёта значения остаются на бумаге" in text_of(refused)
    act(office, quick_stage, "programme_report", report, "keep_paper")
    assert "Подписан на бумаге" in text_of(office.get("/programme"))
    ours = begun(office, "programme-report", **words | {"report_kind": "interim"})
    refused = office.post(f"{ours}/do/keep_paper", data={"version": 1})
    assert "Так вносят только прежний отчёт" in text_of(refused)


def test_a_report_prints_the_lists_of_the_day_on_which_it_was_fixed(office, quick_stage):
    """Rows that change later change nothing in it; what was fixed before lists were kept takes them from the rows."""
    publication = begun(office, "publication", **PUBLICATION)
    words = {"title": "Промежуточный отчёт, декабрь 2026", "report_kind": "interim", "stage": "2"}
    report = begun(office, "programme-report", **words, **STAGE2)
    act(office, quick_stage, "programme_report", report, "fix")
    act(office, quick_stage, "publication", publication, "edit", **PUBLICATION | {"title": "Название исправлено потом"})
    begun(
        office,
        "implementation-act",
        about_what="Сборник памяток",
        act_kind="response",
        from_whom="Школа соседей",
        on="2026-05-05",
    )
    id_ = int(report.rsplit("/", 1)[1])
    with quick_stage.database.transaction(keep=False) as session:
        row = session.get_one(RECORDS["programme_report"], id_)
        then = facts_report.told(session, row)
        kept = json.loads(row.fixed["publications"])
        row.fixed = {key: value for key, value in row.fixed.items() if key in INDICATORS}
        before = facts_report.told(session, row)
    assert [one.title for one in then.publications] == [PUBLICATION["title"]]
    assert then.dissemination == ()
    assert (kept["rows"], kept["total"]) == ([["publication", int(publication.rsplit("/", 1)[1]), 1]], 1)
    assert [one.title for one in before.publications] == ["Название исправлено потом"]
    assert [one.whose for one in before.dissemination] == ["Школа соседей"]
    assert before.indicators == then.indicators


def test_the_card_shows_what_was_fixed_and_gives_a_draft_until_it_is_signed(office, client_as, quick_stage):
    begun(office, "publication", **PUBLICATION)
    words = {"title": "Промежуточный отчёт, декабрь 2026", "report_kind": "interim", "stage": "2"}
    report = begun(office, "programme-report", **words, **STAGE2)
    page = office.get(report)
    assert "Зафиксированные значения" not in text_of(page)
    drafts = [one for one in links_of(page) if "/draft." in one]
    assert drafts[0] == f"{report}/draft.docx"
    file = docx.Document(io.BytesIO(office.get(drafts[0]).data))
    said = "\n".join(one.text for one in file.paragraphs)
    assert "ПРОМЕЖУТОЧНЫЙ ОТЧЁТ (ПРОЕКТ)" in said
    assert PUBLICATION["title"] in {cell.text for one in file.tables for row in one.rows for cell in row.cells}
    feet = "\n".join(one.text for one in file.sections[0].first_page_footer.paragraphs)
    assert "Проект, документ не зарегистрирован." in feet
    act(office, quick_stage, "programme_report", report, "fix")
    page = text_of(office.get(report))
    assert "Зафиксировано" in page.partition("Зафиксированные значения")[2][:60]
    assert "Морозова" in page.partition("Зафиксированные значения")[2][:120]
    assert "К3.3. Публикации и представление опыта" in page
    assert "публикации – 1" in page
    act(client_as("gradov"), quick_stage, "programme_report", report, "sign_report")
    assert not [one for one in links_of(office.get(report)) if "/draft." in one]
    with quick_stage.database.transaction(keep=False) as session:
        assert session.scalars(select(Document.edition)).all() == [1], "a draft is entered nowhere"


@pytest.mark.parametrize("key", ["bondarenko", "sokolova"])
def test_a_draft_is_for_those_who_see_the_report(office, client_as, key):
    words = {"title": "Промежуточный отчёт, декабрь 2026", "report_kind": "interim", "stage": "2"}
    report = begun(office, "programme-report", **words, **STAGE2)
    assert client_as(key).get(f"{report}/draft.docx").status_code == 404
    assert office.get(f"{report}/draft.odt").status_code == 404


def test_a_draft_is_given_as_pdf_where_there_is_an_office(office, monkeypatch):
    converted = SimpleNamespace(available=lambda: True, look=lambda data, kind: b"%PDF of " + kind.encode() + data[:2])
    monkeypatch.setattr("workflow_app.web.record_drafts.libreoffice.of_looks", lambda _settings: converted)
    words = {"title": "Итоговый отчёт", "report_kind": "final", "stage": "3"}
    report = begun(office, "programme-report", **words, since="2026-11-01", until="2027-06-30")
    assert f"{report}/draft.pdf" in links_of(office.get(report))
    answer = office.get(f"{report}/draft.pdf")
    assert (answer.mimetype, answer.data) == ("application/pdf", b"%PDF of docxPK")


def test_a_report_is_made_by_the_word_template_of_the_centre(office, client_as, quick_stage):
    """The form of a region: fields and tables are listed with Russian names; a wrong one is said plainly."""
    fields = text_of(office.get("/templates/of/programme_report"))
    for said in (
        "{{ platform_status }}",
        "статус площадки и акт о нём",
        "events_list",
        "сколько участников",
        "вид отчёта",
    ):
        assert said in fields
    wrong = send(office, template_files.paper("Тема: {{ teme }}"), key="programme_report")
    assert wrong.status_code == 422
    assert "Возможно, «theme»?" in text_of(wrong)
    form = template_files.table(
        ("{%tr for row in events_list %}", ""), ("{{ row.date }}", "{{ row.title }}: {{ row.came }}"), ("{%tr endfor %}", ""),
        above=("ФОРМА РЕГИОНА", "{{ report_sort|cap }} № {{ number }} от {{ date }}", "Этап: {{ stage }}. {{ report_conclusions }}",
               "{{ picture_3 }}"),
    )  # fmt: skip
    address = send(office, form, key="programme_report").headers["Location"]
    assert does(client_as("gradov"), address, "switch_on").status_code == 303
    words = {"title": "Семинар экспертов", "form": "seminar", "level": "municipal", "place": "Центр", "capacity": "40"}
    event = begun(office, "centre-event", **words, on="2026-03-10", hours="2")
    act(office, quick_stage, "centre_event", event, "hold")
    act(office, quick_stage, "centre_event", event, "report", outcome="Разобрали три работы.", teachers="12")
    words = {"title": "Промежуточный отчёт", "report_kind": "interim", "stage": "2", "conclusions": "Этап выполнен."}
    report = begun(office, "programme-report", **words, **STAGE2)
    draft = docx.Document(io.BytesIO(office.get(f"{report}/draft.docx").data))
    assert draft.paragraphs[1].text.startswith("Промежуточный отчёт № ______ от ")
    act(office, quick_stage, "programme_report", report, "fix")
    act(client_as("gradov"), quick_stage, "programme_report", report, "sign_report")
    with quick_stage.database.transaction(keep=False) as session:
        paper = session.scalars(select(Document).where(Document.document_kind == "programme_report")).one()
        made = docx.Document(io.BytesIO(quick_stage.database.blobs.read(paper.sha256)))
        assert paper.template_id is not None
        shown = [one.get("descr") for one in made.element.body.iter(qn("wp:docPr"))]
        head = f"Промежуточный отчёт № {paper.number} от {paper.dated:%d.%m.%Y}"
    assert [one.text for one in made.paragraphs][1:3] == [
        head, "Этап: 2 этап, внедренческий. Этап выполнен.",
    ]  # fmt: skip
    assert [one[:48] for one in shown] == ["План и факт показателей критерия 3, полосы. К3.1"]
    assert [[cell.text for cell in row.cells] for row in made.tables[0].rows] == [
        ["10.03.2026", "Семинар экспертов: 12"]
    ]


def test_a_long_list_is_kept_in_part_and_says_how_long_it_is(office, quick_stage, monkeypatch):
    monkeypatch.setattr(report_lists, "MOST", 1)
    for n in (1, 2):
        begun(office, "publication", **PUBLICATION | {"title": f"Статья об экспертизе, часть {n}"})
    report = begun(office, "programme-report", title="Отчёт за этап", report_kind="interim", stage="2", **STAGE2)
    act(office, quick_stage, "programme_report", report, "fix")
    with quick_stage.database.transaction(keep=False) as session:
        told = facts_report.told(session, session.get_one(RECORDS["programme_report"], int(report.rsplit("/", 1)[1])))
    assert (len(told.publications), dict(told.totals)["publications"]) == (1, 2)


def test_values_of_another_period_are_not_signed(office, client_as, quick_stage):
    words = {"title": "Промежуточный отчёт, декабрь 2026", "report_kind": "interim", "stage": "2"}
    report = begun(office, "programme-report", **words, **STAGE2)
    act(office, quick_stage, "programme_report", report, "fix")
    act(office, quick_stage, "programme_report", report, "edit", **words, **STAGE2 | {"until": "2026-10-31"})
    row = one(quick_stage, "programme_report", int(report.rsplit("/", 1)[1]))
    refused = client_as("gradov").post(f"{report}/do/sign_report", data={"version": row.version})
    assert refused.status_code == 409
    assert "зафиксируйте значения снова" in text_of(refused)


def _day(text):
    return datetime.fromisoformat(text).date()
