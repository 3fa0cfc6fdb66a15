"""The review: two panes, autosave, the check, the preview of both documents, the signature.

The sheet is filled on one page and signed on another, which carries the very values that its preview shows: what is
signed is what was read, whatever another window has saved meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask import Response, abort, make_response, render_template, request, url_for
from flask_babel import gettext as _

from workflow_app import gate
from workflow_app.assessment.criteria import WORDS, CriteriaSheet
from workflow_app.case_types.registry import case_type
from workflow_app.db.models import Assignment, WorkingCopy
from workflow_app.facts import assessment, choices
from workflow_app.facts.subjects import has_consent
from workflow_app.features.reviews import labels, queries, review_draft
from workflow_app.features.reviews.material_views import pane
from workflow_app.features.reviews.views import page
from workflow_app.states.definitions.assignment import ASSIGNMENT, COUNTED
from workflow_app.states.definitions.review_forms import ReviewSheet
from workflow_app.states.forms import Problems
from workflow_app.web import deadline_words
from workflow_app.web.file_answer import made
from workflow_app.web.formatting import say, zone
from workflow_app.web.forms import form_of, raw_of, show_problems, told
from workflow_app.web.next_page import go, go_to
from workflow_app.web.page import LOGGED_IN
from workflow_app.web.request_scope import here
from workflow_app.web.transition_view import (
    act,
    autosaved,
    is_stale,
    offered,
    save_copy,
    stamp,
    take_turn,
    working_copy,
)

ACT = "sign"
OPINIONS = ("dissent", "dissent_common")


def own(id: int) -> Assignment:
    """Return an assignment of the present person; anybody else's is not there, even for those who may read it signed."""
    scope = here()
    assignment = gate.read(scope.session, scope.me, Assignment, id)
    if assignment.expert_id != scope.who.id:
        abort(404)
    take_turn(assignment)
    return assignment


def criteria_of(assignment: Assignment) -> CriteriaSheet:
    """Return the pinned criteria sheet of the assignment's case (R27)."""
    return assessment.sheet_of(here().session, assignment.case)


def kept(assignment: Assignment, copy: WorkingCopy | None) -> dict[str, Any]:
    """Return what is filled so far: the working copy, else what a returned sheet begins with (R28)."""
    return dict(copy.data if copy is not None else assignment.review)


def _typed_now() -> dict[str, Any]:
    """Return what is typed in the sheet; how it will be signed is asked on another page."""
    raw = raw_of(request.form, ReviewSheet)
    del raw["how"]
    return raw


def review_page(
    assignment: Assignment,
    raw: Mapping[str, Any],
    *,
    wrong: Problems | None = None,
    stale: bool = False,
    status: int = 200,
) -> Response:
    """Show the review with ``raw`` in it; ``wrong`` at the fields; ``stale``: another window has kept another text."""
    scope, case, sheet = here(), assignment.case, criteria_of(assignment)
    scope.let_go()
    copy = working_copy(assignment, ACT)
    form = form_of(ReviewSheet, {}, raw)
    show_problems(form, wrong or {})
    before = queries.earlier(scope.session, assignment)
    answer = render_template(
        "reviews/review.html", assignment=assignment, case=case, kind=case_type(case.type), sheet=sheet, form=form, wrong=wrong or {},
        cards=review_draft.cards(sheet, raw, wrong or {}), before_marks=labels.marks_by_key(sheet, before.review) if before else {},
        scale=queries.scale_words(sheet), word_options=[(key, say(title)) for key, title in WORDS.items()],
        verdict_options=[(one.key, one.text) for one in sheet.verdicts],
        errors=labels.complaints_words(sheet, wrong or {}), obstacles=told(offered(assignment, ACT).obstacles),
        due=deadline_words.of_assignment(assignment),
        progress=labels.progress_words(sheet, raw), phrases=labels.phrases(case), pane=pane(assignment, "reviews.show"), before=before,
        before_on=before.signed_at.astimezone(zone()).date() if before and before.signed_at else None,
        changes=case.form.get("changes", "") if assignment.round > 1 else "", version=stamp(assignment, copy),
        saved_at=copy.saved_at.astimezone(zone()) if copy else None,
        differences=review_draft.differences(sheet, raw, kept(assignment, copy)) if stale else [], stale=stale,
    )  # fmt: skip
    return make_response(answer, status)


def show_review(assignment: Assignment) -> Response:
    """Show the review as it was kept; with ``?check`` everything that is still missing stands at its field."""
    raw = kept(assignment, working_copy(assignment, ACT))
    wrong = review_draft.problems(criteria_of(assignment), raw) if "check" in request.args else None
    return review_page(assignment, raw, wrong=wrong)


@page("/assignments/<int:id>/autosave", readers=LOGGED_IN, methods=("POST",))
def autosave(id: int) -> Response:
    """Keep what is typed, unchecked: the sheet, or with ``?for=`` an opinion. Nobody else sees it until it is signed."""
    assignment = own(id)
    name = request.args.get("for", ACT)
    if name in OPINIONS:
        offered(assignment, name)
        return autosaved(assignment, name, ASSIGNMENT.transition(name).asks)
    offered(assignment, ACT)
    raw = _typed_now()
    if is_stale(assignment, working_copy(assignment, ACT), raw):
        return make_response(
            {"error": _("Этот лист изменён в другом окне. Ваш текст цел и остаётся на странице.")}, 409
        )
    copy = save_copy(assignment, ACT, ReviewSheet, raw)
    local = copy.saved_at.astimezone(zone())
    progress = labels.progress_words(criteria_of(assignment), copy.data)
    return make_response({"saved_at": f"{local:%H:%M}", "version": stamp(assignment, copy), "progress": progress})


@page("/assignments/<int:id>/progress", readers=LOGGED_IN)
def progress(id: int) -> Response:
    """Return how far the kept sheet is; percent and verdict only when every criterion is complete."""
    assignment = own(id)
    offered(assignment, ACT)
    return make_response(
        labels.progress_words(criteria_of(assignment), kept(assignment, working_copy(assignment, ACT)))
    )


@page("/assignments/<int:id>/check", readers=LOGGED_IN, methods=("GET", "POST"))
def check(id: int) -> Response:
    """Keep the sheet, then show what is missing at each field, or go on to the preview and the signature."""
    assignment = own(id)
    offered(assignment, ACT)
    if request.method != "POST":
        return go("reviews.show", id=id, check=1)  # the answer to a check, loaded again
    raw = _typed_now()
    if is_stale(assignment, working_copy(assignment, ACT), raw):
        return review_page(assignment, raw, stale=True, status=409)
    save_copy(assignment, ACT, ReviewSheet, raw)
    if request.form.get("then") == "stay":
        return go("reviews.show", id=id)
    if wrong := review_draft.problems(criteria_of(assignment), raw):
        return review_page(assignment, raw, wrong=wrong, status=422)
    return go("reviews.sign", id=id)


@page("/assignments/<int:id>/sign", readers=LOGGED_IN, methods=("GET", "POST"))
def sign(id: int) -> Response | str:
    """Show both documents as they will be, and sign: by the password typed again, or on paper with the scan (R35)."""
    assignment = own(id)
    posted = request.method == "POST"
    raw = raw_of(request.form, ReviewSheet) if posted else kept(assignment, working_copy(assignment, ACT))
    if posted and _is_signed_so(assignment, raw):
        return go("reviews.show", id=id)  # the second of two clicks
    offered(assignment, ACT)
    if wrong := review_draft.problems(criteria_of(assignment), raw):
        if not posted:
            return go("reviews.show", id=id, check=1)
        save_copy(assignment, ACT, ReviewSheet, raw)
        return review_page(assignment, raw, wrong=wrong, status=422)
    scope, shown = here(), url_for("reviews.show", id=id)
    agreed = has_consent(scope.session, scope.who.id, "simple_signature")
    answer = act(
        assignment, ACT, lists=choices.of_case(scope.session, assignment.case), back=shown, template="reviews/sign.html",
        context=lambda: _signing(assignment, raw, agreed=agreed),
    )  # fmt: skip
    return go("reviews.show", id=id) if posted and _is_signed_so(assignment, raw) else answer


def _is_signed_so(assignment: Assignment, raw: Mapping[str, Any]) -> bool:
    """Whether exactly this is signed already."""
    if assignment.state not in COUNTED:
        return False
    same = review_draft.typed(raw)["verdict"] == (assignment.review.get("verdict") or "")
    return same and not review_draft.differences(criteria_of(assignment), raw, assignment.review)


def _signing(assignment: Assignment, raw: Mapping[str, Any], *, agreed: bool) -> dict[str, Any]:
    scope, case = here(), assignment.case
    chosen = request.args.get("document", queries.DRAFTS[0])
    kind = chosen if chosen in queries.DRAFTS else queries.DRAFTS[0]
    return {
        "document": queries.draft_document(scope.session, scope.me, assignment, review_draft.typed(raw), kind),
        "document_kind": kind,
        "kinds": queries.DRAFTS,
        "kind": case_type(case.type),
        "assignment": assignment,
        "hidden": list(_flat(raw)),
        "progress": labels.progress_words(criteria_of(assignment), raw),
        "how": request.form.get("how") or ("simple" if agreed else "paper"),
        "consents_url": url_for("people.consent", kind="simple_signature"),
    }


def _flat(raw: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the sheet's values as hidden fields: the same names that the review's form has."""
    review = review_draft.typed(raw)
    for key, mark in assessment.marks_of(review).items():
        yield from ((f"marks-{key}-points-{indicator}", str(points)) for indicator, points in mark.points.items())
        texts = {
            "word": mark.word,
            "reason": mark.reason,
            "rationale": mark.rationale,
            "not_applicable": "1" if mark.not_applicable else "",
        }
        yield from ((f"marks-{key}-{name}", text) for name, text in texts.items() if text)
    yield from ((name, review[name]) for name in (*review_draft.TEXTS, "verdict", "note") if review[name])


@page("/assignments/<int:id>/preview/<kind>", readers=LOGGED_IN)
def preview(id: int, kind: str) -> Response | str:
    """Show a document as it will be, for reading and printing; ``?format=docx`` gives it as a file to sign by hand."""
    assignment, scope = own(id), here()
    if kind not in queries.DRAFTS:
        abort(404)
    offered(assignment, ACT)
    raw = kept(assignment, working_copy(assignment, ACT))
    if review_draft.problems(criteria_of(assignment), raw):
        return go_to(url_for("reviews.show", id=id, check=1), 302)
    document = queries.draft_document(scope.session, scope.me, assignment, review_draft.typed(raw), kind)
    if request.args.get("format") == "docx":
        data = queries.draft_file(scope.session, scope.me, assignment, review_draft.typed(raw), kind)
        return made(data, f"{document.title.capitalize()}, проект.docx")
    return render_template(
        "reviews/preview.html",
        document=document,
        assignment=assignment,
        case=assignment.case,
        kind=kind,
        kinds=queries.DRAFTS,
    )
