"""Questions that a record asks and its parts answer: a small list of fields, and the form that is made of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
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
    """One thing that is asked: its name, what the answer is, whether it may stay empty.

    ``key``: the name with which it was first asked. Answers are kept by it, so a question may be called otherwise and stand elsewhere.
    """

    name: str = ask(N_("Название поля"), least=2, most=200)
    held: str = ask(N_("Вид"), choices=KINDS)
    optional: bool = ask(N_("Можно не заполнять"), required=False, default=False)
    key: str = ask(N_("Первое название поля"), required=False, most=200, default="", widget="hidden")

    def __post_init__(self) -> None:
        """A new question is kept by the name that it has."""
        object.__setattr__(self, "key", self.key or self.name)


def key_of(question: Mapping[str, Any]) -> str:
    """Return by what the answers to a kept question are found; questions of older requests have no key beside their name."""
    return str(question.get("key") or question["name"])


@dataclass(frozen=True, slots=True)
class Answers:
    """The act ``act`` of a part answers what its whole asks in the field ``asked``; ``told`` keeps it, by the keys of the questions.

    ``what`` is the field of the whole that says in words what is wanted.
    """

    act: str = "answer"
    asked: str = "asked"
    told: str = "told"
    what: str = "what"


def form_for(asked: Iterable[Mapping[str, Any]]) -> type[Sheet]:
    """Return the sheet that asks these questions, each in a field of its own that stays the same wherever the question stands."""
    return _form(tuple((field_of(one), one["name"], one["held"], bool(one["optional"])) for one in asked))


def field_of(question: Mapping[str, Any]) -> str:
    """Return the name of the field of a question in the form."""
    return f"a{sha256(key_of(question).encode()).hexdigest()[:12]}"


@lru_cache(maxsize=_KEPT)
def _form(asked: tuple[tuple[str, str, str, bool], ...]) -> type[Sheet]:
    fields = []
    for field, name, held, optional in asked:
        plain = {"choices": _YES_NO, "widget": "radio"} if held == "flag" else {"most": 1000} if held == "text" else {}
        how = ask(N_(name), required=not optional, default="" if held in ("text", "flag") else None, **plain)
        fields.append((field, _HELD.get(held, str), how))
    made: type[Sheet] = dataclasses.make_dataclass(
        "Asked", fields, bases=(Sheet,), frozen=True, kw_only=True, namespace={"__module__": __name__, "__doc__": "What a record asks."}
    )  # fmt: skip
    return made


def told_by(asked: Iterable[Mapping[str, Any]], filled: Sheet, before: Mapping[str, str]) -> dict[str, str]:
    """Return the answers of a filled form as they are kept: days as ISO, nothing as empty text.

    ``before``: what was answered earlier; the answer to a question that is asked no more stays.
    """
    values = to_json(filled)
    return {**before, **{key_of(one): str(values[field_of(one)] or "") for one in asked}}


def typed_again(asked: Iterable[Mapping[str, Any]], told: Mapping[str, str]) -> dict[str, str]:
    """Return kept answers as the form begins with them."""
    return {field_of(one): told.get(key_of(one), "") for one in asked}
