"""Who is registered for an event of the centre: a place or the waiting list, attendance, the certificate."""

from __future__ import annotations

from dataclasses import dataclass

from workflow_app.content_types.awaited import Letter
from workflow_app.content_types.behaviors import Issues, Namesakes, Paper
from workflow_app.content_types.declaration import ContentType, Listing, OfRecord, Oneself
from workflow_app.content_types.event import PARTICIPANT, PLACES, WHY
from workflow_app.content_types.shared import KEEPERS, RESPONSIBLE, STAFF
from workflow_app.errors import N_
from workflow_app.states.forms import Sheet, ask

_WHEN = ("Дата: %(on)s.", "Начало: %(starts)s.", "Место: %(place)s.")


@dataclass(frozen=True, kw_only=True)
class Registration(OfRecord):
    """One participant: from the directory, or by name alone (registration on a school's list needs no account)."""

    name: str = ask(N_("ФИО"), least=5, most=200)
    person_id: int | None = ask(
        N_("Учётная запись"), refers="person", stands="participant", unique=True, required=False, default=None
    )
    organization_id: int | None = ask(N_("Организация"), refers="organization", required=False, default=None)
    position: str = ask(N_("Должность"), required=False, most=200, default="")
    contact: str = ask(N_("Телефон или почта"), required=False, most=200, default="")
    place_of_work: str = ask(
        N_("Организация словами"), required=False, most=300, default="", help=N_("Если её нет в справочнике.")
    )
    consent: str = ask(N_("Согласие на обработку данных"), server=True, required=False, default="")


@dataclass(frozen=True, kw_only=True)
class OpenRegistration(Sheet):
    """What the open form asks of who has no account."""

    name: str = ask(N_("Фамилия, имя, отчество"), least=5, most=200)
    place_of_work: str = ask(N_("Организация"), least=2, most=300)
    position: str = ask(N_("Должность"), least=2, most=200)
    contact: str = ask(N_("Телефон или почта"), required=False, most=200, default="",
                       help=N_("Чтобы организатор мог связаться с вами, если что-то изменится."))  # fmt: skip


REGISTRATION = ContentType(
    key="registration", within="centre_event", titles=(N_("Участник"), N_("Участники"), N_("Записать участника")), sheet=Registration,
    title="name", about=N_("Пока никто не записан. Когда места кончатся, следующие встанут в лист ожидания и займут места сами."),
    workflow=PLACES.workflow(
        N_("Участник"), Registration, sees=STAFF, keeps=KEEPERS, marks=KEEPERS | {RESPONSIBLE}, oneself=PARTICIPANT
    ),
    behaviors=(Issues((Paper("participation_certificate", N_("Выдать справку"), ("attended",)),),
                      by=KEEPERS, readers=frozenset({PARTICIPANT, RESPONSIBLE})), Namesakes()),
    listing=Listing(("name", "organization_id", "position"), ("state",), ("name",), "title"),
    presses=frozenset({"attend", "miss", "withdraw"}),
    oneself=Oneself(PLACES.verb, N_("Ваше участие")),
    letters=(
        Letter("take_place", frozenset({PARTICIPANT}), "Вы записаны",
               ("Вы записаны на мероприятие «%(called)s».", *_WHEN), WHY),
        Letter("queue", frozenset({PARTICIPANT}), "Вы в листе ожидания",
               ("Свободных мест на мероприятие «%(called)s» нет. Освободится место — вы займёте его и получите письмо.", *_WHEN), WHY),
        Letter("move_up", frozenset({PARTICIPANT}), "Для вас есть место",
               ("Освободилось место, и теперь вы записаны на мероприятие «%(called)s».", *_WHEN), WHY),
    ),
)  # fmt: skip
