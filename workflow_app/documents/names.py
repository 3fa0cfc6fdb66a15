"""How Russian names decline: the library ``pytrovich`` behind one function, and what it gets wrong.

The only importer of that library. A person's own preference is kept with the person and wins over everything here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final, Literal

from pytrovich.detector import PetrovichGenderDetector
from pytrovich.enums import Case as PetrovichCase
from pytrovich.enums import Gender as PetrovichGender
from pytrovich.enums import NamePart
from pytrovich.maker import PetrovichDeclinationMaker

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

# Men's surnames whose stem changes or whose ending the library misses: genitive (and accusative), dative, instrumental.
_SURNAMES: Final = {
    "борец": "борца борцу борцом",
    "воробей": "воробья воробью воробьём",
    "жнец": "жнеца жнецу жнецом",
    "заяц": "зайца зайцу зайцем",
    "козел": "козла козлу козлом",
    "козёл": "козла козлу козлом",
    "кузнец": "кузнеца кузнецу кузнецом",
    "лев": "льва льву львом",
    "мудрец": "мудреца мудрецу мудрецом",
    "муравей": "муравья муравью муравьём",
    "орел": "орла орлу орлом",
    "орёл": "орла орлу орлом",
    "осел": "осла ослу ослом",
    "осёл": "осла ослу ослом",
    "палец": "пальца пальцу пальцем",
    "перец": "перца перцу перцем",
    "соловей": "соловья соловью соловьём",
    "стрелец": "стрельца стрельцу стрельцом",
    "чернец": "чернеца чернецу чернецом",
    "щегол": "щегла щеглу щеглом",
}
# Women's first names on a soft sign that follow the third declension and that the library leaves as they are.
_THIRD_DECLENSION: Final = frozenset({"адель", "айгуль", "айсель", "асель", "гузель", "гюзель", "рузиль", "сабиль"})
# Words inside a name that never change.
PARTICLES: Final = frozenset(
    {"аль", "бек", "бен", "ван", "гызы", "да", "де", "дер", "ди", "заде", "ибн", "кизи", "кызы", "оглу", "оглы"}
    | {"угли", "улы", "фон", "эль"}
)
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
    columns = zip(*(_word_forms(part, piece, gender) for piece in pieces), strict=True)
    return tuple(" ".join(column) for column in columns)


def _word_forms(part: Part, word: str, gender: Gender) -> tuple[str, ...]:
    if not _CYRILLIC.fullmatch(word) or _INITIALS.fullmatch(word) or word.lower() in PARTICLES or len(word) == 1:
        return (word,) * len(CASES)
    if word.isupper():
        return tuple(form.upper() for form in _word_forms(part, _title(word), gender))
    own = _own_forms(part, word, gender)
    return own or (word, *(_decline(part, word, gender, case) for case in CASES[1:]))


def _own_forms(part: Part, word: str, gender: Gender) -> tuple[str, ...] | None:
    low = word.lower()
    if part == "last" and gender == "m" and low in _SURNAMES:
        genitive, dative, instrumental = (_like(word, form) for form in _SURNAMES[low].split())
        return (word, genitive, dative, genitive, instrumental)
    if part == "first" and gender == "f" and low in _THIRD_DECLENSION:
        return (word, f"{word[:-1]}и", f"{word[:-1]}и", word, f"{word}ю")
    return None


def _decline(part: Part, word: str, gender: Gender, case: Case) -> str:
    return _maker().make(_PARTS[part], _GENDERS[gender], _PETROVICH[case], word)


def _title(word: str) -> str:
    return "-".join(piece.capitalize() for piece in word.split("-"))


def _like(pattern: str, word: str) -> str:
    return word.capitalize() if pattern[:1].isupper() else word
