"""The road of each case type as a picture and tables; and of one case, with what it has passed so far."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any

from flask import abort, render_template, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from workflow_app import gate
from workflow_app.case_types.registry import CASE_TYPES, case_type
from workflow_app.db.models import Case
from workflow_app.errors import N_
from workflow_app.facts.subjects import facts_of, state_of
from workflow_app.features.centre import queries
from workflow_app.features.centre.handbook import SHOWN, document_titles
from workflow_app.features.centre.shared import KEEPERS, crumbs
from workflow_app.features.centre.views import page
from workflow_app.states import policy
from workflow_app.states.pictures.diagram import Picture, Words, picture, walk
from workflow_app.states.pictures.handbook import (
    PERMISSIONS,
    TERMS,
    TRIGGERS,
    WHO,
    grant_rows,
    moves,
    ordered,
    standings,
)
from workflow_app.states.vocabulary import Permission, Who, Workflow
from workflow_app.web.formatting import say
from workflow_app.web.page import LOGGED_IN, Menu
from workflow_app.web.request_scope import here


@lru_cache(64)
def _picture(key: str, words: Words, _language: str) -> Picture:
    """Return the picture of a road, laid out once a language: weighing where 30 labels may stand takes 60 ms."""
    return picture(SHOWN[key], words, say)


@page("/workflows", readers=LOGGED_IN, menu=Menu(75, N_("Маршруты дел"), "route", "examination", shown_to=KEEPERS))
def workflows() -> str:
    """List the roads: a case type each, and the expert's own."""
    return render_template("centre/workflows.html", flows=SHOWN, kinds=CASE_TYPES)


@page("/workflows/<key>", readers=LOGGED_IN)
def workflow(key: str) -> str:
    """Show a workflow whole: the picture, the states, who may see what, the transitions, the terms."""
    if key not in SHOWN:
        abort(404)
    scope, flow = here(), SHOWN[key]
    kind = CASE_TYPES.get(key)
    lengths = queries.lengths(scope.session, scope.me.municipality_id).get(key, [])
    return render_template(
        "centre/workflow.html", flow=flow, kind=kind, shown=_picture(key, "staff", str(get_locale())),
        moves=moves(flow), states=ordered(flow),
        rows=grant_rows(flow), standings=standings(flow), columns=[_("Состояние"), *(say(WHO[one]) for one in standings(flow))],
        who=WHO, permissions=PERMISSIONS, triggers=TRIGGERS, titles=TERMS, documents=document_titles(), lengths=lengths,
        breadcrumbs=crumbs((_("Маршруты дел"), url_for("centre.workflows")), (say(flow.title), "")),
    )  # fmt: skip


@page("/cases/<int:id>/workflow", readers=LOGGED_IN)
def case_workflow(id: int) -> str:
    """Show a case's road with what it has passed. Whoever may not see the history sees where the case stands."""
    scope = here()
    case = gate.read(scope.session, scope.me, Case, id)
    flow, facts = case_type(case.type).workflow, facts_of(case, scope.session)
    known = policy.may(flow, scope.me, facts, Permission.SEE_HISTORY)
    steps = queries.moves_of(scope.session, case) if known else []
    words: Words = (
        "applicant" if policy.stands(scope.me, facts, Who.APPLICANT, Who.CO_AUTHOR, Who.SCHOOL_OFFICER) else "staff"
    )
    shown = _picture(case.type, words, str(get_locale()))
    number = case.number or _("без номера")
    return render_template(
        "centre/case_workflow.html", case=case, flow=flow, kind=case_type(case.type), shown=shown, known=known,
        walked=walk(shown, [(before, after) for before, after, _at in steps], case.state), steps=_told(flow, words, steps),
        state=state_of(case, told=policy.may(flow, scope.me, facts, Permission.SEE_CONCLUSION)), words=words,
        breadcrumbs=crumbs((_("Все дела"), url_for("cases.listing")), (number, url_for("cases.show", id=id)), (_("Маршрут"), "")),
    )  # fmt: skip


def _told(flow: Workflow, words: Words, steps: list[tuple[str | None, str, datetime]]) -> list[dict[str, Any]]:
    """Return the states passed, in the reader's words and once each time; what the reader takes for one step is one."""
    found: list[dict[str, Any]] = []
    for _before, after, at in steps:
        state = flow.state(after)
        title = say(state.title if words == "staff" else state.applicant_title)
        if not found or found[-1]["title"] != title:
            found.append({"title": title, "tone": state.tone, "at": at})
    return found
