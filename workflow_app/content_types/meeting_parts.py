"""What stands in a meeting: who took part, what was on the agenda and how it ended."""

from __future__ import annotations

from dataclasses import dataclass

from workflow_app.content_types.behaviors import Issues, Paper
from workflow_app.content_types.body_parts import Named
from workflow_app.content_types.declaration import ContentType, Listing, OfRecord, record_workflow
from workflow_app.content_types.meeting_course import DOES, INVITED, IS_AHEAD, NOT_SIGNED, SEES, SPEAKER, kept_while
from workflow_app.content_types.shared import RESPONSIBLE, plan_item
from workflow_app.errors import N_
from workflow_app.states.forms import ask
from workflow_app.states.vocabulary import Guard, State, Target, Tone, Transition


@dataclass(frozen=True, kw_only=True)
class MeetingMember(Named):
    """Who takes part with a vote."""

    person_id: int | None = ask(
        N_("Человек"), refers="person", stands="meeting_member", unique=True, required=False, default=None
    )


@dataclass(frozen=True, kw_only=True)
class AgendaItem(OfRecord):
    """A question of the agenda; how it ended is told when it was heard. ``voted`` is the count in words."""

    place: int = ask(N_("№"), least=1, most=99, default=1)
    title: str = ask(N_("Вопрос"), least=5, most=500, help=N_("Отвечает на «о чём»: «Об итогах второго этапа»."))
    speaker_id: int | None = ask(N_("Докладчик"), refers="person", stands="speaker", required=False, default=None)
    speaker: str = ask(
        N_("Докладчик не из системы"),
        required=False,
        most=300,
        default="",
        help=N_("ФИО, затем через запятую должность."),
    )
    is_programme: bool = ask(
        N_("Вопрос программы"), required=False, default=False, help=N_("По таким вопросам считается показатель К1.1.")
    )
    plan_item_id: int | None = plan_item()
    said: str = ask(N_("Выступили"), server=True, required=False, default="")
    decision: str = ask(N_("Решили"), server=True, required=False, default="")
    in_favour: int | None = ask(N_("За"), server=True, required=False, default=None)
    against: int | None = ask(N_("Против"), server=True, required=False, default=None)
    abstained: int | None = ask(N_("Воздержались"), server=True, required=False, default=None)
    voted: str = ask(N_("Голосование"), server=True, required=False, default="")


@dataclass(frozen=True, kw_only=True)
class AgendaHeard(OfRecord):
    """How a question ended: who said what, what was decided, with how many votes of those present."""

    said: str = ask(N_("Выступили"), required=False, most=10000, default="", long=True,
                    help=N_("Каждый с новой строки: «Иванова А.П. – предлагает …»."))  # fmt: skip
    decision: str = ask(N_("Решили"), least=3, most=5000, long=True, help=N_("Каждый пункт с новой строки."))
    in_favour: int | None = ask(N_("За"), required=False, least=0, most=999, default=None)
    against: int | None = ask(N_("Против"), required=False, least=0, most=999, default=None)
    abstained: int | None = ask(N_("Воздержались"), required=False, least=0, most=999, default=None)


MEETING_MEMBERS = ContentType(
    key="meeting_member", within="meeting", titles=(N_("Участник заседания"), N_("Кто участвует"), N_("Добавить участника")),
    sheet=MeetingMember, title="name", about=N_("Нажмите «Внести состав»: здесь встанут все, кто в составе в день заседания."),
    workflow=kept_while(IS_AHEAD, ("end", "restore"), record_workflow(
        "meeting_member", N_("Участник заседания"), MeetingMember, sees=SEES - {SPEAKER}, keeps=DOES,
        serves=N_("Присутствие не отмечено"), tone="waiting",
        away=N_("Вне списка"), begin=Guard(DOES, when=(IS_AHEAD,)),
        states=(State("attended", N_("Присутствие отмечено"), N_("Присутствие отмечено"), {}, tone="good"),
                State("missed", N_("Отсутствие отмечено"), N_("Отсутствие отмечено"), {}, tone="stopped")),
        transitions=(
            Transition("attend", N_("Отметить присутствие"), ("active", "missed"), Guard(DOES, when=(IS_AHEAD,)), (Target("attended"),),
                       tone=Tone.PRIMARY,
                       past=N_("Отмечено присутствие")),
            Transition("miss", N_("Отметить отсутствие"), ("active", "attended"), Guard(DOES, when=(IS_AHEAD,)), (Target("missed"),),
                       past=N_("Отмечено отсутствие")),
        ),
    )),
    listing=Listing(("name", "office", "position"), ("state",), ("name",), "title"),
    presses=frozenset({"attend", "miss"}), many="person_id",
)  # fmt: skip
AGENDA_ITEM = ContentType(
    key="agenda_item", within="meeting", titles=(N_("Вопрос повестки"), N_("Повестка"), N_("Добавить вопрос")), sheet=AgendaItem,
    title="title", about=N_("Внесите вопросы повестки. Порядок задаёт номер: его можно исправить."),
    workflow=kept_while(NOT_SIGNED, ("edit", "end", "restore"), record_workflow(
        "agenda_item", N_("Вопрос повестки"), AgendaItem, sees=SEES, keeps=DOES, serves=N_("В повестке"), tone="waiting",
        away=N_("Снят с повестки"), states=(State("heard", N_("Рассмотрен"), N_("Рассмотрен"), {}, tone="good"),),
        transitions=(
            Transition("hear", N_("Записать решение"), ("active", "heard"), Guard(DOES, when=(NOT_SIGNED,)), (Target("heard"),),
                       asks=AgendaHeard, tone=Tone.PRIMARY, past=N_("Вопрос рассмотрен")),
        ),
    )),
    behaviors=(Issues((Paper("protocol_extract", N_("Выписка из протокола"), ("heard",)),), by=DOES,
                      readers=INVITED | {RESPONSIBLE}),),
    listing=Listing(("place", "title", "speaker_id", "is_programme", "decision", "voted"), ("state",), ("title", "decision"), "place"),
)  # fmt: skip
