"""One's own terms in the calendar of a telephone: the secret address, made, replaced and taken back; the file behind it."""

from __future__ import annotations

import hashlib
from datetime import datetime
from urllib.parse import urlsplit

from flask import Response, abort, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _

from workflow_app import gate
from workflow_app.calendar.ics import Meeting, feed
from workflow_app.db.models import CalendarFeed
from workflow_app.facts import own_terms
from workflow_app.features.people.views import page
from workflow_app.states.definitions.people import DropCalendar, MakeCalendar
from workflow_app.web import rate_limit
from workflow_app.web.formatting import say
from workflow_app.web.next_page import go
from workflow_app.web.page import ANYONE, LOGGED_IN
from workflow_app.web.request_scope import here, settings

_KEPT = 900  # seconds for which a program may show what it has


def _base() -> str:
    return (settings().base_url or request.url_root).rstrip("/")


@page("/profile/calendar", readers=LOGGED_IN, methods=("GET", "POST"))
def calendar_address() -> str:
    """Show whether there is an address; make one, which is shown this once."""
    scope = here()
    who, place = scope.who, scope.me.municipality_id
    address = ""
    if request.method == "POST":
        secret = own_terms.make(scope.session, who.id, place)
        gate.perform(scope.session, scope.me, who, "make_calendar", MakeCalendar(), who.version)
        address = _base() + url_for("people.calendar_feed", secret=secret)
    row = scope.session.get(CalendarFeed, (who.id, place))
    crumbs = [
        {"title": _("Мой профиль"), "url": url_for("people.profile")},
        {"title": _("Сроки в календаре"), "url": ""},
    ]
    return render_template("people/calendar.html", row=row, address=address, breadcrumbs=crumbs)


@page("/profile/calendar/drop", readers=LOGGED_IN, methods=("POST",))
def drop_calendar() -> Response:
    """Take the address back: from now on it answers as one that never was."""
    scope = here()
    own_terms.drop(scope.session, scope.who.id, scope.me.municipality_id)
    gate.perform(scope.session, scope.me, scope.who, "drop_calendar", DropCalendar(), scope.who.version)
    flash(_("Адрес отозван: календари больше ничего по нему не получат."), "success")
    return go("people.calendar_address")


@page("/calendar/<secret>.ics", readers=ANYONE)
def calendar_feed(secret: str) -> Response:
    """Give the file: what waits for the owner of the address, by number and verb. A dead address is 404, whatever killed it."""
    rate_limit.live_link()
    scope = here()
    found = own_terms.find(scope.session, secret)
    if found is None:
        rate_limit.dead_link()
        abort(404)
    row, actor = found
    rate_limit.feeds(row.digest)
    base = _base()
    host = urlsplit(base).hostname or "localhost"
    lines = [_entry(one, base, host, row.made_at) for one in own_terms.terms(scope.session, actor)]
    body = feed(say(_("Сроки: система экспертизы")), lines)
    answer = make_response(body)
    answer.mimetype = "text/calendar"
    answer.headers["Cache-Control"] = f"private, max-age={_KEPT}"
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.set_etag(hashlib.sha256(body.encode()).hexdigest()[:32])
    answer.make_conditional(request)
    return answer


def _entry(one: own_terms.OwnTerm, base: str, host: str, stamp: datetime) -> Meeting:
    return Meeting(
        f"{one.uid}@{host}", say(one.words), one.on, stamp, url=f"{base}{one.place}", sequence=one.sequence, free=True
    )  # fmt: skip
