"""R8 to R13: the end of a term, its warning, its pauses, what is left of it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow_app.calendar.production import Calendar
from workflow_app.calendar.terms import (
    Due,
    Pause,
    Term,
    Unit,
    add_working,
    add_years,
    colour,
    days_left,
    due,
    subtract_working,
)

CALENDAR = Calendar()
DAYS = st.dates(date(2024, 2, 1), date(2027, 6, 30))
LENGTHS = st.integers(1, 60)
UNITS: st.SearchStrategy[Unit] = st.sampled_from(["working", "calendar"])


def test_consideration_and_notice_end_thirty_calendar_days_after_the_receipt() -> None:
    """R8: a legal cap is shown as it falls, here on a Saturday, with the warning on the Friday before."""
    end = due(CALENDAR, date(2026, 10, 29), Term(30, "calendar", moves=False))

    assert end == Due(date(2026, 11, 28), provisional=False, warn_on=date(2026, 11, 27))


def test_the_decision_is_due_sixty_calendar_days_after_the_start_of_attestation() -> None:
    """R9: over New Year too: 60 days after 24 November 2026 is 23 January 2027, a Saturday."""
    end = due(CALENDAR, date(2026, 11, 24), Term(60, "calendar", moves=False))

    assert end.day == date(2027, 1, 23)
    assert end.warn_on == date(2027, 1, 22)
    assert days_left(CALENDAR, date(2027, 1, 24), end.day) == -1


@pytest.mark.parametrize(
    ("start", "length", "unit", "end"),
    [
        (date(2026, 11, 24), 1, "working", date(2026, 11, 25)),  # the day of the event is not counted
        (date(2026, 11, 27), 1, "working", date(2026, 11, 30)),  # over a weekend
        (date(2026, 12, 29), 5, "working", date(2027, 1, 14)),  # 30 Dec, then 11 to 14 Jan
        (date(2025, 12, 30), 2, "working", date(2026, 1, 13)),  # 31 Dec and 1 to 11 Jan are off
        (date(2026, 4, 30), 5, "working", date(2026, 5, 8)),  # 1 May is off, the Saturdays too
        (date(2026, 5, 8), 2, "working", date(2026, 5, 13)),  # 11 May for 9 May
        (date(2024, 4, 26), 1, "working", date(2024, 4, 27)),  # Saturday worked
        (date(2024, 4, 27), 1, "working", date(2024, 5, 2)),  # 29 April to 1 May off
        (date(2026, 12, 25), 10, "calendar", date(2027, 1, 11)),  # 4 Jan moves over the holidays
        (date(2026, 4, 29), 10, "calendar", date(2026, 5, 12)),  # 9 May moves over the 11th
        (date(2026, 11, 24), 7, "calendar", date(2026, 12, 1)),  # a working day stays
    ],
)
def test_a_term_begins_the_day_after_and_the_applicants_duty_moves_to_a_working_day(
    start: date, length: int, unit: Unit, end: date
) -> None:
    """R10, over New Year and the May holidays."""
    assert due(CALENDAR, start, Term(length, unit)).day == end


def test_a_legal_cap_does_not_move_off_a_day_off() -> None:
    """R10: 4 January 2027 is a holiday; the warning is on the last working day before it."""
    end = due(CALENDAR, date(2026, 12, 25), Term(10, "calendar", moves=False))

    assert end.day == date(2027, 1, 4)
    assert end.warn_on == date(2026, 12, 30)


def test_a_warning_never_precedes_the_event_which_began_the_term() -> None:
    """R10."""
    assert due(CALENDAR, date(2026, 11, 29), Term(1, "calendar")).warn_on == date(2026, 11, 29)


@pytest.mark.parametrize(
    ("start", "term", "provisional"),
    [
        (date(2027, 12, 1), Term(10, "working"), False),
        (date(2027, 12, 28), Term(10, "working"), True),
        (date(2027, 12, 28), Term(20, "calendar"), True),
        (date(2027, 12, 28), Term(20, "calendar", moves=False), False),  # no decree can change it
        (date(2023, 12, 28), Term(10, "working"), True),
    ],
)
def test_a_date_through_a_year_without_a_decree_is_provisional(start: date, term: Term, provisional: bool) -> None:
    """R12."""
    assert due(CALENDAR, start, term).provisional is provisional


@pytest.mark.parametrize(
    ("attestation", "last_day"),
    [
        (date(2026, 12, 15), date(2026, 12, 8)),
        (date(2027, 1, 13), date(2026, 12, 28)),  # 12 and 11 Jan, then 30, 29, 28 Dec
        (date(2026, 5, 14), date(2026, 5, 6)),  # 13, 12, 8, 7, 6 May
    ],
)
def test_additions_are_taken_until_five_working_days_before_attestation(attestation: date, last_day: date) -> None:
    """R13."""
    assert subtract_working(CALENDAR, attestation, 5) == last_day


def test_a_return_stops_a_working_term_and_not_a_legal_cap() -> None:
    """domain.md 5: timers stop in ``returned`` and ``on_revision``; the legal 30 and 60 days never do."""
    pause = [Pause(date(2026, 11, 25), date(2026, 12, 2))]  # 26, 27, 30 Nov, 1, 2 Dec are not counted

    assert due(CALENDAR, date(2026, 11, 24), Term(5, "working")).day == date(2026, 12, 1)
    assert due(CALENDAR, date(2026, 11, 24), Term(5, "working"), pause).day == date(2026, 12, 8)
    assert due(CALENDAR, date(2026, 11, 24), Term(5, "calendar"), pause).day == date(2026, 12, 7)  # 6 Dec is a Sunday
    assert due(CALENDAR, date(2026, 11, 24), Term(30, "calendar", moves=False), pause).day == date(2026, 12, 24)


@given(DAYS, LENGTHS, st.integers(0, 40))
def test_what_is_left_stands_still_during_an_open_pause(start: date, length: int, later: int) -> None:
    term, today = Term(length, "working"), start + timedelta(days=later)
    before = days_left(CALENDAR, start, due(CALENDAR, start, term).day)
    paused = due(CALENDAR, start, term, [Pause(start, today)])

    assert days_left(CALENDAR, today, paused.day) == before == length


@pytest.mark.parametrize(
    ("today", "left", "shade"),
    [
        (date(2026, 11, 20), 6, "normal"),
        (date(2026, 11, 25), 3, "soon"),
        (date(2026, 11, 27), 1, "soon"),
        (date(2026, 11, 29), 1, "soon"),
        (date(2026, 11, 30), 0, "soon"),
        (date(2026, 12, 1), -1, "overdue"),
        (date(2026, 12, 5), -4, "overdue"),
        (date(2026, 12, 6), -4, "overdue"),
    ],
)
def test_what_is_left_of_a_term_has_a_colour(today: date, left: int, shade: str) -> None:
    """Three working days or fewer are soon; a term is overdue from the first day after it."""
    end = date(2026, 11, 30)

    assert days_left(CALENDAR, today, end) == left
    assert colour(left) == shade


def test_a_term_that_ended_on_a_friday_is_overdue_on_saturday() -> None:
    assert days_left(CALENDAR, date(2026, 11, 28), date(2026, 11, 27)) == -1


@pytest.mark.parametrize(
    ("day", "years", "expected"),
    [(date(2026, 11, 24), 1, date(2027, 11, 24)), (date(2024, 2, 29), 1, date(2025, 2, 28))],
)
def test_a_year_ends_on_the_same_day_of_the_month(day: date, years: int, expected: date) -> None:
    """R6: the first day on which a refused applicant may apply again."""
    assert add_years(day, years) == expected


@pytest.mark.parametrize(
    ("length", "unit", "moves"), [(0, "working", True), (-1, "calendar", True), (5, "working", False)]
)
def test_a_term_without_length_or_with_a_contradiction_is_refused(length: int, unit: Unit, moves: bool) -> None:
    with pytest.raises(ValueError, match=r"term|cap"):
        Term(length, unit, moves=moves)


@given(DAYS, LENGTHS, UNITS)
def test_the_end_of_a_movable_term_is_a_working_day_after_the_start(start: date, length: int, unit: Unit) -> None:
    """R10."""
    end = due(CALENDAR, start, Term(length, unit))

    assert CALENDAR.is_working(end.day)
    assert start <= end.warn_on < end.day


@given(DAYS, LENGTHS, LENGTHS, UNITS, st.booleans())
def test_a_longer_term_never_ends_earlier(start: date, one: int, other: int, unit: Unit, moves: bool) -> None:
    moves = moves or unit == "working"
    first, second = (due(CALENDAR, start, Term(n, unit, moves=moves)).day for n in sorted((one, other)))

    assert first <= second


@given(DAYS, DAYS, LENGTHS, UNITS)
def test_a_later_start_never_ends_earlier(one: date, other: date, length: int, unit: Unit) -> None:
    first, second = (due(CALENDAR, day, Term(length, unit)).day for day in sorted((one, other)))

    assert first <= second


@given(DAYS, LENGTHS, st.integers(0, 10), st.integers(1, 20))
def test_a_pause_never_shortens_a_term(start: date, length: int, begins: int, lasts: int) -> None:
    begin = start + timedelta(days=begins)
    pause = Pause(begin, begin + timedelta(days=lasts))

    assert (
        due(CALENDAR, start, Term(length, "working"), [pause]).day >= due(CALENDAR, start, Term(length, "working")).day
    )


@given(DAYS, LENGTHS)
def test_adding_then_subtracting_comes_back_to_a_working_day(day: date, length: int) -> None:
    start = CALENDAR.working_on_or_after(day)

    assert subtract_working(CALENDAR, add_working(CALENDAR, start, length), length) == start


@given(DAYS, LENGTHS)
def test_the_days_between_are_the_days_added(start: date, length: int) -> None:
    assert CALENDAR.worked(start, add_working(CALENDAR, start, length)) == length


@given(DAYS, st.integers(0, 90), st.integers(0, 90))
def test_counting_in_two_parts_gives_the_whole(start: date, one: int, other: int) -> None:
    middle = start + timedelta(days=one)
    end = middle + timedelta(days=other)

    assert CALENDAR.worked(start, end) == (CALENDAR.worked(start, middle) + CALENDAR.worked(middle, end))


@given(DAYS, st.integers(0, 800), st.dictionaries(st.integers(-5, 805), st.booleans(), max_size=5))
def test_counting_by_years_gives_what_counting_day_by_day_does(start: date, length: int, own: dict[int, bool]) -> None:
    calendar = Calendar({start + timedelta(days=number): works for number, works in own.items()})
    days = [start + timedelta(days=number) for number in range(1, length + 1)]

    assert calendar.worked(start, start + timedelta(days=length)) == sum(map(calendar.is_working, days))


@given(DAYS, DAYS)
def test_nothing_lies_between_a_day_and_an_earlier_one(one: date, other: date) -> None:
    early, late = sorted((one, other))

    assert CALENDAR.worked(late, early) == 0
