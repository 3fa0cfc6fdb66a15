"""A value of an indicator: numerator, denominator, the very rows that were counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, Literal, NamedTuple

from workflow_app.errors import N_, Sentence, Words

Unit = Literal["percent", "count", "points"]
TENTH: Final = Decimal("0.1")
HUNDRED: Final = 100
NO_DATA: Final = N_("нет данных")
"""What stands for a value without a denominator, wherever it is told: never «0», never «0 из 0»."""


class Ref(NamedTuple):
    """A row that was counted: its kind, its number, the version it had."""

    kind: str
    id: int
    version: int


@dataclass(frozen=True, slots=True)
class Value:
    """What an indicator comes to over a period.

    ``percent``: ``numerator`` of ``denominator`` in hundredths; ``points``: the mean, a sum over how many; ``count``: the numerator
    alone. A denominator of nought or None is «нет данных», never 0. ``groups`` are numbers by words: a channel, a direction, a level;
    ``note`` says what else is to be told; ``paper`` is the document that the value was taken from, where people typed it.
    """

    unit: Unit
    numerator: Decimal | None
    denominator: Decimal | None = None
    rows: tuple[Ref, ...] = ()
    groups: Mapping[str, Decimal] = field(default_factory=dict)
    note: Sentence | None = None
    paper: str = ""
    typed: Decimal | None = None

    @property
    def number(self) -> Decimal | None:
        """Return the value in its unit, a percentage or a mean rounded half up to a tenth; None: there are no data."""
        if self.typed is not None:
            return self.typed
        if self.numerator is None:
            return None
        if self.unit == "count":
            return self.numerator
        if not self.denominator:
            return None
        part = self.numerator * (HUNDRED if self.unit == "percent" else 1) / self.denominator
        return part.quantize(TENTH, ROUND_HALF_UP)


def of_rows(
    unit: Unit,
    rows: tuple[Ref, ...],
    denominator: int | None = None,
    *,
    groups: Mapping[str, Decimal] | None = None,
    note: Sentence | None = None,
) -> Value:
    """Return the value whose numerator is the number of the rows."""
    down = None if denominator is None else Decimal(denominator)
    return Value(unit, Decimal(len(rows)), down, rows, groups or {}, note)


def parts(value: Value) -> Words | None:
    """Return of what a value was made, in words: «6 из 8», «12», «нет данных»; None: its paper told the value alone."""
    if value.number is None and not value.numerator:
        return NO_DATA
    if value.numerator is None:
        return None
    part = amount(value.numerator, "count")
    if value.denominator:
        whole = amount(value.denominator, "count")
        of = N_("%(part)s на %(whole)s", part=part, whole=whole)
        return of if value.unit == "points" else N_("%(part)s из %(whole)s", part=part, whole=whole)
    if value.number is None:
        return N_("%(part)s, знаменатель: нет данных", part=part)
    return part


def amount(number: Decimal, unit: Unit) -> str:
    """Return a number as people write it: «75,5 %», «12», «4,3»."""
    words = f"{number.normalize():f}".replace(".", ",")
    return f"{words}\N{NO-BREAK SPACE}%" if unit == "percent" else words
