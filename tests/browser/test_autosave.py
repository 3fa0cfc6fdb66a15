"""What a page does of itself while one types: a save under way is no conflict with oneself, a preview takes no focus."""

import re

from playwright.sync_api import expect

from tests.play import at
from tests.reviewing import place

# The answer of a save comes two seconds late, as over a bad line: the server is ahead of the page in between.
LATE = """
const real = window.fetch;
window.fetch = async (...given) => {
  const answer = await real(...given);
  if (String(given[0]).includes("/autosave")) {
    document.documentElement.dataset.saves = Number(document.documentElement.dataset.saves || 0) + 1;
    await new Promise((done) => setTimeout(done, 2000));
  }
  return answer;
};
"""


def test_a_button_pressed_while_a_save_is_under_way_goes_on_with_its_answer(walk, quick_stage):
    road = at(quick_stage, "in_review")
    expert = walk("bondarenko")
    page = expert.page
    page.add_init_script(LATE)
    page.route(
        "**/inline*", lambda route: route.fulfill(body="")
    )  # a document that is ready takes the focus for a moment
    expert.open(f"/assignments/{place(quick_stage, road, 'bondarenko')}")
    page.locator("textarea[name=strengths]").fill("Задания связаны с текстом, есть ключи и критерии проверки.")
    expect(page.locator("html[data-saves='1']")).to_have_count(1)
    button = page.get_by_role("button", name="Проверить и подписать")
    button.hover()
    before = button.bounding_box()
    page.mouse.down()
    assert button.bounding_box() == before, "a button that moves under the pointer is not pressed"
    page.mouse.up()
    expect(page.get_by_text("Лист пока нельзя подписать")).to_be_visible()
    expect(page.locator("textarea[name=strengths]")).to_have_value(re.compile("есть ключи"))
    assert not expert.faults


def test_a_criteria_sheet_is_checked_and_shown_while_it_is_typed(walk, quick_stage):
    coordinator = walk("morozova")
    page = coordinator.page
    coordinator.open("/criteria/b_material/1")
    page.get_by_role("button", name="Новая версия").click()
    title, weight = page.locator("#c-0-title"), page.locator("#c-0-weight")
    title.press("End")
    title.press_sequentially(" темы")
    expect(page.locator("#look")).to_contain_text("Актуальность темы")
    expect(page.locator("#c-0-title-notes")).to_contain_text("было: Актуальность")
    expect(title).to_be_focused()
    title.press_sequentially("!")
    expect(title).to_have_value("Актуальность темы!")
    weight.fill("ноль")
    expect(page.locator("#checked")).to_contain_text("Ошибок: 1")
    expect(weight).to_have_attribute("aria-invalid", "true")
    weight.fill("2")
    expect(page.locator("#checked")).to_contain_text("Ошибок нет")
    expect(weight).not_to_have_attribute("aria-invalid", "true")
    coordinator.look("criteria")
