"""Ladders of reminders: which steps have come, when a letter may leave; every turn of a case has one."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow_app.case_types.registry import CASE_TYPES
from workflow_app.errors import Broken, Invalid
from workflow_app.states import reminders
from workflow_app.states.definitions.centre import LetterHours
from workflow_app.states.forms import fill
from workflow_app.states.pictures.handbook import WHOSE
from workflow_app.states.reminders import COORDINATOR, DIRECTOR, SELF, Hours, Step, ladder, reached
from workflow_app.states.standings import step

DUE = date(2026, 12, 10)
BEGUN = date(2026, 11, 1)
STEPS = ladder([[-3, SELF], [0, SELF, "at_once"], [3, SELF], [3, COORDINATOR], [5, DIRECTOR]])


def on(days, begun=BEGUN):
    return [(one.days, one.whom) for one in reached(STEPS, DUE, begun, DUE + timedelta(days=days))]


def test_of_the_steps_that_have_come_only_those_of_the_last_day_are_sent():
    assert on(-4) == []
    assert on(-3) == on(-1) == [(-3, SELF)]
    assert on(0) == [(0, SELF)]
    assert on(4) == [(3, COORDINATOR), (3, SELF)]
    assert on(9) == [(5, DIRECTOR)], "after an outage the last one"
    assert on(5 + reminders.KEPT + 1) == [], "a month later it is told no more"


def test_who_was_told_within_the_last_days_is_not_reminded_of_the_same():
    assert on(-3, DUE - timedelta(days=3)) == []
    assert on(0, DUE - timedelta(days=3)) == [(0, SELF)]


@given(st.integers(-80, 80), st.integers(-80, 80))
def test_a_step_is_never_sent_before_its_day_nor_of_before_the_wait_began(day, begun):
    today, first = DUE + timedelta(days=day), DUE + timedelta(days=begun)
    for one in reached(STEPS, DUE, first, today):
        assert first < DUE + timedelta(days=one.days) <= today


@pytest.mark.parametrize("rows", [[[1, "everybody"]], [["1", SELF]], [[99, SELF]], [[1, SELF, "later"]]])
def test_what_is_no_step_stops_the_program(rows):
    with pytest.raises(Broken):
        ladder(rows)


def test_every_turn_of_a_case_that_a_date_binds_has_a_ladder():
    assert reminders.defaults().keys() == reminders.TURNS.keys()
    for kind in CASE_TYPES.values():
        for state in kind.workflow.states.values():
            if state.turn is not None and state.term in WHOSE and state.turn.value not in ("expert", "own"):
                assert reminders.turn_of(step("turn", state.name, state.turn.value)), (kind.key, state.name)
    assert reminders.turn_of("draft-applicant") == "", "nobody is chased for a draft"


HOURS = Hours("Asia/Yekaterinburg")  # five hours ahead of UTC


@pytest.mark.parametrize(
    ("written", "leaves"),
    [((9, 0), (9, 0)), ((15, 59), (15, 59)), ((16, 30), (27, 0)), ((23, 0), (27, 0)), ((2, 59), (3, 0))],
)
def test_a_letter_waits_for_the_end_of_the_quiet_hours(written, leaves):
    midnight = datetime(2026, 12, 1, tzinfo=UTC)
    at, wanted = (midnight + timedelta(hours=hour, minutes=minute) for hour, minute in (written, leaves))
    assert HOURS.leaves(at) == wanted


def test_the_letter_of_the_day_has_its_hour_and_equal_hours_are_never_quiet():
    at = datetime(2026, 12, 1, 2, 59, tzinfo=UTC)
    assert not HOURS.is_time(at)
    assert HOURS.is_time(at + timedelta(minutes=1))
    assert Hours("UTC", 8, 8, 0).leaves(at) == at
    assert Hours("UTC", 1, 4, 0).leaves(at) == datetime(2026, 12, 1, 4, tzinfo=UTC)
    assert Step(0) < Step(1)


@pytest.mark.parametrize("daily", [22, 23])
def test_a_letter_of_the_day_that_could_never_leave_is_refused(daily):
    """From its hour to midnight it is quiet, and after midnight it is too early for it."""
    typed = {"letters_since": "21", "letters_until": "8", "letters_daily": str(daily)}
    with pytest.raises(Invalid) as told:
        fill(LetterHours, typed, {})
    assert list(told.value.problems) == ["letters_daily"]
    assert fill(LetterHours, typed | {"letters_daily": "20"}, {}).letters_daily == 20
