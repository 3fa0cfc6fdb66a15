"""Exchanges that serve the worst case better: one expert of it against one of another case, or against one with room.

A case that lacks somebody may get an expert from another instead: as many places stay filled.
"""

from __future__ import annotations

import numpy as np

from workflow_app.matching.problem import Bools, Floats, Ints, Problem

NOTHING = -1e9
STEP = 1e-9
STEPS = 6_000


def exchange(p: Problem, taken: Bools, served: Ints) -> Bools:
    """Return the assignment after the best exchanges for whichever case is worst, until one has none.

    Nobody else falls as low, nothing is lacking that was not before: who is exchanged is of the same quotas.
    """
    return _Exchange(p, taken, served).run()


class _Exchange:
    def __init__(self, p: Problem, taken: Bools, served: Ints) -> None:
        self.p, self.taken, self.served = p, taken.copy(), served
        self.cases, self.experts = np.nonzero(taken)
        self.held = p.kept[self.cases, self.experts]
        self.services: Floats = np.where(taken, p.affinity, 0.0).sum(axis=1)
        self.loads: Ints = taken.sum(axis=0).astype(np.int64)
        members = np.zeros((p.experts, len(p.quotas)), dtype=bool)
        for number, quota in enumerate(p.quotas):
            members[list(quota.experts), number] = True
        self.common: Bools = np.asarray(~members.any(axis=1))  # of no quota
        self.kind: Ints = np.unique(members, axis=0, return_inverse=True)[1].ravel().astype(np.int64)

    def run(self) -> Bools:
        for _ in range(STEPS if len(self.served) else 0):
            case = int(self.served[self.services[self.served].argmin()])
            moves = [self._best(case, int(place)) for place in np.flatnonzero((self.cases == case) & ~self.held)]
            gain, place, other, expert = max(moves, default=(NOTHING, 0, 0, 0))
            gift, pair = self._gift(case)
            if max(gain, gift) <= self.services[case] + STEP:
                break
            if gift > gain:
                self._give(case, pair)
            else:
                self._make(place, other, expert)
        return self.taken

    def _best(self, case: int, place: int) -> tuple[float, int, int, int]:
        """Return the best exchange of one pair: the lower service after it, the pair, the other pair or -1, whom the case gets."""
        p, own = self.p, int(self.experts[place])
        without = self.services[case] - p.affinity[case, own]
        open_here = p.free[case] & ~self.taken[case] & (self.kind == self.kind[own])
        fits = ~self.held & open_here[self.experts] & p.free[self.cases, own] & ~self.taken[self.cases, own]
        theirs = self.services[self.cases] - p.affinity[self.cases, self.experts] + p.affinity[self.cases, own]
        lower = np.where(fits, np.minimum(without + p.affinity[case, self.experts], theirs), NOTHING)
        other = int(lower.argmax())
        found = (float(lower[other]), place, other, int(self.experts[other]))
        if self.loads[own] > p.low[own]:
            spare = np.where(open_here & (self.loads < p.high), without + p.affinity[case], NOTHING)
            found = max(found, (float(spare.max()), place, -1, int(spare.argmax())))
        return found

    def _gift(self, case: int) -> tuple[float, int]:
        """Return the best expert that another case could leave to one that lacks somebody: the lower service after it, the pair."""
        p = self.p
        if not len(self.cases) or int((self.cases == case).sum()) >= p.demand[case]:
            return NOTHING, 0
        fits = ~self.held & self.common[self.experts] & p.free[case, self.experts] & ~self.taken[case, self.experts]
        theirs = self.services[self.cases] - p.affinity[self.cases, self.experts]
        lower = np.where(fits, np.minimum(self.services[case] + p.affinity[case, self.experts], theirs), NOTHING)
        return float(lower.max()), int(lower.argmax())

    def _give(self, case: int, pair: int) -> None:
        giver, expert = int(self.cases[pair]), int(self.experts[pair])
        self.taken[giver, expert], self.taken[case, expert] = False, True
        self.services[giver] -= self.p.affinity[giver, expert]
        self.services[case] += self.p.affinity[case, expert]
        self.cases[pair] = case

    def _make(self, place: int, other: int, expert: int) -> None:
        own = int(self.experts[place])
        if other >= 0:
            self._set(other, own)
        else:
            self.loads[own] -= 1
            self.loads[expert] += 1
        self._set(place, expert)

    def _set(self, place: int, expert: int) -> None:
        case = int(self.cases[place])
        self.services[case] += self.p.affinity[case, expert] - self.p.affinity[case, self.experts[place]]
        self.taken[case, self.experts[place]] = False
        self.taken[case, expert] = True
        self.experts[place] = expert
