"""Letters to the applicant and to bodies: to whom, how one greets, who prepared them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workflow_app.documents.content.snapshot import CaseCard, Material, Signature
from workflow_app.documents.content.told import told
from workflow_app.documents.docx.blocks import Block, Document, Paragraph, text
from workflow_app.documents.kinds.kind import Kind
from workflow_app.documents.kinds.shared_parts import compose, director_line
from workflow_app.documents.kinds.wording import glued
from workflow_app.documents.russian.grammar import PersonName, Position, by_gender, capitalised
from workflow_app.errors import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class ToApplicant:
    """What every card of a notice holds: who signs, who prepared it, by which telephone one asks."""

    signature: Signature
    prepared_by: PersonName | None = told(N_("исполнитель"), default=None)
    phone: str = told(N_("телефон исполнителя"), default="")


def prepared(person: PersonName, phone: str) -> Block:
    """Who prepared a letter: small type under the signature."""
    return Paragraph(text("\n".join(filter(None, (person.full(), phone)))), align="left", indent=False, small=True)


def addressed(position: Position, organisation: str, name: str) -> tuple[str, ...]:
    """An address in the dative: position with organisation, then the name."""
    return (f"{capitalised(position.form('d'))} {glued(organisation)}".strip(), name)


def salutation(card: CaseCard) -> tuple[Block, ...]:
    """«Уважаемая Ольга Викторовна!»; nothing when the gender is unknown: there is no «Уважаемый(ая)»."""
    dear = by_gender(card.applicant.gender, "Уважаемый", "Уважаемая", "")
    if not dear:
        return ()
    words = text(f"{dear} {card.applicant.called}!")
    return (Paragraph(words, align="center", indent=False, keep_with_next=True),)


def notice(
    material: Material,
    kind: Kind,
    letter: ToApplicant,
    *,
    heading: str,
    body: Sequence[Block],
) -> Document:
    """A notice to the applicant: all kinds differ in what they say between the salutation and the director's signature."""
    card = material.case
    return compose(
        material,
        kind,
        name="Уведомление",
        title="УВЕДОМЛЕНИЕ",
        heading=heading,
        on=material.issue.date,
        addressee=addressed(card.position, card.organisation.g, card.applicant.short("d", surname_first=True)),
        blocks=(
            *salutation(card),
            *body,
            director_line(material.centre, letter.signature),
            *((prepared(letter.prepared_by, letter.phone),) if letter.prepared_by else ()),
        ),
    )
