"""What a password has to be: long enough, and none of the first that anybody would guess. No rules of composition, no ageing.

ASVS 6.2 (security.md 6): at least 8 characters, 64 and many more accepted, any character, as typed. Refused: the common ones
(``data/weak_passwords.txt``), rows of keys, repetitions, words of the centre's work, the person's own names.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Collection, Iterable
from functools import cache

from workflow_app import data
from workflow_app.config import PASSWORD_MOST
from workflow_app.errors import N_, Sentence

LEAST, MOST = 8, PASSWORD_MOST  # characters; the upper bound only keeps a megabyte from being hashed
_AROUND, _AROUND_OWN = 5, 8  # digits and signs around a guessable word, around one of the centre's or the person's own
_DATE = re.compile(r"(0[1-9]|[12]\d|3[01])(0[1-9]|1[0-2])(19|20)\d\d|(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")
_DIFFERENT = 5  # different characters at least
_CHUNK = 3  # keys in a row at least, to count as a row
_TRACKS = (
    "01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./", "qwertzuiop", "azertyuiop",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/", "zaq1xsw2cde3vfr4bgt5nhy6mju7", "qazwsxedcrfvtgbyhnujmik,ol.p;/", "zaqxswcdevfrbgtnhymju",
    "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0", "1a2s3d4f5g6h7j8k9l", "a1s2d3f4g5h6j7k8l9", "qaswedrftgyhujikolp", "!@#$%^&*()",
    "абвгдеёжзийклмнопрстуфхцчшщъыьэюя", "йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю.", "1й2ц3у4к5е6н7г8ш9щ0з", "й1ц2у3к4е5н6г7ш8щ9з0",
    "йфяцычувскам",
)  # fmt: skip
_LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
_CYRILLIC = "йцукенгшщзхъфывапролджэячсмитьбюё"
_LEET = str.maketrans("013457@$!", "oieastasi")


def problems(password: str, own: Iterable[str] = ()) -> tuple[Sentence, ...]:
    """Return what is wrong with a new password; ``own`` are the person's names, login and address."""
    if len(password) < LEAST:
        return (N_("Пароль слишком короткий: нужно не меньше %(n)s знаков.", n=LEAST),)
    if len(password) > MOST:
        return (N_("Пароль слишком длинный: можно не больше %(n)s знаков.", n=MOST),)
    low = password.casefold()
    found = (
        (_is_pattern, N_("Такой пароль подбирают первым: это повтор или клавиши подряд.")),
        (_is_date, N_("Дата вместо пароля подбирается быстро: придумайте другой.")),
        (_is_common, N_("Такой пароль подбирают одним из первых: он слишком известный.")),
        (_is_own(own), N_("Пароль не должен состоять из вашего имени, логина или слов о центре и экспертизе.")),
    )
    return next(((words,) for test, words in found if test(low)), ())


def _is_pattern(low: str) -> bool:
    return len(set(low)) < _DIFFERENT or _is_repeated(low) or _is_row(low)


def _is_date(low: str) -> bool:
    return _DATE.fullmatch(low) is not None


def _is_common(low: str) -> bool:
    return _is_known(low, common(), _AROUND)


def _is_own(own: Iterable[str]) -> Callable[[str], bool]:
    words = context() | _parts(tuple(own))
    return lambda low: _is_known(low, words, _AROUND_OWN)


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
            section.update(line.casefold().split())
    return {name: frozenset(words) for name, words in found.items()}


def _parts(own: Collection[str]) -> frozenset[str]:
    words = {part for one in own for part in re.split(r"[\W_]+", one.casefold()) if len(part) >= 3}  # noqa: PLR2004 - initials are no words
    return frozenset(words | {one.casefold() for one in own if one})


def _is_repeated(low: str) -> bool:
    """Whether it is a shorter text over and over: «абваба…» counts as long as what repeats."""
    return any(len(low) % size == 0 and low == low[:size] * (len(low) // size) for size in range(1, LEAST))


def _is_row(low: str) -> bool:
    """Whether all but two characters lie in rows of keys, digits or letters, forwards or backwards."""
    place = loose = 0
    while place < len(low):
        run = max(_run(low, place, track) for track in _tracks())
        if run >= _CHUNK:
            place += run
        else:
            place, loose = place + 1, loose + 1
    return loose <= 2  # noqa: PLR2004 - as the docstring says


@cache
def _tracks() -> tuple[str, ...]:
    return (*_TRACKS, *(one[::-1] for one in _TRACKS))


def _run(text: str, place: int, track: str) -> int:
    size = 0
    while place + size < len(text) and text[place : place + size + 1] in track:
        size += 1
    return size


def _is_known(low: str, words: frozenset[str], around: int) -> bool:
    """Whether a known word, or two of them in a row, is all there is but a few digits and signs."""
    return any(_made_of(one, words, around) for one in {low, low.translate(_LEET), _other_layout(low)})


def _made_of(text: str, words: frozenset[str], around: int) -> bool:
    if text in words:
        return True
    letters = re.sub(r"[\W\d_]+", " ", text)
    bare = letters.replace(" ", "")
    if not bare or len(text) - len(bare) > around:
        return False
    bare = bare[: len(bare) // 2] if bare == bare[: len(bare) // 2] * 2 else bare
    return bare in words or _joined(bare, words)


def _joined(bare: str, words: frozenset[str]) -> bool:
    """Whether the letters are two known words of at least four letters: «ilovenatasha» is not twice as good."""
    return len(bare) < 2 * LEAST and any(bare[:cut] in words and bare[cut:] in words for cut in range(3, len(bare) - 2))


def _other_layout(low: str) -> str:
    latin, cyrillic = str.maketrans(_LATIN, _CYRILLIC), str.maketrans(_CYRILLIC, _LATIN)
    return low.translate(latin) if low.isascii() else low.translate(cyrillic)
