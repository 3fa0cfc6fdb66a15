"""What the tests of the gate ask about a case, in one line each."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import docx
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from tests.play import CASES, PDF, cast_of
from workflow_app import clock, gate
from workflow_app.db import hash_chain
from workflow_app.db.models import Assignment, Case, Document, Event, EventPayload, Person, Subject
from workflow_app.demo.sample_form import form_of
from workflow_app.demo.steps import Road
from workflow_app.facts import choices
from workflow_app.facts.actors import actor_of
from workflow_app.facts.subjects import facts_of, workflow_of
from workflow_app.operations import integrity
from workflow_app.states import policy
from workflow_app.states.forms import Sheet, fill
from workflow_app.states.vocabulary import Actor, Facts, Permission, system

LATE = {"days": 40}
REASON = "Причина названа полностью и понятно"


@contextmanager
def looking(road: Road) -> Iterator[tuple[Session, Case]]:
    """The case in a transaction that keeps nothing, at the stage's moment."""
    with clock.at(road.stage.moment), road.stage.database.transaction(keep=False) as session:
        yield session, session.get_one(Case, road.case_id)


def value(road: Road, name: str) -> Any:
    """A column of the case."""
    with looking(road) as (_, case):
        return getattr(case, name)


def facts(road: Road) -> Facts:
    with looking(road) as (session, case):
        return facts_of(case, session)


def actor(session: Session, road: Road, key: str) -> Actor:
    return actor_of(session, session.get_one(Person, road.stage.people[key]), road.stage.municipality_id)


def may(road: Road, key: str, permission: Permission) -> bool:
    """Whether a person has a permission on the case now."""
    with looking(road) as (session, case):
        return policy.may(workflow_of(case), actor(session, road, key), facts_of(case, session), permission)


def offered(road: Road, key: str) -> set[str]:
    """Names of the transitions that a person could do now."""
    with looking(road) as (session, case):
        found = policy.offers(workflow_of(case), actor(session, road, key), facts_of(case, session))
        return {name for name, offer in found.items() if offer.open}


def events(road: Road) -> list[SimpleNamespace]:
    """The case's chain, as plain records; ``data`` is the sheet."""
    with looking(road) as (session, case):
        names = [one.name for one in Event.__table__.columns]
        return [
            SimpleNamespace(data=payload.data if payload else None, **{name: getattr(row, name) for name in names})
            for row, payload in session.execute(_chain_of(case))
        ]


def _chain_of(case: Case) -> Select[tuple[Event, EventPayload | None]]:
    found = select(Event, EventPayload).outerjoin(EventPayload, EventPayload.event_id == Event.id)
    return found.where(Event.root_kind == "case", Event.root_id == case.id).order_by(Event.seq)


def last(road: Road, name: str) -> SimpleNamespace:
    """The last event of a transition."""
    return next(one for one in reversed(events(road)) if one.transition == name)


def documents(road: Road, kind: str | None = None) -> list[SimpleNamespace]:
    """The case's documents in the order of issue."""
    with looking(road) as (session, case):
        rows = session.scalars(select(Document).where(Document.case_id == case.id).order_by(Document.id)).all()
        names = [one.name for one in Document.__table__.columns]
        found = [SimpleNamespace(**{name: getattr(row, name) for name in names}) for row in rows]
        return [one for one in found if kind in (None, one.document_kind)]


def assignments(road: Road) -> list[tuple[str, int, str]]:
    """(expert, round, state) of every assignment, in order."""
    keys = {id_: key for key, id_ in road.stage.people.items()}
    with looking(road) as (_, case):
        return [(keys[one.expert_id], one.round, one.state) for one in case.assignments]


def assignment_id(road: Road, expert: str) -> int:
    """The expert's latest assignment on the case."""
    with looking(road) as (_, case):
        return max(one.id for one in case.assignments if one.expert_id == road.stage.people[expert])


def tick(road: Road, **wait: int) -> list[str]:
    """Let time pass and the timers of the case and its parts fire; return the names of what fired."""
    road.stage.wait(**wait)
    fired = []
    with clock.at(road.stage.moment), road.stage.database.transaction(keep=True) as session:
        case = session.get_one(Case, road.case_id)
        by = system(case.municipality_id)
        subjects: list[Subject] = [case, *case.assignments]
        for subject in subjects:
            for one in policy.due_timers(workflow_of(subject), by, facts_of(subject, session)):
                gate.perform(session, by, subject, one.name, one.asks(), None)
                fired.append(one.name)
    return fired


def by_system(road: Road, kind: type[Subject], id_: int, name: str, sheet: Sheet) -> None:
    """Let the system do a transition of any subject."""
    with clock.at(road.stage.moment), road.stage.database.transaction(keep=True) as session:
        gate.perform(session, system(road.stage.municipality_id), session.get_one(kind, id_), name, sheet, None)


def filled(road: Road, kind: type[Sheet], raw: dict[str, Any]) -> Sheet:
    """A sheet with the lists of the case."""
    with looking(road) as (session, case):
        return fill(kind, raw, choices.of_case(session, case))


def form(road: Road) -> dict[str, Any]:
    """What the applicant types into the case form."""
    return form_of(CASES[road.kind], cast_of(road.stage))


def scan(road: Road) -> dict[str, Any]:
    """A paper signature with its scan, which stands in the blob store."""
    blob = road.stage.database.blobs.put(io.BytesIO(PDF), 1 << 20)
    return {"how": "paper", "scan": blob.sha256, "scan_name": "скан.pdf"}


def people(road: Road, *keys: str) -> list[int]:
    return [road.stage.people[one] for one in keys]


def findings(road: Road) -> list[str]:
    """What the proof on live data finds wrong; nothing, when all is well."""
    with looking(road) as (session, _):
        return [str(one) for one in integrity.findings(session, road.stage.database.blobs)]


def sound(road: Road) -> bool:
    """Whether the case's chain holds and every state is the last event's: the part of ``findings`` that one case needs."""
    with looking(road) as (session, case):
        seq, digest, told = 0, hash_chain.GENESIS, {}
        for event, payload in session.execute(_chain_of(case)).all():
            assert integrity.link_fault(event, payload, seq + 1, digest, ()) is None
            seq, digest = event.seq, event.digest
            told[event.subject_kind, event.subject_id] = (event.after, event.subject_version)
        papers = session.scalars(select(Document).where(Document.case_id == case.id))
        parts: list[Subject] = [case, *case.assignments, *case.files, *papers]
        fresh = {
            ("document", one.id): ("issued", 1) for one in parts if isinstance(one, Document)
        }  # begun by the act itself
        return {(one.kind, one.id): (one.state, one.version) for one in parts} == fresh | told


def signed_ids(road: Road) -> dict[str, int]:
    """Ids of the counted sheets by expert."""
    keys = {id_: key for key, id_ in road.stage.people.items()}
    with looking(road) as (session, case):
        rows = session.scalars(select(Assignment).where(Assignment.case_id == case.id, Assignment.round == case.round))
        return {keys[one.expert_id]: one.id for one in rows if one.state in ("signed", "consolidated")}


def words(road: Road, sha256: str) -> str:
    """Everything that stands in an issued document, with plain spaces."""
    paper = docx.Document(io.BytesIO(road.stage.database.blobs.read(sha256)))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([one.text for one in paper.paragraphs] + cells).replace("\u00a0", " ")
