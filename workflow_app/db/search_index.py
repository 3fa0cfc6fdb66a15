"""The index over the tokens of ``search_row``: FTS5 on SQLite, GIN on PostgreSQL. Both find whole tokens and beginnings, no more.

SQLite keeps it by triggers; it holds no text of its own. The kind with the permission, and the municipality, are tokens too
(``_case_view``, ``_m1``), so that a walk meets nothing of other kinds and places; nobody can type one, for no word begins with ``_``.
Alembic does not see either index (:func:`is_ours`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import Connection, text

from workflow_app.stemming import Term

NAME = "search_index"
_TAGGED = "'_' || {0}.subject_kind || '_' || {0}.needs || ' _m' || {0}.municipality_id || ' ' || {0}.tokens"
_IN = f"INSERT INTO {NAME} (rowid, tokens) VALUES (new.id, {_TAGGED.format('new')});"  # noqa: S608 - our own names
_OUT = f"INSERT INTO {NAME} ({NAME}, rowid, tokens) VALUES ('delete', old.id, {_TAGGED.format('old')});"  # noqa: S608 - as above
_KEPT_SO = "content='', detail=none, prefix='2 3', tokenize=\"ascii tokenchars '_='\""
_SQLITE = (
    f"CREATE VIRTUAL TABLE IF NOT EXISTS {NAME} USING fts5(tokens, {_KEPT_SO})",
    f"CREATE TRIGGER IF NOT EXISTS search_row_in AFTER INSERT ON search_row BEGIN {_IN} END",
    f"CREATE TRIGGER IF NOT EXISTS search_row_out AFTER DELETE ON search_row BEGIN {_OUT} END",
    f"CREATE TRIGGER IF NOT EXISTS search_row_anew AFTER UPDATE ON search_row BEGIN {_OUT} {_IN} END",
)
VECTOR = "array_to_tsvector(string_to_array(tokens, ' '))"  # no parser of PostgreSQL looks at the tokens: they are what they are


def install(connection: Connection) -> None:
    """Make the index over ``search_row``, which is there already."""
    made = (
        _SQLITE if connection.dialect.name == "sqlite" else (f"CREATE INDEX {NAME} ON search_row USING gin ({VECTOR})",)
    )
    for statement in made:
        connection.execute(text(statement))


def remove(connection: Connection) -> None:
    """Take it away, before ``search_row`` goes."""
    kind = "TABLE" if connection.dialect.name == "sqlite" else "INDEX"
    connection.execute(text(f"DROP {kind} {NAME}"))


def refill(connection: Connection) -> None:
    """Make SQLite's index anew where it does not have the very rows that stand; PostgreSQL's cannot fall behind."""
    if connection.dialect.name == "sqlite" and _is_behind(connection):
        connection.execute(text(f"INSERT INTO {NAME} ({NAME}) VALUES ('delete-all')"))  # noqa: S608 - our own names
        rows = f"INSERT INTO {NAME} (rowid, tokens) SELECT one.id, {_TAGGED.format('one')} FROM search_row AS one"  # noqa: S608 - ours
        connection.execute(text(rows))


def _is_behind(connection: Connection) -> bool:
    rows, held = "SELECT id FROM search_row", f"SELECT id FROM {NAME}_docsize"  # noqa: S608 - our own names
    asked = f"SELECT EXISTS ({rows} EXCEPT {held}) OR EXISTS ({held} EXCEPT {rows})"
    return bool(connection.scalar(text(asked)))


def is_ours(name: str | None) -> bool:
    """Whether a table or an index of this name belongs to the index and not to the models: SQLite's is a table with four behind it."""
    return name is not None and (name == NAME or name.startswith(f"{NAME}_"))


def fts5(terms: Iterable[Term], texts: Collection[tuple[str, str]], municipality_id: int | None = None) -> str:
    """Return a question in FTS5's language: tokens stand in quotation marks, so none is an operator.

    To ``texts`` (kind, permission) alone, to all where none is named: for many of them the index would walk a list each.
    """
    asked = [_any_of(f'"{token}"{"*" if begins else ""}' for token, begins in one.alternatives()) for one in terms]
    asked += [_any_of(f'"_{kind}_{needs}"' for kind, needs in texts)] if texts else []
    return " AND ".join([*asked, *([f'"_m{municipality_id}"'] if municipality_id is not None else [])])


def _any_of(tokens: Iterable[str]) -> str:
    return f"({' OR '.join(tokens)})"


def tsquery(terms: Iterable[Term]) -> str:
    """Return a question in PostgreSQL's language; tokens hold letters, digits, ``_`` and ``=`` alone."""
    asked = [[f"'{token}'{':*' if begins else ''}" for token, begins in one.alternatives()] for one in terms]
    return " & ".join(f"({' | '.join(one)})" for one in asked)
