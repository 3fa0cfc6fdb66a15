"""Bringing an instance of an older version to this one: proofs, standings, search once, where a migration asks for them, and data.

Older events state nothing of the rows they left and number no roots. Here each root gets one event more, «adopt», that states
what stands on this day in the root and its parts, and its number. What was changed before that day is proved by what the older
events hold themselves: the documents they issued, the states, their own chain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Final

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from workflow_app import gate
from workflow_app.case_types.registry import seed_sheets
from workflow_app.db import hash_chain
from workflow_app.db.models import Counter, CriteriaRow, Event, Municipality, Subject
from workflow_app.db.seeding import criteria_rows
from workflow_app.db.session import Database
from workflow_app.facts import past_work, search_rows, standing_rows, stays, timeliness
from workflow_app.facts.subjects import KINDS, PARTS
from workflow_app.states.forms import Nothing
from workflow_app.states.vocabulary import system
from workflow_app.wiring import wire

_RECKONED: Final = {
    "standings": standing_rows.rebuild,
    "search": search_rows.rebuild,
    "stays": stays.rebuild,
    "signed_late": timeliness.fill,
    "past_work": past_work.rebuild,  # after it: it sums what was late
}  # by the counter that asks for it
_LOT = 100  # roots in one transaction: people work meanwhile
_WAITING = (Counter.register == hash_chain.ADOPT, Counter.year == 0, Counter.last == 0)


def reckon_all(database: Database) -> int:
    """Reckon what is kept beside the rows of before, as far as a migration asks; return how many rows.

    Safe at any time, and twice at once.
    """
    return sum(_reckon(database, name, rebuild) for name, rebuild in _RECKONED.items())


def _reckon(database: Database, name: str, rebuild: Callable[[Database], int]) -> int:
    asks = (Counter.register == name, Counter.year == 0, Counter.last == 0)
    with database.transaction(keep=False) as session:
        if session.scalar(select(Counter.municipality_id).where(*asks).limit(1)) is None:
            return 0
    written = rebuild(database)
    with database.transaction(keep=True) as session:
        session.execute(update(Counter).where(*asks).values(last=1))
    return written


def adopt_all(database: Database) -> int:
    """Adopt what the last migration asks for; return how many roots that were. Safe at any time, and twice at once."""
    adopted = 0
    with database.transaction(keep=False) as session:
        asked = session.scalars(
            select(Counter.municipality_id).where(*_WAITING).order_by(Counter.municipality_id)
        ).all()
    for municipality_id in asked:
        while done := _adopt_lot(database, municipality_id):
            adopted += done
    return adopted


def seed_all(database: Database) -> int:
    """Give each municipality the criteria sheets of case types that it never had; return how many sheets that were.

    A sheet of which any version is there is left alone, also where the centre has put it out of force. Safe at any time.
    """
    wire()
    seeded = 0
    with database.transaction(keep=False) as session:
        places = session.scalars(select(Municipality.id).order_by(Municipality.id)).all()
        known = session.execute(select(CriteriaRow.municipality_id, CriteriaRow.key).distinct()).all()
    missing = {(one, key) for one in places for key in seed_sheets()} - {(one, key) for one, key in known}
    for municipality_id in sorted({one for one, _ in missing}):
        with database.transaction(keep=True) as session:
            session.get_one(Municipality, municipality_id, with_for_update=True)  # one at a time
            for row in criteria_rows(session, municipality_id):
                gate.begin(session, system(municipality_id), row, Nothing())
                gate.perform(session, system(municipality_id), row, "enter_force", Nothing(), None)
                seeded += 1
    return seeded


def _adopt_lot(database: Database, municipality_id: int) -> int:
    """Adopt some roots; when nothing is left, the counter says so in the same transaction."""
    with database.transaction(keep=True) as session:
        asked = select(Counter).where(*_WAITING, Counter.municipality_id == municipality_id)
        counter = session.scalar(asked.with_for_update())
        if counter is None:
            return 0
        roots = list(islice(_left(session, municipality_id), _LOT))
        for root in roots:
            gate.attest(session, root, hash_chain.ADOPT)
        if len(roots) < _LOT:
            counter.last = 1
        return len(roots)


def _left(session: Session, municipality_id: int) -> Iterator[Subject]:
    """Yield the roots of which events tell and none of which has a number yet; the centre, which has none, by its adoption."""
    for kind, model in KINDS.items():
        if issubclass(model, PARTS):
            continue
        mine = (Event.root_kind == kind, Event.root_id == model.id)
        proved = Event.transition == hash_chain.ADOPT if model is Municipality else Event.root_no.is_not(None)
        found = select(model).where(model.municipality_id == municipality_id, exists().where(*mine))
        yield from session.scalars(found.where(~exists().where(*mine, proved)).order_by(model.id)).unique().all()
