"""Many cases change experts at once: each opens one place by lot, and all open places are given anew by one program.

One place of a case has a worth for each expert, whatever shape the worth of the whole service has: so this is transport,
whose answer is in whole numbers, and the best of more exchanges than anybody could try one by one.
"""

from __future__ import annotations

import numpy as np

from workflow_app.matching.problem import Bools, Floats, Ints, Problem
from workflow_app.matching.program import HALF, Aim, Program
from workflow_app.matching.start import first_cells

LINEAR, SQUARE = 3.0, 100.0  # what it costs to be below the level: the further, the more


def rotated(p: Problem, taken: Bools, level: float, seed: int) -> Bools | None:
    """Return the assignment after one turn, which nothing of one place a case betters; ``None``: no answer.

    As many places stay filled; who has a place of a quota gives it to one of the same quotas.
    """
    rng = np.random.default_rng(seed)
    out, wants = _opened(p, taken, rng)
    rest = taken & ~out
    loads, base = rest.sum(axis=0), np.where(rest, p.affinity, 0.0).sum(axis=1)
    worth = _worth(base[:, None] + p.affinity, level) - _worth(base, level)[:, None]
    worth /= max(float(np.abs(worth).max(initial=0.0)), LINEAR)
    low, nobody = np.maximum(0, p.low - loads), np.zeros_like(taken)
    free = p.free & ~rest & _alike(p, out)
    open_ = Problem(worth, free, wants.astype(np.int64), low, p.high - loads, nobody)
    program = Program(open_, seed)
    program.floor(0.0, 0.0)
    program.take(first_cells(open_, worth, rng) | out)
    program.limit(float(wants.sum() - out.sum()), float(np.maximum(0, low - out.sum(axis=0)).sum()), 0.0, 0.0)
    program.aim(Aim(affinity=1.0))
    return rest | program.taken if program.solve() and program.whole else None


def _opened(p: Problem, taken: Bools, rng: np.random.Generator) -> tuple[Bools, Bools]:
    """Return the pairs that are let go, one of a case at most, and the cases with an open place: theirs, or one they lack."""
    loose, lacks = taken & ~p.kept, taken.sum(axis=1) < p.demand
    gives = loose.any(axis=1) & ~(lacks & (rng.random(p.cases) < HALF))
    out = np.zeros_like(taken)
    out[np.arange(p.cases), np.where(loose, rng.random(loose.shape), -1.0).argmax(axis=1)] = gives
    return out, gives | lacks


def _worth(service: Floats, level: float) -> Floats:
    below = np.maximum(0.0, level - service)
    return np.asarray(service - LINEAR * below - SQUARE * below**2)


def _alike(p: Problem, out: Bools) -> Bools:
    """Return the cells of experts who are in the same quotas as who is let go; where nobody is, of experts in none."""
    members = np.zeros((p.experts, len(p.quotas)), dtype=bool)
    for number, quota in enumerate(p.quotas):
        members[list(quota.experts), number] = True
    kinds: Ints = np.unique(np.r_[np.zeros((1, len(p.quotas)), dtype=bool), members], axis=0, return_inverse=True)[1]
    none, kind = kinds.ravel()[0], kinds.ravel()[1:]
    own = np.where(out.any(axis=1), kind[out.argmax(axis=1)], none) if p.experts else np.zeros(p.cases)
    return np.asarray(own[:, None] == kind[None, :])
