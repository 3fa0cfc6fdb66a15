"""Events of the centre (seminar, practicum, master class …) and who is registered: capacity, waiting list, attendance, hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workflow_app.content_types.behaviors import EachPaper, FileKind, Files, Issues, Paper, Published
from workflow_app.content_types.declaration import ContentType, Listing, Numbered, OfRecord, SchoolYear, record_workflow
from workflow_app.content_types.shared import KEEPERS, LEVELS, RESPONSIBLE, STAFF
from workflow_app.errors import N_, Sentence
from workflow_app.states.forms import Choice, ask
from workflow_app.states.standings import by_name
from workflow_app.states.vocabulary import (
    Condition,
    Facts,
    Guard,
    State,
    Target,
    Tone,
    Transition,
    Trigger,
    Who,
    negation,
)

FORMS = (
    Choice("seminar", N_("семинар")), Choice("practicum", N_("практикум")), Choice("master_class", N_("мастер-класс")),
    Choice("conference", N_("конференция")), Choice("forum", N_("форум")), Choice("internship", N_("стажировка")),
    Choice("training", N_("тренинг")), Choice("business_game", N_("деловая игра")),
    Choice("strategic_session", N_("стратегическая сессия")), Choice("round_table", N_("круглый стол")),
    Choice("online", N_("онлайн-встреча")),
)  # fmt: skip
EVENT_FILES = (
    FileKind("programme", N_("Программа, сценарий"), 5),
    FileKind("materials", N_("Материалы")),
    FileKind("photos", N_("Фотографии"), 40),
)
EVENT_SHOWN = (
    "title",
    "form",
    "level",
    "on",
    "starts",
    "place",
    "organization_id",
    "audience",
    "capacity",
    "hours",
    "about",
)
CERTIFICATES = Paper("participation_certificate", N_("Выдать справки"), ("attended",))
PARTICIPANT = by_name("participant", N_("участник мероприятия"))
_SYSTEM = Guard(frozenset({Who.SYSTEM}))


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
    about: str = ask(N_("О чём"), required=False, most=2000, default="", long=True)


@dataclass(frozen=True, kw_only=True)
class Registration(OfRecord):
    """One participant: from the directory, or by name alone (registration on a school's list needs no account)."""

    name: str = ask(N_("ФИО"), least=5, most=200, unique=True)
    person_id: int | None = ask(
        N_("Учётная запись"), refers="person", stands="participant", required=False, default=None
    )
    organization_id: int | None = ask(N_("Организация"), refers="organization", required=False, default=None)
    position: str = ask(N_("Должность"), required=False, most=200, default="")


def _places_left(facts: Facts) -> bool:
    event = facts.root or facts
    taken = sum(event.parts.get(("registration", state), 0) for state in ("active", "attended", "missed"))
    return taken < int(event.values.get("capacity") or 0)


def places(facts: Facts) -> tuple[Sentence, ...]:
    """Say how many places are taken, and how many people wait."""
    taken = sum(facts.parts.get(("registration", state), 0) for state in ("active", "attended", "missed"))
    waiting = facts.parts.get(("registration", "waiting"), 0)
    said = N_("Занято мест: %(n)s из %(of)s", n=taken, of=facts.values["capacity"])
    return (said, N_("в листе ожидания: %(n)s", n=waiting)) if waiting else (said,)


ROOM = Condition("places are left", _places_left, N_("Свободных мест нет."), N_("есть свободные места"))
FULL = negation(ROOM, N_("свободных мест нет"))

EVENT = ContentType(
    key="centre_event", titles=(N_("Мероприятие"), N_("Мероприятия"), N_("Новое мероприятие")), sheet=CentreEvent, title="title",
    about=N_("Здесь семинары, практикумы и другие события центра: когда, где, сколько мест, кто записан и кто был."),
    workflow=record_workflow(
        "centre_event", N_("Мероприятие"), CentreEvent, sees=STAFF | {RESPONSIBLE, PARTICIPANT}, keeps=KEEPERS,
        serves=N_("Идёт запись"), states=(State("held", N_("Проведено"), N_("Проведено"), {}, tone="done"),),
        transitions=(
            Transition("hold", N_("Отметить проведённым"), ("active",), Guard(KEEPERS | {RESPONSIBLE}), (Target("held"),),
                       past=N_("Мероприятие проведено")),
        ),
    ),
    behaviors=(Numbered(letter="М"), SchoolYear(by="on"), Files(EVENT_FILES, KEEPERS | {RESPONSIBLE}),
               Published(EVENT_SHOWN, ("programme", "materials")),
               Issues((Paper("registration_sheet", N_("Лист регистрации")),), (EachPaper("registration", CERTIFICATES),))),
    group="programme", icon="calendar", summary=places,
    listing=Listing(("title", "form", "on", "place", "capacity"), ("state", "form", "level"), ("title", "place", "about"), "-on"),
)  # fmt: skip

REGISTRATION = ContentType(
    key="registration", within="centre_event", titles=(N_("Участник"), N_("Участники"), N_("Записать участника")), sheet=Registration,
    title="name", about=N_("Пока никто не записан. Когда места кончатся, следующие встанут в лист ожидания и займут места сами."),
    workflow=record_workflow(
        "registration", N_("Участник"), Registration, sees=STAFF | {RESPONSIBLE, PARTICIPANT}, keeps=KEEPERS, first="applied",
        serves=N_("Записан(а)"),
        states=(
            State("applied", N_("Записывается"), N_("Записывается"), {}),
            State("waiting", N_("В листе ожидания"), N_("В листе ожидания"), {}),
            State("attended", N_("Был(а)"), N_("Был(а)"), {}, tone="good"),
            State("missed", N_("Не был(а)"), N_("Не был(а)"), {}, tone="stopped"),
        ),
        transitions=(
            Transition("take_place", N_("Занять место"), ("applied",), Guard(_SYSTEM.by, when=(ROOM,)), (Target("active"),),
                       Trigger.AUTOMATIC, past=N_("Место занято")),
            Transition("queue", N_("Встать в лист ожидания"), ("applied",), Guard(_SYSTEM.by, when=(FULL,)),
                       (Target("waiting"),), Trigger.AUTOMATIC, past=N_("Поставлен(а) в лист ожидания")),
            Transition("move_up", N_("Занять освободившееся место"), ("waiting",), Guard(_SYSTEM.by, when=(ROOM,)), (Target("active"),),
                       Trigger.AUTOMATIC, past=N_("Освободилось место")),
            Transition("attend", N_("Был(а)"), ("active", "missed"), Guard(KEEPERS | {RESPONSIBLE}), (Target("attended"),),
                       tone=Tone.PRIMARY, past=N_("Отмечено присутствие")),
            Transition("miss", N_("Не был(а)"), ("active", "attended"), Guard(KEEPERS | {RESPONSIBLE}), (Target("missed"),),
                       past=N_("Отмечено отсутствие")),
        ),
    ),
    behaviors=(Issues((Paper("participation_certificate", N_("Выдать справку"), ("attended",)),)),),
    listing=Listing(("name", "organization_id", "position"), ("state",), ("name",), "title"),
)  # fmt: skip
