"""The door of an event: a QR code by which those who are there mark it themselves, on that day alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import segno
from flask import Response, abort, current_app, flash, render_template, request, url_for
from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy import select

from workflow_app import clock, gate
from workflow_app.db.models import RECORDS
from workflow_app.errors import N_, NotFound, WorkflowError
from workflow_app.facts.subjects import facts_of, offers_of
from workflow_app.features.events.telling import KIND, crumbs, slice_, when
from workflow_app.states import policy
from workflow_app.states.forms import Nothing
from workflow_app.states.vocabulary import Permission, system
from workflow_app.web.formatting import say, zone
from workflow_app.web.next_page import go
from workflow_app.web.page import LOGGED_IN
from workflow_app.web.panels import panel
from workflow_app.web.request_scope import here
from workflow_app.web.transition_view import take_turn

_NO_CODE = N_("Код не действует: он работает только в день мероприятия. Попросите организатора показать новый.")
_LIVES = 24 * 60 * 60  # seconds; the day that stands in the code ends it earlier


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="door of an event")


def keeps_door(row: Any) -> bool:
    """Whether the present person marks who came to an event: they may hold it or report of it."""
    return not {"hold", "report"}.isdisjoint(offers_of(row, here().session, here().me))


def read_for_keeper(id: int) -> Any:
    """Return an event for one who marks who came; others: 403, or 404 where they do not see it."""
    row = gate.read(here().session, here().me, RECORDS[KIND], id)
    if not keeps_door(row):
        abort(403)
    return row


@panel("record", tab="door_of_event")
def ways(row: Any) -> str:
    """Show on the card of an event its file for calendars, and to whoever keeps the door the ways of marking who came."""
    return render_template("events/ways.html", row=row, keeps=keeps_door(row))


@slice_.page("/records/centre-event/<int:id>/door", readers=LOGGED_IN)
def door(id: int) -> str:
    """Show the code of today; on another day say so."""
    row = read_for_keeper(id)
    today = clock.today(zone().key)
    is_today = row.on == today and row.state == "active"
    address = (
        url_for("events.come", token=_signer().dumps([row.id, today.isoformat()]), _external=True) if is_today else ""
    )
    picture = segno.make(address, error="m").svg_data_uri(scale=8) if address else ""
    return render_template(
        "events/door.html", row=row, when=when(row), address=address, picture=picture, breadcrumbs=crumbs(row, _("Отметка у входа"))
    )  # fmt: skip


def _of_token(token: str) -> Any:
    """Return the event of a code of today; NotFound for anything else."""
    try:
        id_, day = _signer().loads(token, max_age=_LIVES)
    except (BadData, ValueError, TypeError):
        id_, day = 0, ""
    row = here().session.get(RECORDS[KIND], id_) if day == clock.today(zone().key).isoformat() else None
    if row is None or not policy.may(row.content.workflow, here().me, facts_of(row, here().session), Permission.VIEW):
        raise NotFound(_NO_CODE)
    return row


def _own(row: Any) -> Any:
    model: Any = RECORDS["registration"]
    mine = select(model).where(model.within_id == row.id, model.person_id == here().who.id, model.state != "ended")
    return here().session.scalars(mine.limit(1)).first()


@slice_.page("/come/<token>", readers=LOGGED_IN, methods=("GET", "POST"))
def come(token: str) -> Response | str:
    """Let a participant who is at the door mark it: the code is the proof, so the system does the act for them."""
    scope = here()
    row = _of_token(token)
    if request.method == "POST":
        take_turn(row)
        own = _own(row)
        if own is None:
            abort(404)
        try:
            by = replace(system(row.municipality_id), ip=request.remote_addr or "")
            with scope.session.begin_nested():
                gate.perform(scope.session, by, own, "check_in", Nothing(), own.version)
        except WorkflowError as error:
            flash(say(error.sentence), "danger")  # that it was done says the page itself
        return go("events.come", token=token)
    return render_template("events/come.html", row=row, when=when(row), own=_own(row), token=token)
