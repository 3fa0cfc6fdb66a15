"""Лист ознакомления: who has read a local act of the centre, with room for those who sign on paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from workflow_app.documents.content.snapshot import CentreCard, RecordMaterial, needed
from workflow_app.documents.content.told import Say, told
from workflow_app.documents.docx.blocks import Document, Facts, Paragraph, text
from workflow_app.documents.kinds.kind import Kind
from workflow_app.documents.kinds.shared_record import compose, sheet
from workflow_app.documents.russian.grammar import day, numbered, quoted, short_day
from workflow_app.errors import N_


@dataclass(frozen=True, slots=True)
class Reader:
    """Who has to read the act; ``read_on`` None: not yet; ``how``: «в системе», «на бумаге»."""

    name: str = told(N_("фамилия, имя, отчество"))
    position: str = told(N_("должность"))
    read_on: date | None = told(Say(N_("когда ознакомлен(а); пусто – ещё нет"), "date"), default=None)
    how: str = told(Say(N_("«в системе» или «на бумаге»"), "note"), default="")


@dataclass(frozen=True, slots=True)
class Acquainted:
    """The card of the sheet: the act, and who reads it; ``edition`` 0: there is none; ``what`` it is, also in the instrumental."""

    title: str = told(N_("название акта"))
    number: str = told(Say(N_("номер акта"), "act_number"))
    on: date = told(Say(N_("дата акта"), "act_date"))
    edition: int = told(N_("редакция акта"))
    readers: tuple[Reader, ...] = told(N_("кто знакомится с актом"))
    what: str = "Локальный акт"
    what_i: str = "локальным актом"


def _words(kind: Kind, material: RecordMaterial) -> Document:
    """List who has read the act and who has to."""
    card = needed(material, Acquainted)
    rows = (
        (card.what, quoted(card.title)),
        ("Номер и дата", f"{numbered(card.number)} от {day(card.on)}"),
        *((("Редакция", str(card.edition)),) if card.edition else ()),
    )
    people = [(one.name, one.position, short_day(one.read_on) if one.read_on else "", one.how) for one in card.readers]
    columns = (("Фамилия, имя, отчество", 56), ("Должность", 46), ("Дата", 26), ("Подпись", 32))
    return compose(
        kind, material, "ЛИСТ ОЗНАКОМЛЕНИЯ", f"Об ознакомлении с {card.what_i}", card.title,
        Facts(rows), sheet("Ознакомлены", columns, people) if people else Paragraph(text("Знакомить с актом пока некого.")),
    )  # fmt: skip


def _sample(centre: CentreCard, today: date, rows: int) -> Acquainted:
    del centre
    readers = tuple(
        Reader(f"Образцова Анна Петровна {at}", "методист", today, "в системе") for at in range(1, rows + 1)
    )
    return Acquainted("Положение об экспертизе: образец", "12-од", today, 2, readers)


KIND: Final = Kind(
    key="acquaintance_sheet", title=N_("Лист ознакомления с локальным актом"), of="record", register="sheets", card=Acquainted,
    words=_words, sample=_sample,
)  # fmt: skip
