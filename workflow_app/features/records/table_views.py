"""«Загрузить списком»: a pasted table or a file becomes records, or parts of one record; first it is shown what each row becomes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from flask import Response, flash, g, make_response, render_template, request
from flask_babel import gettext as _

from workflow_app.content_types.declaration import ContentType
from workflow_app.db.models import Municipality, Record
from workflow_app.errors import N_, Sentence
from workflow_app.features.records import table_rows, table_template
from workflow_app.features.records.reading import lists_of
from workflow_app.files.read_table import Row, Table
from workflow_app.spelling import clean
from workflow_app.states.forms import choices_of
from workflow_app.web.file_answer import made
from workflow_app.web.formatting import say
from workflow_app.web.grid_cells import typed_cells
from workflow_app.web.next_page import go_to
from workflow_app.web.request_scope import here
from workflow_app.web.transition_view import take_turn

_CELL_MOST: Final = 10_000  # characters typed into a cell


def show(kind: ContentType, whole: Record | None, back: str, breadcrumbs: list[dict[str, str]]) -> Response | str:
    """Take the table, say what each row would become, and on the second press enter all of them, or none."""
    page: dict[str, Any] = {"kind": kind, "back": back, "breadcrumbs": breadcrumbs, "columns": _columns(kind), "lines": [],
                            "errors": [], "unused": [], "text": request.form.get("rows", ""), "ready": 0}  # fmt: skip
    if request.method != "POST":
        return render_template("records/table.html", **page)
    scope, table = here(), g.sent_table
    faults = [g.table_fault] if table is None else _unfit(kind, table)
    if faults or table is None:
        return make_response(
            render_template(
                "records/table.html", **page | {"errors": [{"text": say(one), "target": "f-rows"} for one in faults]}
            ),
            422,
        )
    match, keep = table_rows.columns_of(kind, table), request.form.get("do") == "keep"
    whole_table = _mended(table, match.columns)
    table = table_template.without_example(kind, whole_table, match.columns)
    take_turn(whole or scope.session.get_one(Municipality, scope.me.municipality_id))
    lines = table_rows.enter(scope.session, scope.me, kind, whole, table, match.columns, keep=keep)
    wrong, there = sum(bool(one.problems) for one in lines), sum(one.is_there for one in lines)
    if keep and not wrong:
        flash(_("Записано: %(n)s.", n=len(lines) - there), "success")
        return go_to(back)
    shown = page | {
        "text": whole_table.as_text(), "lines": sorted(lines, key=lambda one: not one.problems), "options": _options(kind, lines),
        "place": {one.number: at for at, one in enumerate(whole_table.rows, 2)},
        "marks": {one.number: _mark(one) for one in whole_table.rows},
        "example": len(whole_table.rows) - len(table.rows), "wrong": wrong, "there": there,
        "ready": 0 if wrong else len(lines) - there, "used": {*match.columns, *(name for one in lines for name in one.problems)},
        "unused": [say(one) for one in (*match.unknown, *match.repeated)],
    }  # fmt: skip
    return make_response(render_template("records/table.html", **shown), 422 if wrong else 200)


def _mended(table: Table, columns: Mapping[str, int]) -> Table:
    """Return the table with the cells that were typed over; a row is known by its line in the text that the page holds.

    A row that says something else than the page showed stays: the text was changed as well, and lines moved.
    """
    typed, rows = typed_cells(), []
    for line, row in enumerate(table.rows, 2):
        cells = [*row.cells]
        mine = typed.get(line, {}) if request.form.get(f"row-{line}") == _mark(row) else {}
        for key in mine.keys() & columns.keys():
            cells[columns[key]] = clean(mine[key])[:_CELL_MOST]
        rows.append(replace(row, cells=tuple(cells)))
    return replace(table, rows=tuple(rows))


def _mark(row: Row) -> str:
    """Return what tells a row from others that stand in its line later: of blank cells one is as the other."""
    text = "\t".join(" ".join(cell.split()) for cell in row.cells)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _options(kind: ContentType, lines: Sequence[table_rows.Line]) -> dict[str, list[str]]:
    """Return the words of the lists that wrong cells are typed from, by column."""
    scope, wrong = here(), {name for line in lines for name in line.problems}
    lists = lists_of(scope.session, scope.me, kind) if wrong else {}
    known = {name: choices_of(how, lists) for name, how in kind.typed.items() if name in wrong}
    return {name: [say(one.label) for one in many] for name, many in known.items() if isinstance(many, Sequence)}


def _unfit(kind: ContentType, table: Table) -> list[Sentence]:
    """Return why a table cannot be entered at all."""
    missing = [*table_rows.columns_of(kind, table).missing]
    if len(table.rows) > table_rows.MOST:
        missing.append(N_("Строк больше %(most)s: разделите таблицу.", most=table_rows.MOST))
    if not missing and not table_template.without_example(kind, table, table_rows.columns_of(kind, table).columns).rows:
        missing.append(N_("В таблице только строка примера: впишите под ней свои."))
    return missing


def _columns(kind: ContentType) -> list[dict[str, str]]:
    return [
        {
            "name": name,
            "title": say(how.label),
            "needed": "1" if how.required else "",
            "help": table_template.told(kind, name, how),
        }
        for name, how in kind.typed.items()
    ]


def template(kind: ContentType) -> Response:
    """Give an empty table with the columns, an example row and a sheet of notes."""
    return made(table_template.template(kind), f"{say(kind.titles[1])}.xlsx")
