"""What strangers see: a record whose column says so, as long as nobody's consent to it is missing; as a fact and as SQL alike."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, select
from sqlalchemy.orm import Session

from workflow_app.content_types.behaviors import Published
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db.models import Consent, Record

DISTRIBUTION = (
    "distribution"  # the consent without which nothing of a person is shown to strangers (152-ФЗ, article 10.1)
)


def consented(person_id: Any) -> ColumnElement[bool]:
    """Return the condition that a person, by number or by column, lets strangers see what the consent names."""
    return exists().where(
        Consent.person_id == person_id, Consent.consent_kind == DISTRIBUTION, Consent.state == "given"
    )


def who_consents(session: Session, people: set[int]) -> frozenset[int]:
    """Return who of these people lets strangers see what the consent names."""
    found = select(Consent.person_id).where(
        Consent.person_id.in_(people), Consent.consent_kind == DISTRIBUTION, Consent.state == "given"
    )
    return frozenset(session.scalars(found)) if people else frozenset()


def consents(session: Session, record: Record) -> bool:
    """Whether the person whom a record is about lets strangers see it; a record about nobody has no such person."""
    declared: Published | None = record.content.behavior(Published)
    whose = declared.whose if declared else ""
    return not whose or bool(who_consents(session, {getattr(record, whose)}))


def stands_open(of: type[Any]) -> ColumnElement[bool]:
    """Return the condition on the rows of a kind under which the policy lets the public see them."""
    kind = CONTENT_TYPES.get(of.kind)
    declared: Published | None = kind.behavior(Published) if kind else None
    if declared is None:
        return false()
    return and_(of.published, consented(getattr(of, declared.whose))) if declared.whose else of.published


def without_consent(of: type[Record]) -> ColumnElement[bool]:
    """Return the condition that a record is published, and the consent of whom it is about is gone: the timer takes it back."""
    return and_(of.published, ~stands_open(of))
