"""The audit trail: what writes events, of one subject or of many cases alike. Called by ``gate`` alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from workflow_app import clock
from workflow_app.db import counters, hash_chain, stated_facts
from workflow_app.db.models import Case, Document, Event, EventPayload, Municipality, Subject
from workflow_app.facts.locking import tip_of, tips_of
from workflow_app.facts.subjects import root_of
from workflow_app.states.forms import Sheet, to_json
from workflow_app.states.vocabulary import Actor

BEGIN, ADOPT = hash_chain.BEGIN, hash_chain.ADOPT
_WRITTEN = (*hash_chain.COVERED, "digest")
_EVENT, _PAYLOAD = insert(Event).returning(Event.id), insert(EventPayload)  # never changed, so no unit of work
_EVENTS = insert(Event).returning(Event.id, Event.digest)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def append(  # noqa: PLR0913 - the parts of an event
    session: Session,
    actor: Actor,
    subject: Subject,
    transition: str,
    before: str | None,
    sheet: Sheet,
    issued: list[Document],
    *,
    signature: str = "",
    caused_by: Event | None = None,
) -> Event:
    """Write one event at the end of the root's chain and return it, as a value that belongs to no session.

    The root row is locked by the caller, so the sequence has no gaps and no forks.
    """
    root = root_of(session, subject)
    tip = tip_of(session, root)
    event, row, payload = _made(
        session, actor, root, subject, transition=transition, before=before, sheet=sheet, tip=tip, issued=issued,
        signature=signature, caused_by=caused_by,
    )  # fmt: skip
    connection = session.connection()  # no flush: what the act changed in the rows is written once, at its end
    event.id = connection.execute(_EVENT, row).scalar_one()
    connection.execute(_PAYLOAD, {"event_id": event.id, **payload})
    return event


def append_all(
    session: Session, actor: Actor, cases: Sequence[Case], transition: str, sheet: Sheet, *, caused_by: Event
) -> None:
    """Write an event at the end of the chain of each of these cases, which stay as they are: in three statements, however many.

    They are locked by the caller, with what events state of them (``db.stated_facts``).
    """
    if not cases:
        return
    tips = tips_of(session, Case.kind, [one.id for one in cases])
    made = [
        _made(
            session,
            actor,
            one,
            one,
            transition=transition,
            before=one.state,
            sheet=sheet,
            tip=tips[one.id],
            caused_by=caused_by,
        )
        for one in cases
    ]
    connection = session.connection()
    rows = connection.execute(_EVENTS, [row for _event, row, _payload in made])
    ids = {digest: id_ for id_, digest in rows}
    connection.execute(_PAYLOAD, [{"event_id": ids[event.digest], **payload} for event, _row, payload in made])


def _made(  # noqa: PLR0913 - the parts of an event
    session: Session,
    actor: Actor,
    root: Subject,
    subject: Subject,
    *,
    transition: str,
    before: str | None,
    sheet: Sheet,
    tip: tuple[str, int] | None,
    issued: Sequence[Document] = (),
    signature: str = "",
    caused_by: Event | None = None,
) -> tuple[Event, dict[str, Any], dict[str, Any]]:
    """Return an event behind the ``tip`` of its root's chain, its row, and the row of its payload without the event's number."""
    before_this, last = tip or (hash_chain.GENESIS, 0)
    payload, salted = to_json(sheet), hash_chain.salt()
    event = Event(
        root_kind=root.kind, root_id=root.id, seq=last + 1,
        subject_kind=subject.kind, subject_id=subject.id, municipality_id=subject.municipality_id,
        transition=transition, before=before, after=subject.state, subject_version=subject.version,
        actor_id=actor.person_id, deputy_for=actor.deputy_for, via=actor.via.value, ip=_CONTROL.sub("", actor.ip)[:64],
        at=clock.now(), sheet=type(sheet).__name__, payload_sha256=hash_chain.payload_hash(salted, payload),
        issued=[stated_facts.of_issue(session, one) for one in issued], signature=signature,
        caused_by=caused_by.id if caused_by else None, previous=before_this,
        facts=(stated_facts.stated_with_parts if transition == ADOPT else stated_facts.stated)(session, subject, salted),
    )  # fmt: skip
    if (not last or transition == ADOPT) and not isinstance(root, Municipality):
        event.root_no, event.root_previous = _link(session, root.municipality_id)
    event.digest = hash_chain.digest_of(event)
    row = {name: getattr(event, name) for name in _WRITTEN}
    return event, row, {"salt": salted, "data": payload}


def _link(session: Session, municipality_id: int) -> tuple[int, str]:
    """Return the number of a new root and the digest that it continues: a root that vanishes whole leaves a gap."""
    number = counters.take(session, municipality_id, hash_chain.ROOTS, 0)
    before = select(Event.digest).where(Event.municipality_id == municipality_id, Event.root_no == number - 1)
    return number, session.scalar(before) or hash_chain.GENESIS
