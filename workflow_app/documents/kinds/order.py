"""Приказ об утверждении экспертного заключения (domain.md 6.4, 0a.11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from workflow_app.documents.content.snapshot import CentreCard, Material, Reference, Signature, needed
from workflow_app.documents.content.told import Say, told
from workflow_app.documents.docx.blocks import Block, Document, Items, Paragraph, SignatureLine, Text, bold, text
from workflow_app.documents.kinds import invented, shared_parts
from workflow_app.documents.kinds.kind import Kind
from workflow_app.documents.kinds.wording import authored_words, object_words, referred, sentence
from workflow_app.documents.russian.grammar import PersonName, Position, capitalised, day
from workflow_app.errors import N_, Broken


@dataclass(frozen=True, slots=True)
class Acquainted:
    """Who signs that they have read the order."""

    person: PersonName = told(Say(N_("инициалы и фамилия"), "name", lambda one: one.person.short()))
    position: Position = told(Say(N_("должность"), of=lambda one: one.position.n))


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCard:
    """What an order of approval orders: the conclusion, who acquaints the applicant and by when.

    ``conclusion_title`` stands in the accusative; ``acquainted`` are those who sign that they have read the order.
    """

    conclusion: Reference = told(N_("заключение"))
    executor: PersonName = told(N_("кто знакомит заявителя"))
    executor_position: Position = told(N_("его должность"))
    signature: Signature
    conclusion_title: str = told(
        N_("какое заключение утверждается (винительный)"), default="сводное экспертное заключение"
    )
    by: date | None = told(N_("до какого дня ознакомить"), default=None)
    acquainted: tuple[Acquainted, ...] = told(N_("кто знакомится с приказом"), default=())


def compose(kind: Kind, material: Material) -> Document:
    """Needs ``OrderCard``. There is none in attestation: the specialists' conclusion is not approved (0a.5)."""
    order, card = needed(material, OrderCard), material.case
    if card.attestation:
        raise Broken("the specialists' conclusion is not approved by an order (0a.5)")
    return shared_parts.compose(
        material,
        kind,
        name="Приказ",
        title="ПРИКАЗ",
        heading=f"Об утверждении экспертного заключения на {object_words(card, 'a')}",
        on=material.issue.date,
        blocks=(
            Paragraph(text(_preamble(material))),
            Paragraph(text(bold("ПРИКАЗЫВАЮ:")), indent=False, keep_with_next=True),
            Items(_points(material, order), numbered=True),
            shared_parts.director_line(material.centre, order.signature),
            *_acquainted(order),
        ),
    )


def _preamble(material: Material) -> str:
    """On what ground: the regulation, when the centre has one, and the examination."""
    regulation = material.centre.requisite("regulation_i", material.issue.date)
    result = f"результатам экспертизы {object_words(material.case, 'g')}"
    return f"В соответствии с {regulation} и по {result}" if regulation else f"По {result}"


def _points(material: Material, order: OrderCard) -> tuple[Text, ...]:
    card = material.case
    conclusion = f"{order.conclusion_title} {referred(order.conclusion)}"
    term = f" в срок до {day(order.by)}" if order.by else ""
    executor = f"{capitalised(order.executor_position.form('d'))} {order.executor.short('d', surname_first=True)}"
    applicant = card.applicant.short("a", surname_first=True)
    return (
        text(f"Утвердить {conclusion} на {authored_words(card, 'a')}."),
        text(sentence(f"{executor} ознакомить {applicant} с экспертным заключением{term}")),
        text("Контроль исполнения приказа оставляю за собой."),
    )


def _acquainted(order: OrderCard) -> tuple[Block, ...]:
    """С приказом ознакомлены: a dated line for each."""
    if not order.acquainted:
        return ()
    lines = (SignatureLine(capitalised(one.position.n), one.person.short(), dated=True) for one in order.acquainted)
    return (Paragraph(text("С приказом ознакомлены:"), indent=False, keep_with_next=True), *lines)


def sample(centre: CentreCard, today: date, rows: int) -> OrderCard:
    """An order about an invented conclusion."""
    return OrderCard(
        conclusion=invented.reference(today), executor=invented.CLERK, executor_position=invented.METHODIST,
        signature=invented.hand(centre), by=today + timedelta(days=10),
        acquainted=tuple(Acquainted(invented.expert(at).person, invented.METHODIST) for at in range(rows)),
    )  # fmt: skip


KIND: Final = Kind(
    key="order", title=N_("Приказ об утверждении"), register="orders", words=compose, card=OrderCard, sample=sample, form="order",
    signer="director",
)  # fmt: skip
