"""The slice's pages, declared module by module; here the two small switches of the frame: language and municipality."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Response, abort, flash, redirect, request, url_for
from flask import session as cookie
from flask_babel import gettext as _

from workflow_app.features.people.labels import edition_said
from workflow_app.web import login_session as logins
from workflow_app.web.context import LANGUAGES
from workflow_app.web.page import ANYONE, LOGGED_IN, Slice
from workflow_app.web.request_scope import here
from workflow_app.web.transition_view import go

slice_ = Slice("people")
page = slice_.page
slice_.blueprint.add_app_template_filter(edition_said, "edition")


def safe_next(target: str | None) -> str:
    """Return a path of our own site to go on to; anything else is the work list (no open redirect, security.md 30)."""
    home = url_for("cases.work")
    if not target or not target.startswith("/") or len(target) > 2000:  # noqa: PLR2004 - no address of ours is that long
        return home
    if "\\" in target or any(not one.isprintable() for one in target):
        return home
    path = target.partition("?")[0].partition("#")[0]  # as typed: a parser would forgive «///»
    try:
        parts = urlsplit(target)
    except ValueError:
        return home
    return home if parts.scheme or parts.netloc or "//" in path or "/." in path else target


@page("/language", readers=ANYONE, methods=("POST",))
def language() -> Response:
    """Switch the language of the interface."""
    code = request.form.get("language", "ru")
    if code in dict(LANGUAGES):
        cookie["language"] = code
    return redirect(safe_next(request.form.get("next")), code=303)  # type: ignore[return-value]  # werkzeug's response class


@page("/switch", readers=LOGGED_IN, methods=("POST",))
def switch() -> Response:
    """Work in another municipality where the person has a role; this session alone is changed."""
    scope = here()
    place = next(
        (one for one in logins.places_of(scope.session, scope.who) if str(one.id) == request.form.get("value")), None
    )
    if place is None or scope.login is None:
        abort(404)
    scope.login.municipality_id = place.id
    scope.note("switched", "centre", place.id)
    flash(_("Теперь вы работаете в муниципалитете: %(name)s.", name=place.name), "success")
    return go("cases.work")
