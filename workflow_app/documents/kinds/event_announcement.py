"""Информационное письмо and приказ о проведении: of an event of the centre, before it is held."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from workflow_app.documents.content.snapshot import CentreCard, RecordMaterial, needed
from workflow_app.documents.content.told import Say, told
from workflow_app.documents.docx.blocks import Block, Code, Document, Facts, Items, Paragraph, SignatureLine, bold, text
from workflow_app.documents.kinds import invented, shared_letter, shared_parts
from workflow_app.documents.kinds.event_papers import EVENT_FIELDS, EventCard, hours_of, sample_event, when
from workflow_app.documents.kinds.kind import Kind
from workflow_app.documents.kinds.wording import sentence
from workflow_app.documents.russian.grammar import PersonName, Position, capitalised, day, quoted
from workflow_app.errors import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """The card of a letter: an event, its open page where there is one, whether one registers there, who prepared the letter."""

    event: EventCard = told(*EVENT_FIELDS)
    page: str = told(Say(N_("адрес открытой страницы мероприятия"), "event_page"), default="")
    open_form: bool = False
    prepared_by: PersonName | None = told(N_("исполнитель"), default=None)
    phone: str = told(N_("телефон исполнителя"), default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """The card of an order: an event, the item of the plan that it belongs to, who is responsible."""

    event: EventCard = told(*EVENT_FIELDS)
    plan_code: str = told(Say(N_("номер мероприятия в плане программы"), "plan_code"), default="")
    plan_title: str = told(Say(N_("мероприятие плана программы"), "plan_title"), default="")
    executor: PersonName | None = told(N_("ответственный за проведение"), default=None)
    executor_position: Position | None = told(N_("его должность"), default=None)


def _letter(kind: Kind, material: RecordMaterial) -> Document:
    """Invite the organisations: what, when, where, for whom, and how one registers."""
    card = needed(material, Announced)
    event, centre = card.event, material.centre
    rows = (
        ("Дата и время", when(event)), ("Место", event.place), ("Для кого", event.audience), ("Уровень", event.level),
        ("Объём", hours_of(event)), ("Мест", str(event.capacity or "")), ("Подключение", event.link),
    )  # fmt: skip
    said = f"{centre.short} проводит {event.named_in('a')} и приглашает к участию."
    blocks: tuple[Block, ...] = (
        Paragraph(text(said)),
        Facts(tuple((label, value) for label, value in rows if value)),
        *shared_parts.paragraphs(event.about),
        Paragraph(text(_how(card)), align="left"),
        *((Code(card.page, "Страница мероприятия"),) if card.page else ()),
        shared_parts.director_line(centre, material.director),
        *((shared_letter.prepared(card.prepared_by, card.phone),) if card.prepared_by else ()),
    )
    return shared_parts.compose(
        material, kind, name=str(kind.title), title="ИНФОРМАЦИОННОЕ ПИСЬМО", heading=f"О проведении {event.named_in('g')}",
        on=material.issue.date, subject=event.named, addressee=("Руководителям образовательных организаций",), blocks=blocks,
    )  # fmt: skip


def _how(card: Announced) -> str:
    """Say how one registers: on the open page, else by telling the one who is responsible."""
    if card.page and card.open_form:
        return f"Записаться можно на странице мероприятия: {card.page}. Учётная запись для этого не нужна."
    to_whom = f" ({card.event.responsible})" if card.event.responsible else ""
    asked = f"Просим сообщить ответственному за мероприятие{to_whom} фамилии, имена, отчества и должности участников."
    return f"{asked} Сведения о мероприятии: {card.page}." if card.page else asked


def _order(kind: Kind, material: RecordMaterial) -> Document:
    """Order that it is held, and who sees to it."""
    card = needed(material, Ordered)
    event, centre = card.event, material.centre
    ground = f"планом работы {centre.short}"
    if card.plan_title:
        number = f"пункт {card.plan_code} " if card.plan_code else ""
        ground = f"планом программы инновационной деятельности ({number}{quoted(card.plan_title)})"
    return shared_parts.compose(
        material, kind, name="Приказ", title="ПРИКАЗ", heading=f"О проведении {event.named_in('g')}", on=material.issue.date,
        subject=event.named, blocks=(
            Paragraph(text(f"В соответствии с {ground}")),
            Paragraph(text(bold("ПРИКАЗЫВАЮ:")), indent=False, keep_with_next=True),
            Items(tuple(text(one) for one in _points(card)), numbered=True),
            shared_parts.director_line(centre, material.director),
            *_acquainted(card),
        ),
    )  # fmt: skip


def _points(card: Ordered) -> tuple[str, ...]:
    event = card.event
    begins = f", начало в {event.starts}" if event.starts else ""
    found = [
        f"Провести {day(event.on)} {event.named_in('a')}{begins}. {sentence(f'Место проведения: {event.place}')}",
        *([sentence(f"Участники: {event.audience}")] if event.audience else []),
    ]
    if card.executor and card.executor_position:
        who = f"{card.executor_position.form('a')} {card.executor.short('a', surname_first=True)}"
        found.append(sentence(f"Назначить ответственным за подготовку и проведение мероприятия {who}"))
        to = f"{capitalised(card.executor_position.form('d'))} {card.executor.short('d', surname_first=True)}"
        found.append(
            f"{to} подготовить программу мероприятия, обеспечить регистрацию участников, представить отчёт о мероприятии."
        )
    return (*found, "Контроль исполнения приказа оставляю за собой.")


def _acquainted(card: Ordered) -> tuple[Block, ...]:
    if not card.executor or not card.executor_position:
        return ()
    line = SignatureLine(capitalised(card.executor_position.n), card.executor.short(), dated=True)
    return (Paragraph(text("С приказом ознакомлены:"), indent=False, keep_with_next=True), line)


def _sample_letter(centre: CentreCard, today: date, rows: int) -> Announced:
    del centre, rows
    page = "https://example.ru/open/centre-event/1"
    return Announced(
        event=sample_event(today), page=page, open_form=True, prepared_by=invented.CLERK, phone=invented.PHONE
    )


def _sample_order(centre: CentreCard, today: date, rows: int) -> Ordered:
    del centre, rows
    return Ordered(
        event=sample_event(today), plan_code="2.4", plan_title="Семинары экспертов", executor=invented.CLERK,
        executor_position=invented.METHODIST,
    )  # fmt: skip


LETTER: Final = Kind(
    key="event_letter", title=N_("Информационное письмо"), of="record", register="letters", card=Announced, words=_letter,
    sample=_sample_letter, form="letter",
)  # fmt: skip
ORDER: Final = Kind(
    key="event_order", title=N_("Приказ о проведении"), of="record", register="orders", card=Ordered, words=_order,
    sample=_sample_order, form="order",
)  # fmt: skip
