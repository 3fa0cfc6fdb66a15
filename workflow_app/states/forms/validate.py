"""What was typed becomes a checked sheet, or sentences about everything that is wrong with it."""

from __future__ import annotations

import dataclasses
import re
import types
import typing
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import date, datetime
from decimal import Decimal

from workflow_app.errors import N_, Broken, Invalid, Sentence
from workflow_app.spelling import clean, one_line, visible
from workflow_app.states.forms.declare import (
    LONG_TEXT,
    Ask,
    Lists,
    Problems,
    Sheet,
    Unreadable,
    asks,
    choices_of,
    chosen,
    hints,
    unwrap,
)

S = typing.TypeVar("S", bound=Sheet)

_DATE_RU = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})\s*(?:г\.?)?")
_WHOLE = re.compile(r"[+-]?\d{1,10}")
_NUMBER = re.compile(r"[+-]?\d{1,12}(?:[.,]\d{1,6})?")
_LARGEST = 2**31 - 1  # what an INTEGER column of PostgreSQL holds
_TRUE, _FALSE = {"true", "on", "1", "yes", "да", "y"}, {"", "false", "off", "0", "no", "нет", "n"}
_NOTHING: tuple[typing.Any, ...] = (None, "", (), {})
_EMPTY: dict[typing.Any, typing.Any] = {str: "", bool: False}
_UNREADABLE = N_("Значение не распознано.")
_WANTED = N_("Обязательное поле: заполните его.")
_ROW_WANTED, _TICK_WANTED = N_("Добавьте хотя бы одну запись."), N_("Без этой отметки продолжить нельзя.")


def fill(kind: type[S], raw: Mapping[str, typing.Any], lists: Lists = types.MappingProxyType({})) -> S:
    """Make a checked sheet of what was typed. ``raw`` holds strings, JSON values or sub-mappings by field name.

    Raises :class:`Invalid` with every problem at once; field paths are dotted (``remarks.0.text``).
    """
    values, problems = _checked(kind, raw, lists)
    if problems:
        raise Invalid(problems)
    return kind(**values)


def check(kind: type[Sheet], raw: Mapping[str, typing.Any], lists: Lists = types.MappingProxyType({})) -> Problems:
    """Return what :func:`fill` would refuse, by field path; nothing for a sheet that would pass."""
    return _checked(kind, raw, lists)[1]


def _checked(kind: type[Sheet], raw: Mapping[str, typing.Any], lists: Lists) -> tuple[dict[str, typing.Any], Problems]:
    """Return the values of the fields, and everything that is wrong: with a field alone, and between those that are right."""
    problems: Problems = {}
    values: dict[str, typing.Any] = {}
    for name, how in asks(kind).items():
        values[name] = _convert(hints(kind)[name], how, raw.get(name), name, lists, problems)
        if values[name] is None and name not in problems and not unwrap(hints(kind)[name])[1]:
            values[name] = _usual(kind, name)
    for name, how in asks(kind).items():
        if name not in problems and values[name] in _NOTHING and not how.required and how.is_needed(values):
            problems[name] = (_WANTED,)
    wrong = {path.split(".")[0] for path in problems}
    try:
        found = _legible(kind, values, wrong).problems()
    except Unreadable:
        found = {}
    problems |= {path: many for path, many in found.items() if path.split(".")[0] not in wrong}
    return values, problems


def _usual(kind: type[Sheet], name: str) -> typing.Any:
    """Return what a field holds that cannot hold nothing and was left empty: its default."""
    usual = next(one.default for one in dataclasses.fields(kind) if one.name == name)
    return None if usual is dataclasses.MISSING else usual


def _legible(kind: type[Sheet], values: Mapping[str, typing.Any], wrong: AbstractSet[str]) -> Sheet:
    """Return a sheet for its rules to read; reading a field that is wrong raises :class:`Unreadable`."""
    if not wrong:
        return kind(**values)

    def read(sheet: Sheet, name: str) -> typing.Any:
        if name in wrong:
            raise Unreadable(name)
        return object.__getattribute__(sheet, name)

    sheet: Sheet = object.__new__(type(kind.__name__, (kind,), {"__getattribute__": read}))
    for name, value in values.items():
        object.__setattr__(sheet, name, value)
    return sheet


def is_unfilled(sentence: Sentence) -> bool:
    """Whether a problem only says that a field is empty: nobody has made a mistake there yet."""
    return sentence in (_WANTED, _ROW_WANTED, _TICK_WANTED)


def lines_of(raw: str, *, commas: bool = False) -> list[str]:
    """Return the short texts of a field that holds one a line, or several with semicolons (``commas``: commas too) between."""
    return [line for line in re.split(r"[\n;,]" if commas else r"[\n;]", raw) if visible(clean(line))]


def _convert(hint: typing.Any, how: Ask, raw: typing.Any, path: str, lists: Lists, problems: Problems) -> typing.Any:
    base, optional = unwrap(hint)
    origin = typing.get_origin(base)
    if origin is tuple:
        return _convert_many(typing.get_args(base)[0], how, raw, path, lists, problems)
    if origin in (dict, Mapping) or origin is typing.get_origin(Mapping[str, str]):
        return _convert_keyed(typing.get_args(base)[1], how, raw, path, lists, problems)
    if isinstance(base, type) and issubclass(base, Sheet):
        return _nested(base, {} if raw is None else raw, path, lists, problems)
    if raw is None or (isinstance(raw, str) and not visible(clean(raw)) and base is not bool):
        if how.required:
            problems[path] = (_TICK_WANTED if base is bool else _WANTED,)
        return None if optional else _EMPTY.get(base)
    try:
        value = _scalar(base, raw)
        if base is str and not (how.long or how.server):
            value = one_line(value)
        if how.tidy is not None:
            value = how.tidy(value)
    except ValueError:
        problems[path] = (_expected(base),)
        return None
    if found := _limits(how, value, lists):
        problems[path] = found
    return value


def _convert_many(
    item: typing.Any, how: Ask, raw: typing.Any, path: str, lists: Lists, problems: Problems
) -> tuple[typing.Any, ...]:
    if isinstance(raw, str):
        raw = _apart(item, how, raw)
    elif how.commas and isinstance(raw, (list, tuple)):
        raw = [part for one in raw for part in (_apart(item, how, one) if isinstance(one, str) else [one])]
    if raw is not None and not isinstance(raw, (list, tuple)):
        problems[path] = (_UNREADABLE,)
        return ()
    rows = list(raw or ())
    single = dataclasses.replace(how, required=True, least=None, most=LONG_TEXT if item is str else None)
    if how.choices is not None:  # asked for all of them at once
        single = dataclasses.replace(single, choices=tuple(chosen(choices_of(how, lists), map(str, rows)).values()))
    values = tuple(_convert(item, single, one, f"{path}.{n}", lists, problems) for n, one in enumerate(rows))
    if how.required and not values:
        problems[path] = (_ROW_WANTED,)
    elif how.most is not None and len(values) > how.most:
        problems[path] = (N_("Не больше %(most)s, сейчас %(have)s.", most=how.most, have=len(values)),)
    elif how.least is not None and len(values) < how.least:
        problems[path] = (N_("Нужно не меньше %(least)s, сейчас %(have)s.", least=how.least, have=len(values)),)
    return values


def _apart(item: typing.Any, how: Ask, text: str) -> list[str]:
    """Part the items of a list that were typed as one text."""
    if item is str:
        return lines_of(text, commas=how.commas)
    return [part for part in re.split(r"[\s,;]+", text) if visible(clean(part))]


def _convert_keyed(
    item: typing.Any, how: Ask, raw: typing.Any, path: str, lists: Lists, problems: Problems
) -> dict[str, typing.Any]:
    if raw is not None and not isinstance(raw, Mapping):
        problems[path] = (_UNREADABLE,)
        return {}
    rows = {clean(str(key)): one for key, one in (raw or {}).items()}
    allowed = choices_of(how, lists)
    if how.required and not rows:
        problems[path] = (_WANTED,)
    elif allowed is not None and rows.keys() - chosen(allowed, rows).keys():
        problems[path] = (N_("Состав разделов изменился: проверьте показанные разделы и повторите."),)
    single = dataclasses.replace(how, required=False, least=None, choices=None)
    return {key: _convert(item, single, one, f"{path}.{key}", lists, problems) for key, one in rows.items()}


def _nested(kind: type[Sheet], raw: typing.Any, path: str, lists: Lists, problems: Problems) -> Sheet | None:
    if isinstance(raw, kind):
        return raw
    if not isinstance(raw, Mapping):
        problems[path] = (_UNREADABLE,)
        return None
    try:
        return fill(kind, raw, lists)
    except Invalid as error:
        problems.update({f"{path}.{field}" if field else path: many for field, many in error.problems.items()})
        return None


def _scalar(base: typing.Any, raw: typing.Any) -> typing.Any:
    if isinstance(raw, (Mapping, list, tuple, set, bytes)):
        raise ValueError(raw)  # noqa: TRY004 - one kind of refusal for the caller
    if base is str:
        return clean(str(raw))
    if base is bool:
        return _bool(raw)
    if base is int:
        return _whole(raw)
    if base is Decimal:
        text = str(raw).strip()
        if not _NUMBER.fullmatch(text):
            raise ValueError(raw)
        return Decimal(text.replace(",", "."))
    if base is date:
        return parse_date(raw)
    raise Broken(f"a sheet cannot hold {base!r}")


def _whole(raw: typing.Any) -> int:
    """Read a whole number; ``3.0`` of a JSON is one, a truth value and what no column could hold are not."""
    if isinstance(raw, bool) or (isinstance(raw, float) and not raw.is_integer()):
        raise ValueError(raw)
    text = str(int(raw) if isinstance(raw, float) else raw).strip()
    if not _WHOLE.fullmatch(text) or abs(int(text)) > _LARGEST:
        raise ValueError(raw)
    return int(text)


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
    return _UNREADABLE


def _limits(how: Ask, value: typing.Any, lists: Lists) -> tuple[Sentence, ...]:  # noqa: PLR0911
    if isinstance(value, bool):
        return (_TICK_WANTED,) if how.required and not value else ()
    allowed = choices_of(how, lists)
    if allowed is not None and str(value) not in chosen(allowed, (value,)):
        return (N_("Такого варианта нет в списке: выберите из предложенных."),)
    if isinstance(value, str):
        if how.most is not None and len(value) > how.most:
            return (N_("Слишком длинно: знаков %(have)s, можно не больше %(most)s.", have=len(value), most=how.most),)
        if how.least is not None and (have := visible(value)) < how.least:
            return (N_("Слишком коротко: знаков %(have)s, нужно не меньше %(least)s.", have=have, least=how.least),)
        if how.pattern and not re.fullmatch(how.pattern, value):
            return (how.help or N_("Значение не того вида."),)
    elif isinstance(value, (int, Decimal)):
        if how.least is not None and value < how.least:
            return (N_("Не меньше %(least)s.", least=how.least),)
        if how.most is not None and value > how.most:
            return (N_("Не больше %(most)s.", most=how.most),)
    return ()
