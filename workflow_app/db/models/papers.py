"""What grows around an issued document: other forms of its bytes, signatures made outside, Word templates, jobs."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any, ClassVar, Final

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflow_app.db.models.base import Base, Subject

# Digits and letters that nobody takes for one another when they are read aloud or typed from paper (Crockford's base 32).
CODE_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH: Final = 12  # letters: 60 bits


def new_code() -> str:
    """Return a code that nobody can guess, by which an issued document is checked: «K7QF2M9X4TPD»."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


class Rendition(Base):
    """An issued document in another form: ``pdf`` made from its very bytes, ``sealed`` the PDF with the centre's seal."""

    __tablename__ = "rendition"
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), primary_key=True)
    form: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(index=True)
    size: Mapped[int]
    made_at: Mapped[datetime]
    fields: Mapped[dict[str, Any]] = mapped_column(default=dict)


class AttachedSignature(Base):
    """A detached signature made outside: its bytes in the blob store, what its certificate says, whether it verifies.

    ``signed_form`` says which bytes it was made over: ``docx``, ``pdf`` or ``sealed``; empty when it matches none.
    """

    __tablename__ = "attached_signature"
    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    sha256: Mapped[str]
    size: Mapped[int]
    file_name: Mapped[str]
    signed_form: Mapped[str] = mapped_column(default="")
    fields: Mapped[dict[str, Any]] = mapped_column(default=dict)
    verdict: Mapped[str]
    added_at: Mapped[datetime]
    added_by: Mapped[int] = mapped_column(ForeignKey("person.id"))


class WordTemplate(Subject, Base):
    """A centre's own Word template of a kind of document; an upload is a new edition, never a change of an old one."""

    __tablename__ = "word_template"
    __table_args__ = (UniqueConstraint("municipality_id", "document_kind", "edition"),)
    kind: ClassVar[str] = "word_template"
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"))
    document_kind: Mapped[str]
    edition: Mapped[int]
    file_name: Mapped[str]
    sha256: Mapped[str]
    size: Mapped[int]
    uploaded_at: Mapped[datetime]
    note: Mapped[str] = mapped_column(default="")


class Job(Base):
    """Long work in the background, done item by item (``operations.job_queue``); a crash loses at most one item's work.

    ``state``: waiting, running, done, stopped (by a person), failed.
    """

    __tablename__ = "job"
    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str]
    title: Mapped[str]
    args: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(default="waiting", index=True)
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    total: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    sha256: Mapped[str] = mapped_column(default="")
    size: Mapped[int] = mapped_column(default=0)
    file_name: Mapped[str] = mapped_column(default="")
    error: Mapped[str] = mapped_column(default="")
    items: Mapped[list[JobItem]] = relationship(order_by="JobItem.seq", lazy="select")


class JobItem(Base):
    """One thing of a job: ``state`` is waiting, done or failed; ``said`` tells in Russian what came of it."""

    __tablename__ = "job_item"
    job_id: Mapped[int] = mapped_column(ForeignKey("job.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    subject_id: Mapped[int]
    label: Mapped[str]
    state: Mapped[str] = mapped_column(default="waiting")
    said: Mapped[str] = mapped_column(default="")
