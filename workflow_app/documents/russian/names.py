"""How Russian names decline: the library ``pytrovich`` behind one function, and what it gets wrong.

The only importer of that library. A person's own preference is kept with the person and wins over everything here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final, Literal

from pytrovich.detector import PetrovichGenderDetector
from pytrovich.enums import Case as PetrovichCase
from pytrovich.enums import Gender as PetrovichGender
from pytrovich.enums import NamePart
from pytrovich.maker import PetrovichDeclinationMaker

from workflow_app.documents.russian.name_rules import mended, special

Case = Literal["n", "g", "d", "a", "i"]
Gender = Literal["m", "f"]
Part = Literal["last", "first", "middle"]

CASES: Final[tuple[Case, ...]] = ("n", "g", "d", "a", "i")

_PARTS: Final = {"last": NamePart.LASTNAME, "first": NamePart.FIRSTNAME, "middle": NamePart.MIDDLENAME}
_GENDERS: Final = {"m": PetrovichGender.MALE, "f": PetrovichGender.FEMALE}
_PETROVICH: Final[Mapping[Case, PetrovichCase]] = {
    "g": PetrovichCase.GENITIVE,
    "d": PetrovichCase.DATIVE,
    "a": PetrovichCase.ACCUSATIVE,
    "i": PetrovichCase.INSTRUMENTAL,
}

# Words inside a name that never change.
PARTICLES: Final = frozenset(
    {"аль", "бек", "бен", "ван", "гызы", "да", "де", "дер", "ди", "заде", "ибн", "кизи", "кызы", "оглу", "оглы"}
    | {"угли", "улы", "уулу", "фон", "эль"}
)
# Forepart of a double surname that is no surname by itself and does not decline (Розенталь, § 150).
_FOREPARTS: Final = PARTICLES | {
    *("абд", "абдул", "абдуль", "абу", "бар", "бонч", "вар", "грум", "демут", "кара", "кос", "лже", "мелик", "нур"),
    *("сан", "санта", "сен", "сент", "сквозник", "спасо", "тер", "топ", "тян"),
}
_TAILS: Final = frozenset({"заде", "оглы", "оглу", "кызы", "гызы", "кизи", "улы", "уулу", "угли"})
_INITIALS: Final = re.compile(r"(?:[А-ЯЁA-Z]\.)+")
_CYRILLIC: Final = re.compile(r"[А-Яа-яЁё'’-]+")


@lru_cache(maxsize=1)
def _maker() -> PetrovichDeclinationMaker:
    return PetrovichDeclinationMaker()


@lru_cache(maxsize=1)
def _detector() -> PetrovichGenderDetector:
    return PetrovichGenderDetector()


def gender_of(middle: str) -> Gender | None:
    """The gender that a patronymic shows («Ильич», «Ильинична», «Рашид-оглы», «Рашид кызы»), if it shows any."""
    if not middle.strip():
        return None
    found: object = _detector().detect(middlename=middle.strip().lower())  # type: ignore[no-untyped-call]  # its typing gap
    if found is PetrovichGender.MALE:
        return "m"
    return "f" if found is PetrovichGender.FEMALE else None


@lru_cache(maxsize=4096)
def forms(part: Part, word: str, gender: Gender | None) -> tuple[str, ...]:
    """The five forms of one part of a name, in the order of :data:`CASES`.

    Left as they are: initials, words with Latin letters, particles («фон», «оглы»), and every word when the gender is
    unknown. Words in capitals are declined in small letters and come back in capitals.
    """
    pieces = word.split(" ")
    turkic = part == "middle" and any(piece.lower() in PARTICLES for piece in pieces)
    if gender is None or turkic:
        return (word,) * len(CASES)
    small = PARTICLES if len(pieces) > 1 else frozenset()
    columns = zip(*(_word_forms(part, piece, gender, small) for piece in pieces), strict=True)
    return tuple(" ".join(column) for column in columns)


def library_forms(part: Part, word: str, gender: Gender) -> tuple[str, ...]:
    """The five forms of one word as the library alone gives them: what the rules of this product are measured against."""
    return (word, *(_decline(part, word, gender, case) for case in CASES[1:]))


def _word_forms(part: Part, word: str, gender: Gender, small: frozenset[str]) -> tuple[str, ...]:
    if not _CYRILLIC.fullmatch(word) or _INITIALS.fullmatch(word) or word.lower() in small or len(word) == 1:
        return (word,) * len(CASES)
    if word.isupper():
        return tuple(form.upper() for form in _word_forms(part, _title(word), gender, small))
    pieces = word.split("-")
    if len(pieces) == 1 or part == "middle":
        return _simple_forms(part, word, gender)
    return tuple("-".join(column) for column in zip(*_halves(part, pieces, gender), strict=True))


def _halves(part: Part, pieces: list[str], gender: Gender) -> Iterator[tuple[str, ...]]:
    """The forms of each part of a hyphenated word.

    Of a man's double first name the last part alone declines («Жан-Жака»); a surname before «-оглы», «-заде» does not.
    """
    last = pieces[-1].lower()
    for at, piece in enumerate(pieces, 1):
        fore = at < len(pieces)
        still = fore and (piece.lower() in _FOREPARTS or (part == "first" and gender == "m") or last in _TAILS)
        stays = still or not piece or last == "кыс" or (last in _TAILS and not fore)
        yield (piece,) * len(CASES) if stays else _simple_forms(part, piece, gender)


def _simple_forms(part: Part, word: str, gender: Gender) -> tuple[str, ...]:
    low = word.lower()
    found = special(part, low, gender)
    if found is None:
        given = library_forms(part, word, gender)[1:]
        found = mended(low, tuple(form.lower() for form in given), gender)  # type: ignore[arg-type]  # four of them
    return (word, *(_like(word, form) for form in found))


def _decline(part: Part, word: str, gender: Gender, case: Case) -> str:
    return _maker().make(_PARTS[part], _GENDERS[gender], _PETROVICH[case], word)


def _title(word: str) -> str:
    return "-".join(piece.capitalize() for piece in word.split("-"))


def _like(pattern: str, form: str) -> str:
    """The form with the capital letters of the word it was made of («МакКой» keeps both)."""
    pairs = zip(pattern.lower(), form, strict=False)
    same = next((at for at, (old, new) in enumerate(pairs) if old != new), min(len(pattern), len(form)))
    return pattern[:same] + (form[same:].capitalize() if same == 0 and pattern[:1].isupper() else form[same:])
