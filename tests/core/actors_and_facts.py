"""Random actors and facts for the properties of the policy."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime

from hypothesis import strategies as st

from workflow_app.case_types.registry import CASE_TYPES
from workflow_app.states.definitions.assignment import ASSIGNMENT
from workflow_app.states.definitions.centre import CENTRE, CRITERIA_SHEET
from workflow_app.states.definitions.document import DOCUMENT
from workflow_app.states.definitions.file import FILE
from workflow_app.states.definitions.people import CONSENT, PERSON
from workflow_app.states.vocabulary import Actor, Facts, Role, Via, Workflow

CASES = {key: of_type.workflow for key, of_type in CASE_TYPES.items()}
PARTS = {one.name: one for one in (ASSIGNMENT, FILE, DOCUMENT)}
ALONE = {one.name: one for one in (CENTRE, CRITERIA_SHEET, CONSENT, PERSON)}
EVERY = {**CASES, **PARTS, **ALONE}
NOW = datetime(2026, 9, 1, 4, tzinfo=UTC)

IDS = st.integers(1, 6)
SETS = st.frozensets(IDS, max_size=3)
DATES = st.none() | st.dates(date(2026, 8, 25), date(2026, 9, 8))
VERDICTS = st.sampled_from([None, "revise", "conforms", "reject"])
_SETS = [one.name for one in fields(Facts) if one.type == "frozenset[int]"]
_NUMBERS = [one.name for one in fields(Facts) if one.type == "int" and one.name != "municipality_id"]
_TRUTHS = [one.name for one in fields(Facts) if one.type == "bool"]
_DATES = [one.name for one in fields(Facts) if one.type == "date | None"]

ACTORS = st.builds(
    Actor,
    person_id=IDS, municipality_id=st.integers(1, 2), roles=st.frozensets(st.sampled_from(Role)),
    via=st.sampled_from([Via.WEB, Via.LINK, Via.COMMAND, Via.DEPUTY]), organization_id=st.none() | IDS, deputy_for=st.none() | IDS,
)  # fmt: skip


def case_facts(workflow: Workflow) -> st.SearchStrategy[Facts]:
    """Facts of a case, whatever nonsense they are together: a rule may not lean on what is usual."""
    return st.builds(
        Facts,
        state=st.sampled_from(list(workflow.states)), now=st.just(NOW), today=st.just(date(2026, 9, 1)),
        municipality_id=st.integers(1, 2), applicant_id=IDS, organization_id=st.none() | IDS, lead_id=st.none() | IDS,
        verdict=VERDICTS, appealed_from=st.sampled_from([None, "approved", "declined"]), own_id=st.none(),
        **dict.fromkeys(_SETS, SETS), **dict.fromkeys(_NUMBERS, st.integers(0, 4)), **dict.fromkeys(_TRUTHS, st.booleans()),
        **dict.fromkeys(_DATES, DATES),
        **dict.fromkeys(("composed_by", "circulated_by", "proposed_by"), st.none() | IDS),
    )  # fmt: skip


@st.composite
def any_facts(draw: st.DrawFn) -> tuple[Workflow, Facts]:
    """A workflow of the product and facts in one of its states; parts have a case around them."""
    kind = draw(st.sampled_from(list(CASES)))
    root = draw(case_facts(CASES[kind]))
    name = draw(st.sampled_from([kind, *PARTS, *ALONE]))
    workflow = EVERY[name]
    if name in CASES:
        return workflow, root
    state, own = draw(st.sampled_from(list(workflow.states))), draw(st.none() | IDS)
    around = {"root": root, "root_workflow": CASES[kind]} if name in PARTS else {"root": None, "root_workflow": None}
    bare = Facts(
        state=state, now=NOW, today=root.today, municipality_id=root.municipality_id, own_id=own, lapsed=root.lapsed
    )
    return workflow, replace(bare, **around, declared=root.declared, additions_until=root.additions_until)
