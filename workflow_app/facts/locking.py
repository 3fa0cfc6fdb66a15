"""The lock that makes acts on one case follow each other (decisions.md 5)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import and_, bindparam, exists, func, select
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from workflow_app.db.models import (
    Assignment,
    CalendarOverride,
    Case,
    CaseFile,
    CoAuthor,
    Document,
    Event,
    PanelMember,
    Subject,
    TermOverride,
    WorkingCopy,
)
from workflow_app.facts import deadlines
from workflow_app.facts.subjects import root_of

_LISTS = ("assignments", "files", "co_authors", "panel", "versions")
_OF_FACTS: Final[dict[str, Any]] = {"assignments": Assignment, "co_authors": CoAuthor, "panel": PanelMember}
_PARTS = (Assignment, CaseFile, CoAuthor, Document, PanelMember)
_COPIES = and_(WorkingCopy.subject_kind == Case.kind, WorkingCopy.subject_id == bindparam("id"))
_OF_CENTRE = (exists().where(one.municipality_id == bindparam("centre")) for one in (CalendarOverride, TermOverride))
_LAST = select(Event.digest).where(Event.root_kind == bindparam("kind"), Event.root_id == bindparam("id"))
_TIP: Final = _LAST.add_columns(Event.seq).order_by(Event.seq.desc()).limit(1)
_AROUND: Final = select(
    *(exists().where(part.case_id == bindparam("id")) for part in _OF_FACTS.values()),
    exists().where(_COPIES),
    *_OF_CENTRE,
    *(_TIP.with_only_columns(one).scalar_subquery() for one in (Event.digest, Event.seq)),
)


def lock(session: Session, subject: Subject) -> Subject:
    """Lock and refresh the root's row, then the subject: nobody else changes either until the end. Return the root."""
    root = lock_root(session, root_of(session, subject))
    if isinstance(root, Case):
        _look_around(session, root)
    if root is not subject and not _is_only_writer(session):
        session.refresh(subject)
    return root


def lock_root(session: Session, root: Subject) -> Subject:
    """Lock a root's row and forget what was read of its parts before: while we waited, another may have signed.

    FOR NO KEY UPDATE: nobody changes ids, and the rows that refer to this one are not to wait for it, nor it for them.
    """
    session.flush()
    if not _is_only_writer(session):
        _lock_row(session, root)
    if isinstance(root, Case):
        session.expire(root, _LISTS)
    return root


def lock_cases(session: Session, ids: Collection[int]) -> Sequence[Case]:
    """Lock these cases in the order of their numbers, with what events state of them read anew: two statements, however many."""
    session.flush()
    found = select(Case).where(Case.id.in_(ids)).order_by(Case.id).with_for_update(of=Case, key_share=True)
    found = found.options(selectinload(Case.panel)).execution_options(populate_existing=True)
    return session.scalars(found).unique().all()


def tips_of(session: Session, kind: str, ids: Collection[int]) -> Mapping[int, tuple[str, int]]:
    """Return digest and number of the last event of each of these locked roots; one statement."""
    of_root = (Event.root_kind == kind, Event.root_id.in_(ids))
    last = select(Event.root_id, func.max(Event.seq).label("seq")).where(*of_root).group_by(Event.root_id).subquery()
    here = and_(Event.root_id == last.c.root_id, Event.seq == last.c.seq, Event.root_kind == kind)
    rows = session.connection().execute(select(Event.root_id, Event.digest, Event.seq).join(last, here))
    return {one.root_id: (one.digest, one.seq) for one in rows}


def has_copies(session: Session, subject: Subject) -> bool:
    """Whether texts typed for acts on a subject may be kept, as it was when the subject was locked."""
    return subject not in session.info.get("no_copies", ())


def tip_of(session: Session, root: Subject) -> tuple[str, int] | None:
    """Return digest and number of the last event of a locked root; None before the first. What ``lock`` found is good once."""
    known: tuple[Subject | None, tuple[str, int] | None] = session.info.pop("tip", (None, None))
    if known[0] is root:
        return known[1]
    row = session.connection().execute(_TIP, {"kind": root.kind, "id": root.id}).one_or_none()
    return (row.digest, row.seq) if row else None


def _is_only_writer(session: Session) -> bool:
    """Whether this transaction has kept every other writer away since it began: whatever it has read stands (``BEGIN IMMEDIATE``)."""
    return session.get_bind().dialect.name == "sqlite" and bool(
        session.connection().get_execution_options().get("keep")
    )


def _lock_row(session: Session, root: Subject) -> None:
    kind = type(root)
    mine = select(kind).where(kind.id == root.id).with_for_update(of=kind, key_share=True)
    found = mine.execution_options(populate_existing=True)
    session.execute(found).scalar_one()  # fetched, or the row that was read before the wait would stay as it was
    if isinstance(root, Case):
        for one in session.identity_map.values():
            # A list that is read anew does not refresh a row that somebody still holds.
            if isinstance(one, _PARTS) and one.__dict__.get("case_id") == root.id:
                session.expire(one)


def _look_around(session: Session, case: Case) -> None:
    """Let what is empty around a case be known as such, and where its chain ends: one statement instead of one for each."""
    asked = {"kind": case.kind, "id": case.id, "centre": case.municipality_id}
    *lists, copies, days, lengths, digest, seq = session.connection().execute(_AROUND, asked).one()
    session.info["tip"] = (case, (digest, seq) if digest else None)
    deadlines.know_none(session, case.municipality_id, days=not days, lengths=not lengths)
    for name, there in zip(_OF_FACTS, lists, strict=True):
        if not there:
            set_committed_value(case, name, [])
    known: set[Subject] = session.info.setdefault("no_copies", set())
    (known.discard if copies else known.add)(case)
