"""The latest acts on a record and its parts, in words: what its card tells of its history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db.models import CaseFile, Event, Person, Subject
from workflow_app.errors import N_, Sentence
from workflow_app.facts.subjects import KINDS, PLAIN

_BEGUN = N_("Запись создана")
_FILE_BEGUN = N_("Приложен")


@dataclass(frozen=True, slots=True)
class Change:
    """An act: what, when, who (None: the system or the operator's command); ``part`` names the part it was on."""

    title: Sentence
    at: datetime
    who: Person | None
    via: str
    part: Sentence | None = None


def changes(session: Session, root: Subject, most: int = 20) -> list[Change]:
    """Return the latest events of the chain of ``root``, which is no case, newest first: one statement."""
    found = (
        select(Event, Person).outerjoin(Person, Person.id == Event.actor_id)
        .where(Event.root_kind == root.kind, Event.root_id == root.id).order_by(Event.seq.desc()).limit(most)
    )  # fmt: skip
    told: list[Change] = []
    for event, person in session.execute(found).unique():
        flow = PLAIN[KINDS[event.subject_kind]]
        earlier = CONTENT_TYPES[event.subject_kind].earlier if event.subject_kind in CONTENT_TYPES else {}
        known = flow.transitions.get(earlier.get(event.transition, event.transition))
        begun = _FILE_BEGUN if event.subject_kind == CaseFile.kind else _BEGUN
        words = begun if event.transition == "begin" else known.told if known else None
        if words is not None:
            part = flow.title if event.subject_kind != root.kind else None
            told.append(Change(words, event.at, person, event.via, part))
    return told
