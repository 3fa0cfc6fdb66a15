"""Приказ об утверждении экспертного заключения (domain.md 6.4, 0a.11)."""

from __future__ import annotations

from typing import Final

from workflow_app.documents.content.snapshot import Material, OrderCard, needed
from workflow_app.documents.docx.blocks import Block, Document, Items, Paragraph, SignatureLine, Text, bold, text
from workflow_app.documents.kinds import shared_parts
from workflow_app.documents.kinds.wording import authored_words, object_words, referred, sentence
from workflow_app.documents.russian.grammar import capitalised, day
from workflow_app.errors import Broken

KEY: Final = "order"


def compose(material: Material) -> Document:
    """Needs ``order``. There is none in attestation: the specialists' conclusion is not approved (0a.5)."""
    order, card = needed(material.order, "order"), material.case
    if card.attestation:
        raise Broken("the specialists' conclusion is not approved by an order (0a.5)")
    return shared_parts.compose(
        material,
        kind=KEY,
        name="Приказ",
        form="order",
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
    lines = (
        SignatureLine(capitalised(position.n), person.short(), dated=True) for person, position in order.acquainted
    )
    return (Paragraph(text("С приказом ознакомлены:"), indent=False, keep_with_next=True), *lines)
