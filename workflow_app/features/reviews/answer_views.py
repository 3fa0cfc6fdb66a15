"""An assignment's one address: the invitation, the review, the signed sheet, the answer to the conclusion, by its state.

A GET only ever shows; each act is a POST to ``do``.
"""

from __future__ import annotations

from typing import Any

from flask import Response, abort, make_response, render_template, request, url_for
from wtforms import Form

from workflow_app import data, gate
from workflow_app.case_types.registry import case_type
from workflow_app.db.models import Assignment
from workflow_app.errors import N_, Invalid, NotFound
from workflow_app.facts import assessment, choices, deadlines, subjects
from workflow_app.facts.consent_texts import text_of
from workflow_app.facts.subjects import facts_of, has_consent, volume_of, workflow_of
from workflow_app.features.reviews import labels, queries, sheet_views
from workflow_app.features.reviews.views import page
from workflow_app.states import policy
from workflow_app.states.definitions.assignment import ASSIGNMENT
from workflow_app.states.definitions.review_forms import Declaration, Dissent, DissentCommon, Refuse
from workflow_app.states.forms import Sheet
from workflow_app.states.pictures.handbook import length_said
from workflow_app.states.vocabulary import Permission
from workflow_app.web import deadline_words
from workflow_app.web.formatting import say
from workflow_app.web.forms import form_of, told
from workflow_app.web.next_page import go
from workflow_app.web.page import LOGGED_IN
from workflow_app.web.panels import panel
from workflow_app.web.request_scope import here
from workflow_app.web.transition_view import act, working_copy

_ANSWERS = ("accept", "refuse")
_CONCLUSION = ("agree", "dissent")
_COMMON = ("join_common", "dissent_common")
_LEAVES = ("refuse", "recuse")  # access ends at once (R18): there is nothing to come back to


def offers_of(assignment: Assignment) -> dict[str, policy.Offer]:
    """Return what the present person may do with an assignment."""
    scope = here()
    return dict(subjects.offers_of(assignment, scope.session, scope.me))


@page("/assignments/<int:id>", readers=LOGGED_IN)
def show(id: int) -> Response | str:
    """Show an assignment as it stands: to its expert what is to be done, to others the signed sheet when it is open."""
    scope = here()
    assignment = gate.read(scope.session, scope.me, Assignment, id)
    offers = offers_of(assignment)
    if assignment.expert_id == scope.who.id:
        if "accept" in offers:
            return _answer(assignment, "accept")
        if "sign" in offers:
            return sheet_views.show_review(assignment)
        for name in (*_CONCLUSION, *_COMMON):
            if name in offers and offers[name].open:
                return _answer(assignment, name)
    return _sheet_page(assignment, offers)


@page("/assignments/<int:id>/sheet", readers=LOGGED_IN)
def own_sheet(id: int) -> Response:
    """Show a sheet for reading even while its expert has something else to do at the assignment's address."""
    scope = here()
    assignment = gate.read(scope.session, scope.me, Assignment, id)
    return _sheet_page(assignment, offers_of(assignment))


@page("/assignments/<int:id>/do/<name>", readers=LOGGED_IN, methods=("GET", "POST"))
def do(id: int, name: str) -> Response | str:
    """Show or do a transition of an assignment."""
    scope = here()
    assignment = gate.read(scope.session, scope.me, Assignment, id)
    if name == sheet_views.ACT:
        return sheet_views.sign(id) if request.method == "POST" else go("reviews.show", id=id)
    return _answer(assignment, name)


def _answer(assignment: Assignment, name: str) -> Response | str:
    """Show or do one of the acts: those with a page of their own look like it, an error too."""
    if name not in ASSIGNMENT.transitions:
        abort(404)
    scope, case = here(), assignment.case
    template, context = _page_of(assignment, name)
    is_own = assignment.expert_id == scope.who.id
    back = url_for("reviews.show", id=assignment.id) if is_own else url_for("cases.show", id=case.id)

    def done() -> str:
        return url_for("reviews.listing") if is_own and name in _LEAVES else back

    agreed = has_consent(scope.session, scope.who.id, "simple_signature")
    return act(
        assignment, name, lists=choices.of_case(scope.session, case), back=back, template=template, done=done,
        context=lambda: context() | {"consents_url": url_for("people.consent", kind="simple_signature")},
        check=_no_opinion_left if name in ("agree", "join_common") else None,
        start={"how": "simple" if agreed else "paper"} if "how" in ASSIGNMENT.transition(name).asks.__dataclass_fields__ else None,
    )  # fmt: skip


def _no_opinion_left(_sheet: Sheet) -> None:
    """Refuse a plain signature while a dissenting opinion stands on the page: it would be lost without a word."""
    if request.form.get("opinion", "").strip():
        told = N_("Вы написали особое мнение. Подпишите с ним второй кнопкой или сотрите его, если согласны.")
        raise Invalid({"": (told,)})


def _page_of(assignment: Assignment, name: str) -> tuple[str, Any]:
    if name in _ANSWERS:
        return "reviews/invited.html", lambda: _invitation(assignment)
    if name in _CONCLUSION:
        return "reviews/conclusion.html", lambda: _conclusion(assignment)
    if name in _COMMON:
        return "reviews/common.html", lambda: _common(assignment)
    return "do.html", dict


def _about(assignment: Assignment) -> dict[str, Any]:
    case = assignment.case
    return {
        "assignment": assignment, "kind": case_type(case.type), "state": ASSIGNMENT.state(assignment.state),
        "due": deadline_words.of_assignment(assignment), "offers": offers_of(assignment),
    }  # fmt: skip


def _invitation(assignment: Assignment) -> dict[str, Any]:
    """Return what is needed to decide and no more (R17): never the material, the annotation, the keywords."""
    scope, case = here(), assignment.case
    known = choices.of_case(scope.session, case)
    areas = {one.value: one.label for one in choices.of_file("subject_areas")}
    organization = case.organization or case.applicant.organization
    return _about(assignment) | {
        "declaration": form_of(Declaration, known), "refusal": form_of(Refuse, known),
        "area": areas.get(str(case.form.get("subject_area") or "")), "organization": organization.name if organization else "",
        "applicant": case.applicant.full_name, "co_authors": queries.co_author_names(case), "volume": ", ".join(map(say, volume_of(case))),
        "term": say(length_said(queries.review_term(scope.session, case))), "until": deadlines.review_until(scope.session, case),
        "ethics": data.load("ethics_code"), "ethics_text": text_of("ethics_acknowledgement"), "secrecy": text_of("confidentiality"),
        "agreement_text": text_of("simple_signature_agreement"), "agreed": has_consent(scope.session, scope.who.id, "simple_signature"),
    }  # fmt: skip


def _conclusion(assignment: Assignment) -> dict[str, Any]:
    """Return the conclusion's text and table as the document will have them, and the sheets of the others."""
    scope, case = here(), assignment.case
    sees = policy.may(workflow_of(assignment), scope.me, facts_of(assignment, scope.session), Permission.SEE_REVIEWS)
    return _about(assignment) | {
        "document": queries.draft_conclusion(scope.session, scope.me, case), "others": queries.others(assignment) if sees else [],
        "opinion_form": _opinion_form(assignment, "dissent", Dissent),
    }  # fmt: skip


def _common(assignment: Assignment) -> dict[str, Any]:
    """Return the proposed common result of the specialists, and where their sheets differed, without names."""
    scope, case = here(), assignment.case
    sheet, found = assessment.sheet_of(scope.session, case), assessment.disagreement(scope.session, case)
    proposed = sheet.verdict(str(case.common.get("verdict"))).text if case.common else ""
    return _about(assignment) | {
        "reasons": found.reasons if found else (), "proposed": proposed, "reasoning": case.common.get("reasoning", ""),
        "marks": labels.marks_rows(sheet, assignment.review), "own_verdict": _verdict_of(assignment),
        "opinion_form": _opinion_form(assignment, "dissent_common", DissentCommon),
    }  # fmt: skip


def _opinion_form(assignment: Assignment, name: str, kind: type[Sheet]) -> Form:
    """Return the field of a dissenting opinion with what was typed: one form stands on the page for both answers."""
    copy = working_copy(assignment, name)
    typed = request.form.get("opinion") if request.method == "POST" else (copy.data.get("opinion") if copy else "")
    return form_of(kind, {}, {"opinion": typed or ""})


def _verdict_of(assignment: Assignment) -> dict[str, str] | None:
    if not assignment.verdict:
        return None
    rule = assessment.sheet_of(here().session, assignment.case).verdict(assignment.verdict)
    return {"text": rule.text, "tone": labels.tone_of(rule)}


def _sheet_page(assignment: Assignment, offers: dict[str, policy.Offer]) -> Response:
    """Show a sheet for reading: one's own always, another's when the permission says so (R19)."""
    scope, case = here(), assignment.case
    is_own = assignment.expert_id == scope.who.id
    facts = facts_of(assignment, scope.session)
    sees = is_own or policy.may(workflow_of(assignment), scope.me, facts, Permission.SEE_REVIEWS)
    if not sees and not policy.may(workflow_of(assignment), scope.me, facts, Permission.SEE_EXPERTS):
        raise NotFound(gate.NO_SUCH)
    signed = sees and assignment.signed_at is not None
    sheet = assessment.sheet_of(scope.session, case) if signed else None
    answer = render_template(
        "reviews/sheet.html", **_about(assignment) | {"offers": offers}, case=case, is_own=is_own, signed=signed,
        marks=labels.marks_rows(sheet, assignment.review) if sheet else [], verdict=_verdict_of(assignment) if signed else None,
        documents=labels.document_cards(queries.documents_of(scope.session, assignment)) if signed else [],
        obstacles={name: told(one.obstacles) for name, one in offers.items()},
    )  # fmt: skip
    return make_response(answer)


@panel("case", tab="review", order=10)
def own_assignment(case: Any) -> str:
    """Show an expert their own place on the case, on the case's page."""
    scope = here()
    mine = [
        one for one in case.assignments if one.expert_id == scope.who.id and gate.visible(scope.session, scope.me, one)
    ]
    if not mine:
        return ""
    rows = [
        _about(one) | {"awaited": queries.answer_awaited(one), "verdict": _verdict_of(one)} for one in reversed(mine)
    ]
    return render_template("reviews/panel.html", case=case, rows=rows)
