"""Meetings of a body: planned, called, held with a quorum or openly without one, its protocol signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from workflow_app.content_types.awaited import Awaits, Letter
from workflow_app.content_types.behaviors import FileKind, Files, Issues, Paper
from workflow_app.content_types.declaration import ContentType, Listing, OfRecord, SchoolYear
from workflow_app.content_types.meeting_course import DOES, INVITED, meeting_workflow, said_of
from workflow_app.content_types.shared import RESPONSIBLE, plan_item
from workflow_app.errors import N_
from workflow_app.states.forms import Choice, ask
from workflow_app.states.vocabulary import Who

DEFENCE: Final = "defence"
FORMS = (
    Choice("present", N_("очное")), Choice("video", N_("видео-конференц-связь")), Choice("absent", N_("заочное голосование")),
    Choice(DEFENCE, N_("публичная защита")),
)  # fmt: skip
_WHY = "вы в списке участников этого заседания."
_WHEN = ("Дата: %(on)s.", "Начало: %(starts)s.", "Место: %(place)s.", "Повестка и материалы — на странице заседания.")


@dataclass(frozen=True, kw_only=True)
class Meeting(OfRecord):
    """One meeting: whose, when, where, how; of a public defence also what is defended, who came, what was asked."""

    title: str = ask(N_("Тема заседания"), least=5, most=300)
    body_id: int = ask(N_("Чьё заседание"), refers="body")
    joint_body: str = ask(
        N_("Совместно с"), required=False, most=300, default="", help=N_("Для совместного заседания: с кем, в творительном падеже.")
    )  # fmt: skip
    on: date = ask(N_("Дата"))
    starts: str = ask(
        N_("Начало"), required=False, most=5, default="", pattern=r"([01]?\d|2[0-3]):[0-5]\d", help=N_("Часы и минуты, например 14:00."),
    )  # fmt: skip
    place: str = ask(N_("Место"), required=False, most=300, default="")
    form: str = ask(N_("Форма"), choices=FORMS, default="present")
    responsible_id: int | None = ask(
        N_("Ведёт протокол"), refers="person", stands="responsible", required=False, default=None
    )
    guests: str = ask(
        N_("Приглашены"), required=False, most=2000, default="", long=True, help=N_("Каждый с новой строки: ФИО, должность, организация.")
    )  # fmt: skip
    case_id: int | None = ask(N_("Дело, которое защищают"), refers="case", required=False, default=None)
    plan_item_id: int | None = plan_item()
    programme: str = ask(N_("Программа"), required=False, most=5000, default="", long=True)
    visitors: int | None = ask(N_("Посетителей"), required=False, least=0, most=10000, default=None)
    questions: str = ask(N_("Вопросы и ответы"), required=False, most=10000, default="", long=True)
    quorum: int = ask(N_("Кворум, % состава"), server=True, required=False, default=50)
    ground: str = ask(N_("Почему без кворума"), server=True, required=False, default="")
    signed_on: date | None = ask(N_("Протокол подписан"), server=True, required=False, default=None)
    paper: str = ask(N_("Номер протокола на бумаге"), server=True, required=False, default="")


MEETING = ContentType(
    key="meeting", titles=(N_("Заседание"), N_("Заседания"), N_("Новое заседание")), sheet=Meeting, title="title",
    about=N_("Здесь заседания советов, бюро и сообществ: повестка, кто был, как голосовали, что решили, протокол."),
    workflow=meeting_workflow(Meeting),
    behaviors=(SchoolYear(by="on"),
               Files((FileKind("materials", N_("Материалы к заседанию")), FileKind("protocol", N_("Подписанный протокол"), 3)), DOES),
               Issues((Paper("meeting_protocol", N_("Выпустить протокол"), ("held", "signed")),), by=DOES,
                      readers=INVITED | {RESPONSIBLE})),
    group="community", icon="comment", summary=said_of, room=("programme.meeting", N_("Ход заседания")),
    presses=frozenset({"list_members", "invite", "invite_again", "all_came", "entrust_all"}),
    listing=Listing(("title", "body_id", "on", "form"), ("state", "body_id", "form"), ("title", "place", "programme"), "-on"),
    awaits=(
        Awaits("hold", (RESPONSIBLE, Who.COORDINATOR), N_("Отметить, кто был, и провести заседание"), due="on", days=3, since=0,
               on_card=True),
        Awaits("sign", (RESPONSIBLE, Who.COORDINATOR), N_("Подготовить и подписать протокол"), due="on", days=14, remind=(1,),
               on_card=True),
    ),
    letters=(
        Letter("invite", INVITED, "Приглашаем на заседание",
               ("Вас приглашают на заседание «%(called)s».", *_WHEN), _WHY),
        Letter("invite_again", INVITED, "Напоминаем о заседании",
               ("Напоминаем о заседании «%(called)s».", *_WHEN), _WHY),
        Letter("end", INVITED, "Заседание отменено",
               ("Заседание «%(called)s», назначенное на %(on)s, не состоится.", "Причина: %(reason)s."), _WHY, source="invited"),
    ),
)  # fmt: skip
