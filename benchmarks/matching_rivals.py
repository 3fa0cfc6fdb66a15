"""Published ways of assigning reviewers, told anew from their papers, for ``matching.py`` to compare with.

Each takes the table of affinities (cases x experts; barred cells minus infinity), the demand of each case and the upper
limit of each expert, and returns a table of booleans. Programs are solved by HiGHS over the best cells of each case.

- greedy: the best pair that still fits, then the next;
- flow: the greatest total (Taylor 2008; the Toronto system), the programme of transport;
- rounding: FairIR (Kobren, Saha, McCallum 2019): the linear programme with a floor under each case; what is whole is
  fixed, a case with few shared experts loses its floor, and again; the floor by bisection;
- fairflow: FairFlow (the same): from the greatest total, experts are moved along paths from cases above the floor to cases
  below, the floor by bisection;
- pr4a: PeerReview4All (Stelmakh, Shah, Singh 2019), its first round, which decides the worst case: for each number k up to
  the demand, k experts above the highest threshold that leaves an assignment, the rest by the total; the best of them.
"""

from __future__ import annotations

from collections.abc import Callable

import highspy
import numpy as np
from numpy.typing import NDArray

Floats, Ints, Bools = NDArray[np.float64], NDArray[np.int64], NDArray[np.bool_]

CELLS = 60  # the best of a case: what the programmes may choose from
BISECTIONS = 10


def greedy(table: Floats, demand: Ints, high: Ints) -> Bools:
    """Take the best pair that still fits, then the next."""
    taken = np.zeros(table.shape, dtype=bool)
    wants, room = demand.copy(), high.copy()
    for cell in np.argsort(-table, axis=None, kind="stable"):
        case, expert = divmod(int(cell), table.shape[1])
        if wants[case] and room[expert] and np.isfinite(table[case, expert]):
            taken[case, expert] = True
            wants[case] -= 1
            room[expert] -= 1
    return taken


class Transport:
    """A programme of transport over chosen cells: maximise ``worth`` with each case's demand and each expert's limit."""

    def __init__(self, cells: Bools, demand: Ints, high: Ints, *, exact: bool = True) -> None:
        self.cases, self.experts = np.nonzero(cells)
        self.shape = cells.shape
        n, m = cells.shape
        self.solver = highspy.Highs()
        self.solver.silent()
        count = len(self.cases)
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = count, n + m
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = np.zeros(count), np.zeros(count), np.ones(count)
        lp.row_lower_ = np.r_[demand if exact else np.zeros(n), np.zeros(m)].astype(float)
        lp.row_upper_ = np.r_[demand, high].astype(float)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_ = np.arange(0, 2 * count + 1, 2)
        lp.a_matrix_.index_ = np.stack([self.cases, n + self.experts], axis=1).ravel()
        lp.a_matrix_.value_ = np.ones(2 * count)
        self.solver.passModel(lp)

    def floor(self, table: Floats, cases: Ints, least: float) -> None:
        """Put a floor under these cases."""
        own = np.flatnonzero(np.isin(self.cases, cases))
        place = np.zeros(self.shape[0], dtype=np.int64)
        place[cases] = np.arange(len(cases))
        order = own[np.argsort(place[self.cases[own]], kind="stable")]
        starts = np.searchsorted(place[self.cases[order]], np.arange(len(cases))).astype(np.int32)
        values = table[self.cases[order], self.experts[order]]
        count = len(cases)
        endless = np.full(count, highspy.kHighsInf)
        self.solver.addRows(count, np.full(count, least), endless, len(order), starts, order.astype(np.int32), values)

    def fix(self, ones: Ints, zeros: Ints) -> None:
        """Hold cells (numbers) at one and at zero."""
        for numbers, value in ((ones, 1.0), (zeros, 0.0)):
            held = np.full(len(numbers), value)
            self.solver.changeColsBounds(len(numbers), numbers.astype(np.int32), held, held)

    def best(self, worth: Floats) -> Floats | None:
        """Return the shares of the cells, or ``None`` where nothing fits."""
        count = len(self.cases)
        self.solver.changeColsCost(count, np.arange(count, dtype=np.int32), -worth[self.cases, self.experts])
        self.solver.run()
        if self.solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        return np.asarray(self.solver.getSolution().col_value)

    def table(self, shares: Floats) -> Bools:
        """Return the cells that are taken, as a table."""
        taken = np.zeros(self.shape, dtype=bool)
        chosen = shares > 0.5  # noqa: PLR2004 - whole numbers, nearly
        taken[self.cases[chosen], self.experts[chosen]] = True
        return taken


def best_cells(table: Floats, rng: np.random.Generator) -> Bools:
    """Return the best cells of each case, and some by lot so that there is an assignment."""
    some = min(CELLS, table.shape[1])
    cells = table >= np.partition(table, -some, axis=1)[:, [-some]]
    cells[np.arange(len(table))[:, None], rng.integers(0, table.shape[1], (len(table), 10))] = True
    return cells & np.isfinite(table)


def flow(table: Floats, demand: Ints, high: Ints) -> Bools:
    """Return the greatest total over the best cells."""
    programme = Transport(best_cells(table, np.random.default_rng(0)), demand, high)
    return programme.table(programme.best(np.where(np.isfinite(table), table, 0.0)))


def worst(table: Floats, taken: Bools, demand: Ints) -> float:
    """Return how the worst case that wants somebody is served."""
    return float(np.where(taken, table, 0.0).sum(axis=1)[demand > 0].min())


def _by_bisection(table: Floats, demand: Ints, attempt: Callable[[float], Bools | None], start: Bools) -> Bools:
    """Return the best that an attempt at a floor brings, the floor sought by bisection between the start and the ceiling."""
    best = start
    low = worst(table, start, demand)
    high = float(np.sort(table, axis=1)[:, ::-1].cumsum(axis=1)[np.arange(len(table)), demand - 1].min())
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        taken = attempt(middle)
        if taken is not None and worst(table, taken, demand) > worst(table, best, demand):
            best = taken
        low, high = (low, middle) if taken is None else (middle, high)
    return best


def rounding(table: Floats, demand: Ints, high: Ints) -> Bools:
    """FairIR: relax the floors of cases with few shared experts, one after another, until all is whole."""
    cells, clean = best_cells(table, np.random.default_rng(0)), np.where(np.isfinite(table), table, 0.0)

    def attempt(level: float) -> Bools | None:
        floored, fixed = np.arange(len(table)), None
        while True:
            programme = Transport(cells, demand, high)
            programme.floor(clean, floored, level)
            if fixed is not None:
                programme.fix(*fixed)
            shares = programme.best(clean)
            if shares is None:
                return None
            shared = (shares > 1e-6) & (shares < 1 - 1e-6)  # noqa: PLR2004 - whole numbers, nearly
            if not shared.any():
                return programme.table(shares)
            fixed = (np.flatnonzero(shares >= 1 - 1e-6), np.flatnonzero(shares <= 1e-6))  # noqa: PLR2004 - as above
            counts = np.bincount(programme.cases[shared], minlength=len(table))
            few = np.flatnonzero((counts > 0) & (counts <= 3))  # noqa: PLR2004 - the bound of the paper's proof
            gone = few if len(np.intersect1d(few, floored)) else np.flatnonzero(counts > 0)
            floored = np.setdiff1d(floored, gone)

    return _by_bisection(table, demand, attempt, flow(table, demand, high))


def fairflow(table: Floats, demand: Ints, high: Ints) -> Bools:
    """FairFlow: the assignment by a floor, cases below it get from cases above it what these can spare."""
    start = flow(table, demand, high)

    def attempt(level: float) -> Bools | None:
        taken = start.copy()
        for _ in range(3):
            services = np.where(taken, table, 0.0).sum(axis=1)
            below = np.flatnonzero(services < level)
            if not len(below):
                return taken
            spare = high - taken.sum(axis=0)
            for case in below[np.argsort(services[below])]:
                _mend(table, taken, spare, int(case), level)
        return taken if worst(table, taken, demand) >= level else None

    return _by_bisection(table, demand, attempt, start)


def _mend(table: Floats, taken: Bools, spare: Ints, case: int, level: float) -> None:
    """Exchange the weakest expert of the case for a better one, free or of a case that stays above the floor without."""
    row = table[case]
    while row[taken[case]].sum() < level:
        weakest = np.flatnonzero(taken[case])[row[taken[case]].argmin()]
        better = np.flatnonzero((row > row[weakest]) & ~taken[case])
        for expert in better[np.argsort(-row[better])]:
            if spare[expert] > 0:
                spare[expert] -= 1
                spare[weakest] += 1
            elif not _give(table, taken, int(expert), int(weakest), level):
                continue
            taken[case, weakest], taken[case, expert] = False, True
            break
        else:
            return


def _give(table: Floats, taken: Bools, expert: int, other: int, level: float) -> bool:
    """Let a case above the floor give the expert away for the other one; whether one could."""
    holders = np.flatnonzero(taken[:, expert] & ~taken[:, other] & np.isfinite(table[:, other]))
    if not len(holders):
        return False
    after = np.where(taken[holders], table[holders], 0.0).sum(axis=1) - table[holders, expert] + table[holders, other]
    if after.max() < level:
        return False
    holder = holders[after.argmax()]
    taken[holder, expert], taken[holder, other] = False, True
    return True


def pr4a(table: Floats, demand: Ints, high: Ints) -> Bools:
    """PeerReview4All: k experts above the highest threshold for each k, the rest by the total; the best of them."""
    cells, clean = best_cells(table, np.random.default_rng(0)), np.where(np.isfinite(table), table, 0.0)
    best = flow(table, demand, high)
    for count in range(1, int(demand.max()) + 1):
        first = None
        values = np.unique(np.round(table[cells], 6))
        low, top = 0, len(values) - 1
        while low <= top:
            middle = (low + top) // 2
            programme = Transport(cells & (table >= values[middle]), np.minimum(demand, count), high)
            shares = programme.best(clean)
            if shares is None:
                top = middle - 1
            else:
                first, low = programme.table(shares), middle + 1
        if first is None:
            continue
        rest = Transport(cells & ~first, demand - first.sum(axis=1), high - first.sum(axis=0))
        shares = rest.best(clean)
        if shares is not None and worst(table, first | rest.table(shares), demand) > worst(table, best, demand):
            best = first | rest.table(shares)
    return best


RIVALS = {"greedy": greedy, "flow": flow, "rounding (FairIR)": rounding, "FairFlow": fairflow, "PeerReview4All": pr4a}
