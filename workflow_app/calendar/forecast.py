"""Whether a step will be in time, by how long the same step took before: what is left of the history once it is past today. Pure.

No model and no weights: of the earlier steps that lasted at least as long as this one has, how many lasted past its term.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

ENOUGH: Final = 5
"""Fewer earlier steps tell nothing."""
_LIKELY: Final = 0.5
_MOST: Final = 0.8


@dataclass(frozen=True, slots=True)
class Forecast:
    """What the history says, in calendar days: of ``n`` steps half took at most ``median``, eight of ten at most ``most``.

    ``late``: the share of those that lasted as long as this one and went past its term; 1 when none lasted so long.
    """

    n: int
    median: int
    most: int
    allowed: int
    late: float

    @property
    def fails(self) -> bool:
        """Whether the step will more likely than not be late."""
        return self.late >= _LIKELY


def forecast(durations: Sequence[int], elapsed: int, allowed: int) -> Forecast | None:
    """Return the forecast of a step that runs for ``elapsed`` of the ``allowed`` days; None for too short a history, or over the term."""
    if len(durations) < ENOUGH or elapsed >= allowed:
        return None
    known = sorted(durations)
    alike = [one for one in known if one > elapsed]
    late = sum(one > allowed for one in alike) / len(alike) if alike else 1.0
    return Forecast(len(known), quantile(known, 0.5), quantile(known, _MOST), allowed, late)


def quantile(known: Sequence[int], share: float) -> int:
    """Return the least of sorted values that at least this share of them do not exceed; never one that was not there."""
    place = -(-len(known) * round(share * 100) // 100)
    return known[max(int(place), 1) - 1]
