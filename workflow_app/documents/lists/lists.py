"""Lists of a month: compositions of expert groups, a schedule, a register of handed over papers.

Working papers: they have no number of their own and no place in a register. Whoever needs one writes it by hand, for a
number is given only with bytes that are kept (R33, R34). Tables fit the upright sheet (170 mm).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from workflow_app.documents.content.assessment_cards import Signature
from workflow_app.documents.content.snapshot import CentreCard
from workflow_app.documents.docx.blocks import (
    Block,
    Document,
    Form,
    Paragraph,
    Properties,
    SignatureLine,
    text,
)
from workflow_app.documents.kinds.shared_parts import director_line
from workflow_app.documents.kinds.wording import sentence
from workflow_app.documents.lists.columns import GROUPS, HANDOVER, SCHEDULE, ListRow, table
from workflow_app.documents.russian.grammar import (
    BLANK_DAY,
    NBSP,
    PersonName,
    Position,
    counted,
    day,
    numbered,
)
from workflow_app.documents.russian.unconfirmed import each_text, unmarked
from workflow_app.errors import N_, Sentence

__all__ = ["LISTINGS", "ListMaterial", "ListRow", "Listing", "groups", "handover", "schedule"]

_BLANK_NUMBER: Final = ""  # «№ ______»


@dataclass(frozen=True, slots=True)
class ListMaterial:
    """What a list is made from; ``made_at`` is aware.

    ``period`` in the accusative: «за ноябрь 2026 г.» of what was, «на ноябрь 2026 г.» of what is planned.
    """

    centre: CentreCard
    rows: tuple[ListRow, ...]
    period: str
    made_at: datetime
    signature: Signature
    executor: PersonName
    executor_position: Position

    def __post_init__(self) -> None:
        """Only the grammar marks a form as unconfirmed: nobody types such a mark."""
        object.__setattr__(self, "rows", each_text(self.rows, unmarked))


@dataclass(frozen=True, slots=True)
class Listing:
    """A kind of list: what it is called, what it is for, who composes it."""

    key: str
    title: Sentence
    about: Sentence
    compose: Callable[[ListMaterial], Document]


def groups(material: ListMaterial) -> Document:
    """Составы экспертных групп: who examines what, the head of a group marked."""
    lead = "Утвердить составы экспертных групп и групп специалистов" if material.rows else "Групп нет"
    return _document(
        material,
        "groups",
        "Составы экспертных групп",
        "record",
        "СОСТАВЫ ЭКСПЕРТНЫХ ГРУПП",
        f"О составах экспертных групп на {material.period}",
        (Paragraph(text(sentence(lead))), table("Экспертные группы", GROUPS, material.rows), _signed(material)),
    )


def schedule(material: ListMaterial) -> Document:
    """График проведения экспертизы: for whom, in which form, from when to when."""
    cases = counted(len(material.rows), "дело", "дела", "дел")
    said = f"В график включено: {_people(material)} ({cases})."
    return _document(
        material,
        "schedule",
        "График проведения экспертизы",
        "record",
        "ГРАФИК",
        f"О сроках проведения экспертизы и всестороннего анализа на {material.period}",
        (Paragraph(text(said)), table("График", SCHEDULE, material.rows), _signed(material)),
    )


def handover(material: ListMaterial) -> Document:
    """Реестр передачи экспертных заключений в аттестационную комиссию, with places for the hand of who takes them."""
    commission = material.centre.requisite("commission_d", material.made_at.date()) or "аттестационной комиссии"
    said = f"Переданы {commission} экспертные заключения: {counted(len(material.rows), 'дело', 'дела', 'дел')} ({_people(material)})."
    return _document(
        material,
        "handover",
        "Реестр передачи заключений",
        "record",
        "РЕЕСТР",
        f"О передаче экспертных заключений за {material.period}",
        (
            Paragraph(text(said)),
            table("Переданные экспертные заключения", HANDOVER, material.rows),
            SignatureLine("Передал", material.executor.short(), dated=True),
            SignatureLine("Принял", "______________", dated=True),
        ),
    )


def _people(material: ListMaterial) -> str:
    """How many people the list is about: each once, however many cases they have."""
    return counted(
        len({(one.applicant_id, one.applicant.full()) for one in material.rows}), "педагог", "педагога", "педагогов"
    )


def _signed(material: ListMaterial) -> SignatureLine:
    return director_line(material.centre, material.signature)


def _document(
    material: ListMaterial, kind: str, name: str, form: Form, title: str, heading: str, blocks: tuple[Block, ...]
) -> Document:
    """Put a list together: no date and no number but blanks for the hand."""
    heading = heading.replace(" г.", f"{NBSP}г.")
    centre, on = material.centre, material.made_at.date()
    organisation = (
        centre.requisite("founder", on),
        centre.full,
        f"({centre.short})" if centre.short != centre.full else "",
    )
    return Document(
        kind=kind,
        form=form,
        title=title,
        heading=heading,
        organisation=tuple(filter(None, organisation)),
        number=numbered(_BLANK_NUMBER),
        date=BLANK_DAY,
        place=centre.city,
        blocks=blocks,
        properties=Properties(f"{heading}, {material.period}", centre.short, material.made_at, (name.lower(),)),
        foot=(_foot(name, material),),
    )


def _foot(name: str, material: ListMaterial) -> str:
    """A list says when it was drawn up."""
    return f"{name}. Сформировано {day(material.made_at.date())}"


_ALL: Final = (
    Listing(
        "groups",
        N_("Составы экспертных групп"),
        N_("Дела, по которым в этом месяце назначены или работают эксперты."),
        groups,
    ),
    Listing(
        "schedule", N_("График проведения экспертизы"), N_("Дела, сроки которых приходятся на этот месяц."), schedule
    ),
    Listing(
        "handover",
        N_("Реестр передачи заключений в комиссию"),
        N_("Дела аттестации, заключения по которым переданы в комиссию в этом месяце."),
        handover,
    ),
)
LISTINGS: Final[Mapping[str, Listing]] = MappingProxyType({one.key: one for one in _ALL})
