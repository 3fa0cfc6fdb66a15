"""The page of a person: the card, what may be done, the history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, abort, flash, render_template, request, url_for
from flask_babel import gettext as _

from workflow_app import gate
from workflow_app.db.models import Person
from workflow_app.facts import absences, choices, second_factor, subjects
from workflow_app.features.people import consents, queries
from workflow_app.features.people.effects import end_sessions, may_invite
from workflow_app.features.people.invitation import invite
from workflow_app.features.people.labels import agent_said, entry_said, facts_said, lines
from workflow_app.features.people.list_views import ENTERERS, KEEPERS
from workflow_app.features.people.person_card import card_start, name_forms, register_start
from workflow_app.features.people.views import page
from workflow_app.states.definitions.people import PERSON, Invited
from workflow_app.states.forms import chosen
from workflow_app.states.vocabulary import Role
from workflow_app.web import login_session as logins
from workflow_app.web.context import ROLES
from workflow_app.web.formatting import say, short_day
from workflow_app.web.next_page import go
from workflow_app.web.page import PAGES, may_open, roles
from workflow_app.web.request_scope import here, settings
from workflow_app.web.transition_view import act

_ACCOUNTS = roles(Role.ADMIN)
_ACTS = (
    "edit_person",
    "grant_role",
    "revoke_role",
    "appoint_deputy",
    "enter_register",
    "revoke_invitation",
    "reset_second_factor",
    "block",
    "unblock",
)
_ICONS = {
    "revoke_invitation": "minus",
    "invite_person": "mail", "edit_person": "edit", "grant_role": "plus", "revoke_role": "minus", "appoint_deputy": "stamp",
    "enter_register": "award", "reset_second_factor": "shield", "block": "lock", "unblock": "check",
}  # fmt: skip


def _read(id: int) -> Person:
    scope = here()
    return gate.read(scope.session, scope.me, Person, id)


@page("/people/<int:id>", readers=KEEPERS)
def person(id: int) -> str:
    """Show a person's card, roles, entry in the register, consents, and what may be done."""
    scope = here()
    session, me, who = scope.session, scope.me, _read(id)
    if who.id != scope.who.id:
        scope.note("person seen", "person", who.id)
    known = choices.general(session, who.municipality_id)
    admin = may_open(_ACCOUNTS, scope)
    return render_template(
        "people/person.html", who=who, state=PERSON.state(who.state), facts=[*facts_said(who), *_entered(who)], forms=name_forms(who),
        roles=_roles(who), offers=_offers(who), entry=entry_said(who.expert, known),
        load=queries.load(session, me, [who.id]).get(who.id, 0) if may_open(PAGES["people.experts"].readers, scope) else None,
        deputies=queries.deputies(session, who.id, me.municipality_id), consents=consents.standings(session, who),
        sessions=[(one, agent_said(one.agent)) for one in logins.alive(session, who.id)] if admin else [],
        breadcrumbs=_crumbs(who), tab="card",
        enters_absence=may_open(PAGES["people.absence_of"].readers, scope) and absences.may_be_away(session, who, me.municipality_id),
    )  # fmt: skip


@page("/people/<int:id>/history", readers=KEEPERS)
def person_history(id: int) -> str:
    """Show everything that was done to a person's card and consents, in words."""
    scope = here()
    who = _read(id)
    rows = queries.history(scope.session, who)
    places = {(one.data or {}).get("organization_id") for one in rows}
    lists = choices.general(scope.session, who.municipality_id, *places)
    chosen(lists["organizations"], places)  # all of them in one statement
    told = lines(rows, lists)
    return render_template(
        "people/history.html", who=who, state=PERSON.state(who.state), lines=told, addresses=may_open(_ACCOUNTS, scope),
        breadcrumbs=_crumbs(who), tab="history",
    )  # fmt: skip


def _entered(who: Person) -> list[tuple[str, str]]:
    """Return who has entered the card, and who else has this name: an officer of a school sees no namesakes elsewhere."""
    scope = here()
    entered, found = queries.entered_by(scope.session, who), []
    if entered is not None:
        by, at = entered
        found.append((_("Карточку внёс(ла)"), _("%(who)s, %(day)s", who=_told(by), day=short_day(at))))
    same = queries.same_name(scope.session, who.municipality_id, who)
    others = [one.organization.name if one.organization else _("без организации") for one in same if one.id != who.id]
    return [*found, (_("Есть человек с таким же именем"), "; ".join(others))] if others else found


def _told(by: Person) -> str:
    of_school = any(one.role == Role.SCHOOL_OFFICER.value for one in by.memberships)
    place = by.organization.name if of_school and by.organization else ""
    return ", ".join(filter(None, (by.short_name, _("ответственный от организации") if of_school else "", place)))


def _crumbs(who: Person, title: str = "") -> list[dict[str, str]]:
    found = [
        {"title": _("Люди"), "url": url_for("people.people")},
        {"title": who.full_name, "url": url_for("people.person", id=who.id)},
    ]
    return [*found, {"title": title}] if title else found


def _roles(who: Person) -> list[dict[str, object]]:
    """Return the roles in this municipality, each with the address that takes it away where that is offered."""
    scope = here()
    offered = subjects.offers_of(who, scope.session, scope.me)
    return [
        {
            "title": say(ROLES[Role(one.role)]),
            "url": url_for("people.person_do", id=who.id, name="revoke_role", role=one.role) if "revoke_role" in offered else "",
        }
        for one in who.memberships
        if one.municipality_id == scope.me.municipality_id
    ]  # fmt: skip


def _offers(who: Person) -> list[dict[str, Any]]:
    """Return what may be done, for the macro ``offers``; taking a role away stands beside the role."""
    scope = here()
    found = []
    for name, offer in subjects.offers_of(who, scope.session, scope.me).items():
        if name == "invite_person" and may_invite(scope.me, who):
            url = url_for("people.invite_person", id=who.id)
        elif (name == "revoke_invitation" and not may_invite(scope.me, who)) or (
            name == "reset_second_factor" and second_factor.of(scope.session, who.id) is None
        ):
            continue
        elif name in _ACTS and name != "revoke_role":
            url = url_for("people.person_do", id=who.id, name=name)
        else:
            continue
        title = (
            _("Изменить запись в реестре") if name == "enter_register" and who.expert else say(offer.transition.title)
        )
        found.append({"title": title, "url": url, "icon": _ICONS[name], "kind": offer.transition.tone.value})
    return found


@page("/people/<int:id>/do/<name>", readers=KEEPERS, methods=("GET", "POST"))
def person_do(id: int, name: str) -> Response | str:
    """Show or do an act on a person; acts with a secret have pages of their own and are none of these."""
    if name not in _ACTS:
        abort(404)
    who = _read(id)
    starts: dict[str, Mapping[str, Any]] = {
        "edit_person": card_start(who), "enter_register": register_start(who.expert), "revoke_role": {"role": request.args.get("role", "")},
    }  # fmt: skip
    return act(
        who, name, lists=choices.general(here().session, who.municipality_id, who.organization_id), back=url_for("people.person", id=id),
        template="people/act.html", start=starts.get(name),
        context={
            "forms": name_forms(who) if name == "edit_person" else [], "asks_password": False,
            "breadcrumbs": _crumbs(who, say(PERSON.transition(name).title)),
        },
    )  # fmt: skip


@page("/people/<int:id>/invite", readers=ENTERERS, methods=("GET", "POST"))
def invite_person(id: int) -> Response | str:
    """Invite to an account. The link is shown once, here, when no letter can carry it."""
    scope = here()
    who = _read(id)
    shown = settings().mail == "files" or not who.email
    if request.method != "POST":
        return render_template(
            "people/invite.html", who=who, shown=shown, link="", breadcrumbs=_crumbs(who, _("Приглашение"))
        )
    gate.perform(scope.session, scope.me, who, "invite_person", Invited(), who.version)
    path = invite(scope.session, who)
    scope.note("invited", "person", who.id)
    if not shown:
        flash(_("Приглашение отправлено на %(address)s.", address=who.email), "success")
        return go("people.person", id=id)
    link = (settings().base_url or request.url_root).rstrip("/") + path
    return render_template(
        "people/invite.html", who=who, shown=shown, link=link, breadcrumbs=_crumbs(who, _("Приглашение"))
    )


@page("/people/<int:id>/sessions/end", readers=_ACCOUNTS, methods=("POST",))
def end_person_sessions(id: int) -> Response:
    """End every session of a person: a lost telephone, a computer left open."""
    scope = here()
    who = _read(id)
    end_sessions(scope.session, who)
    scope.note("session ended", "person", who.id)
    flash(_("Все сеансы завершены: человеку нужно войти снова."), "success")
    return go("people.person", id=id)
