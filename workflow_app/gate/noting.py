"""What an act states of many other cases at once: an event of each, while the cases stay as they are.

An act that is entailed (``gate.entail``) reads and writes a case whole. Here nothing of it changes, so all of them are locked, their
chains looked at and their events written by the same few statements, however many they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from sqlalchemy.orm import Session

from workflow_app.db.models import Case, Event
from workflow_app.errors import Broken
from workflow_app.facts import locking
from workflow_app.facts.subjects import workflow_of
from workflow_app.states.forms import Sheet
from workflow_app.states.vocabulary import Who

NOTED: Final = "noted"  # of the session's notes


def note(session: Session, cases: Iterable[Case], transition: str, tell: Callable[[Event], Sheet]) -> None:
    """Let an effect state ``transition`` of these cases; ``tell`` fills its sheet from the event of the present act.

    A case in a state in which the transition is not declared gets no event.
    """
    session.info.setdefault(NOTED, []).append(([one.id for one in cases], transition, tell))


def taken(session: Session, event: Event) -> Iterator[tuple[Sequence[Case], str, Sheet]]:
    """Yield what the effect of an act has noted, for the gate to write: the locked cases, the transition, its filled sheet."""
    for ids, name, tell in session.info.pop(NOTED, ()):
        acts = [(one, workflow_of(one).transition(name)) for one in locking.lock_cases(session, ids)]
        if any(act.targets or act.guard.by != {Who.SYSTEM} for _, act in acts):
            raise Broken(f"{name} moves a case, or is an act of people")
        yield [one for one, act in acts if one.state in act.sources], name, tell(event)
