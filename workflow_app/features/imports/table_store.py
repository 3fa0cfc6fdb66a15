"""Tables between the steps: rows of the database that belong to one person, kept until each row is recorded or dropped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from workflow_app import clock
from workflow_app.db.models import ImportRow, ImportTable, ImportWord, Job
from workflow_app.db.session import Database
from workflow_app.errors import N_, NotFound, Sentence
from workflow_app.facts.directory import plain
from workflow_app.features.imports.check_rows import check
from workflow_app.features.imports.known_records import Known, known
from workflow_app.features.imports.lines import Line
from workflow_app.features.imports.table_kinds import KINDS, MOST, Column, Kind
from workflow_app.files.read_table import Row, Table
from workflow_app.files.table_columns import Match, match_columns
from workflow_app.gate import NO_SUCH
from workflow_app.operations import job_queue
from workflow_app.states.vocabulary import Actor

OPEN: Final = "open"
CAME: Final = ("done", "draft", "skipped")  # what has come of the other rows
KEPT: Final = timedelta(
    days=120
)  # afterwards a table that nobody has touched is forgotten: its cells are personal data
HEADS_MOST: Final = 60  # unknown headings that are asked about at a time
UNUSED: Final = "-"  # what a heading means that is not needed
CELL_MOST: Final = 10_000  # characters typed into a cell
OURS: Final = (
    "строка",
    "что исправить",
    "номер",
    "№",
    "№ п п",
    "п п",
)  # headings of our own tables of rows that wait, and of counters
_PARTS: Final = ("фамилия", "имя", "отчество")


@dataclass(frozen=True)
class Checked:
    """A table as it stands: where its columns are, what is known, its open rows checked."""

    table: ImportTable
    kind: Kind
    match: Match
    known: Known
    lines: Sequence[Line]

    def count(self, *outcomes: str) -> int:
        """Return how many rows have one of these outcomes."""
        return sum(one.outcome in outcomes for one in self.lines)

    @property
    def ready(self) -> list[Line]:
        """The rows that will be recorded."""
        return [one for one in self.lines if one.is_ready]


def headings(table: Table) -> Table:
    """Return a table whose surname, name and patronymic, where they stand in three columns, stand in one."""
    heads = [plain(one) for one in table.header]
    places = [heads.index(one) for one in _PARTS if one in heads]
    if "фио" in heads or len(places) < len(_PARTS) - 1:
        return table
    rest = [place for place in range(len(heads)) if place not in places]

    def joined(cells: Sequence[str], name: str) -> tuple[str, ...]:
        return (name, *(cells[place] for place in rest))

    rows = (
        Row(one.number, joined(one.cells, " ".join(filter(None, (one.cells[at] for at in places)))))
        for one in table.rows
    )
    return Table(joined(table.header, "ФИО"), tuple(rows))


def faults(kind: Kind, table: Table, learned: Mapping[str, str]) -> list[Sentence]:
    """Return why a table cannot be taken at all."""
    match = columns(kind, table.header, learned)
    # what is asked about on the next page may be the very column that is missing
    found = [] if match.columns and unknown_heads(kind, table.header, learned) else [*match.missing]
    if found and not match.columns:
        found = [N_("Первой строкой таблицы должны стоять заголовки столбцов: возьмите их из шаблона."), *found]
    if len(table.rows) > MOST:
        found.append(N_("Строк %(have)s, за один раз можно не больше %(most)s.", have=len(table.rows), most=MOST))
    return found


def columns(kind: Kind, header: Sequence[str], learned: Mapping[str, str]) -> Match:
    """Find out which column is which: by its heading, else by what the centre has said that such a heading means."""
    known_as = {plain(one) for titles in kind.wanted.values() for one in titles}
    named = [
        head if plain(head) in known_as or plain(head) not in learned else learned[plain(head)].replace(UNUSED, "")
        for head in header
    ]
    return match_columns(named, kind.wanted, kind.optional)


def unknown_heads(kind: Kind, header: Sequence[str], learned: Mapping[str, str]) -> list[str]:
    """Return the headings of which nobody has said what they mean."""
    known_as = {plain(one) for titles in kind.wanted.values() for one in titles} | set(OURS)
    return [one for one in dict.fromkeys(header) if one and plain(one) not in known_as and plain(one) not in learned]


def learned_heads(session: Session, municipality_id: int, kind: Kind) -> dict[str, str]:
    """Return what unknown headings of a kind's tables mean in the centre: plain heading -> column, or ``UNUSED``."""
    rows = session.execute(
        select(ImportWord.word, ImportWord.value).where(
            ImportWord.municipality_id == municipality_id, ImportWord.of_list == heads_of(kind)
        )
    )
    return dict.fromkeys(OURS, UNUSED) | {word: value for word, value in rows.all()}  # noqa: C416 - rows are no pairs for the type checker


def heads_of(kind: Kind) -> str:
    """Return the name of the list of a kind's headings among the words."""
    return f"columns:{kind.key}"


def keep(session: Session, actor: Actor, kind: Kind, table: Table) -> ImportTable:
    """Keep a new table with its rows; values for the whole table are those of the person's last one."""
    now, person_id = clock.now(), actor.person_id or 0
    last = session.scalars(
        select(ImportTable.shared)
        .where(ImportTable.person_id == person_id, ImportTable.kind == kind.key)
        .order_by(ImportTable.id.desc())
        .limit(1)
    ).first()
    lent = {key: value for key, value in (last or {}).items() if key in ("signed", "case_type", "channel")}
    row = ImportTable(
        municipality_id=actor.municipality_id, person_id=person_id, kind=kind.key, header=[*table.header], shared=lent, loose=[],
        created_at=now, saved_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    session.add_all(ImportRow(table_id=row.id, number=one.number, cells=[*one.cells]) for one in table.rows)
    session.flush()
    return row


def own(session: Session, actor: Actor, kind: Kind, id: int) -> ImportTable:
    """Return a table of the person; anybody else's is not there."""
    found = session.get(ImportTable, id)
    mine = found is not None and (found.person_id, found.municipality_id, found.kind) == (
        actor.person_id, actor.municipality_id, kind.key,
    )  # fmt: skip
    if found is None or not mine:
        raise NotFound(NO_SUCH)
    return found


def lock(session: Session, table: ImportTable) -> None:
    """Let the writing requests on a table follow each other: two presses are then one that records and one that is told."""
    session.flush()
    session.refresh(table, with_for_update=True)


def rows_of(session: Session, table: ImportTable, *states: str) -> list[ImportRow]:
    """Return the rows of a table in these states, in its order."""
    wanted = select(ImportRow).where(ImportRow.table_id == table.id, ImportRow.state.in_(states or (OPEN,)))
    return [*session.scalars(wanted.order_by(ImportRow.number, ImportRow.id))]


def checked(
    session: Session,
    actor: Actor,
    table: ImportTable,
    only: ImportRow | None = None,
    guessed: Mapping[str, str] = MappingProxyType({}),
) -> Checked:
    """Check the open rows of a table, or one of them, as they stand now: a constant number of statements.

    ``guessed``: the columns that headings probably mean, until somebody has said so.
    """
    kind, match, every = _every(session, actor, table, guessed)
    lines = [every[one.id] for one in (rows_of(session, table) if only is None else [only])]
    snapshot = known(session, actor, kind, (one.cell("full_name") for one in lines))
    return Checked(table, kind, match, snapshot, check(kind, lines, snapshot, every.values()))


def lines_of(session: Session, actor: Actor, table: ImportTable) -> list[Line]:
    """Return every row of a table, recorded or not, unchecked: what stands in its cells."""
    return [*_every(session, actor, table)[2].values()]


def _every(
    session: Session, actor: Actor, table: ImportTable, guessed: Mapping[str, str] = MappingProxyType({})
) -> tuple[Kind, Match, dict[int, Line]]:
    kind = KINDS[table.kind]
    means = learned_heads(session, actor.municipality_id, kind) | {plain(head): key for head, key in guessed.items()}
    match = columns(kind, table.header, means)
    return kind, match, {one.id: _line(kind, table, match, one) for one in rows_of(session, table, OPEN, *CAME)}


def _line(kind: Kind, table: ImportTable, match: Match, row: ImportRow) -> Line:
    own_cells = {key: str(row.cells[place]) for key, place in match.columns.items() if place < len(row.cells)}
    own_cells |= {key: str(text) for key, text in row.typed.items()}
    lent = {
        key: str(text) for key, text in table.shared.items() if text and not own_cells.get(key) and kind.column(key)
    }
    return Line(row.id, row.number, own_cells | lent, frozenset(lent), row.files, row.choice)


def beneath_unknown(session: Session, actor: Actor, table: ImportTable) -> dict[str, list[str]]:
    """Return the headings of which nobody has said what they mean, with what stands beneath them in the open rows."""
    kind = KINDS[table.kind]
    heads = unknown_heads(kind, table.header, learned_heads(session, actor.municipality_id, kind))[:HEADS_MOST]
    rows = rows_of(session, table) if heads else ()
    places = {head: table.header.index(head) for head in heads}
    return {head: [str(row.cells[at]) for row in rows if at < len(row.cells)] for head, at in places.items()}


def free_columns(session: Session, actor: Actor, table: ImportTable) -> list[Column]:
    """Return the columns that no heading of a table is known to mean: those that few tables have come last."""
    kind = KINDS[table.kind]
    taken = columns(kind, table.header, learned_heads(session, actor.municipality_id, kind)).columns
    return sorted((one for one in kind.columns if one.key not in taken), key=lambda one: one.other)


def change(session: Session, table: ImportTable) -> None:
    """Note that a table was changed: a page that was drawn before has not seen it."""
    table.version, table.saved_at = table.version + 1, clock.now()
    session.flush()


def drop(session: Session, table: ImportTable) -> None:
    """Drop what waits in a table; what is recorded stays, and so does its list."""
    session.execute(delete(ImportRow).where(ImportRow.table_id == table.id, ImportRow.state == OPEN))
    table.loose = []
    left = session.scalar(select(func.count()).select_from(ImportRow).where(ImportRow.table_id == table.id))
    if not left:
        session.delete(table)
    session.flush()


def waiting(session: Session, actor: Actor) -> list[tuple[ImportTable, int]]:
    """Return the person's tables in which rows wait, the newest first, with how many."""
    open_rows = func.count().filter(ImportRow.state == OPEN)
    found = (
        select(ImportTable, open_rows)
        .join(ImportRow, ImportRow.table_id == ImportTable.id)
        .where(ImportTable.person_id == actor.person_id, ImportTable.municipality_id == actor.municipality_id)
        .group_by(ImportTable.id)
        .having(open_rows > 0)
        .order_by(ImportTable.id.desc())
        .limit(20)
    )
    return [(table, count) for table, count in session.execute(found)]


def job_of(session: Session, table: ImportTable) -> Job | None:
    """Return the job that records the table's rows, or did so last."""
    return session.get(Job, table.job_id) if table.job_id else None


def is_busy(session: Session, table: ImportTable) -> bool:
    """Whether a job records rows of the table right now."""
    job = job_of(session, table)
    return job is not None and job.state in job_queue.OPEN


def learn(session: Session, actor: Actor, words: Iterable[tuple[str, str, str]]) -> int:
    """Remember what words mean for the centre: (list, the word as it stood, value); return how many."""
    count = 0
    for of_list, shown, value in words:
        here = (ImportWord.municipality_id == actor.municipality_id, ImportWord.of_list == of_list)
        row = session.scalars(select(ImportWord).where(*here, ImportWord.word == plain(shown))).first()
        if row is None:
            row = ImportWord(municipality_id=actor.municipality_id, of_list=of_list, word=plain(shown))
            session.add(row)
        row.shown, row.value, row.person_id, row.at = shown[:300], value, actor.person_id or 0, clock.now()
        count += 1
    session.flush()
    return count


def typed_over(row: ImportRow, cells: Mapping[str, Any]) -> bool:
    """Keep what was typed into cells of a row; return whether anything is new."""
    new = row.typed | {key: str(text).strip()[:CELL_MOST] for key, text in cells.items()}
    if new == row.typed:
        return False
    row.typed = new
    return True


def forget_old(database: Database) -> None:
    """Remove the tables that nobody has touched for long, with their rows: what was recorded of them stands elsewhere."""
    with database.transaction(keep=True) as session:
        old = select(ImportTable.id).where(ImportTable.saved_at < clock.now() - KEPT)
        ids = [*session.scalars(old)]
        if ids:
            session.execute(delete(ImportRow).where(ImportRow.table_id.in_(ids)))
            session.execute(delete(ImportTable).where(ImportTable.id.in_(ids)))
