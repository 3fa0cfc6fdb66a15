"""What experts found and signed: the part of the material that comes from sheets and from consolidation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Literal

from workflow_app.documents.content.told import Say, told
from workflow_app.documents.docx.blocks import Certificate
from workflow_app.documents.russian.grammar import Organisation, PersonName, Position, percent
from workflow_app.errors import N_, Broken


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


NOT_APPLICABLE: Final = "не применяется"
_WHOSE: Final = (N_("оценка первого эксперта"), N_("оценка второго эксперта"), N_("оценка третьего эксперта"))


def _share(card: ReviewSheet | Consolidated) -> str:
    return percent(card.percent) if card.percent is not None else ""


def _mark(at: int) -> Callable[[ComparedRow], str]:
    return lambda row: row.said[at] if at < len(row.said) else ""


def _reasons(row: ComparedRow) -> str:
    return "\n".join(dict.fromkeys(filter(None, row.reasons)))


@dataclass(frozen=True, slots=True)
class CriterionRow:
    """One criterion of a sheet: points, or a word where the case is judged without points (0a.3), or not applicable."""

    number: int = told(Say(N_("номер критерия"), "n"))
    title: str = told(N_("критерий"))
    indicators: tuple[str, ...] = told(
        Say(N_("показатели"), of=lambda row: "; ".join(row.indicators)),
        Say(N_("оценка: баллы или слово"), "mark", lambda row: row.mark),
    )
    maximum: int = told(N_("наибольший балл"))
    points: int | None = None
    word: str = ""
    not_applicable: bool = False
    rationale: str = told(N_("обоснование"), default="")
    weight: Decimal = told(N_("вес"), default=Decimal(1))

    @property
    def mark(self) -> str:
        """The mark in words or in points."""
        return NOT_APPLICABLE if self.not_applicable else self.word or ("" if self.points is None else str(self.points))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewSheet:
    """A signed (or, for a preview, unsigned) sheet of one expert.

    ``total`` and ``maximum`` are weighted sums without the criteria not applicable, ``percent`` is rounded to 0.1; all
    three are None where the case is judged in words. ``verdict`` is the sheet's label; ``favourable`` its sign.
    """

    expert: Expert = told(N_("эксперт"))
    rows: tuple[CriterionRow, ...] = told(Say(N_("критерии с оценками"), "criteria"))
    verdict: str = told(N_("вывод"))
    favourable: bool = told(N_("«да», если вывод положительный, иначе пусто"))
    signature: Signature
    signed_at: date | None = told(N_("когда подписан лист"), default=None)
    total: Decimal | None = told(N_("сумма баллов"), default=None)
    maximum: Decimal | None = told(N_("наибольшая сумма баллов"), default=None)
    percent: Decimal | None = told(
        Say(N_("итоговая оценка в процентах; пусто, если оценивают словами"), of=_share), default=None
    )
    strengths: str = told(N_("сильные стороны"), default="")
    remarks: str = told(N_("замечания"), default="")
    conclusions: str = told(N_("выводы текстом"), default="")
    recommendations: str = told(N_("рекомендации"), default="")


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One criterion across experts: ``marks`` in the order of the experts, points or words, None for not applicable.

    ``reasons`` in the same order, empty where an expert gave none.
    """

    number: int = told(Say(N_("номер критерия"), "n"))
    title: str = told(N_("критерий"))
    maximum: int = told(N_("наибольший балл"))
    marks: tuple[int | str | None, ...] = told(
        Say(N_("оценки экспертов через точку с запятой"), of=lambda row: "; ".join(row.said))
    )
    mean: Decimal | None = told(
        N_("средняя оценка"),
        *(Say(about, f"mark_{at + 1}", _mark(at)) for at, about in enumerate(_WHOSE)),
        default=None,
    )
    weight: Decimal = told(N_("вес"), default=Decimal(1))
    reasons: tuple[str, ...] = told(Say(N_("обоснования экспертов, с новой строки"), "rationale", _reasons), default=())

    @property
    def said(self) -> tuple[str, ...]:
        """The marks as a template shows them."""
        return tuple(NOT_APPLICABLE if one is None else str(one) for one in self.marks)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class DissentNote:
    """An expert's dissenting opinion with the signature under it."""

    expert: Expert = told()
    text: str = told(N_("текст мнения"))
    signature: Signature


@dataclass(frozen=True, slots=True, kw_only=True)
class Consolidated:
    """The experts' common conclusion.

    ``percents`` stand in the order of ``experts`` and are empty where the case is judged in words. ``verdict`` is what
    is given; when it is not ``verdict_by_rule``, ``deviation`` says why (R29). ``declared``: every expert signed the
    declaration that there is no conflict of interest. ``signed_in`` is the version that the experts signed, where this one
    was issued after it: they have not seen this text, so the marks stay there and ``reissued_by`` signs.
    """

    experts: tuple[Expert, ...] = told(
        N_("эксперты"), Say(N_("сколько экспертов"), "experts_count", lambda card: str(len(card.experts)))
    )
    rows: tuple[ComparedRow, ...] = told(Say(N_("критерии с оценками экспертов"), "criteria"))
    verdict: str = told(N_("вывод"))
    favourable: bool = told(N_("«да», если вывод положительный, иначе пусто"))
    signatures: tuple[Signature, ...]
    percents: tuple[Decimal, ...] = ()
    percent: Decimal | None = told(
        Say(N_("итоговая оценка в процентах; пусто, если оценивают словами"), of=_share), default=None
    )
    verdict_by_rule: str = told(N_("вывод по правилу подсчёта"), default="")
    deviation: str = told(N_("почему вывод иной, чем по правилу"), default="")
    discrepancy: Discrepancy | None = None
    third_review: ThirdReview | None = None
    strengths: str = told(N_("сильные стороны"), default="")
    remarks: str = told(N_("замечания"), default="")
    conclusions: str = told(N_("выводы текстом"), default="")
    recommendations: str = told(N_("рекомендации"), default="")
    dissents: tuple[DissentNote, ...] = told(N_("особые мнения"), default=())
    declared: bool = False
    signed_in: Reference | None = None
    reissued_by: Signature | None = None
