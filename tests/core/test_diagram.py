"""The picture of a workflow: everything is in it, nothing lies on anything else, and a case's road shows on it."""

from itertools import combinations

import pytest

from workflow_app.case_types.registry import CASE_TYPES
from workflow_app.states.definitions.assignment import ASSIGNMENT
from workflow_app.states.definitions.case.states import states
from workflow_app.states.pictures.diagram import MANY, picture, walk
from workflow_app.states.pictures.edges import head_of, path_of
from workflow_app.states.pictures.labels import place_labels
from workflow_app.states.vocabulary import Who

FLOWS = [*(one.workflow for one in CASE_TYPES.values()), ASSIGNMENT]
every_flow = pytest.mark.parametrize("flow", FLOWS, ids=[one.name for one in FLOWS])
both_words = pytest.mark.parametrize("words", ["staff", "applicant"])


def area(box):
    return box.x - box.width / 2, box.y - box.height / 2, box.x + box.width / 2, box.y + box.height / 2


def apart(one, two):
    return one[2] <= two[0] or two[2] <= one[0] or one[3] <= two[1] or two[3] <= one[1]


@every_flow
@both_words
def test_every_state_stands_in_one_box_and_no_box_lies_on_another(flow, words):
    shown = picture(flow, words)
    assert sorted(state for box in shown.boxes for state in box.states) == sorted(flow.states)
    assert all(apart(area(one), area(two)) for one, two in combinations(shown.boxes, 2))


@every_flow
@both_words
def test_everything_is_inside_the_picture(flow, words):
    shown = picture(flow, words)
    for left, top, right, bottom in map(area, shown.boxes):
        assert shown.left <= left
        assert right <= shown.left + shown.width
        assert top >= 0
        assert bottom <= shown.height


@every_flow
def test_every_moving_transition_is_drawn_as_an_arrow_or_named_in_the_box_where_it_ends(flow):
    shown = picture(flow)
    drawn = {name for arrow in shown.arrows for name in arrow.names}
    noted = {line for box in shown.boxes for line in " ".join(box.notes).split()}
    for one in flow.transitions.values():
        if one.targets and one.name not in drawn:
            assert set(str(one.title).split()) <= noted, one.name


def test_what_leaves_many_states_is_no_arrow():
    flow = CASE_TYPES["methodical_material"].workflow
    drawn = {name for arrow in picture(flow).arrows for name in arrow.names}
    assert len(flow.transitions["withdraw"].sources) > MANY
    assert not {"withdraw", "cancel"} & drawn


@every_flow
def test_the_road_runs_straight_down_the_middle(flow):
    shown = picture(flow)
    road = [box for name in flow.road for box in shown.boxes if name in box.states]
    assert len({box.x for box in road}) == 1
    assert [box.y for box in road] == sorted(box.y for box in road)


def test_what_waits_for_the_author_stands_on_the_left():
    flow = CASE_TYPES["methodical_material"].workflow
    shown = picture(flow)
    middle = next(box.x for box in shown.boxes if flow.initial in box.states)
    left = {state for box in shown.boxes if box.x < middle for state in box.states}
    assert left == {"returned", "on_revision"}
    assert all(flow.states[one].turn is Who.APPLICANT for one in left)


@every_flow
@both_words
def test_no_two_labels_cover_each_other(flow, words):
    shown = picture(flow, words)

    def covered(label):
        wide = max(map(len, label.lines)) * 5.4  # the true width: places are chosen with a wider one
        left = label.x - {"start": 0, "middle": wide / 2, "end": wide}[label.anchor]
        return left, label.y - 9, left + wide, label.y - 9 + 14 * len(label.lines)

    areas = [covered(arrow.label) for arrow in shown.arrows]
    assert all(apart(one, two) for one, two in combinations(areas, 2))


def test_states_that_the_applicant_cannot_tell_apart_are_one_box():
    flow = CASE_TYPES["methodical_material"].workflow
    assert flow.states["in_review"].applicant_title == flow.states["third_review"].applicant_title
    shown = picture(flow, "applicant")
    box = next(one for one in shown.boxes if "in_review" in one.states)
    assert box.states == ("in_review", "third_review")
    assert all(arrow.source != arrow.target for arrow in shown.arrows)


def test_a_walk_marks_what_was_passed_and_where_the_case_stands():
    flow = CASE_TYPES["methodical_material"].workflow
    shown = picture(flow)
    walked = walk(shown, [(None, "draft"), ("draft", "submitted"), ("submitted", "registered")], "registered")
    states_of = lambda numbers: {state for number in numbers for state in shown.boxes[number].states}  # noqa: E731
    assert states_of(walked.boxes) == {"draft", "submitted", "registered"}
    assert states_of([walked.here]) == {"registered"}
    assert {name for number in walked.arrows for name in shown.arrows[number].names} == {"submit", "register"}


def test_a_walk_does_not_tell_an_applicant_that_there_was_a_third_review():
    flow = CASE_TYPES["methodical_material"].workflow
    shown = picture(flow, "applicant")
    plain = [("assigning", "in_review"), ("in_review", "consolidation")]
    parted = [("assigning", "in_review"), ("in_review", "third_review"), ("third_review", "consolidation")]
    assert walk(shown, plain, "consolidation") == walk(shown, parted, "consolidation")


def test_a_step_into_a_state_that_no_longer_exists_is_left_out():
    shown = picture(CASE_TYPES["methodical_material"].workflow)
    walked = walk(shown, [(None, "draft"), ("draft", "gone"), ("gone", "submitted")], "submitted")
    assert len(walked.boxes) == 2


def test_boxes_grow_with_the_words_of_the_reader_s_language():
    flow = CASE_TYPES["methodical_material"].workflow
    wordy = picture(flow, "staff", lambda sentence: f"{sentence} " + "and a good many more words " * 3)
    assert wordy.height > picture(flow).height


def test_a_label_moves_aside_when_its_place_is_taken():
    line = [(100.0, 0.0), (100.0, 100.0)]
    free, crowded = (
        place_labels([(line, ("Подать",))], []),
        place_labels([(line, ("Подать",))], [(101.0, 40.0, 90.0, 20.0)]),
    )
    assert free[0].anchor == "start"
    assert crowded[0].anchor == "end" or crowded[0].y != free[0].y


def test_a_path_has_round_corners_and_its_head_points_along_the_last_line():
    assert path_of([(0.0, 0.0), (50.0, 0.0), (50.0, 40.0)]) == "M0.0 0.0L43.0 0.0Q50.0 0.0 50.0 7.0L50.0 40.0"
    assert head_of([(50.0, 0.0), (50.0, 40.0)]).startswith("50.0,40.0 ")
    assert set(head_of([(0.0, 5.0), (40.0, 5.0)]).split()) == {"40.0,5.0", "32.0,1.0", "32.0,9.0"}


def test_both_kinds_of_cases_have_states_with_titles_to_draw():
    assert {one.name for one in states(attestation=True, revised=False)} != {
        one.name for one in states(attestation=False, revised=True)
    }
