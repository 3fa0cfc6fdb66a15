"""Pages of an appeal: the panel of three, each member's vote, the decision. And the specialists' meeting on a discrepancy."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow_app.case_types.registry import case_type
from workflow_app.db.models import Assignment, Case, Document
from workflow_app.errors import Sentence
from workflow_app.facts import assessment, choices, pickers, registers
from workflow_app.facts.candidates import panel_conflicts
from workflow_app.facts.subjects import facts_of, facts_within, workflow_of
from workflow_app.features.cases.blueprint import page
from workflow_app.features.cases.conclusion.reviews_side_by_side import side_by_side
from workflow_app.features.cases.office.shared import do, offers_of, open_case
from workflow_app.features.cases.urls import document_url
from workflow_app.states import policy
from workflow_app.states.definitions.assignment import ASSIGNMENT
from workflow_app.states.vocabulary import Permission
from workflow_app.web.forms import form_of
from workflow_app.web.page import LOGGED_IN, address
from workflow_app.web.panels import panel
from workflow_app.web.request_scope import here


@page("/cases/<int:id>/do/appoint_panel", readers=LOGGED_IN, methods=("GET", "POST"))
def appoint_panel(id: int) -> Response | str:
    """Appoint three people who were not involved; whoever was is listed with why (domain.md 5)."""
    case, session = open_case(id), here().session
    held = case.appeal.get("sitting") or {}
    start = {
        "members": [one.person_id for one in case.panel], "chair": case.chair_id or "",
        "sitting": bool(held), "sits_on": held.get("on", ""), "sits_at": held.get("at", ""), "place": held.get("place", ""),
    }  # fmt: skip
    return do(case, "appoint_panel", "cases/panel.html", start=start, context=lambda: _panel_people(session, case))


def _panel_people(session: Session, case: Case) -> dict[str, Any]:
    barred = pickers.barred_from_panel(session, case)
    conflicts = panel_conflicts(session, case, [one.id for one in barred])
    return {
        "barred": [(one.full_name, conflicts[one.id].bars[0]) for one in barred if conflicts[one.id].bars],
        "tied": case_type(case.type).policy.liftable, "appeal": case.appeal, "votes": votes(case),
    }  # fmt: skip


def votes(case: Case) -> list[dict[str, Any]]:
    """Return the panel with its votes as the present person may see them: others' only after the own vote."""
    me = here().me.person_id
    voted = {one.person_id for one in case.panel if one.vote}
    mine = any(one.person_id == me for one in case.panel)
    open_ = not mine or me in voted
    return [
        {
            "name": one.person.full_name, "chair": one.person_id == case.chair_id,
            "voted": bool(one.vote), "me": one.person_id == me, "at": one.voted_at,
            "grant": one.vote == "grant" if open_ else None, "opinion": one.opinion if open_ else "",
        }
        for one in case.panel_in_order
    ]  # fmt: skip


@page("/cases/<int:id>/do/vote", readers=LOGGED_IN, methods=("GET", "POST"))
def vote(id: int) -> Response | str:
    """Vote on an appeal: the appeal and what it is against on one side, the signed vote on the other."""
    case, session = open_case(id), here().session
    return do(
        case, "vote", "cases/vote.html", context=lambda: _matter(session, case), done=lambda: _decision_or_case(case)
    )


def _decision_or_case(case: Case) -> str:
    """Return the page of the decision once the votes are in, else the case."""
    open_ = [name for name in ("grant_appeal", "dismiss_appeal") if (one := offers_of(case).get(name)) and one.open]
    return url_for(f"cases.{open_[0]}" if open_ else "cases.show", id=case.id)


def _matter(session: Session, case: Case) -> dict[str, Any]:
    """Return what the appeal is about: the conclusion with its marks, or the refusal; the papers that the reader may open."""
    declined = case.appealed_from == "declined"
    grounds = {one.value: one.label for one in case_type(case.type).grounds}
    issued = (
        select(Document)
        .join(Case, Case.id == Document.case_id)
        .where(
            Document.case_id == case.id,
            Document.round == case.round,
            Document.state == "issued",
            Document.assignment_id.is_(None),
            registers.opens(here().me),
        )
    )
    return {
        "appeal": case.appeal, "votes": votes(case), "declined": declined, "found": None if declined else side_by_side(session, case),
        "ground": grounds.get(str(case.refusal.get("ground") or "")), "comment": case.refusal.get("comment", ""),
        "documents": [(one.file_name, document_url(one)) for one in session.scalars(issued.order_by(Document.id))],
        "materials_url": address("cases.materials", id=case.id),
    }  # fmt: skip


@page("/cases/<int:id>/do/dismiss_appeal", readers=LOGGED_IN, methods=("GET", "POST"))
def dismiss_appeal(id: int) -> Response | str:
    """Decide by the majority: the conclusion stays."""
    return _deciding(id, "dismiss_appeal", grant=False)


@page("/cases/<int:id>/do/grant_appeal", readers=LOGGED_IN, methods=("GET", "POST"))
def grant_appeal(id: int) -> Response | str:
    """Decide by the majority: new experts, the old sheets annulled, the conclusion void."""
    return _deciding(id, "grant_appeal", grant=True)


def _deciding(id: int, name: str, *, grant: bool) -> Response | str:
    case, session = open_case(id), here().session
    said = [one.opinion for one in case.panel if one.vote == ("grant" if grant else "dismiss") and one.opinion]
    start = {"reason": "\n".join(dict.fromkeys(said))}
    return do(case, name, "cases/decision.html", start=start, context=lambda: _matter(session, case) | {"grant": grant})


@panel("case", tab="review", order=20)
def meeting(case: Case) -> str:
    """Show the discrepancy and the way out of it: to the office, to the lead specialist and to those who answer."""
    scope = here()
    workflow, facts = workflow_of(case), facts_of(case, scope.session)
    if case.state not in workflow.transition("settle_without").sources:
        return ""
    offers = policy.offers(workflow, scope.me, facts)
    own = next((one for one in assessment.counted(case) if one.expert_id == scope.me.person_id), None)
    office = policy.may(workflow, scope.me, facts, Permission.SEE_EXPERTS)
    if own is None and not office and "draft_common" not in offers:
        return ""
    found = assessment.disagreement(scope.session, case)
    return render_template(
        "cases/meeting.html", case=case, version=case.version, offers=offers, reasons=found.reasons if found else (),
        together="common_result" in workflow.transitions, common=_common(scope.session, case), **_answers(case, own, office=office),
        draft=_draft_form(scope.session, case) if "draft_common" in offers else None, rows=_meeting_rows(case) if office else [],
    )  # fmt: skip


def _common(session: Session, case: Case) -> dict[str, str] | None:
    if not case.common:
        return None
    rule = assessment.sheet_of(session, case).verdict(str(case.common["verdict"]))
    return {"verdict": rule.text, "reasoning": str(case.common.get("reasoning") or "")}


def _answers(case: Case, own: Assignment | None, *, office: bool) -> dict[str, Any]:
    """Return how many have answered, and what the present person may answer; names only to the office."""
    everyone = assessment.counted(case)
    done = sum(bool(one.common_answer) for one in everyone)
    acts: list[tuple[Sentence, str, bool]] = []
    if own is not None:
        scope = here()
        known = policy.offers(ASSIGNMENT, scope.me, facts_within(own, scope.session, facts_of(case, scope.session)))
        acts = [
            (known[name].transition.title, url_for("reviews.do", id=own.id, name=name), name == "join_common")
            for name in ("join_common", "dissent_common") if name in known and known[name].open
        ]  # fmt: skip
    return {"answered": done, "all_of_them": len(everyone), "acts": acts, "office": office}


def _meeting_rows(case: Case) -> list[dict[str, Any]]:
    return [
        {
            "name": one.expert.full_name,
            "lead": one.expert_id == case.lead_id,
            "answer": one.common_answer,
            "opinion": one.common_opinion,
        }
        for one in assessment.counted(case)
    ]


def _draft_form(session: Session, case: Case) -> Any:
    asks = workflow_of(case).transition("draft_common").asks
    start = {name: case.common[name] for name in ("verdict", "reasoning") if case.common.get(name)}
    return form_of(asks, choices.of_case(session, case), start)
