"""What an act asks of the database: each row is written once, and a transaction has room for few statements."""

from tests.play import at
from tests.statements import count_statements


def test_an_act_writes_the_row_of_its_case_once(stage):
    road = at(stage, "submitted")
    with count_statements(stage.database.engine) as told:
        road.register()
    assert len([one for one in told if one.startswith("UPDATE cases")]) == 1
