"""The directory of organisations: the list, a card, a new one, corrections, closing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from workflow_app import gate
from workflow_app.db.models import Municipality, Organization
from workflow_app.errors import N_, Invalid
from workflow_app.facts import choices
from workflow_app.facts.changes import changes
from workflow_app.facts.directory import organization_row
from workflow_app.facts.subjects import state_of
from workflow_app.features.centre import queries
from workflow_app.features.centre.queries import OrganizationLine
from workflow_app.features.centre.shared import KEEPERS, STAFF, address, crumbs, may_visit, offers_of
from workflow_app.features.centre.views import page
from workflow_app.states.definitions.centre import ORGANIZATION, OrganizationCard
from workflow_app.states.forms import to_json
from workflow_app.stemming import answers
from workflow_app.web.form_layout import sections, summary
from workflow_app.web.formatting import say
from workflow_app.web.forms import form_of, raw_of, show_problems
from workflow_app.web.page import Menu
from workflow_app.web.request_scope import here
from workflow_app.web.table_page import Asked, asked, exported, exports, heading, pagination, part_of
from workflow_app.web.transition_view import act, filled, take_turn

_SORTS: dict[str, Callable[[OrganizationLine], Any]] = {
    "name": lambda one: one.organization.name_order,
    "people": lambda one: one.people,
    "teachers": lambda one: one.organization.teachers or 0,
}


def _asked() -> Asked:
    return asked(_SORTS, "name", ("state", "where"))


def _wanted(what: Asked) -> tuple[list[OrganizationLine], int]:
    """Return what the address asks for, in its order, and how many there are in all. Closed ones only when asked for."""
    scope = here()
    rows = queries.organizations(scope.session, scope.me.municipality_id)
    state, where, words = what.chosen.get("state", "active"), what.chosen.get("where"), what.q
    found = [
        one
        for one in rows
        if state in ("all", one.organization.state)
        and (not where or one.organization.outside == (where == "outside"))
        and answers(words, f"{one.organization.name} {one.organization.genitive}")
    ]
    return sorted(found, key=_SORTS[what.sort], reverse=what.descending), len(rows)


def _columns(what: Asked) -> list[dict[str, Any]]:
    return [
        heading(what, _("Наименование"), "name"),
        heading(what, _("Педагогов по отчёту"), "teachers", numeric=True),
        heading(what, _("Людей в системе"), "people", numeric=True),
        heading(what, _("Состояние")),
    ]


@page("/organizations", readers=STAFF, menu=Menu(60, N_("Организации"), "building", "centre", shown_to=KEEPERS))
def organizations() -> str:
    """List the organisations of the municipality and those outside of it."""
    what = _asked()
    rows, total = _wanted(what)
    return render_template(
        "centre/organizations.html", rows=part_of(rows, what), found=len(rows), total=total, asked=what, columns=_columns(what),
        page=pagination(what, len(rows)), states=ORGANIZATION.states, may_add=may_visit("centre.new_organization"),
        exports=exports("centre.export_organizations"),
    )  # fmt: skip


@page("/organizations/export.<any(csv, xlsx):kind>", readers=STAFF)
def export_organizations(kind: str) -> Response:
    """Give exactly what the list shows."""
    header = [
        _("Наименование"),
        _("В родительном падеже"),
        _("За пределами муниципалитета"),
        _("Педагогов"),
        _("Людей в системе"),
        _("Состояние"),
    ]
    rows = [
        (row.name, row.genitive, row.outside, row.teachers, one.people, say(ORGANIZATION.state(row.state).title))
        for one in _wanted(_asked())[0]
        for row in (one.organization,)
    ]
    return exported(kind, header, rows, _("Организации"))


@page("/organizations/new", readers=KEEPERS, methods=("GET", "POST"))
def new_organization() -> Response | str:
    """Enter an organisation; what was typed stays when it is refused."""
    scope = here()
    if request.method != "POST":
        return _new_page({}, {})
    raw = raw_of(request.form, OrganizationCard)
    take_turn(
        scope.session.get_one(Municipality, scope.me.municipality_id)
    )  # of two presses the second finds the first
    try:
        sheet = filled(OrganizationCard, raw)
        with scope.session.begin_nested():
            row = gate.begin(
                scope.session, scope.me, organization_row(scope.session, scope.me.municipality_id, sheet), sheet
            )
    except Invalid as error:
        return make_response(_new_page(raw, error.problems), 422)
    flash(_("Организация добавлена."), "success")
    return redirect(url_for("centre.organization", id=row.id), code=303)  # type: ignore[return-value]  # werkzeug's response class


def _new_page(raw: dict[str, Any], problems: Any) -> str:
    form = form_of(OrganizationCard, {}, raw)
    show_problems(form, problems)
    return render_template(
        "centre/organization_new.html", parts=sections(form, OrganizationCard), errors=summary(form),
        breadcrumbs=crumbs((_("Организации"), url_for("centre.organizations")), (_("Новая"), "")),
    )  # fmt: skip


def _open(id: int) -> Organization:
    scope = here()
    return gate.read(scope.session, scope.me, Organization, id)


@page("/organizations/<int:id>", readers=STAFF)
def organization(id: int) -> str:
    """Show an organisation: its card, its people, its cases that the reader may see."""
    scope = here()
    row = _open(id)
    cases = queries.cases_of(scope.session, scope.me, row)
    visit = may_visit("people.person")
    return render_template(
        "centre/organization.html", row=row, state=ORGANIZATION.state(row.state), offers=offers_of(row),
        people=[(one, address("people.person", id=one.id) if visit else "") for one in queries.people_of(scope.session, row)],
        positions={one.value: one.label for one in choices.of_file("positions")},
        cases=[(one, state_of(one, told=False), url_for("cases.show", id=one.id)) for one in cases],
        changes=changes(scope.session, row),
        breadcrumbs=crumbs((_("Организации"), url_for("centre.organizations")), (row.name, "")),
    )  # fmt: skip


@page("/organizations/<int:id>/do/<name>", readers=STAFF, methods=("GET", "POST"))
def change_organization(id: int, name: str) -> Response | str:
    """Correct the card or close the organisation."""
    row = _open(id)
    card = OrganizationCard(name=row.name, genitive=row.genitive, outside=row.outside, teachers=row.teachers)
    back = url_for("centre.organization", id=id)
    trail = crumbs(
        (_("Организации"), url_for("centre.organizations")),
        (row.name, back),
        (say(ORGANIZATION.transition(name).title) if name in ORGANIZATION.transitions else "", ""),
    )
    return act(row, name, lists={}, back=back, start=to_json(card), context={"breadcrumbs": trail})
