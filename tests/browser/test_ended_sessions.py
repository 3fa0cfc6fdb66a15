"""The session ends in the middle of a form: signing in inside the page, and what was pressed is done, once."""

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Error, Locator, Page, Route, expect
from sqlalchemy import delete

from tests.browser.conftest import Walker, wait_until
from tests.databases import PASSWORD
from tests.play import Stage, at
from tests.reviewing import place
from tests.rows import count_of, rows_of
from workflow_app import clock
from workflow_app.db.models import Event, Login, Person, WorkingCopy
from workflow_app.facts import second_factor
from workflow_app.files.sample_pdf import pdf_from_text

Walk = Callable[[str], Walker]
SLOW = 60_000  # ms: a press here takes several answers of the server, and the machine may be busy
REASON = "Второй эксперт не учёл результаты апробации, прошу пересмотреть заключение целиком."


def end_sessions(stage: Stage) -> None:
    """Every session is gone from the server; the browsers do not know it."""
    with stage.database.transaction(keep=True) as session:
        session.execute(delete(Login))


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Сеанс закончился")


def sign_in(walker: Walker, key: str = "") -> None:
    """Sign in in the dialog, by the keyboard."""
    inside = dialog(walker.page)
    expect(inside).to_be_visible(timeout=SLOW)
    expect(inside.get_by_label("Логин или электронная почта")).to_be_focused()
    walker.page.keyboard.type(key or walker.key)
    walker.page.keyboard.press("Tab")
    walker.page.keyboard.type(PASSWORD)
    walker.page.keyboard.press("Enter")


def copies(page: Page) -> int:
    """How many copies of text the browser keeps."""
    return int(page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('draft:')).length"))


def no_copies(page: Page) -> None:
    """The browser lets its copies go, once the page that follows has come.

    Asked again and again from here: the page's own rules let no text be run as a script while Playwright waits.
    """

    def gone() -> bool:
        try:
            return copies(page) == 0
        except Error:  # the page is on its way to the next one
            return False

    wait_until(page, gone)
    assert gone()


def press(walker: Walker, name: str) -> None:
    walker.page.get_by_role("main").get_by_role("button", name=name, exact=True).first.click()


def the_draft(walk: Walk, stage: Stage) -> tuple[Walker, Callable[[], bool]]:
    road = at(stage, "draft")
    walker = walk("sokolova").open(f"/cases/{road.case_id}/edit")
    end_sessions(stage)
    walker.page.get_by_label("Соавторы").fill("Полевая Ксения Романовна")
    press(walker, "Сохранить")

    def done() -> bool:
        return "Полевая" in str([one.data for one in rows_of(stage, WorkingCopy)])

    return walker, done


def the_sheet(walk: Walk, stage: Stage) -> tuple[Walker, Callable[[], bool]]:
    road = at(stage, "in_review")
    walker = walk("bondarenko")
    walker.page.route("**/inline*", lambda one: one.fulfill(content_type="text/html", body="<p>Материал</p>"))
    walker.open(f"/assignments/{place(stage, road, 'bondarenko')}")
    end_sessions(stage)
    walker.page.locator("textarea[name=strengths]").fill("Задания связаны с текстом, есть ключи и критерии проверки.")
    press(walker, "Проверить и подписать")
    return walker, lambda: walker.page.get_by_text("Лист пока нельзя подписать").is_visible()


def the_consolidation(walk: Walk, stage: Stage) -> tuple[Walker, Callable[[], bool]]:
    road = at(stage, "consolidation")
    walker = walk("morozova").open(f"/cases/{road.case_id}/consolidate")
    end_sessions(stage)
    walker.page.locator("textarea[name=strengths]").fill("Задания связаны с текстом, есть ключи и критерии проверки.")
    walker.page.locator("#conclusion .form-actions .btn-primary").click()
    return walker, lambda: count_of(stage, Event, transition="circulate") == 1


def the_return(walk: Walk, stage: Stage) -> tuple[Walker, Callable[[], bool]]:
    road = at(stage, "registered")
    walker = walk("morozova").open(f"/cases/{road.case_id}/return")
    end_sessions(stage)
    walker.page.locator("textarea[name=general]").fill("Добавьте сведения об апробации во втором классе.")
    walker.page.locator("#return .form-actions .btn").first.click()
    return walker, lambda: count_of(stage, Event, transition="return") == 1 and road.state() == "returned"


def the_appeal(walk: Walk, stage: Stage) -> tuple[Walker, Callable[[], bool]]:
    stage.moment = datetime.now(UTC)  # the term of appeals runs by the calendar
    road = at(stage, "approved")
    walker = walk("sokolova").open(f"/cases/{road.case_id}/do/appeal")
    end_sessions(stage)
    for area in walker.page.get_by_role("main").locator("textarea").all():
        area.fill(REASON)
    press(walker, "Подать апелляцию")
    return walker, lambda: count_of(stage, Event, transition="appeal") == 1 and road.state() == "appealed"


def test_a_document_that_is_ready_at_last_takes_the_keys_from_nobody(walk: Walk, quick_stage: Stage) -> None:
    """Chromium's PDF viewer takes the focus when it is ready, even from an open dialog: the page gives it back."""
    road = at(quick_stage, "in_review")
    walker = walk("bondarenko")
    page, held, came = walker.page, [], []
    page.route("**/inline*", lambda one: held.append(one))  # noqa: PLW0108 - the library marks what it is given
    page.on("framenavigated", lambda frame: came.append(frame.url))
    page.goto(f"{walker.address}/assignments/{place(quick_stage, road, 'bondarenko')}", wait_until="domcontentloaded")
    field = page.locator("textarea[name=strengths]")
    field.press_sequentially("Начато")
    wait_until(page, lambda: bool(held))
    held[0].continue_()
    wait_until(page, lambda: any("/inline" in one for one in came))
    page.wait_for_timeout(2500)  # the viewer draws the document; nothing tells when it has finished
    expect(field).to_be_focused()
    page.keyboard.type(" и дописано")
    expect(field).to_have_value("Начато и дописано")


STORIES = [the_draft, the_sheet, the_consolidation, the_return, the_appeal]


@pytest.mark.parametrize("story", STORIES, ids=lambda one: one.__name__)
def test_what_was_pressed_is_done_once_after_signing_in_inside_the_page(walk: Walk, quick_stage: Stage, story) -> None:
    walker, done = story(walk, quick_stage)
    page = walker.page
    expect(dialog(page)).to_be_visible(timeout=SLOW)
    assert not done()
    if story is the_return:
        walker.look("dialog")
    sign_in(walker)
    expect(dialog(page)).to_be_hidden(timeout=SLOW)
    wait_until(page, done)
    no_copies(page)
    assert done(), page.get_by_role("main").inner_text()
    assert not walker.faults


def test_escape_closes_the_dialog_and_the_text_and_the_page_stay(walk: Walk, quick_stage: Stage) -> None:
    walker, done = the_return(walk, quick_stage)
    page = walker.page
    expect(dialog(page)).to_be_visible(timeout=SLOW)
    page.keyboard.press("Escape")
    expect(dialog(page)).to_be_hidden()
    expect(page.locator("textarea[name=general]")).to_have_value("Добавьте сведения об апробации во втором классе.")
    page.locator("#return .form-actions .btn").first.click()
    expect(dialog(page)).to_be_visible(timeout=SLOW)
    page.keyboard.type("morozova")
    page.keyboard.press("Tab")
    page.keyboard.type("не тот пароль")
    page.keyboard.press("Enter")
    expect(dialog(page).get_by_role("alert")).to_contain_text("не подходят", timeout=SLOW)
    walker.look("refused")
    dialog(page).get_by_label("Пароль").fill(PASSWORD)
    dialog(page).get_by_role("button", name="Войти").click()
    wait_until(page, done)
    assert done()


def test_another_person_who_signs_in_sees_nothing_of_the_page_and_does_nothing(walk: Walk, quick_stage: Stage) -> None:
    walker, done = the_return(walk, quick_stage)
    page = walker.page
    sign_in(walker, "sokolova")
    strange = page.get_by_role("alertdialog", name="Вошёл другой человек")
    expect(strange).to_contain_text("Соколова", timeout=SLOW)
    expect(page.locator("textarea[name=general]")).to_be_hidden()
    assert copies(page) == 1, "the text waits for its own person"
    walker.look("stranger")
    page.keyboard.press("Escape")
    page.wait_for_url(f"{walker.address}/")
    assert not done()
    page.get_by_role("main").wait_for()
    assert "во втором классе" not in page.content()
    page.goto(f"{walker.address}/session")
    assert str(quick_stage.people["sokolova"]) in page.inner_text("body")


def test_a_file_goes_again_after_signing_in(walk: Walk, quick_stage: Stage) -> None:
    road = at(quick_stage, "draft")
    walker = walk("sokolova").open(f"/cases/{road.case_id}/edit?step=files")
    page = walker.page
    end_sessions(quick_stage)
    forms = page.locator("form[data-upload-url]")
    forms.first.locator("input[type=file]").set_input_files(
        {
            "name": "приложение.pdf",
            "mimeType": "application/pdf",
            "buffer": pdf_from_text("Приложение", "Второй файл."),
        }
    )
    sign_in(walker)
    expect(page.locator("li.file", has_text="приложение.pdf")).to_have_count(1, timeout=SLOW)
    assert not walker.faults


def test_a_save_that_found_no_session_says_so_and_goes_on_after_signing_in(walk: Walk, quick_stage: Stage) -> None:
    road = at(quick_stage, "draft")
    walker = walk("sokolova").open(f"/cases/{road.case_id}/edit")
    page = walker.page
    end_sessions(quick_stage)
    page.get_by_label("Соавторы").fill("Полевая Ксения Романовна")
    status = page.locator("[data-autosave-status]")
    expect(status).to_contain_text("Сеанс закончился", timeout=SLOW)
    expect(dialog(page)).to_be_hidden()
    assert copies(page) == 1
    walker.look("status")
    status.get_by_role("button", name="Войти").click()
    sign_in(walker)
    expect(status).to_contain_text("Сохранено в", timeout=SLOW)
    no_copies(page)


ANSWERS = {
    "too long": (413, {"error": "слишком длинно"}, "слишком длинно", 1), "closed": (403, {"error": "форма закрыта"}, "форма закрыта", 1),
    "a proxy in between": (200, {}, "повторим через 5 с", 2), "in trouble": (503, {}, "повторим через 5 с", 2),
}  # fmt: skip


@pytest.mark.parametrize("case", ANSWERS)
def test_a_save_that_is_refused_says_why_and_does_not_go_on_asking(walk: Walk, quick_stage: Stage, case: str) -> None:
    status, told, words, most = ANSWERS[case]
    road = at(quick_stage, "draft")
    walker = walk("sokolova")
    page, asked = walker.page, []
    page.clock.install()
    walker.open(f"/cases/{road.case_id}/edit")

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(status=status, content_type="application/json", body=json.dumps(told))

    page.route("**/autosave/**", answer)
    page.get_by_label("Соавторы").fill("Полевая Ксения Романовна")
    page.clock.run_for(1500)
    expect(page.locator("[data-autosave-status]")).to_contain_text(words, timeout=SLOW)
    page.clock.run_for(2500)
    assert len(asked) == 1
    page.clock.run_for(5000)
    wait_until(page, lambda: len(asked) == most)
    assert len(asked) == most, "a text that is refused is not sent again, one that did not arrive is"
    assert copies(page) == 1, "what the server did not confirm stays"
    page.unroute("**/autosave/**")


def test_a_copy_stays_until_the_server_confirms_that_very_text(walk: Walk, quick_stage: Stage) -> None:
    """What was sent and lost on the way is offered when the form is opened again; what was kept is not."""
    road = at(quick_stage, "draft")
    walker = walk("sokolova").open(f"/cases/{road.case_id}/edit")
    page = walker.page
    page.route("**/autosave/**", lambda route: route.abort())
    lost = {"status": 503, "content_type": "text/html; charset=utf-8", "body": "<h1>Связь прервалась</h1>"}
    page.route(
        "**/edit?step=title", lambda one: one.fulfill(**lost) if one.request.method == "POST" else one.continue_()
    )
    page.get_by_label("Соавторы").fill("Полевая Ксения Романовна")
    press(walker, "Сохранить")
    expect(page.get_by_role("heading", name="Связь прервалась")).to_be_visible(timeout=SLOW)
    walker.faults.clear()
    page.unroute("**/edit?step=title")
    walker.open("/")
    assert copies(page) == 1, "an ordinary page proves nothing"
    walker.open(f"/cases/{road.case_id}/edit")
    expect(page.get_by_label("Соавторы")).to_have_value("Полевая Ксения Романовна")
    press(walker, "Сохранить")
    expect(page.get_by_text("Черновик сохранён")).to_be_visible(timeout=SLOW)
    no_copies(page)


def test_a_code_of_the_second_factor_is_asked_in_the_same_dialog(walk: Walk, quick_stage: Stage) -> None:
    """Nothing typed is lost to whoever has a second factor: the code comes after the password, on the same page."""
    walker, done = the_draft(walk, quick_stage)
    secret = second_factor.new_secret()
    with quick_stage.database.transaction(keep=True) as session:
        who = session.get_one(Person, quick_stage.people["sokolova"])
        second_factor.add(session, who, second_factor.seal("x" * 40, secret), 1)
    sign_in(walker)
    expect(dialog(walker.page).get_by_label("Код")).to_be_focused()
    walker.page.keyboard.type("000000")
    walker.page.keyboard.press("Enter")
    expect(dialog(walker.page).get_by_text("Код не подходит").first).to_be_visible()
    walker.page.keyboard.type(second_factor.code(secret, int(clock.now().timestamp()) // second_factor.STEP))
    walker.page.keyboard.press("Enter")
    wait_until(walker.page, done)
    assert done()
