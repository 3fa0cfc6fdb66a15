"""Whether a step will be in time, by the steps before it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow_app.calendar.forecast import ENOUGH, forecast, quantile

DAYS = st.lists(st.integers(0, 60), min_size=ENOUGH, max_size=60)


def test_a_short_history_and_a_term_that_is_over_tell_nothing():
    assert forecast([9] * (ENOUGH - 1), 1, 5) is None
    assert forecast([9] * ENOUGH, 5, 5) is None


@pytest.mark.parametrize(("elapsed", "late"), [(0, 0.5), (3, 0.75), (7, 1.0)])
def test_those_that_ended_sooner_no_longer_count(elapsed, late):
    found = forecast([1, 2, 5, 9, 11, 12, 3, 3], elapsed, 8)
    assert found is not None
    assert (found.late, found.fails) == (late if elapsed else 3 / 8, bool(elapsed))


def test_a_step_that_lasts_longer_than_any_before_is_late():
    assert forecast([1, 2, 2, 3, 3], 4, 9).late == 1.0


@given(DAYS, st.integers(0, 30), st.integers(1, 40))
def test_the_longer_a_term_the_less_likely_it_is_missed(known, elapsed, allowed):
    first, longer = forecast(known, elapsed, allowed), forecast(known, elapsed, allowed + 5)
    if first is not None and longer is not None:
        assert longer.late <= first.late
        assert first.median <= first.most


@given(DAYS, st.sampled_from([0.5, 0.8]))
def test_a_quantile_was_there_and_holds_for_its_share(known, share):
    known = sorted(known)
    found = quantile(known, share)
    assert found in known
    assert sum(one <= found for one in known) >= share * len(known)
