"""The centre's records in the browser: an event is announced with the keyboard, and a teacher takes a place in it."""

import re
from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Route, expect

from tests.browser.conftest import Walker, wait_until
from workflow_app import clock


def test_an_event_is_announced_by_the_keyboard_and_a_teacher_takes_a_place(
    walk: Callable[[str], Walker],
) -> None:
    keeper = walk("morozova").open("/records/centre-event/new")
    page = keeper.page
    page.fill("[name=title]", "Практикум «Как писать обоснования»")
    page.select_option("[name=form]", "practicum")
    page.fill("[name=on]", (clock.now() + timedelta(days=10)).date().isoformat())
    page.fill("[name=place]", "Методический центр, кабинет 5")
    box = page.get_by_role("combobox", name="Ответственный")
    box.press_sequentially("бонд")
    expect(page.locator(".picker-option")).to_have_count(1)
    keeper.look("choosing")
    box.fill("")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/pick/**", hold)  # the line is slow: the form is pressed before the words are answered
    keeper.choose("Ответственный", "бонд")
    page.get_by_role("button", name="Добавить", exact=True).click()
    wait_until(page, lambda: bool(held))
    held[-1].continue_()
    page.wait_for_url(re.compile(r"/records/centre-event/\d+$"))
    expect(page.get_by_role("link", name=re.compile("Бондаренко"))).to_be_visible()
    keeper.look("announced")

    teacher = walk("sokolova").open("/records/centre-event")
    teacher.page.get_by_role("link", name=re.compile("Как писать обоснования")).click()
    teacher.page.get_by_role("button", name="Записаться").click()
    expect(teacher.page.get_by_text("Запись есть").first).to_be_visible()
    teacher.look("taken")
    teacher.page.get_by_role("button", name="Отказаться от участия").click()
    expect(teacher.page.get_by_role("button", name="Записаться")).to_be_visible()
