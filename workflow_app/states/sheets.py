"""Sheets: what a person fills in, declared once with :func:`ask`.

One notation gives the HTML form (``web.forms``), the check (:func:`fill`), the JSON of the audit record (:func:`to_json`)
and the way back (:func:`from_json`). A sheet is a frozen dataclass; a field marked ``server=True`` is filled by the server
and never appears in a form.
"""

from __future__ import annotations

import dataclasses
import re
import types
import typing
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from workflow_app.errors import N_, Broken, Invalid, Sentence

Problems = dict[str, tuple[Sentence, ...]]

LONG_TEXT = 300
_DATE_RU = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})\s*(?:г\.?)?")
_BIDI = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C])
_TRUE, _FALSE = {"true", "on", "1", "yes", "да", "y"}, {"", "false", "off", "0", "no", "нет", "n"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a closed list and its words."""

    value: str
    label: Sentence


Lists = Mapping[str, Sequence[Choice]]


@dataclass(frozen=True, slots=True)
class Ask:
    """How a field is asked. ``least``/``most`` are characters for text, items for lists, the number itself for numbers."""

    label: Sentence
    required: bool = True
    least: int | None = None
    most: int | None = None
    choices: tuple[Choice, ...] | str | None = None
    help: Sentence | None = None
    server: bool = False
    pattern: str | None = None
    section: Sentence | None = None
    long: bool = False
    widget: str | None = None


def ask(label: Sentence, *, default: object = dataclasses.MISSING, **how: typing.Any) -> typing.Any:
    """Declare a field of a sheet. Optional fields (``required=False``) get an empty default of their type."""
    metadata = {"ask": Ask(label, **how)}
    if default is not dataclasses.MISSING:
        return dataclasses.field(default=default, metadata=metadata)
    return dataclasses.field(metadata=metadata)


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """Base of all sheets. Subclasses are ``@dataclass(frozen=True, kw_only=True)``."""

    def problems(self) -> Problems:
        """Return what is wrong between the fields; called by :func:`fill` when each field alone is right."""
        return {}


@dataclass(frozen=True, kw_only=True)
class Nothing(Sheet):
    """The sheet of transitions that ask nothing."""


S = typing.TypeVar("S", bound=Sheet)


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


def clean(text: str) -> str:
    r"""Make typed text storable: NFC, ``\\n`` ends, no control or bidirectional override characters, no outer spaces."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).translate(_BIDI)
    kept = (c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs", "Cn"))
    return "".join(kept).strip()


def choices_of(how: Ask, lists: Lists) -> Sequence[Choice] | None:
    """Return the closed list of a field: its own, or the named one of ``lists``."""
    if isinstance(how.choices, str):
        if how.choices not in lists:
            raise Broken(f"the list {how.choices!r} was not given")
        return lists[how.choices]
    return how.choices


def fill(kind: type[S], raw: Mapping[str, typing.Any], lists: Lists = types.MappingProxyType({})) -> S:
    """Make a checked sheet of what was typed. ``raw`` holds strings, JSON values or sub-mappings by field name.

    Raises :class:`Invalid` with every problem at once; field paths are dotted (``remarks.0.text``).
    """
    problems: Problems = {}
    values: dict[str, typing.Any] = {}
    for name, how in asks(kind).items():
        values[name] = _convert(hints(kind)[name], how, raw.get(name), name, lists, problems)
    if problems:
        raise Invalid(problems)
    sheet = kind(**values)
    if found := sheet.problems():
        raise Invalid(found)
    return sheet


def _convert(hint: typing.Any, how: Ask, raw: typing.Any, path: str, lists: Lists, problems: Problems) -> typing.Any:
    base, optional = _unwrap(hint)
    origin = typing.get_origin(base)
    if origin is tuple:
        return _convert_many(typing.get_args(base)[0], how, raw, path, lists, problems)
    if origin in (dict, Mapping) or origin is typing.get_origin(Mapping[str, str]):
        return _convert_keyed(typing.get_args(base)[1], how, raw, path, lists, problems)
    if isinstance(base, type) and issubclass(base, Sheet):
        return _nested(base, raw or {}, path, lists, problems)
    if raw is None or (isinstance(raw, str) and not clean(raw) and base is not bool):
        if how.required:
            problems[path] = (N_("Обязательное поле: заполните его."),)
        return None if optional or base is not str else ""
    try:
        value = _scalar(base, raw)
    except (ValueError, InvalidOperation, OverflowError):
        problems[path] = (_expected(base),)
        return None
    if found := _limits(how, value, lists):
        problems[path] = found
    return value


def _unwrap(hint: typing.Any) -> tuple[typing.Any, bool]:
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        inner = [one for one in typing.get_args(hint) if one is not type(None)]
        return inner[0], True
    return hint, False


def _convert_many(
    item: typing.Any, how: Ask, raw: typing.Any, path: str, lists: Lists, problems: Problems
) -> tuple[typing.Any, ...]:
    if isinstance(raw, str):
        raw = [line for line in re.split(r"[\n;]" if item is str else r"[\s,;]+", raw) if clean(line)]
    rows = list(raw or ())
    single = dataclasses.replace(how, required=True, least=None, most=LONG_TEXT if item is str else None)
    values = tuple(_convert(item, single, one, f"{path}.{n}", lists, problems) for n, one in enumerate(rows))
    if how.required and not values:
        problems[path] = (N_("Добавьте хотя бы одну запись."),)
    elif how.most is not None and len(values) > how.most:
        problems[path] = (N_("Не больше %(most)s, сейчас %(have)s.", most=how.most, have=len(values)),)
    elif how.least is not None and len(values) < how.least:
        problems[path] = (N_("Нужно не меньше %(least)s, сейчас %(have)s.", least=how.least, have=len(values)),)
    return values


def _convert_keyed(
    item: typing.Any, how: Ask, raw: typing.Any, path: str, lists: Lists, problems: Problems
) -> dict[str, typing.Any]:
    rows = dict(raw or {})
    if how.required and not rows:
        problems[path] = (N_("Обязательное поле: заполните его."),)
    single = dataclasses.replace(how, required=False, least=None, choices=None)
    return {str(key): _convert(item, single, one, f"{path}.{key}", lists, problems) for key, one in rows.items()}


def _nested(
    kind: type[Sheet], raw: Mapping[str, typing.Any], path: str, lists: Lists, problems: Problems
) -> Sheet | None:
    if isinstance(raw, kind):
        return raw
    try:
        return fill(kind, raw, lists)
    except Invalid as error:
        problems.update({f"{path}.{field}" if field else path: many for field, many in error.problems.items()})
        return None


def _scalar(base: typing.Any, raw: typing.Any) -> typing.Any:
    if base is str:
        return clean(str(raw))
    if base is bool:
        return _bool(raw)
    if base is int:
        if isinstance(raw, bool) or (isinstance(raw, float) and not raw.is_integer()):
            raise ValueError(raw)
        return int(str(raw).strip()) if not isinstance(raw, float) else int(raw)
    if base is Decimal:
        value = Decimal(str(raw).strip().replace(",", "."))
        if not value.is_finite():
            raise ValueError(raw)
        return value
    if base is date:
        return parse_date(raw)
    raise Broken(f"a sheet cannot hold {base!r}")


def _bool(raw: object) -> bool:
    if isinstance(raw, bool):
        return raw
    word = str(raw).strip().lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise ValueError(raw)


def parse_date(raw: object) -> date:
    """Read ``2026-11-23`` or ``23.11.2026``; anything else, and years outside 1900 to 2100, is a ValueError."""
    if isinstance(raw, datetime):
        raise ValueError(raw)  # noqa: TRY004 - one kind of refusal for the caller
    if isinstance(raw, date):
        return raw
    text = str(raw).strip()
    if match := _DATE_RU.fullmatch(text):
        day, month, year = map(int, match.groups())
        value = date(year, month, day)
    else:
        value = date.fromisoformat(text)
    if not 1900 <= value.year <= 2100:  # noqa: PLR2004 - a slip of the finger, not a date of a living person's papers
        raise ValueError(raw)
    return value


def _expected(base: typing.Any) -> Sentence:
    if base is int:
        return N_("Нужно целое число.")
    if base is Decimal:
        return N_("Нужно число.")
    if base is date:
        return N_("Нужна дата, например 23.11.2026.")
    return N_("Значение не распознано.")


def _limits(how: Ask, value: typing.Any, lists: Lists) -> tuple[Sentence, ...]:  # noqa: PLR0911
    if isinstance(value, bool):
        return (N_("Без этой отметки продолжить нельзя."),) if how.required and not value else ()
    allowed = choices_of(how, lists)
    if allowed is not None and str(value) not in {one.value for one in allowed}:
        return (N_("Такого варианта нет в списке: выберите из предложенных."),)
    if isinstance(value, str):
        if how.most is not None and len(value) > how.most:
            return (N_("Слишком длинно: %(have)s знаков, можно не больше %(most)s.", have=len(value), most=how.most),)
        if how.least is not None and len(value) < how.least:
            return (
                N_("Слишком коротко: %(have)s знаков, нужно не меньше %(least)s.", have=len(value), least=how.least),
            )
        if how.pattern and not re.fullmatch(how.pattern, value):
            return (how.help or N_("Значение не того вида."),)
    elif isinstance(value, (int, Decimal)):
        if how.least is not None and value < how.least:
            return (N_("Не меньше %(least)s.", least=how.least),)
        if how.most is not None and value > how.most:
            return (N_("Не больше %(most)s.", most=how.most),)
    return ()


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
    values = {}
    for name, hint in hints(kind).items():
        if name in asks(kind):
            values[name] = _restore(hint, stored.get(name))
    return kind(**values)


def _restore(hint: typing.Any, raw: typing.Any) -> typing.Any:
    base, _optional = _unwrap(hint)
    origin = typing.get_origin(base)
    if origin is tuple:
        return tuple(_restore(typing.get_args(base)[0], one) for one in raw or ())
    if origin is not None:
        return {key: _restore(typing.get_args(base)[1], one) for key, one in (raw or {}).items()}
    if raw is None:
        return "" if base is str else False if base is bool else None
    if isinstance(base, type) and issubclass(base, Sheet):
        return from_json(base, raw)
    return _scalar(base, raw) if base in (date, Decimal) else raw
