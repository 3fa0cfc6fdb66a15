"""The case workflow: one builder, one workflow value per case type (decisions.md 7).

Read ``to_review`` and ``from_conclusion`` top to bottom: they are the state machine of domain.md 5.
"""

from __future__ import annotations

from collections.abc import Iterable

from workflow_app.states.definitions.case.from_conclusion import (
    appeal,
    by_order,
    commission,
    conclusion,
    decision,
    ends,
    revision,
)
from workflow_app.states.definitions.case.guards import Shape, enterer
from workflow_app.states.definitions.case.states import states
from workflow_app.states.definitions.case.to_review import assignment, refusals, review, ways_in
from workflow_app.states.vocabulary import Transition, Workflow, workflow

__all__ = ["Shape", "build"]


def build(shape: Shape) -> Workflow:
    """Return the workflow of a case type."""
    parts: list[Iterable[Transition]] = [
        ways_in(shape), refusals(shape), assignment(shape), review(shape), conclusion(shape), by_order(shape),
        commission() if shape.attestation else revision(shape) if shape.revised else (),
        decision() if shape.decision and not shape.attestation else (), appeal(), ends(shape),
    ]  # fmt: skip
    road = ["submitted", "registered", "assigning", "in_review", "consolidation", "on_approval", "approved"]
    road += ["sent_to_commission", "decided"] if shape.attestation else []
    return workflow(
        name=shape.key,
        title=shape.title,
        initial="draft",
        states=states(attestation=shape.attestation, revised=shape.revised),
        transitions=tuple(one for part in parts for one in part),
        begin=enterer(),
        road=("draft", *road, "closed"),
    )
