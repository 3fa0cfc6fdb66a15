"""Russian words in the forms that documents need: names, positions, numbers, dates, categories.

A person's own preference (``PersonName.overrides``) wins over the rules of ``names``. Positions, bodies and
organisations are never guessed: their forms are data.

Spaces: a no-break space stands inside initials with a surname, inside a date, between a number and its unit and after
the number sign, so that a line never ends there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from workflow_app.documents.russian.names import CASES, PARTICLES, Case, Gender, Part, forms, gender_of
from workflow_app.documents.russian.unconfirmed import CLOSE, OPEN, marked, unmarked

__all__ = [
    "BLANK_DAY",
    "CASES",
    "MONTHS",
    "NBSP",
    "Case",
    "Gender",
    "Organisation",
    "PersonName",
    "Position",
    "by_gender",
    "capitalised",
    "category",
    "counted",
    "day",
    "decimal",
    "forms",
    "moment",
    "numbered",
    "percent",
    "plural",
    "quoted",
    "short_day",
]

NBSP: Final = "\N{NO-BREAK SPACE}"
_TEENS: Final = range(11, 15)
MONTHS: Final = (
    *("января", "февраля", "марта", "апреля", "мая", "июня"),
    *("июля", "августа", "сентября", "октября", "ноября", "декабря"),
)


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person's name in the nominative.

    ``gender`` is taken from the patronymic when not given; when neither says it, the name is not declined.
    ``overrides`` maps a case to the full name («Фамилия Имя Отчество») that a person confirmed for it. An oblique form
    that nobody confirmed comes marked (``unconfirmed``).
    """

    last: str
    first: str
    middle: str = ""
    gender: Gender | None = None
    overrides: Mapping[Case, str] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        for name in ("last", "first", "middle"):
            object.__setattr__(self, name, " ".join(unmarked(getattr(self, name)).split()))
        object.__setattr__(self, "overrides", {case: unmarked(form) for case, form in self.overrides.items() if form})
        if self.gender is None:
            object.__setattr__(self, "gender", gender_of(self.middle))

    def full(self, case: Case = "n") -> str:
        """«Соколовой Ольги Викторовны» in the case asked for."""
        return self._as_known(case, self.declined(case))

    def declined(self, case: Case) -> str:
        """The same without a mark: the confirmed form, else the one by the rules."""
        if self.overrides.get(case):
            return self.overrides[case]
        at = CASES.index(case)
        return " ".join(forms(part, word, self.gender)[at] for part, word in self._parts() if word)

    def confirmed(self, case: Case) -> bool:
        """Whether nothing is guessed in this case."""
        return case == "n" or bool(self.overrides.get(case))

    def settled(self) -> PersonName:
        """The same name with every form confirmed as it stands."""
        return replace(self, overrides={case: self.declined(case) for case in CASES[1:]})

    def _as_known(self, case: Case, form: str) -> str:
        return form if self.confirmed(case) else marked(form)

    def short(self, case: Case = "n", *, surname_first: bool = False) -> str:
        """«О.В. Соколовой» as in a signature, or «Соколовой О.В.» as in an address and in running text."""
        initials, last = self._initials(), self._last(case)
        return self._as_known(case, NBSP.join(filter(None, (last, initials) if surname_first else (initials, last))))

    @property
    def called(self) -> str:
        """First name and patronymic, as in a salutation."""
        return f"{self.first} {self.middle}".strip()

    def _parts(self) -> tuple[tuple[Part, str], ...]:
        return (("last", self.last), ("first", self.first), ("middle", self.middle))

    def _last(self, case: Case) -> str:
        if self.overrides.get(case):
            return " ".join(self.overrides[case].split()[: len(self.last.split())])
        return forms("last", self.last, self.gender)[CASES.index(case)]

    def _initials(self) -> str:
        words = [self.first, self.middle.split(" ")[0]]
        if "." in self.first:  # the name itself was given as initials, «О.В.»
            return self.first.replace(" ", "")
        return "".join("-".join(f"{piece[0].upper()}." for piece in _halves(word)) for word in words if word)


def _halves(word: str) -> list[str]:
    """«Анна-Мария» gives two initials; «Эльдар-оглы» gives one."""
    pieces = [piece for piece in word.split("-") if piece]
    return [piece for piece in pieces if piece.lower() not in PARTICLES] or pieces[:1]


@dataclass(frozen=True, slots=True)
class Position:
    """A position or a body in five stored forms: nominative, genitive, dative, accusative, instrumental.

    One that is not ``stored`` was typed by somebody: its oblique forms are marked to be checked.
    """

    n: str
    g: str
    d: str
    a: str
    i: str
    stored: bool = True

    def form(self, case: Case) -> str:
        """The stored form; of a position that is not in the list, marked."""
        found = {"n": self.n, "g": self.g, "d": self.d, "a": self.a, "i": self.i}[case]
        return found if self.stored or case == "n" else marked(found)


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation's name in the nominative and the genitive; the genitive is stored, never guessed."""

    n: str
    g: str


def by_gender(gender: Gender | None, masculine: str, feminine: str, neutral: str) -> str:
    """The word that agrees with a person; ``neutral`` when the gender is unknown."""
    return {"m": masculine, "f": feminine}.get(gender or "", neutral)


def plural(number: int, one: str, few: str, many: str) -> str:
    """The form of a noun after a whole number: 1 балл, 3 балла, 11 баллов."""
    tail = abs(number) % 100
    if tail in _TEENS:
        return many
    return {1: one, 2: few, 3: few, 4: few}.get(tail % 10, many)


def counted(number: Decimal | int, one: str, few: str, many: str) -> str:
    """A number with its noun: «21 балл», «62,5 балла» (a fraction always takes ``few``)."""
    value = Decimal(number)
    whole = value == value.to_integral_value()
    return f"{decimal(value)}{NBSP}{plural(int(value), one, few, many) if whole else few}"


def decimal(value: Decimal | int) -> str:
    """A number with a decimal comma, without idle zeros: «62,5», «40»."""
    text = f"{Decimal(value):f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


def percent(value: Decimal) -> str:
    """«82,7 %»: one decimal place always, because shares are rounded to 0.1."""
    return f"{value:.1f}".replace(".", ",") + f"{NBSP}%"


def day(value: date) -> str:
    """«23 ноября 2026 г.»; a line may end only between the month and the year."""
    return f"{value.day}{NBSP}{MONTHS[value.month - 1]} {value.year}{NBSP}г."


def short_day(value: date) -> str:
    """«23.11.2026»."""
    return f"{value:%d.%m.%Y}"


# A blank for a date put by hand.
BLANK_DAY: Final = f"«____»{NBSP}______________{NBSP}20___{NBSP}г."


def moment(value: datetime, zone: str) -> str:
    """«23 ноября 2026 г., 14:05 (ЕКБ)» for a moment already in the local zone, ``zone`` being its short name."""
    return f"{day(value.date())}, {value:%H:%M}{NBSP}({zone})"


def numbered(number: str) -> str:
    """«№ 45-од», or a blank to fill in by hand when there is no number yet."""
    return f"№{NBSP}{number or '______'}"


def quoted(text: str) -> str:
    """The text in «…»; marks inside it become „…“."""
    bare = text.strip()
    if bare.startswith(OPEN) and bare.endswith(CLOSE):
        return marked(quoted(unmarked(bare)))
    inner = bare[1:-1] if bare.startswith("«") and bare.endswith("»") and bare.count("«") == 1 else bare
    return "«" + inner.replace("«", "„").replace("»", "“") + "»"


def capitalised(text: str) -> str:
    """The text with its first letter in upper case, also where a marked form begins it."""
    at = 1 if text.startswith(OPEN) else 0
    return text[:at] + text[at : at + 1].upper() + text[at + 1 :]


def within(text: str) -> str:
    """A title of a list as it stands within a sentence: its first letter small, the capitals of its names kept."""
    return text[:1].lower() + text[1:]


_CATEGORIES: Final[Mapping[str, Position]] = {
    "first": Position(
        "первая квалификационная категория",
        "первой квалификационной категории",
        "первой квалификационной категории",
        "первую квалификационную категорию",
        "первой квалификационной категорией",
    ),
    "highest": Position(
        "высшая квалификационная категория",
        "высшей квалификационной категории",
        "высшей квалификационной категории",
        "высшую квалификационную категорию",
        "высшей квалификационной категорией",
    ),
}
_TITLES: Final = {"methodist": "педагог-методист", "mentor": "педагог-наставник"}


def category(key: str, case: Case = "n") -> str:
    """A qualification category's name: «высшей квалификационной категории», «квалификационную категорию «…»» (R1).

    Keys: ``first``, ``highest``, ``methodist``, ``mentor``; any other is a KeyError, for there are no other categories.
    """
    if key in _CATEGORIES:
        return _CATEGORIES[key].form(case)
    noun = {"n": "категория", "a": "категорию", "i": "категорией"}.get(case, "категории")
    adjective = {"n": "квалификационная", "a": "квалификационную"}.get(case, "квалификационной")
    return f"{adjective} {noun} {quoted(_TITLES[key])}"
