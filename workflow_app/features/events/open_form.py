"""Open registration for a published event: the fields, then the consent as a page of its own; nothing is kept before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Response, abort, current_app, make_response, render_template, request
from itsdangerous import BadData, URLSafeSerializer

from workflow_app import gate
from workflow_app.content_types.registration import OpenRegistration, Registration
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db.models import RECORDS
from workflow_app.errors import N_, Invalid, NotYet, Sentence
from workflow_app.facts import deadlines
from workflow_app.facts.consent_texts import text_of
from workflow_app.facts.naming import requisites
from workflow_app.facts.record_rows import row_of
from workflow_app.facts.subjects import facts_of
from workflow_app.features.events.telling import KIND, slice_, when
from workflow_app.states import policy
from workflow_app.states.vocabulary import Actor, Facts, system
from workflow_app.web import rate_limit
from workflow_app.web.form_layout import summary
from workflow_app.web.formatting import say
from workflow_app.web.forms import form_of, raw_of, show_problems
from workflow_app.web.next_page import go
from workflow_app.web.page import ANYONE
from workflow_app.web.panels import panel
from workflow_app.web.request_scope import here
from workflow_app.web.transition_view import filled, take_turn

_TEXT, _BAIT = "consent_event", "homepage"
_PLACES: Mapping[str, tuple[str, Sentence]] = {
    "active": ("good", N_("Вы записаны, место за вами.")),
    "waiting": ("attention", N_("Свободных мест нет: вы в листе ожидания.")),
    "ended": ("stopped", N_("Запись снята.")),
    "attended": ("good", N_("Вы были на мероприятии.")),
    "missed": ("stopped", N_("Отмечено, что вас не было.")),
}  # fmt: skip
_TAKEN = ("info", N_("Заявка принята. Есть ли место, скажет организатор."))


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="registered")


def _nobody(row: Any) -> Actor:
    """Return in whose name a stranger is entered: of the system, with the visitor's address."""
    return replace(system(row.municipality_id), ip=request.remote_addr or "")


def obstacles(row: Any) -> list[str]:
    """Return in words why a stranger cannot register now; none: they can."""
    whole, flow = facts_of(row, here().session), CONTENT_TYPES["registration"].workflow
    asked = Facts(flow.initial, whole.now, whole.today, whole.municipality_id, root=whole)
    return [say(one) for one in policy.begin_obstacles(flow, _nobody(row), asked)]


@panel("open", tab=KIND)
def offered(row: Any) -> str:
    """Show on the open page of an event how one registers, and its file for calendars."""
    return render_template("events/open_panel.html", row=row, may=not obstacles(row))


@slice_.page("/open/centre-event/<int:id>/register", readers=ANYONE, methods=("GET", "POST"), before=rate_limit.links)
def register(id: int) -> Response | str:
    """Ask the fields; then show the consent with them; with the consent enter the registration."""
    row: Any = gate.read_published(here().session, RECORDS[KIND], id)
    why = obstacles(row)
    if why or request.method != "POST":
        return _page(row, form_of(OpenRegistration, {}, {}), why)
    raw = raw_of(request.form, OpenRegistration)
    try:
        sheet = filled(OpenRegistration, raw, {})
    except Invalid as error:
        form = form_of(OpenRegistration, {}, raw)
        show_problems(form, error.problems)
        return make_response(_page(row, form, ()), 422)
    if request.form.get(_BAIT):
        return _done(row, 0)  # whoever fills in what nobody sees is no person
    if request.form.get("consent") != "1":
        return _consent_page(row, sheet)
    return _entered(row, sheet)


def _entered(row: Any, sheet: OpenRegistration) -> Response | str:
    scope = here()
    take_turn(row)
    whole = Registration(
        name=sheet.name, position=sheet.position, place_of_work=sheet.place_of_work, contact=sheet.contact,
        consent=text_of(_TEXT)["version"],
    )  # fmt: skip
    part = row_of(CONTENT_TYPES["registration"], row.municipality_id, whole, row)
    try:
        with scope.session.begin_nested():
            gate.begin(scope.session, _nobody(row), part, whole)
    except NotYet as error:
        return _page(row, form_of(OpenRegistration, {}, {}), [say(error.sentence)])
    except Invalid:  # of who is in the list strangers learn nothing
        return _done(row, 0)
    return _done(row, part.id)


def _done(row: Any, part: int) -> Response:
    token = _signer().dumps([row.id, part])
    return go("events.registered", id=row.id, token=token)


def _page(row: Any, form: Any, why: Any) -> str:
    return render_template(
        "events/open_form.html", row=row, when=when(row), form=form, errors=summary(form), why=why, bait=_BAIT
    )


def _consent_page(row: Any, sheet: OpenRegistration) -> str:
    known = text_of(_TEXT)
    centre = requisites(here().session, row.municipality_id, deadlines.today(here().session, row.municipality_id))
    places = {"person": sheet.name, "operator": centre["full_name"], "address": centre["address"], "event": row.title}
    text = known["text"]
    for name, words in places.items():
        text = text.replace("{" + name + "}", words or "______")
    fields = {name: getattr(sheet, name) for name in ("name", "place_of_work", "position", "contact")}
    return render_template("events/open_consent.html", row=row, title=known["title"], text=text, fields=fields)


@slice_.page("/open/centre-event/<int:id>/registered/<token>", readers=ANYONE)
def registered(id: int, token: str) -> str:
    """Say whether there is a place: by an address that only who registered has. Nobody is named."""
    row: Any = gate.read_published(here().session, RECORDS[KIND], id)
    try:
        event, part = _signer().loads(token)
    except (BadData, ValueError, TypeError):
        abort(404)
    if event != id:
        abort(404)
    found = here().session.get(RECORDS["registration"], part)
    tone, said = _PLACES.get(found.state, _TAKEN) if found else _TAKEN
    return render_template("events/registered.html", row=row, when=when(row), tone=tone, said=say(said))
