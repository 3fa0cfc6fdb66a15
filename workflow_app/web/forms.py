"""Forms made of sheets: one notation gives the fields, and :func:`workflow_app.states.forms.fill` checks what was typed.

WTForms draws the fields and keeps what was typed; it validates nothing itself, so that the command line, the pages and the
imports refuse the same things in the same words.
"""

from __future__ import annotations

import typing
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    Field,
    FieldList,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.widgets import CheckboxInput, DateInput, ListWidget, NumberInput

from workflow_app.errors import Sentence
from workflow_app.states.forms import Ask, Choice, Lists, Problems, Sheet, asks, choices_of, clean, hints
from workflow_app.web.formatting import say
from workflow_app.web.pickers import PickerField

SEPARATOR = "-"
_ROWS_SPARE = 0


def raw_of(form: MultiDict[str, str], kind: type[Sheet]) -> dict[str, Any]:
    """Return what was typed as nested values by field name, as :func:`fill` reads them.

    ``remarks-0-text`` becomes ``{"remarks": [{"text": …}]}``; ticks of a list come as a list; an unticked box is False.
    Characters that cannot be stored or shown (NUL, overrides of direction) are gone already.
    """
    tree: dict[str, Any] = {}
    for name in form:
        _put(tree, clean(name).split(SEPARATOR), [clean(one) for one in form.getlist(name)])
    return {name: _shaped(hints(kind)[name], tree.get(name)) for name, how in asks(kind).items() if not how.server}


def _put(tree: dict[str, Any], path: list[str], values: list[str]) -> None:
    for step in path[:-1]:
        inner = tree.setdefault(step, {})
        if not isinstance(inner, dict):
            return
        tree = inner
    tree[path[-1]] = values


def _shaped(hint: Any, node: Any) -> Any:  # noqa: PLR0911 - one return a shape
    base, origin = _base(hint), typing.get_origin(_base(hint))
    if origin is tuple:
        item = typing.get_args(base)[0]
        if isinstance(node, dict):
            keys = sorted(node, key=lambda key: (not key.isdecimal(), len(key), key))
            rows = [_shaped(item, node[key]) for key in keys]
            return [row for row in rows if row is not None and (not isinstance(row, dict) or _is_filled(item, row))]
        if isinstance(item, type) and issubclass(item, Sheet):
            return []  # rows are sent by number; a bare text in their place is nobody's form
        values = [one for one in node or () if one.strip()]
        return values[0] if len(values) == 1 and ("\n" in values[0] or ";" in values[0]) else values
    if origin is not None:
        return (
            {key: _shaped(typing.get_args(base)[1], one) for key, one in (node or {}).items()}
            if isinstance(node, dict)
            else {}
        )
    if isinstance(base, type) and issubclass(base, Sheet):
        inner = node if isinstance(node, dict) else {}
        return {name: _shaped(hints(base)[name], inner.get(name)) for name in asks(base)}
    if base is bool:
        return bool(node)
    return node[-1] if isinstance(node, list) and node else None


def _is_filled(kind: Any, row: Mapping[str, Any]) -> bool:
    """Whether anything that people see of a row holds something."""
    known = asks(kind) if isinstance(kind, type) and issubclass(kind, Sheet) else {}
    return any(value for name, value in row.items() if name not in known or known[name].widget != "hidden")


def _base(hint: Any) -> Any:
    if typing.get_origin(hint) in (typing.Union, type(int | None)):
        return next(one for one in typing.get_args(hint) if one is not type(None))
    return hint


def form_of(kind: type[Sheet], lists: Lists, values: Mapping[str, Any] | None = None, *, prefix: str = "") -> Form:
    """Return a WTForms form with a field for each asked, not server-filled field of the sheet, holding ``values``.

    ``values`` are JSON values or typed strings by field name; what is missing stays empty.
    """
    fields: dict[str, Any] = {}
    for name, how in asks(kind).items():
        if not how.server and (made := _field(hints(kind)[name], how, lists, (values or {}).get(name))) is not None:
            fields[name] = made
    built = type(f"{kind.__name__}Form", (Form,), fields)
    data = {name: _shown(hints(kind)[name], one) for name, one in (values or {}).items() if name in fields}
    form: Form = built(data=data, prefix=prefix)
    setattr(form, "of_sheet", kind)  # noqa: B010 - a mark of ours on a form of WTForms
    return form


def _shown(hint: Any, value: Any) -> Any:
    base = _base(hint)
    origin = typing.get_origin(base)
    if origin is tuple and typing.get_args(base)[0] in (str, int):
        return [str(one) for one in value] if isinstance(value, (list, tuple)) else value
    if origin is tuple:
        return [dict(one) for one in value or ()] if not isinstance(value, str) else []
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return str(value)
    return value


def _field(hint: Any, how: Ask, lists: Lists, value: Any) -> Any:  # noqa: PLR0911 - one return a kind of field
    base, origin = _base(hint), typing.get_origin(_base(hint))
    look: dict[str, Any] = {"label": say(how.label), "description": say(how.help)}
    choices = choices_of(how, lists)
    if choices is not None and not isinstance(choices, Sequence):
        many = origin is tuple
        return PickerField(known=choices, many=many, required=how.required, **look)
    if origin is tuple:
        return _many_field(typing.get_args(base)[0], how, choices, lists, look, value)
    if origin is not None:
        return _keyed_field(how, choices, look) if choices else None
    if base is bool:
        return _Tick(how, **look)
    if choices is not None:
        return _choice_field(how, choices, look)
    if base is date:
        return _Text(how, widget=DateInput(), **look)
    if base in (int, Decimal):
        return _Text(how, widget=NumberInput(min=how.least, max=how.most, step="any" if base is Decimal else 1), **look)
    if how.widget == "hidden":
        return HiddenField()
    return _Area(how, **look) if how.long else _Text(how, **look)


def _choice_field(how: Ask, choices: Sequence[Choice], look: dict[str, Any]) -> Any:
    pairs = [SelectChoice(one.value, say(one.label)) for one in choices]
    if how.widget in ("radio", "cards"):
        return _Radio(how, choices=pairs, validate_choice=False, **look)
    return _Select(how, choices=[SelectChoice("", "—"), *pairs], validate_choice=False, **look)


def _many_field(
    item: Any, how: Ask, choices: Sequence[Choice] | None, lists: Lists, look: dict[str, Any], value: Any
) -> Any:
    if isinstance(item, type) and issubclass(item, Sheet):
        rows = len(value) if isinstance(value, (list, tuple)) else 0
        inner = type(form_of(item, lists))
        return FieldList(
            FormField(inner), label=look["label"], description=look["description"], min_entries=max(rows, _ROWS_SPARE)
        )
    if choices is not None:
        pairs = [SelectChoice(one.value, say(one.label)) for one in choices]
        return _Checks(how, choices=pairs, validate_choice=False, **look)
    return _Lines(how, **look)


def _keyed_field(how: Ask, choices: Sequence[Choice], look: dict[str, Any]) -> Any:
    inner = type("KeyedForm", (Form,), {one.value: _Area(_optional(how), label=say(one.label)) for one in choices})
    return FormField(inner, label=look["label"], description=look["description"])


def _optional(how: Ask) -> Ask:
    # The least is told by the counter, not demanded.
    return Ask(how.label, required=False, least=how.enough, most=how.most, long=True)


class _Flagged:
    """What every field of ours knows of its ask: the flags that the macros read. It stands before the field of the library."""

    flags: Any

    def __init__(self, how: Ask, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.flags.required = how.required
        if how.most is not None and not how.choices:
            self.flags.maxlength = how.most
        if how.least is not None and not how.choices:
            self.flags.minlength = how.least


class _Text(_Flagged, StringField):
    def __init__(self, how: Ask, **arguments: Any) -> None:
        super().__init__(how, **arguments)
        if isinstance(self.widget, (DateInput, NumberInput)):
            self.flags.maxlength = self.flags.minlength = None


class _Area(_Flagged, TextAreaField):
    """A long text."""


class _Lines(TextAreaField, _Flagged):
    """Several short texts, a line each."""

    def __init__(self, how: Ask, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.flags.required = how.required

    def _value(self) -> str:
        data: Any = self.data
        return "\n".join(data) if isinstance(data, (list, tuple)) else str(data or "")


class _Tick(_Flagged, BooleanField):
    """Yes or no."""


class _Select(_Flagged, SelectField):
    """One of a list."""


class _Radio(_Flagged, RadioField):
    """One of a few, all in sight."""


class _Checks(_Flagged, SelectMultipleField):
    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def show_problems(form: Form, problems: Problems) -> list[str]:
    """Put problems at their fields and return those that have none, for the top of the form (``form.form_errors``).

    ``form.told`` keeps all of them by path, for pages that draw their fields themselves.
    """
    loose: list[str] = []
    by_path = {path: [say(one) for one in sentences] for path, sentences in problems.items()}
    for path, words in by_path.items():
        field = _find(form, path.split("."))
        if field is None:
            loose += words
        else:
            field.errors = [*field.errors, *words]
    form.form_errors = loose
    setattr(form, "told", by_path)  # noqa: B010 - a mark of ours on a form of WTForms
    return loose


def _find(form: Iterable[Field] | Form, path: list[str]) -> Field | None:
    here: Any = form
    found: Field | None = None
    for step in path:
        if isinstance(here, FormField):
            here = here.form
        if isinstance(here, FieldList):
            if not (step.isascii() and step.isdigit()) or int(step) >= len(here.entries):
                break
            here = found = here.entries[int(step)]
        elif isinstance(here, Form):
            if step not in here:
                break
            here = found = here[step]
        else:
            break
    return None if isinstance(found, (FormField, FieldList)) else found


def told(obstacles: Iterable[Sentence]) -> list[str]:
    """Return sentences in the reader's language, what two conditions say alike once."""
    return list(dict.fromkeys(say(one) for one in obstacles))
