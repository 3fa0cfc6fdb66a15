"""The mover: branches are chosen by the facts after the effect, and what no branch takes is an error, never a silence."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from workflow_app.case_types.registry import CASE_TYPES
from workflow_app.errors import N_, Broken
from workflow_app.states import engine
from workflow_app.states.vocabulary import (
    Condition,
    Facts,
    Guard,
    State,
    Target,
    Transition,
    Who,
    Workflow,
    negation,
    workflow,
)

WORD = N_("слово")
APPEALED = Condition("appealed", lambda f: f.appealed, WORD)
FACTS = Facts(state="a", now=datetime(2026, 9, 1, tzinfo=UTC), today=date(2026, 9, 1), municipality_id=1)


def small(*targets: Target, sources: tuple[str, ...] = ("a",), states: str = "abc") -> Workflow:
    return workflow(
        name="small", title=WORD, initial="a", states=tuple(State(one, WORD, WORD, {}) for one in states),
        transitions=(Transition("go", WORD, sources, Guard(frozenset({Who.OWN})), targets),), begin=Guard(frozenset({Who.OWN})),
    )  # fmt: skip


def test_a_transition_leads_to_its_target():
    assert engine.next_state(small(Target("b")), FACTS, "go") == "b"


def test_a_transition_without_targets_stays_where_it_is():
    assert engine.next_state(small(sources=("a", "b")), replace(FACTS, state="b"), "go") == "b"


def test_the_branch_is_chosen_by_the_facts():
    forked = small(Target("b", APPEALED), Target("c", negation(APPEALED)))
    assert engine.next_state(forked, replace(FACTS, appealed=True), "go") == "b"
    assert engine.next_state(forked, FACTS, "go") == "c"


def test_facts_that_no_branch_takes_raise():
    """Decisions 6: the library would return False and say nothing."""
    with pytest.raises(Broken, match="no branch"):
        engine.next_state(small(Target("b", APPEALED)), FACTS, "go")


@pytest.mark.parametrize(("state", "name"), [("nowhere", "go"), ("b", "go"), ("a", "come")])
def test_an_unknown_state_or_transition_or_a_wrong_source_raises(state, name):
    with pytest.raises(Broken):
        engine.next_state(small(Target("b")), replace(FACTS, state=state), name)


def test_workflows_of_the_same_names_do_not_mix():
    first, second = small(Target("b")), small(Target("c"))
    assert [engine.next_state(one, FACTS, "go") for one in (first, second, first)] == ["b", "c", "b"]


def test_one_machine_serves_many_threads():
    forked = small(Target("b", APPEALED), Target("c", negation(APPEALED)))

    def run(appealed: bool) -> set[str]:
        return {engine.next_state(forked, replace(FACTS, appealed=appealed), "go") for _ in range(500)}

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(run, [False, True] * 4)) == [{"c"}, {"b"}] * 4


@pytest.mark.parametrize("kind", CASE_TYPES)
def test_every_unconditional_transition_of_a_case_type_leads_where_it_says(kind):
    flow = CASE_TYPES[kind].workflow
    for one in flow.transitions.values():
        if any(target.when for target in one.targets):
            continue
        for source in one.sources:
            expected = one.targets[0].state if one.targets else source
            assert engine.next_state(flow, replace(FACTS, state=source), one.name) == expected
