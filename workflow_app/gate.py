"""The only door: ``begin``, ``read``, ``perform``.

``perform``: lock the root -> permit on the facts before -> the sheet is the one asked for -> effect -> flush, facts after ->
move -> numbers, issue and sign -> bump the versions -> append the event -> what the act entails, and automatic transitions,
each with its own event. The caller holds the transaction: an error anywhere leaves nothing behind.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import singledispatch
from typing import Any, TypeVar

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from workflow_app import audit, issuing
from workflow_app.errors import N_, Broken, Conflict, Denied, Invalid, NotFound, NotYet
from workflow_app.states import engine, policy
from workflow_app.states.case_sheets import SignedSheet
from workflow_app.states.sheets import Nothing, Sheet
from workflow_app.states.turns import turn
from workflow_app.states.vocabulary import Actor, Facts, Permission, Role, Transition, Via, Workflow
from workflow_app.store import terms
from workflow_app.store.models import Assignment, Case, CaseFile, Consent, Document, Event, Person, Subject, WorkingCopy
from workflow_app.store.subjects import facts_of, root_of, workflow_of

S = TypeVar("S", bound=Subject)
_PARTS = (Assignment, CaseFile, Document)
NO_SUCH = N_("Такой записи нет, или она вам недоступна.")
_LIMIT = 50  # automatic transitions after one act; more is a cycle that start-up checks should have found


@singledispatch
def effect(sheet: Sheet, session: Session, actor: Actor, subject: Any) -> None:
    """Change rows as the filled ``sheet`` says. One function a sheet class, in the slices; the default raises."""
    raise Broken(f"no effect is registered for {type(sheet).__name__}")


@effect.register
def _nothing(sheet: Nothing, session: Session, actor: Actor, subject: Any) -> None:
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


def lock(session: Session, subject: Subject) -> Subject:
    """Lock and refresh the root's row, then the subject: nobody else changes either until the end (decisions.md 5)."""
    root = lock_root(session, root_of(session, subject))
    if root is not subject:
        session.refresh(subject)
    return root


def lock_root(session: Session, root: Subject) -> Subject:
    """Lock a root's row and forget what was read of its parts before."""
    kind = type(root)
    session.execute(
        select(kind).where(kind.id == root.id).with_for_update(of=kind).execution_options(populate_existing=True)
    )
    if isinstance(root, Case):
        session.expire(root, _LISTS)
    return root


_LISTS = ("assignments", "files", "co_authors", "panel", "versions")


def begin(session: Session, actor: Actor, subject: S, form: Sheet, *, caused_by: Event | None = None) -> S:
    """Add a new subject by its workflow's begin guard, with its first event; Denied or NotYet when it may not be."""
    workflow = workflow_of(subject)
    subject.state, subject.version = workflow.initial, 1
    if isinstance(subject, _PARTS):
        lock_root(session, root_of(session, subject))
    session.add(subject)
    session.flush()
    root = root_of(session, subject)
    _permit_begin(workflow, actor, facts_of(subject, session))
    effect(form, session, actor, subject)
    session.flush()
    _arrive(session, subject, workflow, workflow.initial)
    _touch(root)
    session.flush()
    event = audit.append(session, actor, subject, audit.BEGIN, None, form, [], caused_by=caused_by)
    _after(session, actor, subject, event)
    return subject


def _permit_begin(workflow: Workflow, actor: Actor, facts: Facts) -> None:
    guard = workflow.begin
    stands = policy.standing(actor, facts)
    barred = not guard.by & stands or bool(guard.unless & stands)
    if barred or (guard.permission is not None and not policy.may(workflow, actor, facts, guard.permission)):
        raise Denied(N_("Это действие вам недоступно."))
    if obstacles := tuple(one.obstacle(facts) for one in guard.when if not one.test(facts)):
        raise NotYet(obstacles)


def visible(session: Session, actor: Actor, subject: Subject) -> bool:
    """Whether the actor may know of the subject: files follow the materials, documents the conclusion or their sheet."""
    facts = facts_of(subject, session)
    workflow = workflow_of(subject)
    return any(policy.may(workflow, actor, facts, one) for one in _reading(subject)) or _is_open(subject, actor)


def _reading(subject: Subject) -> tuple[Permission, ...]:
    if isinstance(subject, CaseFile):
        return (Permission.SEE_MATERIALS,)
    if isinstance(subject, Assignment):
        return (Permission.SEE_EXPERTS, Permission.SEE_REVIEWS)
    if isinstance(subject, Document):
        return (Permission.SEE_REVIEWS,) if subject.assignment_id is not None else (Permission.SEE_CONCLUSION,)
    return (Permission.VIEW,)


def _is_open(subject: Subject, actor: Actor) -> bool:
    """Say whether the subject is the actor's own in any state: one's assignment, account, consent."""
    if isinstance(subject, Assignment):
        return subject.expert_id == actor.person_id and subject.state not in (
            "refused",
            "expired",
            "recused",
            "removed",
            "called_off",
        )
    if isinstance(subject, (Person, Consent)):
        return (subject.id if isinstance(subject, Person) else subject.person_id) == actor.person_id
    return False


def read(session: Session, actor: Actor, kind: type[S], id: int) -> S:
    """Return a subject that the actor may see. Missing and not visible raise the same NotFound (decisions.md 11)."""
    found = session.get(kind, id)
    if found is None or not visible(session, actor, found):
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

    Raises Denied, NotYet, Conflict or Invalid; the transaction is then rolled back by its holder.
    """
    root = lock(session, subject)
    if seen is None and not actor.is_system:
        raise Broken("a person's act names the version that was seen")
    if seen is not None and seen != subject.version:
        raise Conflict(seen, subject.version)
    workflow = workflow_of(subject)
    transition = policy.permit(workflow, actor, facts_of(subject, session), name)
    if type(sheet) is not transition.asks:
        raise Broken(f"{workflow.name}.{name} asks {transition.asks.__name__}, got {type(sheet).__name__}")
    actor = _in_own_name(workflow, actor, subject, session, transition)
    signature = _sign(actor, transition, sheet)
    before = subject.state
    effect(sheet, session, actor, subject)
    session.flush()
    state = engine.next_state(workflow, facts_of(subject, session), name)
    if transition.targets:
        _arrive(session, subject, workflow, state)
    issued = issuing.issue(session, transition, actor, subject, sheet)
    subject.version += 1
    _touch(root)
    session.flush()
    event = audit.append(session, actor, subject, name, before, sheet, issued, signature=signature, caused_by=caused_by)
    _consume(session, actor, subject, name)
    _after(session, actor, subject, event)
    return event


def _in_own_name(workflow: Workflow, actor: Actor, subject: Subject, session: Session, transition: Transition) -> Actor:
    """Let a deputy act as one only where the deputy's own roles would not do (R30)."""
    if actor.deputy_for is None:
        return actor
    own = replace(actor, roles=actor.roles - {Role.DIRECTOR}, deputy_for=None)
    if transition.name in policy.offers(workflow, own, facts_of(subject, session)):
        return own
    return replace(actor, via=Via.DEPUTY)


def _touch(root: Subject) -> None:
    if isinstance(root, Case):
        root.touched += 1


def _sign(actor: Actor, transition: Transition, sheet: Sheet) -> str:
    """Return how the act is signed, for the event: by the password typed again under the agreement, or on paper (R35)."""
    if not transition.signs:
        return ""
    if not isinstance(sheet, SignedSheet):
        raise Broken(f"{transition.name} signs, but its sheet does not say how")
    if sheet.how == "paper":
        if not sheet.scan:
            raise Invalid({"scan": (N_("Приложите скан листа с подписью."),)})
        return f"paper:{sheet.scan}"
    if actor.proof is None or not actor.proof.agreement:
        raise Invalid(
            {
                "password": (
                    N_("Чтобы подписать, введите пароль ещё раз (соглашение о простой подписи должно быть принято)."),
                )
            }
        )
    return f"simple:{actor.proof.agreement}"


def _arrive(session: Session, subject: Subject, workflow: Workflow, state: str) -> None:
    subject.state = state
    if isinstance(subject, Case):
        terms.start(session, subject, workflow.state(state))
    elif isinstance(subject, Assignment):
        terms.start_assignment(session, subject, workflow.state(state))
    session.flush()


def _consume(session: Session, actor: Actor, subject: Subject, name: str) -> None:
    """Delete the working copies that became the sheet."""
    if actor.is_system:
        return
    session.execute(
        delete(WorkingCopy).where(
            WorkingCopy.subject_kind == subject.kind,
            WorkingCopy.subject_id == subject.id,
            WorkingCopy.transition == name,
        )
    )


def _after(session: Session, actor: Actor, subject: Subject, event: Event) -> None:
    """Perform what the act entails, then, once all of it is done, the automatic transitions of the root and its parts."""
    mine: list[Entailed] = session.info.pop("entailed", [])
    outermost = not session.info.get("settling")
    session.info["settling"] = True
    try:
        for one in mine:
            if one.transition is None:
                begin(session, one.actor, one.subject, one.sheet, caused_by=event)
            else:
                perform(
                    session, one.actor, one.subject, one.transition, one.sheet, one.subject.version, caused_by=event
                )
        if outermost:
            _settle(session, actor, root_of(session, subject), event)
    finally:
        if outermost:
            session.info["settling"] = False


def _settle(session: Session, actor: Actor, root: Subject, event: Event) -> None:
    by = actor if actor.is_system else actor.as_system()
    for _ in range(_LIMIT):
        if not _fire_one(session, by, root, event):
            break
    else:
        raise Broken(f"automatic transitions of {root.kind} {root.id} do not end")
    if isinstance(root, Case):
        who = turn(workflow_of(root), facts_of(root, session)).who
        root.turn = who.value if who else None
        session.flush()


def _fire_one(session: Session, by: Actor, root: Subject, event: Event) -> bool:
    parts: list[Subject] = [root, *root.assignments] if isinstance(root, Case) else [root]
    for one in parts:
        found = policy.automatic(workflow_of(one), by, facts_of(one, session))
        if found is not None:
            perform(session, by, one, found.name, found.asks(), None, caused_by=event)
            return True
    return False
