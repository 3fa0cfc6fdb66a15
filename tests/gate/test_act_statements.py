"""What an act asks of the database: each row is written once, and a transaction has room for few statements."""

from tests.play import at
from tests.statements import count_statements


def test_an_act_writes_the_row_of_its_case_once(stage):
    road = at(stage, "submitted")
    with count_statements(stage.database.engine) as told:
        road.register()
    assert len([one for one in told if one.startswith("UPDATE cases")]) == 1


def test_a_registration_with_its_letter_and_standings_is_six_writes(stage):
    """Case, number, event, payload, letter, what waits; and within the act no more than eleven statements and one savepoint."""
    road = at(stage, "submitted")
    with count_statements(stage.database.engine) as told:
        road.register()
    assert len([one for one in told if one.startswith(("INSERT", "UPDATE", "DELETE"))]) == 6
    first = next(place for place, one in enumerate(told) if one.startswith("SAVEPOINT"))
    assert len([one for one in told[first:] if "SAVEPOINT" not in one]) <= 11
