"""Counts of lists stop past a thousand: exact below it, «more» above, whatever the branches."""

import pytest
from sqlalchemy import insert, select

from workflow_app.db import counts
from workflow_app.db.models import Case, Counter
from workflow_app.db.own_words import one_of
from workflow_app.errors import Broken


@pytest.fixture
def session(stage):
    with stage.database.transaction(keep=False) as found:
        yield found


def rows(session, stage, many):
    session.execute(
        insert(Counter),
        [{"municipality_id": stage.municipality_id, "register": "x", "year": year, "last": 0} for year in range(many)],
    )


@pytest.mark.parametrize(("there", "told"), [(0, 0), (counts.MOST, counts.MOST), (counts.MOST + 1, counts.MOST + 1)])
def test_a_count_is_exact_up_to_a_thousand(session, stage, there, told):
    if there:
        rows(session, stage, there)
    assert counts.count(session, select(Counter.year).where(Counter.register == "x")) == told


def test_a_count_past_a_thousand_says_only_that_over_all_its_parts(session, stage):
    rows(session, stage, 1500)
    ours = select(Counter.year).where(Counter.register == "x")
    assert counts.count(session, ours) == counts.MOST + 1
    assert counts.count(session, ours.where(Counter.year < 400), ours.where(Counter.year >= 400)) == counts.MOST + 1
    assert counts.count(session, ours.where(Counter.year < 400), ours.where(Counter.year >= 1000)) == 900
    assert counts.count(session) == 0


def test_only_words_of_the_program_stand_in_the_text_of_a_statement():
    assert str(one_of(Case.state, ("draft", "closed"))).endswith("IN ('closed', 'draft')")
    for text in ("Иванов", "a' OR '1", "", "two words"):
        with pytest.raises(Broken):
            one_of(Case.state, ("draft", text))
