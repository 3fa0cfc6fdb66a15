"""Every transition of every case type is performed from every state that it may start in, through the real gate."""

import pytest

from tests.gate.acts import ACTS
from tests.gate.kit import events, sound
from tests.play import CASES
from workflow_app.case_types.registry import CASE_TYPES
from workflow_app.states.vocabulary import Transition

# Where the state alone does not say enough.
BEGINNINGS = {
    ("cancel_by_order", "approved"): "on_approval",  # approved by the order that is cancelled
    ("ask_revision", "approved"): "approved:revise",
    ("close_without_revision", "approved"): "approved:revise",
}
# Declared once for all kinds, moving nothing: what holds on the road of one kind holds on the others'.
ALIKE = {"hand_over", "remind", "name_by_order", "unname_by_order"}
# Possible almost everywhere, by one sheet and one effect: of every kind from one state, and from every state of one kind.
ANYWHERE = {"withdraw", "cancel", "amend", "extend", "reissue"}
EVERY_WAY = [
    (kind, transition, source)
    for place, kind in enumerate(CASES)
    for transition in CASE_TYPES[kind].workflow.transitions.values()
    for source in transition.sources
    if place == 0 or transition.name not in ALIKE
]
WAYS = [
    (kind, one, source)
    for place, (kind, one, source) in enumerate(EVERY_WAY)
    if one.name not in ANYWHERE
    or one.name not in {other.name for of, other, _ in EVERY_WAY[:place] if of == kind}
    or (one.name, source) not in {(other.name, begun) for _, other, begun in EVERY_WAY[:place]}
]


def name_of(way: object) -> str:
    return way.name if isinstance(way, Transition) else str(way)


@pytest.mark.parametrize(("kind", "transition", "source"), WAYS, ids=name_of)
def test_a_case_goes_every_way_that_its_workflow_knows(play, kind, transition, source):
    road = play(BEGINNINGS.get((transition.name, source), source), kind)
    seen = len(events(road))
    ACTS[transition.name](road)
    done = [one for one in events(road)[seen:] if one.transition == transition.name and one.subject_kind == "case"]
    assert [one.before for one in done] == [source] * max(len(done), 1)
    assert {one.after for one in done} <= {target.state for target in transition.targets} or {source}
    assert sound(road)


@pytest.mark.parametrize("kind", CASES)
@pytest.mark.parametrize(
    ("name", "from_approved", "from_declined"),
    [
        ("dismiss_appeal", "approved", "declined"),
        ("grant_appeal", "assigning", "registered"),
        ("withdraw_appeal", "approved", "declined"),
    ],
)
def test_the_end_of_an_appeal_leads_to_where_it_came_from(play, kind, name, from_approved, from_declined):
    for beginning, expected in (("appealed", from_approved), ("appealed:declined", from_declined)):
        road = play(beginning, kind)
        ACTS[name](road)
        assert road.state() == expected
        assert sound(road)
