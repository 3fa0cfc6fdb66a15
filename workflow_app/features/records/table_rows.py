"""Many records of a kind from one table: each cell read by the words that the list shows, each row begun through the gate.

A check does the same as the entry and takes it back: what it says of a row is what would happen to it.
"""

from __future__ import annotations

import difflib
import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from workflow_app import gate
from workflow_app.content_types.declaration import ContentType
from workflow_app.db.models import Record
from workflow_app.errors import N_, Invalid, Sentence, WorkflowError
from workflow_app.facts.record_rows import row_of
from workflow_app.features.records.effects import Taken, doubts_of
from workflow_app.features.records.reading import lists_of
from workflow_app.files.read_table import Row, Table
from workflow_app.files.table_columns import Match, match_columns
from workflow_app.spelling import order_key
from workflow_app.states.forms import Ask, Known, Lists, Problems, Sheet, asks, choices_of, fill, hints, to_json
from workflow_app.states.forms.declare import unwrap
from workflow_app.states.forms.validate import lines_of
from workflow_app.states.vocabulary import Actor
from workflow_app.web.formatting import say

MOST = 300  # rows of one table: all of them go in one transaction, for some seconds
_FEW = 12  # words of a list that are all told


@dataclass(slots=True)
class Line:
    """A row: its number, its cells by field, what is wrong by field («»: with the row), what is to be looked at, whether it is there."""

    number: int
    cells: Mapping[str, str]
    problems: dict[str, list[Sentence]] = field(default_factory=dict)
    doubts: Problems = field(default_factory=dict)
    is_there: bool = False


def columns_of(kind: ContentType, table: Table) -> Match:
    """Find the columns of the fields by their words, in the language of the page or in Russian."""
    known = kind.typed
    wanted = {name: (say(how.label), how.label.msgid, *how.heads) for name, how in known.items()}
    return match_columns(table.header, wanted, [name for name, how in known.items() if not how.required])


def enter(
    session: Session, actor: Actor, kind: ContentType, whole: Record | None, table: Table, columns: Mapping[str, int], *, keep: bool
) -> list[Line]:  # fmt: skip
    """Begin a record for each row; all of them stay when ``keep`` and none is wrong, else none. Return the rows with what is wrong.

    What is there already is passed over: a table that has grown since it was entered is entered again.
    """
    lists = lists_of(session, actor, kind)
    lines = [_line(row, columns) for row in table.rows]
    _look_up(kind, lines, lists)
    savepoint = session.begin_nested()
    try:
        with gate.together(session):
            for line in lines:
                _begin(session, actor, kind, whole, line, lists)
    except BaseException:
        savepoint.rollback()
        raise
    if keep and not any(line.problems for line in lines):
        savepoint.commit()
    else:
        savepoint.rollback()
        session.expire_all()
    return lines


def _line(row: Row, columns: Mapping[str, int]) -> Line:
    return Line(row.number, {name: row.cells[at] for name, at in columns.items() if at < len(row.cells)})


def _begin(
    session: Session, actor: Actor, kind: ContentType, whole: Record | None, line: Line, lists: Lists
) -> None:  # fmt: skip
    raw: dict[str, Any] = {}
    for name, how in kind.typed.items():
        text = line.cells.get(name, "")
        try:
            raw[name] = _value(kind, name, how, text, lists)
        except ValueError as unknown:
            line.problems[name] = [_unknown(how, str(unknown), choices_of(how, lists))]
    try:
        sheet = fill(kind.sheet, raw, lists)
    except Invalid as error:
        for path, many in error.problems.items():
            line.problems.setdefault(path.split(".")[0], list(many))
        return
    if line.problems:
        return
    try:
        row = row_of(kind, actor.municipality_id, sheet, whole)
        line.doubts = doubts_of(session, row)
        gate.begin(session, actor, row, sheet)
    except Taken:
        line.is_there, line.doubts = True, {}
    except Invalid as error:
        line.problems |= {path.split(".")[0]: list(many) for path, many in error.problems.items()}
    except WorkflowError as error:
        line.problems[""] = [error.sentence]


def _unknown(how: Ask, text: str, known: Known | None) -> Sentence:
    """Say that a list has not these words, and what it has instead: the nearest of them, or how a person is written."""
    what = text[:100]
    if how.refers.partition(":")[0] == "person":
        return N_(
            "Такого нет в списке: «%(what)s». Нужны фамилия, имя и отчество, как на карточке человека.", what=what
        )
    labels = [say(one.label) for one in known] if isinstance(known, Sequence) else []
    if near := difflib.get_close_matches(text, labels, 1, 0.6):
        return N_("Такого нет в списке: «%(what)s». Возможно, «%(near)s»?", what=what, near=near[0])
    if 0 < len(labels) <= _FEW:
        return N_("Такого нет в списке: «%(what)s». Можно: %(those)s.", what=what, those=", ".join(labels))
    return N_("Такого нет в списке: «%(what)s».", what=what)


def _look_up(kind: ContentType, lines: Sequence[Line], lists: Lists) -> None:
    """Ask for everything that the cells name at once: the rows then ask nothing more."""
    for name, how in kind.fields.items():
        known = choices_of(how, lists)
        if known is not None and not isinstance(known, Sequence):
            known.called({one for line in lines for one in _texts(kind, name, line.cells.get(name, ""))})


def _texts(kind: ContentType, name: str, text: str) -> list[str]:
    return lines_of(text) if kind.kind_of(name) is tuple else [text]


def _value(kind: ContentType, name: str, how: Ask, text: str, lists: Lists) -> Any:
    """Return what a cell says as the form would send it; ValueError for a word that its list has not."""
    known = choices_of(how, lists)
    if (rows := rows_of(kind, name)) is not None:
        return [_row(rows, one, lists) for one in lines_of(text)]
    if kind.kind_of(name) is tuple:
        return [_chosen(one, known) if known is not None else one for one in lines_of(text)]
    return _chosen(text, known) if known is not None and text.strip() else text


def rows_of(kind: ContentType, name: str) -> type[Sheet] | None:
    """Return the sheet of the rows that a field holds; None for a field of another kind."""
    item = (*typing.get_args(unwrap(hints(kind.sheet)[name])[0]), None)[0]
    return item if isinstance(item, type) and issubclass(item, Sheet) else None


def whole_rows(kind: ContentType, name: str, value: Any) -> Any:
    """Return what a field keeps; rows of it with everything that their sheet says, for what they were kept without."""
    rows = rows_of(kind, name) if name in kind.typed else None
    return value if rows is None else [to_json(rows(**one)) for one in value or ()]


def _row(rows: type[Sheet], text: str, lists: Lists) -> dict[str, Any]:
    """Return one row of «название | число | да»: the fields of the row in their order."""
    cells = [one.strip() for one in text.split("|")]
    return {
        name: _chosen(cell, known) if cell and (known := choices_of(how, lists)) is not None else cell
        for (name, how), cell in zip(asks(rows).items(), cells, strict=False)
    }


def _chosen(text: str, known: Known) -> str:
    """Return the value of the one choice with these words; people of one name are nobody's guess."""
    if isinstance(known, Sequence):
        wanted = order_key(text)
        found = [one.value for one in known if wanted in (order_key(say(one.label)), order_key(one.label.msgid))]
    else:
        found = [one.value for one in known.called([text])[text]]
    if len(found) != 1:
        raise ValueError(text)
    return str(found[0])
