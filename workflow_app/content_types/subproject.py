"""Projects within the programme, each with an owner of its own and a defence («разработка и защита отдельных проектов»)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workflow_app.content_types.behaviors import FileKind, Files
from workflow_app.content_types.declaration import ContentType, Listing, OfRecord, SchoolYear, record_workflow
from workflow_app.content_types.shared import KEEPERS, RESPONSIBLE, STAFF, plan_item
from workflow_app.errors import N_
from workflow_app.states.forms import ask
from workflow_app.states.vocabulary import Guard, State, Target, Tone, Transition


@dataclass(frozen=True, kw_only=True)
class Subproject(OfRecord):
    """A project within the programme, with an owner of its own, and how its defence ended."""

    title: str = ask(N_("Название"), least=5, most=300, unique=True)
    owner_id: int = ask(N_("Руководитель"), refers="person", stands="responsible")
    plan_item_id: int | None = plan_item()
    since: date = ask(N_("Начало"))
    until: date | None = ask(N_("Завершение"), required=False, default=None)
    goal: str = ask(N_("Цель и продукт"), least=10, most=2000, long=True)
    case_id: int | None = ask(N_("Дело экспертизы"), refers="case", required=False, default=None)
    defended_on: date | None = ask(N_("Дата защиты"), server=True, required=False, default=None)
    verdict: str = ask(N_("Решение о защите"), server=True, required=False, default="")


@dataclass(frozen=True, kw_only=True)
class SubprojectDefended(OfRecord):
    """The defence of a project: when, and what was decided."""

    defended_on: date = ask(N_("Дата защиты"))
    verdict: str = ask(N_("Решение"), least=3, most=1000, long=True)


SUBPROJECT = ContentType(
    key="subproject", titles=(N_("Проект программы"), N_("Проекты программы"), N_("Новый проект программы")), sheet=Subproject,
    title="title", about=N_("Здесь отдельные проекты внутри программы: руководитель, цель, защита."),
    workflow=record_workflow(
        "subproject", N_("Проект программы"), Subproject, sees=STAFF | {RESPONSIBLE}, keeps=KEEPERS, serves=N_("Разрабатывается"),
        states=(State("defended", N_("Защищён"), N_("Защищён"), {}, tone="good"),
                State("rejected", N_("Не защищён"), N_("Не защищён"), {}, tone="stopped")),
        transitions=(
            Transition("defend", N_("Защищён"), ("active", "rejected"), Guard(KEEPERS), (Target("defended"),), asks=SubprojectDefended,
                       tone=Tone.PRIMARY, past=N_("Проект защищён")),
            Transition("reject", N_("Не защищён"), ("active",), Guard(KEEPERS), (Target("rejected"),), asks=SubprojectDefended,
                       past=N_("Проект не защищён")),
        ),
    ),
    behaviors=(SchoolYear(by="since"),
               Files((FileKind("project", N_("Проект")), FileKind("proof", N_("Материалы защиты"))),
                     KEEPERS | {RESPONSIBLE})),
    group="programme", icon="folder", aside=True,
    listing=Listing(("title", "owner_id", "since", "until"), ("state", "plan_item_id"), ("title", "goal"), "-since"),
)  # fmt: skip
