"""Inviting many: a list, what will happen to each, one press; letters to those with an address, sheets to print for the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import segno
from flask import Response, make_response, render_template, request, url_for
from flask_babel import gettext as _

from workflow_app import gate
from workflow_app.db.models import Municipality, Person
from workflow_app.errors import WorkflowError
from workflow_app.features.people import many_invitations as many
from workflow_app.features.people import tokens
from workflow_app.features.people.expert_profiles import ask_profiles
from workflow_app.features.people.invitation import invite
from workflow_app.features.people.list_views import ENTERERS
from workflow_app.features.people.many_invitations import Invitee
from workflow_app.features.people.views import page
from workflow_app.states.definitions.people import Invited, RevokeInvitation
from workflow_app.states.vocabulary import Role, Via
from workflow_app.web.formatting import say
from workflow_app.web.page import may_open, roles
from workflow_app.web.request_scope import here, settings
from workflow_app.web.table_page import row_id
from workflow_app.web.transition_view import take_turn

_ASKERS = roles(Role.COORDINATOR)  # whose work it is to confirm a profile


@dataclass(frozen=True, slots=True)
class Sheet:
    """A strip of paper for one person: whose, the link and its picture."""

    person: Person
    link: str
    picture: str


@page("/people/invite", readers=ENTERERS, methods=("GET", "POST"))
def invite_many() -> Response | str:
    """Take a list, show what will happen to each, then invite; the links for paper stand on the answer alone, once."""
    scope = here()
    again = "again" in request.form
    act = request.form.get("act", "")
    if act in ("invite", "revoke"):  # the second of two presses finds what the first has done
        take_turn(scope.session.get_one(Municipality, scope.me.municipality_id))
    lines = _lines()
    told = many.invitees(scope.session, scope.me, lines, again=again)
    if act == "invite":
        return _invited(told)
    if act == "revoke":
        return _revoked(told)
    shown = settings().mail == "files"
    return render_template(
        "people/invite_many.html", told=told, text=request.form.get("names", ""), again=again, most=many.MOST, total=len(lines),
        new=sum(one.new for one in told), open=sum(one.open for one in told), on_paper=shown,
        asks=may_open(_ASKERS, scope), days=tokens.LIVES[tokens.INVITATION].days, breadcrumbs=_crumbs(),
    )  # fmt: skip


def _crumbs() -> list[dict[str, str]]:
    return [{"title": _("Люди"), "url": url_for("people.people")}, {"title": _("Пригласить многих"), "url": ""}]


def _lines() -> list[tuple[str, list[Person]]]:
    """Return whom the form means: the pasted list, and whoever was ticked."""
    session, home = here().session, here().me.municipality_id
    ids = [id_ for one in request.form.getlist("pick") if (id_ := row_id(one))]
    text = request.form.get("names", "")
    pasted = many.named(session, home, text) if text.strip() else []
    return [*(many.of_ids(session, home, ids) if ids else []), *pasted]


def _invited(told: Sequence[Invitee]) -> Response:
    scope = here()
    done: list[tuple[Invitee, str]] = []
    sheets: list[Sheet] = []
    fresh: list[Person] = []
    for one in told:
        if one.person is None or not one.new:
            done.append((one, say(one.said)))
            continue
        try:
            with scope.session.begin_nested():
                gate.perform(
                    scope.session,
                    replace(scope.me, via=Via.BULK),
                    one.person,
                    "invite_person",
                    Invited(),
                    one.person.version,
                )
                path = invite(scope.session, one.person)
        except WorkflowError as error:
            done.append((one, say(error.sentence)))
            continue
        fresh.append(one.person)
        scope.note("invited", "person", one.person.id)
        on_paper = settings().mail == "files" or not one.by_letter
        if on_paper:
            sheets.append(_sheet(one.person, path))
        sent = _("Письмо отправлено на %(address)s.", address=one.person.email)
        done.append((one, _("Лист для печати.") if on_paper else sent))
    asked = _asked(fresh)
    return _answer(done, sheets, fresh, asked)


def _asked(people: Sequence[Person]) -> int:
    scope = here()
    wanted = "profiles" in request.form and may_open(_ASKERS, scope)
    return len(ask_profiles(scope.session, replace(scope.me, via=Via.BULK), people)) if wanted else 0


def _sheet(person: Person, path: str) -> Sheet:
    link = (settings().base_url or request.url_root).rstrip("/") + path
    picture = segno.make(link, error="m", micro=False).svg_data_uri(scale=4, border=2)
    return Sheet(person, link, str(picture))


def _answer(done: Sequence[tuple[Invitee, str]], sheets: Sequence[Sheet], fresh: Sequence[Any], asked: int) -> Response:
    until = tokens.last_day(here().session, here().me.municipality_id)
    answer = make_response(
        render_template(
            "people/invited_many.html", done=done, sheets=sheets, count=len(fresh), asked=asked, until=until,
            breadcrumbs=_crumbs(),
        )
    )  # fmt: skip
    answer.headers["Cache-Control"] = "no-store"  # the links are nowhere else, and are to stay nowhere
    return answer


def _revoked(told: Sequence[Invitee]) -> Response:
    scope = here()
    done = []
    for one in told:
        if one.person is None or not one.open:
            done.append((one, say(one.said)))
            continue
        gate.perform(
            scope.session,
            replace(scope.me, via=Via.BULK),
            one.person,
            "revoke_invitation",
            RevokeInvitation(),
            one.person.version,
        )
        done.append((one, _("Приглашение отозвано: ссылка больше не действует.")))
    return _answer(done, [], [], 0)
