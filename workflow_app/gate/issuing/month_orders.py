"""What the orders of a month are made of: the cases of the annex in the order of their numbers, who is charged, who signs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow_app.content_types.month_order import ATTESTATION, COMPOSITION
from workflow_app.db.models import Case, Person
from workflow_app.documents.kinds.month_orders import CommissionsCard, ConclusionsCard, lines_of
from workflow_app.errors import N_, NotYet
from workflow_app.facts import involvement, listed_cases, month_orders, naming
from workflow_app.gate.issuing.office import person_as_expert

_EMPTY: Final = N_("В приказе нет ни одного дела: отберите их.")


def _card(session: Session, row: Any) -> CommissionsCard | ConclusionsCard:
    wanted = month_orders.in_annex(session, row)
    if not wanted:
        raise NotYet((_EMPTY,))
    found = listed_cases.with_people(select(Case).where(Case.id.in_(wanted)).order_by(Case.number_order))
    cases = session.scalars(found).unique().all()
    of_commissions = row.order_kind == COMPOSITION
    chair = session.get_one(Person, row.signer_id) if row.signer_id else None
    made = CommissionsCard if of_commissions else ConclusionsCard
    rows = tuple(listed_cases.rows_of(session, cases, experts=involvement.LIVE if of_commissions else ()))
    return made(
        attestation=row.scope == ATTESTATION, rows=rows, lines=lines_of(rows),
        executor=person_as_expert(session, row.responsible_id), chair=naming.name_of(chair) if chair else None,
    )  # fmt: skip


GATHER: Final[Mapping[type | None, Callable[[Session, Any], Any]]] = {CommissionsCard: _card, ConclusionsCard: _card}
