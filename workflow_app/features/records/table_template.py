"""The empty table of a kind: its columns, a row that shows how they are filled, a sheet of notes with what may stand in each.

The example says of itself that it is one, in its first cell; left in the table, it is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

from flask_babel import gettext as _

from workflow_app.content_types.declaration import ContentType
from workflow_app.errors import N_, Sentence
from workflow_app.facts import choices
from workflow_app.features.records.table_rows import rows_of
from workflow_app.files.read_table import Row, Table
from workflow_app.files.write_table import write_template
from workflow_app.spelling import comparable
from workflow_app.states.forms import Ask, Choice
from workflow_app.web.formatting import say

MARK: Final = N_("Пример:")
_SAMPLE: Final = re.compile(r"например,? ([^;]+?)\.?$", re.IGNORECASE)
_PERSON: Final = N_("Образцова Анна Петровна")
_PLACE: Final = N_("МБОУ «Школа № 1»")
_WORDS: Final[Mapping[type, Sentence]] = {date: N_("01.09.2026"), bool: N_("нет")}


def told(kind: ContentType, name: str, how: Ask) -> str:
    """Say what may stand in a column."""
    if rows_of(kind, name) is not None:
        return str(_("через точку с запятой: название | вид | да, если можно не заполнять"))
    if how.refers.startswith("person"):
        return str(_("Фамилия, имя и отчество, как в системе"))
    if how.refers:
        return str(_("Наименование, как в системе"))
    if known := listed(how):
        return ", ".join(say(one.label) for one in known)
    words = {
        date: _("Дата, например 23.11.2026"),
        bool: _("да или нет"),
        int: _("целое число"),
        tuple: _("через точку с запятой"),
    }
    return str(words.get(kind.kind_of(name), say(how.help) if how.help else ""))


def listed(how: Ask) -> Sequence[Choice]:
    """Return the values of a field with a closed list, that of a data file, too; none for any other."""
    if isinstance(how.choices, tuple):
        return how.choices
    return choices.of_file(how.choices) if isinstance(how.choices, str) and not how.refers else ()


def example(kind: ContentType) -> list[str]:
    """Return the row that shows how the columns are filled; what may be left out stays empty where nothing plain can be shown."""
    cells = [_shown(kind, name, how) for name, how in kind.typed.items()]
    return [f"{say(MARK)} {cells[0] or say(next(iter(kind.typed.values())).label)}", *cells[1:]]


def _shown(kind: ContentType, name: str, how: Ask) -> str:
    if how.refers:
        return say(_PERSON) if how.refers.startswith("person") else say(_PLACE) if how.refers == "organization" else ""
    if rows_of(kind, name) is not None:
        return ""
    known = listed(how)
    return say(known[0].label) if known else _plain(kind, name, how)


def _plain(kind: ContentType, name: str, how: Ask) -> str:
    """Return what shows how a field without a list is filled: the example of its own help first."""
    if how.help and (found := _SAMPLE.search(say(how.help))):
        return found[1]
    held = kind.kind_of(name)
    if held in _WORDS:
        return say(_WORDS[held])
    if held in (int, Decimal):
        return str(max(how.least or 1, 1))
    return say(how.label) if how.required and how.pattern is None else ""


def is_example(kind: ContentType, row: Row, columns: Mapping[str, int]) -> bool:
    """Whether a row is the example of the template: its first cell says so, in the language of the page or in Russian."""
    at = columns.get(next(iter(kind.typed)), len(row.cells))
    text = comparable(row.cells[at]) if at < len(row.cells) else ""
    return text.startswith((comparable(say(MARK)), comparable(MARK.msgid)))


def without_example(kind: ContentType, table: Table, columns: Mapping[str, int]) -> Table:
    """Return the table without the row of the example."""
    return replace(table, rows=tuple(one for one in table.rows if not is_example(kind, one, columns)))


def template(kind: ContentType) -> bytes:
    """Return the table as a workbook."""
    heads = (_("Столбец"), _("Обязателен"), _("Что в нём стоит"), _("Допустимые значения"))
    rows = [
        (
            say(how.label), _("да") if how.required else _("нет"), say(how.help) if how.help and not listed(how) else told(kind, name, how),
            "\n".join(say(one.label) for one in listed(how)),
        )
        for name, how in kind.typed.items()
    ]  # fmt: skip
    notes = [*rows, (_("Строка примера"), "", _("Её можно удалить или оставить: она не записывается."), "")]
    return write_template(
        [say(how.label) for how in kind.typed.values()],
        example(kind),
        (_("Пояснения"), heads, notes),
        say(kind.titles[1]),
    )
