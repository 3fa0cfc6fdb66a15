"""Справка об участии and лист регистрации: of an event of the centre, for one who was there and for the door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from workflow_app.documents.docx.blocks import Document, Facts, Paragraph, text
from workflow_app.documents.kinds import shared_parts
from workflow_app.documents.kinds.wording import glued
from workflow_app.documents.record_kinds.paper import RecordKind, RecordMaterial, compose, sheet
from workflow_app.documents.russian.grammar import capitalised, day, plural, quoted
from workflow_app.documents.russian.numerals import in_words
from workflow_app.errors import N_


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

    @property
    def named(self) -> str:
        """«семинар «Портфолио без лишнего»», or the title alone where it says the form itself."""
        told = self.title.lower().startswith(self.form.lower())
        return self.title if told else f"{self.form} {quoted(self.title)}"


@dataclass(frozen=True, slots=True)
class Attendant:
    """Who is registered: by name, place of work and position, empty where it is not known."""

    name: str
    organisation: str = ""
    position: str = ""


@dataclass(frozen=True, slots=True)
class Attended:
    """The card of a certificate: who was at which event."""

    event: EventCard
    who: Attendant


@dataclass(frozen=True, slots=True)
class Registered:
    """The card of a registration sheet: everybody who has a place."""

    event: EventCard
    people: tuple[Attendant, ...]


def _when(event: EventCard) -> str:
    return f"{day(event.on)}, {event.starts}" if event.starts else day(event.on)


def certificate(material: RecordMaterial) -> Document:
    """Say that a person took part, in how many hours."""
    card: Attended = material.card
    event, who = card.event, card.who
    hours = f"{event.hours} ({in_words(event.hours)}) {plural(event.hours, 'час', 'часа', 'часов')}"
    rows = (
        ("Участник", who.name), ("Должность", who.position), ("Организация", glued(who.organisation)),
        ("Мероприятие", event.named), ("Уровень", event.level), ("Дата", day(event.on)), ("Место", event.place), ("Объём", hours),
    )  # fmt: skip
    return compose(
        material, kind=CERTIFICATE.key, name="Справка об участии в мероприятии", title="СПРАВКА", heading="Об участии в мероприятии",
        subject=event.named,
        blocks=(
            Paragraph(text(f"Настоящая справка подтверждает участие в мероприятии, проведённом {material.centre.short}.")),
            Facts(tuple((label, value) for label, value in rows if value)),
            shared_parts.director_line(material.centre, material.director),
        ),
    )  # fmt: skip


def registration(material: RecordMaterial) -> Document:
    """List who has a place, with room for a signature."""
    card: Registered = material.card
    event = card.event
    rows = (
        ("Мероприятие", capitalised(event.named)), ("Дата и время", _when(event)), ("Место", event.place),
        ("Ответственный", event.responsible),
    )  # fmt: skip
    people = [(one.name, glued(one.organisation), one.position, "") for one in card.people]
    columns = (("Фамилия, имя, отчество", 52), ("Организация", 42), ("Должность", 36), ("Подпись", 30))
    return compose(
        material, kind=REGISTRATION.key, name="Лист регистрации участников", title="ЛИСТ РЕГИСТРАЦИИ",
        heading="Об участниках мероприятия", subject=event.named,
        blocks=(
            Facts(tuple((label, value) for label, value in rows if value)),
            sheet("Участники", columns, people) if people else Paragraph(text("Никто не записан.")),
            shared_parts.director_line(material.centre, material.director),
        ),
    )  # fmt: skip


CERTIFICATE: Final = RecordKind(
    "participation_certificate", N_("Справка об участии в мероприятии"), "certificates", certificate
)
REGISTRATION: Final = RecordKind("registration_sheet", N_("Лист регистрации участников"), "sheets", registration)
