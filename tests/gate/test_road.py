"""The ordinary road of each case type, through the gate, on both databases; and the copies of it that other tests begin with."""

import pytest
from sqlalchemy import func, select

from tests.gate import kit
from tests.play import CASES, at, draft
from workflow_app.db.models import Case, Person

KINDS = tuple(CASES)
RANDOM = {  # of each playing its own
    *("digest", "previous", "root_previous", "payload_sha256", "issued", "facts"),
    *("code", "sha256", "size"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_case_goes_from_draft_to_approved_and_nothing_tells_a_copied_one_from_it(stage, kind, tmp_path):
    copied = at(stage, "approved", kind)
    (tmp_path / "played").mkdir()
    with stage.roads.centre(tmp_path / "played") as other:
        played = at(other, "approved", kind)  # this stage knows no copies
        assert played.state() == "approved"
        assert copied.stage.moment == played.stage.moment and copied.voices == played.voices
        assert told(copied) == told(played)
        assert kit.findings(copied) == kit.findings(played) == []
        copied.stage.wait(days=1)
        played.stage.wait(days=1)
        assert draft(stage, kind)[0].case_id == draft(other, kind)[0].case_id  # what comes next gets the same ids
        assert told(copied) == told(played)


def told(road):
    """What is recorded of a case and counted around it, without what is random."""
    records = [*kit.events(road), *kit.documents(road)]
    plain = [{name: value for name, value in vars(one).items() if name not in RANDOM} for one in records]
    return plain, kit.assignments(road), len(list(road.stage.database.blobs.all()))


def test_what_was_done_before_stays(stage):
    first, _ = draft(stage)
    second = at(stage, "submitted")
    assert (first.state(), second.state()) == ("draft", "submitted") and first.case_id != second.case_id


def test_a_change_without_an_event_stays_too(stage):
    with stage.database.transaction(keep=True) as session:
        session.get_one(Person, stage.people["vdovina"]).position = "Изменённое"
    at(stage, "submitted")
    with stage.database.transaction(keep=False) as session:
        assert session.get_one(Person, stage.people["vdovina"]).position == "Изменённое"
        assert session.scalar(select(func.count(Case.id))) == 1


def test_time_that_has_passed_stays_passed(stage):
    stage.wait(days=30)
    begun = stage.moment
    road = at(stage, "submitted")
    assert all(one.at > begun for one in kit.events(road))
