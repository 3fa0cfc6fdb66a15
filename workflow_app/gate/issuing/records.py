"""Documents of records: each numbered, composed, stored by its hash and entered as a row; what each is made of, read from the rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflow_app import clock
from workflow_app.content_types.month_order import EnterOrder
from workflow_app.db import hash_chain
from workflow_app.db.blobs import Blobs
from workflow_app.db.models import RECORDS, Document, Event, Organization, Person, Record, new_code
from workflow_app.db.stated_facts import plain
from workflow_app.documents.content import snapshot as m
from workflow_app.documents.docx.blocks import Document as Composed
from workflow_app.documents.kinds import event_announcement as a
from workflow_app.documents.kinds import event_papers as e
from workflow_app.documents.kinds.acquaintance_sheet import Acquainted, Reader
from workflow_app.documents.kinds.kind import Kind
from workflow_app.documents.kinds.programme_report import Told
from workflow_app.documents.kinds.registry import KINDS, kind
from workflow_app.errors import N_, Broken, NotYet
from workflow_app.facts import deadlines, naming, report
from workflow_app.facts import document_snapshot as rows
from workflow_app.facts.issued_documents import paper_of_record
from workflow_app.facts.record_names import chosen_words
from workflow_app.gate.issuing import body_plans, meetings, month_orders, numbers, office
from workflow_app.gate.issuing.render import draft_of_record, made
from workflow_app.gate.issuing.snapshot import check_address
from workflow_app.states.vocabulary import Actor

Make = Callable[[Session, Any], Any]
_READ: Final = {"local_act": "acquaintance", "office_paper": "paper_acquaintance"}
_UNISSUED: Final = N_("Сначала выпустите сам документ: в листе стоят его номер и дата.")


def issue(
    session: Session,
    record: Record,
    keys: tuple[str, ...],
    blobs: Blobs,
    signer: Actor | None = None,
    typed: EnterOrder | None = None,
) -> list[Document]:
    """Issue documents of a record; return the new rows. ``signer`` has signed by the act that issues them; None: nobody has.

    ``typed``: number and date of the paper journal, if there are any.
    """
    signed = _signature(session, record, signer) if signer else None
    return [_issued(session, record, kind(key), blobs, signed, typed) for key in keys]


def _signature(session: Session, record: Record, signer: Actor) -> m.Signature:
    """Return the signature by this very act: its entry in the journal is the next one, for the chain is locked."""
    home, person = record.municipality_id, session.get_one(Person, signer.person_id)
    known = rows.requisites(session, home, deadlines.today(session, home))
    is_director = person.id == rows.director_of(session, home).id
    last = session.scalar(select(func.max(Event.seq)).where(Event.root_kind == record.kind, Event.root_id == record.id))
    entry = f"{record.number}/{(last or 0) + 1}" if record.number else ""
    position = rows.position_of(known["director_position"] if is_director else person.position)
    return m.Signature(
        "simple", rows.name_of(person), position, None, rows.local_moment(session, home, clock.now()), entry
    )


def _issued(
    session: Session, record: Record, of: Kind, blobs: Blobs, signed: m.Signature | None, typed: EnterOrder | None
) -> Document:
    old, today = paper_of_record(session, record, of.key), deadlines.today(session, record.municipality_id)
    dated = typed.dated if typed and typed.dated else today
    document = Document(
        municipality_id=record.municipality_id, record_kind=record.kind, record_id=record.id, document_kind=of.key, round=1,
        edition=old.edition + 1 if old else 1, register=of.register, dated=dated, year=old.year if old else dated.year,
        issued_at=clock.now(), state="issued", version=1, replaces_id=old.id if old else None, code=new_code(),
    )  # fmt: skip
    document.number = (
        old.number if old else numbers.take(session, document, str(of.register), typed.number if typed else "")
    )
    edition = f" (версия {document.edition})" if document.edition > 1 else ""
    document.file_name = f"{of.title} {document.number}{edition}.docx"
    blob = blobs.put_bytes(made(session, document, _material(session, record, document, old, signed), blobs))
    document.sha256, document.size = blob.sha256, blob.size
    session.add(document)
    session.flush()
    return document


def _material(
    session: Session, record: Record, document: Document, old: Document | None, signed: m.Signature | None
) -> m.RecordMaterial:
    state = {"record": [record.kind, record.id], "values": {name: plain(one) for name, one in record.values.items()}}
    issue = m.Issue(
        number=document.number or "", date=document.dated, version=document.edition, made_at=clock.now(),
        replaces=m.Reference(old.number or "", old.dated, old.edition) if old else None,
        check_address=check_address(session, document.code), code=document.code, digest=hash_chain.payload_hash("", state),
    )  # fmt: skip
    centre = naming.centre_card(session, record.municipality_id, document.dated)
    return m.RecordMaterial(centre, issue, GATHER[kind(document.document_kind).card](session, record), signed)


def draft(session: Session, record: Record, key: str, blobs: Blobs) -> bytes:
    """Return the file of a document of a record as it would be issued today: a draft without a number; nothing is kept."""
    return draft_of_record(session, record.municipality_id, key, _drafted(session, record, key), blobs)


def preview(session: Session, record: Record, key: str) -> Composed:
    """Return a document of a record as it would be issued today by our own composition: nothing is kept."""
    return kind(key).compose(_drafted(session, record, key))


def _drafted(session: Session, record: Record, key: str) -> m.RecordMaterial:
    home, today = record.municipality_id, deadlines.today(session, record.municipality_id)
    card = GATHER[kind(key).card](session, record)
    return m.RecordMaterial(naming.centre_card(session, home, today), m.Issue(date=today), card)


def _event(session: Session, row: Any) -> e.EventCard:
    who = session.get(Person, row.responsible_id) if row.responsible_id else None
    return e.EventCard(
        chosen_words(row, "form"), row.title, chosen_words(row, "level"), row.on, row.place, row.hours, row.starts,
        who.full_name if who else "", row.audience, row.about, row.capacity, row.link,
    )  # fmt: skip


def _attendant(session: Session, row: Any) -> e.Attendant:
    place = session.get(Organization, row.organization_id) if row.organization_id else None
    post = naming.position_of(row.position).n  # a key in rows from before posts were written in words
    return e.Attendant(row.name, place.name if place else row.place_of_work, post)


def _certificate(session: Session, row: Any) -> e.Attended:
    return e.Attended(
        _event(session, session.get_one(RECORDS["centre_event"], row.within_id)), _attendant(session, row)
    )


def _registered(session: Session, row: Any) -> e.Registered:
    model = RECORDS["registration"]
    taken = select(model).where(model.within_id == row.id, model.state.in_(("active", "attended", "missed")))
    people = session.scalars(taken.order_by(model.title_order, model.id))
    return e.Registered(_event(session, row), tuple(_attendant(session, one) for one in people))


def _announced(session: Session, row: Any) -> a.Announced:
    """Return what a letter says: the open page is named as long as strangers see the event."""
    site = str(session.info.get("site") or "").rstrip("/")
    page = f"{site}/open/centre-event/{row.id}" if site and row.published else ""
    who = session.get(Person, row.responsible_id) if row.responsible_id else None
    known = rows.requisites(session, row.municipality_id, deadlines.today(session, row.municipality_id))
    return a.Announced(
        event=_event(session, row), page=page, open_form=row.open_form, prepared_by=rows.name_of(who) if who else None,
        phone=known.get("phone", ""),
    )  # fmt: skip


def _ordered(session: Session, row: Any) -> a.Ordered:
    who = session.get(Person, row.responsible_id) if row.responsible_id else None
    item: Any = session.get(RECORDS["plan_item"], row.plan_item_id) if row.plan_item_id else None
    return a.Ordered(
        event=_event(session, row), plan_code=item.code if item else "", plan_title=item.title if item else "",
        executor=rows.name_of(who) if who else None,
        executor_position=naming.position_of(who.position) if who and who.position else None,
    )  # fmt: skip


def _acquainted(session: Session, row: Any) -> Acquainted:
    model = RECORDS[_READ[row.kind]]
    parts = session.scalars(select(model).where(model.within_id == row.id, model.state != "ended").order_by(model.id))
    readers = tuple(_reader(session, one) for one in parts)
    if row.kind == "local_act":
        return Acquainted(row.title, row.paper, row.on, row.edition, readers)
    paper = next((one for key in office.PAPERS if (one := paper_of_record(session, row, key))), None)
    if paper is None:
        raise NotYet((_UNISSUED,))
    what = ("Приказ", "приказом") if row.paper_kind == "order" else ("Письмо", "письмом")
    return Acquainted(row.title, paper.number or "", paper.dated, 0, readers, *what)


def _reader(session: Session, part: Any) -> Reader:
    """Return one who reads an act: when and how is what the last act on the part says."""
    person = session.get_one(Person, part.person_id)
    who = Reader(person.full_name, naming.position_of(person.position).n if person.position else "")
    if part.state != "read":
        return who
    acts = ("acquaint", "acquaint_on_paper")
    found = select(Event).where(
        Event.subject_kind == part.kind, Event.subject_id == part.id, Event.transition.in_(acts)
    )
    event = session.scalars(found.order_by(Event.id.desc()).limit(1)).first()
    if event is None:
        return who
    told = event.payload.data.get("on") if event.payload else None
    zone = ZoneInfo(deadlines.zone_of(session, part.municipality_id))
    on = date.fromisoformat(str(told)) if told else event.at.astimezone(zone).date()
    how = "простой электронной подписью" if event.signature else "в системе"
    return Reader(who.name, who.position, on, "на бумаге" if event.transition == "acquaint_on_paper" else how)


GATHER: Final[Mapping[type | None, Make]] = MappingProxyType(
    {
        e.Attended: _certificate,
        e.Registered: _registered,
        a.Announced: _announced,
        a.Ordered: _ordered,
        Acquainted: _acquainted,
        Told: report.told,
        **meetings.GATHER,
        **office.GATHER,
        **body_plans.GATHER,
        **month_orders.GATHER,
    }
)
"""What reads the facts of a card from a record, by the card's class."""


def prove() -> None:
    """Raise Broken unless the card of every document of a record is read here, and each has a register."""
    for one in KINDS.values():
        if one.of == "record" and (one.card not in GATHER or one.register is None):
            raise Broken(f"document {one.key} of a record: nothing reads its card here, or it has no register")
