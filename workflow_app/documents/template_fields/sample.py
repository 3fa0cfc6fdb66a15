"""Invented material of every kind of document: what templates are tried on before anything is issued."""

from __future__ import annotations

from datetime import date
from typing import Final

from workflow_app.documents.content.snapshot import ByDirector, CentreCard, Issue, Material, RecordMaterial
from workflow_app.documents.kinds import invented
from workflow_app.documents.kinds.registry import kind

ROWS: Final = 4  # rows of a list in an ordinary sample
MANY: Final = 40  # in the large one, on which a template proves that it ends in time

CHECKED_AT: Final = "https://example.org/check"


def sample(key: str, centre: CentreCard, today: date, *, rows: int = ROWS) -> Material | RecordMaterial:
    """Return a material of which a document of kind ``key`` can be made; ``rows`` is how long its lists are."""
    of_kind = kind(key)
    issue = Issue("000", today, check_address=CHECKED_AT, digest="0" * 64)
    card = of_kind.sample(centre, today, rows)
    if of_kind.of == "record":
        return RecordMaterial(centre, issue, card)
    approval = ByDirector(invented.hand(centre), today) if of_kind.stamped and of_kind.signer == "director" else None
    case = invented.case(today, attested=of_kind.attestation)
    return Material(centre, case, issue, card, approval)
