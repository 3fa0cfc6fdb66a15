"""The program put together without Flask: every effect registered, every workflow proved. Start-up stops on a fault."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from functools import cache

from workflow_app.case_types.registry import CASE_TYPES
from workflow_app.case_types.verify import prove_types
from workflow_app.documents.kinds.registry import KINDS
from workflow_app.errors import Broken
from workflow_app.facts import choices
from workflow_app.facts.subjects import OF_RECORDS, PLAIN
from workflow_app.gate import effect, issuing
from workflow_app.gate.issuing import records
from workflow_app.states.forms import Sheet, asks
from workflow_app.states.verify import prove
from workflow_app.states.vocabulary import Workflow

EFFECTS = (
    "workflow_app.features.cases.effects_intake",
    "workflow_app.features.cases.effects_conclusion",
    "workflow_app.features.cases.effects_closing",
    "workflow_app.features.cases.refusals",
    "workflow_app.features.cases.office.card_correction",
    "workflow_app.features.files.effects",
    "workflow_app.features.reviews.effects",
    "workflow_app.features.people.effects",
    "workflow_app.features.people.absence_effects",
    "workflow_app.features.people.expert_profiles",
    "workflow_app.features.centre.effects",
    "workflow_app.features.documents.effects",
    "workflow_app.features.documents.template_effects",
    "workflow_app.features.letters.effects",
    "workflow_app.features.records.effects",
    "workflow_app.features.programme.effects",
    "workflow_app.features.programme.bodies",
    "workflow_app.features.programme.local_acts",
    "workflow_app.features.documents.month_order_effects",
    "workflow_app.features.surveys.effects",
    # kinds of jobs
    "workflow_app.features.bulk.jobs",
    "workflow_app.features.cases.office.batch_jobs",
    "workflow_app.features.documents.jobs",
    "workflow_app.features.imports.apply_rows",
)
REGISTERS = frozenset({"case"})


def workflows() -> Iterator[Workflow]:
    """Yield every workflow of the program."""
    for kind in CASE_TYPES.values():
        yield kind.workflow
    yield from PLAIN.values()
    yield from OF_RECORDS.values()


@cache
def wire() -> None:
    """Import the effects, prove the case types, the workflows, and that each asked sheet has an effect.

    Raises Broken at the first fault.
    """
    prove_types(CASE_TYPES.values(), choices.OF_FORMS, frozenset(one.value for one in choices.of_file("directions")))
    for module in EFFECTS:
        importlib.import_module(module)
    issuing.prove()
    records.prove()
    default = effect.dispatch(object)
    for flow in workflows():
        prove(flow, frozenset(KINDS), REGISTERS)
        for transition in flow.transitions.values():
            _known(transition.asks, default, f"{flow.name}.{transition.name}")


def _known(sheet: type[Sheet], default: object, where: str) -> None:
    asks(sheet)
    if effect.dispatch(sheet) in (default, effect.dispatch(Sheet)):
        raise Broken(f"{where} asks {sheet.__name__}, which has no effect and is no sheet that only Moves")
