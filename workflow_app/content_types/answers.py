"""Questions that a record asks and its parts answer: a small list of fields, and the form that is made of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from workflow_app.errors import N_
from workflow_app.states.forms import Choice, Sheet, ask
from workflow_app.states.forms.serialize import to_json

KINDS: Final = (
    Choice("text", N_("текст")), Choice("number", N_("число")), Choice("date", N_("дата")), Choice("flag", N_("да или нет")),
)  # fmt: skip
_YES_NO: Final = (Choice("да", N_("да")), Choice("нет", N_("нет")))
_HELD: Final[Mapping[str, Any]] = {"number": Decimal | None, "date": date | None}
_KEPT: Final = 200  # forms that are kept made


@dataclass(frozen=True, kw_only=True)
class Question(Sheet):
    """One thing that is asked: its name, what the answer is, whether it may stay empty."""

    name: str = ask(N_("Название поля"), least=2, most=200)
    held: str = ask(N_("Вид"), choices=KINDS)
    optional: bool = ask(N_("Можно не заполнять"), required=False, default=False)


@dataclass(frozen=True, slots=True)
class Answers:
    """The act ``act`` of a part answers what its whole asks in the field ``asked``; ``told`` keeps it, by the names of the questions.

    ``what`` is the field of the whole that says in words what is wanted.
    """

    act: str = "answer"
    asked: str = "asked"
    told: str = "told"
    what: str = "what"


def form_for(asked: Iterable[Mapping[str, Any]]) -> type[Sheet]:
    """Return the sheet that asks these questions, each in a field of its own, ``a0`` for the first."""
    return _form(tuple((one["name"], one["held"], bool(one["optional"])) for one in asked))


@lru_cache(maxsize=_KEPT)
def _form(asked: tuple[tuple[str, str, bool], ...]) -> type[Sheet]:
    fields = []
    for number, (name, held, optional) in enumerate(asked):
        plain = {"choices": _YES_NO, "widget": "radio"} if held == "flag" else {"most": 1000} if held == "text" else {}
        how = ask(N_(name), required=not optional, default="" if held in ("text", "flag") else None, **plain)
        fields.append((f"a{number}", _HELD.get(held, str), how))
    made: type[Sheet] = dataclasses.make_dataclass(
        "Asked", fields, bases=(Sheet,), frozen=True, kw_only=True, namespace={"__module__": __name__, "__doc__": "What a record asks."}
    )  # fmt: skip
    return made


def told_by(asked: Iterable[Mapping[str, Any]], filled: Sheet) -> dict[str, str]:
    """Return the answers of a filled form by the names of the questions, as they are kept: days as ISO, nothing as empty text."""
    values = to_json(filled)
    return {one["name"]: str(values[f"a{number}"] or "") for number, one in enumerate(asked)}


def typed_again(asked: Iterable[Mapping[str, Any]], told: Mapping[str, str]) -> dict[str, str]:
    """Return kept answers as the form begins with them."""
    return {f"a{number}": told.get(one["name"], "") for number, one in enumerate(asked)}
