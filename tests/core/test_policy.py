"""Who may what: nobody anything by default, nobody everything, and the two answers of the policy agree."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.actors_and_facts import ACTORS, ALONE, CASES, EVERY, NOW, PARTS, any_facts, case_facts
from workflow_app.errors import Broken, Denied, NotYet
from workflow_app.states import policy
from workflow_app.states.vocabulary import Actor, Facts, Permission, Role, Trigger, Via, Who, system

STAFF = {Who.COORDINATOR, Who.DIRECTOR, Who.DEPARTMENT, Who.REGIONAL, Who.ADMIN}
BARE = Facts(state="draft", now=NOW, today=date(2026, 9, 1), municipality_id=1, applicant_id=1)
STATES = [(name, state) for name, flow in EVERY.items() for state in flow.states]


def facts_in(name: str, state: str, **more: object) -> Facts:
    """Facts of a case, or of a part with a case in its last state but one around it."""
    if name in PARTS:
        around = replace(BARE, state="on_approval", **more)
        return Facts(
            state=state,
            now=NOW,
            today=BARE.today,
            municipality_id=1,
            root=around,
            root_workflow=CASES["methodical_material"],
        )
    return replace(BARE, state=state, **more)


@pytest.mark.parametrize(("name", "state"), STATES)
def test_somebody_without_roles_and_standings_may_do_and_see_nothing(name, state):
    stranger, facts = Actor(99, 1), facts_in(name, state)
    assert policy.standing(stranger, facts) == {Who.ANYONE}
    assert policy.offers(EVERY[name], stranger, facts) == {}
    assert not [one for one in Permission if policy.may(EVERY[name], stranger, facts, one)]


@pytest.mark.parametrize(("name", "state"), STATES)
def test_staff_of_another_municipality_may_do_and_see_nothing(name, state):
    foreign, facts = Actor(99, 2, frozenset(Role) - {Role.SCHOOL_OFFICER}), facts_in(name, state)
    assert policy.offers(EVERY[name], foreign, facts) == {}
    assert not [one for one in Permission if policy.may(EVERY[name], foreign, facts, one)]


@pytest.mark.parametrize("role", [Role.ADMIN, Role.DEPARTMENT, Role.REGIONAL, Role.TEACHER, Role.EXPERT])
@pytest.mark.parametrize(("name", "state"), [one for one in STATES if one[0] not in ALONE])
def test_there_is_no_superuser_over_cases(name, state, role):
    """An administrator keeps accounts, not cases; a teacher or expert as such has no case."""
    actor, facts = Actor(99, 1, frozenset({role})), facts_in(name, state)
    assert policy.offers(EVERY[name], actor, facts) == {}
    assert not [one for one in Permission if policy.may(EVERY[name], actor, facts, one)]


@pytest.mark.parametrize("name", EVERY)
def test_every_transition_has_a_guard_and_the_machine_its_own(name):
    for one in EVERY[name].transitions.values():
        assert one.guard.by
        assert Who.ANYONE not in one.guard.by
        assert (one.trigger is Trigger.USER) == (Who.SYSTEM not in one.guard.by)
    assert EVERY[name].begin.by


@given(any_facts(), ACTORS)
def test_only_the_system_does_what_is_the_systems(found, actor):
    workflow, facts = found
    everything = replace(actor, roles=frozenset(Role))
    for one in workflow.transitions.values():
        if one.trigger is not Trigger.USER:
            with pytest.raises(Denied):
                policy.permit(workflow, everything, facts, one.name)


@given(any_facts())
def test_the_system_does_nothing_that_is_a_persons(found):
    workflow, facts = found
    assert policy.offers(workflow, system(facts.municipality_id), facts) == {}
    for one in workflow.transitions.values():
        if one.trigger is Trigger.USER:
            with pytest.raises(Denied):
                policy.permit(workflow, system(facts.municipality_id), facts, one.name)


@pytest.mark.parametrize("name", CASES)
def test_every_staff_act_on_a_case_is_barred_to_the_involved(name):
    """R30 (decisions 12): four eyes on every transition of the office, the director and the panel."""
    for one in CASES[name].transitions.values():
        if one.guard.by & (STAFF | {Who.PANEL}):
            assert Who.INVOLVED in one.guard.unless, one.name


@given(st.sampled_from(list(CASES)).flatmap(lambda kind: st.tuples(st.just(kind), case_facts(CASES[kind]))), ACTORS)
def test_who_is_involved_does_nothing_in_the_name_of_the_centre(found, actor):
    """R30: the applicant, a co-author or an expert of any round acts only as such."""
    kind, facts = found
    stands = policy.standing(actor, facts)
    if Who.INVOLVED not in stands:
        return
    assert Who.ON_BEHALF not in stands
    for name, offer in policy.offers(CASES[kind], actor, facts).items():
        assert not offer.transition.guard.by <= STAFF | {Who.PANEL}, name


@given(any_facts(), ACTORS)
def test_permit_and_offers_agree(found, actor):
    workflow, facts = found
    offers = policy.offers(workflow, actor, facts)
    assert set(offers) <= {one.name for one in workflow.exits(facts.state) if one.trigger is Trigger.USER}
    for one in workflow.transitions.values():
        if one.trigger is not Trigger.USER:
            continue
        offer = offers.get(one.name)
        if offer is not None and offer.open:
            assert policy.permit(workflow, actor, facts, one.name) is one
        elif offer is not None:
            with pytest.raises(NotYet) as refused:
                policy.permit(workflow, actor, facts, one.name)
            assert refused.value.obstacles == offer.obstacles
            assert all(str(obstacle) for obstacle in offer.obstacles)
        else:
            with pytest.raises((Denied, NotYet)) as barred:
                policy.permit(workflow, actor, facts, one.name)
            # In one of its sources there is no "not yet" for whom the transition is not.
            assert facts.state not in one.sources or barred.type is Denied


@given(any_facts(), ACTORS)
def test_a_wrong_state_is_told_only_to_whom_the_transition_could_be_for(found, actor):
    workflow, facts = found
    for one in workflow.transitions.values():
        if facts.state in one.sources or one.guard.by & policy.standing(actor, facts):
            continue
        with pytest.raises(Denied):
            policy.permit(workflow, actor, facts, one.name)


def test_an_unknown_state_or_transition_is_a_mistake_of_the_program():
    flow = CASES["methodical_material"]
    with pytest.raises(Broken):
        policy.may(flow, Actor(1, 1), replace(BARE, state="nowhere"), Permission.VIEW)
    with pytest.raises(Broken):
        policy.permit(flow, Actor(1, 1), BARE, "fly")


def test_a_standing_is_never_given_to_nobody():
    """A command line without a person is neither the applicant of a case without one nor anybody's expert."""
    facts = replace(BARE, applicant_id=None, own_id=None, lead_id=None)
    stands = policy.standing(Actor(None, 1, frozenset({Role.COORDINATOR}), Via.COMMAND), facts)
    assert stands == {Who.ANYONE, Who.COORDINATOR}


def test_the_applicant_who_is_the_director_stands_only_as_the_applicant():
    """R30."""
    everything = Actor(1, 1, frozenset(Role), organization_id=5)
    stands = policy.standing(everything, replace(BARE, organization_id=5, on_behalf=True))
    assert stands == {Who.ANYONE, Who.APPLICANT, Who.INVOLVED}


def test_a_school_officer_stands_only_towards_the_own_school():
    officer = Actor(9, 1, frozenset({Role.SCHOOL_OFFICER}), organization_id=5)
    assert Who.SCHOOL_OFFICER in policy.standing(officer, replace(BARE, organization_id=5))
    assert Who.SCHOOL_OFFICER not in policy.standing(officer, replace(BARE, organization_id=6))
    nowhere = replace(officer, organization_id=None)
    assert Who.SCHOOL_OFFICER not in policy.standing(nowhere, replace(BARE, organization_id=None))


def test_automatic_transitions_and_timers_fire_only_when_nothing_stands_in_the_way():
    flow, facts = CASES["methodical_material"], replace(BARE, state="assigning", required=2, accepted=frozenset({2}))
    by = system(1)
    assert policy.automatic(flow, by, facts) is None
    fired = policy.automatic(flow, by, replace(facts, accepted=frozenset({2, 3})))
    assert fired is not None
    assert fired.name == "begin"
    assert policy.automatic(flow, Actor(1, 1, frozenset(Role)), replace(facts, accepted=frozenset({2, 3}))) is None
    assert [one.name for one in policy.due_timers(flow, by, replace(BARE, state="returned", lapsed=True))] == ["lapse"]
    assert policy.due_timers(flow, by, replace(BARE, state="returned")) == ()


@given(any_facts(), ACTORS)
def test_at_most_one_automatic_transition_fires(found, actor):
    """Decisions 6: automatic siblings exclude each other on all facts."""
    workflow, facts = found
    firing = [
        one.name
        for one in workflow.exits(facts.state)
        if one.trigger is Trigger.AUTOMATIC and all(condition.test(facts) for condition in one.guard.when)
    ]
    assert len(firing) <= 1
    fired = policy.automatic(workflow, system(actor.municipality_id), facts)
    assert [fired.name] if fired else firing == []
