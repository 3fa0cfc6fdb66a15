"""Orders of a month and their cases, as rules and pages read them: which stand in one, which may, and why not the others."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, bindparam, or_, select
from sqlalchemy.orm import Session

from workflow_app.case_types.registry import CASE_TYPES, case_type
from workflow_app.content_types.month_order import APPROVAL, ATTESTATION, COMPOSITION
from workflow_app.db.models import RECORDS, Case, Municipality
from workflow_app.errors import N_, Sentence
from workflow_app.facts import involvement, naming
from workflow_app.facts.unconfirmed_names import unsure
from workflow_app.states.definitions.case.guards import PREPARED, WITH_ASSIGNMENTS

_ON_ORDER = WITH_ASSIGNMENTS[:2]
"""The states of a case in which an order names its commission: while it is formed, and while it works."""
_FORMING, _WORKED_OUT = ("assigning", "in_review"), ("consolidation", "on_approval")
_OWN_WORK = N_("Работа центра или его директора: её утверждают вне центра.")
_UNSURE = N_("Формы имён не подтверждены: такое дело утверждается на своей странице.")
_INVOLVED = N_("Кто подписывает приказ, сам участвует в этом деле.")


_MONTHS: Final = (
    "январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь",
)  # fmt: skip


_TITLES: Final = {COMPOSITION: "О составе комиссий", APPROVAL: "Об утверждении заключений"}


def month_words(first: date) -> str:
    """«ноябрь 2026 г.»."""
    return f"{_MONTHS[first.month - 1]} {first.year} г."


def title_of(order_kind: str, month: date) -> str:
    """Return how an order of a month is called in lists, unless somebody calls it otherwise."""
    return f"{_TITLES[order_kind]}, {month_words(month)}"


def place(order_kind: str, case: Case) -> str:
    """Return the place of a case that one order alone takes: of its kind, in this round."""
    return f"{order_kind}:{case.id}:{case.round}"


def places(session: Session, cases: Iterable[Case], order_kind: str) -> Mapping[int, Any]:
    """Return the order in which each of these cases stands, by the case's number: one statement."""
    order, part = _models()
    wanted = {place(order_kind, one): one.id for one in cases}
    rows = session.execute(
        select(part.once, order).join(order, order.id == part.within_id).where(part.once.in_(wanted))
    )
    return {wanted[once]: row for once, row in rows}


def approving(session: Session, cases: Iterable[Case]) -> Collection[int]:
    """Return which of these cases an order of the month is to approve; no statement where none waits for approval."""
    waiting = [one for one in cases if one.state == "on_approval"]
    return places(session, waiting, APPROVAL).keys() if waiting else ()


def _models() -> tuple[Any, Any]:
    return RECORDS["month_order"], RECORDS["ordered_case"]


def held(session: Session, case: Case, *kinds: str) -> Sequence[Any]:
    """Return the parts by which a case stands in orders of these kinds in its present round."""
    part = _models()[1]
    return session.scalars(
        select(part).where(part.once.in_([place(one, case) for one in kinds])).order_by(part.id)
    ).all()


def named(session: Session, case: Case) -> Sequence[Any]:
    """Return the orders that name a case, in force, drafted or cancelled, the newest first."""
    return session.scalars(_named(), {"case": case.id}).unique().all()


@cache
def _named() -> Any:
    order, part = _models()
    mine = select(order).join(part, part.within_id == order.id)
    kept = or_(part.state == "active", order.state == "void")
    found = mine.where(part.case_id == bindparam("case"), order.state != "ended", kept)
    return found.order_by(order.id.desc())


def in_annex(session: Session, order: Any) -> Sequence[int]:
    """Return the numbers of the cases in an order's annex; of a cancelled one those that stood there at last."""
    part = _models()[1]
    state = "active" if order.state != "void" else "ended"
    return session.scalars(
        select(part.case_id).where(part.within_id == order.id, part.state == state).order_by(part.id)
    ).all()


def signer_set(session: Session, municipality_id: int) -> int | None:
    """Return the chair of the working group who signs by the centre's setting; None: the director does."""
    switches = session.get_one(Municipality, municipality_id).switches
    chair = switches.get("orders_chair_id")
    return chair if chair and chair != naming.director_of(session, municipality_id).id else None


def of_scope(scope: str) -> ColumnElement[bool]:
    """Return the condition that a case is of the types of a scope."""
    attested = [key for key, kind in CASE_TYPES.items() if kind.shape.attestation]
    return Case.type.in_(attested) if scope == ATTESTATION else Case.type.not_in(attested)


def considered(found: Select[Case], order_kind: str, scope: str) -> Select[Case]:
    """Narrow a statement to the cases that such an order may be about soon, ready or not."""
    states = _FORMING if order_kind == COMPOSITION else _WORKED_OUT
    return found.where(Case.state.in_(states), of_scope(scope))


def against(
    session: Session, order_kind: str, scope: str, signer_id: int, cases: Collection[Case], order_id: int | None = None
) -> Mapping[int, Sequence[Sentence]]:
    """Return why cases may not stand in an order that ``signer_id`` signs, by number; no entry: nothing speaks against. Few statements.

    ``order_id``: the order itself, in which they may stand already.
    """
    taken = places(session, cases, order_kind)
    groups = involvement.groups(session, [*cases])
    own = set(
        session.scalars(select(Case.id).where(Case.id.in_([one.id for one in cases]), involvement.of_a_director()))
    )
    doubted = unsure(session, [*cases]) if order_kind == APPROVAL else frozenset[int]()
    found: dict[int, Sequence[Sentence]] = {}
    for case in cases:
        why = [*_of_state(case, order_kind), *_of_signer(case, order_kind, signer_id, groups.get(case.id, frozenset()))]
        if (case_type(case.type).shape.attestation) != (scope == ATTESTATION):
            why.append(N_("Дело другого вида: приказ не о нём."))
        if order_kind == APPROVAL and (case.id in own or involvement.of_the_centre(case)):
            why.append(_OWN_WORK)
        if case.id in doubted:
            why.append(_UNSURE)
        if case.id in taken and taken[case.id].id != order_id:
            why.append(
                N_(
                    "Уже стоит в приказе «%(title)s» (%(number)s).",
                    title=taken[case.id].title,
                    number=taken[case.id].number,
                )
            )
        if why:
            found[case.id] = why
    return found


def _of_state(case: Case, order_kind: str) -> Iterable[Sentence]:
    title = case_type(case.type).workflow.state(case.state).title
    if order_kind == APPROVAL:
        if case.state != "on_approval":
            yield N_("Ещё не передано на утверждение: %(state)s.", state=title)
        return
    if case.state not in _ON_ORDER:
        yield N_("Состав не формируется: %(state)s.", state=title)
        return
    have = len(involvement.live(case))
    if have < case.required:
        yield N_("Приглашены не все: %(have)s из %(need)s.", have=have, need=case.required)


def _of_signer(case: Case, order_kind: str, signer_id: int, group: frozenset[int]) -> Iterable[Sentence]:
    """Yield what keeps whoever signs from a case: R30, and of a conclusion four eyes."""
    experts = {one.expert_id for one in case.assignments if one.state not in ("refused", "expired")}
    if signer_id in involvement.authors_of(case) | experts | group:
        yield _INVOLVED
    if order_kind == APPROVAL and signer_id in (case.composed_by, case.circulated_by, case.proposed_by):
        yield PREPARED
