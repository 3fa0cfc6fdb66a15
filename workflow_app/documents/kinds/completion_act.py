"""Акт о завершении экспертизы: what was examined, when, with what result, and which documents were issued."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from workflow_app.documents.content.snapshot import CaseCard, CentreCard, Material, Signature, needed
from workflow_app.documents.content.told import Say, told
from workflow_app.documents.docx.blocks import Block, Document, Facts, Paragraph, Table, Text, bold, text
from workflow_app.documents.kinds import invented, shared_parts
from workflow_app.documents.kinds.kind import Kind
from workflow_app.documents.kinds.wording import examination, glued, lowered, object_words, role, sentence
from workflow_app.documents.russian.grammar import day, numbered
from workflow_app.documents.russian.numerals import in_words
from workflow_app.errors import N_


@dataclass(frozen=True, slots=True)
class IssuedRow:
    """A document of the case as a line of a table; ``state`` in words («Действует»), ``number`` empty where none is."""

    title: str = told(N_("документ"))
    number: str = told(N_("номер"))
    date: date = told(N_("дата"))
    state: str = told(N_("состояние"))
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletionCard:
    """How a case ended. ``ended`` is the outcome in words: what was done, never that a category was given (R2).

    ``experts`` and ``sheets`` are counts over all rounds; how many rounds there were is said by the case. ``verdict`` is
    empty where the case ended without one. ``keeper`` signs for the case, ``director`` for the centre.
    """

    closed_at: date = told(Say(N_("когда дело закрыто"), "closed"))
    ended: str = told(N_("чем закончилось"))
    experts: int = told(Say(N_("сколько экспертов"), "experts_count"))
    sheets: int = told(Say(N_("сколько листов"), "sheets_count"))
    keeper: Signature
    director: Signature
    verdict: str = told(N_("вывод; пусто, если его нет"), default="")
    documents: tuple[IssuedRow, ...] = told(Say(N_("выданные документы"), "issued"), default=())


def compose(kind: Kind, material: Material) -> Document:
    """Needs ``CompletionCard``. It tells what was done with the case; a category is not its business (R2)."""
    done, card = needed(material, CompletionCard), material.case
    return shared_parts.compose(
        material,
        kind,
        name=f"Акт о завершении {examination(card, 'g')}",
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


def sample(centre: CentreCard, today: date, rows: int) -> CompletionCard:
    """An act about an invented end."""
    issued = tuple(IssuedRow("Экспертное заключение", "000-ЗК", today, "Действует") for _ in range(rows))
    hand = invented.hand(centre)
    return CompletionCard(
        closed_at=today, ended="экспертиза проведена", experts=3, sheets=3, keeper=hand, director=hand, verdict=invented.VERDICT,
        documents=issued,
    )  # fmt: skip


KIND: Final = Kind(
    key="completion_act",
    title=N_("Акт о завершении экспертизы"),
    register="acts",
    words=compose,
    card=CompletionCard,
    sample=sample,
)
