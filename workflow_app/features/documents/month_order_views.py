"""Pages of the orders of a month: which cases are ready and why others are not, the draft to look at, the order on a case's page."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from flask import Response, abort, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from workflow_app import gate
from workflow_app.content_types.month_order import (
    APPROVAL,
    ATTESTATION,
    COMPOSITION,
    DOCUMENTS,
    EXPERTISE,
    KINDS,
    SCOPES,
    LeaveOrder,
    MonthOrder,
    OrderedCase,
)
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db.models import RECORDS, Case
from workflow_app.documents.lists.columns import ListRow
from workflow_app.errors import Invalid, NotYet, Sentence, WorkflowError
from workflow_app.facts import listed_cases, month_orders, naming
from workflow_app.facts.involvement import LIVE, judged_with
from workflow_app.facts.issued_documents import paper_of_record
from workflow_app.facts.month_orders import month_words
from workflow_app.facts.record_people import living_parts
from workflow_app.facts.record_rows import row_of
from workflow_app.facts.standings import visible
from workflow_app.facts.subjects import facts_of
from workflow_app.features.documents.month_list_views import asked_month
from workflow_app.features.documents.views import page
from workflow_app.gate.issuing import records
from workflow_app.states import policy
from workflow_app.states.vocabulary import Permission, Role
from workflow_app.web import record_drafts
from workflow_app.web.formatting import say, short_day
from workflow_app.web.next_page import go
from workflow_app.web.page import LOGGED_IN, roles
from workflow_app.web.panels import Shown, listed, panel
from workflow_app.web.request_scope import here
from workflow_app.web.table_page import row_id
from workflow_app.web.transition_view import take_turn

_KEEPERS = roles(Role.COORDINATOR, Role.DIRECTOR)
_CONSIDERED = 300  # cases on one page
_SEEN = {COMPOSITION: Permission.SEE_EXPERTS, APPROVAL: Permission.SEE_CONCLUSION}
_ORDER, _PART = CONTENT_TYPES["month_order"], CONTENT_TYPES["ordered_case"]


@dataclass(frozen=True, slots=True)
class _Line:
    """A case on the page: its row, whether it is ticked, why it cannot be."""

    id: int
    row: ListRow
    ticked: bool
    why: Sequence[Sentence]


@page("/orders/collect", readers=_KEEPERS, methods=("GET", "POST"))
def collect_order() -> Response | str:
    """Propose the cases that are ready for an order of a month, all ticked; begin it with those that stay so."""
    kind = _chosen("kind", [one.value for one in KINDS])
    scope = _chosen("scope", [ATTESTATION, EXPERTISE])
    if request.method != "POST":
        return _page(kind, scope, asked_month(), None)
    me = here().me
    sheet = MonthOrder(
        title=month_orders.title_of(kind, asked_month()), order_kind=kind, scope=scope, month=asked_month(), responsible_id=here().who.id
    )  # fmt: skip
    try:
        with here().session.begin_nested(), gate.together(here().session):
            row = gate.begin(here().session, me, row_of(_ORDER, me.municipality_id, sheet), sheet)
            _add(row, _ticked())
    except WorkflowError as error:
        return make_response(_page(kind, scope, asked_month(), None, problem=_said(error)), 422)
    flash(_("Проект приказа собран: посмотрите его и передайте на подпись."), "success")
    return go("records.month_order", id=row.id)


@page("/orders/<int:id>", readers=LOGGED_IN, methods=("GET", "POST"))
def order_cases(id: int) -> Response | str:
    """Show the cases of an order; of a draft also which could be added, and keep what is ticked."""
    row: Any = gate.read(here().session, here().me, RECORDS[_ORDER.key], id)
    if request.method != "POST":
        return _page(row.order_kind, row.scope, row.month, row)
    if not _may_change(row):
        abort(403)
    take_turn(row)
    wanted, parts = _ticked(), living_parts(here().session, row, _PART.key)
    unseen = _unseen(one.case_id for one in cast("Sequence[Any]", parts))
    try:
        with here().session.begin_nested(), gate.together(here().session):
            for one in cast("Sequence[Any]", parts):
                if one.case_id not in wanted | unseen:
                    gate.perform(here().session, here().me, one, "exclude", LeaveOrder(), one.version)
            _add(row, wanted - {one.case_id for one in cast("Sequence[Any]", parts)})
    except WorkflowError as error:
        return make_response(_page(row.order_kind, row.scope, row.month, row, problem=_said(error)), 422)
    flash(_("Состав приказа сохранён."), "success")
    return go("records.month_order", id=row.id)


def _unseen(cases: Iterable[int]) -> set[int]:
    """Return which of these cases an order does not show the present person: whom the others have invited, what they concluded (R30)."""
    return set(here().session.scalars(judged_with(here().who.id, [*cases])))


def _chosen(name: str, known: Sequence[str]) -> str:
    value = request.values.get(name, "")
    return value if value in known else known[0]


def _ticked() -> set[int]:
    return {int(one) for one in request.form.getlist("case") if row_id(one) is not None}


def _add(row: Any, cases: Collection[int]) -> None:
    for one in sorted(cases):
        sheet = OrderedCase(case_id=one)
        gate.begin(here().session, here().me, row_of(_PART, row.municipality_id, sheet, row), sheet)


def _said(error: WorkflowError) -> str:
    if isinstance(error, Invalid):
        return " ".join(say(one) for many in error.problems.values() for one in many)
    return " ".join(map(say, error.obstacles)) if isinstance(error, NotYet) else say(error.sentence)


def _may_change(row: Any) -> bool:
    """Whether the present person may begin parts of an order now."""
    facts = facts_of(row, here().session)
    part = policy.may(_ORDER.workflow, here().me, facts, Permission.EDIT)
    return part and row.state == "active"


def _page(kind: str, scope: str, month: date, row: Any, problem: str = "") -> str:
    lines, stands = _lines(kind, scope, row), row is None or _may_change(row)
    ready = [one for one in lines if not one.why or one.ticked]
    return render_template(
        "documents/month_order.html", row=row, kind=kind, scope=scope, month=f"{month:%Y-%m}", period=month_words(month), problem=problem,
        kinds=[(one.value, say(one.label)) for one in KINDS], scopes=[(one.value, say(one.label)) for one in SCOPES],
        ready=ready, others=[one for one in lines if one not in ready] if stands else [], may_change=stands,
        composition=kind == COMPOSITION, attestation=scope == ATTESTATION, most=_CONSIDERED if len(lines) >= _CONSIDERED else 0,
        action=_action(kind, scope, month, row),
    )  # fmt: skip


def _action(kind: str, scope: str, month: date, row: Any) -> str:
    if row is not None:
        return url_for("papers.order_cases", id=row.id)
    return url_for("papers.collect_order", kind=kind, scope=scope, month=f"{month:%Y-%m}")


def _lines(kind: str, scope: str, row: Any) -> list[_Line]:
    """Return the cases that stand in the order or might: those of an order that is no draft alone."""
    session, me = here().session, here().me
    inside = set(month_orders.in_annex(session, row)) if row is not None else set[int]()
    found = select(Case).where(Case.municipality_id == me.municipality_id, Case.number.is_not(None))
    if row is None or row.state == "active":
        seen = month_orders.considered(found, kind, scope).where(visible(me, _SEEN[kind]).condition)
        ids = [
            *session.scalars(seen.with_only_columns(Case.id).order_by(Case.number_order).limit(_CONSIDERED)),
            *inside,
        ]
    else:
        ids = [*inside]
    ids = [*{*ids} - _unseen(ids)]
    read = listed_cases.with_people(found.where(Case.id.in_(ids)).order_by(Case.number_order))
    cases = session.scalars(read).unique().all()
    signer = (row.signer_id if row else month_orders.signer_set(session, me.municipality_id)) or naming.director_of(
        session, me.municipality_id
    ).id
    why: Mapping[int, Sequence[Sentence]] = {}
    if row is None or row.state in ("active", "offered"):
        why = month_orders.against(session, kind, scope, signer, cases, row.id if row else None)
    shown = listed_cases.rows_of(session, cases, experts=LIVE)
    sent = _ticked() if request.method == "POST" else None
    return [
        _Line(one.id, told, _is_ticked(one.id, row, inside, sent, why), why.get(one.id, ()))
        for one, told in zip(cases, shown, strict=True)
    ]  # fmt: skip


def _is_ticked(
    id_: int, row: Any, inside: Collection[int], sent: Collection[int] | None, why: Mapping[int, Sequence[Sentence]]
) -> bool:
    if sent is not None:
        return id_ in sent
    return id_ in inside if row is not None else id_ not in why


@panel("record", tab="month_order")
def looks(row: Any) -> str:
    """Show on the card of an order that is not signed how it will look, with the ways to take the file."""
    facts = facts_of(row, here().session)
    may = policy.may(_ORDER.workflow, here().me, facts, Permission.SEE_CONCLUSION)
    if row.state not in ("active", "offered") or not may or not facts.parts.get((_PART.key, "active")):
        return ""
    drafts = record_drafts.urls("papers.order_draft", row)
    document = records.preview(here().session, row, DOCUMENTS[row.order_kind])
    return render_template("documents/month_order_panel.html", drafts=drafts, document=document)


@page("/orders/<int:id>/draft.<any(docx, pdf):kind>", readers=LOGGED_IN)
def order_draft(id: int, kind: str) -> Response:
    """Give an order as it would be signed today, marked as a draft and without a number."""
    scope = here()
    row: Any = gate.read(scope.session, scope.me, RECORDS[_ORDER.key], id)
    if not policy.may(_ORDER.workflow, scope.me, facts_of(row, scope.session), Permission.SEE_CONCLUSION):
        abort(403)
    return record_drafts.sent(row, DOCUMENTS[row.order_kind], kind)


@panel("case", tab="show", order=55)
def of_case(case: Case) -> str:
    """Show on the page of a case the orders of a month that name it, to who may read them."""
    scope = here()
    model: Any = RECORDS[_ORDER.key]
    if case.number is None or not visible(scope.me, Permission.VIEW, model).branches:
        return ""
    found = [one for one in month_orders.named(scope.session, case) if gate.visible(scope.session, scope.me, one)]
    lines = [
        [Shown(one.title, url_for("records.month_order", id=one.id)), Shown(_numbered(one)), Shown(say(state.title), tone=state.tone)]
        for one in found
        for state in (_ORDER.workflow.state(one.state),)
    ]  # fmt: skip
    return listed(
        "month-orders", _("Приказы месяца"), [_("Приказ"), _("Номер и дата"), _("Состояние")], lines, len(lines)
    )


def _numbered(row: Any) -> str:
    paper = paper_of_record(here().session, row, DOCUMENTS[row.order_kind])
    return _("№ %(n)s от %(day)s", n=paper.number, day=short_day(paper.dated)) if paper else ""
