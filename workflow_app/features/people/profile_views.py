"""Pages of a person's own: the card, the password, the sessions."""

from __future__ import annotations

from flask import Response, abort, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _

from workflow_app import clock, gate
from workflow_app.db.models import Login
from workflow_app.errors import N_, Invalid
from workflow_app.facts import absences, choices, deadlines
from workflow_app.features.people import consents, queries
from workflow_app.features.people.choose_password import choose, chosen
from workflow_app.features.people.labels import agent_said, facts_said
from workflow_app.features.people.person_card import card_start, name_forms
from workflow_app.features.people.views import page
from workflow_app.states.definitions.people import ChangePassword, EditPerson
from workflow_app.states.vocabulary import Role
from workflow_app.web import login_session as logins
from workflow_app.web.context import roles_said
from workflow_app.web.next_page import go
from workflow_app.web.page import LOGGED_IN, password_typed
from workflow_app.web.request_scope import here
from workflow_app.web.transition_view import act


@page("/profile", readers=LOGGED_IN)
def profile() -> str:
    """Show the person's own card, roles, consents and sessions."""
    scope = here()
    session, who, me = scope.session, scope.who, scope.me
    places = [
        (one.name, roles_said(frozenset(Role(role.role) for role in who.memberships if role.municipality_id == one.id)))
        for one in logins.places_of(session, who)
    ]
    return render_template(
        "people/profile.html", who=who, facts=facts_said(who), forms=name_forms(who), places=places,
        deputies=queries.deputies(session, who.id, me.municipality_id, deadlines.today(session, me.municipality_id)),
        consents=consents.standings(session, who), sessions=_sessions(),
        may_be_away=absences.may_be_away(session, who, me.municipality_id),
    )  # fmt: skip


def _sessions() -> list[dict[str, object]]:
    scope = here()
    mine = scope.login.id if scope.login else None
    rows = logins.alive(scope.session, scope.who.id)
    return [{"row": one, "agent": agent_said(one.agent), "current": one.id == mine} for one in rows]


@page("/profile/edit", readers=LOGGED_IN, methods=("GET", "POST"))
def edit() -> Response | str:
    """Correct one's own card; a new address needs the password, for it opens the account."""
    scope = here()
    who = scope.who

    def check(sheet: EditPerson) -> None:
        if sheet.email != who.email and not password_typed(who):
            raise Invalid({"password": (N_("Чтобы сменить адрес, введите ваш нынешний пароль."),)})

    return act(
        who, "edit_person", lists=choices.general(scope.session, who.municipality_id, who.organization_id), back=url_for("people.profile"),
        template="people/act.html", start=card_start(who), context={"forms": name_forms(who), "asks_password": True}, check=check,
    )  # fmt: skip


@page("/profile/letters", readers=LOGGED_IN, methods=("GET", "POST"))
def letters() -> Response | str:
    """Choose how reminders come: as one letter a day, or each at once."""
    who = here().who
    start = {"letters": who.letters or "digest"}
    return act(who, "choose_letters", lists={}, back=url_for("people.profile"), template="people/act.html", start=start)


def _choose() -> None:
    who = here().who
    if password_typed(who):
        choose(who)


@page("/profile/password", readers=LOGGED_IN, methods=("GET", "POST"), before=_choose)
def password() -> Response | str:
    """Change the password; every session ends, and this browser gets a new one."""
    scope = here()
    who = scope.who
    if request.method != "POST":
        return render_template("people/password.html", who=who, wrong={})
    right = password_typed(who)
    wrong = chosen().told() if right else {"password": _("Нынешний пароль не подходит.")}
    if wrong:
        return make_response(render_template("people/password.html", who=who, wrong=wrong), 422)
    who.password_hash = chosen().hash  # before the act: its event states it
    gate.perform(scope.session, scope.me, who, "change_password", ChangePassword(), who.version)
    logins.log_in(scope, who)
    scope.note("password changed", "person", who.id)
    flash(_("Пароль изменён, остальные сеансы завершены."), "success")
    return go("people.profile")


@page("/profile/sessions/<int:id>/end", readers=LOGGED_IN, methods=("POST",))
def end_session(id: int) -> Response:
    """End one of one's own sessions."""
    scope = here()
    row = scope.session.get(Login, id)
    if row is None or row.person_id != scope.who.id:
        abort(404)
    row.ended_at = row.ended_at or clock.now()
    scope.note("session ended", "person", scope.who.id)
    flash(_("Сеанс завершён."), "success")
    return go("people.profile")


@page("/profile/sessions/end", readers=LOGGED_IN, methods=("POST",))
def end_others() -> Response:
    """End every session of one's own but this one."""
    scope = here()
    for one in logins.alive(scope.session, scope.who.id):
        if scope.login is None or one.id != scope.login.id:
            one.ended_at = clock.now()
    scope.note("session ended", "person", scope.who.id)
    flash(_("Все остальные сеансы завершены."), "success")
    return go("people.profile")
