"""The program put together without Flask: every effect registered, every workflow proved. Start-up stops on a fault."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from functools import cache

from workflow_app.case_types.registry import CASE_TYPES
from workflow_app.documents.kinds import KINDS
from workflow_app.errors import Broken
from workflow_app.gate import effect
from workflow_app.states.check import prove
from workflow_app.states.sheets import Sheet, asks
from workflow_app.states.vocabulary import Workflow
from workflow_app.store.subjects import PLAIN

EFFECTS = (
    "workflow_app.cases.effects", "workflow_app.cases.concluding", "workflow_app.cases.endings", "workflow_app.cases.amending",
    "workflow_app.cases.files", "workflow_app.reviews.effects", "workflow_app.people.effects", "workflow_app.centre.effects",
    "workflow_app.papers.effects", "workflow_app.papers.template_effects",
)  # fmt: skip
REGISTERS = frozenset({"case"})


def workflows() -> Iterator[Workflow]:
    """Yield every workflow of the program."""
    for kind in CASE_TYPES.values():
        yield kind.workflow
    yield from PLAIN.values()


@cache
def wire() -> None:
    """Import the effects, prove the workflows and that each asked sheet has an effect. Raises Broken at the first fault."""
    for module in EFFECTS:
        importlib.import_module(module)
    default = effect.dispatch(object)
    for flow in workflows():
        prove(flow, frozenset(KINDS), REGISTERS)
        for transition in flow.transitions.values():
            _known(transition.asks, default, f"{flow.name}.{transition.name}")


def _known(sheet: type[Sheet], default: object, where: str) -> None:
    asks(sheet)
    if effect.dispatch(sheet) in (default, effect.dispatch(Sheet)):
        raise Broken(f"{where} asks {sheet.__name__}, which has no effect")
