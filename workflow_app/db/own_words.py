"""Lists of the program's own words in a condition: states, standings, kinds.

They stand in the text of the statement. As parameters each of them would be spelled out and bound at every execution: a home
asks with hundreds (``docs/performance.md``). Nothing that a person typed comes here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, literal_column

from workflow_app.errors import Broken


def one_of(column: Any, words: Iterable[str]) -> ColumnElement[bool]:
    """Return the condition that a column has one of these words of the program, or none for no word; Broken for other text."""
    said = sorted({str(one) for one in words})
    # an act of a kind has a full stop
    if not all(one.isascii() and one.replace(".", "_").isidentifier() for one in said):
        raise Broken(f"not words of the program: {said}")
    found: ColumnElement[bool] = column.in_([literal_column(f"'{one}'") for one in said])
    return found


def is_word(column: Any, word: str) -> ColumnElement[bool]:
    """Return the condition that a column has this word of the program; Broken for other text."""
    return one_of(column, [word])
