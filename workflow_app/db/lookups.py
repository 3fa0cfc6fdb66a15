"""Which way a database looks rows up, where it would choose a longer one: said in the statement, for it knows the rows less than we do."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, any_, func
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import coercions, roles
from sqlalchemy.sql.visitors import InternalTraversal


class Walked(ColumnElement[Any]):
    """A column that is looked at along an index which is walked for its order: SQLite is not to choose another by it."""

    inherit_cache = True

    def __init__(self, column: Any) -> None:
        self.column = coercions.expect(roles.ExpressionElementRole, column)
        self.type = self.column.type

    _traverse_internals: Any = (("column", InternalTraversal.dp_clauseelement),)


@compiles(Walked)
def _plain(element: Walked, compiler: Any, **words: Any) -> str:
    return str(compiler.process(element.column, **words))


@compiles(Walked, "sqlite")
def _unindexed(element: Walked, compiler: Any, **words: Any) -> str:
    return f"+{compiler.process(element.column, **words)}"


class Listed(ColumnElement[bool]):
    """Membership of a column in a select of few rows: PostgreSQL is to look each of them up, whatever it expects of their number.

    It would rather walk a list in its order past all rows that are none of them (``docs/performance.md``).
    """

    inherit_cache = True
    # Else SQLAlchemy writes «… IN (…) = 1» for SQLite, which then looks nothing up but walks all rows.
    _is_implicitly_boolean = True

    def __init__(self, column: Any, few: Select[Any]) -> None:
        self.plain = column.in_(few)
        self.array = column == any_(func.array(few.scalar_subquery()))
        self.type = self.plain.type

    _traverse_internals: Any = (
        ("plain", InternalTraversal.dp_clauseelement),
        ("array", InternalTraversal.dp_clauseelement),
    )


@compiles(Listed)
def _in(element: Listed, compiler: Any, **words: Any) -> str:
    return str(compiler.process(element.plain, **words))


@compiles(Listed, "postgresql")
def _in_array(element: Listed, compiler: Any, **words: Any) -> str:
    return str(compiler.process(element.array, **words))
