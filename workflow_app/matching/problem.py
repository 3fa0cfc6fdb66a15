"""The assignment as arrays: checked once, and reckoned with by the rest of the package."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workflow_app.errors import N_, Sentence
from workflow_app.matching.terms import Quota, Unmatchable

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Ints32 = NDArray[np.int32]
Bools = NDArray[np.bool_]

LARGEST = 1e6  # of an affinity: beyond it sums of floats lose what the tolerances of the solver promise


@dataclass(frozen=True, slots=True)
class Problem:
    """``affinity`` and ``free`` (may take the case): cases x experts; ``demand``: cases; ``low``, ``high``: experts.

    Kept pairs are in ``kept`` (cases x experts) and always free.
    """

    affinity: Floats
    free: Bools
    demand: Ints
    low: Ints
    high: Ints
    kept: Bools
    quotas: tuple[Quota, ...] = ()

    @property
    def cases(self) -> int:
        """How many cases there are."""
        return int(self.affinity.shape[0])

    @property
    def experts(self) -> int:
        """How many experts there are."""
        return int(self.affinity.shape[1])


def problem(
    affinity: ArrayLike,
    demand: ArrayLike,
    capacity: ArrayLike,
    barred: ArrayLike,
    quotas: Sequence[Quota],
    kept: Sequence[tuple[int, int]],
) -> Problem:
    """Check what was given, or raise :class:`Unmatchable`. Arrays as :func:`workflow_app.matching.best.match` tells."""
    table = _floats(affinity)
    n, m = table.shape
    wanted = _whole(demand, (n,), N_("Сколько экспертов нужно делу: неверное число или число строк."))
    limits = _whole(_pairs(capacity, m), (m, 2), N_("Сколько дел берёт эксперт: неверное число или число строк."))
    if (limits[:, 0] > limits[:, 1]).any():
        raise Unmatchable(N_("Нижний предел нагрузки эксперта больше верхнего."))
    bars = np.asarray(barred)
    if bars.size == 0:
        bars = np.zeros((n, m), dtype=bool)
    if bars.shape != (n, m) or bars.dtype != np.bool_:
        raise Unmatchable(N_("Запреты должны быть таблицей «да — нет» того же размера, что и таблица близости."))
    held = np.zeros((n, m), dtype=bool)
    for case, expert in kept:
        if not (0 <= case < n and 0 <= expert < m):
            raise Unmatchable(N_("Закреплённая пара не из таблицы близости."))
        held[case, expert] = True
    if (held.sum(axis=1) > wanted).any() or (held.sum(axis=0) > limits[:, 1]).any():
        raise Unmatchable(N_("Закреплено больше, чем нужно делу или берёт эксперт."))
    for quota in quotas:
        _check_quota(quota, n, m)
    return Problem(table, ~bars | held, wanted, limits[:, 0].copy(), limits[:, 1].copy(), held, tuple(quotas))


def _floats(affinity: ArrayLike) -> Floats:
    try:
        table = np.asarray(affinity, dtype=np.float64)
    except (TypeError, ValueError) as failure:
        raise Unmatchable(N_("Таблица близости должна состоять из чисел.")) from failure
    if table.ndim != 2:  # noqa: PLR2004 - rows and columns
        raise Unmatchable(N_("Таблица близости должна иметь строки (дела) и столбцы (эксперты)."))
    if not np.isfinite(table).all() or (table.size and float(np.abs(table).max()) > LARGEST):
        raise Unmatchable(N_("В таблице близости есть не число или слишком большое число."))
    return table


def _pairs(capacity: ArrayLike, experts: int) -> ArrayLike:
    return np.zeros((0, 2), dtype=np.int64) if experts == 0 else capacity


def _whole(given: ArrayLike, shape: tuple[int, ...], sentence: Sentence) -> Ints:
    """Return whole numbers from 0, or raise :class:`Unmatchable` with the sentence."""
    try:
        numbers = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError) as failure:
        raise Unmatchable(sentence) from failure
    right = numbers.shape == shape and bool(np.isfinite(numbers).all())
    if not right or (numbers < 0).any() or (numbers != np.floor(numbers)).any():
        raise Unmatchable(sentence)
    return numbers.astype(np.int64)


def _check_quota(quota: Quota, cases: int, experts: int) -> None:
    inside = all(0 <= one < cases for one in quota.cases) and all(0 <= one < experts for one in quota.experts)
    if not inside or quota.least < 0:
        raise Unmatchable(N_("Квота называет дело или эксперта не из таблицы близости."))
