"""What acts on orders of a month do: cases take their places and leave them, are approved and given back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import partial
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from workflow_app import gate
from workflow_app.content_types.declaration import OfRecord
from workflow_app.content_types.month_order import (
    APPROVAL,
    COMPOSITION,
    DOCUMENTS,
    MOST,
    CancelOrder,
    DropOrder,
    EnterOrder,
    LeaveOrder,
    MonthOrder,
    OrderedCase,
)
from workflow_app.db.models import RECORDS, Case, Document, Event
from workflow_app.errors import N_, Invalid, NotYet, Sentence
from workflow_app.facts import deadlines, month_orders, naming
from workflow_app.facts.record_people import living_parts
from workflow_app.facts.standings import own
from workflow_app.gate import effect
from workflow_app.states.definitions.case.forms import ApprovedByOrder, NamedByOrder, OrderCancelled
from workflow_app.states.definitions.case.forms_signed import SignedHere
from workflow_app.states.forms import Nothing
from workflow_app.states.vocabulary import Actor, Who, system

_OWN: Final = N_("Вы сами участвуете в этом деле: в приказ его вносит другой координатор.")


def with_part_in(session: Session, actor: Actor, cases: Collection[int]) -> frozenset[int]:
    """Return in which of these cases, by id, the actor has a part: what an order tells of them is not for them (R30)."""
    mine = own(actor.person_id or 0, Case.kind, {Who.INVOLVED})
    return frozenset(session.scalars(select(Case.id).where(Case.id.in_(cases), Case.id.in_(mine))))


@effect.register
def _begun(sheet: MonthOrder, session: Session, actor: Actor, subject: Any) -> None:
    """Who signs is what the centre has set when the order is begun; what an order is about stands once it has cases."""
    was = (subject.order_kind, subject.scope)
    effect.dispatch(OfRecord)(sheet, session, actor, subject)
    subject.signer_id = subject.signer_id or month_orders.signer_set(session, subject.municipality_id)
    if was != (subject.order_kind, subject.scope) and living_parts(session, subject, "ordered_case"):
        raise Invalid({"order_kind": (N_("В приказе уже есть дела: вид и область менять нельзя."),)})


@effect.register
def _ordered(sheet: OrderedCase, session: Session, actor: Actor, subject: Any) -> None:
    """Take the place of the case in an order of this kind; Invalid when it is not ready for one, and of who has a part in it (R30)."""
    case = session.get(Case, sheet.case_id)
    if case is None or not gate.visible(session, actor, case):
        raise Invalid({"case_id": (gate.NO_SUCH,)})
    if with_part_in(session, actor, [case.id]):
        raise Invalid({"case_id": (_OWN,)})
    effect.dispatch(OfRecord)(sheet, session, actor, subject)
    order = _order(session, subject)
    if len(living_parts(session, order, "ordered_case")) > MOST:
        raise Invalid({"case_id": (N_("В приказе не больше %(n)s дел: соберите второй.", n=MOST),)})
    why = month_orders.against(session, order.order_kind, order.scope, _signer(session, order), [case], order.id)
    if case.municipality_id != order.municipality_id or case.id in why:
        raise Invalid({"case_id": tuple(why.get(case.id, ()))})
    subject.once = month_orders.place(order.order_kind, case)
    gate.unsettle(session, (case,))


def _order(session: Session, part: Any) -> Any:
    return session.get_one(RECORDS["month_order"], part.within_id)


def _signer(session: Session, order: Any) -> int:
    return int(order.signer_id or naming.director_of(session, order.municipality_id).id)


@effect.register
def _left(sheet: LeaveOrder, session: Session, actor: Actor, subject: Any) -> None:
    del sheet, actor
    subject.once = None
    gate.unsettle(session, (session.get_one(Case, subject.case_id),))


@effect.register
def _entered(sheet: EnterOrder, session: Session, actor: Actor, subject: Any) -> None:
    """Sign, or enter as signed by hand: every case is looked at again; those of an order on conclusions are approved with it."""
    if sheet.dated is not None and sheet.dated > deadlines.today(session, subject.municipality_id):
        raise Invalid({"dated": (N_("Дата приказа не может быть в будущем."),)})
    signer = actor.person_id if isinstance(sheet, SignedHere) and actor.person_id else _signer(session, subject)
    cases = _cases(session, subject)
    why = month_orders.against(session, subject.order_kind, subject.scope, signer, cases, subject.id)
    if why:
        raise NotYet(tuple(_of(one, said) for one in cases for said in why.get(one.id, ())))
    if subject.order_kind == COMPOSITION:
        gate.noting.note(session, cases, "name_by_order", partial(_issued, subject))
    if subject.order_kind == APPROVAL:
        told = ApprovedByOrder(order_id=subject.id, order=f"{subject.title} ({subject.number})")
        for one in cases:
            gate.entail(session, system(subject.municipality_id), one, "approve_by_order", told)


def _issued(order: Any, event: Event) -> NamedByOrder:
    """Return number and day of the paper that the signing of an order issued."""
    paper = event.issued[0]
    return NamedByOrder(order_id=order.id, number=paper["number"], dated=date.fromisoformat(paper["dated"]))


def _of(case: Case, said: Sentence) -> Sentence:
    return N_("%(case)s: %(why)s", case=case.number or case.title, why=said)


def _cases(session: Session, order: Any) -> list[Case]:
    wanted = month_orders.in_annex(session, order)
    asked = select(Case).where(Case.id.in_(wanted)).order_by(Case.id)
    around = (selectinload(Case.assignments), selectinload(Case.co_authors))  # looked at again, case by case
    return list(session.scalars(asked.options(*around)).unique())


@effect.register
def _dropped(sheet: DropOrder, session: Session, actor: Actor, subject: Any) -> None:
    del sheet, actor
    _free(session, subject)


@effect.register
def _cancelled(sheet: CancelOrder, session: Session, actor: Actor, subject: Any) -> None:
    """Void the paper; cases that it approved wait again, as long as none has gone on meanwhile."""
    del actor
    by = system(subject.municipality_id)
    for paper in _papers(session, subject):
        gate.entail(session, by, paper, "void", Nothing())
        if subject.order_kind == COMPOSITION:
            told = NamedByOrder(order_id=subject.id, number=paper.number or "", dated=paper.dated)
            gate.noting.note(session, _cases(session, subject), "unname_by_order", lambda _event, told=told: told)  # type: ignore[misc]
    if subject.order_kind == APPROVAL:
        cases = _cases(session, subject)
        gone = [one for one in cases if one.state != "approved"]
        if gone:
            raise NotYet(tuple(_of(one, N_("Дело уже ушло дальше: отменить его утверждение нельзя.")) for one in gone))
        for one in cases:
            gate.entail(session, by, one, "cancel_by_order", OrderCancelled(reason=sheet.reason))
    _free(session, subject)


def _papers(session: Session, order: Any) -> list[Document]:
    mine = (Document.record_kind == order.kind, Document.record_id == order.id, Document.state == "issued")
    kind = Document.document_kind == DOCUMENTS[order.order_kind]
    return list(session.scalars(select(Document).where(*mine, kind).order_by(Document.id)))


def _free(session: Session, order: Any) -> None:
    for part in living_parts(session, order, "ordered_case"):
        gate.entail(session, system(order.municipality_id), part, "free", LeaveOrder())
