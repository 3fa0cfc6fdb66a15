"""Pages of the director: the queue of what waits for approval, the approval itself with the signature, the way on to the next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from workflow_app import clock
from workflow_app.case_types.registry import case_type
from workflow_app.db.keyset import Walk
from workflow_app.db.models import Case, Waiting
from workflow_app.documents.kinds.registry import KINDS
from workflow_app.errors import N_
from workflow_app.facts import assessment
from workflow_app.facts.actors import proved
from workflow_app.facts.subjects import has_consent, workflow_of
from workflow_app.facts.worklist import count_waiting
from workflow_app.features.cases.blueprint import page
from workflow_app.features.cases.conclusion import approval_queue as approvals
from workflow_app.features.cases.conclusion.conclusion_views import draft
from workflow_app.features.cases.office.shared import do, offers_of, open_case
from workflow_app.operations import job_queue
from workflow_app.states.vocabulary import Role
from workflow_app.web import deadline_words, table_page
from workflow_app.web.formatting import counted, say
from workflow_app.web.page import LOGGED_IN, Menu, password_typed, roles
from workflow_app.web.request_scope import here


@page(
    "/approvals",
    readers=roles(Role.DIRECTOR),
    menu=Menu(12, N_("На утверждение"), "stamp", "examination"),
    methods=("GET", "POST"),
)
def approval_queue() -> Response | str:
    """List what waits for the director's approval, with what has to be known of each; approve the ticked ones together."""
    return _approve_many() if request.method == "POST" else _queue(())


def _queue(ticked: Sequence[int], problem: str = "") -> str:
    scope = here()
    what, total = table_page.asked((), ""), approvals.count(scope.session, scope.me)
    found, pager = table_page.stretch(
        what,
        approvals.ORDER,
        total,
        lambda walk: approvals.queue(scope.session, scope.me, walk),
        of=lambda one: one.case,
    )
    dues = {one.case.id: deadline_words.of_case(one.case) for one in found}
    return render_template(
        "cases/approvals.html", waiting=found, dues=dues, case_type=case_type, ticked=frozenset(ticked), problem=problem, pager=pager,
        can_sign=has_consent(scope.session, scope.who.id, "simple_signature"), action=table_page.present(),
    )  # fmt: skip


def _approve_many() -> Response | str:
    """Order the approval of the ticked cases under one signature; each is approved on its own, in the background (R35)."""
    scope = here()
    ticked = [
        int(one) for one in request.form.getlist("case")[: max(table_page.SIZES)] if table_page.row_id(one) is not None
    ]
    found = approvals.queue(scope.session, scope.me, Walk(len(ticked)), Case.id.in_(ticked)) if ticked else []
    waiting = {one.case.id: one for one in found}
    cases = [waiting[id_].case for id_ in ticked if id_ in waiting]
    items = [(one.id, f"{one.number}, {one.title}") for one in cases]
    alone = [one.number or "" for one in cases if waiting[one.id].unsure_names]
    stopped = [_not_by_me(waiting[one.id]) for one in cases if waiting[one.id].obstacles]
    versions = {str(id_): table_page.row_id(request.form.get(f"version-{id_}", "")) or 0 for id_, _label in items}
    problem = ""
    if not items:
        problem = _("Отметьте дела, которые утверждаете.")
    elif stopped:
        problem = " ".join(stopped)
    elif alone:
        problem = _(
            "Формы имён не подтверждены: %(cases)s. Такое дело утверждается на своей странице.", cases=", ".join(alone)
        )
    elif not password_typed(scope.who):
        problem = _("Пароль не подходит. Проверьте раскладку и регистр.")
    elif proved(scope.session, scope.me).proof is None:
        problem = _("Сначала примите соглашение о простой электронной подписи.")
    if problem:
        return make_response(_queue(ticked, problem), 422)
    act = {"kind": "case", "act": "approve", "asks": "Approve", "typed": {}}
    args = act | {"versions": versions, "signed_at": clock.now().isoformat(), "ip": scope.me.ip}
    title = _("Утверждение: %(n)s", n=len(items))
    job = job_queue.enqueue(scope.session, scope.who, scope.me.municipality_id, "bulk", title, items, args)
    return redirect(url_for("papers.job", id=job.id), code=303)  # type: ignore[return-value]  # werkzeug's class


def _not_by_me(one: approvals.Waiting) -> str:
    """Say which case this person does not approve, and why."""
    return f"{one.case.number}: {' '.join(map(say, one.obstacles))}"


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
    offers, me = offers_of(case), here().me
    others = count_waiting(session, me, Waiting.todo == "approve", Waiting.root_id != case.id)
    kinds = workflow_of(case).transition("approve").issues
    return {
        "told_of": approvals.summary(session, case, assessment.sheet_of(session, case)),
        "others": counted(others) if others and approvals.following(session, me, case) else "",
        "open": "approve" in offers and offers["approve"].open,
        "papers": [(KINDS[one].title, draft(session, case, one)) for one in kinds],
        "back_ways": [offers[name].transition for name in ("return_text", "send_back") if name in offers],
    }  # fmt: skip


def _said(session: Session, case: Case) -> str:
    """Name what was approved: the next case stands under these words."""
    what = _("Утверждено: %(number)s, «%(title)s».", number=case.number or "", title=case.title)
    on = _("Ниже следующее дело очереди.") if approvals.following(session, here().me) else ""
    return f"{what} {on}".strip()


def _next(session: Session) -> str:
    """Return where the next case waits, or the queue, which then says that nothing does."""
    following = approvals.following(session, here().me)
    return url_for("cases.approve", id=following.id) if following else url_for("cases.approval_queue")
