"""The snapshot from which documents are composed: plain frozen values, read once, no rows and no look-ups.

Whoever issues a document fills a :class:`Material` with what that kind needs and leaves the other parts None; a missing
part that the kind cannot do without is a :class:`~workflow_app.errors.Broken`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import TypeVar

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
from workflow_app.documents.content.cards import (
    AgendaItem,
    AppealCard,
    AppealNoticeCard,
    Ballot,
    CompletionCard,
    Enclosure,
    IssuedRow,
    LetterCard,
    NoticeCard,
    ProtocolCard,
    RefusalCard,
    Sitting,
    Speech,
    Votes,
)
from workflow_app.documents.russian.grammar import Organisation, PersonName, Position
from workflow_app.documents.russian.unconfirmed import each_text, unmarked
from workflow_app.errors import Broken

__all__ = [
    "AgendaItem",
    "AppealCard",
    "AppealNoticeCard",
    "Approval",
    "Ballot",
    "ByDirector",
    "ByOrder",
    "CaseCard",
    "CentreCard",
    "ComparedRow",
    "CompletionCard",
    "Consolidated",
    "CriterionRow",
    "Discrepancy",
    "DissentNote",
    "Enclosure",
    "Examined",
    "Expert",
    "Issue",
    "IssuedRow",
    "LetterCard",
    "Material",
    "NoticeCard",
    "OrderCard",
    "ProtocolCard",
    "Reference",
    "RefusalCard",
    "ReviewSheet",
    "Setting",
    "Signature",
    "Sitting",
    "Speech",
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
    """Approval by another body, where the director is an author: its protocol or letter, and who signed that."""

    paper: Reference
    protocol: bool
    signatory: str


# Approved by a person, by an order or by another body: never two of them (0a.11).
Approval = ByDirector | ByOrder | ByBody


@dataclass(frozen=True, slots=True)
class OrderCard:
    """What an order of approval orders: the conclusion, who acquaints the applicant and by when.

    ``conclusion_title`` stands in the accusative; ``acquainted`` are those who sign that they have read the order.
    """

    conclusion: Reference
    executor: PersonName
    executor_position: Position
    signature: Signature
    conclusion_title: str = "сводное экспертное заключение"
    by: date | None = None
    acquainted: tuple[tuple[PersonName, Position], ...] = ()


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
    """Everything that one document is composed from."""

    centre: CentreCard
    case: CaseCard
    issue: Issue = Issue()
    sheet: ReviewSheet | None = None
    consolidated: Consolidated | None = None
    approval: Approval | None = None
    order: OrderCard | None = None
    letter: LetterCard | None = None
    notice: NoticeCard | None = None
    appeal: AppealCard | None = None
    refusal: RefusalCard | None = None
    appeal_notice: AppealNoticeCard | None = None
    completion: CompletionCard | None = None
    protocol: ProtocolCard | None = None

    def __post_init__(self) -> None:
        """Only the grammar marks a form as unconfirmed: nobody types such a mark."""
        for item in fields(self):
            object.__setattr__(self, item.name, each_text(getattr(self, item.name), unmarked))


def needed(part: _T | None, name: str) -> _T:
    """The part of the material without which this kind of document cannot be composed."""
    if part is None:
        raise Broken(f"the document needs the material's part {name!r}")
    return part
