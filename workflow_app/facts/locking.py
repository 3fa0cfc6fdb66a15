"""The lock that makes acts on one case follow each other (decisions.md 5)."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow_app.db.models import Assignment, Case, CaseFile, CoAuthor, Document, PanelMember, Subject
from workflow_app.facts.subjects import root_of

_LISTS = ("assignments", "files", "co_authors", "panel", "versions")
_PARTS = (Assignment, CaseFile, CoAuthor, Document, PanelMember)


def lock(session: Session, subject: Subject) -> Subject:
    """Lock and refresh the root's row, then the subject: nobody else changes either until the end. Return the root."""
    root = lock_root(session, root_of(session, subject))
    if root is not subject:
        session.refresh(subject)
    return root


def lock_root(session: Session, root: Subject) -> Subject:
    """Lock a root's row and forget what was read of its parts before: while we waited, another may have signed.

    FOR NO KEY UPDATE: nobody changes ids, and the rows that refer to this one are not to wait for it, nor it for them.
    """
    kind = type(root)
    mine = select(kind).where(kind.id == root.id).with_for_update(of=kind, key_share=True)
    found = mine.execution_options(populate_existing=True)
    session.execute(found).scalar_one()  # fetched, or the row that was read before the wait would stay as it was
    if isinstance(root, Case):
        session.expire(root, _LISTS)
        for one in session.identity_map.values():
            # A list that is read anew does not refresh a row that somebody still holds.
            if isinstance(one, _PARTS) and one.__dict__.get("case_id") == root.id:
                session.expire(one)
    return root
