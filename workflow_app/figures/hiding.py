"""What may be told to those outside the centre: no number of fewer than five people, and none from which one could be reckoned.

A number is a sum over groups (the cells of a cube). Numbers are allowed one after another; one is refused when, with those that
are allowed already, a protected number could be had from them by adding and taking away, in whatever table they stand. Groups of
nobody are told: there is nobody to be known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final

from workflow_app.figures.cube import Cube, Where

LEAST: Final = 5
"""People in the smallest group that may be told."""

Vector = dict[int, int]
_FIELD: Final = 2**61 - 1
"""The prime by which is reckoned: whole numbers are quicker than fractions. What can be had by fractions can be had so as well, unless
the prime divides one of their denominators; where it is the other way round, a number is hidden that need not be."""


def allowed(cube: Cube, wanted: Sequence[Where]) -> frozenset[Where]:
    """Return which of the wanted numbers may be told together; the first ones are preferred."""
    return _allowed(cube, tuple(wanted))


@lru_cache(16)
def _allowed(cube: Cube, wanted: tuple[Where, ...]) -> frozenset[Where]:
    """Return the same; a cube is kept as long as nothing is done (``facts.figures``), and so is what may be told of it."""
    groups = {one: cube.atoms(one) for one in dict.fromkeys(wanted)}
    people = {one: len({cube.cells[at].person for at in places}) for one, places in groups.items()}
    kinds = _alike(groups.values())
    vectors = {one: _vector(places, kinds) for one, places in groups.items()}
    told = {one for one, many in people.items() if many == 0}
    system = _Told([vectors[one] for one, many in people.items() if 0 < many < LEAST])
    return frozenset(told | {one for one in vectors if people[one] >= LEAST and system.tell(vectors[one])})


def _alike(groups: Iterable[frozenset[int]]) -> Mapping[int, int]:
    """Return for each place the one that stands for it: places that are always in the same numbers are one unknown."""
    seen: dict[int, list[int]] = {}
    for number, places in enumerate(groups):
        for at in places:
            seen.setdefault(at, []).append(number)
    first: dict[tuple[int, ...], int] = {}
    return {at: first.setdefault(tuple(numbers), at) for at, numbers in seen.items()}


def _vector(places: frozenset[int], kinds: Mapping[int, int]) -> Vector:
    return dict.fromkeys({kinds[at] for at in places}, 1)


class _Told:
    """The numbers told so far as a basis in steps, and what is left of each protected number when they are taken away."""

    def __init__(self, protected: Iterable[Vector]) -> None:
        self.basis: dict[int, Vector] = {}
        self.protected = [dict(one) for one in protected]

    def tell(self, number: Vector) -> bool:
        """Tell a number unless a protected one could be reckoned then; return whether it was told."""
        rest = self._without(number)
        if not rest:
            return True  # it can be reckoned from what is told
        step = min(rest)
        scale = pow(rest[step], -1, _FIELD)
        rest = {at: value * scale % _FIELD for at, value in rest.items()}
        after = [_taken(one, rest, step) for one in self.protected]
        if not all(after):
            return False
        self.protected = after
        self.basis[step] = rest
        return True

    def _without(self, number: Vector) -> Vector:
        rest = dict(number)
        while steps := [step for step in rest if step in self.basis]:
            step = min(steps)
            rest = _taken(rest, self.basis[step], step)
        return rest


def _taken(one: Vector, other: Vector, step: int) -> Vector:
    """Return ``one`` without so much of ``other``, which is 1 at the step, that nothing is left there."""
    if step not in one:
        return one
    times, found = one[step], dict(one)
    for at, value in other.items():
        left = (found.get(at, 0) - times * value) % _FIELD
        if left:
            found[at] = left
        else:
            found.pop(at, None)
    return found
