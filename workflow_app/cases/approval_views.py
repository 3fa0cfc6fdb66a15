"""Pages of the director: the queue of what waits for approval, the approval itself with the signature, the way on to the next."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from workflow_app.case_types.registry import case_type
from workflow_app.cases import approvals
from workflow_app.cases.conclusion_views import draft
from workflow_app.cases.office_kit import deadline_of, do, offers_of, open_case
from workflow_app.cases.views import page
from workflow_app.documents.kinds import KINDS
from workflow_app.errors import N_
from workflow_app.states.vocabulary import Role
from workflow_app.store import judging
from workflow_app.store.models import Case
from workflow_app.store.subjects import workflow_of
from workflow_app.web.page import LOGGED_IN, Menu, roles
from workflow_app.web.scope import here


@page("/approvals", readers=roles(Role.DIRECTOR), menu=Menu(12, N_("На утверждение"), "stamp"))
def approval_queue() -> str:
    """List what waits for the director's approval, with what has to be known of each."""
    scope = here()
    found = approvals.queue(scope.session, scope.me)
    dues = {one.case.id: deadline_of(scope.session, one.case.municipality_id, one.case.due_on) for one in found}
    return render_template("cases/approvals.html", waiting=found, dues=dues, case_type=case_type)


@page("/cases/<int:id>/approve", readers=LOGGED_IN, methods=("GET", "POST"))
def approve(id: int) -> Response | str:
    """Approve with the simple signature or on paper (R35, 0a.9); then go on to the next case that waits."""
    case, session = open_case(id), here().session
    return do(
        case,
        "approve",
        "cases/approve.html",
        title=N_("Утверждение"),
        context=lambda: _around(session, case),
        done=lambda: _next(session),
        said=lambda: _said(session, case),
    )


def _around(session: Session, case: Case) -> dict[str, Any]:
    waiting = approvals.queue(session, here().me)
    offers = offers_of(case)
    kinds = workflow_of(case).transition("approve").issues
    return {
        "told_of": approvals.summary(session, case, judging.sheet_of(session, case)), "others": max(0, len(waiting) - 1),
        "papers": [(KINDS[one].title, draft(session, case, one)) for one in kinds],
        "back_ways": [offers[name].transition for name in ("return_text", "send_back") if name in offers],
    }  # fmt: skip


def _said(session: Session, case: Case) -> str:
    """Name what was approved: the next case stands under these words."""
    what = _("Утверждено: %(number)s, «%(title)s».", number=case.number or "", title=case.title)
    on = _("Ниже следующее дело очереди.") if approvals.queue(session, here().me) else ""
    return f"{what} {on}".strip()


def _next(session: Session) -> str:
    """Return where the next case waits, or the queue, which then says that nothing does."""
    waiting = approvals.queue(session, here().me)
    return url_for("cases.approve", id=waiting[0].case.id) if waiting else url_for("cases.approval_queue")
