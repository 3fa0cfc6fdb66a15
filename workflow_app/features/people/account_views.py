"""Pages by which a person comes to an account: the link of an invitation, and registration where the centre allows it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Response, abort, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from wtforms import Form

from workflow_app import clock, gate
from workflow_app.db.models import AccessLog, Municipality, Person
from workflow_app.errors import N_, Invalid
from workflow_app.facts import choices
from workflow_app.facts.actors import actor_of
from workflow_app.features.people import queries, tokens
from workflow_app.features.people.choose_password import by_link, chosen
from workflow_app.features.people.invitation import invite
from workflow_app.features.people.login_views import dead_link, unseen
from workflow_app.features.people.second_factor_views import enter
from workflow_app.features.people.views import page
from workflow_app.gate import outbox
from workflow_app.states.definitions.people import Invited, NewPerson, TakeAccount
from workflow_app.states.forms import fill
from workflow_app.states.vocabulary import Via, system
from workflow_app.web import rate_limit
from workflow_app.web.forms import form_of, raw_of, show_problems
from workflow_app.web.next_page import go
from workflow_app.web.page import ANYONE
from workflow_app.web.request_scope import here
from workflow_app.web.transition_view import filled


def _invited(secret: str) -> Person | None:
    found = tokens.find(here().session, secret, tokens.INVITATION)
    return found[1] if found else None


@page("/take/<secret>", readers=ANYONE, methods=("GET", "POST"), before=by_link(_invited))
def take(secret: str) -> Response | str:
    """Choose a login and a password by the link of an invitation; the person is logged in with them."""
    scope = here()
    found = tokens.find(scope.session, secret, tokens.INVITATION)
    if found is None:
        return dead_link()
    row, person = found
    if request.method != "POST":
        return unseen(make_response(_take_page(person, person.email)))
    choice, typed = chosen(), request.form.get("login", "")
    wrong = choice.told()
    try:
        sheet = fill(TakeAccount, {"login": typed})
        if not wrong:
            actor = actor_of(scope.session, person, person.municipality_id, via=Via.LINK, ip=request.remote_addr or "")
            with scope.session.begin_nested():
                person.password_hash = choice.hash  # before the act: its event states it
                gate.perform(scope.session, actor, person, "take_account", sheet, person.version)
    except Invalid as error:
        wrong |= {name: " ".join(str(one) for one in many) for name, many in error.problems.items()}
    if wrong:
        return unseen(make_response(_take_page(person, typed, wrong), 422))
    row.used_at = clock.now()
    scope.note("account taken", "person", person.id)
    answer = enter(person, url_for("people.consents"))
    if scope.login is not None:
        words = _(
            "Учётная запись создана, вы вошли. Прочитайте согласия и соглашение: без них часть действий недоступна."
        )
        flash(words, "success")
    return answer


def _take_page(person: Person, typed: str, wrong: dict[str, str] | None = None) -> str:
    return render_template("people/take.html", who=person, typed=typed, wrong=wrong or {})


@page("/register", readers=ANYONE, methods=("GET", "POST"), before=rate_limit.links)
def register() -> Response | str:
    """Let a teacher register, where the centre's switch allows it: the invitation goes to the address, which proves it."""
    scope = here()
    centres = queries.open_centres(scope.session)
    centre = next(
        (one for one in centres if str(one.id) == request.values.get("centre")), centres[0] if centres else None
    )
    if centre is None:
        abort(404)
    known = choices.general(scope.session, centre.id)
    raw = raw_of(request.form, NewPerson) | {"role": "teacher"}
    form = form_of(NewPerson, known, raw if request.method == "POST" else {})
    del form["role"]
    form["email"].flags.required = True
    if request.method != "POST":
        return _register_page(form, centres, centre)
    try:
        sheet = _with_address(filled(NewPerson, raw, known))
    except Invalid as error:
        show_problems(form, error.problems)
        return make_response(_register_page(form, centres, centre), 422)
    _register(centre, sheet)
    return go("people.register_sent")


def _with_address(sheet: NewPerson) -> NewPerson:
    if not sheet.email:
        raise Invalid({"email": (N_("Без адреса не получится: на него придёт ссылка."),)})
    return sheet


def _register_page(form: Form, centres: list[Municipality], centre: Municipality) -> str:
    options = [(one.id, one.name) for one in centres]
    return render_template("people/register.html", form=form, centres=centres, options=options, centre_id=centre.id)


def _register(centre: Municipality, sheet: NewPerson) -> None:
    """Enter the teacher and send the invitation; whoever has the address already is told so by letter, not on the page."""
    session = here().session
    known = queries.by_address(session, sheet.email)
    if known is not None:
        outbox.compose(session, "account_known", known, known)
        session.add(_asked(centre))
        return
    actor = replace(system(centre.id), ip=request.remote_addr or "")
    row = Person(municipality_id=centre.id, last_name=sheet.last_name, first_name=sheet.first_name)
    person = gate.begin(session, actor, row, sheet)
    gate.perform(session, actor, person, "register_oneself", Invited(), None)
    invite(session, person, asked=True)
    session.add(_asked(centre, subject_kind="person", subject_id=person.id))


def _asked(centre: Municipality, **about: Any) -> AccessLog:
    """Return the entry of the access log on a registration; once written, nobody changes it."""
    return AccessLog(
        at=clock.now(),
        what="registration asked",
        ip=(request.remote_addr or "")[:64],
        municipality_id=centre.id,
        **about,
    )


@page("/register/sent", readers=ANYONE)
def register_sent() -> str:
    """Say that a letter is on its way; the same for a new and a known address."""
    if not queries.open_centres(here().session):
        abort(404)
    return render_template("people/register_sent.html")
