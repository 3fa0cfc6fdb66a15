"""Reminders of what waits, in cases and records alike: what was told already, the letter or that of the day.

One row of ``Reminder`` a person and step, with a unique key: two servers write it once. Nothing is done by following a link.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow_app import clock
from workflow_app.case_types.registry import case_type
from workflow_app.content_types import awaited
from workflow_app.content_types.awaited import Awaits
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db.keyset import Walk
from workflow_app.db.models import (
    Assignment,
    Case,
    LadderRow,
    Municipality,
    Outbox,
    Person,
    Record,
    Reminder,
    Standing,
    Subject,
    Waiting,
)
from workflow_app.documents.template_fields.field import on_day
from workflow_app.facts import deadlines, worklist
from workflow_app.facts.actors import actor_of
from workflow_app.facts.record_names import titles_of
from workflow_app.facts.standings import own
from workflow_app.facts.subjects import KINDS, facts_of, root_of
from workflow_app.facts.tasks import AnyTask, RecordTask, SheetTask
from workflow_app.gate import letter_words, outbox
from workflow_app.gate.reminder_readers import readers
from workflow_app.operations.smtp import SITE
from workflow_app.states import reminders as pure
from workflow_app.states.reminders import SELF, Hours, Ladder, Step
from workflow_app.states.vocabulary import Actor, Who

_SHOWN: Final = 20  # things in a letter of the day
RECORD_LADDERS: Final[Mapping[str, Ladder]] = {
    awaited.todo_of(kind, one): pure.of_days(one.remind)
    for kind in CONTENT_TYPES.values()
    for one in kind.awaits
    if one.remind or one.early
}
"""What kinds of records declare, by what waits (``awaited.todo_of``)."""
Key = tuple[int, int, str, str, str, int, int]


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing that waits as a letter tells it: nothing here names an expert or the applicant."""

    verb: str
    what: str
    due_on: date | None
    over: bool
    link: str


def key_of(row: Waiting) -> Key:
    """Return the key of a wait, in the order of its table."""
    return (
        row.person_id, row.municipality_id, row.who, row.todo, row.subject_kind, row.subject_id, row.organization_id,
    )  # fmt: skip


def turn_of(waiting: Waiting, place: str) -> str:
    """Return whose ladder reminds of a wait: a kind of turn of a case, or what waits in a record; empty: none does.

    ``place``: the state of the expert's place, where it waits there.
    """
    if waiting.root_kind == Case.kind:
        return pure.turn_of(waiting.step, place)
    return waiting.todo if waiting.todo in RECORD_LADDERS else ""


def ladders_of(session: Session, municipality_id: int) -> Mapping[str, Ladder]:
    """Return the ladders of a centre by turn: its own, else those of the program; read once a session."""
    cache: dict[int, Mapping[str, Ladder]] = session.info.setdefault("ladders", {})
    if municipality_id not in cache:
        rows = session.scalars(select(LadderRow).where(LadderRow.municipality_id == municipality_id))
        own = {one.turn: pure.ladder(one.steps) for one in rows}
        cache[municipality_id] = {**pure.defaults(), **RECORD_LADDERS, **own}
    return cache[municipality_id]


def hours_of(session: Session, municipality_id: int) -> Hours:
    """Return when letters of reminders may leave in a centre."""
    centre = session.get_one(Municipality, municipality_id)
    usual = Hours(centre.zone)
    said = {name: centre.switches.get(f"letters_{name}", getattr(usual, name)) for name in ("since", "until", "daily")}
    return Hours(centre.zone, **said)


def declared(waiting: Waiting) -> Awaits:
    """Return what the kind of a record declares of its wait."""
    kind = CONTENT_TYPES[waiting.subject_kind]
    return next(one for one in kind.awaits if awaited.todo_of(kind, one) == waiting.todo)


def with_early(steps: Ladder, one: Awaits, days: int | None) -> Ladder:
    """Return the ladder of a record's wait, with the day before its term for which the record itself asks."""
    return steps if days is None else tuple(sorted({*steps, *pure.of_days({-days} - set(one.remind))}))


def remind(session: Session, subject: Subject, waiting: Waiting) -> int:
    """Write the reminders of one wait whose day has come, once each; return how many. The caller holds the root's lock."""
    turn, due_on = turn_of(waiting, subject.state if isinstance(subject, Assignment) else ""), waiting.due_on
    if not turn or due_on is None:
        return 0
    root, today = root_of(session, subject), deadlines.today(session, waiting.municipality_id)
    steps = ladders_of(session, waiting.municipality_id)[turn]
    if isinstance(subject, Record):
        one = declared(waiting)
        steps = with_early(steps, one, awaited.early_of(one, facts_of(subject, session)))
    found = pure.reached(steps, due_on, _begun(session, subject, root), today)
    many, met = 0, set[int]()
    for step in found:
        for person, to in readers(session, root, waiting, step.whom):
            once = f"{subject.kind} {subject.id} {waiting.todo} {due_on} {step.days} {person.id}"
            if person.id not in met and not _is_written(session, once):
                many += _write(session, subject, root, waiting, person, replace(step, whom=to), once)
            met.add(person.id)
    return many


def _begun(session: Session, subject: Subject, root: Subject) -> date:
    """Return the day since which something waits: whoever was told later than a step's day needs no second letter."""
    if isinstance(root, Case):
        invited = [subject.invited_at] if isinstance(subject, Assignment) else []
        return max([root.state_since, *invited]).date()
    return outbox.begun(session, subject)


def _is_written(session: Session, once: str) -> bool:
    return session.scalar(select(Reminder.id).where(Reminder.once == once)) is not None


def _write(
    session: Session, subject: Subject, root: Subject, waiting: Waiting, person: Person, step: Step, once: str
) -> int:
    """Write one reminder; the letter now when it cannot wait or the person chose so. Nothing leaves to who has no address."""
    reachable = bool(person.email) and person.state != "blocked"
    at_once = step.at_once or person.letters == "at_once"
    row = _row(session, waiting, person, step.whom, once)
    row.days, row.gathered = step.days, reachable and not at_once
    if reachable and at_once:
        row.outbox_id = _letter(session, subject, root, waiting, person, step.whom)
    session.add(row)
    session.flush()
    return int(reachable)


def _row(session: Session, waiting: Waiting, person: Person, to: str, once: str) -> Reminder:
    return Reminder(
        once=once, municipality_id=waiting.municipality_id, person_id=person.id, whom=to, subject_kind=waiting.subject_kind,
        subject_id=waiting.subject_id, root_kind=waiting.root_kind, root_id=waiting.root_id, todo=waiting.todo,
        due_on=waiting.due_on, on=deadlines.today(session, waiting.municipality_id), at=clock.now(), gathered=False,
    )  # fmt: skip


def _letter(
    session: Session, subject: Subject, root: Subject, waiting: Waiting, person: Person, to: str, *, by: bool = False
) -> int | None:
    thing = thing_of(session, subject, root, waiting.todo, waiting.due_on)
    leaves = hours_of(session, waiting.municipality_id).leaves(clock.now())
    late = (deadlines.today(session, waiting.municipality_id) - waiting.due_on).days if waiting.due_on else 0
    template = f"reminder_{'by_hand' if by and to == SELF else pure.moment(to, late)}"
    told: dict[str, Any] = {
        "verb": thing.verb,
        "what": thing.what,
        "due": on_day(thing.due_on),
        "late": str(late) if late > 0 else "",
    }
    return outbox.compose(session, template, person, subject, link=SITE + thing.link, not_before=leaves, **told)


def write_by_hand(
    session: Session, actor: Actor, root: Subject, waits: Sequence[Waiting], person: Person, to: str
) -> None:
    """Write the reminders of one person by hand, with one letter, of the first: a second of a day is refused by its key."""
    today, first = deadlines.today(session, root.municipality_id), waits[0]
    subject = session.get_one(KINDS[first.subject_kind], first.subject_id)
    letter = _letter(session, subject, root, first, person, to, by=True)
    for one in waits:
        row = _row(
            session, one, person, to, f"by hand {one.subject_kind} {one.subject_id} {one.todo} {today} {person.id}"
        )
        row.by_id, row.outbox_id = actor.person_id, letter
        session.add(row)


# ----------------------------------------------------------------------------------------------------- the letter of the day


def gathered(session: Session) -> list[tuple[int, int]]:
    """Return who has reminders that wait for the letter of the day, and in which municipality."""
    found = select(Reminder.municipality_id, Reminder.person_id).where(Reminder.gathered).distinct()
    return [(municipality, person) for municipality, person in session.execute(found.order_by(Reminder.person_id))]


def digest(session: Session, municipality_id: int, person_id: int) -> bool:
    """Write the letter of the day of one person, if it is time and none was written today; return whether it was.

    It tells everything that waits for them now, whatever made it due, and what they watch at others. What was done meanwhile
    is told no more; when nothing is left, no letter is written.
    """
    now, today = clock.now(), deadlines.today(session, municipality_id)
    mine = (Reminder.gathered, Reminder.municipality_id == municipality_id, Reminder.person_id == person_id)
    rows = session.scalars(select(Reminder).where(*mine).order_by(Reminder.id).with_for_update()).all()
    once = f"digest {municipality_id} {person_id} {today}"
    written = session.scalar(select(Outbox.id).where(Outbox.once == once)) is not None
    if not rows or written or not hours_of(session, municipality_id).is_time(now):
        return False
    person, centre = session.get_one(Person, person_id), session.get_one(Municipality, municipality_id)
    actor = actor_of(session, person, municipality_id)
    tasks = worklist.tasks(session, actor, Walk(_SHOWN))
    waits = [_of_task(session, one) for one in tasks]
    others = [one for one in _watched(session, person_id, rows) if one not in waits]
    letter = None
    if waits or others:
        letter = outbox.compose(
            session, "digest", person, centre, once=once, **_told(waits, worklist.count_waiting(session, actor), others)
        )
    for row in rows:
        row.gathered, row.outbox_id = False, letter
    return letter is not None


def _told(mine: Sequence[Thing], total: int, others: Sequence[Thing]) -> dict[str, Any]:
    """Return the fields of the letter of the day."""
    words = letter_words.things(mine=mine, total=total, others=others, site=SITE)
    watched = str(len(others)) if others else ""
    return {"list": words, "total": str(total) if mine else "", "watched": watched, "link": f"{SITE}/"}


def _watched(session: Session, person_id: int, rows: Collection[Reminder]) -> list[Thing]:
    """Return what the reader of a letter of the day watches at others: as far as it still waits.

    Nothing of a case in which they have come to take part since it was gathered (R30).
    """
    mine = own(person_id, Case.kind, {Who.INVOLVED})
    theirs = set(session.scalars(mine.where(Standing.subject_id.in_([row.root_id for row in rows]))))
    found: dict[tuple[str, int, str], Thing] = {}
    for row in rows:
        same = (
            Waiting.subject_kind == row.subject_kind,
            Waiting.subject_id == row.subject_id,
            Waiting.todo == row.todo,
        )
        if row.whom == SELF or (row.root_kind == Case.kind and row.root_id in theirs):
            continue
        if session.scalar(select(Waiting.todo).where(*same).limit(1)) is None:
            continue
        subject = session.get_one(KINDS[row.subject_kind], row.subject_id)
        thing = thing_of(session, subject, root_of(session, subject), row.todo, row.due_on)
        found[row.subject_kind, row.subject_id, row.todo] = thing
    return list(found.values())[:_SHOWN]


def _of_task(session: Session, task: AnyTask) -> Thing:
    if isinstance(task, SheetTask):
        row = task.row
        what, link = f"«{row.data['title']}», версия {row.number}", f"/criteria/{row.key}/{row.number}"
        return Thing(str(worklist.ENTER), what, task.due_on, over=False, link=link)
    if isinstance(task, RecordTask):
        return thing_of(session, task.record, task.whole, task.todo, task.due_on)
    return thing_of(session, task.assignment or task.case, task.case, task.todo, task.due_on)


def thing_of(session: Session, subject: Subject, root: Subject, todo: str, due_on: date | None) -> Thing:
    """Return a thing that waits as a letter tells it. Who is only invited is not told what the work is called."""
    over = due_on is not None and due_on < deadlines.today(session, root.municipality_id)
    if isinstance(root, Case):
        place = subject if isinstance(subject, Assignment) else None
        verb, kind = worklist.verb(todo, root, place), case_type(root.type).title
        named = f"«{root.title}»" + (f", дело № {root.number}" if root.number else "")
        what = str(kind) if place is not None and place.state == "invited" else named
        link = f"/assignments/{place.id}" if place is not None else f"/cases/{root.id}"
        return Thing(str(verb), what, due_on, over, link)
    whole = root
    assert isinstance(whole, Record), whole  # noqa: S101 - a root that waits is a case or a record
    called = titles_of(session, [whole])[whole]
    return Thing(str(worklist.verb_of_record(todo)), f"«{called}»", due_on, over, f"{whole.content.path}/{whole.id}")
