"""How near two texts are: the angle between their stems, the rare ones counting more than those that stand everywhere. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import chain
from math import log, sqrt
from typing import Final

from workflow_app.stemming import STEM

Vector = Mapping[str, float]
"""A text as a direction: stem to weight, of length 1, or what it has in common with some others; an empty one is near nothing."""
_SHORT: Final = 3  # letters of a stem that says something


def stems(tokens: str) -> frozenset[str]:
    """Return the stems among the tokens that ``stemming.tokens_of`` makes of a text, without the short ones."""
    return frozenset(one for one in tokens.split() if one.startswith(STEM) and len(one) > _SHORT)


class Readings:
    """What some readers have read, counted once for all that is compared with it later: texts, and by reader which, again each time.

    A stem weighs the more the fewer texts have it, of these and the compared ones together; what a reader has read adds up. For
    that not all is counted again: of a reader the stems that matter are looked at, and how long the whole is follows from three sums.
    """

    def __init__(self, texts: Mapping[int, frozenset[str]], read: Mapping[int, Iterable[int]]) -> None:
        self._seen = Counter(chain.from_iterable(texts.values()))
        self._many = sum(1 for one in texts.values() if one)
        self._read = {who: Counter(some) for who, some in read.items()}
        self._counts = {
            who: Counter(chain.from_iterable(texts[one] for one in some.elements() if one in texts))
            for who, some in self._read.items()
        }
        self.texts = frozenset(texts)
        rare = {stem: log(1 + many) for stem, many in self._seen.items()}
        self._lengths = {who: _sums(counts, rare) for who, counts in self._counts.items()}

    def beside(
        self, works: Mapping[int, frozenset[str]], known: Mapping[int, frozenset[str]]
    ) -> tuple[Mapping[int, Vector], Mapping[int, Vector]]:
        """Return the directions of some works and, of each reader, the stems of the direction that stand in one of the works.

        ``known``: of a work that is among the texts the stems that it has there; here it may have more.
        """
        more = {id_: stems - known[id_] if id_ in self.texts else stems for id_, stems in works.items()}
        added = Counter(chain.from_iterable(more.values()))
        new = sum(1 for id_, stems in works.items() if stems and not (id_ in self.texts and known[id_]))
        whole = log(1 + self._many + new) + 1
        weights = {
            stem: whole - log(1 + self._seen[stem] + added[stem]) for stem in frozenset[str]().union(*works.values())
        }
        before = {stem: whole - log(1 + self._seen[stem]) for stem in added}
        readers = {}
        for who, counts in self._counts.items():
            mine = {stem: counts[stem] for stem in weights.keys() & counts.keys()}
            for id_ in works.keys() & self._read[who]:
                mine |= {stem: mine.get(stem, 0) + self._read[who][id_] for stem in more[id_]}
            many, heavy, heavier = self._lengths[who]
            length = whole * whole * many - 2 * whole * heavy + heavier
            for stem in mine.keys() & before.keys():
                length += (mine[stem] * weights[stem]) ** 2 - (counts[stem] * before[stem]) ** 2
            readers[who] = _directed(mine, weights, length)
        return {id_: _directed(dict.fromkeys(stems, 1), weights) for id_, stems in works.items()}, readers


def _sums(counts: Mapping[str, int], rare: Mapping[str, float]) -> tuple[int, float, float]:
    """Return what the length of a direction is reckoned from, however many texts there are when it is asked for."""
    squares = [(many * many, rare[stem]) for stem, many in counts.items()]
    return (
        sum(many for many, _ in squares),
        sum(many * weight for many, weight in squares),
        sum(many * weight * weight for many, weight in squares),
    )


def _directed(counts: Mapping[str, int], weights: Mapping[str, float], square: float | None = None) -> Vector:
    found = {stem: many * weights[stem] for stem, many in counts.items()}
    length = sqrt(sum(one * one for one in found.values()) if square is None else max(square, 0.0))
    return {stem: one / length for stem, one in found.items()} if length else {}


def nearness(one: Vector, other: Vector) -> float:
    """Return the cosine of two directions: 0, nothing in common, to 1, the same words."""
    less, more = sorted((one, other), key=len)
    return min(1.0, sum(weight * more[stem] for stem, weight in less.items() if stem in more))
