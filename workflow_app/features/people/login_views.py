"""Pages for logging in and out, and for a forgotten password."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, flash, g, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from sqlalchemy.orm import Session

from workflow_app import clock, gate
from workflow_app.db import interrupted_forms
from workflow_app.db.models import AccessLog, Person
from workflow_app.facts.actors import actor_of
from workflow_app.features.people import queries, tokens
from workflow_app.features.people.choose_password import by_link, chosen
from workflow_app.features.people.second_factor_views import enter
from workflow_app.features.people.views import page
from workflow_app.gate import outbox
from workflow_app.states.definitions.people import ResetPassword
from workflow_app.states.vocabulary import Via
from workflow_app.web import login_session as logins
from workflow_app.web import rate_limit
from workflow_app.web.interrupted_form import BACK, page_of
from workflow_app.web.next_page import go, go_to, safe_next
from workflow_app.web.page import ANYONE, LOGGED_IN
from workflow_app.web.request_scope import here

RESETS_MOST = "5 per day"  # per account; more are silently not sent


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of a login and a password: the account, whether they fit, a fresher hash when the old one is dated."""

    person_id: int | None
    fits: bool
    fresh: str = ""


def _attempt() -> None:
    """Check the password while no lock is held; an unknown login takes as long as a known one."""
    scope, typed, password = here(), request.form.get("login", ""), request.form.get("password", "")
    if scope.actor is not None:
        return
    person = logins.find(scope.session, typed)
    known = person.password_hash if person else None
    account = logins.account_of(person.id) if person else f"typed:{logins.normal(typed)[:200]}"
    fits = logins.checked(known, password, account)
    fresh = logins.hash_password(password) if fits and known and logins.is_dated(known) else ""
    g.attempt = Attempt(person.id if person else None, fits, fresh)


@page("/login", readers=ANYONE, methods=("GET", "POST"), before=_attempt)
def login() -> Response | str:
    """Log in; the same answer whether the login or the password is wrong."""
    scope = here()
    if scope.actor is not None:
        return go("cases.work")
    if request.method != "POST":
        return _login_page()
    attempt: Attempt = g.attempt
    person = scope.session.get(Person, attempt.person_id) if attempt.person_id is not None else None
    if attempt.fits and person is not None and person.state == "active":
        if attempt.fresh:
            person.password_hash = attempt.fresh
            gate.attest(scope.session, person, "rehash_password")
        return enter(person, safe_next(request.form.get("next")))
    # What was typed is not kept: people type passwords into the wrong field.
    scope.note("login refused", "person" if person else "", attempt.person_id)
    flash(_("Логин или пароль не подходят. Проверьте раскладку и регистр."), "danger")
    return make_response(_login_page(), 401)


def _login_page() -> str:
    return render_template(
        "people/login.html", typed=request.form.get("login", "")[:200], next=request.values.get("next", "")[:2000],
        registration=bool(queries.open_centres(here().session)),
    )  # fmt: skip


@page("/session", readers=ANYONE)
def session() -> Response:
    """Tell a script whose session this is now, and the token for its forms: pages sign in again without being left."""
    person = here().person
    return make_response(
        {
            "person": person.id if person else None,
            "name": person.short_name if person else "",
            "csrf_token": generate_csrf(),
        }
    )


@page("/typed/<key>", readers=LOGGED_IN)
def typed(key: str) -> Response | str:
    """Lead to the form from which a text was sent when the session had ended, or show the text alone (``?whole``)."""
    scope = here()
    found = interrupted_forms.find(scope.session, scope.who.id, key)
    if found is None:
        flash(
            _("Текст прежней страницы набирал другой человек, он откроется только ему. Или этот текст уже отправлен."),
            "warning",
        )  # fmt: skip
        return go("cases.work")
    back = page_of(found)
    if back and "whole" not in request.args:
        return go_to(f"{back}{'&' if '?' in back else '?'}{BACK}={key}", 302)
    texts = [text for name, text in found["sent"] if name not in ("version", "step", "do") and text.strip()]
    return render_template("people/typed.html", texts=texts, back=back)


@page("/logout", readers=LOGGED_IN, methods=("POST",))
def logout() -> Response:
    """Log out: the session ends on the server."""
    scope = here()
    scope.note("logout", "person", scope.who.id)
    logins.log_out(scope)
    return go("people.login")


@page("/forgot", readers=ANYONE, methods=("GET", "POST"), before=rate_limit.links)
def forgot() -> Response | str:
    """Ask for a link to set a new password: the same answer, in the same time, for a known and an unknown account."""
    if request.method != "POST":
        return render_template("people/forgot.html")
    scope, typed = here(), request.form.get("login", "")
    person = logins.find(scope.session, typed)
    allowed = rate_limit.spend(RESETS_MOST, "reset", logins.normal(typed)[:200])
    _write_link(scope.session, person if allowed and person is not None and person.email else None)
    # A row in either case, in this very transaction: both ways end with one commit.
    scope.session.add(
        AccessLog(
            at=clock.now(), what="reset asked", ip=(request.remote_addr or "")[:64], subject_kind="person" if person else "",
            subject_id=person.id if person else None, municipality_id=person.municipality_id if person else None,
        )
    )  # fmt: skip
    return go("people.forgot_sent")


def _write_link(session: Session, person: Person | None) -> None:
    """Write the letter with the link. For nobody the same work is done for somebody and undone: both take as long."""
    subject = person or queries.somebody(session)
    if subject is None:
        return
    with session.begin_nested() as point:
        secret = tokens.make(session, subject, tokens.RESET)
        minutes = int(tokens.LIVES[tokens.RESET].total_seconds()) // 60
        outbox.compose(session, "password_reset", subject, subject, secret=secret, minutes=minutes)
        if person is None:
            point.rollback()


@page("/forgot/sent", readers=ANYONE)
def forgot_sent() -> str:
    """Say that a letter is on its way, if there is such an account."""
    return render_template("people/forgot_sent.html")


def _resetting(secret: str) -> Person | None:
    found = tokens.find(here().session, secret, tokens.RESET)
    return found[1] if found else None


@page("/reset/<secret>", readers=ANYONE, methods=("GET", "POST"), before=by_link(_resetting))
def reset(secret: str) -> Response | str:
    """Set a new password by the link of a letter. It works once, ends every session, and does nothing when only opened."""
    scope = here()
    found = tokens.find(scope.session, secret, tokens.RESET)
    if found is None:
        return dead_link()
    row, person = found
    choice = chosen() if request.method == "POST" else None
    if choice is None or choice.problems:
        text = render_template("people/reset.html", login=person.login, wrong=choice.told() if choice else {})
        return unseen(make_response(text, 422 if choice else 200))
    row.used_at = clock.now()
    tokens.end_all(scope.session, person, tokens.RESET)
    actor = actor_of(scope.session, person, person.municipality_id, via=Via.LINK, ip=request.remote_addr or "")
    person.password_hash = choice.hash  # before the act: its event states it
    gate.perform(scope.session, actor, person, "reset_password", ResetPassword(), person.version)
    rate_limit.right(logins.account_of(person.id))
    scope.note("password reset", "person", person.id)
    flash(_("Пароль изменён, все прежние сеансы завершены. Войдите с новым паролем."), "success")
    return go("people.login")


def dead_link() -> Response:
    """Answer a link that was used, replaced, is too old or never was: all look the same."""
    rate_limit.dead_link()
    return unseen(make_response(render_template("people/dead_link.html", forgot_url=url_for("people.forgot")), 404))


def unseen(answer: Response) -> Response:
    """Keep the page's address, which holds a secret, from every other page."""
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
