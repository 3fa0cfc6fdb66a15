"""Reminders: the ladders that a centre made its own, and what was reminded of, to whom, when."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from workflow_app.db.models.base import Base, Key


class LadderRow(Base):
    """The steps of a kind of turn as a centre set them: rows of [days after the term, to whom, whether at once]."""

    __tablename__ = "reminder_ladder"
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"), primary_key=True)
    turn: Mapped[str] = mapped_column(primary_key=True)
    steps: Mapped[list[Any]]


class Reminder(Base):
    """One reminder of one thing that waits to one person; ``once`` says for what, so that no second one is ever written.

    ``days`` after the term as the step of the ladder says, None when somebody pressed the button (``by_id``). ``whom``: how the
    reader stands to it, a word of ``states.reminders``. ``gathered``: it waits for the letter of the day; ``outbox_id`` is its letter.
    """

    __tablename__ = "reminder"
    __table_args__ = (
        Index("ix_reminder_thing", "root_kind", "root_id", "todo", "subject_id"),
        Index("ix_reminder_gathered", "gathered", "municipality_id", "person_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    once: Mapped[str] = mapped_column(Key, unique=True)
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    whom: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[int]
    root_kind: Mapped[str]
    root_id: Mapped[int]
    todo: Mapped[str] = mapped_column(Key)
    due_on: Mapped[date | None]
    days: Mapped[int | None]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    on: Mapped[date]
    at: Mapped[datetime]
    gathered: Mapped[bool]
    outbox_id: Mapped[int | None] = mapped_column(ForeignKey("outbox.id"))
