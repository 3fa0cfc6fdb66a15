"""Tables that people upload or paste (xlsx, xls, ods, csv, cells copied from a spreadsheet), as plain text cells.

Files go through calamine in a child process: a few hundred bytes can claim a sheet of 17 billion cells. Nothing is
guessed about the meaning; ``table_columns`` finds out which column is which.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from functools import singledispatch
from itertools import islice
from typing import Any

from workflow_app.errors import N_, Sentence, WorkflowError
from workflow_app.files import ole_limits, sandbox, text_encoding, zip_limits
from workflow_app.files.file_names import extension

MAX_BYTES = 10 << 20
MAX_ROWS = 5000
MAX_COLUMNS = 60
MAX_CELL = 10_000  # characters
_END = "\ue000"  # a line of our own below a text: nobody writes a character of private use
_SAMPLE = 30  # lines by which the delimiter is guessed

_NO_CONTROLS = dict.fromkeys([*range(9), *range(11, 32), 0xFEFF, 0xFFFE, 0xFFFF])
EMPTY = N_("Таблица пустая.")
_BROKEN = N_("Файл повреждён или это не таблица Excel. Сохраните его заново как XLSX или CSV.")


class TableError(WorkflowError):
    """The table cannot be read; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as the spreadsheet shows it (from 1), and as many cells as the header has."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The first row that is not blank, a title above the headings apart, and the rows below it that are not blank."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]

    def as_text(self) -> str:
        """Return the table as cells copied from a spreadsheet: what a file held goes on with the page."""
        rows = (self.header, *(one.cells for one in self.rows))
        return "\n".join("\t".join(map(_as_copied, row)) for row in rows)


def read_table(source: bytes | str, name: str = "") -> Table:
    """Read an uploaded file (``bytes`` and its name) or pasted cells (``str``); raises TableError.

    Dates become ``2026-09-01``, times ``09:30``, whole numbers lose their ``.0``, cells are trimmed.
    """
    if isinstance(source, str):
        return _table(_closed(source))
    if not source:
        raise TableError(EMPTY)
    if len(source) > MAX_BYTES:
        raise TableError(N_("Файл слишком большой: можно не больше %(limit)s МБ.", limit=MAX_BYTES >> 20))
    if source.startswith((b"PK\x03\x04", ole_limits.MAGIC)):
        return _table(_workbook(source))
    if extension(name) in {"xlsx", "xls", "ods"}:
        raise TableError(_BROKEN)
    return _table(_closed(_decode(source)))


def _table(raw: Iterable[Sequence[str]]) -> Table:
    """Trim, count and pad; blank rows are left out but counted."""
    header: tuple[str, ...] = ()
    rows: list[Row] = []
    for number, cells in enumerate(raw, start=1):
        row = _trimmed(cells, number)
        if not row:
            continue
        if not header:
            header = row
            continue
        if len(row) > max(len(header), 2) and not rows and sum(map(bool, header)) == 1:
            header = row  # what stood there is the title of the table
            continue
        if len(row) > len(header):
            raise TableError(N_("В строке %(number)s больше ячеек, чем в строке заголовков.", number=number))
        if len(rows) == MAX_ROWS:
            raise TableError(N_("В таблице слишком много строк: можно не больше %(limit)s.", limit=MAX_ROWS))
        rows.append(Row(number, row + ("",) * (len(header) - len(row))))
    if not header:
        raise TableError(EMPTY)
    if not rows:
        raise TableError(N_("В таблице есть только заголовки: строк под ними нет."))
    return Table(header, tuple(rows))


def _trimmed(cells: Sequence[str], number: int) -> tuple[str, ...]:
    row = [cell.translate(_NO_CONTROLS).strip() for cell in cells]
    while row and not row[-1]:
        row.pop()
    if len(row) > MAX_COLUMNS:
        raise TableError(N_("В таблице слишком много столбцов: можно не больше %(limit)s.", limit=MAX_COLUMNS))
    if any(len(cell) > MAX_CELL for cell in row):
        raise TableError(N_("В строке %(number)s есть слишком длинная ячейка.", number=number))
    return tuple(row)


def _decode(source: bytes) -> str:
    try:
        return text_encoding.decode(source)
    except text_encoding.NotText as error:
        raise TableError(N_("Файл не похож на таблицу. Сохраните его как XLSX или CSV.")) from error


def delimited(text: str) -> Iterator[list[str]]:
    """Rows of comma, semicolon or tab separated text; ``sep=;`` of Excel is obeyed."""
    first, _, rest = text.lstrip("\ufeff").partition("\n")
    if first.strip().lower() in {"sep=;", "sep=,", "sep=\t"} or first.strip("\r").lower() == "sep=\t":
        yield []
        delimiter, text = first[4], rest
    else:
        delimiter = _guess_delimiter(text)
    try:
        yield from csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=delimiter)
    except csv.Error as error:
        raise TableError(N_("Текст таблицы не удаётся разобрать: проверьте кавычки и разделители.")) from error


def _closed(text: str) -> list[list[str]]:
    """Rows of a text in which every quotation mark that opens a cell is closed: else one cell would swallow all rows below it."""
    *rows, last = delimited(f"{text}\n{_END}")
    if last != [_END]:
        raise TableError(
            N_("В строке %(number)s открыта кавычка, которая нигде не закрыта: проверьте её.", number=len(rows) + 1)
        )
    return rows


def _guess_delimiter(text: str) -> str:
    """The one that cuts the first lines into the most columns most evenly; a tab wins ties, then a semicolon."""
    sample = "".join(islice(io.StringIO(text, newline=""), _SAMPLE))

    def score(delimiter: str) -> tuple[int, int]:
        try:
            widths = [len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if any(row)]
        except csv.Error:
            return (0, 0)
        header = widths[0] if widths else 1
        return (header > 1 and sum(width == header for width in widths), header)

    return max("\t;,", key=score)


def _workbook(source: bytes) -> list[list[str]]:
    try:
        if source.startswith(b"PK"):
            with zip_limits.opened(source):
                pass  # the directory is honest and nothing unpacks beyond measure
        elif ole_limits.check(source) != "xls":
            raise TableError(_BROKEN)
        return list(json.loads(sandbox.call(workbook_job, data=source)))
    except sandbox.ChildFailed as error:
        raise TableError(N_("Таблица повреждена или слишком большая. Сохраните её заново как XLSX или CSV.")) from error
    except WorkflowError as error:
        raise TableError(error.sentence) from error


def workbook_job(source: bytes) -> bytes:
    """In the child: the first sheet that people see anything on, else the first with anything at all, as JSON rows of text.

    A cell merged with those below it is what each of them says. What stands far below the table is refused, not lost unseen.
    """
    import python_calamine  # noqa: PLC0415 - only the child needs this native code

    try:
        book = python_calamine.load_workbook(io.BytesIO(source))
        visible = python_calamine.SheetVisibleEnum.Visible
        order = sorted(range(len(book.sheet_names)), key=lambda index: book.sheets_metadata[index].visible != visible)
        sheet = next((one for one in map(book.get_sheet_by_index, order) if one.total_height), None)
        if sheet is None:
            raise TableError(EMPTY)
        raw = sheet.to_python(skip_empty_area=False, nrows=MAX_ROWS * 2)
        _fill_merged(raw, sheet.merged_cell_ranges or ())
        if sheet.end and sheet.end[0] >= len(raw):
            raise TableError(_too_far(sheet.end[0] + 1))
    except (python_calamine.CalamineError, OSError, ValueError, TypeError) as error:
        raise TableError(_BROKEN) from error
    return json.dumps([[as_text(cell) for cell in row] for row in raw]).encode()


def _fill_merged(raw: list[list[Any]], ranges: Iterable[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    """Let each row say what a cell that is merged with those above it shows."""
    for (top, left), (bottom, _right) in ranges:
        for row in raw[top + 1 : bottom + 1]:
            row[left : left + 1] = raw[top][left : left + 1]


def _too_far(last: int) -> Sentence:
    return N_(
        "Последняя заполненная строка листа – %(number)s, а в таблице можно не больше %(limit)s строк. Удалите лишнее под таблицей.",
        number=last, limit=MAX_ROWS,
    )  # fmt: skip


def _as_copied(cell: str) -> str:
    """A cell as a spreadsheet copies it: in one line; one that begins with a quotation mark would else swallow what follows."""
    text = " ".join(cell.split())
    return '"' + text.replace('"', '""') + '"' if text.startswith('"') else text


@singledispatch
def as_text(cell: object) -> str:
    """A cell as a person would type it in a form."""
    return str(cell)


@as_text.register
def _(cell: bool) -> str:  # noqa: FBT001 - a cell
    return "да" if cell else "нет"


@as_text.register
def _(cell: float) -> str:
    return f"{Decimal(format(cell, '.15g')):f}"


@as_text.register
def _(cell: datetime) -> str:
    midnight = (cell.hour, cell.minute, cell.second) == (0, 0, 0)
    return cell.date().isoformat() if midnight else cell.isoformat(sep=" ", timespec="minutes")


@as_text.register
def _(cell: time) -> str:
    return cell.isoformat(timespec="minutes")


@as_text.register
def _(cell: timedelta) -> str:
    minutes = int(cell.total_seconds()) // 60
    return f"{minutes // 60:02}:{minutes % 60:02}"
