"""The slice's pages, declared module by module; here the two small switches of the frame: language and municipality."""

from __future__ import annotations

from flask import Response, abort, flash, request
from flask import session as cookie
from flask_babel import gettext as _

from workflow_app.features.people.labels import edition_said
from workflow_app.web import login_session as logins
from workflow_app.web.context import LANGUAGES
from workflow_app.web.next_page import go, go_to, safe_next
from workflow_app.web.page import ANYONE, LOGGED_IN, Slice
from workflow_app.web.request_scope import here

slice_ = Slice("people")
page = slice_.page
slice_.blueprint.add_app_template_filter(edition_said, "edition")


@page("/language", readers=ANYONE, methods=("POST",))
def language() -> Response:
    """Switch the language of the interface."""
    code = request.form.get("language", "ru")
    if code in dict(LANGUAGES):
        cookie["language"] = code
    return go_to(safe_next(request.form.get("next")))


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
