"""Сводное экспертное заключение: the experts' marks side by side, their common conclusion (domain.md 6.3, 0a)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from workflow_app.documents.content.snapshot import (
    Approval,
    ByBody,
    CaseCard,
    CentreCard,
    ComparedRow,
    Consolidated,
    Material,
    Reference,
    needed,
)
from workflow_app.documents.docx.blocks import Block, Document, Facts, Heading, Paragraph, bold, text
from workflow_app.documents.kinds import criteria_tables, criterion_reasons, invented, shared_parts
from workflow_app.documents.kinds.kind import Kind, Said
from workflow_app.documents.kinds.wording import (
    conformity,
    discrepancy_words,
    lowered,
    recommendation,
    referred,
    results_of,
    role,
    sentence,
    third_review_words,
)
from workflow_app.documents.russian.grammar import capitalised, day, numbered, percent, quoted
from workflow_app.errors import N_


def compose(kind: Kind, material: Material) -> Document:
    """Needs ``Consolidated``; ``approval`` gives the stamp, never in attestation (0a.5)."""
    found, card = needed(material, Consolidated), material.case
    return shared_parts.compose(
        material,
        kind,
        name="Сводное экспертное заключение",
        title="СВОДНОЕ ЭКСПЕРТНОЕ ЗАКЛЮЧЕНИЕ",
        heading=results_of(card),
        on=material.issue.date,
        stamp=shared_parts.stamp(material.centre, card, material.approval),
        blocks=(
            Facts((shared_parts.basis(card), *shared_parts.case_facts(card)[1:])),
            *shared_parts.experts_list(card, found.experts),
            *shared_parts.method(card),
            *_declared(card, found),
            Heading("Результаты"),
            *criteria_tables.compared_table(card, found),
            *_agreement(card, found),
            *criterion_reasons.within(card, found),
            *shared_parts.opinion(card, found.strengths, found.remarks, found.conclusions, found.recommendations),
            *_ending(material, found),
            *_signatures(material.centre, card, found),
            *criterion_reasons.annex(card, found, material.issue),
        ),
    )


def _declared(card: CaseCard, found: Consolidated) -> tuple[Block, ...]:
    """That nobody who judged is near to whom they judged: each signed that before the materials opened (R17)."""
    if not found.declared:
        return ()
    words = f"декларации об отсутствии конфликта интересов подписаны всеми {role(card, 'ip')} до начала работы"
    return (Facts((("Конфликт интересов", words),)),)


def _agreement(card: CaseCard, found: Consolidated) -> tuple[Block, ...]:
    """How far the experts were apart and how that was settled."""
    said = [discrepancy_words(card, found.discrepancy)]
    if found.third_review:
        said.append(third_review_words(card, found.third_review, len(found.experts)))
    return tuple(Paragraph(text(words)) for words in said)


def _ending(material: Material, found: Consolidated) -> tuple[Block, ...]:
    card = material.case
    deviation = _deviation(found)
    if card.attestation:
        advice = recommendation(card, material.centre, material.issue.date, favourable=found.favourable)
        last = (Paragraph(text(conformity(card, favourable=found.favourable))), Paragraph(text(advice)))
        return (Heading("Заключение"), *deviation, *last)
    total: tuple[Block, ...] = ()
    if found.percent is not None:
        share = percent(found.percent)
        total = (Paragraph(text(f"Итоговая оценка составляет {share} максимально возможной суммы баллов.")),)
    verdict = Paragraph(text(bold("Вывод: "), sentence(lowered(found.verdict))))
    return (Heading("Заключение"), *total, *deviation, verdict, *_ground(material.approval))


def _ground(approval: Approval | None) -> tuple[Block, ...]:
    """Say why it is not the director who approved: the work is the centre's own."""
    if not isinstance(approval, ByBody):
        return ()
    by = "протокол экспертного совета" if approval.protocol else "письмо управления образования"
    by, authority = ("письмо", f" Поручение: {sentence(approval.authority)}") if approval.authority else (by, "")
    words = (
        "Это работа самого центра или его руководителя, поэтому заключение утверждено не им. "
        f"Основание: {by} {referred(approval.paper)}, подписано: {sentence(approval.signatory)}{authority}"
    )
    return (Paragraph(text(words)),)


def _deviation(found: Consolidated) -> tuple[Block, ...]:
    """A verdict other than the rule's is said openly, with its reason (R29)."""
    if not found.deviation:
        return ()
    words = (
        f"По правилу подсчёта оценок предусмотрен вывод {quoted(found.verdict_by_rule)}. Принят иной вывод. "
        f"Обоснование: {sentence(lowered(found.deviation))}"
    )
    return (Paragraph(text(words)),)


def _signatures(centre: CentreCard, card: CaseCard, found: Consolidated) -> tuple[Block, ...]:
    """Those who agree sign here; who signed with a dissenting opinion is named, the signature stands under it.

    Under a version that they have not seen nobody of them signs: it says where their signatures stand.
    """
    if found.signed_in and found.reissued_by:
        return (
            *_elsewhere(card, found, found.signed_in),
            shared_parts.director_line(centre, found.reissued_by),
            *_opinions(card, found),
        )
    lead = capitalised(role(card))
    names = ", ".join(note.expert.person.short("g", surname_first=True) for note in found.dissents)
    which = "Особое мнение" if len(found.dissents) == 1 else "Особые мнения"
    verb = "прилагается" if len(found.dissents) == 1 else "прилагаются"
    dissents = (Paragraph(text(f"{which} {names} {verb}.")),) if names else ()
    signed = (shared_parts.signature_line(one, lead) for one in found.signatures)
    return (*dissents, *signed, *(shared_parts.dissent(card, note) for note in found.dissents))


def _elsewhere(card: CaseCard, found: Consolidated, version: Reference) -> tuple[Block, ...]:
    everyone = (*found.signatures, *(note.signature for note in found.dissents))
    names = ", ".join(one.person.short(surname_first=True) for one in everyone)
    words = (
        f"Подписи {role(card, 'gp')} ({names}) стоят в версии {version.version} заключения от {day(version.date)} "
        f"{numbered(version.number)}. Настоящая версия выдана заново без изменения оценок и вывода."
    )
    return (Paragraph(text(words)),)


def _opinions(card: CaseCard, found: Consolidated) -> tuple[Block, ...]:
    """The dissenting opinions as they were written, without the marks that stand in the signed version."""
    said: list[Block] = []
    for one in (shared_parts.dissent(card, note) for note in found.dissents):
        said += [Heading(one.title), *(Paragraph(words) for words in one.paragraphs)]
    return tuple(said)


def sample(_centre: CentreCard, _today: date, rows: int) -> Consolidated:
    """An invented common conclusion."""
    experts = invented.experts(min(rows, 3))
    marks = tuple(4 for _ in experts)
    return Consolidated(
        experts=experts, rows=tuple(ComparedRow(at + 1, invented.criterion(at), 5, marks, Decimal(4)) for at in range(rows)),
        verdict=invented.VERDICT, favourable=True, signatures=tuple(map(invented.signed, experts)),
        percents=(invented.SHARE,) * len(experts), percent=invented.SHARE, verdict_by_rule=invented.VERDICT, **invented.said(),
    )  # fmt: skip


def _apart(material: Material) -> str:
    found = material.card
    return discrepancy_words(material.case, found.discrepancy) if isinstance(found, Consolidated) else ""


KIND: Final = Kind(
    key="consolidated_conclusion", title=N_("Сводное экспертное заключение"), register="conclusions", words=compose, card=Consolidated,
    sample=sample, says=(Said("discrepancy", N_("о расхождении оценок"), _apart),), stamped=True, signer="director",
    named_in=("order", "covering_letter"),
)  # fmt: skip
