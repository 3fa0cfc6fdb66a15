"""People, what they may be where, their accounts, consents and the register of experts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, ClassVar, Final

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflow_app.db.models.base import Base, Subject, kept_key
from workflow_app.db.models.content import Organization
from workflow_app.spelling import order_key

FORMS: Final = ("g", "d", "a", "i")
"""The cases of a name that stand in documents."""


def forms_wait(forms: Mapping[str, str] | str) -> str:
    """Return «1» while some form of a name waits for confirmation: the list of such people walks an index."""
    return "" if isinstance(forms, Mapping) and all(forms.get(case) for case in FORMS) else "1"


class Person(Subject, Base):
    """A person, with or without an account. ``forms`` holds confirmed cases of the name (g, d, a, i)."""

    __tablename__ = "person"
    __table_args__ = (
        UniqueConstraint("login"),
        Index("ix_person_name", "last_name", "first_name"),
        Index("ix_person_order", "municipality_id", "name_order", "id", "state"),
        Index("ix_person_state", "municipality_id", "state", "name_order", "id"),
        Index("ix_person_forms", "municipality_id", "forms_wait", "name_order", "id"),
    )
    kind: ClassVar[str] = "person"
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"), index=True)
    last_name: Mapped[str]
    first_name: Mapped[str]
    middle_name: Mapped[str] = mapped_column(default="")
    name_order: Mapped[str] = kept_key(order_key, "last_name", "first_name", "middle_name")
    gender: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"), index=True)
    position: Mapped[str] = mapped_column(default="")
    forms: Mapped[dict[str, Any]] = mapped_column(default=dict)
    forms_wait: Mapped[str] = kept_key(forms_wait, "forms")
    login: Mapped[str | None]  # kept in lower case: «Ivanova» and «ivanova» are one login
    password_hash: Mapped[str | None]
    letters: Mapped[str] = mapped_column(
        default="", server_default=""
    )  # how reminders come: "" as a digest, or "at_once"
    organization: Mapped[Organization | None] = relationship(Organization, lazy="joined")
    memberships: Mapped[list[Membership]] = relationship(lazy="selectin")
    expert: Mapped[ExpertCard | None] = relationship(lazy="select")

    @property
    def full_name(self) -> str:
        """«Соколова Ольга Викторовна»."""
        return " ".join(part for part in (self.last_name, self.first_name, self.middle_name) if part)

    @property
    def short_name(self) -> str:
        """«Соколова О. В.» with no-break spaces."""
        initials = [f"{part[0]}." for part in (self.first_name, self.middle_name) if part]
        return "\u00a0".join([self.last_name, *initials])


class Membership(Base):
    """A role of a person in a municipality."""

    __tablename__ = "membership"
    __table_args__ = (Index("ix_membership_role", "municipality_id", "role", "person_id"),)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)


class Deputy(Base):
    """Who acts as the director of a municipality from ``since`` to ``until`` inclusive, by what order (R30)."""

    __tablename__ = "deputy"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"))
    order: Mapped[str] = mapped_column("order_no")
    since: Mapped[date]
    until: Mapped[date]


class Absence(Subject, Base):
    """The days on which an expert or a coordinator is away, ``since`` to ``until`` inclusive; ``deputy_id``: who took over the cases."""

    __tablename__ = "absence"
    __table_args__ = (
        Index("ix_absence_days", "municipality_id", "until"),
        Index("ix_absence_person", "person_id", "until"),
    )
    kind: ClassVar[str] = "absence"
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    deputy_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    since: Mapped[date]
    until: Mapped[date]
    cause: Mapped[str]
    asked_at: Mapped[datetime]
    person: Mapped[Person] = relationship(foreign_keys=[person_id], lazy="select")
    deputy: Mapped[Person | None] = relationship(foreign_keys=[deputy_id], lazy="select")


class ExpertCard(Base):
    """A person's entry in the register of experts (the full registry comes later)."""

    __tablename__ = "expert_card"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    directions: Mapped[list[Any]] = mapped_column(default=list)
    category: Mapped[str] = mapped_column(default="")
    education: Mapped[str] = mapped_column(default="")
    training: Mapped[str] = mapped_column(default="")
    profile: Mapped[str] = mapped_column(default="")
    load_limit: Mapped[int] = mapped_column(default=5)


class Consent(Subject, Base):
    """A consent or agreement: its own document with the version of its text, date and address (R37)."""

    __tablename__ = "consent"
    kind: ClassVar[str] = "consent"
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    consent_kind: Mapped[str]
    text_version: Mapped[str]
    given_at: Mapped[datetime]
    ip: Mapped[str] = mapped_column(default="")


class Token(Base):
    """A link that works once: an invitation or a reset. Only the digest of the secret is kept."""

    __tablename__ = "token"
    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(unique=True)
    purpose: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Login(Base):
    """A session on the server: the cookie holds a secret, the row its digest. Ending the row ends the session."""

    __tablename__ = "login"
    __table_args__ = (UniqueConstraint("digest"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ip: Mapped[str] = mapped_column(default="")
    agent: Mapped[str] = mapped_column(default="")
