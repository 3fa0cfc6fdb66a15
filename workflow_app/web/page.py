"""The page: a view declared with its address, readers and place in the menu. A page without readers cannot be declared.

One request is one transaction: POST keeps, GET always rolls back. What costs time (the password's hash, reading the body)
happens before the write transaction opens; the access log and what follows a commit, after it ends (decisions.md 2, ADR 7).
A page that answers a POST is rendered after the commit, too: the others who write do not wait for it.
A commit that fails takes back what the view has put into the cookie: nobody is told «Сохранено» of what was not.
"""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    before_render_template,
    current_app,
    g,
    make_response,
    redirect,
    request,
    url_for,
)
from flask import session as cookie
from werkzeug.exceptions import HTTPException
from werkzeug.routing import IntegerConverter, Rule

from workflow_app.db.models import Person
from workflow_app.errors import N_, Broken, Denied, Sentence, Unavailable, WorkflowError
from workflow_app.facts.subjects import compute_once
from workflow_app.states.vocabulary import Role
from workflow_app.web import access_log, interrupted_form, rendering, uploads
from workflow_app.web import login_session as logins
from workflow_app.web.request_scope import Scope, database, is_script

V = TypeVar("V", bound=Callable[..., Any])
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Readers:
    """Who may open a page: everyone, everyone logged in, or those with one of the roles. The subject's own rules come on top."""

    roles: frozenset[Role] = frozenset()
    anyone: bool = False
    logged_in: bool = False


ANYONE = Readers(anyone=True)
LOGGED_IN = Readers(logged_in=True)


def roles(*wanted: Role) -> Readers:
    """Return readers by role; at least one."""
    if not wanted:
        raise Broken("a page needs at least one role")
    return Readers(roles=frozenset(wanted))


GROUPS: Mapping[str, Sentence] = {
    "examination": N_("Экспертиза"), "programme": N_("Программа"), "community": N_("Сообщество"),
    "documents": N_("Документы"), "centre": N_("Центр"),
}  # fmt: skip
"""The groups of the menu, in their order."""


@dataclass(frozen=True, slots=True)
class Menu:
    """A place in the menu: the order in its group, the words, the icon of the sprite, the group (``GROUPS``).

    ``shown_to`` when not all readers need it there; ``aside``: behind «Ещё» of its group, for what is not of every day.
    """

    order: int
    title: Sentence
    icon: str
    group: str
    shown_to: Readers | None = None
    aside: bool = False

    def __post_init__(self) -> None:
        if self.group not in GROUPS:
            raise Broken(f"the menu has no group {self.group!r}")


@dataclass(frozen=True, slots=True)
class Page:
    """A declared page."""

    endpoint: str
    rule: str
    readers: Readers
    menu: Menu | None
    methods: tuple[str, ...]


PAGES: dict[str, Page] = {}


@dataclass(slots=True)
class Slice:
    """A slice's pages: a blueprint without a prefix of its own, named as the slice."""

    name: str
    blueprint: Blueprint = field(init=False)

    def __post_init__(self) -> None:
        self.blueprint = Blueprint(self.name, "workflow_app")

    def page(
        self,
        rule: str,
        *,
        readers: Readers,
        menu: Menu | None = None,
        methods: tuple[str, ...] = ("GET",),
        name: str | None = None,
        before: Callable[..., object] | None = None,
    ) -> Callable[[V], V]:
        """Declare a view as a page. The view returns a template's text, a Response or a redirect.

        ``before`` is called with the view's arguments ahead of a writing request, while no lock is held: it may read, and
        leave in ``g`` what took long to make (a received file). It decides nothing: the view asks for every right itself.
        """
        if not (readers.anyone or readers.logged_in or readers.roles):
            raise Broken(f"the page {rule} has no readers")

        def declare(view: V) -> V:
            endpoint = f"{self.name}.{name or view.__name__}"
            if endpoint in PAGES and PAGES[endpoint].rule != rule:
                raise Broken(f"the page {endpoint} is declared twice")
            PAGES[endpoint] = Page(endpoint, rule, readers, menu, methods)

            @functools.wraps(view)
            def entered(**arguments: object) -> Response:
                return _enter(view, readers, arguments, before)

            self.blueprint.add_url_rule(rule, endpoint=name or view.__name__, view_func=entered, methods=list(methods))
            return view

        return declare


def may_open(readers: Readers, scope: Scope) -> bool:
    """Whether the present person may open a page with these readers."""
    return is_open_to(readers, None if scope.actor is None else scope.actor.roles)


def is_open_to(readers: Readers, held: frozenset[Role] | None) -> bool:
    """Whether a person with these roles may open it; None: a visitor."""
    if readers.anyone or held is None:
        return readers.anyone
    return readers.logged_in or bool(readers.roles & held)


def _enter(
    view: Callable[..., Any], readers: Readers, arguments: Mapping[str, object], before: Callable[..., object] | None
) -> Response:
    keep = request.method not in SAFE
    if keep:
        _before_writing()
        if before is not None:
            _prepare(before, readers, arguments)
    scope: Scope | None = None
    try:
        with _told_when_kept(), database().transaction(keep=keep) as session:
            scope = g.scope = Scope(session, keeps=keep)
            if not keep:
                compute_once(session)
            try:
                answer = _answer(view, readers, arguments, scope)
            finally:
                scope.trace = access_log.trace_of(scope)
    except Exception:
        access_log.write(scope)
        raise
    finally:
        g.pop("scope", None)
    if access_log.write(scope) is not None and scope.must_be_noted and not keep:
        answer.close()
        raise Unavailable(access_log.UNLOGGED, retry_after=60)
    for one in scope.after:
        one()
    return interrupted_form.confirmed(answer)


@contextmanager
def _told_when_kept() -> Iterator[None]:
    """Put the cookie back when the transaction inside does not end well: a message («Сохранено»), a log-in, a language.

    The answer itself needs no such care: it leaves the server only after the commit. A cookie that is as it was is not sent:
    the answer to a save without a session may come after the one that signed in, and would take its session away.
    """
    before, changed = copy.deepcopy(dict(cookie)), cookie.modified  # a message is added to the very list that is there
    try:
        yield
    except BaseException:
        cookie.clear()
        cookie.update(before)
        cookie.modified = changed
        raise


def _answer(view: Callable[..., Any], readers: Readers, arguments: Mapping[str, object], scope: Scope) -> Response:
    logins.enter(scope)
    for name in g.pop("viruses", ()):
        scope.note("virus", detail=f"{request.path}: {name}")
    if not may_open(readers, scope):
        return _refuse(scope)
    waits = interrupted_form.asked(scope)
    try:
        answer = make_response(view(**arguments))
    except (WorkflowError, HTTPException) as error:
        if isinstance(error, Denied):
            scope.note("denied", detail=f"{request.method} {request.path}")
        if waits:
            return interrupted_form.whole()
        raise
    if request.method not in SAFE and scope.actor is not None and answer.status_code == 303:  # noqa: PLR2004 - done
        interrupted_form.confirm()
        interrupted_form.sent_on()
    return interrupted_form.put_back(answer, waits) if waits else answer


def _before_writing() -> None:
    """Read the body and check a typed password while no lock is held (ADR 7)."""
    typed = request.form.get("password") if request.form else None
    g.viruses = uploads.scan()  # reading the files parses the body now
    g.password_known = None
    if typed and "_user_id" in cookie:
        with database().transaction(keep=False) as session:
            scope = g.scope = Scope(session)
            logins.enter(scope)
            known = scope.person.password_hash if scope.person else None
            person_id = scope.person.id if scope.person else None
        g.pop("scope", None)
        _forget_user()
        if person_id is not None and logins.checked(known, typed, logins.account_of(person_id)):
            g.password_known = person_id


def _prepare(before: Callable[..., object], readers: Readers, arguments: Mapping[str, object]) -> None:
    """Let a page do its slow part in a transaction that only reads."""
    try:
        with database().transaction(keep=False) as session:
            scope = g.scope = Scope(session)
            logins.enter(scope)
            if may_open(readers, scope):
                before(**arguments)
    finally:
        g.pop("scope", None)
        _forget_user()


def _let_go(_app: Flask, **_what: object) -> None:
    """Draw no page while other writers wait for this one: what the request keeps is kept before its answer is rendered."""
    if isinstance(scope := g.get("scope"), Scope):
        scope.let_go()


def _forget_user() -> None:
    """Let Flask-Login load the user again in the transaction that follows: it caches the row in ``g``."""
    g.pop("_login_user", None)


def password_typed(person: Person) -> bool:
    """Whether this request carried the right password of ``person`` (R35)."""
    return bool(g.get("password_known") == person.id)


def _refuse(scope: Scope) -> Response:
    if scope.actor is not None:
        scope.note("denied", detail=f"{request.method} {request.path}")
        raise Denied(N_("Эта страница вам недоступна."))
    if is_script():
        abort(401)
    if request.method in SAFE:
        interrupted_form.explain()
        return make_response(redirect(url_for("people.login", next=request.full_path.rstrip("?"))))
    return (
        interrupted_form.stay()
        or interrupted_form.lead_back(scope.session)
        or make_response(redirect(url_for("people.login")))
    )


class RowNumber(IntegerConverter):
    """``<int:…>`` of an address: what no column could hold is no address of ours."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **{"max": 2**31 - 1, **named})


class Address(Rule):
    """An address that learns how links to it are written when the first one is.

    Werkzeug compiles a function for that, two for each address and all at the start: 0.25 s for 590 addresses, of which a page links to 50.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:  # noqa: FBT001, FBT002 - the library's own
        compiled = functools.cache(super()._compile_builder)
        return lambda rule, /, **values: compiled(append_unknown)(rule, **values)


def register(app: Flask, slices: tuple[Slice, ...]) -> None:
    """Add the slices' blueprints to the application."""
    app.url_rule_class = Address
    app.url_map.converters["int"] = RowNumber
    before_render_template.connect(_let_go, app)
    for one in slices:
        app.register_blueprint(one.blueprint)


def address(endpoint: str, **values: Any) -> str:
    """Return the address of another slice's page, or nothing where the page is not there."""
    return rendering.url_for(endpoint, **values) if endpoint in current_app.view_functions else ""
