"""Criteria sheets to be read: what is judged, on which scale, with what weight, and where the thresholds stand."""

from __future__ import annotations

from decimal import Decimal

from flask import abort, render_template, url_for
from flask_babel import gettext as _

from workflow_app.assessment.criteria import WORDS, plain
from workflow_app.case_types.registry import CASE_TYPES
from workflow_app.db.models import CriteriaRow
from workflow_app.errors import N_
from workflow_app.features.centre import queries
from workflow_app.features.centre.shared import KEEPERS, crumbs
from workflow_app.features.centre.views import page
from workflow_app.states.definitions.centre import CRITERIA_SHEET
from workflow_app.web.formatting import say
from workflow_app.web.page import LOGGED_IN, Menu
from workflow_app.web.request_scope import here


@page("/criteria", readers=LOGGED_IN, menu=Menu(70, N_("Критерии"), "book", "examination", shown_to=KEEPERS))
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
    others = [one for one in queries.sheets(scope.session, scope.me) if one.key == key and one.id != row.id]
    return render_template(
        "centre/criteria_sheet.html", row=row, sheet=sheet, state=CRITERIA_SHEET.state(row.state), used=_used(row), plain=plain,
        words=WORDS, total=plain(total), others=others, count=queries.cases_on(scope.session, scope.me, row),
        breadcrumbs=crumbs((_("Критерии"), url_for("centre.criteria")), (sheet.title, "")),
    )  # fmt: skip


def _used(row: CriteriaRow) -> list[str]:
    """Return the case types that are judged on this sheet."""
    return [say(one.title) for one in CASE_TYPES.values() if row.key in one.criteria_keys]
