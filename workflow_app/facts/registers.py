"""The registers of issued documents: conclusions, orders, letters …, as the centre keeps them, without gaps.

Every number stands in its register, whoever looks; a paper that the reader may not open is a line of number, date, kind
and state, without the case. :func:`opens` says of a case's documents in SQL what ``gate.visible`` says; a test proves them equal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from sqlalchemy import JSON, ColumnElement, Select, and_, case, inspect, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager, defer, lazyload, load_only

from workflow_app.content_types.behaviors import Issues
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db import keyset
from workflow_app.db.keyset import Order, Walk
from workflow_app.db.models import RECORDS, Case, Document, Person
from workflow_app.documents.kinds.registry import OF_PANEL, TO_APPLICANT
from workflow_app.errors import N_, Sentence
from workflow_app.facts import keeping
from workflow_app.facts.standings import visible, visible_part
from workflow_app.states.vocabulary import Actor, Permission

REGISTERS: Mapping[str, Sentence] = {
    "conclusions": N_("Заключения"), "orders": N_("Приказы"), "letters": N_("Письма и уведомления"),
    "decisions": N_("Решения по апелляциям"),
    "protocols": N_("Протоколы"), "extracts": N_("Выписки"), "acts": N_("Акты"), "certificates": N_("Справки"),
    "sheets": N_("Листы регистрации и ознакомления"),
    "plans": N_("Планы работы"),
}  # fmt: skip
SUCCESSOR = aliased(Document)
# A line shows no form, and of the applicant the name.
_SHORT: Final = (
    contains_eager(Case.applicant).options(
        load_only(Person.last_name, Person.first_name, Person.middle_name), lazyload(Person.organization), lazyload(Person.memberships)
    ),
    *(defer(getattr(Case, one.key), raiseload=True) for one in inspect(Case).column_attrs if isinstance(one.columns[0].type, JSON)),
)  # fmt: skip
Line = tuple[Document, Case | None, bool, int | None]  # the case is none of a paper that a record issued
Lines = Select[Document, Case, bool, int | None]
# Only by what every line shows: a key stands in the address, and the case of a masked line is not told.
SORTS: dict[str, Order] = {
    "number": Order(Document, ("year", "number_order", "edition"), blank=None),
    "dated": Order(Document, ("dated",)),
}


def opens(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on ``Document`` joined with its ``Case``, if it has one, under which the actor may open the paper."""
    of_case = Document.case_id.is_not(None)
    of_expert, to_applicant = Document.assignment_id.is_not(None), Document.document_kind.in_(TO_APPLICANT)
    of_panel = Document.document_kind.in_(OF_PANEL)
    other = and_(~to_applicant, ~of_panel)

    def may(permission: Permission) -> ColumnElement[bool]:
        return visible_part(actor, permission, Document)

    return or_(
        and_(of_case, to_applicant, may(Permission.SEE_LETTERS)),
        and_(of_case, of_panel, may(Permission.SEE_MINUTES)),
        and_(of_case, other, ~of_expert, may(Permission.SEE_CONCLUSION)),
        and_(of_case, other, of_expert, may(Permission.SEE_REVIEWS)),
        *(_of_records(actor, key) for key, one in CONTENT_TYPES.items() if one.behavior(Issues)),
    )


def _of_records(actor: Actor, key: str) -> ColumnElement[bool]:
    """Return the condition that a paper was issued by a record of a kind whose documents the actor may read."""
    model = RECORDS[key]
    return and_(
        Document.record_kind == key,
        Document.record_id.in_(visible(actor, Permission.SEE_CONCLUSION, model).column(model.id)),
    )


def titles(session: Session, papers: Iterable[Document]) -> Mapping[tuple[str, int], str]:
    """Return how the records are called that issued papers, by kind and number: one statement a kind."""
    asked: dict[str, set[int]] = {}
    for one in papers:
        if one.record_kind is not None and one.record_id is not None:
            asked.setdefault(one.record_kind, set()).add(one.record_id)
    return {
        (key, row.id): str(getattr(row, row.content.title))
        for key, ids in asked.items()
        for row in session.scalars(select(RECORDS[key]).where(RECORDS[key].id.in_(ids)))
    }


def papers(actor: Actor, register: str) -> Select[Document]:
    """Return the papers of a municipality's register."""
    return select(Document).where(Document.municipality_id == actor.municipality_id, Document.register == register)


@keeping.statements
def whole(actor: Actor, register: str, order: Order, walk: Walk) -> Lines:
    """Return :func:`lines` of a whole register: kept for who the actor is (``worklist.bare``); no row is in it."""
    return lines(actor, papers(actor, register), order, walk)


def lines(actor: Actor, papers: Select[Document], order: Order, walk: Walk) -> Lines:
    """Return a stretch of a register: the paper, its case, whether it may be opened, the version that replaced it."""
    may_open = case((opens(actor), True), else_=False)
    found = keyset.rows(keyset.stretch([papers], order, walk), order).add_columns(Case, may_open, SUCCESSOR.edition)
    found = found.outerjoin(Case, Case.id == Document.case_id).outerjoin(
        SUCCESSOR, SUCCESSOR.replaces_id == Document.id
    )
    return found.outerjoin(Person, Person.id == Case.applicant_id).options(*_SHORT)
