"""The best set of experts for one case and for many: what people are promised, whatever the solver thinks best."""

from dataclasses import replace

import pytest

from tests.play import at
from workflow_app.db.models import Case, Organization, Person
from workflow_app.errors import N_, Conflict, NotFound, WorkflowError
from workflow_app.facts import assignment_plans
from workflow_app.facts.best_set import Row, measure, propose, short, sound
from workflow_app.facts.candidates import Ranked
from workflow_app.matching.affinity import PARTS, Affinity
from workflow_app.matching.conflicts import Candidate, Conflicts


def expert(id_, fit, *, outside=False, load=0, limit=5, **more):
    known = Candidate(
        id_,
        None,
        outside=outside,
        load=load,
        load_limit=limit,
        recent=0,
        reviewed_before=False,
        declared=False,
        trained=True,
    )
    person = Person(
        id=id_,
        last_name=f"Э{id_:03}",
        first_name="А",
        name_order=f"{id_:03}",
        organization=Organization(outside=outside),
    )
    found = Ranked(person, None, known, Conflicts(), "", affinity=Affinity(fit, dict.fromkeys(PARTS, fit)))
    return replace(found, **more)


def row(id_, need, *people, outside=0):
    return Row(Case(id=id_, number=f"ММ-{id_}", assignments=[]), {one.person.id: one for one in people}, need, outside)


def test_the_best_two_of_one_case_are_those_who_suit_it_best():
    assert propose([row(1, 2, expert(1, 0.2), expert(2, 0.9), expert(3, 0.5))]) == ((1, 2), (1, 3))


@pytest.mark.parametrize(
    "against",
    [{"conflicts": Conflicts(bars=(N_("нельзя"),))}, {"conflicts": Conflicts(warnings=(N_("осторожно"),))}, {"turned_down": True},
     {"conflicts": Conflicts(liftable=(N_("решит директор"),))}, {"state": "invited"}],
)  # fmt: skip
def test_nobody_is_proposed_against_whom_anything_speaks(against):
    rows = [row(1, 2, expert(1, 1.0, **against), expert(2, 0.1))]
    assert propose(rows) == ((1, 2),)
    assert propose(rows, kept=[(1, 1)]) == ((1, 2),), "what was held before counts no more"
    assert [(one.have, one.need, one.able) for one in short(rows, propose(rows))] == [(1, 2, 0)]


def test_a_place_for_an_expert_from_outside_is_kept_though_nobody_is_there_for_it():
    inside = [expert(id_, 0.9) for id_ in (1, 2, 3)]
    assert propose([row(1, 3, *inside, outside=1)]) == ((1, 1), (1, 2))
    with_one = [row(1, 3, *inside, expert(9, 0.1, outside=True), outside=1)]
    assert (1, 9) in propose(with_one)
    assert len(propose(with_one)) == 3
    lacking = short([row(1, 3, *inside, outside=1)], [(1, 1), (1, 2)])
    assert (lacking[0].outside, lacking[0].have) == (1, 2)


def test_the_worst_served_case_comes_first_and_the_total_where_it_is_asked_for():
    def two(one, other):
        return [
            row(1, 1, expert(1, 0.9, limit=1), expert(2, 0.5)),
            row(2, 1, expert(1, one, limit=1), expert(2, other)),
        ]

    rows = two(0.3, 0.1)  # 0.9 and 0.1 together are more, 0.5 and 0.3 leave nobody behind
    assert set(propose(rows)) == {(1, 2), (2, 1)}
    assert set(propose(rows, floor=None)) == {(1, 1), (2, 2)}


def test_nobody_gets_more_cases_than_their_limit_and_what_is_held_or_taken_out_is_heeded():
    rows = [row(id_, 1, expert(1, 0.9, load=4), expert(2, 0.2)) for id_ in (1, 2)]
    found = propose(rows)
    assert sorted(person for _, person in found) == [1, 2]
    assert set(propose(rows, kept=[(2, 2)])) == {(1, 1), (2, 2)}
    assert set(propose(rows, removed=[(1, 1), (2, 1)])) <= {(1, 2), (2, 2)}
    assert sound(rows, [(1, 1), (1, 1), (1, 2), (7, 1)]) == [(1, 1)]
    both = [row(id_, 2, expert(1, 0.9, load=4), expert(2, 0.2)) for id_ in (1, 2)]
    told = [(one.have, one.able, one.left) for one in short(both, [(1, 1), (1, 2), (2, 2)])]
    assert told == [(1, 1, 0)], "the one who is left has reached the limit"
    worth = measure(rows, found)
    assert (worth.taken, worth.places, worth.worst, worth.mean, worth.most) == (2, 2, 20, 55, 5)


def test_a_case_that_wants_more_is_not_served_better_for_that():
    """Served is the mean of those a case wants: one place filled of two serves by half."""
    rows = [row(1, 2, expert(1, 0.8), expert(2, 0.4)), row(2, 1, expert(3, 0.5))]
    worth = measure(rows, propose(rows))
    assert (worth.worst, worth.worst_case.id, worth.mean) == (50, 2, 55)


def test_a_draft_is_the_centres_and_an_older_version_changes_nothing(stage):
    road = at(stage, "assigning")
    with stage.turn("morozova") as (session, actor):
        assert [one.id for one in assignment_plans.waiting(session, actor)] == [road.case_id]
        plan = assignment_plans.begin(
            session, actor, [road.case_id, 999], assignment_plans.first(session, actor, [road.case_id, 999])
        )
        rows = assignment_plans.rows_of(
            session, actor, assignment_plans.cases_of(session, actor, plan.cases), plan.weights
        )
        assert sorted(plan.pairs) == sorted([list(one) for one in propose(rows)])
        assert assignment_plans.plan_of(session, actor.municipality_id, plan.id, 1) is plan
        assignment_plans.keep(
            session, plan, actor, locked=[tuple(plan.pairs[0])], pairs=assignment_plans.proposed(plan, rows)
        )
        assert (plan.version, plan.locked) == (2, [plan.pairs[0]])
        with pytest.raises(Conflict):
            assignment_plans.plan_of(session, actor.municipality_id, plan.id, 1)
        with pytest.raises(NotFound):
            assignment_plans.plan_of(session, actor.municipality_id + 1, plan.id)
        with pytest.raises(WorkflowError):
            assignment_plans.begin(session, actor, [999], ())
