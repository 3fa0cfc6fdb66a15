"""What protocols of meetings and extracts of them are made of, read from the rows; the body is called as on the meeting's day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow_app.content_types.meeting_course import turnout
from workflow_app.db.models import RECORDS, Person
from workflow_app.documents.content.assessment_cards import Expert, Reference, Signature
from workflow_app.documents.content.cards import Sitting, Votes
from workflow_app.documents.kinds.meeting_papers import ExtractCard, MeetingCard
from workflow_app.documents.kinds.protocol import AgendaItem
from workflow_app.documents.russian.grammar import day, plural
from workflow_app.errors import N_, NotYet
from workflow_app.facts import naming
from workflow_app.facts.issued_documents import paper_of_record
from workflow_app.facts.record_names import chosen_words
from workflow_app.facts.subjects import facts_of
from workflow_app.gate.issuing.office import as_typed, in_order, lines, named, person_as_expert

_NO_CHAIR: Final = N_("Отметьте среди присутствовавших председателя: он ведёт заседание и подписывает протокол.")
_NO_AGENDA: Final = N_("В повестке нет рассмотренных вопросов: запишите решения.")
_NO_PROTOCOL: Final = N_("Сначала выпустите протокол: в выписке стоят его номер и дата.")


def name_on(session: Session, body: Any, on: date) -> tuple[str, str]:
    """Return what a body was called on a day, in the nominative and the genitive."""
    model: Any = RECORDS["body_name"]
    mine = select(model).where(model.within_id == body.id, model.state != "ended", model.until > on)
    was = session.scalars(mine.order_by(model.until, model.id).limit(1)).first()
    return (was.name, was.genitive) if was is not None else (body.name, body.genitive)


def _protocol(session: Session, row: Any) -> MeetingCard:
    items = _items(session, row)
    if not items:
        raise NotYet((_NO_AGENDA,))
    return MeetingCard(**_held(session, row), agenda=tuple(_item(session, row, one) for one in items))


def _extract(session: Session, row: Any) -> ExtractCard:
    whole: Any = session.get_one(RECORDS["meeting"], row.within_id)
    paper = paper_of_record(session, whole, "meeting_protocol")
    number, on = (paper.number, paper.dated) if paper else (whole.paper, whole.signed_on)
    if not number or on is None:
        raise NotYet((_NO_PROTOCOL,))
    told = _held(session, whole) | {"present": (), "guests": (), "programme": "", "questions": "", "visitors": ""}
    told["signatures"] = told["signatures"][-1:]  # whoever keeps the protocol certifies the extract
    at = next(at for at, one in enumerate(_items(session, whole), start=1) if one.id == row.id)
    return ExtractCard(**told, agenda=(_item(session, whole, row),), of=Reference(number, on), number=at)


def _items(session: Session, meeting: Any) -> list[Any]:
    model: Any = RECORDS["agenda_item"]
    heard = select(model).where(model.within_id == meeting.id, model.state == "heard")
    return list(session.scalars(heard.order_by(model.place, model.id)))


def _held(session: Session, row: Any) -> dict[str, Any]:
    """Return what a protocol and its extracts say of the meeting itself."""
    there = in_order(session, "meeting_member", row, "attended")
    chair = next((one for one in there if one.office == "chair"), None) or next(
        (one for one in there if one.office == "deputy"), None
    )
    if chair is None:
        raise NotYet((_NO_CHAIR,))
    secretary = next((one for one in there if one.office == "secretary"), None)
    lead = named(session, chair)
    keeps = named(session, secretary) if secretary else person_as_expert(session, row.responsible_id)
    body: Any = session.get_one(RECORDS["body"], row.body_id)
    called = name_on(session, body, row.on)[1]
    joint = f" совместно с {row.joint_body}" if row.joint_body else ""
    return {
        "body_g": f"заседания {called}{joint}", "chair": lead, "secretary": keeps,
        "present": tuple(named(session, one) for one in there if one not in (chair, secretary)),
        "signatures": tuple(_hand(one) for one in (lead, keeps) if one), "sitting": Sitting(row.on, row.starts, row.place),
        "form": chosen_words(row, "form"), "quorum": _quorum(session, row), "guests": lines(row.guests), "absent": row.form == "absent",
        "visitors": str(row.visitors) if row.visitors is not None else "", "programme": row.programme, "questions": row.questions,
    }  # fmt: skip


def _hand(one: Expert) -> Signature:
    return Signature("paper", one.person, one.position, one.organisation if one.organisation.g else None)


def _quorum(session: Session, row: Any) -> str:
    came, members, needed = turnout(facts_of(row, session))
    said = f"{plural(came, 'присутствует', 'присутствуют', 'присутствуют')} {came} из {members} членов"
    if came >= needed:
        return f"{said}, кворум имеется"
    return f"{said} при необходимых {needed}, кворума нет ({row.ground})"


def _item(session: Session, meeting: Any, row: Any) -> AgendaItem:
    heard = person_as_expert(session, row.speaker_id)
    if heard is None and row.speaker:
        name, _comma, position = row.speaker.partition(",")
        heard = as_typed(name, position.strip())
    model: Any = RECORDS["meeting_decision"]
    mine = (model.within_id == meeting.id, model.item == row.place, model.state != "ended")
    tasks = session.scalars(select(model).where(*mine).order_by(model.id))
    counted = (row.in_favour, row.against, row.abstained)
    votes = Votes(*(one or 0 for one in counted)) if any(one is not None for one in counted) else None
    points = (*lines(row.decision), *(_task(session, one) for one in tasks))
    absent = meeting.form == "absent"  # in a poll nobody is heard
    return AgendaItem(row.title, points, None if absent else heard, said=lines(row.said), votes=votes)


def _task(session: Session, row: Any) -> str:
    """Return a decision with who carries it out and until when: «… Ответственный – Морозова Л.П. Срок – до 12 декабря 2026 г.»."""
    who = session.get(Person, row.person_id) if row.person_id else None
    said = [row.title.strip().rstrip(".") + "."]
    if who is not None:
        said.append(f"Ответственный – {naming.name_of(who).short(surname_first=True)}")
    if row.until:
        said.append(f"Срок – до {day(row.until)}")
    return " ".join(said)


GATHER: Final[Mapping[type | None, Callable[[Session, Any], Any]]] = {MeetingCard: _protocol, ExtractCard: _extract}
