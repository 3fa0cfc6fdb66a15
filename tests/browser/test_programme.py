"""The programme in the browser: the coordinator goes from the readiness board to the report, the director signs it, anybody checks it."""

import io
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import docx
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Walker
from tests.databases import PASSWORD

Walk = Callable[[str], Walker]
ITEM = re.compile("^1.1 Подготовка рабочей группы")
DONE = "Группа из семи человек создана и провела первое заседание."
PROOF = "Приказ о создании рабочей группы от 10.06.2024 № 41"
ARTICLE = "Экспертное бюро: с чего начать городу"
PAPER = "Отчёт о первом этапе от 20.12.2024, страница 4"
REPORT = "Промежуточный отчёт, первый этап"
CONCLUSIONS = "Этап выполнен: группа работает, первые эксперты обучены."
ADDED = "Совет рассмотрел отчёт и поддержал переход ко второму этапу."
STAGE1 = {"since": "2024-06-01", "until": "2024-12-15"}


def test_the_programme_is_led_from_the_board_to_the_signed_report(walk: Walk, visit: Callable[[], Walker]) -> None:
    """Plan, evidence, a typed value, counted rows, conclusions, fixed values, the signature, the open check, a second edition."""
    office = walk("morozova")
    enter_the_plan(office)
    complete_an_item(office)
    type_a_value(office)
    look_what_was_counted(office)
    report = write_the_report(office)
    director = walk("gradov")
    first = sign(director, report, CONCLUSIONS)
    director.look("signed")
    for told in (CONCLUSIONS, DONE, "К1.3", "67", PAPER, ARTICLE):
        assert told in first["words"], f"«{told}» is not in the report"
    check(visit(), first["code"], "Документ действует")
    add_to_the_report(office, report)
    second = sign(director, report, ADDED)
    assert (second["number"], second["code"] == first["code"]) == (first["number"], False)
    assert ADDED in second["words"]
    assert ADDED not in first["words"]
    assert taken(director, director.page.locator("#papers li").last) == first["bytes"], (
        "an issued edition never changes"
    )
    check(visit(), first["code"], "Документ заменён")


def press(walker: Walker, name: str) -> None:
    """Press the button, or follow the link, of the page's content that is called ``name``."""
    main = walker.page.get_by_role("main")
    main.get_by_role("button", name=name, exact=True).or_(main.get_by_role("link", name=name, exact=True)).first.click()


def fill(walker: Walker, values: Mapping[str, str]) -> None:
    """Give the answers of a form, by the names of its fields."""
    for name, value in values.items():
        field = walker.page.locator(f"main [name={name}]").first
        if field.evaluate("one => one.type").startswith("select"):
            field.select_option(value)
        else:
            field.fill(value)


def row(walker: Walker, words: str | re.Pattern[str]) -> Locator:
    """The row of the board that begins with the words."""
    return walker.page.get_by_role("row").filter(has=walker.page.get_by_role("rowheader", name=words))


def board(walker: Walker) -> Walker:
    """The board of the first stage, by its place in the menu, with what is done unfolded."""
    walker.page.get_by_role("navigation").get_by_role("link", name="Готовность отчёта").first.click()
    with walker.page.expect_navigation():
        walker.page.get_by_role("link", name="1 этап, организационно-подготовительный").click()
    for folded in walker.page.locator("summary", has_text="Готово").all():
        folded.click()
    return walker


def enter_the_plan(office: Walker) -> None:
    """An empty board has one button; then it tells of each item and each indicator what is missing."""
    page = office.open("/programme").page
    expect(page.get_by_text("Плана ещё нет: внесите мероприятия программы.")).to_be_visible()
    press(office, "Внести план программы")
    expect(page.get_by_text("Внесено: 42.")).to_be_visible()
    board(office)
    expect(page.get_by_text(re.compile("К отчёту готовы 0 из 6 мероприятий"))).to_be_visible()
    expect(row(office, ITEM)).to_contain_text("срок прошёл, не отмечено, чем закончилось")
    expect(row(office, re.compile("^К1.3 "))).to_contain_text("нет данных")
    office.look("board")


def complete_an_item(office: Walker) -> None:
    """Done and confirmed: by a paper that no record tells of, and by an article that names the item."""
    page = office.page
    page.get_by_role("link", name=ITEM).click()
    card = page.url
    press(office, "Добавить подтверждение")
    fill(office, {"title": PROOF, "on": "2024-06-10"})
    press(office, "Добавить")
    expect(page.get_by_role("cell", name=PROOF).or_(page.get_by_role("rowheader", name=PROOF))).to_be_visible()
    press(office, "Выполнено")
    fill(office, {"done_on": "2024-06-25", "outcome": DONE})
    press(office, "Выполнено")
    page.wait_for_url(card)
    expect(page.get_by_role("main")).to_contain_text(DONE)
    office.look("item")
    board(office)
    expect(page.get_by_text(re.compile("К отчёту готовы 1 из 6 мероприятий"))).to_be_visible()
    expect(row(office, ITEM)).to_contain_text("готово")


def type_a_value(office: Walker) -> None:
    """A value of the years before the system stands in a paper: it is typed with the paper, and the board has it."""
    page = office.page
    row(office, re.compile("^К1.3 ")).get_by_role("link", name="Внести значение").click()
    expect(page.locator("[name=indicator]")).to_have_value("K1.3")
    expect(page.locator("[name=until]")).to_have_value(STAGE1["until"])
    fill(office, {"value": "67", "paper": PAPER})
    press(office, "Добавить")
    expect(page.get_by_role("heading", level=1)).to_have_text(PAPER)
    board(office)
    expect(row(office, re.compile("^К1.3 "))).to_contain_text("67")


def look_what_was_counted(office: Walker) -> None:
    """An indicator is counted from records, and each of them is one press away."""
    page = office.open("/records/publication/new").page
    fill(office, {"title": ARTICLE, "on": "2024-11-20", "channel": "journal", "level": "regional"})
    press(office, "Добавить")
    expect(page.get_by_role("heading", level=1)).to_have_text(ARTICLE)
    page.get_by_role("navigation").get_by_role("link", name="Показатели", exact=True).first.click()
    page.get_by_role("link", name=re.compile("^К3.3")).click()
    page.get_by_role("combobox", name="Период").select_option(label="1 этап, организационно-подготовительный")
    press(office, "Показать")
    expect(page.locator(".indicator-number")).to_have_text("1")
    office.look("indicator")
    page.get_by_role("link", name=ARTICLE).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(ARTICLE)


def write_the_report(office: Walker) -> str:
    """The report is begun on the board; people write what only they can, the values of the day are fixed; return its path."""
    page = board(office).page
    press(office, "Собрать отчёт")
    expect(page.locator("[name=until]")).to_have_value(STAGE1["until"])
    fill(office, {"title": REPORT, "conclusions": CONCLUSIONS})
    press(office, "Добавить")
    page.wait_for_url(re.compile(r"/records/programme-report/\d+$"))
    hand_on(office)
    office.look("fixed")
    return page.url.removeprefix(office.address)


def hand_on(office: Walker, button: str = "Зафиксировать значения") -> None:
    """Fix the values of today: the report waits for the director."""
    press(office, button)
    press(office, button)
    expect(office.page.get_by_role("main")).to_contain_text("Значения зафиксированы")


def sign(director: Walker, report: str, words: str) -> dict[str, str | bytes]:
    """The report waits in the director's work list; read, it is signed: number, code, words and bytes of the paper."""
    page = director.open("/").page
    page.get_by_role("link", name=re.compile(f"^Прочитать и подписать отчёт программы.*{REPORT}")).click()
    page.wait_for_url(re.compile(f"{report}$"))
    expect(page.get_by_role("main")).to_contain_text(words)
    press(director, "Подписать и выпустить отчёт")
    fill(director, {"password": PASSWORD})
    press(director, "Подписать и выпустить отчёт")
    expect(page.get_by_text("Отчёт подписан и выпущен").first).to_be_visible()
    paper = page.locator("#papers li").first
    number = re.search(r"№ (\S+)", paper.inner_text())
    content = taken(director, paper)
    told = text_of(content)
    code = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b", told)
    assert number and number[1] in told, paper.inner_text()
    assert code, told
    return {"number": number[1], "code": code[0], "words": told, "bytes": content}


def taken(walker: Walker, paper: Locator) -> bytes:
    """Take a paper away as a file."""
    with walker.page.expect_download() as waiting:
        paper.get_by_role("link", name=re.compile("^Скачать")).click()
    return Path(waiting.value.path()).read_bytes()


def text_of(content: bytes) -> str:
    """All words of a Word file, those at the foot of its pages, too."""
    paper = docx.Document(io.BytesIO(content))
    parts = [paper.element.body, *(one.footer._element for one in paper.sections)]
    return "\n".join("".join(one.itertext()) for part in parts for one in part.iter("{*}p"))


def add_to_the_report(office: Walker, report: str) -> None:
    """After the signature people add to their words: the values are fixed anew for another edition."""
    office.open(report)
    press(office, "Исправить")
    fill(office, {"conclusions": f"{CONCLUSIONS}\n{ADDED}"})
    press(office, "Исправить")
    hand_on(office, "Начать новую редакцию")


def check(visitor: Walker, code: str, answer: str) -> None:
    """Somebody who has no account types the code: the page says whether the paper is in force."""
    page = visitor.open("/check").page
    page.get_by_label("Код проверки").fill(code)
    page.get_by_role("button", name="Проверить", exact=True).click()
    expect(page.get_by_text(answer, exact=True)).to_be_visible()
