"""Criteria sheets to be read: what is judged, on which scale, with what weight, and where the thresholds stand."""

from __future__ import annotations

from decimal import Decimal

from flask import abort, render_template, request, url_for
from flask_babel import gettext as _

from workflow_app import clock
from workflow_app.assessment.criteria import WORDS, plain
from workflow_app.case_types.registry import CASE_TYPES
from workflow_app.db.models import CriteriaRow
from workflow_app.errors import N_
from workflow_app.features.centre import queries
from workflow_app.features.centre.criteria_edit_views import acts_of, differences_of, preview
from workflow_app.features.centre.shared import OFFICE, crumbs, may_visit
from workflow_app.features.centre.views import page
from workflow_app.states import policy
from workflow_app.states.definitions.centre import CRITERIA_SHEET
from workflow_app.states.vocabulary import Facts
from workflow_app.web.formatting import say, zone
from workflow_app.web.page import LOGGED_IN, Menu
from workflow_app.web.request_scope import here


@page("/criteria", readers=LOGGED_IN, menu=Menu(70, N_("Критерии"), "book", "examination", shown_to=OFFICE))
def criteria() -> str:
    """List the sheets in force; the office sees earlier versions too."""
    scope = here()
    rows = [(row, queries.in_mode(scope.session, row)) for row in queries.sheets(scope.session, scope.me)]
    return render_template("centre/criteria.html", rows=rows, states=CRITERIA_SHEET.states, used=_used)


@page("/criteria/<key>/<int:number>", readers=LOGGED_IN)
def criteria_sheet(key: str, number: int) -> str:
    """Show one version of one sheet."""
    scope = here()
    row = queries.sheet(scope.session, scope.me, key, number)
    if row is None:
        abort(404)
    sheet = queries.in_mode(scope.session, row)
    total = sum((one.weight * one.maximum for one in sheet.criteria), Decimal())
    office = may_visit("centre.criteria_edit")
    against = _against(row) if office else None
    others = [one for one in queries.sheets(scope.session, scope.me) if one.key == key and one.id != row.id]
    return render_template(
        "centre/criteria_sheet.html", row=row, sheet=sheet, state=CRITERIA_SHEET.state(row.state), used=_used(row), plain=plain,
        words=WORDS, total=plain(total), others=others, count=queries.cases_on(scope.session, scope.me, row),
        acts=acts_of(row) if office else [], may_begin=office and row.state == "in_force" and _may_begin(),
        draft=queries.draft_of(scope.session, scope.me, key) if office else None, against=against, states=CRITERIA_SHEET.states,
        differences=differences_of(row, against) if against else [],
        document=preview(sheet) if office and "paper" in request.args else None,
        touched=queries.touched(scope.session, scope.me, row) if office and row.state in ("draft", "proposed") else None,
        office=office, cases_url=url_for("cases.listing", criteria=row.id) if office else "",
        breadcrumbs=crumbs((_("Критерии"), url_for("centre.criteria")), (sheet.title, "")),
    )  # fmt: skip


def _may_begin() -> bool:
    """Whether the reader may begin a new version: its button is shown to nobody else."""
    me = here().me
    facts = Facts(CRITERIA_SHEET.initial, clock.now(), clock.today(zone().key), me.municipality_id)
    return policy.may_begin(CRITERIA_SHEET, me, facts)


def _against(row: CriteriaRow) -> CriteriaRow | None:
    """Return the version to compare with: that of the address, else the one in force, else the one before."""
    scope = here()
    others = [one for one in queries.sheets(scope.session, scope.me) if one.key == row.key and one.id != row.id]
    asked = request.args.get("with", "")
    chosen = next((one for one in others if str(one.number) == asked), None)
    force = next((one for one in others if one.state == "in_force"), None)
    return (
        chosen
        or force
        or max((one for one in others if one.number < row.number), key=lambda one: one.number, default=None)
    )


def _used(row: CriteriaRow) -> list[str]:
    """Return the case types that are judged on this sheet."""
    return [say(one.title) for one in CASE_TYPES.values() if row.key in one.criteria_keys]
