"""What the acts on records do to rows: the fields of a record take what the sheet says; the rest stands in the event alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, exists, inspect, or_, select, true
from sqlalchemy.orm import Session

from workflow_app import gate
from workflow_app.content_types.behaviors import (
    Hide,
    IssueDocument,
    IssueEach,
    Namesakes,
    Once,
    Publish,
    Unpublish,
)
from workflow_app.content_types.declaration import Numbered, OfRecord, RestoreRecord
from workflow_app.content_types.reminding import RemindRecord
from workflow_app.db import counters
from workflow_app.db.models import RECORDS, Document, Person, Record
from workflow_app.documents.kinds.registry import KINDS
from workflow_app.errors import N_, Invalid, NotYet
from workflow_app.facts import deadlines
from workflow_app.facts.record_names import titles_of
from workflow_app.facts.record_rows import take
from workflow_app.gate import by_hand, effect
from workflow_app.gate.foreseen import refusals
from workflow_app.operations import job_queue
from workflow_app.spelling import order_key
from workflow_app.states.forms import Nothing, Problems, asks
from workflow_app.states.reminders import vain
from workflow_app.states.vocabulary import Actor, system

_TAKEN = N_("Такая запись уже есть.")
_NAMED = N_("Человек с таким именем уже есть в списке. Если это тёзка, укажите у обоих учётную запись или организацию.")
_NAMESAKE = N_("Человек с таким именем уже есть в списке, от другой организации. Проверьте, не он ли это.")
_NOBODY = N_("Выдавать некому: у всех, кому положен документ, он уже есть.")
ISSUE = "issue"  # the job that issues the documents of parts


class Taken(Invalid):
    """Another living record is the same, or has the same in a field that is unique."""


@effect.register
def _record(sheet: OfRecord, session: Session, actor: Actor, subject: Record) -> None:
    """Take the fields over. Invalid when one that is unique stands in another living record."""
    del actor
    # what the server fills is kept by a correction: only an act that asks it changes it
    take(
        sheet,
        subject,
        [name for name, how in asks(type(sheet)).items() if name in subject.content.fields and not how.server],
    )
    asked, back, held = asks(type(sheet)), isinstance(sheet, RestoreRecord), inspect(subject).attrs
    # a correction asks only of what it changes: rows of before may be alike
    whole = back or type(sheet) is subject.content.sheet
    for name, how in subject.content.fields.items():
        anew = whole or (name in asked and held[name].history.has_changes())
        if how.unique and anew and _is_taken(session, subject, name):
            raise Taken({"" if back else name: (_TAKEN,)})
    once = subject.content.behavior(Once)
    if once is not None and _is_there(session, subject, *(_same(subject, one) for one in once.fields)):
        raise Taken({"" if back else once.fields[-1]: (_TAKEN,)})
    if _is_double(session, subject):  # the second of two presses, or the same paper entered by two
        raise Taken({"" if back else subject.content.title: (_TAKEN,)})
    if _is_named(session, subject):
        raise Invalid({"" if back else subject.content.title: (_NAMED,)})
    numbered = subject.content.behavior(Numbered)
    if numbered is not None and subject.number is None:
        year = deadlines.today(session, subject.municipality_id).year
        register = f"record:{subject.kind}"
        subject.number = f"{numbered.letter}-{year}-{counters.take(session, subject.municipality_id, register, year)}"


def _is_double(session: Session, row: Record) -> bool:
    """Whether another living record of the same place has the very same in every field that is no list."""
    plain = (name for name, value in row.values.items() if not isinstance(value, (tuple, Mapping)))
    return _is_there(session, row, *(getattr(type(row), name) == getattr(row, name) for name in plain))


def _is_taken(session: Session, row: Record, name: str) -> bool:
    return getattr(row, name) not in (None, "") and _is_there(session, row, _same(row, name))


def _is_named(session: Session, row: Record) -> bool:
    """Whether somebody of this name is there who is not known to be another."""
    how: Namesakes | None = row.content.behavior(Namesakes)
    if how is None:
        return False
    model: Any = type(row)
    accounts, organizations = getattr(model, how.account), getattr(model, how.organization)
    here = getattr(row, how.organization)
    # two accounts differ, for each is there once
    account = true() if getattr(row, how.account) is None else accounts.is_(None)
    place = true() if here is None else or_(organizations.is_(None), organizations == here)
    return _is_there(session, row, _same(row, row.content.title), account, place)


def doubts_of(session: Session, row: Record) -> Problems:
    """Return what is to be asked about a record that is about to be begun: whether it is another person of the same name."""
    title = row.content.title
    asked = (
        row.content.behavior(Namesakes) and not _is_named(session, row) and _is_there(session, row, _same(row, title))
    )
    return {title: (_NAMESAKE,)} if asked else {}


def _same(row: Record, name: str) -> ColumnElement[bool]:
    """Return the condition that a field is the same; letters are compared by the key of the title: «ё» as «е», on both databases."""
    model, value = type(row), getattr(row, name)
    return model.title_order == order_key(value) if isinstance(value, str) else getattr(model, name) == value


def _is_there(session: Session, row: Record, *same: ColumnElement[bool]) -> bool:
    """Whether another living record of the same whole, or centre, is so."""
    model = type(row)
    home = model.within_id == row.within_id if row.content.within else model.municipality_id == row.municipality_id
    with session.no_autoflush:
        found = select(model.id).where(home, *same, model.state != "ended", model.id != (row.id or 0))
        return session.scalar(found.limit(1)) is not None


@refusals.register
def _nobody_left(
    sheet: RemindRecord, session: Session, actor: Actor, subjects: Sequence[Record]
) -> Mapping[int, Problems]:
    """Somebody is left to be told today (``states.reminders.vain``)."""
    found = by_hand.calls(session, actor, subjects)
    return {id_: {"": (why,)} for id_, calls in found.items() if (why := vain([one.told for one in calls]))}


@effect.register
def _remind(sheet: RemindRecord, session: Session, actor: Actor, subject: Record) -> None:
    by_hand.remind(session, actor, subject)


@effect.register
def _publish(sheet: Publish, session: Session, actor: Actor, subject: Record) -> None:
    del sheet, session, actor
    subject.published = True


@effect.register(Unpublish)
@effect.register(Hide)
def _hide(sheet: Unpublish | Hide, session: Session, actor: Actor, subject: Record) -> None:
    del sheet, session, actor
    subject.published = False


@effect.register
def _issue(sheet: IssueDocument, session: Session, actor: Actor, subject: Record) -> None:
    """Let the new version replace the one in force; the gate issues it."""
    del actor
    mine = (
        Document.record_kind == subject.kind,
        Document.record_id == subject.id,
        Document.document_kind == sheet.document,
    )
    for old in session.scalars(select(Document).where(*mine, Document.state == "issued")):
        gate.entail(session, system(subject.municipality_id), old, "replace", Nothing())


@effect.register
def _issue_each(sheet: IssueEach, session: Session, actor: Actor, subject: Record) -> None:
    """Order the document of each part that has none yet as a job: each is issued by itself, and nobody waits for all of them."""
    model = RECORDS[sheet.part]
    has = exists().where(
        Document.record_kind == sheet.part, Document.record_id == model.id, Document.document_kind == sheet.document,
        Document.state == "issued",
    )  # fmt: skip
    wanted = select(model).where(model.within_id == subject.id, model.state.in_(sheet.states), ~has).order_by(model.id)
    wanted = wanted.limit(job_queue.MOST)  # whoever is left gets theirs with the next press
    titles = titles_of(session, [subject, *session.scalars(wanted)])
    called = f"{KINDS[sheet.document].title}: {titles.pop(subject)}"
    if not titles:
        raise NotYet((_NOBODY,))
    items = [(one.id, title) for one, title in titles.items()]
    person = session.get_one(Person, actor.person_id)
    told = {"part": sheet.part, "document": sheet.document, "ip": actor.ip}
    job_queue.enqueue(session, person, subject.municipality_id, ISSUE, called, items, told)
