"""A term of a kind of case is given another length: the page shows what becomes of running cases before it keeps anything."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

from flask import Response, abort, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _

from workflow_app.case_types.registry import CASE_TYPES
from workflow_app.db.models import Municipality
from workflow_app.errors import N_, Denied, Invalid
from workflow_app.facts import deadlines, term_change
from workflow_app.features.centre.shared import OFFICE, centre, offers_of, settings_crumbs, tabs
from workflow_app.features.centre.views import page
from workflow_app.states.definitions.centre import KEEP, TAKE, SetTerm, TermChange
from workflow_app.states.forms import fill
from workflow_app.states.pictures.handbook import TERMS, length_said
from workflow_app.web.form_layout import sections, summary
from workflow_app.web.formatting import say
from workflow_app.web.forms import form_of, raw_of, show_problems
from workflow_app.web.next_page import go_to
from workflow_app.web.request_scope import here
from workflow_app.web.transition_view import attempt

_SHOWN = 20  # cases by name; the others are counted


@page("/settings/terms/<kind>/<key>", readers=OFFICE, methods=("GET", "POST"))
def term(kind: str, key: str) -> Response | str:
    """Ask for another length, show what it does, keep it when the person has seen that."""
    if kind not in CASE_TYPES or not term_change.is_ours(kind, key):
        abort(404)
    row = centre()
    if "set_term" not in offers_of(row):
        raise Denied(N_("Сроки меняют директор и администратор."))
    if request.method != "POST":
        return _page(row, kind, key, _start(row, kind, key))
    raw = raw_of(request.form, TermChange)
    try:
        sheet = fill(SetTerm, {**raw, "case_type": kind, "key": key}, {})
        term_change.demand_sense(here().session, row.id, sheet, shown=False)
        found = _effect(row, sheet)
        if request.form.get("seen") != _seen(sheet, found):
            return _page(row, kind, key, raw, sheet=sheet, found=found)
        moved = term_change.written(found) if sheet.running == TAKE else ()
        attempt(row, "set_term", replace(sheet, moved=moved))
    except Invalid as error:
        return make_response(_page(row, kind, key, raw, error=error), 422)
    flash(_("Срок изменён."), "success")
    return go_to(url_for("centre.lengths") + f"#{kind}")


def _start(row: Municipality, kind: str, key: str) -> dict[str, Any]:
    present = deadlines.term_of(here().session, row.id, kind, key)
    today = deadlines.today(here().session, row.id)
    return {"length": present.length, "unit": present.unit, "since": today.isoformat(), "running": KEEP}


def _effect(row: Municipality, sheet: SetTerm) -> term_change.Effect:
    length = term_change.term_of(sheet.length, sheet.unit)
    return term_change.effect_of(here().session, row.id, sheet.case_type, sheet.key, length)


def _seen(sheet: SetTerm, found: term_change.Effect) -> str:
    """Return the fingerprint of what was shown: another length, another day, other cases are to be looked at again."""
    told = (
        sheet.length,
        sheet.unit,
        sheet.since,
        sheet.running,
        [(one.id, one.old, one.new.day) for one in found.running],
    )
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def _page(
    row: Municipality, kind: str, key: str, values: dict[str, Any], *, sheet: SetTerm | None = None,
    found: term_change.Effect | None = None, error: Invalid | None = None,
) -> str:  # fmt: skip
    form = form_of(TermChange, {}, values)
    if error is not None:
        show_problems(form, error.problems)
    present, default = deadlines.term_of(here().session, row.id, kind, key), CASE_TYPES[kind].policy.terms[key]
    told: dict[str, Any] = {"effect": None}
    if sheet is not None and found is not None:
        new = length_said(term_change.term_of(sheet.length, sheet.unit))
        told = {"effect": found, "takes": sheet.running == TAKE, "seen": _seen(sheet, found), "new": new}
    return render_template(
        "centre/term.html", tabs=tabs(), parts=sections(form, TermChange), errors=summary(form), version=row.version,
        title=say(TERMS[key]), kind=CASE_TYPES[kind].title, present=length_said(present), default=length_said(default),
        most=_SHOWN, promised=key in term_change.PROMISED, of_answer=key == "answer", **told,
        breadcrumbs=settings_crumbs((_("Сроки"), url_for("centre.lengths")), (say(TERMS[key]), "")),
    )  # fmt: skip
