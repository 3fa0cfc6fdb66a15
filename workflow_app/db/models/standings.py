"""What is reckoned from the other rows by the pure policy and kept beside them: who stands where, what waits for whom.

Written by the gate at the end of an act and by ``facts.standing_rows`` alone; ``check`` compares it, ``db rebuild`` makes it anew.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from workflow_app.db.models.base import Base, Key


class Standing(Base):
    """A person's standing towards a subject itself; towards a part of a case one stands as towards the case, and as its own."""

    __tablename__ = "standing"
    __table_args__ = (Index("ix_standing_subject", "subject_kind", "subject_id"), {"sqlite_with_rowid": False})
    person_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    subject_kind: Mapped[str] = mapped_column(Key, primary_key=True)
    who: Mapped[str] = mapped_column(Key, primary_key=True)
    subject_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


_WALKED = ("root_id", "todo", "subject_id", "who", "since", "four_eyes", "subject_kind", "keeper_id")
_WHOSE = ("person_id", "municipality_id", "organization_id")


class Waiting(Base):
    """One thing that waits (``states.standings.Wait``): for a person, or with ``person_id`` 0 for a role of a municipality.

    With ``organization_id`` it waits for that role of one school alone. ``due_on`` is the day that binds somebody, and ``root`` the
    subject whose act may end it: for an expert's place its case, for a part of a record its whole.
    """

    __tablename__ = "waiting"
    __table_args__ = (
        Index("ix_waiting_root", "root_kind", "root_id"),
        Index("ix_waiting_term", "todo", "due_on"),  # what reminders look for
        # what the work list walks: whole, or of one step; the last columns are looked at on the way
        Index("ix_waiting_due", *_WHOSE, "due_on", *_WALKED),
        Index("ix_waiting_step", *_WHOSE, "step", "due_on", *_WALKED),
        {"sqlite_with_rowid": False},
    )
    person_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    municipality_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    who: Mapped[str] = mapped_column(Key, primary_key=True)
    todo: Mapped[str] = mapped_column(Key, primary_key=True)
    subject_kind: Mapped[str] = mapped_column(Key, primary_key=True)
    subject_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    organization_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=0)
    root_kind: Mapped[str]
    root_id: Mapped[int]
    due_on: Mapped[date | None]
    since: Mapped[date | None]
    four_eyes: Mapped[bool] = mapped_column(default=False)
    step: Mapped[str] = mapped_column(Key, default="")  # ``states.standings.step``
    keeper_id: Mapped[int] = mapped_column(
        default=0, server_default="0"
    )  # the coordinator in whose list it stands; 0: in all
