"""Whether a form of a name can be this person's: as many words, each beginning as the card's word does.

It is no grammar: who confirms a form may know better than the rules how a name declines. It only tells a slip, or somebody
else's name, from an ending.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from workflow_app.documents.russian.grammar import PersonName
from workflow_app.documents.russian.names import PARTICLES
from workflow_app.errors import N_, Sentence

_STEM: Final = 3  # letters that no declension changes in a word long enough
_ENDING: Final = 3  # letters at the end that may change: «Огонь», «Огня»; of a short word, «Лев», all but the first


def unlike(name: PersonName, form: str) -> Sentence | None:
    """What is wrong with an oblique ``form`` of the full name; None when it can be this person's."""
    own, typed = list(_words(name)), form.split()
    if len(typed) != len(own):
        return N_("Слов должно быть столько же, сколько в имени: «%(name)s».", name=name.full())
    for (word, still), one in zip(own, typed, strict=True):
        known, said = _letters(word), _letters(one)
        stem = len(known) if still else max(1, min(_STEM, len(known) - _ENDING))
        if known[:stem] != said[:stem] or (still and known != said):
            return N_("«%(word)s» не похоже на «%(own)s».", word=one, own=word)
    return None


def _words(name: PersonName) -> Iterator[tuple[str, bool]]:
    """The words of the nominative, each with whether it never changes: «оглы», «фон» beside another word."""
    for part in (name.last, name.first, name.middle):
        words = part.split()
        yield from ((word, len(words) > 1 and word.lower() in PARTICLES) for word in words)


def _letters(word: str) -> str:
    """The letters alone, small, with ё as е."""
    return "".join(letter for letter in word.lower() if letter.isalpha()).replace("ё", "е")
