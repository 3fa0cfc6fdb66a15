"""The words of the best assignment: what may be demanded of it, and what it answers with. Data only, no arithmetic.

Cases and experts are told by their places in the table of affinities: rows and columns, from 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from workflow_app.errors import WorkflowError

Floor = Literal["maximin"] | None
"""``maximin``: first the worst-served case, then the total; ``None``: the total alone."""


class Unmatchable(WorkflowError):
    """The table, the demands or the limits contradict themselves (shapes, numbers that are none): nothing can be reckoned."""


@dataclass(frozen=True, slots=True)
class Quota:
    """At least ``least`` of these ``experts`` in each of these ``cases``: one outside expert, one methodologist."""

    cases: tuple[int, ...]
    experts: tuple[int, ...]
    least: int = 1


class Why(StrEnum):
    """Why another expert is not in the case instead of the one who is."""

    WEAKER = "weaker"  # suits the case less, or as well
    BARRED = "barred"
    FULL = "full"  # has as many cases as they take
    QUOTA = "quota"  # the place is kept for those of a quota
    LOWER = "lower"  # who has the place must have so many cases
    KEPT = "kept"  # the place was given before
    OPEN = "open"  # nothing forbids it: the answer is not proven best


@dataclass(frozen=True, slots=True)
class Alternative:
    """An expert who is not in the case: how well they would suit it, and why they are not in it."""

    expert: int
    affinity: float
    why: Why


@dataclass(frozen=True, slots=True)
class Pair:
    """One expert for one case.

    ``rank``: 1 where nobody who may take the case suits it better. ``alternatives``: the few best of those who are not
    in the case, the barred among them, the best first.
    """

    case: int
    expert: int
    affinity: float
    rank: int
    alternatives: tuple[Alternative, ...] = ()


class Lack(StrEnum):
    """What could not be met."""

    DEMAND = "demand"  # experts for a case
    QUOTA = "quota"  # experts of a quota in a case
    LOWER = "lower"  # cases for an expert


class Cause(StrEnum):
    """Why it could not be met."""

    FEW = "few"  # too few are there who may: the others are barred
    FULL = "full"  # those who may are in other cases
    PLACES = "places"  # the demands of the cases leave no place


@dataclass(frozen=True, slots=True)
class Unmet:
    """``place``: the case, or the expert of ``LOWER``; ``quota``: which one; ``able``: how many there are who may."""

    lack: Lack
    place: int
    asked: int
    given: int
    able: int
    cause: Cause
    quota: int | None = None


@dataclass(frozen=True, slots=True)
class Matching:
    """The pairs (by case, then by expert), what they are worth and how much better anything else could be.

    ``objective`` and ``bound``: the total of affinities, and what no assignment exceeds that meets as much and serves its worst
    case as well. ``worst`` and ``worst_bound``: the same of the case that is served worst (``worst_case``), among cases
    that somebody may take; ``None`` where there is no such case. A bound equal to its figure is a proof.
    """

    floor: Floor
    pairs: tuple[Pair, ...]
    objective: float
    bound: float
    worst: float | None
    worst_bound: float | None
    worst_case: int | None
    unmet: tuple[Unmet, ...] = ()

    @property
    def gap(self) -> float:
        """How far the total may be from the best, as a share of the bound."""
        return _gap(self.objective, self.bound)

    @property
    def worst_gap(self) -> float:
        """How far the service of the worst case may be from the best, as a share of its bound; 0 where it is not asked for."""
        if self.floor is None or self.worst is None or self.worst_bound is None:
            return 0.0
        return _gap(self.worst, self.worst_bound)


def _gap(reached: float, bound: float) -> float:
    return max(0.0, bound - reached) / max(abs(bound), 1e-9)
