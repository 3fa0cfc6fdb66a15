"""The worst-served case as well as possible, then the greatest total: bounds by linear programs, answers by parts.

Sums of affinities make this hard in theory. In practice few cases press upon the floor: the linear program of the total
gets floors only where its answer falls below, and shares only a few cases' places; those cases alone, the rest standing,
are settled in whole numbers. What this leaves open is told as the gap.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from workflow_app.matching.exchange import exchange
from workflow_app.matching.problem import Bools, Floats, Ints, Problem
from workflow_app.matching.program import HALF, INFINITE, WHOLE, Aim, Found, Program
from workflow_app.matching.rotate import rotated
from workflow_app.matching.start import SMALL
from workflow_app.matching.terms import Quota

FIRST = 1e3  # what a unit below the floor costs where places are whole: the floor goes before the total
LEVEL = 1e-7  # services that differ by less are one
NODES = 8  # of branch and bound on a part
PRESSED = 24  # cases under the floor that are few in any table
LEAST, MOST = 16, 200  # cases of a part: fewer where the last took too long, more where it did not
CELLS = 20  # of a case, in a part
NEAR = 8  # experts a case could have at least cost
PARTS = 16  # settled one after another at most, at one level
TIRED = 3  # parts that were not settled to the end, at most
IDLE = 4  # parts that brought nothing, one after another
HALVES = 5  # of the way to the level
STEPS = 40  # of the level downwards, at most
STEPS_OF_ALL = 60_000_000  # of the simplex method, by rows: some ten seconds
FEWEST, MOST_TURNS = 1, 60  # in which all cases change at once
TURNING = 1_200_000  # cells of a table, by turns
THIRD = 1 / 3  # of the way to the bound: where a turn aims
DEAR = 10.0  # of a place left free, where one looks whether a level can be had
PULLS = (30.0, 1e3, 1e5)  # what a unit below the floor costs, beside the total


def service(p: Problem, shares: Floats | Bools) -> Floats:
    """Return by how much each case is served: sums over the experts it gets."""
    return np.asarray((p.affinity * shares).sum(axis=1))


def ceiling(p: Problem, served: Ints) -> float:
    """Return what the worst of these cases would have if each had the experts it likes best, whoever else wants them."""
    least = INFINITE
    for case in served.tolist():
        held = p.kept[case]
        rest = np.sort(p.affinity[case, p.free[case] & ~held])[::-1]
        least = min(least, float(p.affinity[case, held].sum() + rest[: max(0, int(p.demand[case] - held.sum()))].sum()))
    return least


def reaching(p: Problem, level: float) -> Bools:
    """Return the cells with which a case could come up to the level, if the others of its experts were those it likes best."""
    worth = np.where(p.free, np.maximum(p.affinity, 0.0), 0.0)
    ordered = np.c_[-np.sort(-worth, axis=1), np.zeros(p.cases)]
    sums, case = np.c_[np.zeros(p.cases), ordered.cumsum(axis=1)], np.arange(p.cases)
    best, others = sums[case, p.demand], sums[case, np.maximum(p.demand - 1, 0)]
    last = ordered[case, np.maximum(p.demand - 1, 0)]
    most = np.where(worth >= last[:, None], best[:, None], others[:, None] + p.affinity)
    return np.asarray((most >= level - LEVEL) | p.kept)


def part(p: Problem, taken: Bools, cases: Ints) -> Problem:
    """Return the problem of these cases alone, while the others keep what is ``taken``."""
    loads = taken.sum(axis=0) - taken[cases].sum(axis=0)
    place = {case: number for number, case in enumerate(cases.tolist())}
    quotas = tuple(
        Quota(tuple(place[one] for one in quota.cases if one in place), quota.experts, quota.least)
        for quota in p.quotas
    )
    return Problem(
        p.affinity[cases],
        p.free[cases],
        p.demand[cases],
        np.maximum(0, p.low - loads),
        p.high - loads,
        p.kept[cases],
        quotas,
    )


def _nearest(cost: Floats, count: int) -> Bools:
    """Return the cells that cost least, so many of each row and those that cost as little."""
    last = min(count, cost.shape[1]) - 1
    return np.asarray(cost <= np.partition(cost, last, axis=1)[:, [last]])


class Worst:
    """The search at one problem whose total was found: ``total`` says by which ``program``; ``lacking``: what it may lack."""

    def __init__(self, program: Program, total: Found, lacking: tuple[float, ...], seed: int) -> None:
        self.p, self.program, self.taken = program.problem, program, total.taken
        self.champion = total.taken
        self.lacking, self.seed = lacking, seed
        self.shares: Floats = total.taken.astype(np.float64)  # of the last linear program that came to its end
        self.cost, self.level, self.pull = program.reduced(), -INFINITE, FIRST
        self.totals = [(-INFINITE, total.bound)]  # levels, and what the total cannot exceed where all are above
        self.program.steps = STEPS_OF_ALL // (2 * self.p.cases + self.p.experts)
        self.served = np.flatnonzero((self.p.demand > 0) & self.p.free.any(axis=1))
        self.floored = np.zeros(self.p.cases, dtype=bool)
        self.size, self.unproven = MOST // 2, 0
        self.rng = np.random.default_rng(seed)

    # ------------------------------------------------------------------ bounds

    def bound(self) -> float:
        """Lower the level until the shares of a linear program reach it: no assignment serves its worst case better."""
        mean = self.totals[0][1] / len(self.served)  # not every case can be above it
        level = min(ceiling(self.p, self.served), mean)
        self.program.limit(*self.lacking[:3], INFINITE)
        for pull in PULLS:
            for _ in range(STEPS):
                if self.total_at(level, pull) < LEVEL or not self.program.steps:
                    return level
                lower = self._lower(level)
                if lower >= level - LEVEL:
                    break  # the pull of the total was stronger than the floor
                level = lower
        return level

    def total_at(self, level: float, pull: float) -> float:
        """Solve for the total with this floor, floors given where the answer is below; return how much is below all the same."""
        self.program.floor(level, level)
        self.program.aim(Aim(affinity=1.0, below=pull))
        while self.program.solve():
            shares = self._table()
            low = (service(self.p, shares) < level - LEVEL) & ~self.floored
            low[np.setdiff1d(np.arange(self.p.cases), self.served)] = False
            if not low.any():
                self.shares, self.cost = shares, self.program.reduced()
                self.totals.append((level, self.program.value))
                return self.program.lacking[3]
            self.floored |= low
            self.program.floors(np.flatnonzero(low))
        return INFINITE

    def _lower(self, level: float) -> float:
        """Return a level that no assignment exceeds: where the least that is below would vanish, by its prices."""
        self.program.aim(Aim(below=1.0))
        if not self.program.solve():
            return level
        below, slope = self.program.lacking[3], self.program.steepness
        return level - below / slope if below > LEVEL and slope > LEVEL else level

    def _table(self) -> Floats:
        """Return the answer of the program: cases x experts, 0 to 1."""
        table = np.zeros(self.p.affinity.shape)
        table[self.program.case_of, self.program.expert_of] = self.program.shares
        return table

    # ------------------------------------------------------------------ answers in whole numbers

    def best(self) -> tuple[Bools, float, float]:
        """Return the assignment, the bound of its total, the bound of its worst case."""
        worst_bound = self.bound()
        self.level = worst_bound
        if self.floored.sum() > MOST // 4:
            self.size = 2 * LEAST
        self._better(exchange(self.p, self.taken, self.served))
        if self._hard() or (self.p.affinity.size <= SMALL and self.worst(self.champion) < worst_bound - LEVEL):
            self._turn(worst_bound)
            worst_bound = self.level = self._narrowed(worst_bound)
        self._near(worst_bound)
        for _ in range(HALVES):
            if self._hard() or self.worst(self.champion) > worst_bound - LEVEL:
                break
            self._near((self.worst(self.champion) + self.level) / 2)
        if self.worst(self.champion) < self.level - LEVEL and self.program.steps:
            self.taken = self.champion
            self._near(self.worst(self.champion))
        reached = self.worst(self.champion)
        return self.champion, min(most for level, most in self.totals if level < reached + LEVEL), worst_bound

    def _hard(self) -> bool:
        """Whether the floor presses upon so many cases that settling parts of them takes long and brings little."""
        return (
            not self.program.steps
            or self.unproven >= TIRED
            or int(self.floored.sum()) > max(PRESSED, self.p.cases // 4)
        )

    def _turn(self, bound: float) -> None:
        """Let all cases change one expert at once, again and again, aiming above what is reached."""
        taken = self.champion
        for turn in range(min(MOST_TURNS, max(FEWEST, TURNING // self.p.affinity.size))):
            reached = self.worst(self.champion)
            if reached > bound - LEVEL:
                return
            after = rotated(self.p, taken, reached + (bound - reached) * THIRD, self.seed + turn)
            if after is None:
                return
            taken = after
            self._better(exchange(self.p, taken, self.served))

    def _narrowed(self, bound: float) -> float:
        """Return a lower bound of the worst case, if levels between can be shown to be out of reach."""
        least = self.worst(self.champion)
        for _ in range(HALVES):
            middle = (least + bound) / 2
            if bound - least < LEVEL or not self.program.steps:
                break
            if self._out_of_reach(middle):
                bound = middle
            else:
                least = middle
        return bound

    def _out_of_reach(self, level: float) -> bool:
        """Whether no assignment serves all cases as well: by a program without experts with whom a case could never be."""
        program = Program(replace(self.p, free=self.p.free & reaching(self.p, level)), self.seed)
        program.take(program.inside | (self.program.inside if self.p.affinity.size > SMALL else self.p.free))
        program.floors(self.served)
        program.floor(level, level)
        program.aim(Aim(below=1.0, places=DEAR))
        program.steps = self.program.steps
        solved, self.program.steps = program.solve(), program.steps
        return solved and -program.value > DEAR * self.lacking[0] + LEVEL * self.p.cases

    def worst(self, taken: Bools) -> float:
        """Return how the worst case is served."""
        return float(service(self.p, taken)[self.served].min())

    def _near(self, level: float) -> None:
        """Bring the assignment near to the shares that a linear program gives with this floor, part by part."""
        self.level = level
        for pull in PULLS:
            if not self.program.steps or self.total_at(level, pull) < LEVEL:
                break
        shares = self.shares
        shared = np.flatnonzero((np.abs(shares - np.round(shares)) > WHOLE).any(axis=1))
        if len(shared) <= self.size and not self._hard():
            self._better(self._settled(shares > HALF, shared))
        cost = np.where(self.p.free, self.cost, INFINITE)
        idle = 0
        for _ in range(PARTS):
            if self._hard() or self.totals[-1][1] - self._merit(self.taken) < LEVEL * self.p.cases or idle >= IDLE:
                return
            cases = self._part(np.flatnonzero((np.abs(shares - self.taken) > WHOLE).any(axis=1)), cost)
            idle = 0 if self._better(self._settled(self.taken, cases)) else idle + 1

    def _rank(self, taken: Bools) -> tuple[float, float]:
        """Return what an assignment is worth in the end: its worst case to within what a level tells, then its total."""
        return round(self.worst(taken) / LEVEL) * LEVEL, float(self.p.affinity[taken].sum())

    def _merit(self, taken: Bools) -> float:
        below = np.maximum(0.0, self.level - service(self.p, taken)[self.served]).sum()
        return float(self.p.affinity[taken].sum() - self.pull * below)

    def _better(self, taken: Bools | None) -> bool:
        if taken is None:
            return False
        if self._rank(taken) > self._rank(self.champion):
            self.champion = taken
        if self._merit(taken) <= self._merit(self.taken) + LEVEL:
            return False
        self.taken = taken
        return True

    def _part(self, other: Ints, cost: Floats) -> Ints:
        """Choose what to settle next.

        Cases below the floor, cases that stand otherwise than the shares, and some of those who hold the experts these could
        have: rather such as could have another at little ``cost``.
        """
        services = service(self.p, self.taken)[self.served]
        below = self.served[services < self.level - LEVEL]
        worst = below[np.argsort(services[services < self.level - LEVEL], kind="stable")][: self.size // 16]
        first = np.union1d(
            np.r_[worst, self.rng.permutation(below)[: self.size // 16]], self.rng.permutation(other)[: self.size // 3]
        )
        wanted = _nearest(cost[first], NEAR).any(axis=0)
        holders = np.setdiff1d(np.flatnonzero(self.taken[:, wanted].any(axis=1)), first)
        ease = np.where(self.taken[holders], INFINITE, np.maximum(cost[holders], 0.0)).min(axis=1, initial=INFINITE)
        order = np.argsort((ease + LEVEL) * self.rng.exponential(size=len(holders)), kind="stable")
        return np.union1d(first, holders[order][: self.size - len(first)])

    def _settled(self, standing: Bools, cases: Ints) -> Bools | None:
        """Return the best assignment of some cases while the others stand, in whole numbers; ``None``: none was found."""
        small = part(self.p, standing, cases)
        if (small.high < 0).any() or not len(cases):
            return None
        rest = np.ones(self.p.cases, dtype=bool)
        rest[cases] = False
        program = Program(small, self.seed)
        near = _nearest(np.where(self.p.free, self.cost, INFINITE)[cases], CELLS)
        program.take((self.program.inside[cases] & near) | standing[cases])
        places = self.lacking[0] - float((self.p.demand - standing.sum(axis=1))[rest].sum())
        quotas = self.lacking[2] - self._quotas_lacking(standing, rest)
        program.limit(places, self.lacking[1], quotas, INFINITE)
        program.floors(np.flatnonzero(np.isin(cases, self.served)))
        program.floor(self.level, self.level)
        program.aim(Aim(affinity=1.0, below=self.pull))
        if not program.solve():
            return None
        if not program.whole:
            found = program.whole_numbers(NODES)
            self.unproven += not program.proven
            self.size = min(MOST, self.size * 3 // 2) if program.proven else max(LEAST, self.size // 2)
            if not found:
                return None
        taken = standing.copy()
        taken[cases] = False
        chosen = program.shares > HALF
        taken[cases[program.case_of[chosen]], program.expert_of[chosen]] = True
        return taken

    def _quotas_lacking(self, taken: Bools, among: Bools) -> float:
        """Return how many experts of quotas these cases lack."""
        lacking = 0
        for quota in self.p.quotas:
            members = sorted(set(quota.experts))
            for case in sorted(set(quota.cases)):
                if among[case]:
                    lacking += max(0, min(quota.least, int(self.p.demand[case])) - int(taken[case, members].sum()))
        return float(lacking)
