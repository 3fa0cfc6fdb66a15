"""Pages of the second factor: asked between the password and the session, added in the profile or where it is obligatory."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta

import segno
from flask import Response, abort, flash, make_response, render_template, request, url_for
from flask import session as cookie
from flask_babel import gettext as _

from workflow_app import clock, gate
from workflow_app.db.models import Person
from workflow_app.facts import second_factor
from workflow_app.facts.actors import actor_of
from workflow_app.features.people.views import page
from workflow_app.states.definitions.people import AddSecondFactor, DropSecondFactor, RenewCodes
from workflow_app.states.forms import Sheet
from workflow_app.web import login_session as logins
from workflow_app.web import rate_limit
from workflow_app.web.next_page import go, go_to, safe_next
from workflow_app.web.page import ANYONE, LOGGED_IN, password_typed
from workflow_app.web.request_scope import here, settings

_PENDING = "pending"  # in the signed cookie: whose password was right, and when
_PATIENCE = timedelta(minutes=10)
ISSUER = "Экспертиза"


def enter(person: Person, target: str) -> Response:
    """Log a person in whose password was right, or go on to the second factor: until then there is no session."""
    scope = here()
    if second_factor.of(scope.session, person.id) is None and not second_factor.is_obliged(scope.session, person):
        logins.log_in(scope, person)
        scope.note("login", "person", person.id)
        return go_to(target)
    logins.empty_cookie()
    cookie[_PENDING] = {"person": person.id, "at": clock.now().timestamp(), "of": _mark(person)}
    return go("people.second", next=target)


def _mark(person: Person) -> str:
    """Return what changes with the password: who began before a change begins anew."""
    return hashlib.sha256(f"{person.id}:{person.password_hash}".encode()).hexdigest()[:16]


def _waiting() -> Person | None:
    """Return the person whose password was right in this browser a moment ago."""
    found = cookie.get(_PENDING)
    if not found or abs(clock.now().timestamp() - found["at"]) > _PATIENCE.total_seconds():
        return None
    person = here().session.get(Person, found["person"])
    return person if person is not None and person.state == "active" and _mark(person) == found["of"] else None


def _count() -> None:
    """Count a code before it is checked, while no lock is held."""
    scope = here()
    person = scope.person or _waiting()
    if person is not None:
        rate_limit.code(person.id)


@page("/login/second", readers=ANYONE, methods=("GET", "POST"), before=_count)
def second() -> Response | str:
    """Ask for the code; where a second factor is obligatory and there is none, add it here."""
    scope = here()
    target = safe_next(request.values.get("next"))
    person = None if scope.actor is not None else _waiting()
    if person is None:
        return go("cases.work" if scope.actor is not None else "people.login", next=target)
    if second_factor.of(scope.session, person.id) is None:
        return _added(person, target, "people/second_begin.html")
    if request.method != "POST":
        return render_template("people/second.html", next=target, wrong="")
    way = second_factor.accept(scope.session, person, settings().secret_key, request.form.get("code", "")[:100])
    if not way:
        scope.note("code refused", "person", person.id)
        wrong = _(
            "Код не подходит: он уже сменился, был использован или набран с ошибкой. Введите тот, что виден сейчас."
        )
        return make_response(render_template("people/second.html", next=target, wrong=wrong), 401)
    rate_limit.code_right(person.id)
    logins.log_in(scope, person)
    scope.note("login", "person", person.id, way)
    if way == "recovery code":
        left = second_factor.codes_left(scope.session, person.id)
        flash(_("Вы вошли по коду восстановления, больше он не действует. Осталось кодов: %(n)s.", n=left), "warning")
    return go_to(target)


def _added(person: Person, target: str, template: str) -> Response | str:
    """Show a new secret, or add the second factor when a code proves that the application has it."""
    scope, key = here(), settings().secret_key
    sealed = request.form.get("sealed", "")
    secret = second_factor.unseal(key, sealed) if request.method == "POST" else None
    wrong: dict[str, str] = {}
    if secret is not None:
        step = second_factor.matched(secret, request.form.get("code", "")[:100])
        if scope.actor is not None and not password_typed(person):
            wrong["password"] = _("Нынешний пароль не подходит.")
        if step is None:
            wrong["code"] = _(
                "Код не подходит. Проверьте, что на телефоне точное время, и введите код, который виден сейчас."
            )
        if step is not None and not wrong:
            return _done(person, sealed, step, target)
    secret = secret or second_factor.new_secret()
    address = second_factor.address(secret, person.login or person.email, ISSUER)
    text = render_template(
        template, who=person, next=target, wrong=wrong, address=address, sealed=sealed if wrong else second_factor.seal(key, secret),
        secret=" ".join(re.findall(".{4}", secret)), picture=segno.make(address, error="m").svg_data_uri(scale=5),
    )  # fmt: skip
    return make_response(text, 422 if wrong else 200)


def _done(person: Person, sealed: str, step: int, target: str) -> str:
    scope = here()
    rate_limit.code_right(person.id)
    codes = second_factor.add(scope.session, person, sealed, step)  # before the act: its event states it
    _act(person, "add_second_factor", AddSecondFactor())
    if scope.actor is None:
        logins.log_in(scope, person)
        logins.enter(scope)
        scope.note("login", "person", person.id, "code")
    return _codes_page(codes, target, fresh=True)


def _act(person: Person, name: str, sheet: Sheet) -> None:
    scope = here()
    actor = scope.actor or actor_of(scope.session, person, person.municipality_id, ip=request.remote_addr or "")
    gate.perform(scope.session, actor, person, name, sheet, person.version)


def _codes_page(codes: list[str], target: str, *, fresh: bool) -> str:
    return render_template("people/codes.html", codes=codes, next=target, fresh=fresh)


@page("/profile/second", readers=LOGGED_IN)
def second_factor_page() -> str:
    """Say whether the person has a second factor, and offer what can be done."""
    scope = here()
    row = second_factor.of(scope.session, scope.who.id)
    return render_template(
        "people/second_factor.html", row=row, left=second_factor.codes_left(scope.session, scope.who.id),
        obliged=second_factor.is_obliged(scope.session, scope.who),
    )  # fmt: skip


@page("/profile/second/add", readers=LOGGED_IN, methods=("GET", "POST"), before=_count)
def add_second_factor() -> Response | str:
    """Add the second factor: the code proves the application, the password the person."""
    if second_factor.of(here().session, here().who.id) is not None:
        return go("people.second_factor_page")
    return _added(here().who, url_for("people.second_factor_page"), "people/second_add.html")


def _asked_again(template: str) -> str | Response | None:
    """Return the page that asks for the password until it was typed right; None then."""
    who = here().who
    if second_factor.of(here().session, who.id) is None:
        return go("people.second_factor_page")
    if request.method == "POST" and password_typed(who):
        return None
    wrong = _("Нынешний пароль не подходит.") if request.method == "POST" else ""
    return make_response(render_template(template, wrong=wrong), 422 if wrong else 200)


@page("/profile/second/codes", readers=LOGGED_IN, methods=("GET", "POST"))
def renew_codes() -> Response | str:
    """Make new recovery codes and show them once; the old ones stop working."""
    scope = here()
    if (asked := _asked_again("people/codes_renew.html")) is not None:
        return asked
    _act(scope.who, "renew_recovery_codes", RenewCodes())
    codes = second_factor.renew_codes(scope.session, scope.who)
    return _codes_page(codes, url_for("people.second_factor_page"), fresh=False)


@page("/profile/second/codes.txt", readers=LOGGED_IN, methods=("POST",))
def codes_file() -> Response:
    """Give the codes of the page as a text file. Only their digests are kept: the page sends them back, and they are compared."""
    scope = here()
    codes = request.form.get("codes", "")[:1000].split()
    if not second_factor.are_codes(scope.session, scope.who.id, codes):
        abort(404)
    head = _("Коды восстановления: %(login)s. Каждый действует один раз.", login=scope.who.login)
    answer = make_response("\r\n".join([head, "", *codes, ""]))
    answer.mimetype = "text/plain"
    answer.headers["Content-Disposition"] = "attachment; filename=recovery-codes.txt"
    return answer


@page("/profile/second/drop", readers=LOGGED_IN, methods=("GET", "POST"))
def drop_second_factor() -> Response | str:
    """Give the second factor up; where it is obligatory the act refuses."""
    if (asked := _asked_again("people/second_drop.html")) is not None:
        return asked
    _act(here().who, "drop_second_factor", DropSecondFactor())
    flash(_("Второй фактор выключен: для входа достаточно пароля."), "success")
    return go("people.second_factor_page")
