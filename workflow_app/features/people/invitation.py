"""The invitation's link and letter, for the pages that invite."""

from __future__ import annotations

from sqlalchemy.orm import Session

from workflow_app.db.models import Person
from workflow_app.features.people import tokens
from workflow_app.gate import outbox


def invite(session: Session, person: Person, *, asked: bool = False) -> str:
    """Make the link of an invitation, write the letter if there is an address, and return the link's path.

    ``asked``: the person registered by themselves.
    """
    secret = tokens.make(session, person, tokens.INVITATION)
    until = tokens.last_day(session, person.municipality_id)
    outbox.compose(session, "account_invitation", person, person, secret=secret, until=until, asked=asked)
    return f"/take/{secret}"
