"""The page on which a school's officer enters the card of a teacher of the own organisation: no role, no account comes of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response, abort, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from wtforms import Form

from workflow_app import gate
from workflow_app.db.models import Organization, Person
from workflow_app.errors import N_, Invalid
from workflow_app.facts import choices
from workflow_app.features.people import queries
from workflow_app.features.people.views import page
from workflow_app.states.definitions.people import NewColleague
from workflow_app.states.vocabulary import Role
from workflow_app.web.forms import form_of, raw_of, show_problems
from workflow_app.web.page import Menu, roles
from workflow_app.web.request_scope import here
from workflow_app.web.transition_view import filled, go, take_turn

_CASE = "cases.new_of_school"  # where the officer goes on


@page(
    "/people/new/colleague", readers=roles(Role.SCHOOL_OFFICER), menu=Menu(17, N_("Новый педагог"), "user", "examination"),
    methods=("GET", "POST"),
)  # fmt: skip
def new_colleague() -> Response | str:
    """Enter a teacher of the own organisation; a namesake there is shown first, of anybody elsewhere nothing is told."""
    scope = here()
    home, place = scope.me.municipality_id, scope.me.organization_id
    if place is None:
        abort(404)
    known = choices.general(scope.session, home, place)
    raw: dict[str, Any] = {**raw_of(request.form, NewColleague), "organization_id": str(place)}
    form = form_of(NewColleague, known, raw if request.method == "POST" else {})
    if request.method != "POST":
        return _page(form)
    take_turn(scope.session.get_one(Organization, place))  # of two presses the second finds the first
    try:
        sheet = filled(NewColleague, raw, known)
        twins = queries.same_name(scope.session, home, sheet.last_name, sheet.first_name, sheet.middle_name, place)
        if twins and not request.form.get("sure"):
            return make_response(_page(form, twins), 409)
        row = Person(
            municipality_id=home, last_name=sheet.last_name, first_name=sheet.first_name, organization_id=place
        )
        with scope.session.begin_nested():
            gate.begin(scope.session, scope.me, row, sheet)
    except Invalid as error:
        show_problems(form, error.problems)
        return make_response(_page(form), 422)
    flash(_("Карточка создана, координатор её видит. Теперь можно внести дело."), "success")
    return go(_CASE, applicant_id=row.id)


def _page(form: Form, twins: Sequence[Person] = ()) -> str:
    crumbs = [{"title": _("Дело педагога"), "url": url_for(_CASE)}, {"title": _("Новый педагог")}]
    return render_template(
        "people/new.html", form=form, twins=twins, sure=bool(request.form.get("sure")), breadcrumbs=crumbs,
        title=_("Новый педагог"), note=_("Роль и учётную запись карточка не даёт: пригласить педагога может координатор."),
        back=url_for(_CASE), person_page="",
    )  # fmt: skip
