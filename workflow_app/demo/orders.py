"""The orders of the demo's month: the commissions of its attestations by a signed one, a conclusion in a draft for the director."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow_app import gate
from workflow_app.content_types.month_order import (
    APPROVAL,
    ATTESTATION,
    COMPOSITION,
    EXPERTISE,
    MonthOrder,
    OrderedCase,
    SignComposition,
)
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db.models import RECORDS, Case
from workflow_app.demo.timeline import OfficeStage, World
from workflow_app.facts import listed_cases, month_orders, naming
from workflow_app.facts.record_rows import row_of
from workflow_app.states.forms import Nothing
from workflow_app.states.vocabulary import Actor

_KEEPER, _DIRECTOR = "morozova", "gradov"
_DRAFTED: Final = "innovation_product"  # of this type stands in the draft; the others wait for the director one by one


def collect(world: World) -> None:
    """Collect both orders as the coordinator does, and let the director sign the first."""
    stage = OfficeStage(world, minute=172)
    stage.on(0)
    with stage.turn(_KEEPER) as (session, actor):
        signed = _begin(world, session, actor, COMPOSITION, ATTESTATION)
        _begin(world, session, actor, APPROVAL, EXPERTISE, _DRAFTED)
    if signed is None:
        return
    with stage.turn(_KEEPER) as (session, actor):
        row = session.get_one(RECORDS["month_order"], signed)
        gate.perform(session, actor, row, "offer", Nothing(), row.version)
    with stage.turn(_DIRECTOR) as (session, actor):
        row = session.get_one(RECORDS["month_order"], signed)
        gate.perform(session, actor, row, "sign_composition", SignComposition(), row.version)


def _begin(world: World, session: Session, actor: Actor, kind: str, scope: str, only: str = "") -> int | None:
    """Begin an order with every case that is ready for it, or those of one type; return its id, None where no case is ready."""
    found = month_orders.considered(select(Case).where(Case.municipality_id == actor.municipality_id), kind, scope)
    cases = session.scalars(listed_cases.with_people(found.order_by(Case.number_order))).unique().all()
    signer = naming.director_of(session, actor.municipality_id).id
    against = month_orders.against(session, kind, scope, signer, cases)
    ready = [one for one in cases if one.id not in against and only in ("", one.type)]
    if not ready:
        return None
    month = world.present.today.replace(day=1)
    sheet = MonthOrder(
        title=month_orders.title_of(kind, month), order_kind=kind, scope=scope, month=month, responsible_id=actor.person_id
    )  # fmt: skip
    row = gate.begin(session, actor, row_of(CONTENT_TYPES["month_order"], actor.municipality_id, sheet), sheet)
    for one in ready:
        told = OrderedCase(case_id=one.id)
        gate.begin(session, actor, row_of(CONTENT_TYPES["ordered_case"], actor.municipality_id, told, row), told)
    return row.id
