"""The two tables of expertise: one sheet's criteria, and criteria across experts."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from workflow_app.documents.blocks import Align, Block, Paragraph, Run, Table, Text, bold, text
from workflow_app.documents.findings import ComparedRow, Consolidated, CriterionRow, ReviewSheet
from workflow_app.documents.grammar import NBSP, capitalised, counted, decimal, percent
from workflow_app.documents.material import CaseCard
from workflow_app.documents.wording import role

PAGE: Final = 170  # mm between the margins
_NOT_APPLICABLE: Final = "н/п"
_NUMBER, _MAXIMUM, _MARK, _EXPERT, _WORD = 10, 18, 16, 20, 34  # widths in mm


def in_words(sheet: ReviewSheet) -> bool:
    """Whether the sheet is judged without points (0a.3)."""
    return any(row.word for row in sheet.rows)


def sheet_table(sheet: ReviewSheet) -> tuple[Block, ...]:
    """The criteria of one sheet with its sum under them."""
    return _words_table(sheet) if in_words(sheet) else _points_table(sheet)


def _criterion(row: CriterionRow) -> Text:
    indicators = "".join(f"\n– {indicator}" for indicator in row.indicators)
    return text(bold(row.title), indicators)


def _words_table(sheet: ReviewSheet) -> tuple[Block, ...]:
    rows = tuple(
        (
            text(str(row.number)),
            _criterion(row),
            text("не применимо" if row.not_applicable else row.word),
            text(row.rationale or "–"),
        )
        for row in sheet.rows
    )
    return (
        Table(
            caption="Оценка по критериям",
            header=("№", "Критерий, показатели", "Оценка", "Обоснование"),
            rows=rows,
            widths=(_NUMBER, 62, _WORD, 64),
            aligns=("center", "left", "center", "left"),
        ),
    )


def _points_table(sheet: ReviewSheet) -> tuple[Block, ...]:
    weighted = any(row.weight != 1 for row in sheet.rows)
    rows = [_points_row(row, weighted=weighted) for row in sheet.rows]
    if sheet.total is not None and sheet.maximum is not None:
        rows.append(_points_total(sheet.maximum, sheet.total, weighted=weighted))
    weight = ("Вес",) if weighted else ()
    widths = (_NUMBER, 52, _MAXIMUM, _MARK, _MARK, 58) if weighted else (_NUMBER, 62, _MAXIMUM, _MARK, 64)
    centred: list[Align] = ["center"] * (3 if weighted else 2)
    table = Table(
        caption="Оценка по критериям",
        header=("№", "Критерий, показатели", "Макс. балл", *weight, "Балл", "Обоснование"),
        rows=tuple(rows),
        widths=widths,
        aligns=("center", "left", *centred, "left"),
        total=sheet.total is not None,
    )
    return (table, *_note(any(row.not_applicable for row in sheet.rows)))


def _points_row(row: CriterionRow, *, weighted: bool) -> tuple[Text, ...]:
    mark = _NOT_APPLICABLE if row.not_applicable else _mark(row.points)
    weight = (text(decimal(row.weight)),) if weighted else ()
    return (
        text(str(row.number)),
        _criterion(row),
        text(str(row.maximum)),
        *weight,
        text(mark),
        text(row.rationale or "–"),
    )


def _points_total(maximum: Decimal, total: Decimal, *, weighted: bool) -> tuple[Text, ...]:
    name = "Итого с учётом веса" if weighted else "Итого"
    blank: tuple[Text, ...] = ((),) if weighted else ()
    return ((), (bold(name),), (bold(decimal(maximum)),), *blank, (bold(decimal(total)),), ())


def sheet_sum(sheet: ReviewSheet) -> tuple[Block, ...]:
    """The sum in words: «Итого 62,5 балла из 75 возможных, что составляет 83,3 %»."""
    if sheet.total is None or sheet.maximum is None or sheet.percent is None:
        return ()
    points = counted(sheet.total, "балл", "балла", "баллов")
    share = percent(sheet.percent)
    words = f"Итоговая оценка: {points} из {decimal(sheet.maximum)} возможных, что составляет {share}."
    return (Paragraph(text(words)),)


def compared_table(card: CaseCard, found: Consolidated) -> tuple[Block, ...]:
    """Criteria across experts: a column per expert; means where there are points."""
    experts = tuple(f"{capitalised(role(card))}{NBSP}{at}" for at in range(1, len(found.experts) + 1))
    if not found.percents:
        return (_compared_words(found, experts),)
    table = _compared_points(found, experts)
    return (table, *_note(any(mark is None for row in found.rows for mark in row.marks)))


def _compared_words(found: Consolidated, experts: Sequence[str]) -> Table:
    rows = tuple(
        (
            text(str(row.number)),
            text(row.title),
            *(text("не применимо" if mark is None else str(mark)) for mark in row.marks),
        )
        for row in found.rows
    )
    return Table(
        caption="Оценки специалистов по критериям",
        header=("№", "Критерий", *experts),
        rows=rows,
        widths=_widths((_NUMBER,), [_WORD] * len(experts)),
        aligns=_aligns(len(experts)),
    )


def _compared_points(found: Consolidated, experts: Sequence[str]) -> Table:
    rows = [_compared_row(row) for row in found.rows]
    final = percent(found.percent) if found.percent is not None else ""
    shares = (*map(percent, found.percents), final)
    rows.append(((), (bold("Итоговая оценка"),), (), *((bold(share),) if share else () for share in shares)))
    return Table(
        caption="Оценки экспертов по критериям",
        header=("№", "Критерий", "Макс. балл", *experts, "Среднее"),
        rows=tuple(rows),
        widths=_widths((_NUMBER, _MAXIMUM), [_EXPERT] * (len(experts) + 1)),
        aligns=_aligns(len(experts) + 2),
        total=True,
    )


def _compared_row(row: ComparedRow) -> tuple[Text, ...]:
    marks = (text(_NOT_APPLICABLE if mark is None else str(mark)) for mark in row.marks)
    mean = decimal(row.mean) if row.mean is not None else _NOT_APPLICABLE
    return (text(str(row.number)), text(row.title), text(str(row.maximum)), *marks, text(mean))


def _aligns(marks: int) -> tuple[Align, ...]:
    """Number, criterion, then so many columns of marks."""
    centred: list[Align] = ["center"] * marks
    return ("center", "left", *centred)


def _widths(before: tuple[int, ...], after: list[int]) -> tuple[int, ...]:
    """The criterion's column takes what the others leave, at least 40 mm; then the experts' columns shrink."""
    room = PAGE - sum(before) - 40
    columns = after if sum(after) <= room else [room // len(after)] * len(after)
    return (before[0], PAGE - sum(before) - sum(columns), *before[1:], *columns)


def _mark(points: int | None) -> str:
    return "–" if points is None else str(points)


def _note(needed: bool) -> tuple[Block, ...]:  # noqa: FBT001 - one flag is all there is
    note = (Run(f"{_NOT_APPLICABLE} – критерий не применим."),)
    return (Paragraph(note, align="left", indent=False, small=True),) if needed else ()
