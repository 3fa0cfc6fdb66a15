"""The stage: people act on cases through the gate at simulated moments. No web, no short cuts: the same door as the pages."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow_app import clock, gate
from workflow_app.db import working_copies
from workflow_app.db.models import Assignment, Case, CaseFile, Person, Subject
from workflow_app.db.session import Database
from workflow_app.errors import Broken
from workflow_app.facts import choices
from workflow_app.facts.actors import actor_of, proved
from workflow_app.facts.subjects import workflow_of
from workflow_app.states.definitions.case import forms as s
from workflow_app.states.definitions.file import Attach
from workflow_app.states.forms import Sheet, fill, to_json
from workflow_app.states.vocabulary import Actor, Via
from workflow_app.wiring import wire


class Stage:
    """A municipality with people by key, and a clock that only goes forward."""

    def __init__(self, database: Database, municipality_id: int, people: Mapping[str, int], start: datetime) -> None:
        wire()
        self.database = database
        self.municipality_id = municipality_id
        self.people = dict(people)
        self.moment = start

    def wait(self, *, days: int = 0, hours: int = 0, minutes: int = 7) -> None:
        """Let time pass."""
        self.moment += timedelta(days=days, hours=hours, minutes=minutes)

    @contextmanager
    def turn(self, key: str) -> Iterator[tuple[Session, Actor]]:
        """Give one person's turn: a transaction that keeps, and the person as an actor with the password just typed."""
        self.wait()
        with clock.at(self.moment), self.database.transaction(keep=True) as session:
            person = session.get_one(Person, self.people[key])
            yield session, proved(session, actor_of(session, person, self.municipality_id, via=Via.COMMAND))

    def open(self, key: str, kind: str, title: str, *, applicant: str | None = None, channel: str = "web") -> int:
        """Open a case; with ``applicant`` the coordinator ``key``, or the officer of a school, enters it on behalf. Return its id."""
        with self.turn(key) as (session, actor):
            raw: dict[str, Any] = {"case_type": kind, "title": title}
            form: type[Sheet] = s.NewCase
            if applicant is not None:
                raw |= {"applicant_id": self.people[applicant], "channel": channel}
                form = s.NewCaseOfSchool if channel == s.BY_SCHOOL else s.NewCaseOnBehalf
            case = Case(
                municipality_id=self.municipality_id, type=kind, applicant_id=self.people[applicant or key], title=title,
                created_at=clock.now(), state_since=clock.now(), channel=channel,
                organization_id=actor.organization_id if channel == s.BY_SCHOOL else None,
            )  # fmt: skip
            sheet = fill(form, raw, choices.opening(session, actor))
            return gate.begin(session, actor, case, sheet).id

    def attach(
        self, key: str, case_id: int, kind: str, name: str, content: bytes, media_type: str = "application/pdf"
    ) -> int:
        """Attach a file; the bytes go to the blob store first, as on the page."""
        blob = self.database.blobs.put(io.BytesIO(content), 25 * 1024 * 1024)
        with self.turn(key) as (session, actor):
            row = CaseFile(
                case_id=case_id, municipality_id=self.municipality_id, attachment=kind, name=name, media_type=media_type,
                size=blob.size, sha256=blob.sha256, uploaded_at=clock.now(),
            )  # fmt: skip
            sheet = Attach(kind=kind, name=name, media_type=media_type, size=blob.size, sha256=blob.sha256)
            return gate.begin(session, actor, row, sheet).id

    def typed(self, key: str, case_id: int, name: str, raw: Mapping[str, Any], expert: str = "") -> None:
        """Keep typed text that is not sent yet, as autosave does: of the case, or of an expert's latest assignment on it."""
        with self.turn(key) as (session, _actor):
            subject: Subject = self._latest(session, case_id, expert) if expert else session.get_one(Case, case_id)
            place = (self.people[key], subject.kind, subject.id, name)
            working_copies.keep(session, place, to_json(raw))

    def act(self, key: str, case_id: int, name: str, raw: Mapping[str, Any] | None = None) -> None:
        """Do a transition of the case as the person ``key``."""
        with self.turn(key) as (session, actor):
            self._do(session, actor, session.get_one(Case, case_id), name, raw or {})

    def review(self, key: str, case_id: int, name: str, raw: Mapping[str, Any] | None = None) -> None:
        """Do a transition of the person's own latest assignment on the case."""
        self.office(key, case_id, key, name, raw)

    def office(self, key: str, case_id: int, expert: str, name: str, raw: Mapping[str, Any] | None = None) -> None:
        """Do a transition of another person's latest assignment, as the office does."""
        with self.turn(key) as (session, actor):
            self._do(session, actor, self._latest(session, case_id, expert), name, raw or {})

    def _latest(self, session: Session, case_id: int, expert: str) -> Assignment:
        found = session.scalars(
            select(Assignment)
            .where(Assignment.case_id == case_id, Assignment.expert_id == self.people[expert])
            .order_by(Assignment.id.desc())
        ).first()
        if found is None:
            raise Broken(f"{expert} has no assignment on case {case_id}")
        return found

    def _do(self, session: Session, actor: Actor, subject: Subject, name: str, raw: Mapping[str, Any]) -> None:
        case = subject if isinstance(subject, Case) else None
        if isinstance(subject, (Assignment, CaseFile)):
            case = session.get_one(Case, subject.case_id)
        known = choices.of_case(session, case) if case is not None else choices.general(session, self.municipality_id)
        transition = workflow_of(subject).transition(name)
        gate.perform(session, actor, subject, name, fill(transition.asks, raw, known), subject.version)
