"""The proof at start-up finds each kind of fault in a workflow; the product's own workflows have none."""

from dataclasses import replace

import pytest

from workflow_app.errors import N_, Broken
from workflow_app.states.verify import prove
from workflow_app.states.vocabulary import (
    Condition,
    Guard,
    Permission,
    State,
    Target,
    Transition,
    Trigger,
    Who,
    Workflow,
    negation,
    workflow,
)

WORD = N_("слово")
READY = Condition("ready", lambda f: f.round > 1, WORD)
OTHER = Condition("other", lambda f: f.returns > 1, WORD)
PERSON = Guard(frozenset({Who.OWN}))


def machine(*when: Condition) -> Guard:
    return Guard(frozenset({Who.SYSTEM}), when=when)


def step(name: str, source: str, *targets: str, guard: Guard = PERSON, **more: object) -> Transition:
    return Transition(name, WORD, (source,), guard, tuple(Target(one) for one in targets), **more)


def flow(
    *transitions: Transition, states: str = "ab", initial: str = "a", final: str = "b", road: tuple[str, ...] = ()
) -> Workflow:
    return workflow(
        name="small", title=WORD, initial=initial, transitions=transitions, begin=PERSON, road=road,
        states=tuple(State(one, WORD, WORD, {}, final=one in final) for one in states),
    )  # fmt: skip


def test_a_sound_workflow_passes():
    prove(flow(step("go", "a", "b", issues=("paper",), numbers="case")), frozenset({"paper"}), frozenset({"case"}))


AUTO = {"guard": machine(READY), "trigger": Trigger.AUTOMATIC}
FAULTS = {
    "initial state 'x' is unknown": flow(step("go", "a", "b"), initial="x"),
    "go names the unknown state 'x'": flow(step("go", "a", "b", "x")),
    "go names the unknown state 'y'": flow(Transition("go", WORD, ("a", "y"), PERSON, (Target("b"),))),
    "go has no source": flow(Transition("go", WORD, (), PERSON, (Target("b"),))),
    "go issues the unknown document 'diploma'": flow(step("go", "a", "b", issues=("diploma",))),
    "go numbers from the unknown register 'lost'": flow(step("go", "a", "b", numbers="lost")),
    "the road names the unknown state 'x'": flow(step("go", "a", "b"), road=("a", "x")),
    "go has no guard": flow(step("go", "a", "b", guard=Guard(frozenset()))),
    "go is automatic and must be guarded by the system alone": flow(step("go", "a", "b", trigger=Trigger.AUTOMATIC)),
    "go is timer and must be guarded by the system alone": flow(
        step("go", "a", "b", guard=Guard(frozenset({Who.SYSTEM, Who.OWN})), trigger=Trigger.TIMER)
    ),
    "go is cascade and must be guarded by the system alone": flow(step("go", "a", "b", trigger=Trigger.CASCADE)),
    "go is a person's and may not be guarded by the system": flow(step("go", "a", "b", guard=machine())),
    "state c cannot be reached": flow(step("go", "a", "b"), states="abc", final="bc"),
    "state c is a dead end": flow(step("go", "a", "b"), step("stray", "a", "c"), states="abc"),
    "final state b has exits": flow(step("go", "a", "b"), step("back", "b", "a")),
    "stay is automatic and may stay where it is": flow(step("go", "a", "b"), step("stay", "a", **AUTO)),
    "one and two are automatic from one state and not exclusive": flow(
        step("one", "a", "b", **AUTO), step("two", "a", "b", guard=machine(OTHER), trigger=Trigger.AUTOMATIC)
    ),
    "automatic transitions make a cycle through a": flow(
        step("out", "a", "b", **AUTO), step("home", "b", "a", **AUTO), step("end", "b", "c"), states="abc", final="c"
    ),
    "the branches of go are not exclusive": flow(step("go", "a", "b", "c"), states="abc", final="bc"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_kind_of_fault_stops_the_start(fault):
    with pytest.raises(Broken) as found:
        prove(FAULTS[fault], frozenset({"paper"}), frozenset({"case"}))
    assert fault in str(found.value)


def test_rights_for_anyone_stop_the_start():
    open_to_all = State("a", WORD, WORD, {Permission.VIEW: frozenset({Who.ANYONE})})
    sound = flow(step("go", "a", "b"))
    with pytest.raises(Broken, match="state a grants something to anyone"):
        prove(replace(sound, states={**sound.states, "a": open_to_all}), frozenset())


def test_exclusive_branches_and_siblings_pass():
    branches = (Target("b", READY), Target("c", negation(READY)))
    prove(flow(Transition("go", WORD, ("a",), PERSON, branches), states="abc", final="bc"), frozenset())
    either = step("one", "a", "b", **AUTO)
    other = step("two", "a", "b", guard=machine(negation(READY)), trigger=Trigger.AUTOMATIC)
    prove(flow(either, other), frozenset())


def test_a_record_without_an_end_needs_an_exit_everywhere():
    prove(flow(step("off", "a", "b"), step("on", "b", "a"), final=""), frozenset())
    with pytest.raises(Broken, match="state b is a dead end"):
        prove(flow(step("off", "a", "b"), final=""), frozenset())


def test_several_faults_are_told_at_once():
    with pytest.raises(Broken) as found:
        prove(flow(step("go", "a", "x", guard=Guard(frozenset()))), frozenset())
    assert {"go has no guard", "go names the unknown state 'x'"} <= set(
        str(found.value).removeprefix("workflow small: ").split("; ")
    )


def test_a_name_used_twice_is_refused_by_the_builder():
    with pytest.raises(Broken, match="uses a name twice"):
        flow(step("go", "a", "b"), step("go", "b", "a"))
    with pytest.raises(Broken, match="uses a name twice"):
        flow(step("go", "a", "b"), states="abb")
