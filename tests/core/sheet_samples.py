"""Sheets with every kind of field, for the tests of filling and recording."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from workflow_app.errors import N_
from workflow_app.states.forms import Choice, Problems, Sheet, ask, rule

LABEL = N_("Поле")
WAYS = (Choice("post", N_("почтой")), Choice("1", N_("первый")))
LISTS = {"named": (Choice("a", N_("а")), Choice("b", N_("б")))}


@dataclass(frozen=True, kw_only=True)
class Row(Sheet):
    """A nested row."""

    text: str = ask(LABEL, least=3, most=10)
    on: date | None = ask(LABEL, required=False, default=None)


@dataclass(frozen=True, kw_only=True)
class Everything(Sheet):
    """Every type that a sheet may hold."""

    text: str = ask(LABEL, least=3, most=20)
    long: str = ask(LABEL, required=False, most=10_000, long=True, default="")
    flag: bool = ask(LABEL, required=False, default=False)
    number: int = ask(LABEL, least=0, most=100)
    maybe: int | None = ask(LABEL, required=False, default=None)
    weight: Decimal = ask(LABEL, least=0, most=10)
    on: date = ask(LABEL)
    way: str = ask(LABEL, choices=WAYS, required=False, default="")
    named: str = ask(LABEL, choices="named", required=False, default="")
    words: tuple[str, ...] = ask(LABEL, required=False, most=3, default=())
    numbers: tuple[int, ...] = ask(LABEL, required=False, default=())
    rows: tuple[Row, ...] = ask(LABEL, required=False, most=2, default=())
    keyed: Mapping[str, str] = ask(LABEL, required=False, most=30, choices="named", default=None)
    keyed_rows: Mapping[str, Row] = ask(LABEL, required=False, default=None)
    digest: str = ask(LABEL, required=False, server=True, default="")

    @rule
    def post_carries_little(self) -> Problems:
        """Look at two fields together."""
        return {"way": (N_("Почтой чисел не шлют."),)} if self.way == "post" and self.number > 50 else {}


@dataclass(frozen=True, kw_only=True)
class Agreed(Sheet):
    """A box that has to be ticked."""

    agreed: bool = ask(LABEL)


@dataclass(frozen=True, kw_only=True)
class Needed(Sheet):
    """Lists and mappings that have to hold something."""

    rows: tuple[Row, ...] = ask(LABEL, least=2, most=3)
    keyed: Mapping[str, str] = ask(LABEL)


GOOD = {"text": "текст", "number": "7", "weight": "1,5", "on": "23.11.2026"}
