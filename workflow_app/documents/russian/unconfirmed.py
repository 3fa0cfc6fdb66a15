"""Forms of names and positions that nobody has confirmed: how such a form is marked from the grammar to the paper.

A form travels through phrases as a piece of a string, so the mark is in the string: two private-use characters around it.
``blocks.text`` turns them into runs that a renderer shows («проверьте»); whatever else takes words, takes them by
:func:`unmarked`. What people type is stripped of these characters where it enters a document's material.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from functools import cache
from operator import is_
from typing import Any, Final, TypeVar

OPEN, CLOSE = "\ue000", "\ue001"
_MARKS: Final = {ord(OPEN): None, ord(CLOSE): None}
_MARKED: Final = re.compile(f"{OPEN}([^{OPEN}{CLOSE}]*){CLOSE}")
# What stands at the foot of a document that has such forms.
NOTE: Final = "Выделены формы имён и должностей, которые никто не подтвердил: проверьте."

_T = TypeVar("_T")


def marked(words: str) -> str:
    """The words as a form to be checked; nothing stays nothing."""
    return f"{OPEN}{words}{CLOSE}" if words else words


def unmarked(words: str) -> str:
    """The words alone."""
    return words.translate(_MARKS) if OPEN in words or CLOSE in words else words


def pieces(words: str) -> Iterator[tuple[str, bool]]:
    """The words cut at the marks: each piece and whether it is to be checked; empty pieces are left out."""
    for at, piece in enumerate(_MARKED.split(words)):
        if said := unmarked(piece):
            yield said, bool(at % 2)


def each_text(value: _T, change: Callable[[str], str]) -> _T:
    """The same value with every string in it changed: in tuples and frozen dataclasses, however deep.

    What holds nothing to change is handed back as it is.
    """
    result: Any = value
    kind: Any = type(value)
    if kind is str:
        result = change(result)
    elif kind is tuple:
        found = [each_text(item, change) for item in result]
        result = result if all(map(is_, found, result)) else tuple(found)
    elif names := names_of(kind):
        changed = {}
        for name in names:
            old = getattr(value, name)
            if (new := each_text(old, change)) is not old:
                changed[name] = new
        result = replace(result, **changed) if changed else value
    return result  # type: ignore[no-any-return]  # the same type by construction


def forms_in(value: object) -> Iterator[str]:
    """The forms to be checked in a value, however deep: marked in strings, or texts that are ``unsure`` already."""
    kind: Any = type(value)
    if isinstance(value, str):
        if OPEN in value:
            yield from (said for said, doubtful in pieces(value) if doubtful)
    elif isinstance(value, tuple):
        for item in value:
            yield from forms_in(item)
    elif getattr(value, "unsure", False) is True:
        yield from (words for name in names_of(kind) if isinstance(words := getattr(value, name), str))
    else:
        for name in names_of(kind):
            yield from forms_in(getattr(value, name))


@cache
def names_of(kind: Any) -> tuple[str, ...]:
    """The names of a dataclass' fields; of another class none."""
    return tuple(item.name for item in fields(kind)) if is_dataclass(kind) else ()
