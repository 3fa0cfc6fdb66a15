"""The snapshot from which documents are composed: plain frozen values, read once, no rows and no look-ups.

Whoever issues a document fills a :class:`Material` with the card that its kind declares; a document without the card that it
cannot do without is a :class:`~workflow_app.errors.Broken`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, TypeVar

from workflow_app.documents.content.assessment_cards import (
    ComparedRow,
    Consolidated,
    CriterionRow,
    Discrepancy,
    DissentNote,
    Expert,
    Reference,
    ReviewSheet,
    Signature,
    ThirdReview,
)
from workflow_app.documents.content.cards import Sitting, Votes
from workflow_app.documents.russian.grammar import Organisation, PersonName, Position
from workflow_app.documents.russian.unconfirmed import each_text, unmarked
from workflow_app.errors import Broken

__all__ = [
    "Approval",
    "ByDirector",
    "ByOrder",
    "CaseCard",
    "CentreCard",
    "ComparedRow",
    "Consolidated",
    "CriterionRow",
    "Discrepancy",
    "DissentNote",
    "Examined",
    "Expert",
    "Issue",
    "Material",
    "RecordMaterial",
    "Reference",
    "ReviewSheet",
    "Setting",
    "Signature",
    "Sitting",
    "ThirdReview",
    "Votes",
    "needed",
]

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Setting:
    """One dated requisite of the centre: names of bodies and acts change, a document takes those of its own day."""

    key: str
    value: str
    since: date = date.min


@dataclass(frozen=True, slots=True)
class CentreCard:
    """The centre that issues documents.

    ``short`` is an abbreviation that does not decline («МКУ ИМЦ»). Keys of ``requisites`` that documents read, all
    optional: ``founder``, ``contacts``, ``registration`` (ИНН, ОГРН): lines of the letterhead; ``commission_n``,
    ``commission_d``: the attestation commission in two cases; ``attestation_act_i``: the procedure of attestation in
    the instrumental («Порядком проведения аттестации …»); ``regulation_i``: the centre's regulation on expertise in
    the instrumental; ``complaint``: a sentence on how a decision may be complained of.
    """

    short: str
    full: str
    director: PersonName
    director_position: Position
    city: str
    municipality: str
    address: str
    requisites: tuple[Setting, ...] = ()

    def requisite(self, key: str, on: date | None) -> str:
        """What the setting said on that day (on the latest known day when there is none); empty when unknown."""
        known = [one for one in self.requisites if one.key == key and (on is None or one.since <= on)]
        return max(known, key=lambda one: one.since).value if known else ""


@dataclass(frozen=True, slots=True)
class Examined:
    """What a kind of case examines: nominative, genitive, accusative; the title follows in quotation marks.

    ``personal``: it is something of the applicant, whose genitive follows instead of a title.
    """

    n: str
    g: str
    a: str
    personal: bool = False


@dataclass(frozen=True, slots=True)
class CaseCard:
    """The case: what is examined and whose it is.

    ``target_category`` is first, highest, methodist, mentor or empty; ``simplified`` marks the short path of holders of
    awards; ``criteria_sheet`` names the sheet and its version; ``methods`` in the nominative; in a ``blind`` type nobody
    learns which expert gave which mark; ``attestation``: a comprehensive analysis for the attestation commission.
    """

    number: str
    type_title: str
    examined: Examined
    title: str
    applicant: PersonName
    position: Position
    organisation: Organisation
    received_at: date
    registered_at: date
    target_category: str = ""
    attested_position: Position | None = None
    subject_area: str = ""
    round: int = 1
    co_authors: tuple[PersonName, ...] = ()
    methods: tuple[str, ...] = ()
    criteria_sheet: str = ""
    simplified: bool = False
    blind: bool = False
    attestation: bool = False


@dataclass(frozen=True, slots=True)
class ByDirector:
    """Approval by the director's own signature; the date is absent until it is put."""

    signature: Signature
    date: date | None


@dataclass(frozen=True, slots=True)
class ByOrder:
    """Approval by an order."""

    order: Reference


@dataclass(frozen=True, slots=True)
class ByBody:
    """Approval from outside, of the centre's own work: a protocol or letter, who signed it; of a person also by what authority."""

    paper: Reference
    protocol: bool
    signatory: str
    authority: str = ""


# Approved by a person, by an order or by another body: never two of them (0a.11).
Approval = ByDirector | ByOrder | ByBody


@dataclass(frozen=True, slots=True)
class Issue:
    """The act of issuing: number and date (absent in a preview), version, what it replaces, how to check it.

    ``made_at`` is the aware moment that the file's properties show; ``check_address`` the page of verification
    and ``code`` what is typed there;
    ``digest`` a SHA-256 of the record the document was made from (a file cannot name its own).
    """

    number: str = ""
    date: date | None = None
    version: int = 1
    replaces: Reference | None = None
    made_at: datetime | None = None
    check_address: str = ""
    code: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Material:
    """Everything that one document is composed from; ``card`` is what its kind says beyond the case."""

    centre: CentreCard
    case: CaseCard
    issue: Issue = Issue()
    card: Any = None
    approval: Approval | None = None

    def __post_init__(self) -> None:
        """Only the grammar marks a form as unconfirmed: nobody types such a mark."""
        _unmark(self)


@dataclass(frozen=True, slots=True)
class RecordMaterial:
    """Everything that one document of a record is composed from; ``card`` is that of its kind."""

    centre: CentreCard
    issue: Issue = Issue()
    card: Any = None
    signed: Signature | None = None

    def __post_init__(self) -> None:
        """As of a case."""
        _unmark(self)

    @property
    def director(self) -> Signature:
        """The signature of the act that issues it; without one the line of the director for a signature by hand."""
        return self.signed or Signature("paper", self.centre.director, self.centre.director_position)


def _unmark(material: Material | RecordMaterial) -> None:
    for item in fields(material):
        object.__setattr__(material, item.name, each_text(getattr(material, item.name), unmarked))


def needed(material: Material | RecordMaterial, card: type[_T]) -> _T:
    """The material's card, of the class without which this kind of document cannot be composed."""
    if not isinstance(material.card, card):
        raise Broken(f"the document needs a {card.__name__}")
    return material.card
