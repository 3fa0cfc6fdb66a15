"""Records: the chained events, issued documents, number counters, access log, working copies, the outbox."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflow_app.db.models.base import Base, Belonging, JsonOrNull, Key, Subject, kept_key, of_one
from workflow_app.db.models.papers import new_code
from workflow_app.spelling import number_key, order_key


class Event(Base):
    """One immutable audit record. Its digest covers every other column and the digest before it in the root's chain.

    UPDATE and DELETE are refused by triggers. The filled sheet stands in :class:`EventPayload`, which may be erased;
    the chain covers only its salted hash (ADR 4). ``facts`` states what the act left in the row (``db.stated_facts``);
    the first event of a root has the root's number in its municipality and the digest of the first event of the one before.
    """

    __tablename__ = "event"
    __table_args__ = (
        UniqueConstraint("root_kind", "root_id", "seq"),
        Index("ix_event_subject", "subject_kind", "subject_id"),
        Index("ix_event_at", "municipality_id", "at"),
        Index("uq_event_root_no", "municipality_id", "root_no", unique=True),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    root_kind: Mapped[str]
    root_id: Mapped[int]
    seq: Mapped[int]
    subject_kind: Mapped[str]
    subject_id: Mapped[int]
    municipality_id: Mapped[int]
    transition: Mapped[str]
    before: Mapped[str | None]
    after: Mapped[str]
    subject_version: Mapped[int]
    actor_id: Mapped[int | None]
    deputy_for: Mapped[int | None]
    via: Mapped[str]
    ip: Mapped[str]
    at: Mapped[datetime]
    sheet: Mapped[str]
    payload_sha256: Mapped[str]
    issued: Mapped[list[Any]]
    signature: Mapped[str] = mapped_column(default="")
    caused_by: Mapped[int | None]
    previous: Mapped[str]
    digest: Mapped[str] = mapped_column(unique=True)
    facts: Mapped[dict[str, Any] | None] = mapped_column(JsonOrNull)
    root_no: Mapped[int | None]
    root_previous: Mapped[str | None]
    payload: Mapped[EventPayload | None] = relationship(lazy="select", viewonly=True)


class EventPayload(Base):
    """The erasable half of an event: the salt and the filled sheet."""

    __tablename__ = "event_payload"
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), primary_key=True)
    salt: Mapped[str]
    data: Mapped[dict[str, Any]]


class Document(Subject, Belonging, Base):
    """An issued document: its bytes stand in the blob store and never change; ``edition`` counts re-issues (R33)."""

    __tablename__ = "document"
    __table_args__ = (
        UniqueConstraint("case_id", "assignment_id", "document_kind", "round", "edition"),
        *of_one("document"),
        Index("uq_document_of_record", "record_kind", "record_id", "document_kind", "edition", unique=True),
        Index("uq_document_number", "municipality_id", "register", "year", "number", "edition", unique=True),
        Index("ix_document_order", "municipality_id", "register", "year", "number_order", "edition", "id"),
        Index("ix_document_dated", "municipality_id", "register", "dated", "id"),
    )
    kind: ClassVar[str] = "document"
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"))
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"))
    document_kind: Mapped[str]
    round: Mapped[int]
    edition: Mapped[int] = mapped_column(default=1)
    register: Mapped[str | None]
    year: Mapped[int | None]
    number: Mapped[str | None]
    number_order: Mapped[str] = kept_key(order_key, "number")
    number_key: Mapped[str] = kept_key(number_key, "number")
    dated: Mapped[date]
    file_name: Mapped[str]
    sha256: Mapped[str] = mapped_column(index=True)
    size: Mapped[int]
    code: Mapped[str] = mapped_column(default=new_code, unique=True)  # by it anybody checks the paper
    template_id: Mapped[int | None] = mapped_column(ForeignKey("word_template.id"))
    issued_at: Mapped[datetime]
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"), index=True)
    outdated: Mapped[bool] = mapped_column(default=False)  # it says what stood before a correction of the card


class Counter(Base):
    """The last number of a register in a year; the row is locked while a number is taken (R34)."""

    __tablename__ = "counter"
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"), primary_key=True)
    register: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(default=0)


class AccessLog(Base):
    """Reads of personal files, denials, logins: not changes, so not events (decisions.md 2)."""

    __tablename__ = "access_log"
    __table_args__ = (
        Index("ix_access_log_subject", "subject_kind", "subject_id"),
        Index("ix_access_log_list", "municipality_id", "at", "id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    municipality_id: Mapped[int | None]
    person_id: Mapped[int | None] = mapped_column(index=True)
    what: Mapped[str]
    subject_kind: Mapped[str] = mapped_column(default="")
    subject_id: Mapped[int | None]
    ip: Mapped[str] = mapped_column(default="")
    detail: Mapped[str] = mapped_column(default="")


class Checkpoint(Base):
    """A signed head of the log of heads (``db.checkpoints``); ``id`` is its number, ``note`` what left the house."""

    __tablename__ = "checkpoint"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    size: Mapped[int]
    note: Mapped[str]


class LogLeaf(Base):
    """One leaf of the log of heads: how long a chain was at a checkpoint and what its head was. Only ever added to."""

    __tablename__ = "log_leaf"
    __table_args__ = (Index("ix_log_leaf_root", "root_kind", "root_id", "length"),)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # its place in the tree, from 0
    checkpoint_id: Mapped[int] = mapped_column(ForeignKey("checkpoint.id"), index=True)
    root_kind: Mapped[str]
    root_id: Mapped[int]
    length: Mapped[int]
    head: Mapped[str]


class WorkingCopy(Base):
    """Typed and not yet performed text: autosave. Unaudited by design (decisions.md 3); ``perform`` consumes it."""

    __tablename__ = "working_copy"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    subject_kind: Mapped[str] = mapped_column(primary_key=True)
    subject_id: Mapped[int] = mapped_column(primary_key=True)
    transition: Mapped[str] = mapped_column(primary_key=True)
    data: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]


class Outbox(Base):
    """A letter to leave after the commit, written in the transaction that caused it; sent at least once, by a lease.

    ``once``: for what it was written, where it is to be written one time only. ``template`` is its kind; ``about_kind`` and
    ``about_id`` name the record that it tells of, where that is no case.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_waiting", "sent_at", "not_before"),
        Index("uq_outbox_once", "once", unique=True),
        Index("ix_outbox_case", "case_id"),
        Index("ix_outbox_list", "municipality_id", "id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime]
    not_before: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    leased_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(default="")
    to_address: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    case_id: Mapped[int | None]
    person_id: Mapped[int | None]
    once: Mapped[str | None] = mapped_column(Key)
    municipality_id: Mapped[int | None]
    template: Mapped[str] = mapped_column(default="", server_default="")
    about_kind: Mapped[str] = mapped_column(default="", server_default="")
    about_id: Mapped[int | None]


class LetterText(Subject, Base):
    """One edition of a centre's own text of a letter; never changed once written."""

    __tablename__ = "letter_text"
    __table_args__ = (UniqueConstraint("municipality_id", "template", "edition"),)
    kind: ClassVar[str] = "letter_text"
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"))
    template: Mapped[str]
    edition: Mapped[int]
    subject: Mapped[str]
    body: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    written_at: Mapped[datetime]


class Lease(Base):
    """Who does a job that one process at a time may do, and until when; a lease that ran out is anybody's.

    One that was given back keeps in ``until`` when that was: the job's last end.
    """

    __tablename__ = "lease"
    name: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str]
    until: Mapped[datetime]
