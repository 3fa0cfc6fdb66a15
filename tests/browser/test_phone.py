"""A phone of 375 px: the circles of the form's steps lead to the steps, and what is signed is read whole."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import SIZES
from tests.gate import acts
from tests.play import at, draft
from tests.reviewing import place


def test_the_circles_of_the_steps_are_pressed_with_a_finger(walk, quick_stage):
    road = draft(quick_stage)[0]
    teacher = walk("sokolova")
    page = teacher.page
    page.set_viewport_size(SIZES["phone"])
    teacher.open(f"/cases/{road.case_id}/edit")
    circles = page.locator(".wizard li:not(.wizard-current) .wizard-sign")
    for number in range(circles.count()):
        box = circles.nth(number).bounding_box()
        assert min(box["width"], box["height"]) >= 44
    second = circles.nth(1).bounding_box()
    here = page.locator(".wizard-current").inner_text()
    page.mouse.click(second["x"] + second["width"] / 2, second["y"] + second["height"] / 2)
    page.wait_for_url(re.compile(r"step="))
    assert page.locator(".wizard-current").inner_text() != here
    assert not teacher.faults


def test_the_table_above_a_signature_is_read_whole(walk, quick_stage):
    road = at(quick_stage, "consolidation")
    acts.ACTS["circulate"](road)
    expert = walk("bondarenko")
    page = expert.page
    page.set_viewport_size(SIZES["phone"])
    expert.open(f"/assignments/{place(quick_stage, road, 'bondarenko')}")
    table = page.locator(".doc-table").first
    expect(table).to_be_visible()
    wide = table.evaluate("one => one.parentElement.scrollWidth - one.parentElement.clientWidth")
    assert wide <= 1, f"{wide} px of the table are out of sight"
    cell = table.locator("tbody tr").first.locator("td").nth(1)
    assert cell.evaluate("one => getComputedStyle(one, '::before').content") == '"Критерий"'
    assert not expert.faults
