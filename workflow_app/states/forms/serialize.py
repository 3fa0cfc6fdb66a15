"""A filled sheet as the JSON of a record, and the way back."""

from __future__ import annotations

import typing
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from workflow_app.errors import Broken
from workflow_app.states.forms.declare import Sheet, asks, hints, unwrap

S = typing.TypeVar("S", bound=Sheet)


def to_json(value: typing.Any) -> typing.Any:
    """Turn a sheet (or part of one) into JSON values without floats: dates ISO, decimals as strings."""
    if isinstance(value, Sheet):
        return {name: to_json(getattr(value, name)) for name in asks(type(value))}
    if isinstance(value, Mapping):
        return {str(key): to_json(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_json(one) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if value is None or isinstance(value, (str, bool, int)):
        return value
    raise Broken(f"a record cannot hold {type(value).__name__}")


def from_json(kind: type[S], stored: Mapping[str, typing.Any]) -> S:
    """Make a sheet of stored JSON without checking limits again: the record stands as it was accepted."""
    return kind(**{name: restored(hint, stored.get(name)) for name, hint in hints(kind).items()})


def restored(hint: typing.Any, raw: typing.Any) -> typing.Any:
    """Return the value of one field, of its type, from stored JSON."""
    base, _optional = unwrap(hint)
    origin = typing.get_origin(base)
    if origin is tuple:
        return tuple(restored(typing.get_args(base)[0], one) for one in raw or ())
    if origin is not None:
        return {key: restored(typing.get_args(base)[1], one) for key, one in (raw or {}).items()}
    if raw is None:
        return "" if base is str else False if base is bool else None
    if isinstance(base, type) and issubclass(base, Sheet):
        return from_json(base, raw)
    if base is date:
        return date.fromisoformat(raw)
    return Decimal(raw) if base is Decimal else raw
