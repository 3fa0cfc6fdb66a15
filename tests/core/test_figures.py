"""The dashboard's numbers: what they are counted by, medians, and what those outside the centre may be told."""

import statistics
from collections import Counter
from fractions import Fraction
from itertools import chain

from hypothesis import given, settings
from hypothesis import strategies as st

from workflow_app.case_types.registry import CASE_TYPES
from workflow_app.figures import drawing, grids, lengths, sides
from workflow_app.figures.cube import Cell, Cube, where
from workflow_app.figures.grids import Number, Plan
from workflow_app.figures.hiding import LEAST, allowed
from workflow_app.pictures import Pile
from workflow_app.states.vocabulary import Who

TYPES = list(CASE_TYPES)
PLAN = Plan({key: kind.title for key, kind in CASE_TYPES.items()}, {}, 2026, [("09", "сентябрь"), ("10", "октябрь")])
CELLS = st.builds(
    Cell,
    type=st.sampled_from(TYPES),
    state=st.sampled_from(sorted(sides.STAGE_OF)),
    turn=st.sampled_from(["expert", "director", ""]),
    due=st.sampled_from(["overdue", "soon", "normal", "none"]),
    age=st.sampled_from(list(sides.AGES)),
    month=st.sampled_from(["2026-09", "2026-10", "2025-09"]),
    verdict=st.sampled_from(["", "positive", "revise", "negative"]),
    appealed=st.booleans(),
    count=st.integers(1, 4),
    person=st.integers(1, 12),
)


def test_every_state_but_a_draft_stands_on_one_stage():
    states = {name for kind in CASE_TYPES.values() for name in kind.workflow.states} - {"draft"}
    many = Counter(chain.from_iterable(sides.STATES_OF.values()))
    assert set(many) == states
    assert set(many.values()) == {1}
    assert set(sides.OPEN) < set(sides.STAGES)


def test_whoever_may_have_the_turn_has_words():
    turns = {state.turn for kind in CASE_TYPES.values() for state in kind.workflow.states.values()} - {None}
    assert {str(one) for one in turns | {Who.PANEL, Who.LEAD}} <= set(sides.TURNS)


@given(st.dictionaries(st.integers(0, 200), st.integers(1, 5), max_size=20))
def test_a_median_is_that_of_all_the_lengths(days):
    every = [length for length, many in days.items() for _ in range(many)]
    assert lengths.median(days) == (Fraction(statistics.median(every)) if every else None)


def test_outside_the_centre_nobody_is_told_how_many_cases_left_a_stage():
    """Those that left one stage less those that left the next are the few between, who are hidden in every other table."""
    lasted = [lengths.Lasted("consolidation", {5: 21}, 21, 21), lengths.Lasted("on_approval", {2: 18}, 18, 18)]
    for outside, cells in ((False, 3), (True, 2)):
        told = lengths.medians(lasted, {}, "", outside=outside)
        assert len(told.headers) == cells
        assert {len(one.cells) for one in told.lines} == {cells}
        assert any(isinstance(cell, grids.Number) for one in told.lines for cell in one.cells) is not outside


def numbers(figure):
    return [cell for line in figure.lines for cell in line.cells if isinstance(cell, Number)]


@given(st.lists(CELLS, max_size=30))
def test_the_rows_of_a_table_sum_up_to_its_last_one(cells):
    cube = Cube(cells)
    for key in ("stages", "ageing", "verdicts", "appeals"):
        *lines, total = grids.GRIDS[key](PLAN, cube.count).lines
        for place, cell in enumerate(total.cells):
            assert sum(line.cells[place].value for line in lines) == cell.value
    assert all(
        one.value == cube.count(one.where) for make in grids.GRIDS.values() for one in numbers(make(PLAN, cube.count))
    )


def reckoned(told, secret):
    """Whether a sum of groups can be had from others by adding and taking away: plain elimination over all groups."""
    width = max((max(one, default=-1) for one in [*told, secret]), default=-1) + 1
    rows = [[Fraction(at in one) for at in range(width)] for one in told]
    wanted = [Fraction(at in secret) for at in range(width)]
    place = 0
    for at in range(width):
        lead = next((row for row in range(place, len(rows)) if rows[row][at]), None)
        if lead is None:
            continue
        rows[place], rows[lead] = rows[lead], rows[place]
        for other in [*rows[place + 1 :], wanted]:
            if other[at]:
                times = other[at] / rows[place][at]
                for column in range(at, width):
                    other[column] -= times * rows[place][column]
        place += 1
    return not any(wanted)


@settings(max_examples=25)
@given(st.lists(CELLS, min_size=4, max_size=22))
def test_no_group_of_fewer_than_five_people_is_told_or_can_be_reckoned_from_what_is(cells):
    cube = Cube(cells)
    asked = grids.conditions(PLAN)
    told = allowed(cube, asked)
    assert all(not 0 < cube.people(one) < LEAST for one in told)
    shown = list({cube.atoms(one) for one in told})
    for secret in {cube.atoms(one) for one in asked if 0 < cube.people(one) < LEAST}:
        assert not reckoned(shown, secret)


@settings(max_examples=25)
@given(st.lists(CELLS, max_size=16), st.lists(CELLS, max_size=16))
def test_the_sum_of_two_municipalities_is_the_sum_of_their_numbers(first, second):
    both = Cube([*first, *second])
    assert all(both.count(one) == Cube(first).count(one) + Cube(second).count(one) for one in grids.conditions(PLAN))
    stays = [
        lengths.Lasted("in_review", {3: 2, 9: 1}, 3, 3),
        lengths.Lasted("in_review", {3: 1}, 1, 1),
        lengths.Lasted("assigning", {1: 1}, 1, 1),
    ]
    added = {one.state: one for one in lengths.added_stays(stays, {"in_review": 3, "assigning": 1})}
    assert (added["in_review"].days, added["in_review"].cases, added["in_review"].people) == ({3: 3, 9: 1}, 4, 3)
    work = lengths.added_work(
        [
            lengths.Busy(7, "Бондаренко И.", 1, 0, 2, 2, 0),
            lengths.Busy(7, "Бондаренко И.", 1, 1, 0, 0, 1),
            lengths.Busy(8, "Лебедев П.", 1, 0, 0, 0, 0),
        ]
    )
    assert [(one.id, one.now, one.late, one.signed, one.out_of_time) for one in work] == [
        (7, 2, 1, 2, 1),
        (8, 1, 0, 0, 0),
    ]


def test_a_total_less_what_is_shown_never_gives_the_hidden_number():
    """Six people on one stage, two on another: the second number is hidden, and with it the first or the sum."""
    people = [(state, person) for state, many in (("submitted", 6), ("in_review", 2)) for person in range(many)]
    cells = [Cell(TYPES[0], state, "", "none", "week", "2026-09", "", False, 1, person + 1) for state, person in people]
    cube = Cube(cells)
    told = allowed(cube, grids.conditions(PLAN))
    review, intake, all_ = (where({"stage": one}) for one in ("review", "intake", "all"))
    assert review not in told
    assert not {intake, all_} <= told


def test_groups_of_enough_people_are_all_told():
    cells = [Cell(TYPES[at % 4], "submitted", "", "none", "week", "2026-09", "", False, 1, at + 1) for at in range(40)]
    cube = Cube(cells)
    asked = grids.conditions(PLAN)
    assert allowed(cube, asked) == set(asked)


def test_bars_of_a_picture_have_one_scale_and_say_their_numbers():
    one = drawing.bars(
        "Дел",
        [Pile("много", ((8, "work"), (2, "overdue")), "10"), Pile("<мало>", ((5, "work"),), "5")],
        str,
    )
    assert 'aria-label="Дел. много: 10; &lt;мало&gt;: 5"' in one
    assert one.count('class="bar-part') == 3
    assert 'width="230.4"' in one
    assert 'width="144.0"' in one
