"""The assignment as a linear program over the few cells that matter, and the pricing that proves the others do not.

HiGHS gets the best cells of each case and of each expert. The prices of its answer say of every cell left out whether it
could make the answer better; those that could come in, until there are none: the answer is then the best of the whole table.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

import highspy
import numpy as np

from workflow_app.matching.problem import Bools, Floats, Ints, Ints32, Problem

CHEAP = 1e-7  # a reduced cost up to this is none: the tolerance of the solver
HALF = 0.5
WHOLE = 1e-6  # from a whole number
MANY = 200  # cells that came in: the last answer is no good start any more
ENDLESS = 2**31 - 1
DUAL, PRIMAL = 1, 4  # strategies of the simplex method
FEW = 5  # cells of each case that come in at once

INFINITE = highspy.kHighsInf
# One thread and limits that are counts, never seconds: the same input gives the same answer.
# Transport is sparse and degenerate: Devex prices halve the steps, and presolve finds nothing where numbers need not be whole.
OPTIONS: dict[str, bool | float | str] = {
    "threads": 1, "solver": "simplex", "simplex_dual_edge_weight_strategy": 1, "mip_rel_gap": 0.0, "mip_abs_gap": 1e-9,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Aim:
    """What a unit is worth: of affinity and of the floor, and what a lack costs: of a place, a low limit, a quota, below the floor."""

    affinity: float = 0.0
    floor: float = 0.0
    places: float = 0.0
    lows: float = 0.0
    quotas: float = 0.0
    below: float = 0.0


@dataclass(frozen=True, slots=True)
class Found:
    """The answer of one program in whole numbers: what it takes, what that is worth to the aim, what nothing exceeds."""

    taken: Bools
    reached: float
    bound: float


class _Quiet(highspy.Highs):
    """HiGHS without its callbacks, whose setting up prints a banner on the standard output."""

    def __init__(self) -> None:
        super(highspy.Highs, self).__init__()
        self.silent()


class Way(Enum):
    """How the next answer is looked for."""

    AFRESH = auto()
    ON = auto()  # from the last answer, which is still one
    BACK = auto()  # from the last answer, which the limits no longer let stand


class Program:
    """A program that grows: cells come in as they are priced.

    Columns: what is lacking in a case, an expert, a row of a quota (a quota in one case), below the floor in a case; the
    floor; then the cells. Rows: cases, experts, rows of quotas, the four sums of lacks, the floors of the cases that got one.
    """

    def __init__(self, problem: Problem, seed: int) -> None:
        self.problem, self._pull = problem, problem.affinity
        self.case_of, self.expert_of = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        self.inside: Bools = np.zeros(problem.affinity.shape, dtype=bool)
        self._rows = _Rows(problem)
        self._aim = Aim()
        self._way = Way.AFRESH
        self.steps: int | None = None  # of the simplex method that may still be made; none: any number
        self._solver = _Quiet()
        for option, value in {**OPTIONS, "random_seed": seed % 2**31}.items():
            self._solver.setOptionValue(option, value)
        self._solver.passModel(self._rows.frame())

    def aim(self, aim: Aim, pull: Floats | None = None) -> None:
        """Say what is worth what from now on; ``pull``: what stands for the affinities, and is nearly the same."""
        self._aim, self._pull = aim, self.problem.affinity if pull is None else pull
        lacks = np.repeat([aim.places, aim.lows, aim.quotas, aim.below], self._rows.kinds)
        costs = np.r_[lacks, -aim.floor, self._costs(self.case_of, self.expert_of)].astype(np.float64)
        self._solver.changeColsCost(len(costs), np.arange(len(costs), dtype=np.int32), costs)

    def limit(self, *lacking: float) -> None:
        """Say how much may be lacking at most: places, low limits, quotas, what is below the floor."""
        for kind, most in enumerate(lacking):
            self._solver.changeRowBounds(self._rows.sums + kind, 0.0, most)
        if self._way is Way.ON and any(now > most + WHOLE for now, most in zip(self.lacking, lacking, strict=True)):
            self._way = Way.BACK

    def floor(self, least: float, most: float = INFINITE) -> None:
        """Hold the floor between these."""
        self._solver.changeColBounds(self._rows.floor, least, most)
        if self._way is Way.ON:
            self._way = Way.BACK

    def floors(self, cases: Ints) -> None:
        """Give these cases, which have none yet, a floor."""
        own = np.flatnonzero(np.isin(self.case_of, cases))
        starts, columns, values = self._rows.add_floors(cases, own, self.case_of[own], self.expert_of[own])
        count = len(cases)
        self._solver.addRows(count, np.zeros(count), np.full(count, INFINITE), len(columns), starts, columns, values)
        if self._way is Way.ON:
            self._way = Way.BACK

    def _costs(self, cases: Ints, experts: Ints) -> Floats:
        return np.asarray(-self._aim.affinity * self._pull[cases, experts], dtype=np.float64)

    def take(self, cells: Bools) -> int:
        """Let the cells in that are free and not yet inside; how many came."""
        cases, experts = np.nonzero(cells & self.problem.free & ~self.inside)
        count = len(cases)
        if count:
            self.inside[cases, experts] = True
            starts, rows, values = self._rows.entries(cases, experts)
            kept = self.problem.kept[cases, experts].astype(np.float64)
            costs = self._costs(cases, experts)
            self._solver.addCols(count, costs, kept, np.ones(count), len(rows), starts, rows, values)
            self.case_of = np.r_[self.case_of, cases]
            self.expert_of = np.r_[self.expert_of, experts]
        return count

    def run(self) -> bool:
        """Solve over the cells that are inside, from where the last answer stands; whether there is an answer."""
        if self._way is Way.AFRESH:
            self._solver.clearSolver()
        self._solver.setOptionValue("presolve", "off")
        self._solver.setOptionValue("simplex_strategy", PRIMAL if self._way is Way.ON else DUAL)
        self._solver.setOptionValue("simplex_iteration_limit", ENDLESS if self.steps is None else self.steps)
        self._solver.run()
        self._way = Way.ON
        if self.steps is not None:
            self.steps = max(0, self.steps - int(self._solver.getInfo().simplex_iteration_count))
        return bool(self._solver.getModelStatus() == highspy.HighsModelStatus.kOptimal)

    def price(self) -> Bools | None:
        """Return the cells left out that would make the answer better, the best few of each case; ``None``: there are none."""
        cost = self.reduced()
        cost[self.inside | ~self.problem.free] = 0.0
        better = cost < -CHEAP
        if not better.any():
            return None
        few = min(FEW, cost.shape[1]) - 1
        return np.asarray(better & (cost <= np.partition(cost, few, axis=1)[:, few : few + 1]))

    def reduced(self) -> Floats:
        """Return what each cell of the table would add to the cost, by the prices of the answer."""
        prices = np.asarray(self._solver.getSolution().row_dual)
        return self._rows.reduced(prices, self._pull, self._aim.affinity)

    def solve(self) -> bool:
        """Solve over all cells there are; whether there is an answer."""
        while self.run():
            cells = self.price()
            if cells is None:
                return True
            if self.take(cells) > MANY:
                self._way = Way.AFRESH
        return False

    def whole_numbers(self, nodes: int) -> bool:
        """Solve over the cells that are inside, each taken or left; whether an answer was found in so many ``nodes``."""
        count = len(self.case_of)
        cells = np.arange(self._rows.floor + 1, self._rows.floor + 1 + count, dtype=np.int32)
        self._solver.setOptionValue("presolve", "choose")
        self._solver.setOptionValue("mip_max_nodes", nodes)
        self._solver.changeColsIntegrality(count, cells, np.full(count, highspy.HighsVarType.kInteger))
        self._solver.run()
        found = self._solver.getInfo().primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        self.proven = self._solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        self.dual_bound = -float(self._solver.getInfo().mip_dual_bound)
        self._solver.changeColsIntegrality(count, cells, np.full(count, highspy.HighsVarType.kContinuous))
        return bool(found)

    @property
    def value(self) -> float:
        """What the answer is worth to the aim."""
        return -float(self._solver.getInfo().objective_function_value)

    @property
    def lacking(self) -> tuple[float, float, float, float]:
        """How much is lacking in the answer: places, low limits, quotas, below the floor."""
        parts = np.split(
            np.asarray(self._solver.getSolution().col_value)[: self._rows.floor], np.cumsum(self._rows.kinds)[:-1]
        )
        places, lows, quotas, below = (float(part.sum()) for part in parts)
        return places, lows, quotas, below

    @property
    def steepness(self) -> float:
        """By how much the cost rises with the floor."""
        return float(np.asarray(self._solver.getSolution().row_dual)[self._rows.sums + len(self._rows.kinds) :].sum())

    @property
    def shares(self) -> Floats:
        """How much of each cell inside the answer takes, 0 to 1."""
        return np.asarray(self._solver.getSolution().col_value)[self._rows.floor + 1 :]

    @property
    def taken(self) -> Bools:
        """The cells that an answer in whole numbers takes: cases x experts."""
        table = np.zeros_like(self.inside)
        chosen = self.shares > HALF
        table[self.case_of[chosen], self.expert_of[chosen]] = True
        return table

    @property
    def whole(self) -> bool:
        """Whether the answer takes every cell or leaves it."""
        shares = self.shares
        return bool((np.abs(shares - np.round(shares)) < WHOLE).all())


class _Rows:
    """Where the rows and the first columns of a program are."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        n, m = problem.affinity.shape
        self.quotas = [
            (number, case) for number, quota in enumerate(problem.quotas) for case in sorted(set(quota.cases))
        ]
        self.kinds = [n, m, len(self.quotas), n]
        self.floor = sum(self.kinds)
        self.sums = n + m + len(self.quotas)
        self._row_of_quota = np.full((len(problem.quotas), n), -1, dtype=np.int64)
        self._members = np.zeros((len(problem.quotas), m), dtype=bool)
        for place, (number, case) in enumerate(self.quotas):
            self._row_of_quota[number, case] = n + m + place
            self._members[number, list(problem.quotas[number].experts)] = True
        self._row_of_floor = np.full(n, -1, dtype=np.int64)
        self.rows = self.sums + len(self.kinds)

    def frame(self) -> highspy.HighsLp:
        """Return the program without a cell and a floor: lacks, their sums, a column for the floor."""
        p, lacks, sums = self.problem, self.floor, len(self.kinds)
        least = np.array([min(p.quotas[number].least, int(p.demand[case])) for number, case in self.quotas])
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = lacks + 1, self.rows
        lp.col_cost_ = np.zeros(lacks + 1)
        lp.col_lower_ = np.r_[np.zeros(lacks), -INFINITE]
        lp.col_upper_ = np.r_[p.demand, p.low, least, np.full(p.cases + 1, INFINITE)].astype(np.float64)
        lp.row_lower_ = np.r_[p.demand, p.low, least, np.zeros(sums)].astype(np.float64)
        lp.row_upper_ = np.r_[p.demand, p.high, np.full(len(self.quotas) + sums, INFINITE)].astype(np.float64)
        own = np.arange(self.sums)  # what is below a floor has no row but its sum yet
        of_sums = self.sums + np.repeat(np.arange(sums), self.kinds)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_ = np.r_[
            np.arange(0, 2 * self.sums, 2), 2 * self.sums + np.arange(p.cases + 1), 2 * self.sums + p.cases
        ]
        lp.a_matrix_.index_ = np.r_[np.stack([own, of_sums[own]], axis=1).ravel(), of_sums[self.sums :]]
        lp.a_matrix_.value_ = np.ones(2 * self.sums + p.cases)
        return lp

    def add_floors(self, new: Ints, own: Ints, cases: Ints, experts: Ints) -> tuple[Ints32, Ints32, Floats]:
        """Number the floors of new cases; return starts, columns and numbers of their rows, with these cells ``own`` inside."""
        self._row_of_floor[new] = self.rows + np.arange(len(new))
        first, self.rows = self.rows, self.rows + len(new)
        places = np.arange(len(new))
        rows = np.r_[places, places, self._row_of_floor[cases] - first]
        columns = np.r_[self.sums + new, np.full(len(new), self.floor), self.floor + 1 + own]
        values = np.r_[np.ones(len(new)), -np.ones(len(new)), self.problem.affinity[cases, experts]]
        order = np.argsort(rows, kind="stable")
        starts = np.searchsorted(rows[order], places)
        return starts.astype(np.int32), columns[order].astype(np.int32), values[order]

    def entries(self, cases: Ints, experts: Ints) -> tuple[Ints32, Ints32, Floats]:
        """Return starts, rows and numbers of the cells' columns: in the case, the expert, the quotas, the floor."""
        n, a = self.problem.cases, self.problem.affinity
        own = np.arange(len(cases))
        parts = [(own, cases, np.ones(len(cases))), (own, n + experts, np.ones(len(cases)))]
        for members, row_of in zip(self._members, self._row_of_quota, strict=True):
            counted = np.flatnonzero(members[experts] & (row_of[cases] >= 0))
            parts.append((counted, row_of[cases[counted]], np.ones(len(counted))))
        served = np.flatnonzero(self._row_of_floor[cases] >= 0)
        parts.append((served, self._row_of_floor[cases[served]], a[cases[served], experts[served]]))
        cells, rows, values = (np.concatenate(part) for part in zip(*parts, strict=True))
        order = np.argsort(cells, kind="stable")
        starts = np.searchsorted(cells[order], own)
        return starts.astype(np.int32), rows[order].astype(np.int32), values[order]

    def reduced(self, prices: Floats, pull: Floats, weight: float) -> Floats:
        """Return what each cell would add to the cost at these prices of the rows; negative makes the answer better."""
        n, m = pull.shape
        cost = -weight * pull
        cost -= prices[:n, None]
        cost -= prices[None, n : n + m]
        for members, row_of in zip(self._members, self._row_of_quota, strict=True):
            rows = np.flatnonzero(row_of >= 0)
            cost[rows] -= prices[row_of[rows], None] * members[None, :]
        rows = np.flatnonzero(self._row_of_floor >= 0)
        if len(rows):
            cost[rows] -= prices[self._row_of_floor[rows], None] * self.problem.affinity[rows]
        return cost
