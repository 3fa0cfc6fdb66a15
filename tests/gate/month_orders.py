"""Orders of a month as tests make them: begun with cases, offered, signed."""

from datetime import date

from sqlalchemy import select

from tests.gate.test_records import begin, me
from workflow_app import clock, gate
from workflow_app.content_types import month_order as o
from workflow_app.db.models import RECORDS, Document
from workflow_app.facts.actors import proved
from workflow_app.states.forms import Nothing


def an_order(stage, kind=o.APPROVAL, scope=o.EXPERTISE, title="Об утверждении заключений, август 2026 г."):
    told = {"title": title, "order_kind": kind, "scope": scope, "month": date(2026, 8, 1)}
    return begin(stage, "month_order", o.MonthOrder(**told, responsible_id=stage.people["morozova"]))


def with_cases(stage, *roads, **more):
    id_ = an_order(stage, **more)
    for road in roads:
        begin(stage, "ordered_case", o.OrderedCase(case_id=road.case_id), whole=id_)
    return id_


def act(stage, id_, name, sheet=None, who="gradov"):
    with clock.at(stage.moment), stage.database.transaction(keep=True) as session:
        row = session.get_one(RECORDS["month_order"], id_)
        gate.perform(session, proved(session, me(session, stage, who)), row, name, sheet or Nothing(), row.version)


def signed(stage, *roads, kind=o.APPROVAL, **more):
    id_ = with_cases(stage, *roads, kind=kind, **more)
    act(stage, id_, "offer")
    act(stage, id_, f"sign_{kind}", o.SignApproval() if kind == o.APPROVAL else o.SignComposition())
    return id_


def papers(stage, id_):
    with stage.database.transaction(keep=False) as session:
        mine = (
            select(Document)
            .where(Document.record_kind == "month_order", Document.record_id == id_)
            .order_by(Document.id)
        )
        return [(one.document_kind, one.number, one.edition, one.state) for one in session.scalars(mine)]
