"""Pages of people: logging in and out, the profile."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Response, flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask_babel import gettext as _

from workflow_app.web import session as logins
from workflow_app.web import throttle
from workflow_app.web.acting import go
from workflow_app.web.context import LANGUAGES
from workflow_app.web.page import ANYONE, LOGGED_IN, Slice
from workflow_app.web.scope import here

slice_ = Slice("people")
page = slice_.page


def safe_next(target: str | None) -> str:
    """Return a path of our own site to go on to; anything else is the work list (no open redirect)."""
    home = url_for("cases.work")
    if not target or not target.startswith("/") or any(c in target for c in "\\\r\n\t\0") or target.startswith("//"):
        return home
    parts = urlsplit(target)
    return home if parts.scheme or parts.netloc else target


@page("/login", readers=ANYONE, methods=("GET", "POST"))
@throttle.limiter.limit(throttle.account_limit, key_func=throttle.account_key, methods=["POST"])
@throttle.limiter.limit(throttle.address_limit, methods=["POST"])
def login() -> Response | str:
    """Log in; the same answer whether the login or the password is wrong."""
    scope = here()
    if scope.actor is not None:
        return redirect(url_for("cases.work"))  # type: ignore[return-value]
    if request.method == "POST":
        person = logins.find(scope.session, request.form.get("login", ""))
        if logins.verify(person.password_hash if person else None, request.form.get("password", "")) and person is not None:
            logins.log_in(scope, person)
            scope.note("login", "person", person.id)
            return redirect(safe_next(request.form.get("next")), code=303)  # type: ignore[return-value]
        scope.note("login refused", detail=request.form.get("login", "")[:100])
        flash(_("Логин или пароль не подходят. Проверьте раскладку и регистр."), "danger")
        return Response(_login_page(), status=401)
    return _login_page()


def _login_page() -> str:
    return render_template("people/login.html", typed=request.form.get("login", ""), next=request.values.get("next", ""))


@page("/logout", readers=LOGGED_IN, methods=("POST",))
def logout() -> Response:
    """Log out: the session ends on the server."""
    logins.log_out(here())
    return go("people.login")


@page("/language", readers=ANYONE, methods=("POST",))
def language() -> Response:
    """Switch the language of the interface."""
    code = request.form.get("language", "ru")
    if code in dict(LANGUAGES):
        cookie["language"] = code
    return redirect(safe_next(request.form.get("next")), code=303)  # type: ignore[return-value]


@page("/profile", readers=LOGGED_IN)
def profile() -> str:
    """Show the person's own card."""
    return render_template("people/profile.html", who=here().who)


