"""What was submitted, in words: the fields of a case form and its attachments, for pages that speak of them one by one."""

from __future__ import annotations

import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from workflow_app.case_types.registry import case_type
from workflow_app.db.models import Case, CaseFile
from workflow_app.errors import N_, Sentence
from workflow_app.states.forms import Ask, Lists, Sheet, asks, choices_of, chosen, hints, parse_date

YES, NO = N_("да"), N_("нет")


@dataclass(frozen=True, slots=True)
class Told:
    """One field or kind of attachment: ``key`` as in the list ``form_fields``, what was given, the files of that kind."""

    key: str
    label: Sentence
    section: Sentence | None
    said: tuple[Sentence | str, ...] = ()
    files: tuple[CaseFile, ...] = ()
    wanted: bool = False  # required or expected, and not there


def told_fields(case: Case, lists: Lists) -> list[Told]:
    """Return the fields of the case form in their order, with the submitted values in words."""
    form, section, found = case_type(case.type).form, None, []
    for name, how in asks(form).items():
        section = how.section or section
        said = tuple(_words(hints(form)[name], how, case.form.get(name), lists))
        found.append(Told(name, how.label, section, said, wanted=not said and how.is_needed(case.form)))
    return found


def told_files(case: Case) -> list[Told]:
    """Return the kinds of attachments of the case type, with the files of each."""
    attached = [one for one in case.files if one.state == "attached"]
    found = []
    for kind in case_type(case.type).attachments:
        files = tuple(one for one in attached if one.attachment == kind.key)
        wanted = not files and (kind.required(case.form) or kind.expected(case.form))
        found.append(Told(f"attachment:{kind.key}", kind.title, N_("Приложения"), files=files, wanted=wanted))
    return found


def _words(hint: typing.Any, how: Ask, value: typing.Any, lists: Lists) -> Iterator[Sentence | str]:
    base = next((one for one in typing.get_args(hint) if one is not type(None)), hint) if _optional(hint) else hint
    if base is bool:
        yield YES if value else NO
    elif value is None or value in ("", [], {}):
        return
    elif isinstance(value, Mapping):
        titles = {key: one.label for key, one in chosen(choices_of(how, lists), value).items()}
        yield from (
            N_("%(title)s: %(text)s", title=titles.get(key, key), text=text) for key, text in value.items() if text
        )
    elif isinstance(value, (list, tuple)):
        yield from (_row(typing.get_args(base)[0], one) for one in value)
    else:
        known = chosen(choices_of(how, lists), [value])
        yield known[str(value)].label if known else _dated(value, how)


def _optional(hint: typing.Any) -> bool:
    return type(None) in typing.get_args(hint)


def _row(item: typing.Any, value: typing.Any) -> str:
    """Return one row of a list: a text, or the parts of a small sheet with commas."""
    if isinstance(item, type) and issubclass(item, Sheet) and isinstance(value, Mapping):
        return ", ".join(_dated(value[name], how) for name, how in asks(item).items() if value.get(name))
    return str(value)


def _dated(value: typing.Any, how: Ask) -> str:
    """Return a stored value as text; ISO dates in the Russian habit, long texts as they are."""
    if isinstance(value, str) and not how.long and len(value) == len("2026-11-23"):
        try:
            return f"{parse_date(value):%d.%m.%Y}"
        except ValueError:
            return value
    return str(value)
