"""R11, R12: which days are worked, and of which years we know it for certain."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow_app.calendar.production import Calendar, is_base_working, settled_years

YEARS = st.dates(date(2024, 1, 1), date(2027, 12, 31))


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2024, 4, 27), True),  # Saturday worked by decree
        (date(2024, 4, 29), False),  # the day it was moved to
        (date(2024, 12, 28), True),
        (date(2025, 12, 31), False),
        (date(2026, 1, 8), False),
        (date(2026, 1, 9), False),  # moved from 3 January
        (date(2026, 1, 12), True),
        (date(2026, 3, 9), False),  # 8 March is a Sunday
        (date(2026, 5, 1), False),
        (date(2026, 5, 4), True),
        (date(2026, 5, 11), False),  # 9 May is a Saturday
        (date(2026, 11, 4), False),
        (date(2026, 11, 24), True),
        (date(2026, 12, 31), False),  # moved from 4 January
        (date(2027, 2, 20), True),
        (date(2027, 2, 22), False),
        (date(2027, 11, 5), False),
    ],
)
def test_working_days_honour_holidays_and_transfers(day: date, worked: bool) -> None:
    """R11."""
    assert Calendar().is_working(day) is worked


@given(YEARS)
def test_the_table_of_the_centre_wins_over_the_base(day: date) -> None:
    """R11: the centre's table is the last word on a day, and only on that day."""
    calendar = Calendar({day: not is_base_working(day)})
    tomorrow = day + timedelta(days=1)

    assert calendar.is_working(day) is not is_base_working(day)
    assert calendar.is_working(tomorrow) is is_base_working(tomorrow)


def test_years_with_a_decree_are_known_and_others_are_not() -> None:
    """R12."""
    assert settled_years() == {2024, 2025, 2026, 2027}
    assert Calendar().is_known(2027)
    assert not Calendar().is_known(2028)


def test_a_centre_that_typed_in_a_decree_makes_its_year_known() -> None:
    """R12."""
    assert Calendar({date(2028, 1, 10): False}, known_years={2026, 2027, 2028}).is_known(2028)


@given(YEARS)
def test_the_next_working_day_is_worked_and_nothing_worked_is_passed_over(day: date) -> None:
    calendar = Calendar()
    found = calendar.working_on_or_after(day)

    assert calendar.is_working(found)
    assert not any(calendar.is_working(day + timedelta(days=n)) for n in range((found - day).days))


@given(YEARS)
def test_the_working_day_before_is_strictly_before(day: date) -> None:
    calendar = Calendar()
    found = calendar.working_before(day)

    assert found < day
    assert calendar.is_working(found)
    assert calendar.working_on_or_after(found + timedelta(days=1)) >= day
