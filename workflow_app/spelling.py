"""How typed text is kept, counted, compared and ordered: the one place that knows about letters.

Pure. Sheets clean and count with it, searches compare numbers with it, and the rows keep its keys (``db.models``), so
that a list has one order on every database: that of Russian dictionaries, with numbers as numbers.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# Directions of writing, and signs that have no width: a text of them alone would look empty.
_UNSEEN: Final = dict.fromkeys(
    [*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C, 0x00AD, 0x200B, 0x2060, 0xFEFF]
)
# What ends a line: Word puts a vertical tab into the clipboard for Shift+Enter, a form feed for a new page.
_LINE_ENDS: Final = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_SPACE_AROUND_LINE_END: Final = re.compile(r"[ \t]*[\n\t]+[ \t]*")
_NOT_STORED: Final = frozenset({"Cc", "Cs", "Cn"})
# Marks stand on a letter and are counted with it; the four letters below are drawn as nothing, and so is the empty Braille.
_UNCOUNTED: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Me"})
_BLANKS: Final = dict.fromkeys(map(ord, "\u2800\u3164\u115f\u1160\uffa0"))

_WORD: Final = re.compile(r"[^\W\d_]+")
_ROMAN: Final = re.compile(r"[IVXLCDM]+")
_LOOK_ALIKE: Final = dict(zip("abcehkmoptxy", "авсенкмортху", strict=True))  # as capitals: B is В, H is Н
_LATIN: Final = re.compile(r"[A-Za-z]")
_RUSSIAN: Final = re.compile(r"[А-Яа-яЁё]")

_FOLDED: Final = str.maketrans(_LOOK_ALIKE | {"ё": "е", "−": "-", "⁃": "-"})  # noqa: RUF001 - the minus sign
# Letters of other languages of the country and its neighbours stand beside the Russian ones they come from.
_NEIGHBOURS: Final = str.maketrans("ёіїєґўәөүұқғңһҗ", "еииегуаоуукгнхж")
_TOKEN: Final = re.compile(r"[^\W\d_]+|\d+")
_INSIDE, _BETWEEN = "-", " "  # between words of one part, and between parts: in this order before digits and letters


def clean(text: str) -> str:
    r"""Make typed text storable: NFC, ``\n`` ends, no control, direction or invisible characters, no outer spaces."""
    text = _LINE_ENDS.sub("\n", text).translate(_UNSEEN)
    kept = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in _NOT_STORED)
    return unicodedata.normalize("NFC", kept).strip()


def one_line(text: str) -> str:
    """Return cleaned text with its line breaks and tabs turned into single spaces."""
    return _SPACE_AROUND_LINE_END.sub(" ", text)


def visible(text: str) -> int:
    """Count what a reader sees: a run of spaces as one, nothing for what is drawn as nothing."""
    seen = "".join(c for c in text.translate(_BLANKS) if c.isspace() or unicodedata.category(c) not in _UNCOUNTED)
    return len(" ".join(seen.split()))


def latin_inside(text: str) -> tuple[str, str] | None:
    """Return the first word in which Latin letters stand for Russian ones, and those letters; None when there is none.

    Such a word mixes both alphabets, or has two and more Latin letters that all look Russian («CEPA»), Roman numbers apart.
    """
    for word in _WORD.findall(text):
        latin = _LATIN.findall(word)
        like = len(word) > 1 and all(one.lower() in _LOOK_ALIKE for one in word) and not _ROMAN.fullmatch(word)
        if latin and (like or _RUSSIAN.search(word)):
            return word, ", ".join(dict.fromkeys(latin))
    return None


def number_key(number: str) -> str:
    """Return a number as it is compared and searched: in whatever alphabet, with whatever dash, sign № and spaces."""
    bare = number.replace("№", "").translate(_UNSEEN)  # the sign first: NFKC makes «No» of it
    folded = unicodedata.normalize("NFKC", bare).casefold().translate(_FOLDED)
    return "".join("-" if unicodedata.category(c) == "Pd" else c for c in folded if not c.isspace())


def comparable(text: str) -> str:
    """Return words as a search compares them: small letters without accents, «ё» as «е», in whatever alphabet they were typed."""
    composed = unicodedata.normalize("NFKC", text.replace("№", " ").translate(_UNSEEN)).casefold().translate(_FOLDED)
    return _unmarked(composed)


def is_named(full_name: str, text: str) -> bool:
    """Tell whether a text names a person: the surname with the first name or its initial («Коваль Н. К.»), whatever stands between."""
    parts, words = comparable(full_name).split(), set(re.findall(r"[\w-]+", comparable(text)))
    return len(parts) > 1 and parts[0] in words and not words.isdisjoint({parts[1], parts[1][0]})


def _unmarked(text: str) -> str:
    """Return a text without the marks that stand on letters; a text has few letters, and mostly none of these."""
    return text.translate(dict.fromkeys(ord(one) for one in set(text) if unicodedata.category(one) == "Mn"))


def order_key(*parts: str) -> str:
    """Return by what a list is ordered, byte by byte: «ё» beside «е», № 2 before № 10, Иванова before Иванова-Петрова.

    Parts are compared one after the other (a surname whole before a first name); punctuation and case do not count.
    """
    return _BETWEEN.join(_INSIDE.join(_tokens(part)) for part in parts)


def _tokens(text: str) -> list[str]:
    folded = unicodedata.normalize("NFC", text).casefold().translate(_NEIGHBOURS)
    return [_numeral(one) if one.isdecimal() else one for one in _TOKEN.findall(_unmarked(folded))]


def _numeral(digits: str) -> str:
    """Return digits that compare as their number: the count of digits stands before them."""
    number = "".join(str(unicodedata.decimal(one)) for one in digits).lstrip("0") or "0"
    return f"{min(len(number), 99):02d}{number}"
