"""Where the search begins: which few cells of the table the first program holds, and how ties are told apart.

Nothing here decides the answer. A good guess makes the programs few and small; what the guess left out is priced in.
"""

from __future__ import annotations

import numpy as np

from workflow_app.matching.problem import Bools, Floats, Ints, Problem

SMALL = 40_000  # cells of a table that is held as a whole
SAMPLE = 600  # cases that the guess of prices looks at
ROUNDS = 50
WARM, COLD = 1.0, 0.02  # the spread of a case over experts at the first and the last round, by that of the affinities
OVER = 1.9  # of a step: nearly twice what the round asks for, so that a price goes far where all want the same
BEST = 8  # cells of a case, beside those it needs
CHANCE = 3  # cells of a case by lot: they keep a program solvable where the best cells are everybody's
APART = 1e-3  # what tells equal affinities apart at most, in units of the largest
BARRED = -4.0  # affinities are within [-1, 1]


def first_cells(p: Problem, pull: Floats, rng: np.random.Generator) -> Bools:
    """Return the cells to begin with: the best of each case and of each expert by guessed prices, and some by lot."""
    n, m = pull.shape
    if pull.size <= SMALL:
        return p.free
    worth = np.where(p.free, pull, BARRED)
    worth -= guessed_prices(worth, p, rng)
    of_case = min(m, int(p.demand.max()) + BEST)
    cells = worth >= _nth_best(worth, of_case, 1)
    ahead = worth - _nth_best(worth, min(m, int(p.demand.max()) + 1), 1)
    cells |= ahead >= _nth_best(ahead, min(n, 2 * int(p.high.max(initial=0)) + 1), 0)
    cells[np.arange(n)[:, None], rng.integers(0, m, (n, CHANCE))] = True
    return np.asarray((cells | p.kept) & p.free)


def _nth_best(table: Floats, place: int, axis: int) -> Floats:
    return np.take(np.partition(table, -place, axis=axis), [-place], axis=axis)


def guessed_prices(worth: Floats, p: Problem, rng: np.random.Generator) -> Floats:
    """Guess what a place with each expert is worth: raised where more cases would come than the expert takes, until few would.

    Each case spreads its demand over the experts by the exponents of what is left of their worth, ever more sharply.
    """
    n, m = worth.shape
    some = rng.permutation(n)[:SAMPLE]
    table, demand, room = worth[some], p.demand[some], np.maximum(p.high * (len(some) / n), 0.5)
    high, middle = np.percentile(table[:: max(1, len(some) // 200)], [99, 50])
    spread = max(float(high - middle), 1e-6)
    prices, heat = np.zeros(m), WARM * spread
    for _ in range(ROUNDS):
        left = table - prices
        left -= left.max(axis=1, keepdims=True)
        share = np.exp(np.maximum(left / heat, -50.0))
        share *= (demand / share.sum(axis=1))[:, None]
        load = np.minimum(share, 1.0).sum(axis=0)
        prices = np.maximum(0.0, prices + OVER * heat * np.log(np.maximum(load, 1e-3) / room))
        heat *= (COLD / WARM) ** (1 / ROUNDS)
    return prices


def told_apart(p: Problem, rng: np.random.Generator) -> Floats:
    """Return the affinities, and where few of them differ with something added by lot: equal cells cost a solver most."""
    seen: Ints = rng.integers(0, p.affinity.size, min(p.affinity.size, 4_000))
    values = p.affinity.ravel()[seen]
    if p.affinity.size <= SMALL or len(np.unique(values)) > len(values) // 2:
        return p.affinity
    return p.affinity + APART * rng.random(p.affinity.shape)
