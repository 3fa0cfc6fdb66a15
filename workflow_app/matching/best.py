"""The best experts for many cases at once (ADR 41): the greatest total, or first the worst-served case as well as possible.

The arithmetic loads numpy and HiGHS, and only when somebody asks: a server starts without them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from workflow_app.matching.terms import Floor, Matching, Quota

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


def match(  # noqa: PLR0913 - the whole question; all but three are named
    affinity: ArrayLike,
    demand: ArrayLike,
    capacity: ArrayLike,
    *,
    barred: ArrayLike,
    floor: Floor = "maximin",
    quotas: Sequence[Quota] = (),
    kept: Sequence[tuple[int, int]] = (),
    seed: int,
) -> Matching:
    """Give every case its experts.

    ``affinity``: floats, cases x experts, in any unit, the greater the better; a case is served by the sum over its experts.
    ``demand``: how many experts each case wants. ``capacity``: (low, high) per expert, cases this time. ``barred``:
    booleans, cases x experts. ``quotas``: see :class:`Quota`. ``kept``: pairs (case, expert) that stay, barred or not.
    ``seed``: chooses among equally good answers; the same input and seed give the same answer.

    What cannot be met is left out with its reason: as many places as possible are filled first, then quotas, then low limits.
    Raises :class:`Unmatchable` where the input is malformed.
    """
    from workflow_app.matching.problem import problem  # noqa: PLC0415 - numpy and HiGHS: a server starts without them
    from workflow_app.matching.solve import solve  # noqa: PLC0415 - as above

    return solve(problem(affinity, demand, capacity, barred, quotas, kept), floor, seed)
