"""Уведомление о рассмотрении апелляции (domain.md 5, 6.12)."""

from __future__ import annotations

from typing import Final

from workflow_app.documents.content.snapshot import AppealNoticeCard, CaseCard, Material, needed
from workflow_app.documents.docx.blocks import Document, Paragraph, text
from workflow_app.documents.kinds import shared_letter
from workflow_app.documents.kinds.wording import appealed, examination, results, sat, sentence
from workflow_app.documents.russian.grammar import counted, day, numbered

KEY: Final = "appeal_notice"


def compose(material: Material) -> Document:
    """Needs ``appeal_notice``. The applicant learns how many people decide and by when, never who they are."""
    notice, card = needed(material.appeal_notice, "appeal_notice"), material.case
    body = (*(Paragraph(text(words)) for words in _body(card, notice)),)
    return shared_letter.notice(material, notice, kind=KEY, heading="О рассмотрении апелляции", body=body)


def _body(card: CaseCard, notice: AppealNoticeCard) -> tuple[str, ...]:
    subject = results(card) if notice.against else ""
    accepted = (
        f"Уведомляем, что Ваша апелляция от {day(notice.lodged_at)} на {appealed(notice.against)}{subject} "
        f"(регистрационный {numbered(card.number)}) принята к рассмотрению."
    )
    before = f"проведении {examination(card, 'g')}" if notice.against else "рассмотрении Ваших документов"
    panel = (
        "Апелляцию рассмотрит апелляционная комиссия в составе "
        f"{counted(notice.members, 'человека', 'человек', 'человек')}. Члены комиссии в {before} не участвовали."
    )
    term = f"Решение будет принято не позднее {day(notice.decide_by)} О принятом решении Вы будете уведомлены."
    withdrawal = "До принятия решения Вы вправе отозвать апелляцию."
    return (accepted, panel, _held(notice), *_limits(card, notice), term, withdrawal)


def _held(notice: AppealNoticeCard) -> str:
    """Whether the panel sits, and then when and where: the applicant may come."""
    if notice.sitting is None:
        return "Комиссия примет решение заочно, опросными листами; заседание не проводится."
    return sentence(f"Заседание комиссии состоится {sat(notice.sitting)}") + " Вы вправе на нём присутствовать."


def _limits(card: CaseCard, notice: AppealNoticeCard) -> tuple[str, ...]:
    """In attestation only the centre's procedure can be appealed here."""
    if not card.attestation or not notice.against:
        return ()
    words = (
        "Апелляция рассматривается в части порядка проведения всестороннего анализа. "
        "Решения аттестационной комиссии в этом порядке не пересматриваются."
    )
    return (words,)
