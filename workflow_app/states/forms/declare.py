"""How a sheet is declared: the questions, their limits, the closed lists."""

from __future__ import annotations

import contextlib
import dataclasses
import types
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from workflow_app.errors import Broken, Sentence, Words

Problems = dict[str, tuple[Sentence, ...]]

LONG_TEXT = 300


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a list and its words; ``note`` tells namesakes apart: a person's place of work."""

    value: str
    label: Sentence
    note: Words = ""


class Searched(typing.Protocol):
    """A list too long to be shown: it is asked about values, or by words. What it gives may be chosen, and nothing else (ADR 30)."""

    def known(self, values: Iterable[str]) -> Sequence[Choice]:
        """Return those of the values that may be chosen."""

    def search(self, words: str) -> Sequence[Choice]:
        """Return the first of what the words find."""

    def called(self, names: Iterable[str]) -> Mapping[str, Sequence[Choice]]:
        """Return what bears exactly these names, by name: a table of words says no numbers."""


Known = Sequence[Choice] | Searched
Lists = Mapping[str, Known]


@dataclass(frozen=True, slots=True)
class Ask:
    """How a field is asked. ``least``/``most`` are characters for text, items for lists, the number itself for numbers.

    ``enough``: from how many characters a text that may also stay unfinished counts as written; less warns and bars nothing.
    ``commas``: a comma parts the items of a list of texts too, where none can stand inside one.
    ``needed``: from the values of the other fields, whether an optional one is required after all.
    ``doubt``: from a right value and the day of today, what a person is asked about before it is taken (``doubts``).
    ``tidy``: mends a typed text before it is checked (a link gets its ``https://``).
    ``refers``: the number of a row of another kind («organization», «person», «person:expert», a content type): its list is
    named «refers:…». ``stands``: what a person named here is towards the record («author»); of an organisation
    «school_officer»: its officer stands so. ``unique``: no two living records of a centre have the same value.
    ``heads``: what else the column is called in people's own tables, beside the label.
    """

    label: Sentence
    required: bool = True
    least: int | None = None
    most: int | None = None
    enough: int | None = None
    choices: tuple[Choice, ...] | str | None = None
    help: Sentence | None = None
    server: bool = False
    pattern: str | None = None
    section: Sentence | None = None
    long: bool = False
    widget: str | None = None
    tidy: Callable[[str], str] | None = None
    commas: bool = False
    needed: Callable[[Mapping[str, typing.Any]], bool] | None = None
    doubt: Callable[[typing.Any, date], Sentence | None] | None = None
    refers: str = ""
    stands: str = ""
    unique: bool = False
    heads: tuple[str, ...] = ()

    def is_needed(self, values: Mapping[str, typing.Any]) -> bool:
        """Whether the field must be filled beside these values of the others."""
        return self.required or (self.needed is not None and self.needed(values))


def ask(label: Sentence, *, default: object = dataclasses.MISSING, **how: typing.Any) -> typing.Any:
    """Declare a field of a sheet. Optional fields (``required=False``) get an empty default of their type."""
    if refers := how.get("refers"):
        how.setdefault("choices", f"refers:{refers}")
    metadata = {"ask": Ask(label, **how)}
    if default is not dataclasses.MISSING:
        return dataclasses.field(default=default, metadata=metadata)
    return dataclasses.field(metadata=metadata)


class Unreadable(Exception):
    """A rule has read a field which is wrong by itself."""


R = typing.TypeVar("R", bound=Callable[[typing.Any], "Problems"])


def rule(method: R) -> R:
    """Mark a method of a sheet as a rule between its fields: it returns problems by field path.

    Rules are asked one by one, and one that reads a field which is wrong by itself has nothing to say yet. So everything that
    is wrong is told at once, whatever else is still missing.
    """
    setattr(method, "is_rule", True)  # noqa: B010 - a mark of ours on a function
    return method


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """Base of all sheets. Subclasses are ``@dataclass(frozen=True, kw_only=True)``; rules between fields are marked :func:`rule`."""

    def problems(self) -> Problems:
        """Return what is wrong between the fields, by every rule that can be asked; a field is told of by its first rule."""
        found: Problems = {}
        for name in dict.fromkeys(name for one in reversed(type(self).__mro__) for name in vars(one)):
            method = getattr(type(self), name, None)
            if not getattr(method, "is_rule", False):
                continue
            with contextlib.suppress(Unreadable):
                found = getattr(self, name)() | found
        return found


@dataclass(frozen=True, kw_only=True)
class Moves(Sheet):
    """Base of the sheets that change no row: the transition moves, and what is said (a reason) stands in the event."""


@dataclass(frozen=True, kw_only=True)
class Nothing(Moves):
    """The sheet of transitions that ask nothing."""


_asked: dict[type[Sheet], dict[str, Ask]] = {}
_hinted: dict[type[Sheet], dict[str, typing.Any]] = {}


def asks(kind: type[Sheet]) -> dict[str, Ask]:
    """Return the asked fields of a sheet class in order, name -> Ask. A field without ``ask`` is Broken."""
    if kind not in _asked:
        found = {one.name: one.metadata.get("ask") for one in dataclasses.fields(kind)}
        if bare := [name for name, how in found.items() if not isinstance(how, Ask)]:
            raise Broken(f"{kind.__name__}.{bare[0]} is declared without ask()")
        _asked[kind] = {name: how for name, how in found.items() if isinstance(how, Ask)}
    return _asked[kind]


def hints(kind: type[Sheet]) -> dict[str, typing.Any]:
    """Return the resolved types of the fields of a sheet class."""
    if kind not in _hinted:
        _hinted[kind] = typing.get_type_hints(kind)
    return _hinted[kind]


def choices_of(how: Ask, lists: Lists) -> Known | None:
    """Return the list of a field: its own, or the named one of ``lists``."""
    if isinstance(how.choices, str):
        if how.choices not in lists:
            raise Broken(f"the list {how.choices!r} was not given")
        return lists[how.choices]
    return how.choices


def chosen(known: Known | None, values: Iterable[object]) -> dict[str, Choice]:
    """Return those of the values that stand in a list, by value."""
    wanted = [str(one) for one in values]
    found = known if known is None or isinstance(known, Sequence) else known.known(wanted)
    return {one.value: one for one in found or () if one.value in wanted}


def unwrap(hint: typing.Any) -> tuple[typing.Any, bool]:
    """Return the type without ``None``, and whether ``None`` was allowed."""
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        inner = [one for one in typing.get_args(hint) if one is not type(None)]
        return inner[0], True
    return hint, False
