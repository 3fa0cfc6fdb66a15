"""Criteria sheets edited in the browser: a draft of the next version as a table, its preview, its way to the director and into force."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _

from workflow_app import clock, gate
from workflow_app.assessment import editing
from workflow_app.assessment.criteria import CriteriaSheet, from_data
from workflow_app.db.models import CriteriaRow
from workflow_app.errors import WorkflowError
from workflow_app.features.centre import queries
from workflow_app.features.centre.criteria_preview import paper
from workflow_app.features.centre.effects import next_number
from workflow_app.features.centre.shared import OFFICE, crumbs, offers_of
from workflow_app.features.centre.views import page
from workflow_app.states.definitions.centre import CRITERIA_SHEET, EditedSheet, NewVersion
from workflow_app.states.forms import fill
from workflow_app.web.formatting import say, zone
from workflow_app.web.next_page import go_to
from workflow_app.web.request_scope import here
from workflow_app.web.transition_view import act, attempt, offered, save_copy, stamp, working_copy

_EDIT = "edit_sheet"


def _row(key: str, number: int) -> CriteriaRow:
    scope = here()
    row = queries.sheet(scope.session, scope.me, key, number)
    if row is None:
        abort(404)
    return row


def _url(row: CriteriaRow, endpoint: str = "centre.criteria_sheet", **more: Any) -> str:
    return url_for(endpoint, key=row.key, number=row.number, **more)


@page("/criteria/<key>/<int:number>/new", readers=OFFICE, methods=("POST",))
def criteria_new(key: str, number: int) -> Response:
    """Begin a draft of the next version, which holds what this one does; one that is there already is opened."""
    scope, base = here(), _row(key, number)
    number = next_number(
        scope.session, scope.me.municipality_id, key
    )  # locks: a second press finds the draft of the first
    draft = queries.draft_of(scope.session, scope.me, key)
    if draft is None:
        draft = CriteriaRow(
            municipality_id=base.municipality_id, key=key, number=number, data=base.data | {"version": number}, created_at=clock.now(),
        )  # fmt: skip
        gate.begin(scope.session, scope.me, draft, fill(NewVersion, {"base": base.number}, {}))
        flash(
            _("Черновик версии %(n)s заведён. Действующая версия остаётся, пока директор не введёт новую.", n=number),
            "success",
        )
    return go_to(_url(draft, "centre.criteria_edit"))


@page("/criteria/<key>/<int:number>/edit", readers=OFFICE, methods=("GET", "POST"))
def criteria_edit(key: str, number: int) -> Response | str:
    """Show the draft as a table; a POST adds and takes rows, looks at it or keeps it, and never loses what was typed."""
    row = _row(key, number)
    offered(row, _EDIT)
    base, copy = from_data(row.data), working_copy(row, _EDIT)
    if request.method != "POST":
        typed = dict(copy.data) if copy is not None and "criteria" in copy.data else editing.typed_of(base)
        return _page(row, typed, restored=copy is not None)
    typed, do = editing.read(request.form), request.form.get("do", "save")
    if do != "save":
        typed = editing.changed(typed, do)
        save_copy(row, _EDIT, EditedSheet, typed)
        return _page(row, typed, look=do == "look")
    made, wrong = editing.sheet_of(typed, base)
    try:
        if made is not None:
            attempt(row, _EDIT, fill(EditedSheet, {"content": made.to_json()}, {}))
            flash(_("Черновик сохранён."), "success")
            return go_to(_url(row))
    except WorkflowError as error:
        wrong[""] = (*wrong.get("", ()), error.sentence)
    save_copy(row, _EDIT, EditedSheet, typed)
    return make_response(_page(row, typed, wrong=wrong), 422)


@page("/criteria/<key>/<int:number>/look", readers=OFFICE, methods=("POST",))
def criteria_look(key: str, number: int) -> str:
    """Show the draft as it would be with what is typed now, checked: the page follows the form by it, and nothing is kept."""
    row = _row(key, number)
    offered(row, _EDIT)
    return _page(row, editing.read(request.form), look=True)


def _page(
    row: CriteriaRow,
    typed: editing.Typed,
    *,
    wrong: editing.Problems | None = None,
    restored: bool = False,
    look: bool = False,
) -> str:
    scope = here()
    base = from_data(row.data)
    made, found = editing.sheet_of(typed, base)
    shown = found if wrong is None and look else wrong or {}
    copy = working_copy(row, _EDIT)
    force = queries.in_force(scope.session, row)
    known = editing.typed_of(from_data(force.data)) if force is not None else None
    return render_template(
        "centre/criteria_edit.html", row=row, typed=typed, means=editing.MEANS, mode=base.mode,
        wrong={name: " ".join(say(one) for one in many) for name, many in shown.items()},
        errors=[{"text": _labelled(name, say(one)), "target": name or "criteria"} for name, many in shown.items() for one in many],
        was=_was(known) if known else {}, version=stamp(row, copy),
        restored=copy.saved_at.astimezone(zone()) if restored and copy else None,
        sheet=made, document=paper(scope.session, scope.me.municipality_id, made) if made is not None and look else None, look=look,
        breadcrumbs=crumbs((_("Критерии"), url_for("centre.criteria")), (base.title, _url(row)), (_("Правка"), "")),
    )  # fmt: skip


def _was(known: editing.Typed) -> dict[str, Any]:
    """Return what stands in the version in force, by the key of a row: cells that differ from it are coloured."""
    found: dict[str, Any] = {"title": known["title"]}
    found |= {f"v {one['key']}": one for one in known["verdicts"]}
    for one in known["criteria"]:
        found[f"c {one['key']}"] = one
        found |= {f"i {one['key']} {each['key']}": each for each in one["indicators"]}
    found |= {f"s {one['points']}": one for one in known["scale"]}
    return found


def _labelled(name: str, words: str) -> str:
    """Return an error with the row that it stands in."""
    kind, _dash, rest = name.partition("-")
    at = rest.partition("-")[0]
    titles = {"c": _("Критерий"), "i": _("Критерий"), "v": _("Вывод"), "s": _("Шкала, строка")}
    return f"{titles[kind]} {int(at) + 1}: {words}" if kind in titles and at.isdigit() else words


@page("/criteria/<key>/<int:number>/do/<name>", readers=OFFICE, methods=("GET", "POST"))
def criteria_do(key: str, number: int, name: str) -> Response | str:
    """Hand a draft to the director, return it, put it in force, or give it up."""
    row = _row(key, number)
    if name not in CRITERIA_SHEET.transitions or name == _EDIT:
        abort(404)
    title = say(CRITERIA_SHEET.transition(name).title)
    trail = crumbs((_("Критерии"), url_for("centre.criteria")), (from_data(row.data).title, _url(row)), (title, ""))

    def context() -> dict[str, Any]:
        touched = queries.touched(here().session, here().me, row) if name == "put_in_force" else None
        return {"breadcrumbs": trail, "touched": touched, "row": row, "differences": differences_of(row)}

    return act(row, name, lists={}, back=_url(row), template="centre/criteria_do.html", context=context)


def differences_of(row: CriteriaRow, other: CriteriaRow | None = None) -> list[Any]:
    """Return what differs from another version: from that in force, when none is named."""
    from workflow_app.assessment.comparing import differences  # noqa: PLC0415 - few pages compare

    against = other or queries.in_force(here().session, row)
    return [] if against is None or against.id == row.id else differences(from_data(against.data), from_data(row.data))


def acts_of(row: CriteriaRow) -> list[dict[str, Any]]:
    """Return the buttons of a version: what the reader may do with it now."""
    found = []
    for name, offer in offers_of(row).items():
        url = _url(row, "centre.criteria_edit") if name == _EDIT else _url(row, "centre.criteria_do", name=name)
        found.append(
            {
                "title": say(offer.transition.title),
                "url": url,
                "obstacles": [say(one) for one in offer.obstacles],
                "name": name,
            }
        )
    return found


def preview(sheet: CriteriaSheet) -> Any:
    """Return the page of the document in which the sheet stands."""
    return paper(here().session, here().me.municipality_id, sheet)
