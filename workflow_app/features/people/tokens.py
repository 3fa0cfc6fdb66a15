"""Links that work once: an invitation to an account, a reset of the password. The secret is in the letter, its digest here.

256 random bits; only the newest of a purpose works; a used, older or late one looks like one that never was.
"""

from __future__ import annotations

import secrets
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from workflow_app import clock
from workflow_app.db.models import Person, Token
from workflow_app.facts import deadlines
from workflow_app.facts.own_terms import digest

INVITATION, RESET = "invitation", "reset"
LIVES = {INVITATION: timedelta(days=14), RESET: timedelta(minutes=60)}
_BYTES = 32


def make(session: Session, person: Person, purpose: str) -> str:
    """Return the secret of a new link; every earlier one of the purpose stops working."""
    end_all(session, person, purpose)
    secret = secrets.token_urlsafe(_BYTES)
    ends = clock.now() + LIVES[purpose]
    if purpose == INVITATION:
        zone = ZoneInfo(deadlines.zone_of(session, person.municipality_id))
        ends = datetime.combine(last_day(session, person.municipality_id) + timedelta(days=1), time(), zone)
    session.add(Token(digest=digest(secret), purpose=purpose, person_id=person.id, expires_at=ends))
    session.flush()
    return secret


def last_day(session: Session, municipality_id: int) -> date:
    """Return the day until whose end an invitation of today works, as its letter and its sheet say."""
    return deadlines.today(session, municipality_id) + LIVES[INVITATION]


def find(session: Session, secret: str, purpose: str) -> tuple[Token, Person] | None:
    """Return the link's row and its person while it works."""
    row = session.scalar(select(Token).where(Token.digest == digest(secret), Token.purpose == purpose))
    if row is None or row.used_at is not None or clock.now() > row.expires_at:
        return None
    person = session.get_one(Person, row.person_id)
    return (row, person) if person.state == ("invited" if purpose == INVITATION else "active") else None


def end_all(session: Session, person: Person, purpose: str) -> None:
    """Stop every open link of a purpose."""
    session.execute(
        update(Token)
        .where(Token.person_id == person.id, Token.purpose == purpose, Token.used_at.is_(None))
        .values(used_at=clock.now())
    )
