"""The scope of one request: its session, the person and the actor. Entered by ``page`` alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import current_app, g, request
from sqlalchemy import event
from sqlalchemy.orm import Session

from workflow_app.config import Config
from workflow_app.db.blobs import Blobs
from workflow_app.db.models import Login, Municipality, Person
from workflow_app.db.session import Database
from workflow_app.errors import Broken
from workflow_app.states.vocabulary import Actor


@dataclass(frozen=True, slots=True)
class Trace:
    """What the access log says of a request; ``login_id`` only when the session's last-seen moment is to be written."""

    person_id: int | None = None
    municipality_id: int | None = None
    login_id: int | None = None


@dataclass(slots=True)
class Scope:
    """What a view works with. ``actor`` is None for a visitor who has not logged in."""

    session: Session
    person: Person | None = None
    login: Login | None = None
    actor: Actor | None = None
    municipality: Municipality | None = None  # where the person acts
    centre: str = ""  # its short name, for the frame
    notes: list[dict[str, object]] = field(default_factory=list)  # entries of the access log, written after the end
    trace: Trace = Trace()
    waiting: int | None = None  # how much waits for the person, for the bell, where the page has counted it
    must_be_noted: bool = False  # an answer that leaves only with its entry in the access log
    after: list[Callable[[], object]] = field(default_factory=list)  # run after the commit, never after a rollback
    keeps: bool = False  # what the session writes is kept, and other writers wait until then

    @property
    def me(self) -> Actor:
        """The actor of a page that only logged-in people reach."""
        if self.actor is None:
            raise Broken("a page for logged-in people was entered without a person")
        return self.actor

    @property
    def who(self) -> Person:
        """The person of such a page."""
        if self.person is None:
            raise Broken("a page for logged-in people was entered without a person")
        return self.person

    def let_go(self) -> None:
        """Keep what was written and let other writers go on: from here the request only reads, to show its answer.

        What was refused has been taken back by then; what was typed is kept with it. Writing after this is Broken.
        """
        if self.keeps and not self.session.in_nested_transaction():
            self.keeps = False
            self.session.commit()
            event.listen(self.session, "before_flush", _too_late)

    def note(self, what: str, kind: str = "", id: int | None = None, detail: str = "") -> None:
        """Put an entry into the access log; it is written in its own short transaction (decisions.md 2).

        When it cannot be written the page is answered nevertheless; :meth:`note_reading` is for what is then refused.
        """
        self.notes.append({"what": what, "subject_kind": kind, "subject_id": id, "detail": detail[:500]})

    def note_reading(self, what: str, kind: str = "", id: int | None = None, detail: str = "") -> None:
        """Put the reading of personal files or data into the access log: what cannot be logged is not given out."""
        self.must_be_noted = True
        self.note(what, kind, id, detail)


def _too_late(session: Session, _context: object, _instances: object) -> None:
    if session.new or session.deleted or any(session.is_modified(one) for one in session.dirty):
        raise Broken("a page writes after its answer was begun")


def kept() -> dict[str, Any]:
    """Return what this request keeps, which is ``g``: every look through its proxy takes three calls more. RuntimeError outside one."""
    found: dict[str, Any] = vars(g._get_current_object())  # noqa: SLF001 - the library's own way to the object
    return found


def here() -> Scope:
    """Return the scope of the present request."""
    found = kept().get("scope")
    if not isinstance(found, Scope):
        raise Broken("no page was entered")
    return found


def is_script() -> bool:
    """Whether a script asks, which reads JSON and not a page."""
    return (
        request.accept_mimetypes.best == "application/json"
        or request.headers.get("X-Requested-With") == "XMLHttpRequest"
    )


def database() -> Database:
    """Return the application's database."""
    found = current_app.extensions["workflow_database"]
    if not isinstance(found, Database):
        raise Broken("the application has no database")
    return found


def blobs() -> Blobs:
    """Return the application's blob store."""
    return database().blobs


def settings() -> Config:
    """Return the instance's settings."""
    found = current_app.extensions["workflow_config"]
    if not isinstance(found, Config):
        raise Broken("the application has no settings")
    return found
