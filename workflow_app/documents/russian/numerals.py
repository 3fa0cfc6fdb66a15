"""Numbers and dates in words, in the cases that documents need: «двадцати одному», «двадцать третьего ноября … года».

The forms are those of А. А. Зализняк's dictionary; the accusative is that of things, not of persons («два балла»).
"""

from __future__ import annotations

from datetime import date
from typing import Final, Literal

from workflow_app.documents.russian.grammar import MONTHS, Case, plural

Kind = Literal["m", "f", "n"]

MOST: Final = 999_999
_AT: Final = {"n": 0, "g": 1, "d": 2, "a": 3, "i": 4}
_ONE: Final = {
    "m": "один одного одному один одним",
    "f": "одна одной одной одну одной",
    "n": "одно одного одному одно одним",
}
_TWO: Final = {
    "m": "два двух двум два двумя",
    "f": "две двух двум две двумя",
    "n": "два двух двум два двумя",
}
_THREE: Final = "три трёх трём три тремя"
_FOUR: Final = "четыре четырёх четырём четыре четырьмя"
_ZERO: Final = "ноль нуля нулю ноль нулём"
# Third declension: the genitive and dative on -и, the instrumental on -ью; «восемь» loses its vowel.
_SOFT: Final = (
    *("пять", "шесть", "семь", "восемь", "девять", "десять", "одиннадцать", "двенадцать", "тринадцать", "четырнадцать"),
    *("пятнадцать", "шестнадцать", "семнадцать", "восемнадцать", "девятнадцать"),
)
_TENS: Final = {
    2: "двадцать двадцати двадцати двадцать двадцатью",
    3: "тридцать тридцати тридцати тридцать тридцатью",
    4: "сорок сорока сорока сорок сорока",
    5: "пятьдесят пятидесяти пятидесяти пятьдесят пятьюдесятью",
    6: "шестьдесят шестидесяти шестидесяти шестьдесят шестьюдесятью",
    7: "семьдесят семидесяти семидесяти семьдесят семьюдесятью",
    8: "восемьдесят восьмидесяти восьмидесяти восемьдесят восемьюдесятью",
    9: "девяносто девяноста девяноста девяносто девяноста",
}
_HUNDREDS: Final = {
    1: "сто ста ста сто ста",
    2: "двести двухсот двумстам двести двумястами",
    3: "триста трёхсот трёмстам триста тремястами",
    4: "четыреста четырёхсот четырёмстам четыреста четырьмястами",
    5: "пятьсот пятисот пятистам пятьсот пятьюстами",
    6: "шестьсот шестисот шестистам шестьсот шестьюстами",
    7: "семьсот семисот семистам семьсот семьюстами",
    8: "восемьсот восьмисот восьмистам восемьсот восемьюстами",
    9: "девятьсот девятисот девятистам девятьсот девятьюстами",
}
_THOUSAND: Final = (
    "тысяча тысячи тысяче тысячу тысячей",
    "тысячи тысяч тысячам тысячи тысячами",
    "тысяч тысяч тысячам тысяч тысячами",
)
# Stems of ordinals; the last one alone declines in «двадцать третьего».
_ORDINAL_UNITS: Final = (
    *("", "перв", "втор", "трет", "четвёрт", "пят", "шест", "седьм", "восьм", "девят", "десят", "одиннадцат"),
    *("двенадцат", "тринадцат", "четырнадцат", "пятнадцат", "шестнадцат", "семнадцат", "восемнадцат", "девятнадцат"),
)
_ORDINAL_TENS: Final = (
    *("", "", "двадцат", "тридцат", "сороков", "пятидесят", "шестидесят", "семидесят", "восьмидесят", "девяност"),
)
_ORDINAL_ENDS: Final = {"n": "ое", "g": "ого", "d": "ому", "a": "ое", "i": "ым"}
_THIRD_ENDS: Final = {"n": "ье", "g": "ьего", "d": "ьему", "a": "ье", "i": "ьим"}


def in_words(number: int, kind: Kind = "m", case: Case = "n") -> str:
    """A whole number from 0 to 999 999 in words; ``kind`` is the gender of what is counted («одна», «две»)."""
    if not 0 <= number <= MOST:
        raise ValueError(f"no words for {number}")
    if number == 0:
        return _ZERO.split()[_AT[case]]
    thousands, rest = divmod(number, 1000)
    found = []
    if thousands:
        found += _below_thousand(thousands, "f", case)
        found.append(plural(thousands, *_THOUSAND).split()[_AT[case]])
    return " ".join([*found, *_below_thousand(rest, kind, case)])


def _below_thousand(number: int, kind: Kind, case: Case) -> list[str]:
    at, rest = _AT[case], number % 100
    found = [_HUNDREDS[number // 100].split()[at]] if number >= 100 else []  # noqa: PLR2004 - hundreds
    if rest >= 20:  # noqa: PLR2004 - from here tens and units are two words
        found.append(_TENS[rest // 10].split()[at])
        rest %= 10
    return [*found, _unit(rest, kind, case)] if rest else found


def _unit(number: int, kind: Kind, case: Case) -> str:
    few = {1: _ONE[kind], 2: _TWO[kind], 3: _THREE, 4: _FOUR}
    if number in few:
        return few[number].split()[_AT[case]]
    word = _SOFT[number - 5]
    stem = "восьм" if word == "восемь" and case in {"g", "d"} else word[:-1]
    return {"g": f"{stem}и", "d": f"{stem}и", "i": f"{word}ю"}.get(case, word)


def day_in_words(value: date, case: Case = "g") -> str:
    """«двадцать третьего ноября две тысячи двадцать шестого года», as an act's first line says its day."""
    month = MONTHS[value.month - 1]
    return f"{_ordinal(value.day, case)} {month} {_ordinal(value.year, 'g')} года"


def _ordinal(number: int, case: Case) -> str:
    """An ordinal in the neuter (of a day) or, in the genitive, of a year: all but its last word stay as they are."""
    thousands, rest = divmod(number, 1000)
    before = []
    if thousands:
        if not rest:
            return f"{'' if thousands == 1 else _joined(thousands)}тысячн{_ORDINAL_ENDS[case]}"
        before.append(in_words(thousands * 1000) if thousands > 1 else "тысяча")
    if rest % 100 == 0:
        stem = "сот" if rest == 100 else f"{_HUNDREDS[rest // 100].split()[1]}"  # noqa: PLR2004 - the hundredth
        return " ".join([*before, f"{stem}{_ORDINAL_ENDS[case]}"])
    if rest >= 100:  # noqa: PLR2004 - hundreds
        before.append(_HUNDREDS[rest // 100].split()[0])
    small = rest % 100
    if small >= 20 and small % 10:  # noqa: PLR2004 - tens and units are two words
        before.append(_TENS[small // 10].split()[0])
        small %= 10
    stem = _ORDINAL_TENS[small // 10] if small >= 20 else _ORDINAL_UNITS[small]  # noqa: PLR2004 - as above
    return " ".join([*before, f"{stem}{(_THIRD_ENDS if stem == 'трет' else _ORDINAL_ENDS)[case]}"])


def _joined(thousands: int) -> str:
    """«двух» in «двухтысячного»."""
    return in_words(thousands, "m", "g").replace(" ", "")
