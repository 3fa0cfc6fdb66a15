"""Pages of absences: one's own days, those of a person, the list of the centre, what an absence leaves undone before it is confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from wtforms import Form

from workflow_app import clock, gate
from workflow_app.db.models import Absence, Person
from workflow_app.errors import N_, Denied, Invalid
from workflow_app.facts import absences, deadlines
from workflow_app.facts.subjects import offers_of
from workflow_app.features.people.absence_effects import coordinators, deputies
from workflow_app.features.people.views import page
from workflow_app.states.definitions.absence import ABSENCE, AskAbsence
from workflow_app.states.forms import Choice, fill
from workflow_app.states.vocabulary import Role
from workflow_app.web.form_layout import sections, summary
from workflow_app.web.formatting import say
from workflow_app.web.forms import form_of, raw_of, show_problems
from workflow_app.web.next_page import go
from workflow_app.web.page import LOGGED_IN, Menu, may_open, roles
from workflow_app.web.request_scope import here
from workflow_app.web.transition_view import act

OFFICE = roles(Role.COORDINATOR, Role.DIRECTOR)


@page("/absences", readers=OFFICE, menu=Menu(65, N_("Отсутствия"), "calendar", "centre", aside=True))
def absence_list() -> str:
    """List who is away, will be, or asks for it."""
    scope = here()
    today = deadlines.today(scope.session, scope.me.municipality_id)
    rows = absences.of_centre(scope.session, scope.me.municipality_id, today)
    return render_template("people/absences.html", rows=[_row(one) for one in rows])


def _row(row: Absence) -> dict[str, Any]:
    return {"row": row, "cause": say(absences.cause_of(row)), "state": ABSENCE.state(row.state)}


@page("/profile/absence", readers=LOGGED_IN, methods=("GET", "POST"))
def own_absence() -> Response | str:
    """Tell when one is away."""
    return _ask(here().who, url_for("people.profile"))


@page("/people/<int:id>/absence", readers=roles(Role.COORDINATOR), methods=("GET", "POST"))
def absence_of(id: int) -> Response | str:
    """Enter when somebody is away; the page of its confirmation follows."""
    person = gate.read(here().session, here().me, Person, id)
    return _ask(person, url_for("people.person", id=id))


def _ask(person: Person, back: str) -> Response | str:
    scope = here()
    place = scope.me.municipality_id
    if not absences.may_be_away(scope.session, person, place):
        raise Denied(N_("Отсутствие отмечают эксперту и координатору: других система не ждёт."))
    lists = {"deputies": _choices(coordinators(scope.session, place, person.id))}
    form, status = form_of(AskAbsence, lists, {"cause": "vacation"}), 200
    if request.method == "POST":
        values = raw_of(request.form, AskAbsence)
        try:
            row = _begin(person, fill(AskAbsence, {**values, "person_id": person.id}, lists))
            return go("people.absence", id=row.id)
        except Invalid as wrong:
            form, status = form_of(AskAbsence, lists, values), 422
            show_problems(form, wrong.problems)
    return make_response(_form_page(person, form, back), status)


def _begin(person: Person, sheet: AskAbsence) -> Absence:
    scope = here()
    row = Absence(
        municipality_id=scope.me.municipality_id, person_id=person.id, since=sheet.since, until=sheet.until, cause=sheet.cause,
        asked_at=clock.now(),
    )  # fmt: skip
    gate.begin(scope.session, scope.me, row, sheet)
    flash(_("Отсутствие записано: его подтвердит координатор."), "success")
    return row


def _form_page(person: Person, form: Form, back: str) -> str:
    scope = here()
    place = scope.me.municipality_id
    mine = person.id == scope.who.id
    leads = any(one.municipality_id == place and one.role == Role.COORDINATOR.value for one in person.memberships)
    today = deadlines.today(scope.session, place)
    before = absences.of_centre(scope.session, place, today, person_id=person.id)
    whose = _("Мой профиль") if mine else person.full_name
    return render_template(
        "people/absence_ask.html", absent=person, parts=sections(form, AskAbsence), errors=summary(form), back=back, mine=mine,
        skipped=() if leads else ("deputy_id",), rows=[_row(one) for one in before],
        breadcrumbs=[{"title": whose, "url": back}, {"title": _("Отсутствие"), "url": ""}],
    )  # fmt: skip


def _choices(people: Sequence[Person]) -> tuple[Choice, ...]:
    return tuple(Choice(str(one.id), N_(one.full_name)) for one in people)


def _left(row: Absence) -> dict[str, Any]:
    """Return what the absence leaves undone, for the office alone."""
    scope = here()
    if not may_open(OFFICE, scope) or row.state == "ended":
        return {"left": None}
    return {"left": absences.left_by(scope.session, scope.me, row, deadlines.today(scope.session, row.municipality_id))}


@page("/absences/<int:id>", readers=LOGGED_IN)
def absence(id: int) -> str:
    """Show one absence, what may be done with it, and to the office what it leaves undone."""
    scope = here()
    row = gate.read(scope.session, scope.me, Absence, id)
    return render_template(
        "people/absence.html", **_row(row), **_left(row), offers=offers_of(row, scope.session, scope.me), breadcrumbs=_crumbs(row)
    )  # fmt: skip


def _crumbs(row: Absence) -> list[dict[str, str]]:
    office = may_open(OFFICE, here())
    first = (_("Отсутствия"), "people.absence_list") if office else (_("Мой профиль"), "people.profile")
    return [{"title": first[0], "url": url_for(first[1])}, {"title": row.person.full_name, "url": ""}]


@page("/absences/<int:id>/do/<name>", readers=LOGGED_IN, methods=("GET", "POST"))
def absence_do(id: int, name: str) -> Response | str:
    """Confirm an absence beside what it leaves undone, or end it."""
    scope = here()
    row = gate.read(scope.session, scope.me, Absence, id)
    lists = {"deputies": _choices(deputies(scope.session, row))}
    back = url_for("people.absence", id=id)
    leads = bool(absences.led_by(scope.session, row))  # else there is nothing to hand over, and nothing to ask
    return act(
        row, name, lists=lists, back=back, template="people/absence_do.html", start={"deputy_id": row.deputy_id},
        context=lambda: {**_left(row), "row": row, "breadcrumbs": _crumbs(row)} | ({} if leads else {"parts": []}),
    )  # fmt: skip
