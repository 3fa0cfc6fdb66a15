"""The only door: ``begin``, ``read``, ``perform``.

``perform``: lock the root -> permit on the facts before -> the sheet is the one asked for -> nothing is foreseen against it ->
effect -> facts after -> move -> numbers, issue and sign -> bump the versions -> append the event -> what the act entails, and
automatic transitions, each with its own event -> standings, waits, what is searched. The caller holds the transaction: an error
anywhere leaves nothing behind.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from functools import singledispatch
from typing import Any, TypeVar

from sqlalchemy import delete, func, or_, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from workflow_app.content_types.registry import parts_of
from workflow_app.db import faults
from workflow_app.db.models import (
    RECORDS,
    Assignment,
    Case,
    CaseFile,
    Consent,
    CriteriaRow,
    Document,
    Event,
    Person,
    Record,
    Subject,
    WorkingCopy,
)
from workflow_app.documents.kinds.registry import permission_of
from workflow_app.errors import N_, Broken, Conflict, NotFound, Overtaken
from workflow_app.facts import deadlines, involvement, past_work, search_rows, standing_rows, stays
from workflow_app.facts.locking import has_copies, lock, lock_root
from workflow_app.facts.subjects import facts_of, facts_within, root_of, workflow_of
from workflow_app.gate import audit, foreseen, issuing, noting, outbox, record_letters
from workflow_app.gate.noting import NOTED
from workflow_app.states import engine, policy, signing
from workflow_app.states.actors import STRANGER
from workflow_app.states.forms import Moves, Nothing, Sheet
from workflow_app.states.vocabulary import Actor, Facts, Permission, Transition, Who, Workflow, system

S = TypeVar("S", bound=Subject)
NO_SUCH = N_("Такой записи нет, или она вам недоступна.")
_LARGEST = 2**31 - 1  # what an id can be
_LIMIT = 50  # automatic moves of one subject after one act; more is a cycle that start-up checks should have found
# what an act leaves in the session's notes for its end
_NOTES = ("entailed", "begun", "unsettled", "followed", NOTED, search_rows.TOUCHED, past_work.TOUCHED)
_LEFT = ("refused", "expired", "recused", "removed", "called_off")  # an expert has no part in the case any more


@singledispatch
def effect(sheet: Sheet, session: Session, actor: Actor, subject: Any) -> None:
    """Change rows as the filled ``sheet`` says: one function a sheet class, in the features. One that only ``Moves`` needs none."""
    raise Broken(f"no effect is registered for {type(sheet).__name__}")


@effect.register
def _moves(sheet: Moves, session: Session, actor: Actor, subject: Any) -> None:
    """Do nothing, on purpose: the transition only moves."""


@dataclass(frozen=True, slots=True)
class Entailed:
    """An act that follows from another: performed by ``actor`` right after the other's event, with ``caused_by``."""

    actor: Actor
    subject: Subject
    transition: str | None  # None: begin the subject
    sheet: Sheet


def entail(session: Session, actor: Actor, subject: Subject, transition: str | None, sheet: Sheet) -> None:
    """Let an effect ask for an act on another subject; the gate performs it after the event of the present one."""
    session.info.setdefault("entailed", []).append(Entailed(actor, subject, transition, sheet))


def unsettle(session: Session, roots: Iterable[Subject]) -> None:
    """Let an effect say that what waits on other roots may have changed: the gate reckons it anew at the end of the act."""
    session.info.setdefault("unsettled", []).extend(roots)


@contextmanager
def _whole(session: Session) -> Iterator[None]:
    """Let an act with all that follows from it happen whole or not at all, whatever its caller does with the error."""
    if session.info.get("acting"):
        yield
        return
    session.info["acting"] = True
    for name in (*_NOTES, "tip"):
        session.info.pop(name, None)  # left by an act that failed
    try:
        with session.begin_nested():
            yield
    except SQLAlchemyError as error:
        if isinstance(told := faults.understood(error), Overtaken):  # a page says so beside what was typed
            raise told from error
        raise
    finally:
        session.info["acting"] = False


@contextmanager
def together(session: Session) -> Iterator[None]:
    """Let what is begun within follow each other as one act: each with its event, and moved on at once where it moves by itself.

    What waits on their roots, who stands where and what is searched is reckoned once, at the end: a hundred cost a hundred
    times what one does. A begin that is refused leaves nothing of itself; its caller goes on, or lets all of it go.
    """
    with _whole(session):
        roots: dict[Subject, tuple[Actor, Event]] = {}
        session.info["together"] = roots
        try:
            yield
        finally:
            del session.info["together"]
        for root, (actor, event) in roots.items():
            _settle(session, actor, root, event)


def begin(session: Session, actor: Actor, subject: S, form: Sheet, *, caused_by: Event | None = None) -> S:
    """Add a new subject by its workflow's begin guard, with its first event; Denied or NotYet when it may not be."""
    if "together" not in session.info or caused_by is not None:
        with _whole(session):
            return _begin(session, actor, subject, form, caused_by)
    noted = {name: copy(session.info[name]) for name in _NOTES if name in session.info}
    try:
        with session.begin_nested():
            return _begin(session, actor, subject, form, caused_by)
    except BaseException:
        for name in _NOTES:
            session.info.pop(name, None)
        session.info.update(noted)
        raise


def _begin(session: Session, actor: Actor, subject: S, form: Sheet, caused_by: Event | None) -> S:
    workflow = workflow_of(subject)
    subject.state, subject.version = workflow.initial, 1
    root = root_of(session, subject)
    if root is not subject:
        lock_root(session, root)
        known = root in session.info.get("together", ())
        if isinstance(root, Record) and not actor.is_system and not known and not visible(session, actor, root):
            raise NotFound(NO_SUCH)  # whoever begins a part sees its whole
    session.add(subject)
    session.flush()
    actor = policy.permit_begin(workflow, actor, facts_of(subject, session))
    effect(form, session, actor, subject)
    session.flush()
    _arrive(session, subject, workflow, workflow.initial)
    _touch(root)
    session.flush()
    event = audit.append(session, actor, subject, audit.BEGIN, None, form, [], caused_by=caused_by)
    session.info.setdefault("begun", []).append(subject)
    _after(session, actor, subject, event, form)
    return subject


def visible(session: Session, actor: Actor, subject: Subject, facts: Facts | None = None) -> bool:
    """Whether the actor may know of the subject: files follow the materials, documents the conclusion or their sheet.

    ``facts`` spare reading them when the caller has them already, as a page of many parts has.
    """
    facts = facts or facts_of(subject, session)
    workflow = workflow_of(subject)
    if isinstance(subject, Assignment) and policy.stands(actor, facts, Who.APPLICANT, Who.CO_AUTHOR):
        # An author who knows the experts' names has nothing to open without a sheet: who refused and why is not told.
        return subject.signed_at is not None and policy.may(workflow, actor, facts, Permission.SEE_REVIEWS)
    return any(policy.may(workflow, actor, facts, one) for one in _reading(subject)) or _is_open(subject, actor)


def _reading(subject: Subject) -> tuple[Permission, ...]:
    if isinstance(subject, CaseFile):
        return (Permission.SEE_MATERIALS,)
    if isinstance(subject, Assignment):
        return (Permission.SEE_EXPERTS, Permission.SEE_REVIEWS)
    if isinstance(subject, Document):
        return (permission_of(subject.document_kind, of_expert=subject.assignment_id is not None),)
    return (Permission.VIEW,)


def _is_open(subject: Subject, actor: Actor) -> bool:
    """Say whether the subject is the actor's own in any state: one's assignment, account, consent."""
    if isinstance(subject, Assignment):
        return subject.expert_id == actor.person_id and subject.state not in _LEFT
    if isinstance(subject, (Person, Consent)):
        return (subject.id if isinstance(subject, Person) else subject.person_id) == actor.person_id
    return False


def read(session: Session, actor: Actor, kind: type[S], id: int) -> S:
    """Return a subject that the actor may see. Missing and not visible raise the same NotFound (decisions.md 11)."""
    found = session.get(kind, id) if 0 < id <= _LARGEST else None
    if found is None or not visible(session, actor, found):
        raise NotFound(NO_SUCH)
    return found


def read_published(session: Session, kind: type[Record], id: int) -> Record:
    """Return a record that anybody may see at its open address, logged in or not. Else NotFound, whatever the reason."""
    found = session.get(kind, id) if 0 < id <= _LARGEST else None
    if found is None or not policy.may(
        workflow_of(found), STRANGER, facts_of(found, session), Permission.SEE_PUBLISHED
    ):
        raise NotFound(NO_SUCH)
    return found


def perform(
    session: Session,
    actor: Actor,
    subject: Subject,
    name: str,
    sheet: Sheet,
    seen: int | None,
    *,
    caused_by: Event | None = None,
) -> Event:
    """Do one transition, whole; ``seen`` is the version the person looked at (None only for the system's own acts).

    Raises Denied, NotYet, Conflict or Invalid; nothing of the act is left then.
    """
    with _whole(session):
        return _perform(session, actor, subject, name, sheet, seen, caused_by)


def _perform(
    session: Session, actor: Actor, subject: Subject, name: str, sheet: Sheet, seen: int | None, caused_by: Event | None
) -> Event:
    root = lock(session, subject)
    if seen is None and not actor.is_system:
        raise Broken("a person's act names the version that was seen")
    if seen is not None and seen != subject.version:
        raise Conflict(seen, subject.version)
    workflow = workflow_of(subject)
    facts = facts_of(subject, session)
    transition = policy.permit(workflow, actor, facts, name)
    if type(sheet) is not transition.asks:
        raise Broken(f"{workflow.name}.{name} asks {transition.asks.__name__}, got {type(sheet).__name__}")
    actor = policy.in_own_name(workflow, actor, facts, name)
    signature = signing.signature(actor, transition, sheet)
    before, since = subject.state, subject.state_since if isinstance(subject, Case) else None
    foreseen.demand(sheet, session, actor, subject)
    effect(sheet, session, actor, subject)
    if session.new or session.deleted:
        session.flush()  # facts know the parts of a root by their numbers; what else changed is written once, at the end
    state = engine.next_state(workflow, facts_of(subject, session), name)
    if transition.targets:
        _arrive(session, subject, workflow, state)
    issued = issuing.issue(session, transition, actor, subject, sheet)
    session.info.setdefault("begun", []).extend(issued)
    if not transition.quiet:
        subject.version += 1
    _touch(root)
    event = audit.append(session, actor, subject, name, before, sheet, issued, signature=signature, caused_by=caused_by)
    if isinstance(subject, Case) and since is not None and subject.state != before:
        stays.note(session, subject, event, since)
    if isinstance(subject, Record):
        session.info.setdefault("begun", []).append(subject)  # its fields say who stands where
    _consume(session, actor, subject, transition)
    _after(session, actor, subject, event, sheet)
    return event


def attest(session: Session, subject: Subject, name: str) -> Event:
    """State what stands in a row, under a name of its workflow (or ``gate.audit.ADOPT``): nothing moves, no version grows.

    For what the program itself did to the row and nobody waits for: a PDF that was made, a stronger form of a kept password.
    """
    lock(session, subject)
    if name != audit.ADOPT and workflow_of(subject).transition(name).guard.by != {Who.SYSTEM}:
        raise Broken(f"{name} is an act of people")
    return audit.append(session, system(subject.municipality_id), subject, name, subject.state, Nothing(), [])


def _touch(root: Subject) -> None:
    if isinstance(root, Case):
        root.touched += 1


def _arrive(session: Session, subject: Subject, workflow: Workflow, state: str) -> None:
    subject.state = state
    if isinstance(subject, Case):
        deadlines.start(session, subject, workflow.state(state))
    elif isinstance(subject, Assignment):
        deadlines.start_assignment(session, subject, workflow.state(state))


def _consume(session: Session, actor: Actor, subject: Subject, transition: Transition) -> None:
    """Delete the working copy that became the sheet; others' too when the subject has moved on: theirs are of no use."""
    if actor.is_system or not has_copies(session, subject):
        return
    here = (WorkingCopy.subject_kind == subject.kind, WorkingCopy.subject_id == subject.id)
    found = delete(WorkingCopy).where(*here, WorkingCopy.transition == transition.name)
    session.connection().execute(found if transition.targets else found.where(WorkingCopy.person_id == actor.person_id))


def _after(session: Session, actor: Actor, subject: Subject, event: Event, sheet: Sheet) -> None:
    """Write the letters, perform what the act entails, and at the very end the automatic transitions of root and parts."""
    if isinstance(subject, Record):
        record_letters.told(session, subject, event, sheet)
    else:
        outbox.told(session, subject, event)
    for stated in noting.taken(session, event):
        audit.append_all(session, system(event.municipality_id), *stated, caused_by=event)
    mine: list[Entailed] = session.info.pop("entailed", [])
    for one in mine:
        if one.transition is None:
            begin(session, one.actor, one.subject, one.sheet, caused_by=event)
        else:
            perform(session, one.actor, one.subject, one.transition, one.sheet, one.subject.version, caused_by=event)
    root = root_of(session, subject)
    if event.caused_by is None:
        if (roots := session.info.get("together")) is None:
            _settle(session, actor, root, event)
        else:
            _move(session, actor, root, event, subject)
            roots[root] = (actor, event)
    elif isinstance(root, Case):
        session.info.setdefault("followed", []).append(root)


def _move(session: Session, actor: Actor, root: Subject, event: Event, *only: Subject) -> None:
    """Perform the automatic transitions that are due: of the root and its parts, or of these subjects alone."""
    by = actor if actor.is_system else actor.as_system()
    moves: Counter[Subject] = Counter()
    while (moved := _fire_one(session, by, root, only or _moving(session, root), event)) is not None:
        moves[moved] += 1
        if moves[moved] > _LIMIT:
            raise Broken(f"automatic transitions of {moved.kind} {moved.id} do not end")


def _settle(session: Session, actor: Actor, root: Subject, event: Event) -> None:
    _move(session, actor, root, event)
    for one in dict.fromkeys(
        session.info.pop("followed", ())
    ):  # cases on which an act on another root had consequences
        if one is not root:
            standing_rows.turned(session, one)
            unsettle(session, (one,))
    facts = standing_rows.turned(session, root) if isinstance(root, Case) else None
    _keep_standings(session, root, facts)


def _keep_standings(session: Session, root: Subject, facts: Facts | None) -> None:
    """Keep who stands where and what waits for whom: of the root, of what the act began, of what an effect unsettled."""
    begun: list[Subject] = session.info.pop("begun", [])
    others: list[Subject] = [*session.info.pop("unsettled", []), *involvement.of_groups(session, begun)]
    for one in sorted({other for other in others if other is not root}, key=lambda other: (other.kind, other.id)):
        lock_root(session, one)
        standing_rows.keep(session, one, facts_of(one, session), ())
    by_root: dict[Subject, list[Subject]] = {root: []} if isinstance(root, (Case, CriteriaRow)) else {}
    for one in begun:
        by_root.setdefault(root_of(session, one), []).append(one)
    for top, parts in by_root.items():
        known = facts if facts is not None and top is root else facts_of(top, session)
        standing_rows.keep(session, top, known, parts)
    session.flush()  # what the act left to write at its end is searched by other words from now on
    search_rows.keep(session)
    past_work.keep(session)


def _moving(session: Session, root: Subject) -> Iterable[Subject]:
    """Return the root, and its parts that could move by themselves, the oldest first; of those that move alike the oldest alone."""
    yield root
    if isinstance(root, Case):
        yield from root.assignments
    elif isinstance(root, Record):
        for part in parts_of(root.kind):
            states = [one for one in part.workflow.states if policy.moves_by_itself(part.workflow, one)]
            alike = [one for one in states if policy.moves_alike(part.workflow, one)]
            model = RECORDS[part.key]
            mine = select(model).where(model.within_id == root.id, model.state.in_(states)).order_by(model.id)
            first = select(func.min(model.id)).where(model.within_id == root.id).group_by(model.state)
            found = mine.where(or_(model.state.not_in(alike), model.id.in_(first)))
            yield from session.scalars(found).all() if states else ()


def _fire_one(session: Session, by: Actor, root: Subject, moving: Iterable[Subject], event: Event) -> Subject | None:
    known: Facts | None = None  # of the root, read once for all its parts
    for one in moving:
        workflow = workflow_of(one)
        if not policy.moves_by_itself(workflow, one.state):  # most of the parts: their facts need not be read
            continue
        known = known or facts_of(root, session)
        found = policy.automatic(workflow, by, known if one is root else facts_within(one, session, known))
        if found is not None:
            perform(session, by, one, found.name, found.asks(), None, caused_by=event)
            return one
    return None
