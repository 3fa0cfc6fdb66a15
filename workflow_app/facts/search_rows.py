"""What is searched as rows: kept by the gate at the end of an act, compared by ``check``, made anew by ``db rebuild`` (ADR 26).

A flush notes which subjects it wrote whose texts may be others now; an act that changes no searched column asks nothing here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, event, insert, inspect, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapper, Session, object_session

from workflow_app.db import counters, search_index
from workflow_app.db.models import Assignment, Base, Case, CaseFile, CoAuthor, FileText, SearchRow, Subject
from workflow_app.db.session import Database
from workflow_app.errors import N_, Sentence
from workflow_app.facts import search_texts as texts
from workflow_app.facts.search_texts import ALL
from workflow_app.facts.subjects import inhabited
from workflow_app.files.file_names import extension
from workflow_app.states.vocabulary import Permission
from workflow_app.stemming import tokens_of

TOUCHED: Final = (
    "search_touched"  # of the session's notes: subjects, and the permissions of those texts of theirs that changed
)
JUDGED_TEXTS: Final = "judged_texts"  # the register that counts how often a text changed of which a sheet is signed
_LOT = 200
Row = dict[str, Any]
Key = tuple[str, int, str]  # kind, number, permission
_KEYS: Final = ("subject_kind", "subject_id", "needs")
_TABLE: Final[Any] = SearchRow.__table__  # written as a table: no event of a row follows
_HERE: Final = tuple(_TABLE.c[one] == bindparam(f"old_{one}") for one in _KEYS)


# ------------------------------------------------------------------------------------------------------ what was touched


@event.listens_for(Base, "after_insert", propagate=True)
def _inserted(_mapper: Mapper[Any], _connection: Connection, row: Base) -> None:
    if isinstance(row, CoAuthor):
        _touch_case(row)
    elif isinstance(row, Subject) and texts.columns_of(type(row)):
        _touch(row, ALL, is_new=True)


@event.listens_for(Base, "after_update", propagate=True)
def _updated(_mapper: Mapper[Any], _connection: Connection, row: Base) -> None:
    columns = texts.columns_of(type(row))
    if columns and isinstance(row, Subject):
        known = inspect(row).attrs
        changed = [needs for name, needs in columns.items() if known[name].history.has_changes()]
        if changed:
            _touch(row, frozenset().union(*changed))
    elif isinstance(row, CoAuthor):
        _touch_case(row)


@event.listens_for(CoAuthor, "after_delete")
def _deleted(_mapper: Mapper[Any], _connection: Connection, row: CoAuthor) -> None:
    _touch_case(row)


def _touch(subject: Subject, needs: frozenset[Permission], *, is_new: bool = False) -> None:
    if (session := object_session(subject)) is not None:
        found: dict[Subject, tuple[frozenset[Permission], bool]] = session.info.setdefault(TOUCHED, {})
        before, was_new = found.get(subject, (frozenset[Permission](), False))
        found[subject] = (before | needs, was_new or is_new)


def _touch_case(row: CoAuthor) -> None:
    session = object_session(row)
    case = session.identity_map.get(session.identity_key(Case, row.case_id)) if session and row.case_id else None
    if isinstance(case, Case):
        _touch(case, frozenset({Permission.VIEW}))


# ------------------------------------------------------------------------------------------------------------ keeping


def keep(session: Session) -> None:
    """Bring the rows of what this act touched up to its texts; nothing when no searched column was written."""
    session.flush()  # what an act of a record's file wrote last may still wait
    touched: dict[Subject, tuple[frozenset[Permission], bool]] = session.info.pop(TOUCHED, {})
    if not touched:
        return
    view = frozenset({Permission.VIEW})
    others = {
        other: (view, False)
        for one, (_, is_new) in touched.items()
        if not is_new
        for other in texts.beneath(session, one)
    }
    _bring(session, others | touched)


def _bring(session: Session, touched: Mapping[Subject, tuple[frozenset[Permission], bool]]) -> None:
    connection = session.connection()
    told = [(one, text, is_new) for one, (needs, is_new) in touched.items() for text in _asked(one, session, needs)]
    bodies = _file_texts(session, [(text.sha256, _name_of(one)) for one, text, _ in told if text.sha256])
    fresh: list[Row] = []
    for one, text, is_new in told:
        row = _row(one, text, bodies)
        if is_new and row["tokens"]:
            fresh.append(row)
        elif not row["tokens"]:
            connection.execute(delete(_TABLE).where(*_HERE), _key(row))
        elif not connection.execute(update(_TABLE).where(*_HERE), row | _key(row)).rowcount:
            fresh.append(row)
    if fresh:
        connection.execute(insert(SearchRow), fresh)
    _count_judged(session, {_begun(one) for one, text, _ in told if text.needs is Permission.SEE_MATERIALS})


def _begun(subject: Subject) -> Case | None:
    """Return the case of which a subject's text tells, once it is more than a draft: sheets about it may be signed."""
    case = subject.case if isinstance(subject, CaseFile) else subject
    return case if isinstance(case, Case) and case.state not in ("draft", "submitted") else None


def _count_judged(session: Session, cases: Collection[Case | None]) -> None:
    """Count that a text changed of which a sheet is signed: what experts have read is read anew then (``facts.affinity``)."""
    ids = {one.id: one for one in cases if one is not None}
    signed = select(Assignment.case_id).where(Assignment.case_id.in_(ids), Assignment.signed_at.is_not(None)).limit(1)
    if ids and (found := session.scalar(signed)) is not None:
        counters.take(session, ids[found].municipality_id, JUDGED_TEXTS, 0)


def _asked(subject: Subject, session: Session, needs: frozenset[Permission]) -> Iterator[texts.Text]:
    """Yield the texts of a subject that need one of these permissions; an empty one where there is none any more."""
    found = {one.needs: one for one in texts.texts_of(subject, session)}
    yield from (found.get(one, texts.Text(one)) for one in texts.own_needs(subject) if one in needs)


def _row(subject: Subject, text: texts.Text, bodies: Mapping[str, str]) -> Row:
    return {
        "id": texts.number_of(subject, text.needs), "municipality_id": subject.municipality_id, "subject_kind": subject.kind,
        "subject_id": subject.id, "needs": text.needs.value, "case_id": texts.case_of(subject), "text": text.shown,
        "tokens": tokens_of("\n".join((*text.words, bodies.get(text.sha256, ""))), text.names),
    }  # fmt: skip


def _key(row: Row) -> Row:
    return {f"old_{one}": row[one] for one in _KEYS}


def _name_of(subject: Subject) -> str:
    return subject.name if isinstance(subject, CaseFile) else getattr(subject, "file_name", "")


def _file_texts(session: Session, files: Collection[tuple[str, str]]) -> Mapping[str, str]:
    """Return the texts of files by their hashes; those that nobody has taken yet are asked for."""
    if not files:
        return {}
    known = known_texts(session, (sha256 for sha256, _ in files))
    lost = {sha256: extension(name) for sha256, name in files if sha256 not in known}
    if lost:
        asked = [{"sha256": sha256, "extension": kind, "waits": True, "text": ""} for sha256, kind in lost.items()]
        dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
        session.connection().execute(dialect.insert(FileText).on_conflict_do_nothing(), asked)
    return known


def known_texts(session: Session, hashes: Iterable[str]) -> Mapping[str, str]:
    """Return the texts of files that were taken, by the hashes of the files; one that waits is there, and empty."""
    wanted = set(hashes)
    if not wanted:
        return {}
    rows = session.execute(select(FileText.sha256, FileText.text).where(FileText.sha256.in_(wanted)))
    return {sha256: text for sha256, text in rows}  # noqa: C416 - rows are not pairs for the type checker


def told(session: Session, sha256: str, text: str) -> None:
    """Keep the text that was taken out of a file, and let everything that has this file be found by it."""
    session.execute(update(FileText).where(FileText.sha256 == sha256).values(text=text, waits=False))
    if text:
        _bring(session, dict.fromkeys(texts.same_file(session, sha256), (ALL, False)))


# --------------------------------------------------------------------------------------------------------- all of them


def rebuild(database: Database) -> int:
    """Make every row anew, some hundred subjects in a transaction, then SQLite's index; return how many rows were wrong."""
    changed = 0
    for model in texts.SEARCHED:
        after: int | None = 0
        while after is not None:
            with database.transaction(keep=True) as session:
                wanted, stand, after = _lot(session, model, after, lock=True)
                changed += _write(session, stand, wanted)
    with database.transaction(keep=True) as session:
        search_index.refill(session.connection())
    return changed


def rebuild_in(session: Session) -> None:
    """The same within one transaction: for a small instance, or rows that somebody has just written by hand."""
    session.flush()
    session.info.pop(TOUCHED, None)
    for model in texts.SEARCHED:
        after: int | None = 0
        while after is not None:
            wanted, stand, after = _lot(session, model, after)
            _write(session, stand, wanted)


def differing(session: Session) -> Iterator[tuple[str, int, Sentence]]:
    """Yield each subject that is not found by what it says: its kind, its number, what is wrong in words."""
    there = inhabited(session) | {*session.scalars(select(SearchRow.subject_kind).distinct())}
    for model in (one for one in texts.SEARCHED if one.kind in there):
        after: int | None = 0
        while after is not None:
            wanted, stand, after = _lot(session, model, after, ask=False)
            wrong = {key[1] for key in wanted.keys() | stand.keys() if wanted.get(key) != stand.get(key)}
            for id_ in sorted(wrong):
                yield model.kind, id_, N_("Запись ищется не по тем словам, которые в ней стоят.")


def _lot(
    session: Session, model: type[Subject], after: int, *, lock: bool = False, ask: bool = True
) -> tuple[dict[Key, Row], dict[Key, Row], int | None]:
    """Return the rows that the next subjects of a class should have and those they have, and behind which number to go on."""
    found = (
        select(model).where(model.id > after).order_by(model.id).limit(_LOT).options(*texts.READ_WITH.get(model, ()))
    )
    if lock:
        found = found.with_for_update(of=model, key_share=True).execution_options(populate_existing=True)
    subjects = session.scalars(found).unique().all()
    last = subjects[-1].id if len(subjects) == _LOT else None
    listed = [(one, text) for one in subjects for text in texts.texts_of(one, session)]
    files = [(text.sha256, _name_of(one)) for one, text in listed if text.sha256]
    bodies = _file_texts(session, files) if ask else known_texts(session, (sha256 for sha256, _ in files))
    rows = [_row(one, text, bodies) for one, text in listed]
    here = [SearchRow.subject_kind == model.kind, SearchRow.subject_id > after]
    if last is not None:
        here.append(SearchRow.subject_id <= last)
    stand = session.execute(select(*SearchRow.__table__.columns).where(*here)).mappings()
    return _by_key(one for one in rows if one["tokens"]), _by_key(dict(one) for one in stand), last


def _by_key(rows: Iterable[Row]) -> dict[Key, Row]:
    return {(one["subject_kind"], one["subject_id"], one["needs"]): one for one in rows}


def _write(session: Session, stand: Mapping[Key, Row], wanted: Mapping[Key, Row]) -> int:
    connection = session.connection()
    wrong = [key for key in stand.keys() | wanted.keys() if stand.get(key) != wanted.get(key)]
    if gone := [_key(stand[key]) for key in wrong if key in stand]:
        connection.execute(delete(_TABLE).where(*_HERE), gone)
    if new := [wanted[key] for key in wrong if key in wanted]:
        connection.execute(insert(SearchRow), new)
    if wrong:
        counters.take(session, (stand.get(wrong[0]) or wanted[wrong[0]])["municipality_id"], JUDGED_TEXTS, 0)
    return len(wrong)


def waiting(session: Session) -> tuple[str, str] | None:
    """Return the hash and the extension of a file whose text waits to be taken; None: of none."""
    found = select(FileText.sha256, FileText.extension).where(FileText.waits).limit(1)
    row = session.execute(found).one_or_none()
    return (row.sha256, row.extension) if row else None
