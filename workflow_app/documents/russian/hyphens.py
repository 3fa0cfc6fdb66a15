"""Where a long Russian word may be divided: a soft hyphen is seen only where a line ends at it.

The rules of school (Розенталь, § 117, in short): a part has a vowel and at least two letters, a consonant before a vowel goes over
with it, so that ь, ъ and й stay with what stands before them.
"""

from __future__ import annotations

import re
from typing import Final

SOFT: Final = "\N{SOFT HYPHEN}"
_VOWELS: Final = "аеёиоуыэюя"
_LETTER: Final = 2.3  # mm: a letter of a table's type, the broad ones among the narrow
_WHOLE: Final = re.compile(r"[^ \n-]+")  # what no line divides: a surname with its initials is one piece
_WORD: Final = re.compile("[А-Яа-яЁё]+")


def fitted(words: str, width: float) -> str:
    """The words with places to divide what is too long for a line of so many mm; the rest stays whole."""
    most = int(width / _LETTER)

    def piece(found: re.Match[str]) -> str:
        return found[0] if len(found[0]) <= most else _WORD.sub(lambda word: divided(word[0]), found[0])

    return _WHOLE.sub(piece, words)


def divided(word: str) -> str:
    """«кон<soft>тро<soft>ли<soft>ро<soft>вать»: the word with a soft hyphen at every place where it may be divided."""
    low = word.lower()
    vowels = [at for at, letter in enumerate(low) if letter in _VOWELS]
    if len(vowels) < 2:  # noqa: PLR2004 - one syllable
        return word
    places = [
        at
        for at in range(2, len(low) - 1)
        if low[at] not in _VOWELS + "ьъй" and low[at + 1] in _VOWELS and vowels[0] < at <= vowels[-1]
    ]
    return SOFT.join(word[begin:end] for begin, end in zip([0, *places], [*places, len(word)], strict=True))
