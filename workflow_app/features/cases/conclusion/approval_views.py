"""Pages of the director: the queue of what waits for approval, the approval itself with the signature, the way on to the next."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from flask import Response, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from workflow_app.case_types.registry import case_type
from workflow_app.db.models import Case, Waiting
from workflow_app.documents.kinds.registry import KINDS
from workflow_app.errors import N_
from workflow_app.facts import assessment
from workflow_app.facts.subjects import workflow_of
from workflow_app.facts.worklist import count_waiting
from workflow_app.features.cases.blueprint import page
from workflow_app.features.cases.conclusion import approval_queue as approvals
from workflow_app.features.cases.conclusion.conclusion_views import draft
from workflow_app.features.cases.office.shared import do, offers_of, open_case
from workflow_app.states.vocabulary import Role
from workflow_app.web import deadline_words, table_page
from workflow_app.web.formatting import counted, say
from workflow_app.web.page import LOGGED_IN, Menu, roles
from workflow_app.web.request_scope import here
from workflow_app.web.whole_lists import ticks_url, whole_list

_PILES = {
    approvals.CLEAR: (
        N_("Без отклонений"), N_("Вывод по правилу, особых мнений и конфликтов нет, сроки не нарушены, имена подтверждены."),
    ),
    approvals.ATTENTION: (N_("Требуют внимания"), N_("У каждого дела сказано, на что посмотреть до подписи.")),
}  # fmt: skip


@page("/approvals", readers=roles(Role.DIRECTOR), menu=Menu(12, N_("На утверждение"), "stamp", "examination"))
def approval_queue() -> str:
    """Show what waits for the director's approval in two piles, with what has to be known of each; many are approved together."""
    scope = here()
    total, found = approvals.count(scope.session, scope.me), approvals.piles(scope.session, scope.me)
    together = sum(not one.alone for many in found.values() for one in many)
    return render_template(
        "cases/approvals.html", piles=[_pile(name, found[name]) for name in _PILES], total=total, case_type=case_type,
        bulk_url=ticks_url("approvals-clear") if together > 1 else "",
        most=approvals.MOST if total > approvals.MOST else 0, act="approve.Approve",
    )  # fmt: skip


def _pile(name: str, whole: Sequence[approvals.Waiting]) -> dict[str, Any]:
    """Return a pile with the page of it that is asked for; ticks only where several may be approved together."""
    title, hint = _PILES[name]
    pager = table_page.pages_of(f"page-{name}", len(whole))
    shown = whole[pager["offset"] :][: pager["size"]]
    together = sum(not one.alone for one in whole)
    return {
        "name": name, "title": say(title), "hint": say(hint), "shown": shown, "count": len(whole), "pager": pager, "together": together,
        "dues": {one.case.id: deadline_words.of_case(one.case) for one in shown},
    }  # fmt: skip


def _whole_pile(name: str, most: int) -> Sequence[int]:
    """Return the cases of a pile that may be approved together."""
    scope = here()
    return [one.case.id for one in approvals.piles(scope.session, scope.me)[name] if not one.alone][:most]


for _name in _PILES:
    whole_list(f"approvals-{_name}", "cases.approval_queue", "case")(partial(_whole_pile, _name))


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
        "told_of": approvals.summary(session, here().me, case, assessment.sheet_of(session, case)),
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
