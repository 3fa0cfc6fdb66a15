"""Why each pair, and why not what is missing: read from a finished assignment, not from how it was found."""

from __future__ import annotations

import numpy as np

from workflow_app.matching.problem import Bools, Ints, Problem
from workflow_app.matching.terms import Alternative, Cause, Lack, Pair, Unmet, Why

TOLD = 5  # alternatives of a pair
SAME = 1e-9


def pairs(problem: Problem, taken: Bools) -> tuple[Pair, ...]:
    """Return the pairs of the assignment (``taken``: cases x experts), each with its rank and its alternatives."""
    p, loads = problem, taken.sum(axis=0)
    told: list[Pair] = []
    for case in range(p.cases):
        row = p.affinity[case]
        others = np.flatnonzero(~taken[case])
        best = _best(row, others)
        free = np.where(p.free[case], row, -np.inf)
        for expert in np.flatnonzero(taken[case]).tolist():
            worth = row[expert]
            alternatives = tuple(
                Alternative(other, float(row[other]), _why(p, taken, loads, case, expert, other))
                for other in best.tolist()
            )
            rank = 1 + int((free > worth + SAME).sum())
            told.append(Pair(case, expert, float(worth), rank, alternatives))
    return tuple(told)


def _best(row: np.ndarray, others: Ints) -> Ints:
    """Return the few best of the others, the best first, by their places where they are equal."""
    if len(others) > TOLD:
        least = np.partition(row[others], len(others) - TOLD)[len(others) - TOLD]
        others = others[row[others] >= least]
    return others[np.argsort(-row[others], kind="stable")][:TOLD]


def _why(p: Problem, taken: Bools, loads: Ints, case: int, expert: int, other: int) -> Why:
    if not p.free[case, other]:
        return Why.BARRED
    if p.affinity[case, other] <= p.affinity[case, expert] + SAME:
        return Why.WEAKER
    if p.kept[case, expert]:
        return Why.KEPT
    if loads[other] >= p.high[other]:
        return Why.FULL
    if any(
        case in quota.cases
        and expert in quota.experts
        and other not in quota.experts
        and int(taken[case, list(quota.experts)].sum()) <= quota.least
        for quota in p.quotas
    ):
        return Why.QUOTA
    return Why.LOWER if loads[expert] <= p.low[expert] else Why.OPEN


def unmet(problem: Problem, taken: Bools) -> tuple[Unmet, ...]:
    """Return what the assignment leaves unmet, and why."""
    p, found = problem, list[Unmet]()
    able_of_case, able_of_expert = p.free.sum(axis=1), p.free.sum(axis=0)
    given_to_case, given_to_expert = taken.sum(axis=1), taken.sum(axis=0)
    for case in np.flatnonzero(given_to_case < p.demand).tolist():
        asked, given, able = int(p.demand[case]), int(given_to_case[case]), int(able_of_case[case])
        cause = Cause.FEW if given == able else Cause.FULL
        found.append(Unmet(Lack.DEMAND, case, asked, given, able, cause))
    for number, quota in enumerate(p.quotas):
        members = sorted(set(quota.experts))
        for case in sorted(set(quota.cases)):
            given, able = int(taken[case, members].sum()), int(p.free[case, members].sum())
            if given < quota.least:
                cause = Cause.FEW if given == able else _cause(p, taken, case, members)
                found.append(Unmet(Lack.QUOTA, case, quota.least, given, able, cause, number))
    for expert in np.flatnonzero(given_to_expert < p.low).tolist():
        asked, given, able = int(p.low[expert]), int(given_to_expert[expert]), int(able_of_expert[expert])
        cause = Cause.FEW if given == able else Cause.PLACES
        found.append(Unmet(Lack.LOWER, expert, asked, given, able, cause))
    return tuple(found)


def _cause(p: Problem, taken: Bools, case: int, members: list[int]) -> Cause:
    """Return why an expert of a quota is missing: all are in other cases, or the case has no place for one."""
    loads = taken.sum(axis=0)
    waiting = [one for one in members if p.free[case, one] and not taken[case, one]]
    return Cause.FULL if all(loads[one] >= p.high[one] for one in waiting) else Cause.PLACES
