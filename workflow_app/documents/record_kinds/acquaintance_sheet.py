"""Лист ознакомления: who has read a local act of the centre, with room for those who sign on paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from workflow_app.documents.docx.blocks import Document, Facts, Paragraph, text
from workflow_app.documents.kinds import shared_parts
from workflow_app.documents.record_kinds.paper import RecordKind, RecordMaterial, compose, sheet
from workflow_app.documents.russian.grammar import day, numbered, quoted, short_day
from workflow_app.errors import N_


@dataclass(frozen=True, slots=True)
class Reader:
    """Who has to read the act; ``read_on`` None: not yet; ``how``: «в системе», «на бумаге»."""

    name: str
    position: str
    read_on: date | None = None
    how: str = ""


@dataclass(frozen=True, slots=True)
class Acquainted:
    """The card of the sheet: the act, and who reads it."""

    title: str
    number: str
    on: date
    edition: int
    readers: tuple[Reader, ...]


def words(material: RecordMaterial) -> Document:
    """List who has read the act and who has to."""
    card: Acquainted = material.card
    rows = (
        ("Локальный акт", quoted(card.title)),
        ("Номер и дата", f"{numbered(card.number)} от {day(card.on)}"),
        ("Редакция", str(card.edition)),
    )
    people = [(one.name, one.position, short_day(one.read_on) if one.read_on else "", one.how) for one in card.readers]
    columns = (("Фамилия, имя, отчество", 56), ("Должность", 46), ("Дата", 26), ("Подпись", 32))
    return compose(
        material, kind=KIND.key, name="Лист ознакомления с локальным актом", title="ЛИСТ ОЗНАКОМЛЕНИЯ",
        heading="Об ознакомлении с локальным актом", subject=card.title,
        blocks=(
            Facts(rows),
            sheet("Ознакомлены", columns, people) if people else Paragraph(text("Знакомить с актом пока некого.")),
            shared_parts.director_line(material.centre, material.director),
        ),
    )  # fmt: skip


KIND: Final = RecordKind("acquaintance_sheet", N_("Лист ознакомления с локальным актом"), "sheets", words)
