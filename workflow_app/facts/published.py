"""What strangers see: a record whose column says so, as long as nobody's consent to it is missing; as a fact and as SQL alike."""

from __future__ import annotations

from collections.abc import Sequence
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


def consenting(session: Session, records: Sequence[Record]) -> frozenset[int]:
    """Return of which records of one kind the person whom it is about lets strangers see it, by id; a record about nobody is one."""
    declared: Published | None = records[0].content.behavior(Published)
    whose = declared.whose if declared else ""
    if not whose:
        return frozenset(one.id for one in records)
    people = who_consents(session, {getattr(one, whose) for one in records})
    return frozenset(one.id for one in records if getattr(one, whose) in people)


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
