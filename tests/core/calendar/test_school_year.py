"""The school year turns on 1 September."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow_app.calendar.school_year import SchoolYear, school_year


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 8, 31), "2025/2026"),
        (date(2026, 9, 1), "2026/2027"),
        (date(2026, 11, 24), "2026/2027"),
        (date(2027, 1, 1), "2026/2027"),
    ],
)
def test_a_school_year_begins_on_the_first_of_september(day: date, name: str) -> None:
    assert str(school_year(day)) == name


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_every_day_lies_in_exactly_its_school_year(day: date) -> None:
    year = school_year(day)

    assert day in year
    assert day not in SchoolYear(year.start - 1)
    assert day not in SchoolYear(year.start + 1)
