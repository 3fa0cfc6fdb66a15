"""Events of the centre (seminar, practicum, master class …): what, when, where, for how many; who comes are its parts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workflow_app.content_types.awaited import Awaits, Letter
from workflow_app.content_types.behaviors import EachPaper, FileKind, Files, Issues, Paper, Published
from workflow_app.content_types.declaration import (
    ContentType,
    Listing,
    Numbered,
    OfRecord,
    SchoolYear,
    record_workflow,
)
from workflow_app.content_types.places import Places
from workflow_app.content_types.shared import KEEPERS, LEVELS, RESPONSIBLE, STAFF, plan_item
from workflow_app.errors import N_, Sentence
from workflow_app.states.forms import Choice, ask
from workflow_app.states.standings import by_name
from workflow_app.states.vocabulary import Facts, Guard, State, Target, Transition, Who

FORMS = (
    Choice("seminar", N_("семинар")), Choice("practicum", N_("практикум")), Choice("master_class", N_("мастер-класс")),
    Choice("conference", N_("конференция")), Choice("forum", N_("форум")), Choice("internship", N_("стажировка")),
    Choice("training", N_("тренинг")), Choice("business_game", N_("деловая игра")),
    Choice("strategic_session", N_("стратегическая сессия")), Choice("round_table", N_("круглый стол")),
    Choice("online", N_("онлайн-встреча")),
)  # fmt: skip
EVENT_FILES = (
    FileKind("programme", N_("Программа, сценарий"), 5), FileKind("materials", N_("Материалы")), FileKind("photos", N_("Фотографии"), 40),
)  # fmt: skip
EVENT_SHOWN = (
    "title", "form", "level", "on", "starts", "place", "organization_id", "audience", "capacity", "hours", "about",
)  # fmt: skip
CERTIFICATES = Paper("participation_certificate", N_("Выдать справки"), ("attended",))
PARTICIPANT = by_name("participant", N_("участник мероприятия"))
PLACES = Places("registration")
WHY = "вы записаны на это мероприятие."


@dataclass(frozen=True, kw_only=True)
class CentreEvent(OfRecord):
    """What is held, when, where, for how many."""

    title: str = ask(N_("Название"), least=5, most=300)
    form: str = ask(N_("Форма"), choices=FORMS)
    level: str = ask(N_("Уровень"), choices=LEVELS, default="municipal")
    on: date = ask(N_("Дата"))
    starts: str = ask(
        N_("Начало"), required=False, most=5, default="", pattern=r"([01]?\d|2[0-3]):[0-5]\d", help=N_("Часы и минуты, например 14:00."),
    )  # fmt: skip
    place: str = ask(N_("Место"), most=300)
    organization_id: int | None = ask(N_("Площадка"), refers="organization", required=False, default=None)
    responsible_id: int | None = ask(
        N_("Ответственный"), refers="person", stands="responsible", required=False, default=None
    )
    audience: str = ask(N_("Для кого"), required=False, most=300, default="")
    capacity: int = ask(N_("Мест"), least=1, most=5000, default=40)
    hours: int = ask(N_("Часов"), least=1, most=500, default=2, help=N_("Столько часов встанет в справку об участии."))
    plan_item_id: int | None = plan_item()
    about: str = ask(N_("О чём"), required=False, most=2000, default="", long=True)


def _summary(facts: Facts) -> tuple[Sentence, ...]:
    return tuple(PLACES.said(facts))


EVENT = ContentType(
    key="centre_event", titles=(N_("Мероприятие"), N_("Мероприятия"), N_("Новое мероприятие")), sheet=CentreEvent, title="title",
    about=N_("Здесь семинары, практикумы и другие события центра: когда, где, сколько мест, кто записан и кто был."),
    workflow=record_workflow(
        "centre_event", N_("Мероприятие"), CentreEvent, sees=STAFF | {RESPONSIBLE, PARTICIPANT}, keeps=KEEPERS,
        public=frozenset({Who.MEMBER}), serves=N_("Идёт запись"),
        states=(State("held", N_("Проведено"), N_("Проведено"), {}, tone="done"),),
        transitions=(
            Transition("hold", N_("Отметить проведённым"), ("active",), Guard(KEEPERS | {RESPONSIBLE}, when=(PLACES.came,)),
                       (Target("held"),), past=N_("Мероприятие проведено")),
        ),
    ),
    behaviors=(Numbered(letter="М"), SchoolYear(by="on"), Files(EVENT_FILES, KEEPERS | {RESPONSIBLE}),
               Published(EVENT_SHOWN, ("programme", "materials")),
               Issues((Paper("registration_sheet", N_("Лист регистрации")),), (EachPaper("registration", CERTIFICATES),),
                      readers=frozenset({RESPONSIBLE}))),
    group="programme", icon="calendar", summary=_summary,
    listing=Listing(("title", "form", "on", "place", "capacity"), ("state", "form", "level"), ("title", "place", "about"), "-on"),
    awaits=(
        Awaits("hold", (RESPONSIBLE, Who.COORDINATOR), N_("Отметить, кто был, и закрыть мероприятие"), due="on", days=3, since=1,
               remind=(0,), on_card=True),
    ),
    letters=(
        Letter("end", frozenset({PARTICIPANT}), "Мероприятие отменено: %(called)s",
               ("Мероприятие «%(called)s», назначенное на %(on)s, не состоится.", "Причина: %(reason)s."), WHY, source="active"),
    ),
)  # fmt: skip
