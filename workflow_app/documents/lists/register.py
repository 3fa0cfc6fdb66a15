"""A register of issued documents on paper: what stands in it, with the versions and what became void."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from workflow_app.documents.content.snapshot import CentreCard
from workflow_app.documents.docx.blocks import Align, Document, Paragraph, Properties, SignatureLine, Table, text
from workflow_app.documents.kinds.wording import lowered
from workflow_app.documents.lists.columns import PADDING, whole
from workflow_app.documents.russian.grammar import PersonName, Position, capitalised, counted, short_day
from workflow_app.documents.russian.hyphens import fitted

_WIDTHS = (16, 26, 38, 29, 29, 32)  # mm
_ALIGNS: tuple[Align, ...] = ("left", "left", "left", "left", "left", "left")


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """One number of the register; ``case`` and ``applicant`` are empty where the reader may not open the paper."""

    number: str
    dated: date
    title: str
    case: str
    applicant: str
    state: str


@dataclass(frozen=True, slots=True)
class RegisterCard:
    """The register: its name («Заключения»), what was chosen of it in words, who draws it up and when (aware)."""

    centre: CentreCard
    name: str
    chosen: str
    lines: Sequence[RegisterLine]
    clerk: PersonName
    clerk_position: Position
    made_at: datetime


def compose(card: RegisterCard) -> Document:
    """Return the register as a document with a line for the hand of who drew it up; it has no number of its own."""
    centre, on = card.centre, card.made_at.date()
    many = counted(len(card.lines), "строка", "строки", "строк")
    rows = tuple(
        tuple(
            text(fitted(words, width - PADDING))
            for words, width in zip(
                (whole(one.number), short_day(one.dated), one.title, whole(one.case), one.applicant, one.state),
                _WIDTHS,
                strict=True,
            )
        )
        for one in card.lines
    )
    head = ("№", "Дата", "Документ", "Дело", "Заявитель", "Состояние")
    founder = centre.requisite("founder", on)
    return Document(
        kind="register",
        form="record",
        title="РЕЕСТР",
        heading=f"О выданных документах: {lowered(card.name)}",
        organisation=tuple(
            filter(None, (founder, centre.full, f"({centre.short})" if centre.short != centre.full else ""))
        ),
        number=None,
        date=short_day(on),
        place=centre.city,
        blocks=(
            Paragraph(text(f"{card.chosen} Всего: {many}.".strip())),
            Table(card.name, head, rows, _WIDTHS, _ALIGNS),
            SignatureLine(capitalised(card.clerk_position.n), card.clerk.short()),
        ),
        properties=Properties(f"Реестр: {lowered(card.name)}", centre.short, card.made_at, ("реестр",)),
        foot=(f"Реестр документов. Сформировано {short_day(on)}.",),
    )
