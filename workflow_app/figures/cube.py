"""Cases summed by their sides: from it every number of the dashboard is taken, and nothing else is read for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from workflow_app.calendar.school_year import SEPTEMBER
from workflow_app.figures.sides import ALL, OPEN, STAGE_OF

Where = tuple[tuple[str, str], ...]
"""A condition: sides with their values, in the order of their names."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Cases that are alike on every side. ``month`` is «2026-11», "" for one of no compared year; ``person``: 0 where nobody asks."""

    type: str
    state: str
    turn: str
    due: str
    age: str
    month: str
    verdict: str
    appealed: bool
    count: int
    person: int = 0


def year_of(month: str) -> str:
    """Return the school year of a month by its first year: «2026» of «2027-03»."""
    if not month:
        return ""
    year, number = int(month[:4]), int(month[5:])
    return str(year if number >= SEPTEMBER else year - 1)


def _appeal(cell: Cell) -> tuple[str, ...]:
    if cell.state == "appealed":
        return ("any", "now")
    return ("any", "over") if cell.appealed else ()


SIDES: Final[Mapping[str, Callable[[Cell], tuple[str, ...]]]] = MappingProxyType({
    "type": lambda cell: (cell.type,), "state": lambda cell: (cell.state,),
    "stage": lambda cell: (ALL, STAGE_OF[cell.state]),
    "open": lambda cell: ("yes",) if STAGE_OF[cell.state] in OPEN else (),
    "turn": lambda cell: (cell.turn or "nobody",), "due": lambda cell: (cell.due,), "age": lambda cell: (cell.age,),
    "month": lambda cell: (cell.month,), "year": lambda cell: (year_of(cell.month),),
    "verdict": lambda cell: ("any", cell.verdict) if cell.verdict else (), "appeal": _appeal,
})  # fmt: skip
"""What a cell is on each side: the values under which it counts."""


def where(*parts: Mapping[str, str]) -> Where:
    """Return the condition that all parts make; what was submitted alone is counted, so a stage is always named."""
    found: dict[str, str] = {"stage": ALL}
    for one in parts:
        found |= one
    return tuple(sorted(found.items()))


class Cube:
    """Cells to be counted under conditions; each set of sides is summed once, at the first question."""

    def __init__(self, cells: Iterable[Cell]) -> None:
        self.cells = tuple(cells)
        self._sums: dict[tuple[str, ...], Counter[tuple[str, ...]]] = {}

    def count(self, condition: Where) -> int:
        """Return how many cases meet the condition."""
        names = tuple(name for name, _value in condition)
        if names not in self._sums:
            self._sums[names] = self._summed(names)
        return self._sums[names][tuple(value for _name, value in condition)]

    def _summed(self, names: tuple[str, ...]) -> Counter[tuple[str, ...]]:
        found: Counter[tuple[str, ...]] = Counter()
        for cell in self.cells:
            for key in _keys(cell, names):
                found[key] += cell.count
        return found

    def atoms(self, condition: Where) -> frozenset[int]:
        """Return the places of the cells that meet the condition: what a number is the sum of."""
        return frozenset(
            at for at, cell in enumerate(self.cells) if all(value in SIDES[name](cell) for name, value in condition)
        )

    def people(self, condition: Where) -> int:
        """Return how many people stand behind the cases that meet the condition."""
        return len({self.cells[at].person for at in self.atoms(condition)})


def _keys(cell: Cell, names: tuple[str, ...]) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = [()]
    for name in names:
        found = [(*key, value) for key in found for value in SIDES[name](cell)]
    return found
