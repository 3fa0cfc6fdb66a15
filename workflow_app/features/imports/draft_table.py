"""The table between the steps, and the result after the last: a working copy of the person (decisions.md 3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from flask import current_app, url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from workflow_app.db import working_copies
from workflow_app.db.models import Case, Municipality, Person, Subject, WorkingCopy
from workflow_app.features.imports.table_kinds import Kind
from workflow_app.files.read_table import Row, Table
from workflow_app.web.request_scope import here
from workflow_app.web.transition_view import take_turn

SUBJECT = "municipality"


def _name(kind: Kind, *, done: bool) -> str:
    return f"import_{kind.key}{'_done' if done else ''}"


def _place(kind: Kind, *, done: bool) -> working_copies.Place:
    scope = here()
    return scope.who.id, SUBJECT, scope.me.municipality_id, _name(kind, done=done)


def _get(kind: Kind, *, done: bool) -> WorkingCopy | None:
    """Return a table of the person; of writing requests one at a time enters rows, or two would enter the same ones."""
    scope = here()
    take_turn(scope.session.get_one(Municipality, scope.me.municipality_id))
    return working_copies.find(scope.session, _place(kind, done=done))


def kept(kind: Kind) -> WorkingCopy | None:
    """Return the person's table that waits for its confirmation."""
    return _get(kind, done=False)


def finished(kind: Kind) -> WorkingCopy | None:
    """Return the result of the person's last import."""
    return _get(kind, done=True)


def keep(kind: Kind, table: Table) -> None:
    """Keep a table for the next step; an earlier one is replaced."""
    _put(kind, {"header": [*table.header], "rows": [[row.number, *row.cells] for row in table.rows]}, done=False)


def _put(kind: Kind, data: dict[str, Any], *, done: bool) -> None:
    working_copies.keep(here().session, _place(kind, done=done), data)


def drop(kind: Kind) -> None:
    """Forget the table that waits."""
    row = kept(kind)
    if row is not None:
        here().session.delete(row)


def finish(kind: Kind, copy: WorkingCopy, entered: list[Subject], skipped: int) -> None:
    """Put the result in the place of the table: a second press finds nothing to enter."""
    here().session.delete(copy)
    _put(kind, {"entered": [one.id for one in entered], "skipped": skipped}, done=True)


def restored(copy: WorkingCopy) -> Table:
    """Return the kept table."""
    rows = tuple(Row(number, tuple(cells)) for number, *cells in copy.data["rows"])
    return Table(tuple(copy.data["header"]), rows)


def as_text(copy: WorkingCopy) -> str:
    """Return the kept table as text with tabs, to be corrected on the page."""
    return table_text(restored(copy))


def table_text(table: Table) -> str:
    """Return a table as text with tabs; a line break inside a cell becomes a space, a quotation mark is doubled."""
    lines = (table.header, *(row.cells for row in table.rows))
    return "\n".join("\t".join(_cell(cell) for cell in line) for line in lines)


def _cell(cell: str) -> str:
    text = " ".join(cell.split())
    return '"' + text.replace('"', '""') + '"' if '"' in text else text


def entered(copy: WorkingCopy) -> list[dict[str, Any]]:
    """Return what was entered as words and links, in the order of the table: one statement."""
    kind = copy.transition.removeprefix("import_").removesuffix("_done")
    shown = {row["id"]: row for row in _ROWS[kind](copy.data["entered"])}
    return [shown[id] for id in copy.data["entered"] if id in shown]


def _people(ids: list[int]) -> Iterator[dict[str, Any]]:
    for row in here().session.scalars(select(Person).where(Person.id.in_(ids))).unique():
        place = row.organization.name if row.organization else ""
        yield {"id": row.id, "title": row.full_name, "note": place, "url": _address("people.person", row.id)}


def _cases(ids: list[int]) -> Iterator[dict[str, Any]]:
    found = select(Case).where(Case.id.in_(ids)).options(joinedload(Case.applicant))
    for row in here().session.scalars(found).unique():
        yield {
            "id": row.id,
            "title": row.title,
            "note": row.applicant.full_name,
            "url": url_for("cases.show", id=row.id),
        }


_ROWS: Mapping[str, Callable[[list[int]], Iterator[dict[str, Any]]]] = {
    "people": _people, "cases": _cases,
}  # fmt: skip


def _address(endpoint: str, id: int) -> str:
    return url_for(endpoint, id=id) if endpoint in current_app.view_functions else ""
