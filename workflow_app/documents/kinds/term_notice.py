"""Уведомление о сроке и форме проведения аттестации (domain.md 0, R8, R13)."""

from __future__ import annotations

from typing import Final

from workflow_app.documents.content.snapshot import Material, NoticeCard, needed
from workflow_app.documents.docx.blocks import Block, Document, Facts, Paragraph, text
from workflow_app.documents.kinds import shared_letter
from workflow_app.documents.kinds.wording import purpose
from workflow_app.documents.russian.grammar import day, numbered

KEY: Final = "term_notice"


def compose(material: Material) -> Document:
    """Needs ``notice``. Without a known gender there is no «Уважаемый(ая)», the letter begins with its text."""
    notice = needed(material.notice, "notice")
    body: tuple[Block, ...] = (
        Paragraph(text(_considered(material))),
        Facts(_terms(notice)),
        *(Paragraph(text(words)) for words in _rights(notice)),
    )
    return shared_letter.notice(material, notice, kind=KEY, heading="О сроке и форме проведения аттестации", body=body)


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
