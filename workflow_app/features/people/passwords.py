"""What a password has to be: long enough, and not one that is guessed early. No rules of composition, no ageing.

ASVS 6.2 (security.md 6): at least 8 characters, 64 and many more accepted, any character, as typed. How many guesses it stands
is estimated by zxcvbn (words, keyboard walks, repeats, sequences, dates, letters replaced by digits), with our own words beside
its lists (``data/weak_passwords.txt``), in both keyboard layouts (the ADR on logging in).
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache

from workflow_app import data
from workflow_app.config import PASSWORD_MOST
from workflow_app.errors import N_, Sentence

LEAST, MOST = 8, PASSWORD_MOST  # characters; the upper bound only keeps a megabyte from being hashed
# Guesses. Eight random characters stand 10⁸; by a throttled login nobody makes a hundredth of what is enough.
ENOUGH = 10**7
_ENOUGH_OWN = 10**8  # of a password with words that whoever aims at this very person tries first
_WORD = 10**4  # guesses of a text that is one known word, row or date, however it is written
_LOOKED_AT = 40  # characters, the last: the estimate takes time that grows with the length
# So many digits and signs make no better word, and no better one of the person's own or of the centre's.
_AROUND, _AROUND_OWN = 5, 8
_LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
_CYRILLIC = "йцукенгшщзхъфывапролджэячсмитьбюё"
_TO_CYRILLIC, _TO_LATIN = str.maketrans(_LATIN, _CYRILLIC), str.maketrans(_CYRILLIC, _LATIN)
# Digits, signs and Latin letters in place of Russian ones; zxcvbn undoes the same for Latin.
_DISGUISED = str.maketrans("0@34619$!aceopxykmht", "оазчблясиасеорхукмнт")
_COMMON = N_(
    "Такой пароль подбирают одним из первых: известное слово, клавиши подряд, повтор или дата, пусть и с заменой букв."
)
_OWN = N_("Пароль не должен состоять из вашего имени, логина или слов о центре и экспертизе.")
Dictionaries = Mapping[str, Mapping[str, int]]


def problems(password: str, own: Iterable[str] = ()) -> tuple[Sentence, ...]:
    """Return what is wrong with a new password; ``own`` are the person's names, login and address."""
    if len(password) < LEAST:
        return (N_("Пароль слишком короткий: нужно не меньше %(n)s знаков.", n=LEAST),)
    if len(password) > MOST:
        return (N_("Пароль слишком длинный: можно не больше %(n)s знаков.", n=MOST),)
    low = _plain(password)[-_LOOKED_AT:]
    if _is_guessed(low, _known(), ENOUGH, _AROUND):
        return (_COMMON,)
    words = _ranked(context() | _parts(tuple(own)))
    return (_OWN,) if _is_guessed(low, {**_known(), "own": words}, _ENOUGH_OWN, _AROUND_OWN) else ()


def _is_guessed(low: str, known: Dictionaries, enough: int, around: int) -> bool:
    """Whether the text is guessed too early, or the word inside its digits and signs is, read in one way or another."""
    texts = [(low, enough), *((core, _WORD) for core in _cores(low, around))]
    return any(guesses(reading, known) < least for text, least in texts for reading in _readings(text))


def guesses(text: str, known: Dictionaries) -> float:
    """Return after how many guesses the text is found by who tries likely ones first."""
    from zxcvbn import matching, scoring  # noqa: PLC0415 - 13 MB of words: a server starts without them

    found = scoring.most_guessable_match_sequence(text, matching.omnimatch(text, known))
    return float(found["guesses"])


def _readings(low: str) -> Iterator[str]:
    """Yield the text as typed, as typed in the other layout, and with Russian letters where others stand for them."""
    yield low
    if low.isascii():
        yield low.translate(_TO_CYRILLIC)
    else:
        yield low.translate(_TO_LATIN)
        yield low.translate(_DISGUISED)


def _cores(text: str, around: int) -> Iterator[str]:
    """Yield what is left without the digits and signs behind, and without those before too, when these are few."""
    behind = re.sub(r"[\W\d_]+$", "", text)
    for core in (behind, re.sub(r"^[\W\d_]+", "", behind)):
        if len(core) > 3 and 0 < len(text) - len(core) <= around:  # noqa: PLR2004 - three letters are no word
            yield core


@cache
def _known() -> Dictionaries:
    """Return zxcvbn's lists and ours. Ours are given to it once: it looks into its own when a text repeats."""
    from zxcvbn import matching  # noqa: PLC0415 - as above

    matching.add_frequency_lists({"russian": sorted(common())})
    return dict(matching.RANKED_DICTIONARIES)


def _ranked(words: Iterable[str]) -> dict[str, int]:
    return {word: place for place, word in enumerate(sorted(words), 1)}


@cache
def common() -> frozenset[str]:
    """Return the common words."""
    rude = (codecs.decode(one, "rot13") for one in _sections()["rude"])
    return _sections()["common"] | frozenset(rude)


@cache
def context() -> frozenset[str]:
    """Return the words of the centre's own work."""
    return _sections()["context"]


@cache
def _sections() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    section: set[str] = set()
    for line in data.text("weak_passwords.txt").splitlines():
        if named := re.fullmatch(r"\[(\w+)\]", line.strip()):
            section = found.setdefault(named[1], set())
        elif not line.startswith("#"):
            section.update(_plain(line).split())
    return {name: frozenset(words) for name, words in found.items()}


def _plain(text: str) -> str:
    return text.casefold().replace("ё", "е")


def _parts(own: Collection[str]) -> frozenset[str]:
    words = {part for one in own for part in re.split(r"[\W_]+", _plain(one)) if len(part) >= 3}  # noqa: PLR2004 - initials are no words
    return frozenset(words | {_plain(one) for one in own if one})
