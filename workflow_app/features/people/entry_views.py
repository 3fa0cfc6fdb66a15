"""The pages on which a person is entered: by the office anybody, by a school's officer the card of a teacher of the own organisation."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from flask import Response, abort, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from wtforms import Form

from workflow_app import gate
from workflow_app.db.models import Municipality, Organization, Person
from workflow_app.errors import N_, Invalid
from workflow_app.facts import choices
from workflow_app.features.people import queries
from workflow_app.features.people.effects import may_enter
from workflow_app.features.people.list_views import ENTERERS
from workflow_app.features.people.views import page
from workflow_app.states.definitions.people import ROLES, NewColleague, NewPerson
from workflow_app.states.forms import Lists
from workflow_app.states.vocabulary import Role
from workflow_app.web.formatting import say
from workflow_app.web.forms import form_of, raw_of, show_problems
from workflow_app.web.next_page import go
from workflow_app.web.page import Menu, roles
from workflow_app.web.request_scope import here
from workflow_app.web.transition_view import filled, take_turn

_CASE = "cases.new_of_school"  # where the officer goes on


@page("/people/new", readers=ENTERERS, methods=("GET", "POST"))
def new() -> Response | str:
    """Enter a new person; one of the same name is asked about first."""
    scope = here()
    known = choices.general(scope.session, scope.me.municipality_id)
    raw = raw_of(request.form, NewPerson)
    form = form_of(NewPerson, known, raw if request.method == "POST" else {"role": request.args.get("role", "teacher")})
    offered: Any = form["role"]
    offered.choices = [(one.value, say(one.label)) for one in ROLES if may_enter(scope.me, one.value)]
    shown = partial(
        _shown, form, _("Новый человек"), (_("Люди"), "people.people"), person_page="people.person",
        note=_("Приглашение отправляется отдельно, со страницы человека."),
    )  # fmt: skip
    row = _enter(form, shown, raw, known)
    if not isinstance(row, Person):
        return row
    flash(_("Карточка создана."), "success")
    return go("people.person", id=row.id)


@page(
    "/people/new/colleague", readers=roles(Role.SCHOOL_OFFICER), menu=Menu(17, N_("Новый педагог"), "user", "examination"),
    methods=("GET", "POST"),
)  # fmt: skip
def new_colleague() -> Response | str:
    """Enter a teacher of the own organisation; a namesake there is shown first, of anybody elsewhere nothing is told."""
    scope = here()
    place = scope.me.organization_id
    if place is None:
        abort(404)
    known = choices.general(scope.session, scope.me.municipality_id, place)
    raw: dict[str, Any] = {**raw_of(request.form, NewColleague), "organization_id": str(place)}
    form = form_of(NewColleague, known, raw if request.method == "POST" else {})
    shown = partial(
        _shown, form, _("Новый педагог"), (_("Дело педагога"), _CASE),
        note=_("Роль и учётную запись карточка не даёт: пригласить педагога может координатор."),
    )  # fmt: skip
    row = _enter(form, shown, raw, known, place)
    if not isinstance(row, Person):
        return row
    flash(_("Карточка создана, координатор её видит. Теперь можно внести дело."), "success")
    return go(_CASE, applicant_id=row.id)


def _enter(
    form: Form, shown: Callable[..., str], raw: Mapping[str, Any], known: Lists, place: int | None = None
) -> Person | Response | str:
    """Return the person who was entered, else what is answered; ``place``: the card of a teacher of this organisation alone."""
    if request.method != "POST":
        return shown()
    session, me, home = here().session, here().me, here().me.municipality_id
    within = session.get_one(Municipality, home) if place is None else session.get_one(Organization, place)
    take_turn(within)  # of two presses the second finds the first
    try:
        sheet: Any = filled(NewPerson if place is None else NewColleague, raw, known)
        twins = queries.same_name(session, home, sheet, place)
        if twins and not request.form.get("sure"):
            return make_response(shown(twins), 409)
        row = Person(
            municipality_id=home, last_name=sheet.last_name, first_name=sheet.first_name, organization_id=place
        )
        with session.begin_nested():
            gate.begin(session, me, row, sheet)
    except Invalid as error:
        show_problems(form, error.problems)
        return make_response(shown(), 422)
    return row


def _shown(
    form: Form, title: str, back: tuple[str, str], twins: Sequence[Person] = (), *, note: str, person_page: str = ""
) -> str:
    """Return the page; ``back``: the words and the endpoint of the page before it."""
    url = url_for(back[1])
    return render_template(
        "people/new.html", form=form, twins=twins, sure=bool(request.form.get("sure")), title=title, note=note, back=url,
        breadcrumbs=[{"title": back[0], "url": url}, {"title": title}], person_page=person_page,
    )  # fmt: skip
