"""Words as a search compares them: the one place that knows about stems.

Pure. A searched text is kept as *tokens* between single spaces: of each word its form and, behind ``=``, its stem; of a number each
of its runs («АТ-2026-17»: ат, 2026, 17, ат_2026, 2026_17, ат_2026_17). Capitals, «ё», accents and letters that look alike in two
alphabets do not count. Any index that finds whole tokens and their beginnings gives the same hits (ADR 26).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, takewhile
from typing import Final

from workflow_app.spelling import comparable

WORDS_MOST: Final = 10  # of a question; what comes after them is not asked
LETTERS_MOST: Final = 60  # of a token
STEM: Final = "="  # stands before a stem, so that «Иванов», whose stem is «иван», is not every Иван
_RUN: Final = "_"  # between the pieces of a number
_PIECES_MOST: Final = 6  # of a number whose runs are kept
_AROUND: Final = 90  # characters of an excerpt on either side of what was found
# Letters and digits; a sign between them joins them to one number where one of them is a digit.
_WORD: Final = re.compile(r"[^\W_]+(?:[-‐‑–—−./\\][^\W_]+)*")  # noqa: RUF001 - dashes and the minus sign
_PIECE: Final = re.compile(r"\d+|[^\W\d_]+")
_OF_SURNAMES: Final = ("ов", "ев")
_CACHED: Final = 50_000


@lru_cache(_CACHED)
def stem_of(word: str) -> str:
    """Return the stem of a word that is :func:`comparable` already.

    «Иванов» looks like a plural and loses its end, «Иванову» does not: such a stem is taken once more, so that both have one.
    """
    from snowballstemmer import stemmer  # noqa: PLC0415 - all its languages: a server starts without them

    russian = stemmer("russian")  # of this call: one that threads share mixes up their words
    found: str = russian.stemWord(word)
    return str(russian.stemWord(found)) if found.endswith(_OF_SURNAMES) else found


def _pieces(text: str) -> Iterator[tuple[str, ...]]:
    """Yield the words of a text, each as its pieces: one for a plain word, several for a number."""
    return (pieces for found in _WORD.findall(comparable(text)) for pieces in _pieces_of(found))


def _pieces_of(word: str) -> tuple[tuple[str, ...], ...]:
    pieces = tuple(one[:LETTERS_MOST] for one in _PIECE.findall(word))
    return (pieces,) if any(one.isdecimal() for one in pieces) else tuple((one,) for one in pieces)


@lru_cache(_CACHED)
def _tokens_of(word: str, *, stems: bool) -> tuple[str, ...]:
    """Return the tokens of a word that is :func:`comparable` already: texts repeat their words."""
    return tuple(token for pieces in _pieces_of(word) for token in _tokens(pieces, stems=stems))


def _tokens(pieces: tuple[str, ...], *, stems: bool) -> Iterator[str]:
    many = len(pieces) if len(pieces) <= _PIECES_MOST else 1
    for size in range(1, many + 1):
        for first in range(len(pieces) - size + 1):
            yield _RUN.join(pieces[first : first + size])
    if stems:
        yield from (STEM + stem_of(one) for one in pieces if not one.isdecimal())


def tokens_of(text: str, names: Iterable[str] = ()) -> str:
    """Return the tokens of a text, each once, and of people's ``names`` («Иванова Анна Петровна»).

    Of a name only the surname has a stem: first names have few forms, and many are the stem of somebody's surname.
    """
    parts = [(text, True)]
    for name in names:
        surname, _, others = name.strip().partition(" ")
        parts += [(surname, True), (others, False)]
    found = (_tokens_of(word, stems=stems) for part, stems in parts for word in _WORD.findall(comparable(part)))
    return " ".join(dict.fromkeys(chain.from_iterable(found)))


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a question: a text has it that has the ``stem``, or the ``form``, or as ``begins`` a token that begins with it."""

    form: str
    stem: str = ""
    begins: bool = False

    def alternatives(self) -> Iterator[tuple[str, bool]]:
        """Yield the tokens one of which a text must have, each with whether its beginning is enough."""
        if self.stem:
            yield self.stem, False
        yield self.form, self.begins

    def is_in(self, tokens: str) -> bool:
        """Whether these tokens answer it: what an index says, in memory."""
        there = f" {tokens} "
        return any(f" {token}{'' if begins else ' '}" in there for token, begins in self.alternatives())


def question(words: str) -> tuple[Term, ...]:
    """Return what is asked: all of the words, in any form; the last one may be the beginning of a longer one.

    Signs mean nothing. A question without a letter or a digit is empty, and nothing answers it.
    """
    found: list[Term] = []
    every = list(_pieces(words))[:WORDS_MOST]
    for place, pieces in enumerate(every, 1):
        begins = place == len(every) and len("".join(pieces)) > 1
        whole = (_RUN.join(pieces),) if len(pieces) <= _PIECES_MOST else pieces
        stem = STEM + stem_of(pieces[0]) if len(pieces) == 1 and not pieces[0].isdecimal() else ""
        found += [Term(one, stem, begins and one == whole[-1]) for one in whole]
    return tuple(dict.fromkeys(found))


def answers(words: str, text: str) -> bool:
    """Whether a text answers a question: the search of lists that are in memory. An empty field asks for nothing."""
    if not words:
        return True
    asked, tokens = question(words), tokens_of(text)
    return bool(asked) and all(one.is_in(tokens) for one in asked)


Pieces = list[tuple[str, bool]]
"""A text in pieces, each with whether it is what was looked for."""


def marked(text: str, asked: Iterable[Term]) -> Pieces:
    """Return the text in pieces, with what answers the question marked."""
    found: Pieces = []
    last = 0
    for place in _answering(text, tuple(asked)):
        found += [(text[last : place.start()], False), (place[0], True)]
        last = place.end()
    return [one for one in (*found, (text[last:], False)) if one[0]]


def excerpt(text: str, asked: Iterable[Term]) -> Pieces:
    """Return the place of a text where most of the question stands first, marked; nothing when none of it stands there."""
    terms = tuple(asked)
    first = next(_answering(text, terms), None)
    if first is None:
        return []
    begin = max(0, first.start() - _AROUND)
    end = min(len(text), first.end() + 2 * _AROUND)
    begin += len("".join(takewhile(lambda one: not one.isspace(), text[begin : first.start()]))) if begin else 0
    shown = text[begin:end] if end == len(text) else text[begin:end].rsplit(None, 1)[0]
    found = marked(" ".join(shown.split()), terms)
    return [*([("… ", False)] if begin else []), *found, *([(" …", False)] if end < len(text) else [])]


def _answering(text: str, terms: tuple[Term, ...]) -> Iterator[re.Match[str]]:
    """Yield the words that answer; one that does not begin as something that is asked need not be looked at."""
    begins = {one.removeprefix(STEM)[:1] for term in terms for one, _ in term.alternatives()}
    for place in _WORD.finditer(text):
        if not begins.isdisjoint(_initials(place[0])):
            tokens = tokens_of(place[0])
            if any(one.is_in(tokens) for one in terms):
                yield place


@lru_cache(_CACHED)
def _initials(word: str) -> str:
    """Return the letters with which the pieces of a word begin, as they are compared: texts repeat their words."""
    return "".join(piece[0] for piece in _PIECE.findall(comparable(word)))
