"""A filled case form in words: the sections and labels of its sheet, choices by their names, remarks at their fields.

And what changed between two frozen versions of it.
"""

from __future__ import annotations

import typing
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workflow_app.errors import N_, Sentence, Words
from workflow_app.states.forms import Ask, Lists, Sheet, asks, chosen, hints, parse_date
from workflow_app.web.formatting import say

SHORT = 80  # characters: a longer value is said to be changed, not quoted twice


@dataclass(frozen=True, slots=True)
class Answer:
    """One field as it is shown. ``kind``: text, long, list, links, keyed or table (its heads, its rows); ``value`` fits it."""

    label: Sentence
    kind: str
    value: Any
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """The answers of one section; the first of a form is often without a title."""

    title: Sentence | None
    answers: tuple[Answer, ...]


def sections(
    kind: type[Sheet],
    form: Mapping[str, Any],
    lists: Lists,
    remarks: Mapping[str, Sequence[str]] | None = None,
    without: Collection[str] = ("title",),
) -> list[Section]:
    """Return a form section by section. What was not filled is left out, unless there is a remark on it.

    ``without`` names the fields that stand elsewhere on the page.
    """
    told, types = remarks or {}, hints(kind)
    found: list[tuple[Sentence | None, list[Answer]]] = [(None, [])]
    for name, how in asks(kind).items():
        if how.section is not None:
            found.append((how.section, []))
        answer = _answer(name, how, types[name], form.get(name), lists, tuple(told.get(name, ())))
        if not how.server and name not in without and (answer.value or answer.remarks):
            found[-1][1].append(answer)
    return [Section(title, tuple(answers)) for title, answers in found if answers]


def _answer(name: str, how: Ask, hint: Any, value: Any, lists: Lists, remarks: tuple[str, ...]) -> Answer:
    kind, shown = _shown(name, how, hint, value, lists)
    return Answer(how.label, kind, shown, remarks)


def _shown(name: str, how: Ask, hint: Any, value: Any, lists: Lists) -> tuple[str, Any]:
    """Return the kind of an answer and the value that fits it."""
    if value in (None, "", [], {}):
        return "text", ""
    if isinstance(value, Mapping):
        return "keyed", [(label, str(value[key])) for key, label in _keys(how, value, lists) if value[key]]
    if name == "links":
        return "links", [str(one) for one in _rows(value)]
    if isinstance(value, list):
        item = next(iter(typing.get_args(hint)), str)
        if isinstance(item, type) and issubclass(item, Sheet):
            columns = asks(item)
            rows = [[_cell(one, row, name, lists) for name, one in columns.items()] for row in value]
            return "table", ([one.label for one in columns.values()], rows)
        return "list", [_row(one) for one in value]
    return ("long", str(value)) if how.long else ("text", said(how, value, lists))


def _cell(how: Ask, row: Mapping[str, Any], name: str, lists: Lists) -> str:
    return "" if row.get(name) in (None, "") else say(said(how, row[name], lists))


def _rows(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [line for line in str(value).splitlines() if line.strip()]


def _keys(how: Ask, value: Mapping[str, Any], lists: Lists) -> Iterator[tuple[str, Words]]:
    listed = lists.get(how.choices, ()) if isinstance(how.choices, str) else ()
    known = {one.value: one.label for one in listed} if isinstance(listed, Sequence) else {}
    order = [*(key for key in known if key in value), *(key for key in value if key not in known)]
    yield from ((key, known.get(key, key)) for key in order)


def _row(one: Any) -> str:
    """Return an item of a list on one line, the parts of one that has several behind each other."""
    return ", ".join(_date_or(str(part)) for part in one.values() if part) if isinstance(one, Mapping) else str(one)


def said(how: Ask, value: Any, lists: Lists) -> Words:
    """Return a single value in words: a choice by its name, a date in figures, a tick as yes."""
    if known := chosen(lists.get(how.choices) if isinstance(how.choices, str) else how.choices, [value]):
        return known[str(value)].label
    if isinstance(value, bool):
        return N_("да") if value else ""
    return _date_or(str(value))


def _date_or(text: str) -> str:
    try:
        return f"{parse_date(text):%d.%m.%Y}" if len(text) == len("2026-11-23") else text
    except ValueError:
        return text


def changes(
    kind: type[Sheet], old: tuple[Mapping[str, Any], list[Any]], new: tuple[Mapping[str, Any], list[Any]], lists: Lists
) -> list[Sentence]:
    """Say what changed from one frozen version to the next, each a form and its list of files."""
    return [*_files_changed(old[1], new[1]), *_fields_changed(kind, old[0], new[0], lists)]


def _files_changed(old: list[Any], new: list[Any]) -> Iterator[Sentence]:
    before, after = {one["id"]: one for one in old}, {one["id"]: one for one in new}
    for id_, file in after.items():
        if id_ not in before:
            yield N_("Добавлен файл «%(name)s»", name=file["name"])
        elif file["name"] != before[id_]["name"]:
            yield N_("Файл «%(old)s» теперь называется «%(new)s»", old=before[id_]["name"], new=file["name"])
    for id_, file in before.items():
        if id_ not in after:
            yield N_("Убран файл «%(name)s»", name=file["name"])


def _fields_changed(
    kind: type[Sheet], old: Mapping[str, Any], new: Mapping[str, Any], lists: Lists
) -> Iterator[Sentence]:
    known = asks(kind)
    for name, how in known.items():
        first, second = old.get(name), new.get(name)
        if first == second or (not first and not second):
            continue
        words = [said(how, one, lists) if one not in (None, "") else "—" for one in (first, second)]
        if all(isinstance(one, (str, int, type(None))) for one in (first, second)) and all(
            len(str(one)) <= SHORT for one in words
        ):
            yield N_("%(label)s: было «%(old)s», стало «%(new)s»", label=how.label, old=words[0], new=words[1])
        else:
            yield N_("Изменено поле «%(label)s»", label=how.label)
