"""What acts on bodies and their meetings do beyond taking over what was filled in: names of the day, presence, votes, tasks."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflow_app import gate
from workflow_app.content_types.body import BodyRenamed
from workflow_app.content_types.body_parts import BodyName, Named
from workflow_app.content_types.declaration import OfRecord
from workflow_app.content_types.meeting_course import AllCame, EntrustAll, ListMembers, MeetingHeld
from workflow_app.content_types.meeting_parts import AgendaHeard, MeetingMember
from workflow_app.db.models import RECORDS, Person, Record
from workflow_app.errors import N_, Invalid, NotYet, Sentence
from workflow_app.gate import effect
from workflow_app.states.forms import Nothing, Sheet, asks
from workflow_app.states.vocabulary import Actor

_NO_MEMBERS: Final = N_("В составе никого нет, или все уже в списке.")
_NO_EXECUTOR: Final = N_("Ни у одного нового поручения нет ответственного.")


def _more(votes: int, present: int) -> Sentence:
    return N_("Голосов больше, чем присутствовавших: %(n)s из %(of)s.", n=votes, of=present)


@effect.register
def _renamed(sheet: BodyRenamed, session: Session, actor: Actor, subject: Any) -> None:
    """The name of before stays for the papers of its days."""
    was = BodyName(name=subject.name, genitive=subject.genitive, until=sheet.since)
    _begin_part(session, actor, subject, "body_name", was)
    subject.name, subject.genitive = sheet.name, sheet.genitive


@effect.register
def _named(sheet: Named, session: Session, actor: Actor, subject: Any) -> None:
    """Whoever has an account is called as the directory calls them."""
    effect.dispatch(OfRecord)(sheet, session, actor, subject)
    if subject.person_id and not subject.name:
        subject.name = session.get_one(Person, subject.person_id).full_name


@effect.register
def _listed(sheet: ListMembers, session: Session, actor: Actor, subject: Any) -> None:
    """Whoever is in the body on the meeting's day enters its list, with the quorum of the body; who is there already stays."""
    del sheet
    there = _parts(session, subject, "meeting_member")
    accounts, names = {one.person_id for one in there} - {None}, {one.name for one in there}
    body: Any = session.get_one(RECORDS["body"], subject.body_id)
    members = [one for one in _parts(session, body, "body_member") if _is_in(one, subject.on)]
    new = [one for one in members if (one.person_id not in accounts if one.person_id else one.name not in names)]
    if not new:
        raise NotYet((_NO_MEMBERS,))
    subject.quorum = body.quorum
    for one in new:
        told = {name: getattr(one, name) for name in asks(MeetingMember)}
        _begin_part(session, actor, subject, "meeting_member", MeetingMember(**told))


def _is_in(member: Any, on: date) -> bool:
    return (member.since is None or member.since <= on) and (member.until is None or on <= member.until)


def _begin_part(session: Session, actor: Actor, whole: Record, kind: str, sheet: Sheet) -> None:
    row = RECORDS[kind](municipality_id=whole.municipality_id)
    row.within_id = whole.id
    for name in asks(type(sheet)):
        setattr(row, name, getattr(sheet, name))
    gate.entail(session, actor, row, None, sheet)


def _parts(session: Session, whole: Record, kind: str, *states: str) -> list[Any]:
    model: Any = RECORDS[kind]
    wanted = model.state.in_(states) if states else model.state != "ended"
    return list(session.scalars(select(model).where(model.within_id == whole.id, wanted).order_by(model.id)))


@effect.register
def _heard(sheet: AgendaHeard, session: Session, actor: Actor, subject: Any) -> None:
    """Take over how a question ended; nobody votes who was not there."""
    effect.dispatch(OfRecord)(sheet, session, actor, subject)
    counted = (sheet.in_favour, sheet.against, sheet.abstained)
    total, present = sum(one or 0 for one in counted), _present(session, subject.within_id)
    if total > present:
        raise Invalid({"in_favour": (_more(total, present),)})
    said = zip(("за", "против", "воздержались"), counted, strict=True)
    subject.voted = ", ".join(f"{word} {one or 0}" for word, one in said) if total else ""


def _present(session: Session, meeting: int) -> int:
    model: Any = RECORDS["meeting_member"]
    there = select(func.count()).where(model.within_id == meeting, model.state == "attended")
    return session.scalar(there) or 0


@effect.register
def _held(sheet: MeetingHeld, session: Session, actor: Actor, subject: Any) -> None:
    """Presence stands from now on: no question may have more votes than people were there."""
    effect.dispatch(OfRecord)(sheet, session, actor, subject)
    present = _present(session, subject.id)
    for one in _parts(session, subject, "agenda_item"):
        total = sum(vote or 0 for vote in (one.in_favour, one.against, one.abstained))
        if total > present:
            raise NotYet((N_("Вопрос %(n)s.", n=one.place), _more(total, present)))


@effect.register
def _came(sheet: AllCame, session: Session, actor: Actor, subject: Any) -> None:
    """Mark everybody of whom nothing is marked."""
    del sheet
    for one in _parts(session, subject, "meeting_member", "active"):
        gate.entail(session, actor, one, "attend", Nothing())


@effect.register
def _entrusted(sheet: EntrustAll, session: Session, actor: Actor, subject: Any) -> None:
    """Every new decision that names somebody becomes a task; the others wait for a name."""
    del sheet
    given = [one for one in _parts(session, subject, "meeting_decision", "active") if one.person_id]
    if not given:
        raise NotYet((_NO_EXECUTOR,))
    for one in given:
        gate.entail(session, actor, one, "entrust", Nothing())
