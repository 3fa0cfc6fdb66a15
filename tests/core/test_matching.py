"""The best experts for many cases at once: against brute force on small tables, against its own bound on larger ones."""

import itertools
import subprocess
import sys
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflow_app.matching.best import match
from workflow_app.matching.problem import problem
from workflow_app.matching.program import Program
from workflow_app.matching.rotate import rotated
from workflow_app.matching.solve import Search
from workflow_app.matching.terms import Cause, Lack, Quota, Unmatchable, Why
from workflow_app.matching.worst import reaching

NEAR = 1e-6


def short(matching, lack):
    """How much the matching says is unmet."""
    return sum(one.asked - one.given for one in matching.unmet if one.lack is lack)


def lacks(picked, demand, capacity, quotas):
    """What an assignment (a set of experts per case) lacks: places, experts of quotas, cases under low limits."""
    loads = Counter(itertools.chain.from_iterable(picked))
    places = sum(wanted - len(those) for wanted, those in zip(demand, picked, strict=True))
    missing = sum(max(0, q.least - len(picked[c] & set(q.experts))) for q in quotas for c in set(q.cases))
    return places, missing, sum(max(0, low - loads[e]) for e, (low, _) in enumerate(capacity))


def worth(picked, table, demand, barred, floor):
    """Worst service (where it is asked for) and total."""
    services = [sum(table[c][e] for e in those) for c, those in enumerate(picked)]
    served = [s for c, s in enumerate(services) if demand[c] and not all(barred[c])]
    return (min(served, default=0) if floor else 0, sum(services))


def best_by_trying(table, demand, capacity, barred, quotas, floor):
    """Every assignment there is: the least lacking, and among these the best."""
    free = [[e for e, bar in enumerate(row) if not bar] for row in barred]
    choices = [
        [frozenset(some) for size in range(wanted + 1) for some in itertools.combinations(those, size)]
        for wanted, those in zip(demand, free, strict=True)
    ]
    best = None
    for picked in itertools.product(*choices):
        loads = Counter(itertools.chain.from_iterable(picked))
        if any(loads[e] > high for e, (_, high) in enumerate(capacity)):
            continue
        key = (*(-one for one in lacks(picked, demand, capacity, quotas)), *worth(picked, table, demand, barred, floor))
        best = key if best is None else max(best, key)
    return best


@st.composite
def problems(draw):
    """Small tables of affinities with ties, bars, limits and quotas, some of which cannot be met."""
    n, m = draw(st.integers(1, 3)), draw(st.integers(1, 4))
    table = [[draw(st.integers(-2, 8)) / 8 for _ in range(m)] for _ in range(n)]
    barred = [[draw(st.integers(0, 4)) == 0 for _ in range(m)] for _ in range(n)]
    demand = [draw(st.integers(0, 2)) for _ in range(n)]
    highs = [draw(st.integers(0, 3)) for _ in range(m)]
    capacity = [(draw(st.sampled_from([0, 0, min(1, high)])), high) for high in highs]
    some = st.frozensets
    quotas = [
        Quota(
            tuple(draw(some(st.integers(0, n - 1)))), tuple(draw(some(st.integers(0, m - 1)))), draw(st.integers(0, 2))
        )
        for _ in range(draw(st.integers(0, 2)))
    ]
    return table, demand, capacity, barred, quotas


@pytest.mark.parametrize("floor", [None, "maximin"])
@settings(max_examples=50)
@given(problem=problems())
def test_nothing_that_can_be_tried_is_better(floor, problem):
    table, demand, capacity, barred, quotas = problem
    found = match(table, demand, capacity, barred=barred, quotas=quotas, floor=floor, seed=7)
    picked = [{pair.expert for pair in found.pairs if pair.case == case} for case in range(len(demand))]
    assert len(found.pairs) == sum(map(len, picked))
    assert not any(barred[pair.case][pair.expert] for pair in found.pairs)
    lacking = lacks(picked, demand, capacity, quotas)
    assert lacking == (short(found, Lack.DEMAND), short(found, Lack.QUOTA), short(found, Lack.LOWER))
    reached = (*(-one for one in lacking), *worth(picked, table, demand, barred, floor))
    assert reached == pytest.approx(best_by_trying(table, demand, capacity, barred, quotas, floor), abs=NEAR)
    assert found.objective == pytest.approx(reached[-1], abs=NEAR)
    assert found.gap < NEAR and found.worst_gap < NEAR


def conference(cases, experts, seed, tight=1.1):
    """A table as conferences have it: topics of cases and of experts, their cosine, some pairs barred; two experts each."""
    rng = np.random.default_rng(seed)
    one, two = rng.dirichlet(np.full(12, 0.2), cases), rng.dirichlet(np.full(12, 0.2), experts)
    table = one @ two.T / np.outer(np.linalg.norm(one, axis=1), np.linalg.norm(two, axis=1))
    high = int(np.ceil(2 * cases / experts * tight))
    return table, np.full(cases, 2), np.tile((0, high), (experts, 1)), rng.random((cases, experts)) < 0.05


def test_on_a_larger_table_the_total_is_proven():
    table, demand, capacity, barred = conference(500, 100, 3)
    found = match(table, demand, capacity, barred=barred, floor=None, seed=1)
    assert found.objective == found.bound and not found.unmet and len(found.pairs) == 1000
    assert Counter(pair.case for pair in found.pairs).most_common()[-1][1] == 2
    assert max(Counter(pair.expert for pair in found.pairs).values()) <= capacity[0][1]


def test_the_worst_case_is_served_better_and_the_total_stays_near():
    table, demand, capacity, barred = conference(150, 40, 4)
    total = match(table, demand, capacity, barred=barred, floor=None, seed=1)
    fair = match(table, demand, capacity, barred=barred, floor="maximin", seed=1)
    assert fair.worst > total.worst
    assert fair.worst <= fair.worst_bound + NEAR and fair.worst_gap < 0.02
    assert fair.objective <= fair.bound + NEAR and fair.bound <= total.bound + NEAR and fair.gap < 0.01


@pytest.mark.parametrize("floor", [None, "maximin"])
def test_the_same_question_has_the_same_answer(floor):
    table, demand, capacity, barred = conference(60, 20, 5)
    table = np.round(table, 1)  # ties
    first, again = (match(table, demand, capacity, barred=barred, floor=floor, seed=3) for _ in range(2))
    assert first == again


@pytest.mark.parametrize("floor", [None, "maximin"])
@settings(max_examples=12)
@given(seed=st.integers(0, 10_000))
def test_the_order_of_rows_and_columns_does_not_matter(floor, seed):
    rng = np.random.default_rng(seed)
    table, demand, capacity, barred = conference(6, 5, seed)
    rows, columns = rng.permutation(6), rng.permutation(5)
    quota = Quota((0, 1), (0, 2))
    moved = Quota(
        tuple(int(np.flatnonzero(rows == c)[0]) for c in (0, 1)),
        tuple(int(np.flatnonzero(columns == e)[0]) for e in (0, 2)),
    )
    found = match(table, demand, capacity, barred=barred, floor=floor, quotas=[quota], seed=1)
    cells = np.ix_(rows, columns)
    other = match(
        table[cells], demand[rows], capacity[columns], barred=barred[cells], floor=floor, quotas=[moved], seed=2
    )
    assert (found.worst if floor else 0) == pytest.approx(other.worst if floor else 0, abs=NEAR)
    assert found.objective == pytest.approx(other.objective, abs=NEAR)


def test_each_pair_says_why_the_better_ones_are_not_there():
    table = [[0.9, 0.8, 0.5, 0.1], [0.0, 0.95, 0.2, 0.1]]
    barred = [[True, False, False, False], [False, False, False, False]]
    found = match(table, [1, 1], [(0, 1)] * 4, barred=barred, floor=None, seed=1)
    first = found.pairs[0]
    assert (first.case, first.expert, first.rank) == (0, 2, 2)
    assert [(one.expert, one.why) for one in first.alternatives] == [(0, Why.BARRED), (1, Why.FULL), (3, Why.WEAKER)]
    assert found.pairs[1].rank == 1


def test_a_quota_and_a_low_limit_are_reasons():
    table = [[0.9, 0.5], [0.9, 0.5]]
    none = np.zeros((2, 2), dtype=bool)
    by_quota = match(table, [1, 1], [(0, 2), (0, 2)], barred=none, quotas=[Quota((0,), (1,))], floor=None, seed=1)
    assert [(pair.case, pair.expert) for pair in by_quota.pairs] == [(0, 1), (1, 0)]
    assert by_quota.pairs[0].alternatives[0].why is Why.QUOTA
    by_limit = match(table, [1, 1], [(0, 2), (1, 2)], barred=none, floor=None, seed=1)
    assert {one.why for pair in by_limit.pairs if pair.expert == 1 for one in pair.alternatives} == {Why.LOWER}


def test_kept_pairs_stay_and_count():
    table = [[0.9, 0.5, 0.4], [0.9, 0.6, 0.4]]
    barred = [[False, False, True], [False, False, False]]
    found = match(table, [2, 1], [(0, 1)] * 3, barred=barred, kept=[(0, 2)], floor=None, seed=1)
    assert [(pair.case, pair.expert) for pair in found.pairs] == [(0, 0), (0, 2), (1, 1)]
    assert found.pairs[1].alternatives[0].why is Why.KEPT


def test_what_cannot_be_met_is_told_with_its_cause():
    barred = [[True, True, False], [False, False, False], [False, False, False]]
    found = match(
        np.full((3, 3), 0.5), [2, 2, 2], [(0, 1), (0, 1), (2, 2)], barred=barred, quotas=[Quota((0,), (0,))], seed=1
    )
    told = {(one.lack, one.place): one for one in found.unmet}
    assert told[Lack.DEMAND, 0].cause is Cause.FEW and told[Lack.DEMAND, 0].able == 1
    assert told[Lack.QUOTA, 0].cause is Cause.FEW and told[Lack.QUOTA, 0].quota == 0
    assert short(found, Lack.DEMAND) == 2  # four places are free, six wanted
    assert all(one.cause is Cause.FULL for one in found.unmet if one.lack is Lack.DEMAND and one.place)


def test_what_is_short_is_short_for_many_rather_than_all_for_few():
    table, demand, _, barred = conference(9, 6, 6)
    capacity = np.tile((0, 2), (6, 1))  # 12 places, 18 wanted
    total = match(table, demand, capacity, barred=barred, floor=None, seed=1)
    fair = match(table, demand, capacity, barred=barred, floor="maximin", seed=1)
    assert short(total, Lack.DEMAND) == short(fair, Lack.DEMAND) == 6
    assert 0 < fair.worst <= fair.worst_bound and fair.worst >= total.worst
    assert all(one.given for one in fair.unmet)


@settings(max_examples=12)
@given(seed=st.integers(0, 10_000))
def test_where_all_want_the_same_every_turn_keeps_the_rules_and_no_bound_is_below_the_best(seed):
    rng = np.random.default_rng(seed)
    table = np.round(0.8 * rng.random(4)[None, :] + 0.2 * rng.random((5, 4)), 2)
    barred, demand, capacity = rng.random((5, 4)) < 0.1, [2, 2, 1, 1, 1], [(1, 2), (0, 2), (0, 2), (0, 1)]
    question = problem(table, demand, capacity, barred, [Quota((0, 1), (0, 2))], [])
    taken = Search(question, 1)._total(Search(question, 1)._program()).taken
    for turn in range(3):
        after = rotated(question, taken, 1.0, turn)
        assert after is not None and after.sum() == taken.sum() and not (after & barred).any()
        assert (after.sum(axis=0) <= question.high).all() and (after.sum(axis=1) <= question.demand).all()
        assert after[:2, [0, 2]].any(axis=1).sum() == taken[:2, [0, 2]].any(axis=1).sum()
        taken = after
    best = best_by_trying(table, demand, capacity, barred, [], "maximin")
    if not best[0]:
        assert reaching(question, best[3])[best_cells(table, demand, capacity, barred, best[3])].all()


def best_cells(table, demand, capacity, barred, worst):
    """The cells of one assignment that serves its worst case so."""
    found = match(table, demand, capacity, barred=barred, seed=1)
    assert found.worst == pytest.approx(worst, abs=NEAR) and found.worst_bound >= found.worst
    return tuple(np.array([(pair.case, pair.expert) for pair in found.pairs]).T)


def test_a_draft_where_all_want_the_same_is_bounded_within_a_few_per_cent():
    table = 0.8 * np.random.default_rng(1).random(30)[None, :] + 0.2 * np.random.default_rng(2).random((40, 30))
    found = match(table, [2] * 40, [(0, 4)] * 30, barred=np.zeros((40, 30), dtype=bool), seed=1)
    assert not found.unmet and found.worst_gap < 0.06 and found.gap < 0.02


def test_nobody_and_nothing_are_fine():
    assert match(np.zeros((0, 3)), [], [(0, 1)] * 3, barred=np.zeros((0, 3), dtype=bool), seed=1).pairs == ()
    alone = match(np.zeros((2, 0)), [1, 0], np.zeros((0, 2)), barred=np.zeros((2, 0), dtype=bool), seed=1)
    assert [(one.place, one.cause) for one in alone.unmet] == [(0, Cause.FEW)] and alone.worst is None


@pytest.mark.parametrize(
    "broken",
    [
        {"affinity": [[0.1, float("nan")]]},
        {"affinity": [0.1, 0.2]},
        {"affinity": [["a", "b"]]},
        {"affinity": [[1e9, 0.0]]},
        {"demand": [1, 1]},
        {"demand": [-1]},
        {"demand": [0.5]},
        {"capacity": [(0, 1)]},
        {"capacity": [(2, 1), (0, 1)]},
        {"barred": [[False]]},
        {"barred": [[0, 1]]},
        {"quotas": [Quota((1,), (0,))]},
        {"quotas": [Quota((0,), (0,), -1)]},
        {"kept": [(0, 2)]},
        {"kept": [(0, 0), (0, 1)]},
    ],
)
def test_malformed_questions_are_refused(broken):
    question = {"affinity": [[0.1, 0.2]], "demand": [1], "capacity": [(0, 1), (0, 1)], "barred": [[False, False]]}
    question.update(broken)
    affinity, demand, capacity = (question.pop(name) for name in ("affinity", "demand", "capacity"))
    with pytest.raises(Unmatchable):
        match(affinity, demand, capacity, seed=1, **question)


def test_a_server_starts_without_the_arithmetic():
    asked = "import sys, workflow_app.matching.best, workflow_app.matching.conflicts; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0


def test_where_whole_numbers_are_not_found_in_time_the_answer_so_far_stands(monkeypatch):
    def too_late(program, _nodes):
        program.proven = False
        return False

    monkeypatch.setattr(Program, "whole_numbers", too_late)
    wanted = np.tile(np.array([1.0, 0.61, 0.37, 0.23, 0.11]), (6, 1))
    found = match(wanted, [2] * 6, [(0, 3)] * 5, barred=np.zeros((6, 5), dtype=bool), seed=1)
    assert len(found.pairs) == 12
    assert not found.unmet
    assert found.worst_gap > 0, "what is not proven is told"
