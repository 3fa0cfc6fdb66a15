"""Counted tries in the database: side by side, by several processes, on SQLite and PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.rows import row_of
from workflow_app import clock
from workflow_app.db import attempts
from workflow_app.db.attempts import Rule
from workflow_app.db.models import Tries
from workflow_app.db.session import open_database
from workflow_app.errors import WorkflowError

GROWING = Rule(10, timedelta(hours=1), growing=True)
WINDOW = Rule(3, timedelta(minutes=5))


def take(database, *wanted):
    with database.transaction(keep=True) as session:
        return attempts.take(session, wanted)


def test_tries_side_by_side_cannot_slip_under_the_limit(stage, centre_url, tmp_path):
    """Forty at once by two processes, of a key that nobody has counted yet: exactly the free ones pass."""
    other = open_database(centre_url, tmp_path / "blobs")
    moment = clock.now()

    def one(n):
        with clock.at(moment):
            return take(stage.database if n % 2 else other, ("a", GROWING), ("b", Rule(100, timedelta(hours=1))))

    with ThreadPoolExecutor(8) as pool:
        left = list(pool.map(one, range(40)))
    other.engine.dispose()
    assert sorted(left) == [0] * 10 + [2] * 30
    assert row_of(stage, Tries, "b").count == 10  # a refused try is counted nowhere


def test_two_keys_locked_in_any_order_do_not_wait_for_each_other(stage):
    many = Rule(10_000, timedelta(hours=1))

    def one(n):
        pair = [("x", many), ("y", many)]
        return take(stage.database, *(pair if n % 2 else pair[::-1]))

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(one, range(40))) == [0] * 40


def test_a_right_try_forgets_while_others_count(stage):
    """Whoever counts and whoever forgets the same key at the same moment: nobody finds the row gone between two statements."""
    many = Rule(10_000, timedelta(hours=1))

    def one(n):
        if n % 2:
            return take(stage.database, ("f", many))
        with stage.database.transaction(keep=True) as session:
            return attempts.forget(session, "f")

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(one, range(200))) == {0, None}


def test_a_window_is_counted_from_its_first_try_and_ends(stage):
    moment = clock.now()
    with clock.at(moment):
        assert [take(stage.database, ("w", WINDOW)) for _ in range(4)] == [0, 0, 0, 300]
    with clock.at(moment + timedelta(minutes=4)):
        assert take(stage.database, ("w", WINDOW)) == 60
    with clock.at(moment + timedelta(minutes=5)):
        assert take(stage.database, ("w", WINDOW)) == 0


def test_what_is_forgotten_leaves_the_table(stage):
    take(stage.database, ("w", WINDOW))
    with clock.at(clock.now() + timedelta(minutes=6)), stage.database.transaction(keep=True) as session:
        assert attempts.sweep(session) == 1
        assert session.scalar(select(func.count()).select_from(Tries)) == 0


@pytest.mark.parametrize("text", ["abc", "", "0 per minute", "-1 per minute", "5 per fortnight", "5"])
def test_a_limit_that_makes_no_sense_names_its_setting(text):
    with pytest.raises(WorkflowError, match="check_limit"):
        attempts.rule("check_limit", text)


def test_a_limit_is_read_as_it_is_written():
    assert attempts.rule("x", "30 per 5 minutes") == Rule(30, timedelta(minutes=5))
    assert attempts.rule("x", "5 per day") == Rule(5, timedelta(days=1))
