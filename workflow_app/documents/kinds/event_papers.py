"""Справка об участии and лист регистрации: of an event of the centre, for one who was there and for the door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from workflow_app.documents.content.snapshot import RecordMaterial, needed
from workflow_app.documents.content.told import Say, told
from workflow_app.documents.docx.blocks import Document, Facts, Paragraph, text
from workflow_app.documents.kinds.kind import Kind
from workflow_app.documents.kinds.shared_record import compose, sheet
from workflow_app.documents.kinds.wording import glued
from workflow_app.documents.russian.grammar import capitalised, day, plural, quoted
from workflow_app.documents.russian.numerals import in_words
from workflow_app.errors import N_

_ANY: Final = ("мероприятия", "мероприятие")
_FORMS: Final = {
    "семинар": ("семинара", "семинар"), "практикум": ("практикума", "практикум"), "мастер-класс": ("мастер-класса", "мастер-класс"),
    "конференция": ("конференции", "конференцию"), "форум": ("форума", "форум"), "стажировка": ("стажировки", "стажировку"),
    "тренинг": ("тренинга", "тренинг"), "деловая игра": ("деловой игры", "деловую игру"),
    "стратегическая сессия": ("стратегической сессии", "стратегическую сессию"), "круглый стол": ("круглого стола", "круглый стол"),
    "онлайн-встреча": ("онлайн-встречи", "онлайн-встречу"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class EventCard:
    """An event: its form and level in words («семинар», «муниципальный»), when, where, how many hours."""

    form: str
    title: str
    level: str
    on: date
    place: str
    hours: int
    starts: str = ""
    responsible: str = ""
    audience: str = ""
    about: str = ""
    capacity: int = 0
    link: str = ""

    def form_in(self, case: str) -> str:
        """Return the form in the genitive («g») or the accusative («a»); of a form that nobody declined here «мероприятие»."""
        return _FORMS.get(self.form, _ANY)[case == "a"]

    def named_in(self, case: str) -> str:
        """«семинара «Портфолио без лишнего»», or «мероприятия «Семинар …»» where the title says the form itself."""
        told = self.title.lower().startswith(self.form.lower())
        return f"{_ANY[case == 'a'] if told else self.form_in(case)} {quoted(self.title)}"

    @property
    def named(self) -> str:
        """«семинар «Портфолио без лишнего»», or the title alone where it says the form itself."""
        told = self.title.lower().startswith(self.form.lower())
        return self.title if told else f"{self.form} {quoted(self.title)}"


def when(event: EventCard) -> str:
    """Return the day, with the hour where it is known."""
    return f"{day(event.on)}, {event.starts}" if event.starts else day(event.on)


def hours_of(event: EventCard) -> str:
    """Return «3 (три) часа»."""
    return f"{event.hours} ({in_words(event.hours)}) {plural(event.hours, 'час', 'часа', 'часов')}"


EVENT_FIELDS: Final = (
    Say(N_("мероприятие: форма и название"), "event", lambda card: card.event.named),
    Say(N_("форма мероприятия"), "event_form", lambda card: card.event.form),
    Say(N_("название мероприятия"), "title", lambda card: card.event.title),
    Say(N_("уровень мероприятия"), "level", lambda card: card.event.level),
    Say(N_("дата и время мероприятия"), "held", lambda card: when(card.event)),
    Say(N_("место мероприятия"), "where", lambda card: card.event.place),
    Say(N_("объём: «3 (три) часа»"), "hours", lambda card: hours_of(card.event)),
    Say(N_("ответственный за мероприятие"), "responsible", lambda card: card.event.responsible),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Attendant:
    """Who is registered: by name, place of work and position, empty where it is not known."""

    name: str = told(N_("фамилия, имя, отчество"))
    organisation: str = told(N_("организация"), default="")
    position: str = told(N_("должность"), default="")


@dataclass(frozen=True, slots=True)
class Attended:
    """The card of a certificate: who was at which event."""

    event: EventCard = told(*EVENT_FIELDS)
    who: Attendant = told(
        Say(N_("участник: фамилия, имя, отчество"), "participant", lambda card: card.who.name),
        Say(N_("участник: организация"), "participant_organisation", lambda card: card.who.organisation),
        Say(N_("участник: должность"), "participant_position", lambda card: card.who.position),
    )


@dataclass(frozen=True, slots=True)
class Registered:
    """The card of a registration sheet: everybody who has a place."""

    event: EventCard = told(*EVENT_FIELDS)
    people: tuple[Attendant, ...] = told(N_("участники"))


def _certificate(kind: Kind, material: RecordMaterial) -> Document:
    """Say that a person took part, in how many hours."""
    card = needed(material, Attended)
    event, who = card.event, card.who
    rows = (
        ("Участник", who.name), ("Должность", who.position), ("Организация", glued(who.organisation)), ("Мероприятие", event.named),
        ("Уровень", event.level), ("Дата", day(event.on)), ("Место", event.place), ("Объём", hours_of(event)),
    )  # fmt: skip
    said = f"Настоящая справка подтверждает участие в мероприятии, проведённом {material.centre.short}."
    known = Facts(tuple((label, value) for label, value in rows if value))
    return compose(kind, material, "СПРАВКА", "Об участии в мероприятии", event.named, Paragraph(text(said)), known)


def _registration(kind: Kind, material: RecordMaterial) -> Document:
    """List who has a place, with room for a signature."""
    card = needed(material, Registered)
    event = card.event
    rows = (
        ("Мероприятие", capitalised(event.named)), ("Дата и время", when(event)), ("Место", event.place),
        ("Ответственный", event.responsible),
    )  # fmt: skip
    people = [(one.name, glued(one.organisation), one.position, "") for one in card.people]
    columns = (("Фамилия, имя, отчество", 52), ("Организация", 42), ("Должность", 36), ("Подпись", 30))
    return compose(
        kind, material, "ЛИСТ РЕГИСТРАЦИИ", "Об участниках мероприятия", event.named,
        Facts(tuple((label, value) for label, value in rows if value)),
        sheet("Участники", columns, people) if people else Paragraph(text("Никто не записан.")),
    )  # fmt: skip


_SAMPLE: Final = Attendant("Образцова Анна Петровна", "МАОУ «Средняя школа № 1»", "учитель")


def sample_event(today: date) -> EventCard:
    """Return an invented event."""
    return EventCard(
        "семинар",
        "Портфолио: образец",
        "муниципальный",
        today,
        "Методический центр",
        3,
        "10:00",
        "Примерова Вера Ильинична",
    )


CERTIFICATE: Final = Kind(
    key="participation_certificate", title=N_("Справка об участии в мероприятии"), of="record", register="certificates", card=Attended,
    words=_certificate, sample=lambda _centre, today, _rows: Attended(sample_event(today), _SAMPLE),
)  # fmt: skip
REGISTRATION: Final = Kind(
    key="registration_sheet", title=N_("Лист регистрации участников"), of="record", register="sheets", card=Registered,
    words=_registration, sample=lambda _centre, today, rows: Registered(sample_event(today), (_SAMPLE,) * rows),
)  # fmt: skip
