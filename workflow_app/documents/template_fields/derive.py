"""From a card's class to the fields of templates: by what each field tells (``content.told``) and by its type."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final, get_args, get_origin, get_type_hints

from workflow_app.documents.content.assessment_cards import Expert, Reference, Signature
from workflow_app.documents.content.cards import Sitting
from workflow_app.documents.content.snapshot import Material
from workflow_app.documents.content.told import NAMELESS, says
from workflow_app.documents.kinds.kind import Kind
from workflow_app.documents.kinds.wording import referred, sat
from workflow_app.documents.russian.grammar import PersonName, Position, day, decimal, numbered
from workflow_app.documents.template_fields.field import (
    PEOPLE,
    SIGNED,
    Field,
    Group,
    Row,
    RowsField,
    of_person,
    of_position,
    on_day,
    people,
    signed,
)
from workflow_app.errors import N_, Sentence

Get = Callable[[Material], Any]
_WRITTEN: Final[Mapping[type, Callable[[Any], str]]] = {
    types.NoneType: lambda _none: "", bool: lambda one: "да" if one else "", tuple: "\n".join, date: day, int: decimal,
    Decimal: decimal, Expert: lambda one: one.person.full(), Sitting: sat,
}  # fmt: skip
"""How documents write a value of a type."""


def group_of(kind: Kind) -> Group:
    """Return the fields and lists that a kind of document has beyond what all have."""
    found = [*(_of_card(kind.card) if kind.card else ()), *(Field(one.name, one.about, one.said) for one in kind.says)]
    fields = tuple(one for one in found if isinstance(one, Field))
    return Group(kind.title, fields, tuple(one for one in found if isinstance(one, RowsField)))


def _of_card(card: type) -> Iterator[Field | RowsField]:
    hints = get_type_hints(card)
    for field in dataclasses.fields(card):
        for one in says(field):
            if one.of is not None:
                yield Field(one.name or field.name, one.about, _part(lambda material: material.card, one.of))
            else:
                yield from _by_type(one.about, one.name or field.name, _bare(hints[field.name]), _value(field.name))


def _value(name: str) -> Get:
    return lambda material: getattr(material.card, name, None)  # what a document has not is empty


def _part(get: Get, said: Callable[[Any], Any]) -> Callable[[Material], Any]:
    return lambda material: said(one) if (one := get(material)) is not None else ""


def _by_type(about: Sentence, name: str, hint: Any, get: Get) -> Iterator[Field | RowsField]:
    if get_origin(hint) is tuple and (columns := _columns(get_args(hint)[0])):
        yield RowsField(name, about, columns, lambda material: _rows(get(material) or ()))
    elif hint is PersonName:
        yield from of_person(name, about, get)
    elif hint is Position:
        yield from of_position(name, about, get)
    elif hint is Expert:
        yield from of_person(name, about, lambda m: getattr(get(m), "person", None))
        position = N_("%(whose)s, должность", whose=about)
        yield from of_position(f"{name}_position", position, lambda m: getattr(get(m), "position", None))
        where = N_("%(whose)s, организация", whose=about)
        yield Field(f"{name}_organisation", where, _part(get, lambda one: one.organisation.n))
    elif hint is Reference:
        yield Field(f"{name}_number", N_("%(what)s: номер", what=about), _part(get, lambda one: numbered(one.number)))
        yield Field(f"{name}_date", N_("%(what)s: дата", what=about), _part(get, lambda one: on_day(one.date)))
        yield Field(f"{name}_reference", N_("%(what)s: дата и номер", what=about), _part(get, referred))
    else:
        yield Field(name, about, lambda material: _written(get(material)))


def _columns(item: Any) -> dict[str, Sentence]:
    """Return the columns of a list of such items; none where they are no rows."""
    if item in _LISTED:
        return dict(_LISTED[item][0])
    columns = {"n": N_("порядковый номер")} if dataclasses.is_dataclass(item) else {}
    for field in dataclasses.fields(item) if columns else ():
        for one in says(field):
            columns |= PEOPLE if one.about is NAMELESS else {one.name or field.name: one.about}
    return columns


def _rows(items: tuple[Any, ...]) -> list[Row]:
    if items and type(items[0]) in _LISTED:
        return _LISTED[type(items[0])][1](items)
    return [{"n": str(at), **dict(_row(one))} for at, one in enumerate(items, start=1)]


_LISTED: Final[Mapping[Any, tuple[Mapping[str, Sentence], Callable[[Iterable[Any]], list[Row]]]]] = {
    Expert: (PEOPLE, people), Signature: (SIGNED, signed),
}  # fmt: skip


def _row(item: Any) -> Iterator[tuple[str, str]]:
    for field in dataclasses.fields(item):
        value = getattr(item, field.name)
        for one in says(field):
            if one.about is NAMELESS:
                yield from ((name, words) for name, words in people([value])[0].items() if name != "n")
            else:
                yield one.name or field.name, one.of(item) if one.of else _written(value)


def _written(value: Any) -> str:
    return _WRITTEN.get(type(value), str)(value)


def _bare(hint: Any) -> Any:
    """Return the type without its None."""
    return (
        next(one for one in get_args(hint) if one is not types.NoneType) if isinstance(hint, types.UnionType) else hint
    )
