"""How near two texts are: the angle between their stems, the rare ones counting more than those that stand everywhere. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from math import log, sqrt
from typing import Final

from workflow_app.stemming import STEM

Vector = Mapping[str, float]
"""A text as a direction: stem to weight, of length 1; an empty one is near nothing."""
_SHORT: Final = 3  # letters of a stem that says something


def stems(tokens: str) -> frozenset[str]:
    """Return the stems among the tokens that ``stemming.tokens_of`` makes of a text, without the short ones."""
    return frozenset(one for one in tokens.split() if one.startswith(STEM) and len(one) > _SHORT)


class Corpus:
    """The texts that are compared with each other: they tell which stems are rare among them."""

    def __init__(self, texts: Iterable[frozenset[str]]) -> None:
        every = [one for one in texts if one]
        seen = Counter(stem for one in every for stem in one)
        self._weights = {stem: log((1 + len(every)) / (1 + many)) + 1 for stem, many in seen.items()}

    def vector(self, *texts: frozenset[str]) -> Vector:
        """Return some texts as one direction; a stem that stands in more of them counts more."""
        counted = Counter(stem for one in texts for stem in one)
        found = {stem: many * self._weights[stem] for stem, many in counted.items() if stem in self._weights}
        length = sqrt(sum(one * one for one in found.values()))
        return {stem: one / length for stem, one in found.items()} if length else {}


def nearness(one: Vector, other: Vector) -> float:
    """Return the cosine of two directions: 0, nothing in common, to 1, the same words."""
    less, more = sorted((one, other), key=len)
    return min(1.0, sum(weight * more[stem] for stem, weight in less.items() if stem in more))
