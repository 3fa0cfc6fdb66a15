"""Who acts: roles, ways in which an act reaches us, the actor."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What a person may be in a municipality (domain.md 2). Several at once are possible."""

    TEACHER = "teacher"
    EXPERT = "expert"
    COORDINATOR = "coordinator"
    DIRECTOR = "director"
    DEPARTMENT = "department"
    REGIONAL = "regional"
    ADMIN = "admin"
    SCHOOL_OFFICER = "school_officer"


class Via(StrEnum):
    """How an act reached us; stands in every event."""

    WEB = "web"
    LINK = "link"
    API = "api"
    COMMAND = "command"
    SYSTEM = "system"
    DEPUTY = "deputy"
    BULK = "bulk"  # one of many that a person did by one form


@dataclass(frozen=True, slots=True)
class Proof:
    """The actor typed the password again at ``at`` (UTC), under the accepted agreement of ``agreement`` version (R35)."""

    at: datetime
    agreement: str


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, in which municipality, and via what. ``person_id`` is None for the system alone."""

    person_id: int | None
    municipality_id: int
    roles: frozenset[Role] = frozenset()
    via: Via = Via.WEB
    ip: str = ""
    organization_id: int | None = None
    deputy_for: int | None = None
    proof: Proof | None = None

    def as_system(self) -> Actor:
        """Act on for the automatic transitions that follow an act."""
        return replace(self, person_id=None, roles=frozenset(), via=Via.SYSTEM, deputy_for=None, proof=None)

    @property
    def is_system(self) -> bool:
        """Whether nobody in person stands behind the act."""
        return self.via is Via.SYSTEM


STRANGER = Actor(person_id=None, municipality_id=0)
"""Whoever has not logged in: of no municipality, in no role, by no name."""


def system(municipality_id: int) -> Actor:
    """Return the actor of timers and automatic transitions in a municipality."""
    return Actor(person_id=None, municipality_id=municipality_id, via=Via.SYSTEM)
