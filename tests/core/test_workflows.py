"""The product's workflows are sound, and no walk through a case ends in a place that it cannot leave."""

import random
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.actors_and_facts import CASES, EVERY, NOW
from tests.core.model import APPLICANT, COORDINATOR, DIRECTOR, OTHERS, Move, World
from workflow_app.case_types.registry import CASE_TYPES
from workflow_app.documents.kinds.registry import KINDS
from workflow_app.errors import Broken
from workflow_app.states import standings, verify
from workflow_app.states.forms import Sheet, asks, hints
from workflow_app.states.next_step import turn
from workflow_app.states.vocabulary import Facts, Permission, Trigger, Who

REGISTERS = frozenset({"case"})
# What brings a case nearer to its end, in the order in which it is tried; giving up is not among it.
FORWARD = (
    "archive", "close", "close_on_time", "close_without_revision", "lapse_revision", "record", "send", "resubmit", "approve",
    "approve_outside", "propose",
    "agree", "circulate", "common_result", "join_common", "draft_common", "sign", "accept", "name_lead", "invite", "start",
    "decline", "register", "submit", "dismiss_appeal", "grant_appeal", "vote", "appoint_panel", "lapse",
)  # fmt: skip
WORLDS = st.builds(
    World, kind=st.sampled_from(list(CASES)), differ=st.booleans(), grant=st.booleans(),
    verdict_to_be=st.sampled_from(["conforms", "revise", "reject"]), own=st.booleans(),
)  # fmt: skip


@pytest.mark.parametrize("name", EVERY)
def test_every_workflow_of_the_product_is_proved(name):
    verify.prove(EVERY[name], frozenset(KINDS), REGISTERS)


@pytest.mark.parametrize("kind", CASES)
def test_a_workflow_that_lost_a_state_is_not_proved(kind):
    flow = CASES[kind]
    for lost in flow.states:
        kept = {name: state for name, state in flow.states.items() if name != lost}
        broken = type(flow)(flow.name, flow.title, flow.initial, kept, flow.transitions, flow.begin, flow.road)
        with pytest.raises(Broken):
            verify.prove(broken, frozenset(KINDS), REGISTERS)


@pytest.mark.parametrize("kind", CASES)
def test_every_term_of_a_state_has_a_length_and_every_turn_somebody(kind):
    """Decisions 14: a state names the key of a term, the case type gives its length."""
    for state in CASES[kind].states.values():
        assert state.term is None or state.term in CASE_TYPES[kind].policy.terms, state.name
        assert (state.turn is None) == (state.todo is None), state.name
        assert state.title and state.applicant_title


@pytest.mark.parametrize("name", EVERY)
def test_what_the_machine_does_asks_nothing_that_a_person_would_type(name):
    for one in EVERY[name].transitions.values():
        if one.trigger in (Trigger.AUTOMATIC, Trigger.TIMER):
            assert isinstance(one.asks(), Sheet)


@pytest.mark.parametrize("name", EVERY)
def test_what_signs_asks_how(name):
    """R35."""
    for one in EVERY[name].transitions.values():
        if one.signs:
            assert {"how", "scan"} <= set(asks(one.asks)), one.name
        assert all(hint is not None for hint in hints(one.asks).values())


@pytest.mark.parametrize("kind", CASES)
def test_who_may_see_anything_may_see_the_case(kind):
    for state in CASES[kind].states.values():
        viewers = state.grants[Permission.VIEW]
        viewers |= {Who.COUNTED} if Who.EXPERT in viewers else set()  # who counts is an expert
        viewers |= (
            {Who.FOR_SCHOOL} if Who.SCHOOL_OFFICER in viewers else set()
        )  # who entered it is an officer of that school
        for permission, granted in state.grants.items():
            assert granted <= viewers, (state.name, permission)


@pytest.mark.parametrize("kind", CASES)
def test_everything_has_words_for_the_history(kind):
    """domain.md 0a.15: automatic transitions too."""
    for one in CASES[kind].transitions.values():
        assert str(one.told)
        assert one.trigger is Trigger.USER or one.past is not None


def walk(world: World, choose: Callable[[list[Move]], Move], steps: int) -> None:
    for _ in range(steps):
        if world.state == "archived":
            return
        moves = world.moves()
        if not moves:
            world.wait()
            continue
        world.do(choose(moves))


def lead_home(world: World, most: int = 200) -> list[str]:
    """Go forward, and wait when nothing is to be done, until the case is in the archive."""
    passed = []
    for _ in range(most):
        if world.state == "archived":
            return passed
        passed.append(world.state)
        forward = next_forward(world, world.moves())
        if forward is None:
            world.wait()
        else:
            world.do(forward)
    offered = sorted({move.name for move in world.moves()})
    raise AssertionError(f"{world.kind} does not leave {world.state}: {world.past[-15:]}, offers {offered}")


def next_forward(world: World, moves: list[Move]) -> Move | None:
    open_ = {move.name: move for move in reversed(moves)}
    return next((open_[name] for name in FORWARD if name in open_ and not world_waits(world, name)), None)


def world_waits(world: World, name: str) -> bool:
    """Whether an act that may be done again and again leads no further now."""
    again = {"appoint_panel": world.told.get("panel"), "vote": world.votes == 3, "name_lead": world.told.get("lead_id")}
    return bool(again.get(name))


@settings(max_examples=120)
@given(WORLDS, st.integers(0, 2**32), st.integers(0, 60))
def test_from_wherever_a_case_has_strayed_it_comes_into_the_archive(world, seed, steps):
    """Every reachable state reaches archived by what is offered, without withdrawing or cancelling; none is stuck."""
    walk(world, random.Random(seed).choice, steps)
    lead_home(world)


def step_or_stray(world: World, chance: random.Random, done: set[str]) -> None:
    """Mostly forward, now and then anything else that is offered, best of all what was never done."""
    moves = world.moves()
    forward = next_forward(world, moves)
    timed = any(one.trigger is Trigger.TIMER and one.name not in done for one in world.workflow.exits(world.state))
    if not moves or chance.random() < (0.5 if forward is None or timed else 0.1):
        world.wait()
        timers = [one for one in world.moves() if one.actor.is_system]
        if timers and chance.random() < 0.5:
            world.do(chance.choice(timers))
    elif forward is not None and chance.random() < 0.7:
        world.do(forward)
    else:
        world.do(chance.choice([one for one in moves if one.name not in done] or moves))


@pytest.mark.parametrize("kind", CASES)
def test_walks_pass_through_every_state_and_every_transition(kind):
    """The walks are worth something: together they come everywhere that the workflow knows."""
    flow, states, done = CASES[kind], {"draft"}, set()
    for seed in range(500):
        chance = random.Random(seed)
        world = World(kind, chance.random() < 0.5, chance.random() < 0.5, chance.choice(["conforms", "revise"]))
        world.own, world.same_text = chance.random() < 0.3, chance.random() < 0.5
        world.meant, world.by_order = chance.random() < 0.3, chance.random() < 0.3
        for _ in range(60):
            if world.state != "archived":
                step_or_stray(world, chance, done)
            states.add(world.state)
        done |= set(world.past)
        if states >= set(flow.states) and done >= set(flow.transitions):
            break
    assert set(flow.states) - states == set()
    assert set(flow.transitions) - done == set()


@settings(max_examples=60)
@given(WORLDS, st.integers(0, 2**32))
def test_somebody_is_always_told_that_it_is_their_turn(world, seed):
    """Whose turn it is, that one can do something; nobody's turn means that a date is waited for."""
    chance = random.Random(seed)
    for _ in range(40):
        if world.state == "archived":
            return
        who = turn(world.workflow, world.facts()).who
        able = {move.actor.person_id for move in world.moves()}
        if who in (Who.COORDINATOR, Who.DIRECTOR, Who.APPLICANT):
            expected = {Who.COORDINATOR: {COORDINATOR, *OTHERS}, Who.DIRECTOR: {DIRECTOR}, Who.APPLICANT: {APPLICANT}}[
                who
            ]
            assert expected & able, (world.state, who, world.past[-8:])
        if who is None:
            assert world.workflow.state(world.state).term or world.state == "archived", world.state
        walk(world, chance.choice, 1)


def test_a_state_mixes_what_is_public_with_nothing_else():
    flow = CASES["methodical_material"]
    for grants, words in (
        ({Permission.SEE_PUBLISHED: frozenset({Who.PUBLIC, Who.COORDINATOR})}, "mixes what is public"),
        ({Permission.VIEW: frozenset({Who.ANYONE})}, "grants something to anyone"),
    ):
        state = replace(flow.states["approved"], grants={**flow.states["approved"].grants, **grants})
        broken = replace(flow, states={**flow.states, "approved": state})
        with pytest.raises(Broken, match=words):
            verify.prove(broken, frozenset(KINDS), REGISTERS)


def test_a_standing_that_nobody_declared_is_none():
    with pytest.raises(ValueError, match="no standing is called 'astrologer'"):
        Who("astrologer")
    assert Who.declare("coordinator") is Who.COORDINATOR
    assert (Who.COORDINATOR.value, repr(Who.COORDINATOR)) == ("coordinator", "Who.COORDINATOR")


def test_nothing_waits_at_a_place_without_its_case():
    assert standings.waits_at_place(Facts(state="invited", now=NOW, today=NOW.date(), municipality_id=1), None) == set()
