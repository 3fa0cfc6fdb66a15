"""Tables as they are looked at: XLSX, XLS, ODS and CSV as tables of HTML, every sheet under its name, numbered as Excel does.

The values are those that the file keeps, without the program that reckons them; what a table cannot show is counted.
"""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import singledispatch
from itertools import islice
from pathlib import Path
from typing import Any

from markupsafe import escape

from workflow_app.errors import WorkflowError
from workflow_app.files import ole_limits, read_table, text_encoding
from workflow_app.files.zip_limits import BROKEN

MAX_ROWS, MAX_COLUMNS = 500, 40  # of a sheet: what a person looks through
MAX_CELLS = 20_000  # of a file
MAX_CELL = 2_000  # characters
_TEXT = 1_000_000  # characters of a CSV that are read at all
_COUNTED = {"xl/charts/chart": "charts", "xl/media/": "pictures", "xl/comments": "comments"}
_ALPHABET = 26

Cells = Sequence[Sequence[object]]
Shown = tuple[str, Counter[str], bool]
"""The HTML, what is left out of it by the keys of ``viewer.UNSHOWN``, and whether it was cut."""


def look(path: str) -> Shown:
    """Look at a workbook or a CSV, whichever it is; WorkflowError when it cannot be read or holds nothing."""
    with Path(path).open("rb") as file:
        head = file.read(len(ole_limits.MAGIC))
    return workbook(path) if head.startswith((b"PK", ole_limits.MAGIC)) else delimited(path)


def workbook(path: str) -> Shown:
    """A workbook's sheets that its author did not hide."""
    import python_calamine  # noqa: PLC0415 - only a child needs this native code

    try:
        book = python_calamine.load_workbook(path)
        tables_only = [one for one in book.sheets_metadata if one.typ == python_calamine.SheetTypeEnum.WorkSheet]
        sheets = [one.name for one in tables_only if one.visible == python_calamine.SheetVisibleEnum.Visible]
        found = [(name, _cells(book.get_sheet_by_name(name))) for name in sheets]
    except (python_calamine.CalamineError, OSError, ValueError, TypeError) as error:
        raise WorkflowError(BROKEN) from error
    unshown = _unshown(Path(path))
    unshown["sheets"] = len(tables_only) - len(sheets)
    body, cut = _body(found)
    return body, +unshown, cut


def _cells(sheet: Any) -> Cells:
    found: Cells = sheet.to_python(skip_empty_area=False, nrows=MAX_ROWS + 1)  # from A1, so that the numbers are right
    return found


def delimited(path: str) -> Shown:
    """The beginning of a CSV."""
    text = text_encoding.beginning(Path(path), _TEXT + 1)
    rows = list(islice(read_table.delimited(text[:_TEXT]), MAX_ROWS + 1))
    body, cut = _body([("", rows)])
    return body, Counter(), cut or len(text) > _TEXT


def _unshown(path: Path) -> Counter[str]:
    if not zipfile.is_zipfile(path):
        return Counter()
    with zipfile.ZipFile(path) as archive:
        names = [one.filename for one in archive.infolist()]
    return Counter(key for name in names for start, key in _COUNTED.items() if name.startswith(start))


def _body(found: Iterable[tuple[str, Cells]]) -> tuple[str, bool]:
    out: list[str] = []
    left, cut = MAX_CELLS, False
    for name, rows in found:
        filled = _trimmed(rows)
        shown = filled[: min(MAX_ROWS, left // MAX_COLUMNS)]
        width = max(map(len, filled), default=0)
        cut = cut or len(shown) < len(filled) or width > MAX_COLUMNS
        if not shown:
            continue
        out += _table(name, shown, min(width, MAX_COLUMNS))
        left -= len(shown) * min(width, MAX_COLUMNS)
    if not out:
        raise WorkflowError(read_table.EMPTY)
    return "".join(out), cut


def _trimmed(rows: Cells) -> list[list[str]]:
    """The cells as text, without what is empty at the right and below."""
    found = []
    for row in rows:
        cells = [as_shown(one) for one in row]
        while cells and not cells[-1].strip():
            cells.pop()
        found.append(cells)
    while found and not found[-1]:
        found.pop()
    return found


def _table(name: str, rows: Sequence[Sequence[str]], width: int) -> Iterator[str]:
    title = escape(name or "CSV")
    if name:
        yield f"<h2>{title}</h2>"
    heads = "".join(f'<th scope="col">{letters(place)}</th>' for place in range(width))
    yield f'<div class="table-scroll" tabindex="0" role="region" aria-label="{title}"><table class="cells">'
    yield f"<thead><tr><td></td>{heads}</tr></thead><tbody>"
    for number, row in enumerate(rows, 1):
        padded = [*row[:width], *[""] * (width - len(row))]
        cells = "".join(f"<td>{escape(_short(one))}</td>" for one in padded)
        yield f'<tr><th scope="row">{number}</th>{cells}</tr>'
    yield "</tbody></table></div>"


def _short(text: str) -> str:
    return text if len(text) <= MAX_CELL else f"{text[:MAX_CELL]}…"


def letters(place: int) -> str:
    """Return the name of a column, from 0: A to Z, then AA."""
    name = ""
    while place >= 0:
        place, letter = place // _ALPHABET - 1, place % _ALPHABET
        name = chr(ord("A") + letter) + name
    return name


@singledispatch
def as_shown(cell: object) -> str:
    """A cell as a Russian reader is used to seeing it."""
    return "" if cell is None else str(cell)


@as_shown.register
def _(cell: bool) -> str:  # noqa: FBT001 - a cell
    return "ИСТИНА" if cell else "ЛОЖЬ"


@as_shown.register
def _(cell: float) -> str:
    digits = ".15g" if cell.is_integer() else ".10g"  # as many as Excel shows of a number without a format
    return f"{Decimal(format(cell, digits)):f}".replace(".", ",")


@as_shown.register
def _(cell: datetime) -> str:
    return f"{cell:%d.%m.%Y}" if cell.time() == time() else f"{cell:%d.%m.%Y %H:%M}"


@as_shown.register
def _(cell: date) -> str:
    return f"{cell:%d.%m.%Y}"


@as_shown.register
def _(cell: time) -> str:
    return f"{cell:%H:%M}"


@as_shown.register
def _(cell: timedelta) -> str:
    minutes = int(cell.total_seconds()) // 60
    return f"{minutes // 60}:{minutes % 60:02}"
