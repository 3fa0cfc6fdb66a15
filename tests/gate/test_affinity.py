"""What the affinity of experts to cases is reckoned from, as the rows and the journal tell it."""

from sqlalchemy import select, update

from tests.play import at
from tests.statements import count_statements
from workflow_app import clock, gate
from workflow_app.calendar.terms import Term
from workflow_app.db.models import Assignment, Case, Counter, Municipality, TermOverride
from workflow_app.facts import term_change, timeliness
from workflow_app.facts.affinity import weights_of
from workflow_app.facts.candidates import candidates, candidates_of
from workflow_app.matching.affinity import USUAL
from workflow_app.runtime import backfill
from workflow_app.states.definitions.centre import AffinityWeights, SetTerm


def of(stage, road, key):
    """The expert as a candidate for the case, today."""
    with clock.at(stage.moment), stage.database.transaction(keep=False) as session:
        found = candidates(session, session.get_one(Case, road.case_id))
        return next(one for one in found if one.person.id == stage.people[key])


def kept(stage):
    """Of each signed sheet whether it was late, as the column keeps it."""
    with stage.database.transaction(keep=False) as session:
        return dict(
            session.execute(
                select(Assignment.expert_id, Assignment.signed_late).where(Assignment.signed_at.is_not(None))
            ).all()
        )


def lengthen(stage, days):
    """Give the sheets that are filled in now a longer term, from the day on which they were begun."""
    with stage.turn("gradov") as (session, me):
        term = Term(days, "working")
        found = term_change.effect_of(session, stage.municipality_id, "innovation_product", "review", term)
        centre = session.get_one(Municipality, stage.municipality_id)
        sheet = SetTerm(
            case_type="innovation_product", key="review", length=days, unit="working", why="Приказ № 1", running="take",
            since=stage.moment.date(), moved=term_change.written(found),
        )  # fmt: skip
        gate.perform(session, me, centre, "set_term", sheet, centre.version)


def test_in_time_is_one_answer_and_old_sheets_get_it_from_the_journal(stage):
    """The term that was set then: extended, moved by a new length, never that of today. What is known already stays."""
    first, second = at(stage, "in_review"), at(stage, "in_review", "innovation_product")
    stage.act("morozova", first.case_id, "extend", {"days": 5, "reason": "Эксперт просил о продлении срока"})
    lengthen(stage, 20)
    stage.wait(days=18)  # past the ten working days, within the fifteen and the twenty
    first.sign("bondarenko", (0.8, 1.0))
    second.sign("nesterov", (0.8,))
    stage.wait(days=20)
    first.sign("lebedev", (0.8, 1.0))
    second.sign("koval", (0.8,))
    told = kept(stage)
    people = {key: stage.people[key] for key in ("bondarenko", "nesterov", "lebedev", "koval")}
    assert told == dict(zip(people.values(), (False, False, True, True), strict=True))

    with stage.database.transaction(keep=True) as session:
        session.execute(update(Assignment).values(signed_late=None))
        session.execute(update(Assignment).where(Assignment.expert_id == people["koval"]).values(signed_late=False))
        session.add(Counter(municipality_id=stage.municipality_id, register="signed_late", year=0, last=0))
        for kind in ("methodical_material", "innovation_product"):
            mine = TermOverride(
                municipality_id=stage.municipality_id, case_type=kind, key="review", length=1, unit="working"
            )
            mine.since = stage.moment.date()
            session.add(mine)
    assert backfill.reckon_all(stage.database) == 3
    assert backfill.reckon_all(stage.database) == timeliness.fill(stage.database) == 0
    assert kept(stage) == told | {people["koval"]: False}

    other = at(stage, "assigning")
    good, late, known = (of(stage, other, key) for key in ("bondarenko", "lebedev", "koval"))
    assert [(one.past.in_time, one.past.ended) for one in (good, late, known)] == [(1, 2), (0, 1), (1, 1)]
    assert good.affinity.parts["timeliness"] > late.affinity.parts["timeliness"]
    assert "в срок 0 из 1" in map(str, late.why)
    assert good.past.words, "the words of what an expert has judged are compared"
    assert 0 < good.affinity.parts["text"] <= 1


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
