"""The case form in words, as the expert reads it: sections, labels, what was given; empty fields left out."""

from __future__ import annotations

import typing
from collections.abc import Mapping
from datetime import date
from typing import Any

from workflow_app.case_types.registry import case_type
from workflow_app.errors import N_
from workflow_app.states.sheets import Ask, Lists, Sheet, asks, choices_of, hints
from workflow_app.store.models import Case
from workflow_app.web.texts import day, say

# Said elsewhere on the page, or a formality of the submission that is no matter of the review.
_UNSAID = frozenset({"title", "declaration_authorship", "no_minors_data", "publish", "links"})


def form_words(case: Case, form: Mapping[str, Any], lists: Lists) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the case form in words: (section, [(label, text)]), empty fields left out."""
    kind = case_type(case.type).form
    found: list[tuple[str, list[tuple[str, str]]]] = []
    for name, how in asks(kind).items():
        if how.section or not found:
            found.append((say(how.section) if how.section else "", []))
        if name in _UNSAID or how.server:
            continue
        if isinstance(form.get(name), Mapping):
            titles = {one.value: say(one.label) for one in choices_of(how, lists) or ()}
            found[-1][1].extend((titles.get(key, key), str(text)) for key, text in form[name].items() if text)
        elif text := _said(hints(kind)[name], how, form.get(name), lists):
            found[-1][1].append((say(how.label), text))
    return [(section, rows) for section, rows in found if rows]


def _said(hint: Any, how: Ask, value: Any, lists: Lists) -> str:
    if value in (None, "", [], False):
        return ""
    if value is True:
        return say(N_("да"))
    if isinstance(value, list):
        item = typing.get_args(hint)[0] if typing.get_args(hint) else str
        return "\n".join(_row(item, one, lists) for one in value)
    choices = choices_of(how, lists)
    if choices is not None:
        return next((say(one.label) for one in choices if one.value == str(value)), str(value))
    if date in (hint, *typing.get_args(hint)):
        return day(date.fromisoformat(str(value)))
    return str(value)


def _row(item: Any, one: Any, lists: Lists) -> str:
    if isinstance(item, type) and issubclass(item, Sheet) and isinstance(one, Mapping):
        parts = (_said(hints(item)[name], how, one.get(name), lists) for name, how in asks(item).items())
        return ", ".join(part for part in parts if part)
    return str(one)
