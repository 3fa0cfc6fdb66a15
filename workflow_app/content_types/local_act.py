"""Local acts of the centre, and who has read them («Ознакомлен(а)»)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workflow_app.content_types.acquaintance import READER, acquaintance
from workflow_app.content_types.behaviors import FileKind, Files, Issues, Paper, Published
from workflow_app.content_types.declaration import ContentType, Listing, OfRecord, SchoolYear, record_workflow
from workflow_app.content_types.shared import KEEPERS, STAFF, plan_item
from workflow_app.errors import N_
from workflow_app.states.forms import Choice, ask

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


LOCAL_ACT = ContentType(
    key="local_act", titles=(N_("Локальный акт"), N_("Локальные акты"), N_("Новый локальный акт")), sheet=LocalAct, title="title",
    about=N_("Здесь реестр положений, приказов и регламентов центра, и кто с ними ознакомлен."),
    workflow=record_workflow("local_act", N_("Локальный акт"), LocalAct, sees=STAFF | {READER}, keeps=KEEPERS),
    behaviors=(SchoolYear(by="on"),
               Files((FileKind("text", N_("Текст акта")), FileKind("scan", N_("Скан с подписью и печатью"), 3))),
               Published(("title", "act_kind", "paper", "on", "edition", "ground", "link"), ("text",)),
               Issues((Paper("acquaintance_sheet", N_("Лист ознакомления")),))),
    group="documents", icon="file-text",
    listing=Listing(("title", "act_kind", "paper", "on"), ("state", "act_kind"), ("title", "paper"), "-on"),
)  # fmt: skip
ACQUAINTANCE = acquaintance(
    "acquaintance", "local_act", N_("Ознакомиться с актом"),
    N_("Внесите, кто должен прочитать акт: каждый отметит это сам или распишется на листе."),
)  # fmt: skip
