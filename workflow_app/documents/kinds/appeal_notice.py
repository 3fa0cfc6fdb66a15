"""Уведомление о рассмотрении апелляции (domain.md 5, 6.12)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from workflow_app.documents.content.cards import Sitting
from workflow_app.documents.content.snapshot import CaseCard, CentreCard, Material, Reference, needed
from workflow_app.documents.content.told import Say, told
from workflow_app.documents.docx.blocks import Document, Paragraph, text
from workflow_app.documents.kinds import invented, shared_letter
from workflow_app.documents.kinds.kind import Kind
from workflow_app.documents.kinds.wording import appealed, examination, results, sat, sentence
from workflow_app.documents.russian.grammar import counted, day, numbered
from workflow_app.errors import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealNoticeCard(shared_letter.ToApplicant):
    """An appeal is taken up: by how many members of the panel, not by whom, and by which day they decide.

    ``against`` as in the appeal's decision; ``sitting`` is None where the members are polled in absence.
    """

    lodged_at: date = told(Say(N_("когда подана апелляция"), "lodged"))
    against: Reference | None = told(Say(N_("что обжалуется (винительный)"), of=lambda card: appealed(card.against)))
    members: int = told(N_("сколько членов комиссии"))
    decide_by: date = told(N_("до какого дня решат"))
    sitting: Sitting | None = told(N_("когда и где заседает комиссия; пусто при опросе"), default=None)


def compose(kind: Kind, material: Material) -> Document:
    """Needs ``AppealNoticeCard``. The applicant learns how many people decide and by when, never who they are."""
    notice, card = needed(material, AppealNoticeCard), material.case
    body = (*(Paragraph(text(words)) for words in _body(card, notice)),)
    return shared_letter.notice(material, kind, notice, heading="О рассмотрении апелляции", body=body)


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


def sample(centre: CentreCard, today: date, _rows: int) -> AppealNoticeCard:
    """A notice of an invented appeal."""
    return AppealNoticeCard(
        lodged_at=today, against=invented.reference(today), members=3, decide_by=today + timedelta(days=30),
        signature=invented.hand(centre), prepared_by=invented.CLERK,
    )  # fmt: skip


KIND: Final = Kind(
    key="appeal_notice", title=N_("Уведомление о рассмотрении апелляции"), register="letters", words=compose, card=AppealNoticeCard,
    sample=sample, form="letter", reader="applicant",
)  # fmt: skip
