"""The assignment, found and proven: what has to stay unmet, then the floor, then the total."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from workflow_app.matching import reasons
from workflow_app.matching.problem import Bools, Ints, Problem
from workflow_app.matching.program import INFINITE, Aim, Found, Program
from workflow_app.matching.start import first_cells, told_apart
from workflow_app.matching.terms import Floor, Matching, Quota
from workflow_app.matching.worst import Worst, service

NODES = 2000  # of branch and bound: a count, so that the answer does not depend on the clock
EXACT = 400  # cells of a table that is settled as a whole where its parts leave something open
CLOSE = 1e-7
CHEAP = 4.0  # of a lack: more than one exchange brings; most often enough
TELLING = 1e-6
SLACK = 1e-9  # floors that differ by less are one


@dataclass(frozen=True, slots=True)
class Answer:
    """An assignment (``taken``: cases x experts) with the bounds of its total and of its worst case."""

    taken: Bools
    bound: float
    worst_bound: float | None = None


def solve(problem: Problem, floor: Floor, seed: int) -> Matching:
    """Return the best assignment of a checked problem; see :func:`workflow_app.matching.best.match`."""
    p = problem
    rng = np.random.default_rng(seed)
    rows, columns = rng.permutation(p.cases), rng.permutation(p.experts)
    answer = _answer(_shuffled(p, rows, columns), floor, seed)
    taken = np.zeros_like(p.free)
    taken[np.ix_(rows, columns)] = answer.taken
    total = float(p.affinity[taken].sum())
    served = np.flatnonzero((p.demand > 0) & p.free.any(axis=1))
    services = np.where(taken, p.affinity, 0.0).sum(axis=1)[served]
    worst = float(services.min()) if len(served) else None
    worst_case = int(served[services.argmin()]) if len(served) else None
    return Matching(
        floor=floor,
        pairs=reasons.pairs(p, taken),
        objective=total,
        bound=_settled(total, answer.bound),
        worst=worst,
        worst_bound=None if worst is None or answer.worst_bound is None else _settled(worst, answer.worst_bound),
        worst_case=worst_case,
        unmet=reasons.unmet(p, taken),
    )


def _settled(reached: float, bound: float) -> float:
    """Return the bound, or the figure itself where they differ by less than the solver can tell."""
    return bound if bound - reached > TELLING * max(1.0, abs(bound)) else reached


def _shuffled(p: Problem, rows: Ints, columns: Ints) -> Problem:
    """Return the problem with its cases and experts in another order: who comes first in a table wins no tie."""
    case_at, expert_at = np.argsort(rows), np.argsort(columns)
    cells = np.ix_(rows, columns)
    quotas = tuple(
        Quota(
            tuple(int(case_at[one]) for one in quota.cases),
            tuple(int(expert_at[one]) for one in quota.experts),
            quota.least,
        )
        for quota in p.quotas
    )
    return Problem(
        p.affinity[cells], p.free[cells], p.demand[rows], p.low[columns], p.high[columns], p.kept[cells], quotas
    )


def _answer(p: Problem, floor: Floor, seed: int) -> Answer:
    """Solve in units of the largest affinity, after taking from the demands what nobody could meet."""
    scale = float(np.abs(p.affinity).max(initial=0.0)) or 1.0
    able = p.free.sum(axis=1)
    reduced = replace(
        p,
        affinity=p.affinity / scale,
        demand=np.minimum(p.demand, able),
        low=np.minimum(p.low, p.free.sum(axis=0)),
    )
    if not reduced.demand.any():
        return Answer(np.zeros_like(p.free), 0.0)
    answer = Search(reduced, seed).best(floor)
    worst = None if answer.worst_bound is None else answer.worst_bound * scale
    return Answer(answer.taken, answer.bound * scale, worst)


class Search:
    """The search for one answer; affinities within [-1, 1], demands that the free experts could meet one by one."""

    def __init__(self, problem: Problem, seed: int) -> None:
        self.problem, self.seed = problem, seed
        rng = np.random.default_rng(seed)
        self.pull = told_apart(problem, rng)
        self.cells = first_cells(problem, self.pull, rng)
        self.lacking = (0.0, 0.0, 0.0, 0.0)
        self.nodes = min(NODES, NODES * 12 // problem.affinity.size)
        self.dear = 2.0 * (problem.experts + 2)  # of a lack: more than any chain of exchanges brings

    def best(self, floor: Floor) -> Answer:
        """Return the assignment with its bounds."""
        program = self._program()
        total = self._total(program)
        if floor is None:
            return Answer(total.taken, total.bound)
        taken, bound, worst_bound = Worst(program, total, self.lacking, self.seed).best()
        answer = Answer(taken, bound, worst_bound)
        return answer if self.problem.affinity.size > EXACT else self._proven(answer)

    def _program(self) -> Program:
        program = Program(self.problem, self.seed)
        program.floor(0.0, 0.0)
        program.take(self.cells)
        return program

    def _total(self, program: Program) -> Found:
        """Return the greatest total among the assignments that lack least."""
        for dear, pull in ((CHEAP, self.pull), (self.dear, None)):
            program.aim(Aim(affinity=1.0, places=dear, lows=dear, quotas=dear), pull)
            program.solve()
            if max(program.lacking) < CLOSE:
                break
        else:
            self.lacking = self._least_lacking(program)
        program.limit(*self.lacking)
        program.aim(Aim(affinity=1.0))
        return self._whole(program)

    def _least_lacking(self, program: Program) -> tuple[float, float, float, float]:
        """Return how much has to be lacking: as few places as can be, then quotas, then low limits."""
        if not self.problem.quotas and not self.problem.low.any():
            return float(round(program.lacking[0])), 0.0, 0.0, 0.0
        limits = [INFINITE, INFINITE, INFINITE, 0.0]
        for place, aim in ((0, Aim(places=1.0)), (2, Aim(quotas=1.0)), (1, Aim(lows=1.0))):
            program.aim(aim)
            program.limit(*limits)
            limits[place] = float(round(-self._whole(program).reached))
        return limits[0], limits[1], limits[2], 0.0

    def _whole(self, program: Program) -> Found:
        """Solve, and where the answer shares cells between cases, search for the best that does not."""
        program.solve()
        bound = program.value
        if program.whole:
            return Found(program.taken, bound, bound)
        cost = program.reduced()
        found = Found(np.zeros_like(self.problem.free), -INFINITE, bound)
        while program.whole_numbers(self.nodes):
            found = Found(program.taken, program.value, bound)
            if not program.take(cost < bound - found.reached + CLOSE):
                return replace(found, bound=max(found.reached, min(bound, program.dual_bound)))
        return found

    def _proven(self, answer: Answer) -> Answer:
        """Close what is open between an answer and its bounds, by branch and bound over the whole table.

        Where that ends before it has found any assignment, the answer stands.
        """
        p = self.problem
        served = np.flatnonzero((p.demand > 0) & p.free.any(axis=1))
        program = self._program()
        program.limit(*self.lacking)
        program.floors(served)
        best, worst_bound = [answer.taken], float(answer.worst_bound or 0.0)
        reached = float(service(p, answer.taken)[served].min())
        if reached < worst_bound - CLOSE:
            program.floor(reached, worst_bound)
            program.aim(Aim(floor=1.0))
            worst = self._whole(program)
            best += [worst.taken] * (worst.reached > reached)
            reached, worst_bound = max(reached, worst.reached), min(worst_bound, worst.bound)
        elif float(p.affinity[answer.taken].sum()) > answer.bound - CLOSE:
            return answer
        program.floor(reached - SLACK, reached - SLACK)
        program.aim(Aim(affinity=1.0))
        found = self._whole(program)
        best += [found.taken] * (found.reached > -INFINITE)
        taken = max(
            (one for one in best if float(service(p, one)[served].min()) > reached - CLOSE),
            key=lambda one: float(p.affinity[one].sum()),
        )
        return Answer(taken, max(found.bound, float(p.affinity[taken].sum())), worst_bound)
