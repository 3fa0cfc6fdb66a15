"""A letter about nobody on the centre's letterhead: what the requisites look like in a document, before one is issued."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from workflow_app.documents.content.snapshot import (
    CaseCard,
    Enclosure,
    Issue,
    LetterCard,
    Material,
    Reference,
    Signature,
)
from workflow_app.documents.docx.blocks import Document
from workflow_app.documents.kinds import covering_letter
from workflow_app.documents.russian.grammar import Organisation, PersonName
from workflow_app.facts import deadlines, naming

_NAME = PersonName("Образцова", "Анна", "Петровна")
_PLACE = Organisation("МАОУ «Средняя школа № 1»", "МАОУ «Средняя школа № 1»")


def sample_letter(session: Session, municipality_id: int) -> Document:
    """Return a covering letter with the requisites of today, an invented applicant and numbers of zeros."""
    today = deadlines.today(session, municipality_id)
    centre = naming.centre_card(session, municipality_id, today)
    signature = Signature("paper", centre.director, centre.director_position)
    reference = Reference("000", date(today.year, 1, 15))
    card = CaseCard(
        number=f"АТ-{today.year}-000", type_key="attestation_portfolio", type_title="Аттестация: всесторонний анализ",
        title="Образец", applicant=_NAME, position=naming.position_of("teacher"), organisation=_PLACE, received_at=reference.date,
        registered_at=reference.date, target_category="first", attested_position=naming.position_of("teacher"),
    )  # fmt: skip
    letter = LetterCard(reference, (Enclosure("Экспертное заключение"),), signature, _NAME)
    return covering_letter.compose(Material(centre, card, Issue("000", today), letter=letter))
