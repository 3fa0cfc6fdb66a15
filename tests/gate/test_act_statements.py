"""What an act asks of the database: each row is written once, and a transaction has room for few statements."""

from tests.play import at
from tests.statements import count_statements


def test_an_act_writes_the_row_of_its_case_once(stage):
    road = at(stage, "submitted")
    with count_statements(stage.database.engine) as told:
        road.register()
    assert len([one for one in told if one.startswith("UPDATE cases")]) == 1


def test_a_registration_with_its_letter_and_standings_is_eight_writes(stage):
    """Case, number, event, payload, the stay that is over, letter, what waits, what it is found by: its number is new.

    Within the act no more than twelve statements and one savepoint.
    """
    road = at(stage, "submitted")
    with count_statements(stage.database.engine) as told:
        road.register()
    assert len([one for one in told if one.startswith(("INSERT", "UPDATE", "DELETE"))]) == 8
    first = next(place for place, one in enumerate(told) if one.startswith("SAVEPOINT"))
    assert len([one for one in told[first:] if "SAVEPOINT" not in one]) <= 12


def test_an_act_that_changes_no_searched_word_asks_nothing_of_the_search(stage):
    road = at(stage, "registered")
    with count_statements(stage.database.engine) as told:
        road.start()
    assert not [one for one in told if "search_row" in one or "file_text" in one]
