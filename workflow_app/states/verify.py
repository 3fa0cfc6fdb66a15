"""Proof that a workflow is sound, run at start-up: a mistake in the data stops the program instead of opening a door."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from workflow_app.errors import Broken
from workflow_app.states.forms import asks
from workflow_app.states.vocabulary import Permission, Transition, Trigger, Who, Workflow


def prove(workflow: Workflow, documents: frozenset[str], registers: frozenset[str] = frozenset()) -> None:
    """Raise Broken with every fault found; ``documents`` and ``registers`` are the known names (decisions.md 7)."""
    faults = list(_faults(workflow, documents, registers))
    if faults:
        raise Broken(f"workflow {workflow.name}: " + "; ".join(faults))


def _faults(workflow: Workflow, documents: frozenset[str], registers: frozenset[str]) -> Iterator[str]:
    yield from _names(workflow, documents, registers)
    yield from _guards(workflow)
    yield from _roads(workflow)
    yield from _automatic(workflow)


def _names(workflow: Workflow, documents: frozenset[str], registers: frozenset[str]) -> Iterator[str]:
    known = set(workflow.states)
    if workflow.initial not in known:
        yield f"initial state {workflow.initial!r} is unknown"
    for one in workflow.transitions.values():
        for state in {*one.sources, *(target.state for target in one.targets)} - known:
            yield f"{one.name} names the unknown state {state!r}"
        if not one.sources:
            yield f"{one.name} has no source"
        for kind in set(one.issues) - documents:
            yield f"{one.name} issues the unknown document {kind!r}"
        if one.numbers is not None and one.numbers not in registers:
            yield f"{one.name} numbers from the unknown register {one.numbers!r}"
        if one.bulk is not None:
            yield from (
                f"{one.name} sets the unknown field {name!r} apart" for name in {*one.bulk.apart} - {*asks(one.asks)}
            )
            if one.trigger is not Trigger.USER:
                yield f"{one.name} is nobody's to be done in bulk"
    for name in set(workflow.road) - known:
        yield f"the road names the unknown state {name!r}"


def _guards(workflow: Workflow) -> Iterator[str]:
    for one in workflow.transitions.values():
        if not one.guard.by:
            yield f"{one.name} has no guard"
        if one.trigger is not Trigger.USER and one.guard.by != {Who.SYSTEM}:
            yield f"{one.name} is {one.trigger} and must be guarded by the system alone"
        if one.trigger is Trigger.USER and Who.SYSTEM in one.guard.by:
            yield f"{one.name} is a person's and may not be guarded by the system"
    for state in workflow.states.values():
        if Who.ANYONE in frozenset().union(*state.grants.values()) and not state.name.startswith("public"):
            yield f"state {state.name} grants something to anyone"
        for permission, who in state.grants.items():
            # what is public is reached by a column alone: its branch of a list overlaps with no other (facts.standings)
            open_to_all = permission is Permission.SEE_PUBLISHED
            if (open_to_all or Who.PUBLIC in who) and (not open_to_all or who != {Who.PUBLIC}):
                yield f"state {state.name} mixes what is public with what is not: {permission}"


def _roads(workflow: Workflow) -> Iterator[str]:
    edges = {name: {target.state for one in workflow.exits(name) for target in one.targets} for name in workflow.states}
    for state in set(workflow.states) - _reach(edges, {workflow.initial}):
        yield f"state {state} cannot be reached"
    ends = {name for name, state in workflow.states.items() if state.final}
    # A lasting record (an account) has no end: there every state needs an exit of some kind.
    alive = set(ends) or {name for name in workflow.states if workflow.exits(name)}
    while grown := {name for name, out in edges.items() if name not in alive and out & alive}:
        alive |= grown
    for state in set(workflow.states) - alive:
        yield f"state {state} is a dead end"
    for state in ends:
        if edges[state]:
            yield f"final state {state} has exits"


def _automatic(workflow: Workflow) -> Iterator[str]:
    moving = [one for one in workflow.transitions.values() if one.trigger is Trigger.AUTOMATIC]
    for one in moving:
        if not one.targets or any(target.state in one.sources for target in one.targets):
            yield f"{one.name} is automatic and may stay where it is: it would never stop"
    for one, other in combinations(moving, 2):
        if set(one.sources) & set(other.sources) and not _exclusive(one, other):
            yield f"{one.name} and {other.name} are automatic from one state and not exclusive"
    edges = {name: {t.state for one in moving if name in one.sources for t in one.targets} for name in workflow.states}
    yield from (
        f"automatic transitions make a cycle through {start}" for start in edges if start in _reach(edges, edges[start])
    )
    yield from _branches(workflow)


def _reach(edges: dict[str, set[str]], start: set[str]) -> set[str]:
    """Return every state that can be reached from ``start``, itself included."""
    seen, queue = set(start), [*start]
    while queue:
        for state in edges.get(queue.pop(), set()) - seen:  # an unknown state is told of elsewhere
            seen.add(state)
            queue.append(state)
    return seen


def _branches(workflow: Workflow) -> Iterator[str]:
    for one in workflow.transitions.values():
        for first, second in combinations(one.targets, 2):
            if first.when is None or second.when is None or not _opposite(first.when.name, second.when.name):
                yield f"the branches of {one.name} are not exclusive"


def _exclusive(one: Transition, other: Transition) -> bool:
    return any(_opposite(a.name, b.name) for a in one.guard.when for b in other.guard.when)


def _opposite(one: str, other: str) -> bool:
    return one == f"not {other}" or other == f"not {one}"
