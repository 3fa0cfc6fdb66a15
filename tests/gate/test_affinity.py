"""What the affinity of experts to cases is reckoned from, as the rows and the journal tell it."""

from sqlalchemy import select

from tests.play import at
from tests.statements import count_statements
from workflow_app import clock, gate
from workflow_app.db.models import Assignment, Case, Municipality
from workflow_app.facts.affinity import weights_of
from workflow_app.facts.candidates import candidates, candidates_of
from workflow_app.matching.affinity import USUAL
from workflow_app.states.definitions.centre import AffinityWeights


def of(stage, road, key):
    """The expert as a candidate for the case, today."""
    with clock.at(stage.moment), stage.database.transaction(keep=False) as session:
        found = candidates(session, session.get_one(Case, road.case_id))
        return next(one for one in found if one.person.id == stage.people[key])


def test_a_sheet_is_in_time_by_the_term_that_the_journal_tells(quick_stage):
    """The row of a signed sheet keeps no term: it ran from the beginning of the review, longer by what it was extended."""
    road = at(quick_stage, "in_review")
    quick_stage.act("morozova", road.case_id, "extend", {"days": 5, "reason": "Эксперт просил о продлении срока"})
    quick_stage.wait(days=18)  # past the ten working days, within the fifteen
    road.sign("bondarenko", (0.8, 1.0))
    quick_stage.wait(days=10)
    road.sign("lebedev", (0.8, 1.0))
    other = at(quick_stage, "assigning", "innovation_product")
    kept, late = (of(quick_stage, other, key) for key in ("bondarenko", "lebedev"))
    assert (kept.past.in_time, kept.past.ended, late.past.in_time, late.past.ended) == (1, 1, 0, 1)
    assert kept.affinity.parts["timeliness"] > late.affinity.parts["timeliness"]
    assert "в срок 0 из 1" in map(str, late.why)
    assert kept.past.words, "the words of what an expert has judged are compared"
    assert 0 < kept.affinity.parts["text"] <= 1


def test_who_judged_the_round_before_is_told(quick_stage):
    road = at(quick_stage, "on_approval", shares={"bondarenko": (0.5, 0.6), "lebedev": (0.5, 0.6)})
    with quick_stage.database.transaction(keep=True) as session:
        for one in session.scalars(select(Assignment).where(Assignment.case_id == road.case_id)):
            one.state = "past"
    assert str(of(quick_stage, road, "lebedev").why[0]) == "оценивал эту работу раньше"
    assert of(quick_stage, road, "lebedev").affinity.parts["history"] == 1
    assert of(quick_stage, road, "koval").affinity.parts["history"] == 0.5


def test_many_cases_are_read_in_as_many_statements_as_one(stage):
    roads = [
        at(stage, "assigning"),
        at(stage, "assigning", "innovation_product"),
        at(stage, "in_review"),
    ]
    asked = []
    for many in (roads[:1], roads):
        with clock.at(stage.moment), stage.database.transaction(keep=False) as session:
            cases = [session.get_one(Case, one.case_id) for one in many]
            for one in cases:
                assert one.assignments is not None and one.panel is not None and one.co_authors is not None
            with count_statements(session.get_bind().engine) as counted:
                found = candidates_of(session, cases)
            asked.append(len(counted))
            assert {*found} == {one.case_id for one in many}
    assert asked[0] == asked[1] <= 16


def test_the_centres_weights_rank_and_stand_in_the_record(quick_stage):
    road = at(quick_stage, "assigning")
    before = of(quick_stage, road, "koval").affinity
    with quick_stage.database.transaction(keep=False) as session:
        assert weights_of(session, quick_stage.municipality_id) == USUAL
    with quick_stage.turn("morozova") as (session, actor):
        centre = session.get_one(Municipality, quick_stage.municipality_id)
        sheet = AffinityWeights(**(dict.fromkeys(USUAL, 0) | {"load": 7}))
        assert gate.perform(session, actor, centre, "set_weights", sheet, centre.version).facts["weights"]
    with quick_stage.database.transaction(keep=False) as session:
        assert weights_of(session, quick_stage.municipality_id) == dict.fromkeys(USUAL, 0) | {"load": 7}
    after = of(quick_stage, road, "koval").affinity
    assert after.total == after.parts["load"] == before.parts["load"]
