"""What guards a log-in beside the password: counted tries, the second factor, its recovery codes; secret addresses of calendars."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from workflow_app.db.models.base import Base


class Tries(Base):
    """Tries of one kind by one key (``db/attempts.py``); ``key`` is a digest: what was typed as a login is not kept."""

    __tablename__ = "tries"
    key: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(default=0)
    blocked_until: Mapped[datetime | None]
    forget_at: Mapped[datetime] = mapped_column(index=True)


class SecondFactor(Base):
    """A person's TOTP secret, encrypted with the instance's key; ``last_step`` is the step of the last code that was used."""

    __tablename__ = "second_factor"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    secret: Mapped[str]
    since: Mapped[datetime]
    last_step: Mapped[int] = mapped_column(default=0)


class RecoveryCode(Base):
    """A code that stands in for the telephone once; only its digest is kept."""

    __tablename__ = "recovery_code"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    digest: Mapped[str] = mapped_column(unique=True)
    used_at: Mapped[datetime | None]


class CalendarFeed(Base):
    """The secret address of a person's terms in a municipality, for the calendar on the telephone; only its digest is kept."""

    __tablename__ = "calendar_feed"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]
