"""The dashboard as a Word file: what was asked for, then each figure: its sentence, its picture, its table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count
from types import MappingProxyType
from typing import Any, Final

from workflow_app.documents.content.snapshot import CentreCard
from workflow_app.documents.docx.bars import Legend
from workflow_app.documents.docx.blocks import (
    Align,
    Block,
    Document,
    Heading,
    Paragraph,
    Picture,
    Properties,
    SignatureLine,
    Table,
    text,
)
from workflow_app.documents.lists.columns import PADDING
from workflow_app.documents.russian.grammar import PersonName, Position, capitalised, day, short_day
from workflow_app.documents.russian.hyphens import fitted
from workflow_app.errors import N_, Sentence
from workflow_app.pictures import Pile

NAMES: Final[Mapping[str, Sentence]] = MappingProxyType({
    "stages": N_("Этапы"), "lateness": N_("Просрочка"), "ageing": N_("Без движения"), "medians": N_("Сроки этапов"),
    "experts": N_("Эксперты"), "verdicts": N_("Выводы"), "appeals": N_("Апелляции"), "seasons": N_("По месяцам"),
})  # fmt: skip
"""The figures in a word or two, as sheets of a workbook are called."""
_WIDE: Final = 170  # mm between the margins
_FIRST, _MOST = 40, 40  # mm: the words of a row at least, a number at most


@dataclass(frozen=True, slots=True)
class Told:
    """A figure in words: its sentence, its short name, what is counted, the table with its headings, what is drawn and how that is said."""

    title: str
    name: str
    hint: str
    header: Sequence[str]
    rows: Sequence[Sequence[Any]]
    total: bool
    bars: tuple[Pile, ...]
    legend: Legend
    spoken: str


@dataclass(frozen=True, slots=True)
class Made:
    """Who had the paper drawn up, where and when (aware); ``region``: the municipalities that it sums, instead of one centre."""

    centre: CentreCard
    by: PersonName
    position: Position
    today: date
    at: datetime
    region: Sequence[str] = ()


def document(made: Made, words: Sequence[str], told: Sequence[Told]) -> Document:
    """Return the paper; it has no number: it is a look at one day, not a document of the office."""
    centre = made.centre
    blocks: list[Block] = [Paragraph(text(f"{day(made.today)}: {', '.join(words)}."))]
    numbers = count(1)
    for one in told:
        blocks += [Heading(one.title), Paragraph(text(one.hint), indent=False, small=True, keep_with_next=True)]
        if one.bars:
            caption = f"Рисунок {next(numbers)} – {one.name}"
            blocks.append(Picture(one.bars, caption, one.spoken, _WIDE, one.legend))
        if one.rows:
            blocks.append(_table(one))
    blocks.append(SignatureLine(capitalised(made.position.n), made.by.short()))
    organisation = tuple(made.region) or (centre.full,)
    return Document(
        kind="dashboard", form="record", title="СВОДКА", heading="О состоянии экспертизы", organisation=organisation,
        number=None, date=day(made.today), place=centre.city, blocks=tuple(blocks),
        properties=Properties(subject="Сводка", author=centre.short, created=made.at),
        foot=(f"Сводка. Сформировано {short_day(made.today)}.",),
    )  # fmt: skip


def _table(one: Told) -> Table:
    columns = len(one.header) - 1
    right: Align = "right"
    narrow = min((_WIDE - _FIRST) // columns, _MOST)
    turned = columns > 4  # noqa: PLR2004 - so many stand beside each other
    header = one.header[1:] if turned else [fitted(words, narrow - PADDING) for words in one.header[1:]]
    return Table(
        one.name, ("", *header), tuple(tuple(text(str(cell)) for cell in row) for row in one.rows),
        (_WIDE - narrow * columns, *[narrow] * columns), ("left", *[right] * columns), total=one.total,
        turned=tuple(range(1, columns + 1)) if turned else (),
    )  # fmt: skip
