"""Who leads a case: set by the registration, handed over by an act; whose list a case stands in, never what one may."""

from importlib import import_module

import pytest
from sqlalchemy import select, text, update

from tests.gate.kit import REASON, actor, findings, last, offered, value
from tests.play import at
from workflow_app.db.models import Case, Person
from workflow_app.errors import Invalid
from workflow_app.facts import leading, worklist


def hand_over(road, to, who="morozova"):
    raw = {"coordinator_id": to and str(road.stage.people[to]), "reason": REASON}
    road.stage.act(who, road.case_id, "hand_over", raw)


def mine(road, key, *, everyone=False):
    """The cases of which something waits for a coordinator, as the work list and its count tell."""
    with road.stage.database.transaction(keep=False) as session:
        me = actor(session, road, key)
        found = worklist.tasks(session, me, everyone=everyone)
        assert worklist.count_waiting(session, me, everyone=everyone) == len(found)
        assert worklist.summary(session, me, everyone=everyone).total == len(found)
        return [one.case.id for one in found]


def led(road, key):
    with road.stage.database.transaction(keep=False) as session:
        return list(session.scalars(select(Case.id).where(leading.led_by(actor(session, road, key)))))


def test_who_registers_leads_and_what_is_not_registered_is_everybodys(stage):
    road = at(stage, "submitted")
    assert value(road, "coordinator_id") is None
    assert mine(road, "morozova") == mine(road, "subbotina") == [road.case_id]
    road.register()
    assert value(road, "coordinator_id") == stage.people["morozova"]
    assert mine(road, "morozova") == led(road, "morozova") == [road.case_id]
    assert mine(road, "subbotina") == led(road, "subbotina") == []
    assert mine(road, "subbotina", everyone=True) == [road.case_id]
    assert "start" in offered(road, "subbotina"), "no right hangs on it"
    assert findings(road) == []


def test_a_case_is_handed_over_to_one_or_to_all_and_its_history_says_to_whom(quick_stage):
    road = at(quick_stage, "registered")
    hand_over(road, "subbotina")
    assert (mine(road, "morozova"), mine(road, "subbotina")) == ([], [road.case_id])
    assert last(road, "hand_over").data["coordinator_id"] == quick_stage.people["subbotina"]
    hand_over(road, None, "gradov")
    assert mine(road, "morozova") == mine(road, "subbotina") == [road.case_id]
    assert findings(road) == []


def test_only_a_coordinator_who_is_not_involved_may_lead(quick_stage):
    road = at(quick_stage, "assigning")
    with pytest.raises(Invalid):
        hand_over(road, "gradov")
    road.invite(["ershov"], REASON)
    with pytest.raises(Invalid, match="причастен"):
        hand_over(road, "ershov")


def test_a_case_whose_coordinator_has_gone_or_is_involved_is_everybodys(quick_stage):
    road = at(quick_stage, "assigning")
    hand_over(road, "ershov")
    assert led(road, "subbotina") == []
    road.invite(["ershov"], REASON)
    assert led(road, "subbotina") == [road.case_id]
    hand_over(road, "morozova", "subbotina")
    assert led(road, "subbotina") == mine(road, "subbotina") == []
    with quick_stage.database.transaction(keep=True) as session:
        session.execute(update(Person).where(Person.id == quick_stage.people["morozova"]).values(state="blocked"))
    assert led(road, "subbotina") == mine(road, "subbotina") == [road.case_id]


def test_older_cases_are_led_by_who_registered_them(stage):
    road = at(stage, "in_review")
    draft = at(stage, "submitted", "innovation_product")
    told = import_module("workflow_app.db.migrations.versions.0026_coordinators").REGISTERED
    with stage.database.transaction(keep=True) as session:
        session.execute(update(Case).values(coordinator_id=None))
        session.execute(text(told))
    assert value(road, "coordinator_id") == stage.people["morozova"]
    assert value(draft, "coordinator_id") is None
