"""What experts found and signed: the part of the material that comes from sheets and from consolidation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from workflow_app.documents.docx.blocks import Certificate
from workflow_app.documents.russian.grammar import Organisation, PersonName, Position
from workflow_app.errors import Broken


@dataclass(frozen=True, slots=True)
class Reference:
    """A document by date and number; ``version`` only where there was more than one."""

    number: str
    date: date
    version: int = 1


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs and how.

    ``paper`` leaves a line for the hand; ``simple`` needs the moment in words and the journal's entry; ``certificate``
    needs the certificate's data, and only it may carry them (R36).
    """

    kind: Literal["paper", "simple", "certificate"]
    person: PersonName
    position: Position
    organisation: Organisation | None = None
    moment: str = ""
    event: str = ""
    certificate: Certificate | None = None

    def __post_init__(self) -> None:
        if (self.kind == "certificate") != (self.certificate is not None):
            raise Broken("a certificate mark needs certificate data, and nothing else may carry them (R36)")
        if self.kind == "simple" and not (self.moment and self.event):
            raise Broken("a simple signature needs its moment and the journal's entry (R35)")


@dataclass(frozen=True, slots=True)
class Expert:
    """An expert of the case, as named in documents."""

    person: PersonName
    position: Position
    organisation: Organisation


@dataclass(frozen=True, slots=True)
class CriterionRow:
    """One criterion of a sheet: points, or a word where the case is judged without points (0a.3), or not applicable."""

    number: int
    title: str
    indicators: tuple[str, ...]
    maximum: int
    points: int | None = None
    word: str = ""
    not_applicable: bool = False
    rationale: str = ""
    weight: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class ReviewSheet:
    """A signed (or, for a preview, unsigned) sheet of one expert.

    ``total`` and ``maximum`` are weighted sums without the criteria not applicable, ``percent`` is rounded to 0.1; all
    three are None where the case is judged in words. ``verdict`` is the sheet's label; ``favourable`` its sign.
    """

    expert: Expert
    rows: tuple[CriterionRow, ...]
    verdict: str
    favourable: bool
    signature: Signature
    signed_at: date | None = None
    total: Decimal | None = None
    maximum: Decimal | None = None
    percent: Decimal | None = None
    strengths: str = ""
    remarks: str = ""
    conclusions: str = ""
    recommendations: str = ""


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One criterion across experts: ``marks`` in the order of the experts, points or words, None for not applicable.

    ``reasons`` in the same order, empty where an expert gave none.
    """

    number: int
    title: str
    maximum: int
    marks: tuple[int | str | None, ...]
    mean: Decimal | None = None
    weight: Decimal = Decimal(1)
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """How far the sheets were apart: of the totals in points of 100, by criteria (their numbers), in sign.

    ``spread`` is None where the case is judged in words.
    """

    spread: Decimal | None = None
    limit: int = 20
    criteria: tuple[int, ...] = ()
    criterion_limit: int = 40
    opposite: bool = False


@dataclass(frozen=True, slots=True)
class ThirdReview:
    """How the discrepancy was settled.

    ``expert``: by one more expert (the last of the list), with ``policy`` for the result; ``meeting``: (a), the
    specialists met on ``held_on`` and came to a common result or not (``agreed``); ``without``: nobody was available.
    """

    way: Literal["expert", "meeting", "without"]
    expert: PersonName | None = None
    held_on: date | None = None
    policy: Literal["closest", "last", "all"] = "closest"
    agreed: bool = True
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DissentNote:
    """An expert's dissenting opinion with the signature under it."""

    expert: Expert
    text: str
    signature: Signature


@dataclass(frozen=True, slots=True)
class Consolidated:
    """The experts' common conclusion.

    ``percents`` stand in the order of ``experts`` and are empty where the case is judged in words. ``verdict`` is what
    is given; when it is not ``verdict_by_rule``, ``deviation`` says why (R29). ``declared``: every expert signed the
    declaration that there is no conflict of interest. ``signed_in`` is the version that the experts signed, where this one
    was issued after it: they have not seen this text, so the marks stay there and ``reissued_by`` signs.
    """

    experts: tuple[Expert, ...]
    rows: tuple[ComparedRow, ...]
    verdict: str
    favourable: bool
    signatures: tuple[Signature, ...]
    percents: tuple[Decimal, ...] = ()
    percent: Decimal | None = None
    verdict_by_rule: str = ""
    deviation: str = ""
    discrepancy: Discrepancy | None = None
    third_review: ThirdReview | None = None
    strengths: str = ""
    remarks: str = ""
    conclusions: str = ""
    recommendations: str = ""
    dissents: tuple[DissentNote, ...] = ()
    declared: bool = False
    signed_in: Reference | None = None
    reissued_by: Signature | None = None
