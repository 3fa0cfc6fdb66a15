"""The slice's pages and what they share: a survey that the reader may see, its questions, its open address."""

from __future__ import annotations

from typing import Any

import segno
from flask import Response, make_response, render_template, request, url_for

from workflow_app import clock, gate
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.content_types.survey import IssueCodes
from workflow_app.db import survey_answers
from workflow_app.db.models import RECORDS, SurveyBox
from workflow_app.errors import WorkflowError
from workflow_app.features.surveys.effects import CODES
from workflow_app.states import policy
from workflow_app.states.vocabulary import Facts
from workflow_app.surveys.questions import Item, items_of
from workflow_app.web.form_layout import sections, summary
from workflow_app.web.formatting import say, zone
from workflow_app.web.forms import form_of, raw_of, show_problems
from workflow_app.web.page import LOGGED_IN, Slice
from workflow_app.web.panels import panel
from workflow_app.web.request_scope import here, settings
from workflow_app.web.transition_view import attempt, filled, offered, take_turn

slice_ = Slice("surveys")
page = slice_.page
KIND = CONTENT_TYPES["survey"]


def survey_of(id: int) -> Any:
    """Return a survey that the present person may see; else NotFound."""
    scope = here()
    return gate.read(scope.session, scope.me, RECORDS["survey"], id)


def items(row: Any) -> tuple[Item, ...]:
    """Return the questions of a survey."""
    return items_of(row.asked)


def open_url(box: SurveyBox | None) -> str:
    """Return the whole open address of a survey; empty before it was opened."""
    if box is None:
        return ""
    base = settings().base_url.rstrip("/") or request.host_url.rstrip("/")
    return f"{base}{url_for('surveys.answer', slug=box.slug)}"


def crumbs(row: Any, last: str = "") -> list[dict[str, str]]:
    """Return the way to a page of a survey."""
    way = [(say(KIND.titles[1]), url_for("records.survey_list")), (row.title, url_for("records.survey", id=row.id))]
    return [{"title": title, "url": url} for title, url in (*way, *(((last, ""),) if last else ()))]


def may_begin() -> bool:
    """Whether the reader may begin surveys."""
    me, today = here().me, clock.today(zone().key)
    return policy.may_begin(KIND.workflow, me, Facts(KIND.workflow.initial, clock.now(), today, me.municipality_id))


def is_taking(row: Any) -> bool:
    """Whether a survey takes answers today."""
    return bool(row.state == "open" and row.since <= clock.today(zone().key) <= row.until)


@panel("record", tab="survey")
def of_record(row: Any) -> str:
    """Show on the card of a survey where it is answered and what came of it."""
    scope = here()
    box = survey_answers.box_of(scope.session, row.id)
    repeat_url = url_for("surveys.repeat", id=row.id) if may_begin() and row.state != "ended" else ""
    return render_template(
        "surveys/panel.html", row=row, box=box, repeat_url=repeat_url,
        url=open_url(box), taking=is_taking(row), n=len(survey_answers.kept(scope.session, row.id)),
        codes=survey_answers.given_out(scope.session, row.id),
    )  # fmt: skip


@page("/surveys/<int:id>/codes", readers=LOGGED_IN, methods=("GET", "POST"))
def codes(id: int) -> Response | str:
    """Make codes and show them, this once: the program keeps only what recognises them."""
    scope, row = here(), survey_of(id)
    offer = offered(row, "issue_codes")
    if request.method != "POST":
        return _codes_page(row, form_of(IssueCodes, {}, {"many": 30}), offer.open)
    take_turn(row)
    raw = raw_of(request.form, IssueCodes)
    try:
        attempt(row, "issue_codes", filled(IssueCodes, raw))
    except WorkflowError as error:
        form = form_of(IssueCodes, {}, raw)
        show_problems(form, getattr(error, "problems", {"": (error.sentence,)}))
        return make_response(_codes_page(row, form, offer.open), 422)
    box = survey_answers.box_of(scope.session, row.id)
    made = scope.session.info.pop(CODES)
    url = open_url(box)
    return render_template(
        "surveys/codes_sheet.html", row=row, codes=made, url=url, picture=lambda code: picture_of(f"{url}#{code}")
    )


def picture_of(address: str) -> str:
    """Return the QR code of an address as what stands in ``src``."""
    return str(segno.make(address, error="m", micro=False, boost_error=False, mask=3).svg_data_uri(scale=8, border=2))


def _codes_page(row: Any, form: Any, may: bool) -> str:  # noqa: FBT001 - whether the act is open
    return render_template(
        "surveys/codes.html", row=row, parts=sections(form, IssueCodes), errors=summary(form), may=may,
        breadcrumbs=crumbs(row, say(KIND.workflow.transition("issue_codes").title)),
    )  # fmt: skip
