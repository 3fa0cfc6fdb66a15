"""The plan of the centre's programme: its items with term, state and result; what confirms each are its parts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workflow_app.content_types.awaited import Awaits
from workflow_app.content_types.behaviors import FileKind, Files
from workflow_app.content_types.declaration import ContentType, Listing, OfRecord, SchoolYear, record_workflow
from workflow_app.content_types.shared import KEEPERS, RESPONSIBLE, STAFF
from workflow_app.errors import N_, Sentence
from workflow_app.states.forms import Choice, Problems, Sheet, ask, rule
from workflow_app.states.vocabulary import Facts, Guard, State, Target, Tone, Transition, Who

STAGES = (
    Choice("1", N_("1 этап, организационно-подготовительный")), Choice("2", N_("2 этап, внедренческий")),
    Choice("3", N_("3 этап, результативно-обобщающий")),
)  # fmt: skip
OPEN, FINISHED = ("active", "moved"), ("done", "partly", "missed")
"""The states of an item that is still to be done, and of one of which is said how it ended."""
DOES = KEEPERS | {RESPONSIBLE}


@dataclass(frozen=True, kw_only=True)
class PlanItem(OfRecord):
    """What is to be done, until when, by whom, with what result. ``until`` is the term in force, ``baseline`` that of before a move."""

    code: str = ask(N_("№ в программе"), required=False, most=20, default="", help=N_("Как в плане, например 2.4."))
    title: str = ask(N_("Мероприятие"), least=5, most=500)
    stage: str = ask(N_("Этап"), choices=STAGES)
    since: date | None = ask(N_("Начало"), required=False, default=None)
    until: date | None = ask(N_("Срок"), required=False, default=None)
    place: str = ask(N_("Место"), required=False, most=300, default="")
    responsible_id: int | None = ask(
        N_("Ответственный"), refers="person", stands="responsible", required=False, default=None
    )
    expected: str = ask(N_("Ожидаемый результат, продукт"), required=False, most=2000, default="", long=True)
    at_least: int | None = ask(
        N_("Подтверждений не меньше"), required=False, least=1, most=1000, default=None,
        help=N_("Число, которое называет программа: например, не менее одного выступления."),
    )  # fmt: skip
    baseline: date | None = ask(N_("Срок до переноса"), server=True, required=False, default=None)
    done_on: date | None = ask(N_("Выполнено, дата"), server=True, required=False, default=None)
    outcome: str = ask(N_("Что сделано"), server=True, required=False, default="")
    reason: str = ask(N_("Причина отклонения"), server=True, required=False, default="")
    ground: str = ask(N_("Основание переноса"), server=True, required=False, default="")

    @rule
    def begins_before_it_ends(self) -> Problems:
        """A term lies behind its beginning; it may lie outside its stage, as in the programme itself."""
        wrong = self.since is not None and self.until is not None and self.until < self.since
        return {"until": (N_("Срок раньше начала."),)} if wrong else {}


@dataclass(frozen=True, kw_only=True)
class ItemDone(OfRecord):
    """It was done."""

    done_on: date = ask(N_("Когда выполнено"))
    outcome: str = ask(N_("Что сделано"), least=3, most=2000, long=True)


@dataclass(frozen=True, kw_only=True)
class ItemDonePartly(ItemDone):
    """It was done in part."""

    reason: str = ask(N_("Что не сделано и почему"), least=3, most=1000, long=True)


@dataclass(frozen=True, kw_only=True)
class ItemMissed(OfRecord):
    """It was not done; why."""

    reason: str = ask(N_("Причина"), least=3, most=1000, long=True)


@dataclass(frozen=True, kw_only=True)
class ItemMoved(Sheet):
    """Another term, and on what ground: the one of before is kept beside it."""

    until: date = ask(N_("Новый срок"))
    ground: str = ask(N_("Основание"), least=3, most=1000, long=True, help=N_("Решение, дата, номер."))


def _summary(facts: Facts) -> tuple[Sentence, ...]:
    until, late = facts.values["until"], facts.values["until"] is not None and facts.values["until"] < facts.today
    said = [N_("срок %(day)s", day=f"{until:%d.%m.%Y}")] if until else [N_("срок не назван")]
    if facts.values["baseline"]:
        said.append(N_("перенесено с %(day)s", day=f"{facts.values['baseline']:%d.%m.%Y}"))
    return (*said, N_("просрочено")) if late and facts.state in OPEN else tuple(said)


PROOF = (FileKind("proof", N_("Подтверждение")),)

PLAN_ITEM = ContentType(
    key="plan_item", titles=(N_("Мероприятие плана"), N_("План программы"), N_("Новое мероприятие плана")), sheet=PlanItem, title="title",
    about=N_("Здесь план программы: что, кто и к какому сроку делает, чем это подтверждено."),
    workflow=record_workflow(
        "plan_item", N_("Мероприятие плана"), PlanItem, sees=STAFF | {RESPONSIBLE}, keeps=KEEPERS, serves=N_("В плане"), tone="waiting",
        states=(
            State("moved", N_("Перенесено"), N_("Перенесено"), {}, tone="attention"),
            State("done", N_("Выполнено"), N_("Выполнено"), {}, tone="good"),
            State("partly", N_("Выполнено частично"), N_("Выполнено частично"), {}, tone="attention"),
            State("missed", N_("Не выполнено"), N_("Не выполнено"), {}, tone="stopped"),
        ),
        transitions=(
            Transition("complete", N_("Выполнено"), (*OPEN, "partly", "missed"), Guard(DOES), (Target("done"),), asks=ItemDone,
                       tone=Tone.PRIMARY, past=N_("Мероприятие выполнено")),
            Transition("complete_partly", N_("Выполнено частично"), (*OPEN, "missed"), Guard(DOES), (Target("partly"),),
                       asks=ItemDonePartly, past=N_("Мероприятие выполнено частично")),
            Transition("move", N_("Перенести срок"), (*OPEN, "partly", "missed"), Guard(KEEPERS), (Target("moved"),), asks=ItemMoved,
                       past=N_("Срок перенесён")),
            Transition("miss", N_("Не выполнено"), OPEN, Guard(DOES), (Target("missed"),), asks=ItemMissed,
                       past=N_("Мероприятие не выполнено")),
            Transition("reopen", N_("Вернуть в работу"), FINISHED, Guard(KEEPERS), (Target("active"),),
                       past=N_("Мероприятие возвращено в работу")),
        ),
    ),
    behaviors=(SchoolYear(by="until"), Files(PROOF, DOES)), group="programme", icon="flag", summary=_summary,
    front="programme.plan_page",
    listing=Listing(("title", "code", "stage", "until", "responsible_id"), ("state", "stage", "responsible_id"), ("title", "code"), "id"),
    awaits=(
        Awaits("complete", (RESPONSIBLE, Who.COORDINATOR), N_("Отметить, что сделано по плану"), due="until", since=-14, remind=(-7, 1),
               on_card=True, states=OPEN),
    ),
)  # fmt: skip
