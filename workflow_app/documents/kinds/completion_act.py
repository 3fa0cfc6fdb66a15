"""Акт о завершении экспертизы: what was examined, when, with what result, and which documents were issued."""

from __future__ import annotations

from typing import Final

from workflow_app.documents.content.snapshot import CaseCard, CompletionCard, IssuedRow, Material, needed
from workflow_app.documents.docx.blocks import Block, Document, Facts, Paragraph, Table, Text, bold, text
from workflow_app.documents.kinds import shared_parts
from workflow_app.documents.kinds.wording import examination, glued, lowered, object_words, role, sentence
from workflow_app.documents.russian.grammar import day, numbered
from workflow_app.documents.russian.numerals import in_words

KEY: Final = "completion_act"


def compose(material: Material) -> Document:
    """Needs ``completion``. It tells what was done with the case; a category is not its business (R2)."""
    done, card = needed(material.completion, "completion"), material.case
    return shared_parts.compose(
        material,
        kind=KEY,
        name=f"Акт о завершении {examination(card, 'g')}",
        form="record",
        title="АКТ",
        heading=f"О завершении {examination(card, 'g')} {object_words(card, 'g')}",
        on=material.issue.date,
        blocks=(
            Paragraph(text(_opening(card, done))),
            Facts((*shared_parts.case_facts(card)[1:], *_course(card, done))),
            *_documents(done),
            Paragraph(text(bold("Итог: "), sentence(glued(lowered(done.ended))))),
            shared_parts.signature_line(done.keeper, "Ответственный за дело"),
            shared_parts.director_line(material.centre, done.director),
        ),
    )


def _opening(card: CaseCard, done: CompletionCard) -> str:
    """True of every end, a withdrawal too."""
    return (
        f"Настоящий акт составлен о том, что рассмотрение дела {numbered(card.number)} завершено {day(done.closed_at)}"
    )


def _course(card: CaseCard, done: CompletionCard) -> tuple[tuple[str, str], ...]:
    """Dates and counts; a line without a value is left out."""
    rows = (
        ("Дата поступления", day(card.received_at)),
        ("Дата регистрации", day(card.registered_at)),
        (f"Количество {role(card, 'gp')}", str(done.experts or "")),
        ("Количество экспертных листов", f"{done.sheets} ({in_words(done.sheets)})" if done.sheets else ""),
        ("Количество рассмотрений", str(card.round)),
        (f"Вывод {role(card, 'gp')}", lowered(done.verdict)),
    )
    return tuple((label, value) for label, value in rows if value)


def _documents(done: CompletionCard) -> tuple[Block, ...]:
    if not done.documents:
        return (Paragraph(text("Документы не выдавались.")),)
    return (
        Table(
            caption="Выданные документы",
            header=("№", "Документ", "Номер", "Дата", "Версия", "Состояние"),
            rows=tuple(_row(at, one) for at, one in enumerate(done.documents, start=1)),
            widths=(10, 54, 26, 26, 20, 34),
            aligns=("center", "left", "center", "center", "center", "left"),
        ),
    )


def _row(at: int, one: IssuedRow) -> tuple[Text, ...]:
    cells = (str(at), glued(one.title), one.number or "–", day(one.date), str(one.version), one.state)
    return tuple(text(words) for words in cells)
