"""Events of the centre (seminar, practicum, master class …): what, when, where, for how many; who comes are its parts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from workflow_app.case_types.declaration import with_https
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
from workflow_app.states.vocabulary import Facts, Guard, State, Target, Tone, Transition, Who

FORMS = (
    Choice("seminar", N_("семинар")), Choice("practicum", N_("практикум")), Choice("master_class", N_("мастер-класс")),
    Choice("conference", N_("конференция")), Choice("forum", N_("форум")), Choice("internship", N_("стажировка")),
    Choice("training", N_("тренинг")), Choice("business_game", N_("деловая игра")),
    Choice("strategic_session", N_("стратегическая сессия")), Choice("round_table", N_("круглый стол")),
    Choice("online", N_("онлайн-встреча")),
)  # fmt: skip
EVENT_FILES = (
    FileKind("programme", N_("Программа"), 5), FileKind("scenario", N_("Сценарий"), 5), FileKind("materials", N_("Материалы")),
    FileKind("report", N_("Отчёт"), 5), FileKind("photos", N_("Фотографии"), 40),
)  # fmt: skip
EVENT_SHOWN = (
    "title", "form", "level", "on", "starts", "place", "organization_id", "audience", "capacity", "hours", "about",
)  # fmt: skip
CERTIFICATES = Paper("participation_certificate", N_("Выдать справки"), ("attended",))
PARTICIPANT = by_name("participant", N_("участник мероприятия"))
PLACES = Places("registration")
WHY = "вы записаны на это мероприятие."
AFTER = N_("После мероприятия")


def _came(label: Sentence, **how: Any) -> Any:
    """Return the question of how many people of one sort came: numbers alone, of nobody's name."""
    return ask(label, required=False, least=0, most=100000, default=None, **how)


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
    link: str = ask(
        N_("Ссылка на онлайн-встречу"), required=False, most=500, default="", tidy=with_https, pattern=r"https?://\S+"
    )
    organization_id: int | None = ask(N_("Площадка"), refers="organization", required=False, default=None)
    responsible_id: int | None = ask(
        N_("Ответственный"), refers="person", stands="responsible", required=False, default=None
    )
    audience: str = ask(N_("Для кого"), required=False, most=300, default="")
    capacity: int = ask(N_("Мест"), least=1, most=5000, default=40)
    open_form: bool = ask(
        N_("Открытая запись"), required=False, default=False,
        help=N_("Записаться можно без учётной записи, на открытой странице опубликованного мероприятия."),
    )  # fmt: skip
    hours: int = ask(N_("Часов"), least=1, most=500, default=2, help=N_("Столько часов встанет в справку об участии."))
    plan_item_id: int | None = plan_item()
    agreement_id: int | None = ask(N_("Партнёр"), refers="agreement", required=False, default=None)
    municipalities: tuple[str, ...] = ask(
        N_("Муниципалитеты-участники"), required=False, most=60, default=(), help=N_("Кроме своего, каждый с новой строки.")
    )  # fmt: skip
    about: str = ask(N_("О чём"), required=False, most=2000, default="", long=True)
    teachers: int | None = _came(N_("Педагогов"), section=AFTER)
    parents: int | None = _came(N_("Родителей"))
    pupils: int | None = _came(N_("Обучающихся"), help=N_("Только число: имён детей здесь нет."))
    outcome: str = ask(N_("Что было и чем кончилось"), required=False, most=4000, default="", long=True)


@dataclass(frozen=True, kw_only=True)
class EventReport(OfRecord):
    """«Отчёт о мероприятии»: how many came, what was, what came of it; the photographs are files of the event."""

    teachers: int | None = _came(N_("Педагогов"))
    parents: int | None = _came(N_("Родителей"))
    pupils: int | None = _came(N_("Обучающихся"), help=N_("Только число: имён детей здесь нет."))
    outcome: str = ask(N_("Что было и чем кончилось"), least=10, most=4000, long=True)
    municipalities: tuple[str, ...] = ask(
        N_("Муниципалитеты-участники"), required=False, most=60, default=(), help=N_("Кроме своего, каждый с новой строки.")
    )  # fmt: skip


def _summary(facts: Facts) -> tuple[Sentence, ...]:
    if facts.state == "held":
        return () if facts.values["outcome"] else (N_("Отчёта о мероприятии ещё нет."),)
    return tuple(PLACES.said(facts))


EVENT = ContentType(
    key="centre_event", titles=(N_("Мероприятие"), N_("Мероприятия"), N_("Новое мероприятие")), sheet=CentreEvent, title="title",
    about=N_("Здесь семинары, практикумы и другие события центра: когда, где, сколько мест, кто записан и кто был."),
    workflow=record_workflow(
        "centre_event", N_("Мероприятие"), CentreEvent, sees=STAFF | {RESPONSIBLE, PARTICIPANT}, keeps=KEEPERS,
        public=frozenset({Who.MEMBER}), serves=N_("Идёт запись"),
        states=(State("held", N_("Проведено"), N_("Проведено"), {}, tone="done"),),
        transitions=(
            Transition("hold", N_("Мероприятие проведено"), ("active",), Guard(KEEPERS | {RESPONSIBLE}, when=(PLACES.came,)),
                       (Target("held"),), past=N_("Мероприятие проведено")),
            Transition("report", N_("Отчёт о мероприятии"), ("held",), Guard(KEEPERS | {RESPONSIBLE}), asks=EventReport,
                       tone=Tone.PRIMARY, past=N_("Записан отчёт о мероприятии")),
        ),
    ),
    behaviors=(Numbered(letter="М"), SchoolYear(by="on"), Files(EVENT_FILES, KEEPERS | {RESPONSIBLE}),
               Published(EVENT_SHOWN, ("programme", "materials")),
               Issues((Paper("event_letter", N_("Информационное письмо"), ("active",)), Paper("event_order", N_("Приказ о проведении")),
                       Paper("registration_sheet", N_("Лист регистрации"))), (EachPaper("registration", CERTIFICATES),),
                      readers=frozenset({RESPONSIBLE}))),
    group="programme", icon="calendar", summary=_summary, panels=("door_of_event", "share_event"),
    listing=Listing(("title", "form", "on", "place", "capacity"), ("state", "form", "level"), ("title", "place", "about"), "-on"),
    awaits=(
        Awaits("hold", (RESPONSIBLE, Who.COORDINATOR), N_("Отметить, кто был, и закрыть мероприятие"), due="on", days=3, since=1,
               remind=(0,), on_card=True),
    ),
    letters=(
        Letter("end", frozenset({PARTICIPANT}), "Мероприятие отменено",
               ("Мероприятие «%(called)s», назначенное на %(on)s, не состоится.", "Причина: %(reason)s."), WHY, source="active"),
    ),
)  # fmt: skip
