"""The two tables of expertise: one sheet's criteria, and criteria across experts."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from workflow_app.documents.content.assessment_cards import ComparedRow, Consolidated, CriterionRow, ReviewSheet
from workflow_app.documents.content.snapshot import CaseCard
from workflow_app.documents.docx.blocks import Align, Block, Paragraph, Run, Table, Text, bold, text
from workflow_app.documents.kinds.wording import role
from workflow_app.documents.russian.grammar import NBSP, capitalised, counted, decimal, percent

PAGE: Final = 170  # mm between the margins
_NOT_APPLICABLE: Final = "н/п"
_NUMBER, _MAXIMUM, _WEIGHT, _MARK, _EXPERT, _MEAN, _WORD = 10, 18, 13, 16, 30, 22, 34  # widths in mm
_LETTER, _PADDING = 2.6, 4  # mm: a letter of a heading, the space at both sides of a cell


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
    """Criteria across experts: a column per expert; means, weights and sums where there are points."""
    experts = names(card, found)
    if not found.percents:
        return (_compared_words(found, experts),)
    table = _compared_points(found, experts)
    return (table, *_note(any(mark is None for row in found.rows for mark in row.marks)), _reckoning(card, found))


def names(card: CaseCard, found: Consolidated) -> tuple[str, ...]:
    """What stands over the experts' columns: surname and initials; «Эксперт 1» in a blind type."""
    if card.blind:
        return tuple(f"{capitalised(role(card))} {at}" for at in range(1, len(found.experts) + 1))
    return tuple(one.person.short(surname_first=True).replace(NBSP, " ") for one in found.experts)


def _compared_words(found: Consolidated, experts: Sequence[str]) -> Table:
    rows = tuple(
        (
            text(str(row.number)),
            text(row.title),
            *(text("не применимо" if mark is None else str(mark)) for mark in row.marks),
        )
        for row in found.rows
    )
    widths = _widths((_NUMBER,), [_WORD] * len(experts))
    return Table(
        caption="Оценки специалистов по критериям",
        header=("№", "Критерий", *experts),
        rows=rows,
        widths=widths,
        aligns=_aligns(len(experts)),
        turned=_turned(experts, widths, 2),
    )


def _compared_points(found: Consolidated, experts: Sequence[str]) -> Table:
    weighted = any(row.weight != 1 for row in found.rows)
    weight = ("Вес",) if weighted else ()
    rows = [_compared_row(row, weighted=weighted) for row in found.rows]
    blank: tuple[Text, ...] = ((),) * len(weight)
    gained, possible = _sums(found)
    name = "Сумма с учётом веса" if weighted else "Сумма баллов"
    most = decimal(possible[0]) if len(set(possible)) == 1 else ""
    sums = (
        decimal(one) if most else f"{decimal(one)} из {decimal(all_)}"
        for one, all_ in zip(gained, possible, strict=True)
    )
    rows.append(((), text(name), text(most), *blank, *map(text, sums), ()))
    final = percent(found.percent) if found.percent is not None else ""
    shares = (*map(percent, found.percents), final)
    rows.append(((), (bold("Итоговая оценка"),), (), *blank, *((bold(share),) if share else () for share in shares)))
    before = (_NUMBER, _MAXIMUM, _WEIGHT) if weighted else (_NUMBER, _MAXIMUM)
    widths = _widths(before, [*[_EXPERT] * len(experts), _MEAN])
    return Table(
        caption="Оценки экспертов по критериям",
        header=("№", "Критерий", "Макс. балл", *weight, *experts, "Среднее"),
        rows=tuple(rows),
        widths=widths,
        aligns=_aligns(len(experts) + 2 + len(weight)),
        total=True,
        turned=_turned(experts, widths, 3 + len(weight)),
    )


def _sums(found: Consolidated) -> tuple[list[Decimal], list[Decimal]]:
    """Of each expert: the points times their weights, and the most there could be without the criteria not applicable."""
    kept = [
        [(row, row.marks[at]) for row in found.rows if isinstance(row.marks[at], int)]
        for at in range(len(found.experts))
    ]
    gained = [sum((row.weight * int(mark or 0) for row, mark in one), Decimal(0)) for one in kept]
    return gained, [sum((row.weight * row.maximum for row, _ in one), Decimal(0)) for one in kept]


def _reckoning(card: CaseCard, found: Consolidated) -> Paragraph:
    """How the reader comes to the total: from points and weights to shares, from shares to their mean."""
    weighted = any(row.weight != 1 for row in found.rows)
    points = "сумма баллов, умноженных на вес критериев," if weighted else "сумма баллов"
    mean = "" if found.third_review else f" Итоговая оценка – среднее арифметическое оценок {role(card, 'gp')}."
    words = f"Оценка {role(card)}а – {points} в процентах от наибольшей возможной суммы.{mean}"
    return Paragraph((Run(words),), align="left", indent=False, small=True)


def _compared_row(row: ComparedRow, *, weighted: bool) -> tuple[Text, ...]:
    marks = (text(_NOT_APPLICABLE if mark is None else str(mark)) for mark in row.marks)
    mean = decimal(row.mean) if row.mean is not None else _NOT_APPLICABLE
    weight = (text(decimal(row.weight)),) if weighted else ()
    return (text(str(row.number)), text(row.title), text(str(row.maximum)), *weight, *marks, text(mean))


def _turned(experts: Sequence[str], widths: tuple[int, ...], first: int) -> tuple[int, ...]:
    """The experts' columns, where a surname does not fit across one of them."""
    longest = max(len(word) for one in experts for word in one.split())
    room = widths[first] - _PADDING
    return tuple(range(first, first + len(experts))) if longest * _LETTER > room else ()


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
