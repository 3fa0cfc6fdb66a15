"""Решение по апелляции: the panel upholds the conclusion or orders a new examination (domain.md 5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from workflow_app.documents.content.assessment_cards import Expert, Reference, Signature
from workflow_app.documents.content.cards import Sitting, Votes
from workflow_app.documents.content.snapshot import CaseCard, CentreCard, Material, needed
from workflow_app.documents.content.told import Say, told
from workflow_app.documents.docx.blocks import Block, Document, Items, Paragraph, SignatureLine, bold, text
from workflow_app.documents.kinds import invented, shared_parts
from workflow_app.documents.kinds.kind import Kind
from workflow_app.documents.kinds.wording import (
    appealed,
    applicant_words,
    object_words,
    resolution,
    sat,
    sentence,
    voted,
)
from workflow_app.documents.russian.grammar import day, numbered
from workflow_app.errors import N_


@dataclass(frozen=True, slots=True)
class AppealCard:
    """The appeal panel's decision. ``against`` is None when a refusal to accept the application is appealed.

    ``panel`` has its chair first, ``signatures`` stand in its order. Decided at a ``sitting``, or (None) by a poll in absence.
    """

    lodged_at: date = told(Say(N_("когда подана апелляция"), "lodged"))
    against: Reference | None = told(Say(N_("что обжалуется (винительный)"), of=lambda card: appealed(card.against)))
    arguments: str = told(N_("доводы апелляции"))
    reasons: str = told(N_("мотивы решения"))
    granted: bool = told(N_("«да», если апелляция удовлетворена"))
    panel: tuple[Expert, ...] = told(N_("члены апелляционной комиссии"))
    signatures: tuple[Signature, ...] = told(Say(N_("подписи членов комиссии"), "panel_signatures"))
    votes: Votes = told(
        Say(N_("голосов за решение"), "votes_for", lambda card: str(card.votes.in_favour)),
        Say(N_("голосов против"), "votes_against", lambda card: str(card.votes.against)),
    )
    decided_on: date = told(Say(N_("когда принято решение"), "decided"))
    sitting: Sitting | None = told(N_("когда и где заседала комиссия; пусто при опросе"), default=None)


def compose(kind: Kind, material: Material) -> Document:
    """Needs ``AppealCard``."""
    appeal, card = needed(material, AppealCard), material.case
    on = material.issue.date
    return shared_parts.compose(
        material,
        kind,
        name="Решение по апелляции",
        title="РЕШЕНИЕ АПЕЛЛЯЦИОННОЙ КОМИССИИ",
        heading=f"Об апелляции {card.applicant.short('g', surname_first=True)} на {appealed(appeal.against)}",
        on=on,
        blocks=(
            *_panel(appeal),
            Paragraph(text(_considered(card, appeal))),
            *shared_parts.section("Доводы заявителя", appeal.arguments),
            *shared_parts.section("Выводы комиссии", appeal.reasons),
            *_limits(card),
            Paragraph(text("Апелляционная комиссия ", bold("РЕШИЛА:")), keep_with_next=True),
            Items(tuple(map(text, resolution(appeal.against, granted=appeal.granted))), numbered=True),
            Paragraph(text(f"Результаты голосования: {voted(appeal.votes)}.")),
            *(Paragraph(text(sentence(words))) for words in (material.centre.requisite("complaint", on),) if words),
            *(_signed(at, one) for at, one in enumerate(appeal.signatures)),
        ),
    )


def _panel(appeal: AppealCard) -> tuple[Block, ...]:
    return (Paragraph(text("Состав апелляционной комиссии:"), keep_with_next=True), shared_parts.people(appeal.panel))


def _signed(at: int, signature: Signature) -> SignatureLine:
    """A line for the hand of each: the chair's first, the members' all alike."""
    return shared_parts.signature_line(signature, f"{'Член' if at else 'Председатель'} апелляционной комиссии")


def _considered(card: CaseCard, appeal: AppealCard) -> str:
    met = (
        f"на заседании {sat(appeal.sitting)},"
        if appeal.sitting
        else f"{day(appeal.decided_on)} заочно (опросными листами)"
    )
    subject = "" if card.attestation or not appeal.against else f" по результатам экспертизы {object_words(card, 'g')}"
    return (
        f"Комиссия рассмотрела {met} апелляцию {applicant_words(card, 'g')}, поданную {day(appeal.lodged_at)}, "
        f"на {appealed(appeal.against)}{subject}, регистрационный {numbered(card.number)}."
    )


def _limits(card: CaseCard) -> tuple[Block, ...]:
    """In attestation only the centre's procedure can be appealed here."""
    if not card.attestation:
        return ()
    return (
        Paragraph(
            text(
                "Апелляция рассмотрена в части порядка проведения всестороннего анализа. "
                "Решения аттестационной комиссии в этом порядке не пересматриваются."
            )
        ),
    )


def sample(_centre: CentreCard, today: date, rows: int) -> AppealCard:
    """A decision on an invented appeal."""
    panel = invented.experts(rows)
    return AppealCard(
        lodged_at=today, against=invented.reference(today), arguments=invented.TEXT, reasons=invented.TEXT, granted=True, panel=panel,
        signatures=tuple(map(invented.signed, panel)), votes=Votes(rows, 0), decided_on=today, sitting=Sitting(today, "14:00", "кабинет 1"),
    )  # fmt: skip


KIND: Final = Kind(
    key="appeal_decision", title=N_("Решение по апелляции"), register="decisions", words=compose, card=AppealCard, sample=sample,
    reader="applicant",
)  # fmt: skip
