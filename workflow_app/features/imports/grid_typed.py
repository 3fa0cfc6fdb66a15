"""What was typed into the grid: words, values for the whole table, cells, what was said of doubles, files for rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from flask import request

from workflow_app.db.models import ImportRow, ImportTable
from workflow_app.features.imports import archive, table_store
from workflow_app.features.imports.known_records import known
from workflow_app.features.imports.lines import OTHER, SAME
from workflow_app.features.imports.table_kinds import Kind
from workflow_app.features.imports.table_store import UNUSED
from workflow_app.web.grid_cells import typed_cells
from workflow_app.web.request_scope import here
from workflow_app.web.table_page import row_id

ASKED_MOST: Final = 60  # unknown words that are asked about at a time


def keep_typed(kind: Kind, table: ImportTable) -> bool:
    """Keep everything that the form holds: words, values for the table, cells, what was said of doubles, files for rows."""
    rows = {one.id: one for one in table_store.rows_of(here().session, table)}
    done = (
        _keep_words(kind),
        _keep_shared(kind, table),
        _keep_cells(kind, rows),
        _keep_choices(rows),
        _keep_loose(table, rows),
    )
    return any(done)


def _keep_words(kind: Kind) -> bool:
    """Remember the words that were explained; those of a school's table are mended in its cells: the words are the centre's."""
    scope, said = here(), [*_heads(kind), *(() if kind.of_school else _words(kind))]
    table_store.learn(scope.session, scope.me, said)
    # a heading that is not needed changes nothing, unless the rows were shown with what it was taken for
    return any(value != UNUSED for *_word, value in said) or _took_back()


def _heads(kind: Kind) -> Iterator[tuple[str, str, str]]:
    for n in range(ASKED_MOST):
        head, means = request.form.get(f"head-{n}", ""), request.form.get(f"head-{n}-is", "")
        if head and (means == UNUSED or kind.column(means) is not None):
            yield table_store.heads_of(kind), head, means


def _took_back() -> bool:
    """Whether a suggestion with which the page showed its rows was refused."""
    return any(
        request.form.get(f"head-{n}-guess") and request.form.get(f"head-{n}-is") == UNUSED for n in range(ASKED_MOST)
    )


def _words(kind: Kind) -> Iterator[tuple[str, str, str]]:
    snapshot = None
    for n in range(ASKED_MOST):
        column, word = kind.column(request.form.get(f"word-{n}-in", "")), request.form.get(f"word-{n}", "")
        means = request.form.get(f"word-{n}-is", "").strip()
        if column is None or not word or not means:
            continue
        snapshot = snapshot or known(here().session, here().me, kind, ())
        value, problems = snapshot.find(means, column)
        if value and not problems:
            yield column.of_list or column.key, word, value


def _keep_shared(kind: Kind, table: ImportTable) -> bool:
    sent = {
        one.key: request.form[f"all-{one.key}"].strip()
        for one in kind.columns
        if one.whole and f"all-{one.key}" in request.form
    }
    new = {key: text for key, text in (dict(table.shared) | sent).items() if text}
    changed = bool(sent) and new != table.shared
    if changed:
        table.shared = new
    return changed


def _keep_cells(kind: Kind, rows: dict[int, ImportRow]) -> bool:
    typed = {
        id_: {key: text for key, text in cells.items() if kind.column(key)} for id_, cells in typed_cells().items()
    }
    changed = [table_store.typed_over(rows[id_], cells) for id_, cells in typed.items() if id_ in rows and cells]
    return any(changed)


def _keep_choices(rows: dict[int, ImportRow]) -> bool:
    changed = False
    for name, text in request.form.items():
        what, _sign, rest = name.partition("-")
        number, _sign, of = rest.partition("-")
        known = what == "twin" and row_id(number) in rows and of in ("person", "case") and text in (SAME, OTHER)
        if known and rows[int(number)].choice.get(of) != text:
            rows[int(number)].choice = rows[int(number)].choice | {of: text}
            changed = True
    return changed


def _keep_loose(table: ImportTable, rows: dict[int, ImportRow]) -> bool:
    """Give the files that found no row to the rows whose numbers were typed beside them; «-» drops one.

    A file is known by its path: after another press or window the places on the page are those of other files.
    """
    by_number, left, changed = {one.number: one for one in rows.values()}, [], False
    typed = beside_files()
    case_types = _case_types(table) if any(typed.values()) and table.loose else {}
    for file in table.loose:
        said = typed.get(file["path"], "")
        row = by_number.get(row_id(said) or 0)
        if row is None and said != UNUSED:
            left.append(file)
            continue
        changed = True
        if row is not None and file["sha256"]:
            found = archive.found_again(file)
            kind = archive.kind_of(found, case_types.get(row.id, ""), (one["kind"] for one in row.files))
            row.files = [*row.files, found.as_data(kind)]
    if changed:
        table.loose = left
    return changed


def beside_files() -> dict[str, str]:
    """Return what was typed beside each file, by its path."""
    of_files = (
        (name, path) for name, path in request.form.items() if name.startswith("file-") and name.endswith("-of")
    )
    return {path: request.form.get(name.removesuffix("-of"), "").strip() for name, path in of_files}


def _case_types(table: ImportTable) -> dict[int, str]:
    found = table_store.checked(here().session, here().me, table)
    return {one.id: one.values.get("case_type", "") for one in found.lines}
