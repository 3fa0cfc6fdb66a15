"""What one organisation answers to a «сбор сведений»: its officer fills and sends it, the coordinator accepts or sends it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from workflow_app.content_types.answers import Answers
from workflow_app.content_types.awaited import Awaits, Letter
from workflow_app.content_types.data_request import IN, KEEP, WANTED, WHY
from workflow_app.content_types.declaration import ContentType, Listing, OfRecord, record_workflow
from workflow_app.content_types.shared import KEEPERS, OFFICER, RESPONSIBLE, STAFF
from workflow_app.errors import N_
from workflow_app.states.forms import ask
from workflow_app.states.vocabulary import Condition, Guard, State, Target, Tone, Transition, Trigger, Who


@dataclass(frozen=True, kw_only=True)
class DataAnswer(OfRecord):
    """What one organisation answers."""

    organization_id: int = ask(N_("Организация"), refers="organization", stands="school_officer", unique=True)
    told: Mapping[str, str] = ask(N_("Ответ"), server=True, required=False)
    remark: str = ask(N_("Что уточнить"), server=True, required=False, default="")


@dataclass(frozen=True, kw_only=True)
class AnswerSent(OfRecord):
    """The answer, by the keys of the questions."""

    told: Mapping[str, str] = ask(N_("Ответ"))


@dataclass(frozen=True, kw_only=True)
class AnswerReturned(OfRecord):
    """What has to be made clearer."""

    remark: str = ask(N_("Что уточнить"), least=3, most=1000, long=True)


_OPEN = Condition(
    "it is collected", lambda facts: (facts.root or facts).state == "active", N_("Сбор завершён."), N_("сбор идёт")
)
_LATE = Condition(
    "the term is over", lambda facts: facts.root is not None and facts.root.values["until"] < facts.today,
    N_("Срок ещё не вышел."), N_("срок вышел"),
)  # fmt: skip


DATA_ANSWER = ContentType(
    key="data_answer", within="data_request", titles=(N_("Ответ организации"), N_("Ответы организаций"), N_("Добавить организацию")),
    sheet=DataAnswer, title="organization_id", about=N_("Выберите, кто отвечает: все организации сразу, один вид или отмеченные."),
    workflow=record_workflow(
        "data_answer", N_("Ответ организации"), DataAnswer, sees=STAFF | OFFICER | {RESPONSIBLE}, keeps=KEEPERS,
        serves=N_("Ждём ответа"), tone="waiting", away=N_("Ответ не нужен"),
        begin=Guard(KEEPERS, when=(_OPEN,)),
        states=(
            State("overdue", N_("Просрочено"), N_("Просрочено"), {}, tone="overdue"),
            State("answered", N_("Отвечено"), N_("Отвечено"), {}, tone="info"),
            State("returned", N_("Возвращено на уточнение"), N_("Возвращено на уточнение"), {}, tone="attention"),
            State("accepted", N_("Принято"), N_("Принято"), {}, tone="good"),
        ),
        transitions=(
            Transition("answer", N_("Ответить"), WANTED, Guard(OFFICER | KEEPERS, when=(_OPEN,)), (Target("answered"),), asks=AnswerSent,
                       tone=Tone.PRIMARY, past=N_("Ответ отправлен")),
            Transition("accept", N_("Принять"), ("answered",), Guard(KEEP), (Target("accepted"),), tone=Tone.PRIMARY,
                       past=N_("Ответ принят")),
            Transition("send_back", N_("Вернуть на уточнение"), IN, Guard(KEEP, when=(_OPEN,)), (Target("returned"),),
                       asks=AnswerReturned, past=N_("Ответ возвращён на уточнение")),
            Transition("expire", N_("Просрочить"), ("active",), Guard(frozenset({Who.SYSTEM}), when=(_OPEN, _LATE)), (Target("overdue"),),
                       Trigger.TIMER, past=N_("Срок ответа прошёл")),
        ),
    ),
    answers=Answers(), many="organization_id", presses=frozenset({"accept"}),
    listing=Listing(("organization_id",), ("state",), (), "id"),
    awaits=(
        Awaits("answer", (Who.SCHOOL_OFFICER,), N_("Ответить на запрос сведений"), due="within.until",
               early="within.reminder", remind=(1,)),
        Awaits("accept", (RESPONSIBLE, Who.COORDINATOR), N_("Проверить ответ организации"), on_card=True),
    ),
    letters=(
        Letter("begin", OFFICER, "Нужны сведения",
               ("Центр просит вашу организацию сообщить сведения: «%(called)s».", "%(what)s", "Ответьте до %(until)s включительно."), WHY),
        Letter("send_back", OFFICER, "Уточните ответ", ("Центр вернул ваш ответ «%(called)s» на уточнение: %(remark)s",), WHY),
    ),
)  # fmt: skip
