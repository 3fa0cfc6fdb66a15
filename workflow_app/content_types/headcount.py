"""How many teachers an organisation has in a school year: the number with its form and its day, for shares to be reckoned from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workflow_app.content_types.behaviors import FileKind, Files, Once
from workflow_app.content_types.declaration import ContentType, Listing, OfRecord, record_workflow
from workflow_app.content_types.shared import KEEPERS, OFFICER, STAFF
from workflow_app.errors import N_
from workflow_app.states.forms import Choice, Problems, ask, rule

SOURCES = (
    Choice("oo1", N_("ОО-1")), Choice("85k", N_("85-К")), Choice("1dop", N_("1-ДОП")), Choice("other", N_("другой источник")),
)  # fmt: skip
WAYS = (
    Choice("entered", N_("введено")), Choice("imported", N_("загружено таблицей")), Choice("collected", N_("собрано запросом сведений")),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Headcount(OfRecord):
    """The teachers of an organisation in the school year that begins in ``year``, as a form of a day tells them."""

    organization_id: int = ask(N_("Организация"), refers="organization", stands="school_officer")
    year: int = ask(N_("Начало учебного года"), least=2000, most=2100, help=N_("Год, в котором он начался: 2025 для 2025/26."),
                    heads=("Год", "Учебный год"))  # fmt: skip
    teachers: int = ask(N_("Педагогов"), least=0, most=5000, heads=("Численность педагогов", "Количество педагогов"))
    on: date = ask(N_("На какую дату"))
    source: str = ask(N_("Источник"), choices=SOURCES)
    source_name: str = ask(
        N_("Уточнение источника"), required=False, most=200, default="", help=N_("Если это не ОО-1, 85-К и не 1-ДОП.")
    )
    way: str = ask(N_("Как получено"), choices=WAYS, default="entered", required=False)

    @rule
    def says_its_source(self) -> Problems:
        """A number without its form is nobody's."""
        wrong = self.source == "other" and not self.source_name
        return {"source_name": (N_("Назовите источник."),)} if wrong else {}


HEADCOUNT = ContentType(
    key="headcount", titles=(N_("Численность педагогов"), N_("Численность педагогов"), N_("Внести численность")), sheet=Headcount,
    title="organization_id",
    about=N_("Сколько педагогов в организации по отчёту и на какой день. От этого числа считаются доли в показателях."),
    workflow=record_workflow("headcount", N_("Численность педагогов"), Headcount, sees=STAFF | OFFICER, keeps=KEEPERS | OFFICER),
    behaviors=(Once(("organization_id", "year")), Files((FileKind("form", N_("Отчёт организации"), 3),))),
    group="programme", icon="users", aside=True,
    listing=Listing(("organization_id", "year", "teachers", "on", "source", "source_name"), ("state", "source", "way"),
                    ("source_name",), "-year"),
)  # fmt: skip
