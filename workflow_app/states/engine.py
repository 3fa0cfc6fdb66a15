"""The mover: the one host of the ``transitions`` library.

``policy`` has already permitted on the facts before; the engine holds only the branch selectors, tried on the facts after the
effect. A shared machine triggers a two-field cursor: binding a machine to each row would reset its state and keep the rows
alive (measured: ADR 2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from transitions import EventData, Machine

from workflow_app.errors import Broken
from workflow_app.states.vocabulary import Facts, Target, Workflow


@dataclass(slots=True)
class _Cursor:
    state: str
    facts: Facts


_machines: dict[int, tuple[Workflow, Any]] = {}


def _machine(workflow: Workflow) -> Any:
    """Return the machine of a workflow, built once. The pair keeps the workflow alive, so its id stays its own."""
    if id(workflow) not in _machines:
        machine = Machine(
            model=None, states=list(workflow.states), initial=None, auto_transitions=False, send_event=True
        )
        for transition in workflow.transitions.values():
            for target in transition.targets or (Target("="),):
                machine.add_transition(
                    transition.name, list(transition.sources), target.state, conditions=_selectors(target)
                )
        _machines[id(workflow)] = (workflow, machine)
    return _machines[id(workflow)][1]


def _selectors(target: Target) -> list[Any]:
    condition = target.when
    if condition is None:
        return []

    def holds(event: EventData) -> bool:
        return condition.test(cast("_Cursor", event.model).facts)

    return [holds]


def next_state(workflow: Workflow, facts: Facts, name: str) -> str:
    """Return the state after transition ``name`` from ``facts.state``. Raises Broken when no branch takes it."""
    cursor = _Cursor(facts.state, facts)
    transition = workflow.transition(name)
    if facts.state not in transition.sources:
        raise Broken(f"{workflow.name}.{name} does not start from {facts.state!r}")
    workflow.state(facts.state)
    if not _machine(workflow).events[name].trigger(cursor):
        raise Broken(f"no branch of {workflow.name}.{name} takes the facts in {facts.state!r}")
    return cursor.state
