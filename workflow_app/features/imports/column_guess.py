"""Which column an unknown heading most probably stands over: by its words, and by what stands beneath it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Final

from workflow_app.facts.directory import plain
from workflow_app.features.imports.known_records import Known
from workflow_app.features.imports.table_kinds import Column
from workflow_app.stemming import stem_of

_ALIKE: Final = 0.8  # of a heading with a slip of the pen: «Должносьть»
_MOST: Final = 0.6  # of the different words of a column: so many tell what it is
_LOOKED_AT: Final = 12  # different words of a column that are looked at
_NEAR: Final = 0.9  # what a word counts that is not of a list but like one of it: «физика», «школа 4»
_PATRONYMIC: Final = re.compile(r".*(?:ич|вна|ична|оглы|кызы)", re.IGNORECASE)
_ALTERNATIVES: Final = re.compile(r"[/\\,;()|]| или ")
_DUMB: Final = frozenset({"да", "нет", "есть", "+", "-"})  # words that stand in a column of any kind


def guesses(
    columns: Sequence[Column], heads: Mapping[str, Sequence[str]], known: Known
) -> dict[str, str]:  # fmt: skip
    """Return the column that each heading most probably means; what nothing tells is absent.

    ``heads``: the unknown headings with their cells; ``columns``: those that no heading has yet. A column is guessed once: who
    has one of its very names comes first, then who has its words beneath it, then who is only called alike.
    """
    found: dict[str, str] = {}
    for told in (_named, _held, _called):
        for head, cells in heads.items():
            free = [one for one in columns if one.key not in found.values()]
            if head not in found and (column := told(free, head, cells, known)) is not None:
                found[head] = column.key
    return found


def _named(columns: Sequence[Column], head: str, _cells: Sequence[str], _known: Known) -> Column | None:
    """Return the column one of whose names is a part of the heading: «Школа/ОО»."""
    parts = {plain(one) for one in _ALTERNATIVES.split(head)} - {""}
    return next((one for one in columns if parts & {plain(title) for title in one.titles}), None)


def _held(columns: Sequence[Column], _head: str, cells: Sequence[str], known: Known) -> Column | None:
    """Return the column from whose list most of the words beneath the heading come; addresses and names tell by their look."""
    words = {text for text in _different(cells) if text.casefold() not in _DUMB}
    if not words:
        return None
    shares = [(_share(words, one, known), -at, one) for at, one in enumerate(columns)]
    best = max(shares, key=lambda found: found[:2], default=None)
    return best[2] if best is not None and best[0] >= _MOST else None


def _share(words: set[str], column: Column, known: Known) -> float:
    fit: float
    if column.key == "email":
        fit = sum("@" in one for one in words)
    elif column.key == "full_name":
        fit = sum(len(one.split()) > 1 and bool(_PATRONYMIC.fullmatch(one)) for one in words)
    elif column.widget == "list":
        fit = sum(_of_list(one.rstrip("."), column, known) for one in words)
    else:
        return 0
    return fit / len(words)


def _of_list(word: str, column: Column, known: Known) -> float:
    return 1 if known.meaning(word, column) else _NEAR if known.near(word, column) is not None else 0


def _different(cells: Iterable[str]) -> list[str]:
    return [*dict.fromkeys(one.strip() for one in cells if one.strip())][:_LOOKED_AT]


def _called(columns: Sequence[Column], head: str, _cells: Sequence[str], _known: Known) -> Column | None:
    """Return the column whose name has all the words of the heading, or the heading all of its, or that is written alike."""
    mine = {*_stems(head)}
    for one in columns:
        for title in one.titles:
            theirs = {*_stems(title)}
            if mine and theirs and (mine <= theirs or theirs <= mine):
                return one
    alike = [
        (SequenceMatcher(None, plain(head), plain(title)).ratio(), -at, one)
        for at, one in enumerate(columns)
        for title in one.titles
    ]
    best = max(alike, key=lambda found: found[:2], default=None)
    return best[2] if best is not None and best[0] >= _ALIKE else None


def _stems(words: str) -> Iterator[str]:
    return (stem_of(one) for one in re.findall(r"\w+", plain(words)) if len(one) > 2)  # noqa: PLR2004 - «на», «по» say nothing
