"""(h) «Результаты проекта (площадки)»: two sheets, verdicts that only recommend, the centre's own programme judged from outside."""

from decimal import Decimal
from typing import Any

import pytest

from workflow_app.assessment.marks import Mark
from workflow_app.assessment.scoring import verdict
from workflow_app.case_types.registry import CASE_TYPES

KIND = CASE_TYPES["platform_results"]
LADDERS = {
    "h_project": ("continue", "continue_adjusted", "stop"),
    "h_platform": ("keep_status", "refine_plan", "end_status"),
}


@pytest.mark.parametrize("key", LADDERS)
@pytest.mark.parametrize(("percent", "place"), [("75", 0), ("74.9", 1), ("50", 1), ("49.9", 2), ("0", 2), ("100", 0)])
def test_a_verdict_begins_at_its_border(key: str, percent: str, place: int) -> None:
    sheet = KIND.sheets[key]
    marks = {one.key: Mark(points={i.key: one.top for i in one.indicators}) for one in sheet.criteria}
    assert verdict(sheet, Decimal(percent), marks) == LADDERS[key][place]


def test_a_plan_that_was_hardly_carried_out_takes_a_step_off_the_verdict() -> None:
    """R24: fewer than two points for the plan."""
    sheet = KIND.sheets["h_project"]
    marks = {one.key: Mark(points={i.key: one.top for i in one.indicators}) for one in sheet.criteria}
    assert verdict(sheet, Decimal(90), marks | {"plan": Mark(points={"done": 1})}) == "continue_adjusted"


@pytest.mark.parametrize("key", LADDERS)
def test_from_fifty_on_a_verdict_is_a_yes_and_each_only_recommends(key: str) -> None:
    assert [one.positive for one in KIND.sheets[key].verdicts] == [True, True, False]
    assert all(one.text.startswith("Рекомендовать ") for one in KIND.sheets[key].verdicts)
    assert [KIND.favourable(one) for one in LADDERS[key]] == [True, True, False]


def test_what_is_examined_chooses_the_sheet() -> None:
    assert KIND.criteria({"examined": "project"}) == "h_project"
    assert KIND.criteria({"examined": "platform"}) == "h_platform"
    assert KIND.sheets["h_project"].criteria == KIND.sheets["h_platform"].criteria


@pytest.mark.parametrize(("own", "outside"), [(True, 3), (False, 1)])
def test_all_experts_of_the_centres_own_programme_come_from_outside(own: bool, outside: int) -> None:
    form: dict[str, Any] = {"own_programme": own}
    assert (KIND.own(form), KIND.outside(form, 3)) == (own, outside)


def test_what_cannot_be_revised_has_no_state_for_it() -> None:
    assert "on_revision" not in KIND.workflow.states
    assert {"ask_revision", "resubmit", "close_without_revision"}.isdisjoint(KIND.workflow.transitions)
