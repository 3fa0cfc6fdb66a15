"""What a meeting decided for somebody to carry out: given with one press after it, then that person's task until it is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workflow_app.content_types.awaited import Awaits, Letter
from workflow_app.content_types.declaration import ContentType, Listing, OfRecord, record_workflow
from workflow_app.content_types.meeting_course import DOES, EXECUTOR, HELD, SEES, WAS_HELD
from workflow_app.content_types.shared import RESPONSIBLE, plan_item
from workflow_app.errors import N_
from workflow_app.states.forms import ask
from workflow_app.states.vocabulary import Guard, State, Target, Tone, Transition, Who


@dataclass(frozen=True, kw_only=True)
class MeetingDecision(OfRecord):
    """A point of a decision that somebody has to carry out until a day."""

    title: str = ask(N_("Что сделать"), least=5, most=1000, long=True)
    person_id: int | None = ask(N_("Ответственный"), refers="person", stands="executor", required=False, default=None)
    until: date | None = ask(N_("Срок"), required=False, default=None)
    item: int | None = ask(
        N_("№ вопроса"), required=False, least=1, most=99, default=None, help=N_("К какому вопросу повестки относится.")
    )
    plan_item_id: int | None = plan_item()
    outcome: str = ask(N_("Что сделано"), server=True, required=False, default="")


@dataclass(frozen=True, kw_only=True)
class DecisionDone(OfRecord):
    """What was done of a decision."""

    outcome: str = ask(N_("Что сделано"), least=3, most=2000, long=True)


MEETING_DECISION = ContentType(
    key="meeting_decision", within="meeting", titles=(N_("Поручение"), N_("Поручения"), N_("Добавить поручение")), sheet=MeetingDecision,
    title="title", about=N_("Внесите, кто что делает и к какому сроку: после заседания одно нажатие сделает это задачами."),
    workflow=record_workflow(
        "meeting_decision", N_("Поручение"), MeetingDecision, sees=SEES | {EXECUTOR}, keeps=DOES, serves=N_("Внесено"), tone="waiting",
        away=N_("Снято"),
        states=(State("given", N_("Поручено"), N_("Поручено"), {}, tone="work"),
                State("done", N_("Выполнено"), N_("Выполнено"), {}, tone="good")),
        transitions=(
            Transition("entrust", N_("Поручить"), ("active",), Guard(DOES, when=(WAS_HELD,)), (Target("given"),), tone=Tone.PRIMARY,
                       past=N_("Поручено исполнителю")),
            Transition("carry_out", N_("Выполнено"), ("given",), Guard(DOES | {EXECUTOR}), (Target("done"),), asks=DecisionDone,
                       tone=Tone.PRIMARY, past=N_("Поручение выполнено")),
            Transition("give_back", N_("Вернуть в работу"), ("done",), Guard(DOES), (Target("given"),),
                       past=N_("Поручение возвращено в работу")),
        ),
    ),
    listing=Listing(("item", "title", "person_id", "until", "outcome"), ("state",), ("title",), "id"), presses=frozenset({"entrust"}),
    awaits=(
        Awaits("carry_out", (EXECUTOR, RESPONSIBLE, Who.COORDINATOR), N_("Выполнить решение заседания"), due="until", remind=(-3, 1),
               whole=HELD),
    ),
    letters=(
        Letter("entrust", frozenset({EXECUTOR}), "Вам поручено",
               ("Решением заседания «%(called)s» вам поручено: %(title)s", "Сделайте это до %(until)s включительно."),
               "вы ответственный за исполнение этого решения."),
    ),
)  # fmt: skip
