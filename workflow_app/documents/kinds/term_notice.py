"""Уведомление о сроке и форме проведения аттестации (domain.md 0, R8, R13)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from workflow_app.documents.content.snapshot import CentreCard, Material, needed
from workflow_app.documents.content.told import told
from workflow_app.documents.docx.blocks import Block, Document, Facts, Paragraph, text
from workflow_app.documents.kinds import invented, shared_letter
from workflow_app.documents.kinds.kind import Kind
from workflow_app.documents.kinds.wording import purpose
from workflow_app.documents.russian.grammar import day, numbered
from workflow_app.errors import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeCard(shared_letter.ToApplicant):
    """The notice of the attestation's term and form; ``documents_by``: the last day for more documents (R13)."""

    begins: date = told(N_("начало аттестации"))
    ends: date = told(N_("конец аттестации"))
    form: str = told(N_("форма проведения"))
    place: str = told(N_("место проведения"))
    documents_by: date = told(N_("до какого дня можно добавить документы"))
    commission_on: date | None = told(N_("когда заседает комиссия"), default=None)


def compose(kind: Kind, material: Material) -> Document:
    """Needs ``NoticeCard``. Without a known gender there is no «Уважаемый(ая)», the letter begins with its text."""
    notice = needed(material, NoticeCard)
    body: tuple[Block, ...] = (
        Paragraph(text(_considered(material))),
        Facts(_terms(notice)),
        *(Paragraph(text(words)) for words in _rights(notice)),
    )
    return shared_letter.notice(material, kind, notice, heading="О сроке и форме проведения аттестации", body=body)


def _considered(material: Material) -> str:
    card = material.case
    act = material.centre.requisite("attestation_act_i", material.issue.date)
    ground = f"В соответствии с {act} уведомляем" if act else "Уведомляем"
    return (
        f"{ground}, что Ваше заявление о проведении аттестации, поступившее {day(card.received_at)} "
        f"(регистрационный {numbered(card.number)}), рассмотрено. Цель аттестации: {purpose(card)}."
    )


def _terms(notice: NoticeCard) -> tuple[tuple[str, str], ...]:
    rows = (
        ("Срок проведения аттестации", f"с {day(notice.begins)} по {day(notice.ends)}"),
        ("Форма проведения аттестации", notice.form),
        ("Место проведения аттестации", notice.place),
        ("Заседание аттестационной комиссии", day(notice.commission_on) if notice.commission_on else ""),
    )
    return tuple((label, value) for label, value in rows if value)


def _rights(notice: NoticeCard) -> tuple[str, ...]:
    documents = (
        "Дополнительные сведения, характеризующие Вашу профессиональную деятельность, можно представить не позднее "
        f"чем за пять рабочих дней до проведения аттестации, по {day(notice.documents_by)} включительно."
    )
    presence = (
        "Вы вправе лично присутствовать на заседании аттестационной комиссии. При неявке на заседание аттестация "
        "проводится в Ваше отсутствие."
    )
    return (documents, presence)


def sample(centre: CentreCard, today: date, _rows: int) -> NoticeCard:
    """A notice of an invented term."""
    return NoticeCard(
        begins=today, ends=today + timedelta(days=60), form="всесторонний анализ результатов профессиональной деятельности",
        place=centre.short, documents_by=today + timedelta(days=10), signature=invented.hand(centre),
        commission_on=today + timedelta(days=70), prepared_by=invented.CLERK, phone=invented.PHONE,
    )  # fmt: skip


KIND: Final = Kind(
    key="term_notice", title=N_("Уведомление о сроке и форме аттестации"), register="letters", words=compose, card=NoticeCard,
    sample=sample, form="letter", attestation=True, reader="applicant",
)  # fmt: skip
