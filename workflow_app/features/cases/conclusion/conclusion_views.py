"""Pages of the consolidation: the sheets side by side, the text, its preview, the signatures, the verdict for the director."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, abort, render_template, request, url_for
from sqlalchemy.orm import Session

from workflow_app.db.models import Case
from workflow_app.documents.docx.blocks import Document as Composed
from workflow_app.documents.kinds.registry import KINDS
from workflow_app.errors import N_
from workflow_app.facts import assessment, choices, deadlines
from workflow_app.facts.subjects import workflow_of
from workflow_app.features.cases.blueprint import page
from workflow_app.features.cases.conclusion.reviews_side_by_side import TEXTS, Comparison, Side, merged, side_by_side
from workflow_app.features.cases.drafts.returned_notice import COMES_BACK, last_word
from workflow_app.features.cases.office.shared import demand, do, frame, offers_of, open_case
from workflow_app.gate import issuing
from workflow_app.states.forms import Nothing
from workflow_app.states.vocabulary import Permission
from workflow_app.web.formatting import say
from workflow_app.web.forms import form_of, raw_of
from workflow_app.web.page import LOGGED_IN, PAGES, may_open
from workflow_app.web.request_scope import here
from workflow_app.web.transition_view import working_copy

DRAFTED = "consolidated_conclusion"


@page("/cases/<int:id>/consolidate", readers=LOGGED_IN, methods=("GET", "POST"))
def consolidate(id: int) -> Response | str:
    """Show the sheets side by side and send the text of the conclusion to the experts."""
    case, session = open_case(id), here().session
    first = _first_texts(session, case) if "circulate" in offers_of(case) else {}
    return do(
        case, "circulate", "cases/consolidate.html", title=N_("Сводное заключение"), start=first,
        context=lambda: _around(session, case, first), done=lambda: url_for("cases.consolidate", id=id),
    )  # fmt: skip


def _first_texts(session: Session, case: Case) -> Mapping[str, str]:
    """Return the text to begin from: the one circulated before, else the experts' own put together."""
    if case.conclusion:
        return {name: str(case.conclusion.get(name) or "") for name in TEXTS}
    return merged(side_by_side(session, case).sides)


def _typed_texts(case: Case, first: Mapping[str, str]) -> dict[str, str]:
    """Return the text as it stands on the page: typed just now, kept in the working copy, or the one to begin from."""
    asks = workflow_of(case).transition("circulate").asks
    copy = working_copy(case, "circulate")
    known = raw_of(request.form, asks) if request.method == "POST" else dict(copy.data) if copy else {}
    return {name: str(known.get(name) or "") if name in known else first.get(name, "") for name in TEXTS}


def _around(session: Session, case: Case, first: Mapping[str, str]) -> dict[str, Any]:
    found, offers = side_by_side(session, case), offers_of(case)
    return {
        "found": found, "columns": [_column(one) for one in found.sides], "answers": answers(case),
        "preview": draft(session, case, DRAFTED, _typed_texts(case, first)), "own_texts": _own_texts(found),
        "word": last_word(session, case, *COMES_BACK),
        "propose": _propose_form(session, case, found) if "propose" in offers else None,
        "waiting": offers["propose"].obstacles if "propose" in offers else (), "may_send_back": "send_back" in offers,
    }  # fmt: skip


def _column(side: Side) -> str:
    return side.name if side.counts else say(N_("%(name)s (не учтён)", name=side.name))


def _own_texts(found: Comparison) -> dict[str, list[tuple[str, str]]]:
    """Return what each expert wrote, by the part of the conclusion."""
    return {
        name: [(one.name, str(one.assignment.review[name])) for one in found.sides if one.assignment.review.get(name)] for name in TEXTS
    }  # fmt: skip


def answers(case: Case) -> list[dict[str, Any]]:
    """Return who has signed the circulated text, who dissented, who is waited for."""
    return [
        {
            "name": one.expert.full_name, "signed": one.circulation_answered(case.circulation), "at": one.answered_at,
            "dissent": one.dissent if one.circulation_answered(case.circulation) else "",
        }
        for one in assessment.counted(case)
    ]  # fmt: skip


def draft(session: Session, case: Case, key: str, text: Mapping[str, str] | None = None) -> Composed:
    """Return a document as it would be issued now, with the ``text`` that is being written."""
    today = deadlines.today(session, case.municipality_id)
    return issuing.preview(issuing.Scene(session, case, None, here().me, Nothing(), today), key, text)


def _propose_form(session: Session, case: Case, found: Comparison) -> dict[str, Any]:
    asks = workflow_of(case).transition("propose").asks
    copy = working_copy(case, "propose")
    form = form_of(asks, choices.of_case(session, case), dict(copy.data) if copy else {})
    return {"form": form, "hints": _hints(found)}


def _hints(found: Comparison) -> dict[str, str]:
    """Mark the verdict by the rule; none is chosen beforehand."""
    return {found.rule.key: say(N_("по правилу"))} if found.rule else {}


@page("/cases/<int:id>/do/propose", readers=LOGGED_IN, methods=("GET", "POST"))
def propose(id: int) -> Response | str:
    """Propose the verdict to the director; another than the rule's needs its reason (R29)."""
    case, session = open_case(id), here().session

    def around() -> dict[str, Any]:
        found = side_by_side(session, case)
        return {"found": found, "hints": _hints(found), "answers": answers(case)}

    return do(case, "propose", "cases/propose.html", context=around)


@page("/cases/<int:id>/preview/<kind>", readers=LOGGED_IN)
def draft_document(id: int, kind: str) -> str:
    """Show a document of the conclusion as it would be issued now: nothing is written, it has no number."""
    case, session = open_case(id), here().session
    workflow = workflow_of(case)
    drafted = (*workflow.transition("circulate").sources, *workflow.transition("approve").sources)
    demand(case, Permission.SEE_CONCLUSION)
    if case.state not in drafted or kind not in workflow.transition("approve").issues:
        abort(404)
    text = None
    if kind == DRAFTED and "circulate" in offers_of(case):
        text = _typed_texts(case, _first_texts(session, case))
    title = KINDS[kind].title
    return render_template(
        "cases/document_preview.html", case=case, title=say(N_("%(what)s: предпросмотр", what=title)),
        document=draft(session, case, kind, text), offers_names=may_open(PAGES["people.names"].readers, here()), **frame(case, title),
    )  # fmt: skip
