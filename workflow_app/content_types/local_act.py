"""Local acts of the centre, and who has read them («Ознакомлен(а)»)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workflow_app.content_types.awaited import Awaits, Letter
from workflow_app.content_types.behaviors import FileKind, Files, Issues, Paper, Published
from workflow_app.content_types.declaration import ContentType, Listing, OfRecord, SchoolYear, record_workflow
from workflow_app.content_types.shared import KEEPERS, STAFF, plan_item
from workflow_app.errors import N_
from workflow_app.states.forms import Choice, Nothing, ask
from workflow_app.states.standings import by_name
from workflow_app.states.vocabulary import Guard, State, Target, Tone, Transition

ACTS = (
    Choice("regulation", N_("положение")), Choice("order", N_("приказ")), Choice("programme", N_("программа")),
    Choice("plan", N_("план")), Choice("rules", N_("регламент, порядок")), Choice("instruction", N_("инструкция")),
)  # fmt: skip
READER = by_name("reader", N_("кто знакомится"))


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


@dataclass(frozen=True, kw_only=True)
class Acquaintance(OfRecord):
    """One person who has to read the act."""

    person_id: int = ask(N_("Кто знакомится"), refers="person", stands="reader", unique=True)
    until: date | None = ask(N_("До какого дня"), required=False, default=None)


@dataclass(frozen=True, kw_only=True)
class ReadOnPaper(OfRecord):
    """A signature on the paper list of acquaintance."""

    on: date = ask(N_("Дата подписи на листе"))


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
ACQUAINTANCE = ContentType(
    key="acquaintance", within="local_act", titles=(N_("Ознакомление"), N_("Ознакомлены"), N_("Кого ознакомить")),
    sheet=Acquaintance, title="person_id", about=N_("Внесите, кто должен прочитать акт: каждый отметит это сам или распишется на листе."),
    workflow=record_workflow(
        "acquaintance", N_("Ознакомление"), Acquaintance, sees=STAFF | {READER}, keeps=KEEPERS, serves=N_("Не ознакомлен(а)"),
        tone="waiting",
        states=(State("read", N_("Ознакомлен(а)"), N_("Ознакомлен(а)"), {}, tone="good"),),
        transitions=(
            Transition("acquaint", N_("Ознакомлен(а)"), ("active",), Guard(frozenset({READER})), (Target("read"),), asks=Nothing,
                       tone=Tone.PRIMARY, past=N_("Ознакомлен(а)")),
            Transition("acquaint_on_paper", N_("Подпись на листе"), ("active",), Guard(KEEPERS), (Target("read"),), asks=ReadOnPaper,
                       past=N_("Ознакомлен(а) под подпись на листе")),
        ),
    ),
    behaviors=(Files((FileKind("signed", N_("Лист с подписью"), 1),)),),
    listing=Listing(("person_id", "until", "state"), ("state",), (), "id"),
    presses=frozenset({"acquaint"}), many="person_id",
    awaits=(Awaits("acquaint", (READER,), N_("Ознакомиться с актом"), due="until", remind=(-3, 1)),),
    letters=(
        Letter("begin", frozenset({READER}), "Ознакомьтесь с документом: %(called)s",
               ("Центр просит вас прочитать документ «%(called)s» и отметить это в системе.", "Сделайте это до %(until)s включительно."),
               "вас внесли в лист ознакомления с этим документом."),
    ),
)  # fmt: skip
