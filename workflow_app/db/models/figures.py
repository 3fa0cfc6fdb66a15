"""What is kept beside the cases for the dashboard alone: how long each stage of each case lasted (ADR 34)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from workflow_app.db.models.base import Base, Key


class Stay(Base):
    """A stay of a case in a state that is over. Written by the gate with the event that ends it, and by ``facts.stays`` alone.

    ``seq``: that event's number in the chain of the case; ``days``: calendar days from the day it came to the day it left, both of
    the municipality's. The stay that goes on is the case's own ``state`` and ``state_since``; a draft's is not kept.
    """

    __tablename__ = "stay"
    __table_args__ = (
        Index("ix_stay_lengths", "municipality_id", "state", "left_on", "days", "case_id"),
        {"sqlite_with_rowid": False},
    )
    case_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    municipality_id: Mapped[int]
    state: Mapped[str] = mapped_column(Key)
    left_on: Mapped[date]
    days: Mapped[int]
