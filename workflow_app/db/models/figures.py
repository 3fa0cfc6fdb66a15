"""What is kept beside the rows because summing them takes long: how long each stage lasted (ADR 34), the work of experts (ADR 34)."""

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


class PastWork(Base):
    """What the assignments of an expert add up to. Written by the gate at the end of an act, and by ``facts.past_work`` alone.

    Of a ``day`` of the centre: how many that were sent on it were ``taken``, how many sheets about works of ``organization_id``, where
    that is not 0, were ``signed`` on it. Of all days together (the day is the first there can be), by the ``level`` of education of
    the work: how many sheets were ``signed``, ``late`` or nobody knows (``unknown``), how many invitations ``lapsed``.
    """

    __tablename__ = "past_work"
    __table_args__ = ({"sqlite_with_rowid": False},)
    expert_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    level: Mapped[str] = mapped_column(Key, primary_key=True)
    taken: Mapped[int]
    signed: Mapped[int]
    late: Mapped[int]
    unknown: Mapped[int]
    lapsed: Mapped[int]
