"""Local acts of the centre, and who has read them («Ознакомлен(а)»)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workflow_app.content_types.acquaintance import READER, acquaintance
from workflow_app.content_types.behaviors import FileKind, Files, Issues, Paper, Published
from workflow_app.content_types.declaration import ContentType, Listing, OfRecord, SchoolYear, record_workflow
from workflow_app.content_types.shared import KEEPERS, STAFF, plan_item
from workflow_app.errors import N_, Sentence
from workflow_app.states.forms import Choice, ask
from workflow_app.states.vocabulary import Facts, Guard, State, Target, Transition

ACTS = (
    Choice("regulation", N_("положение")), Choice("order", N_("приказ")), Choice("programme", N_("программа")),
    Choice("plan", N_("план")), Choice("rules", N_("регламент, порядок")), Choice("instruction", N_("инструкция")),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class LocalAct(OfRecord):
    """A local act in force."""

    title: str = ask(N_("Название"), least=5, most=300)
    act_kind: str = ask(N_("Вид акта"), choices=ACTS)
    paper: str = ask(N_("Номер"), most=100)
    on: date = ask(N_("Дата"))
    edition: int = ask(N_("Редакция"), least=1, most=99, default=1, required=False)
    plan_item_id: int | None = plan_item()
    ground: str = ask(N_("Основание"), required=False, most=500, default="", long=True)
    link: str = ask(N_("Где опубликован"), required=False, most=500, default="")
    replaces_id: int | None = ask(
        N_("Заменяет"), refers="local_act", required=False, default=None,
        help=N_("Прежний акт или его прежняя редакция. Он утратит силу с даты нового."),
    )  # fmt: skip
    repealed_on: date | None = ask(N_("Утратил силу с"), server=True, required=False, default=None)


@dataclass(frozen=True, kw_only=True)
class RepealAct(OfRecord):
    """An act is in force no more, from a day on; by what, if anything says so."""

    repealed_on: date = ask(N_("Утратил силу с"))
    why: str = ask(
        N_("Чем отменён"), required=False, most=500, default="", help=N_("Например: приказом от 12.11.2026 № 87.")
    )


@dataclass(frozen=True, kw_only=True)
class ReinstateAct(OfRecord):
    """An act is in force after all."""


def _summary(facts: Facts) -> tuple[Sentence, ...]:
    since = facts.values["repealed_on"]
    return (N_("утратил силу с %(day)s", day=f"{since:%d.%m.%Y}"),) if since else ()


LOCAL_ACT = ContentType(
    key="local_act", titles=(N_("Локальный акт"), N_("Локальные акты"), N_("Новый локальный акт")), sheet=LocalAct, title="title",
    about=N_("Здесь реестр положений, приказов и регламентов центра, и кто с ними ознакомлен."),
    workflow=record_workflow(
        "local_act", N_("Локальный акт"), LocalAct, sees=STAFF | {READER}, keeps=KEEPERS,
        states=(State("repealed", N_("Утратил силу"), N_("Утратил силу"), {}, tone="done"),),
        transitions=(
            Transition("repeal", N_("Утратил силу"), ("active",), Guard(KEEPERS), (Target("repealed"),), asks=RepealAct,
                       past=N_("Акт утратил силу")),
            Transition("reinstate", N_("Вернуть в действие"), ("repealed",), Guard(KEEPERS), (Target("active"),), asks=ReinstateAct,
                       past=N_("Акт снова действует")),
        ),
    ),
    behaviors=(SchoolYear(by="on"),
               Files((FileKind("text", N_("Текст акта")), FileKind("scan", N_("Скан с подписью и печатью"), 3))),
               Published(("title", "act_kind", "paper", "on", "edition", "ground", "link"), ("text",)),
               Issues((Paper("acquaintance_sheet", N_("Лист ознакомления")),))),
    group="documents", icon="file-text", summary=_summary,
    listing=Listing(("title", "act_kind", "paper", "on"), ("state", "act_kind"), ("title", "paper"), "-on"),
)  # fmt: skip
ACQUAINTANCE = acquaintance(
    "acquaintance", "local_act", N_("Ознакомиться с актом"),
    N_("Внесите, кто должен прочитать акт: каждый отметит это сам или распишется на листе."),
)  # fmt: skip
