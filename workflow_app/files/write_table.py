"""Tables written for people: XLSX, and CSV for whoever insists. Nothing written here can come alive as a formula.

security.md 34. Text stays text in XLSX by its cell type; CSV has no types, so a cell that a spreadsheet would take for
a formula gets an apostrophe in front (also behind a separator inside the cell, for programs that ignore quotes).
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from workflow_app import clock
from workflow_app.errors import Sentence

if TYPE_CHECKING:
    import xlsxwriter

Cell = str | int | float | Decimal | date | Sentence | None
"""What a cell may hold; ``bool`` and ``datetime`` are among these by inheritance."""

MAX_CELL = 32_767  # characters, a limit of the format
_WIDEST = 60
_SAMPLE = 200  # rows by which widths are chosen

_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# what begins a formula, half or full width
_LIVE = re.compile(r"(^|;)([\s\"']*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20|%])")
_PLAIN_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")


def write_xlsx(header: Sequence[str], rows: Iterable[Sequence[Cell]], title: str) -> bytes:
    """One sheet: header frozen, with filters; columns as wide as their text. A datetime as it stands, zone dropped."""
    return _workbook(title, [(title, header, [list(row) for row in rows], False)])


def write_sheets(title: str, sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[Cell]]]]) -> bytes:
    """Several sheets: the name of each, its headings, its rows."""
    return _workbook(title, [(name, header, [list(row) for row in rows], False) for name, header, rows in sheets])


def write_template(
    header: Sequence[str],
    example: Sequence[Cell],
    notes: tuple[str, Sequence[str], Iterable[Sequence[Cell]]],
    title: str,
) -> bytes:
    """A table to be filled in: an example row in another colour, and a sheet of ``notes`` (name, headings, rows).

    Whoever reads the table takes the first sheet that holds anything; the example is for the reader to recognise.
    """
    name, heads, rows = notes
    told = [list(row) for row in rows]
    return _workbook(title, [(title, header, [list(example)], True), (name, heads, told, False)])


def _workbook(title: str, sheets: Sequence[tuple[str, Sequence[str], list[list[Cell]], bool]]) -> bytes:
    """Write sheets: the name of each, its headings, its rows, and whether the first of these is an example."""
    import xlsxwriter  # noqa: PLC0415 - a server starts without what few ask for

    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "remove_timezone": True,
    }
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": _text(title), "created": clock.now().replace(tzinfo=None)})
        formats = {
            "bold": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
            "text": book.add_format({"text_wrap": True, "valign": "top"}),
            "date": book.add_format({"num_format": "dd.mm.yyyy", "valign": "top", "align": "left"}),
            "time": book.add_format({"num_format": "dd.mm.yyyy hh:mm", "valign": "top", "align": "left"}),
        }
        shown = {"italic": True, "font_color": "#5f5a4e", "bg_color": "#fff4d6"}
        example = {**formats, "text": book.add_format({"text_wrap": True, "valign": "top", **shown})}
        for name, header, lines, has_example in sheets:
            sheet = book.add_worksheet(_sheet_name(name))
            _fill(sheet, header, lines, formats, example if has_example else formats)
    return out.getvalue()


def _fill(
    sheet: xlsxwriter.worksheet.Worksheet, header: Sequence[str], lines: list[list[Cell]], formats: dict[str, xlsxwriter.format.Format],
    first: dict[str, xlsxwriter.format.Format],
) -> None:  # fmt: skip
    for place, heading in enumerate(header):
        sheet.write_string(0, place, _text(heading), formats["bold"])
        sheet.set_column(place, place, _width(heading, (row[place] for row in lines[:_SAMPLE] if place < len(row))))
    for number, row in enumerate(lines, start=1):
        for place, cell in enumerate(row):
            _write(sheet, (number, place), cell, first if number == 1 else formats)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(lines), 1), max(len(header) - 1, 0))
    sheet.set_landscape()
    sheet.repeat_rows(0)


def write_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with a mark, semicolons, one line per row (a line break inside a cell becomes a space)."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([_inert(heading) for heading in header])
    writer.writerows([_csv_cell(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _write(
    sheet: xlsxwriter.worksheet.Worksheet,
    place: tuple[int, int],
    cell: Cell,
    formats: dict[str, xlsxwriter.format.Format],
) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, datetime):
        sheet.write_datetime(*place, cell, formats["time"])
    elif isinstance(cell, date):
        sheet.write_datetime(*place, datetime(cell.year, cell.month, cell.day), formats["date"])  # noqa: DTZ001 - a date
    elif isinstance(cell, int | float | Decimal) and not isinstance(cell, bool) and math.isfinite(cell):
        sheet.write_number(*place, float(cell), formats["text"])
    else:
        sheet.write_string(*place, _text(cell), formats["text"])


def _text(cell: Cell) -> str:
    if isinstance(cell, bool):
        return "да" if cell else "нет"
    text = _UNWRITABLE.sub("", str(cell))
    return text if len(text) <= MAX_CELL else text[: MAX_CELL - 1] + "…"


def _csv_cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.strftime("%d.%m.%Y %H:%M")
    if isinstance(cell, date):
        return cell.strftime("%d.%m.%Y")
    if isinstance(cell, float | Decimal):
        return str(cell).replace(".", ",")
    return _inert(_text(cell))


def _inert(text: str) -> str:
    text = " ".join(_UNWRITABLE.sub("", text).split())
    return text if _PLAIN_NUMBER.fullmatch(text) else _LIVE.sub(r"\1'\2", text)


def _sheet_name(title: str) -> str:
    return re.sub(r"[\[\]:*?/\\]", " ", _text(title)).strip("' ")[:31].strip("' ") or "Лист1"


def _width(heading: str, cells: Iterable[Cell]) -> int:
    """In characters, between a date and a comfortable line."""
    longest = max((len(_text(cell)) for cell in cells if cell is not None), default=0)
    return min(max(longest, len(heading), 11), _WIDEST) + 1
