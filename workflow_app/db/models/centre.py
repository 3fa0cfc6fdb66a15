"""The municipality with its centre, calendar, criteria sheets."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflow_app.db.models.base import Base, Subject


class Municipality(Subject, Base):
    """A municipality and its methodological centre. ``municipality_id`` is its own id: it belongs to itself."""

    __tablename__ = "municipality"
    kind: ClassVar[str] = "centre"
    municipality_id: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(unique=True)
    zone: Mapped[str] = mapped_column(default="Asia/Yekaterinburg")
    switches: Mapped[dict[str, Any]] = mapped_column(default=dict)
    requisites: Mapped[list[RequisitesRow]] = relationship(order_by="RequisitesRow.since", lazy="select")


class RequisitesRow(Base):
    """The centre's requisites in force from ``since``; ``data`` is the JSON of the sheet Requisites."""

    __tablename__ = "requisites"
    __table_args__ = (UniqueConstraint("municipality_id", "since"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"))
    since: Mapped[date]
    data: Mapped[dict[str, Any]]


class CalendarOverride(Base):
    """A day of the centre's calendar that differs from the production calendar."""

    __tablename__ = "calendar_day"
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    working: Mapped[bool]
    why: Mapped[str]


class TermOverride(Base):
    """A length that the centre gave a term of a case type: in force for what begins on the day ``since`` and later."""

    __tablename__ = "term"
    __table_args__ = (
        CheckConstraint("length > 0", "length"),
        CheckConstraint("unit in ('working', 'calendar')", "unit"),
    )
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"), primary_key=True)
    case_type: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[date] = mapped_column(primary_key=True)
    length: Mapped[int]
    unit: Mapped[str]


class AffinityWeight(Base):
    """How much a fact counts where experts are ranked, where the centre changed it (``matching.affinity``)."""

    __tablename__ = "affinity_weight"
    __table_args__ = (CheckConstraint("weight >= 0", "weight"),)
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"), primary_key=True)
    part: Mapped[str] = mapped_column(primary_key=True)
    weight: Mapped[int]


class CriteriaRow(Subject, Base):
    """One version of a criteria sheet; never changed once made (R27)."""

    __tablename__ = "criteria_sheet"
    __table_args__ = (
        UniqueConstraint("municipality_id", "key", "number"),
        Index(
            "uq_criteria_sheet_in_force", "municipality_id", "key", unique=True,
            sqlite_where=text("state = 'in_force'"),
            postgresql_where=text("state = 'in_force'"),
        ),
    )  # fmt: skip
    kind: ClassVar[str] = "criteria_sheet"
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"))
    key: Mapped[str]
    number: Mapped[int]
    data: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
