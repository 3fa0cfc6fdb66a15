"""The dashboard as a Word file: what was asked for, then each table under the sentence of its picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final

from workflow_app.documents.content.snapshot import CentreCard
from workflow_app.documents.docx.blocks import Align, Block, Document, Heading, Paragraph, Properties, Table, text
from workflow_app.documents.russian.grammar import day
from workflow_app.errors import N_, Sentence

NAMES: Final[Mapping[str, Sentence]] = MappingProxyType({
    "stages": N_("Этапы"), "lateness": N_("Просрочка"), "ageing": N_("Без движения"), "medians": N_("Сроки этапов"),
    "experts": N_("Эксперты"), "verdicts": N_("Выводы"), "appeals": N_("Апелляции"), "seasons": N_("По месяцам"),
})  # fmt: skip
"""The figures in a word or two, as sheets of a workbook are called."""
_WIDE: Final = 170  # mm between the margins
_FIRST, _LEAST = 60, 14
Told = tuple[str, str, str, Sequence[str], Sequence[Sequence[Any]], Sequence[Any]]
"""A figure: its sentence, its short name, what is counted, the headings, the rows, its lines (of which the total is known)."""


def document(
    centre: CentreCard, today: date, made_at: datetime, words: Sequence[str], told: Sequence[Told]
) -> Document:
    """Return the paper; it has no number: it is a look at one day, not a document of the office."""
    said = f"{day(today)}: {', '.join(words)}"
    blocks: list[Block] = [Paragraph(text(said), indent=False)]
    for title, name, hint, header, rows, lines in told:
        blocks += [Heading(title, 2), Paragraph(text(hint), indent=False, small=True, keep_with_next=True)]
        blocks.append(_table(name, header, rows, total=bool(lines) and lines[-1].total))
    return Document(
        kind="dashboard", form="record", title="СВОДКА", heading="О состоянии экспертизы", organisation=(centre.full,),
        number=None, date=day(today), place="", blocks=tuple(blocks),
        properties=Properties(subject="Сводка", author=centre.short, created=made_at),
    )  # fmt: skip


def _table(title: str, header: Sequence[str], rows: Sequence[Sequence[Any]], *, total: bool) -> Table:
    columns = len(header) - 1
    right: Align = "right"
    narrow = max((_WIDE - _FIRST) // columns, _LEAST)
    return Table(
        title, ("", *header[1:]), tuple(tuple(text(str(cell)) for cell in row) for row in rows),
        (_WIDE - narrow * columns, *[narrow] * columns), ("left", *[right] * columns), total=total,
        turned=tuple(range(1, columns + 1)) if columns > 4 else (),  # noqa: PLR2004 - so many stand beside each other
    )  # fmt: skip
