"""Doing a transition from a page: the form, the working copy, the act, and what is shown when it does not go through.

Whatever goes wrong, what was typed stays on the page and in the working copy.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeVar

from flask import Response, abort, flash, g, make_response, render_template, request
from werkzeug.datastructures import FileStorage

from workflow_app import clock, gate
from workflow_app.db import working_copies
from workflow_app.db.models import Case, Subject, WorkingCopy
from workflow_app.errors import N_, Conflict, Denied, Invalid, NotYet, TooMuch, Unavailable, Unsure, WorkflowError
from workflow_app.facts.actors import proved
from workflow_app.facts.locking import lock
from workflow_app.facts.subjects import facts_of, has_consent, offers_of, workflow_of
from workflow_app.states import policy
from workflow_app.states.definitions.case.forms import SignedSheet
from workflow_app.states.forms import Lists, Problems, Sheet, doubts, fill
from workflow_app.states.vocabulary import Actor, Transition, Who
from workflow_app.web import form_layout, pickers, uploads
from workflow_app.web.errors import later
from workflow_app.web.formatting import say, zone
from workflow_app.web.forms import form_of, raw_of, show_problems, told
from workflow_app.web.interrupted_form import confirm
from workflow_app.web.next_page import go_to
from workflow_app.web.page import password_typed
from workflow_app.web.request_scope import here

_ELSEWHERE = N_("Эту форму изменили в другом окне, пока страница была открыта. Ваш текст цел и остаётся на странице.")
S = TypeVar("S", bound=Sheet)
_NO_LISTS: Lists = MappingProxyType({})
COPY_MOST = 400_000  # characters of a working copy: the longest form of ours, every field full, has fewer


def offered(subject: Subject, name: str) -> policy.Offer:
    """Return the offer of a transition to the present person; Denied when there is none (R32)."""
    scope = here()
    workflow = workflow_of(subject)
    if name not in workflow.transitions:
        abort(404)
    facts = facts_of(subject, scope.session)
    found = offers_of(subject, scope.session, scope.me).get(name)
    if found is None:
        if request.method == "POST":
            policy.permit(workflow, scope.me, facts, name)  # says whether it is forbidden or only too late
        raise Denied(N_("Это действие вам недоступно."))
    return found


def take_turn(subject: Subject) -> None:
    """Let the writing requests on a subject follow each other from here to their end: ahead of what compares before it keeps."""
    if request.method == "POST":
        lock(here().session, subject)


def _place(subject: Subject, name: str) -> working_copies.Place:
    return here().who.id, subject.kind, subject.id, name


def working_copy(subject: Subject, name: str) -> WorkingCopy | None:
    """Return the present person's working copy of a transition's sheet."""
    return working_copies.find(here().session, _place(subject, name))


def stamp(subject: Subject, copy: WorkingCopy | None) -> str:
    """Return what a window has seen: the subject's version and the kept text, so that an old window shows itself."""
    return f"{subject.version}.{working_copies.digest(copy.data if copy is not None else None)}"


def is_stale(subject: Subject, copy: WorkingCopy | None, typed: Mapping[str, Any]) -> bool:
    """Whether another window was first: the subject has changed, or another text than ``typed`` is kept since."""
    number, dot, digest = request.form.get("version", "").partition(".")
    if not dot:
        return False
    kept = working_copies.digest(copy.data if copy is not None else None)
    return number != str(subject.version) or kept not in (digest, working_copies.digest(typed))


def save_copy(subject: Subject, name: str, kind: type[Sheet], raw: Mapping[str, Any] | None = None) -> WorkingCopy:
    """Keep what is typed, unchecked: autosave. The one write that is not an event (decisions.md 3)."""
    data = dict(raw) if raw is not None else raw_of(request.form, kind)
    if len(json.dumps(data, ensure_ascii=False, default=str)) > COPY_MOST:
        raise TooMuch(N_("Текст слишком большой: система столько не принимает. Ранее сохранённое цело."))
    row = working_copies.keep(here().session, _place(subject, name), data)
    confirm()
    return row


def autosaved(subject: Subject, name: str, kind: type[Sheet]) -> Response:
    """Answer an autosave: when it was kept, and what the window has seen now; 409 when another window was first."""
    typed = raw_of(request.form, kind)
    if is_stale(subject, working_copy(subject, name), typed):
        return make_response({"error": say(_ELSEWHERE)}, 409)
    row = save_copy(subject, name, kind, typed)
    local = row.saved_at.astimezone(zone())
    return make_response({"saved_at": f"{local:%H:%M}", "version": stamp(subject, row)})


def seen_version(subject: Subject, field: str = "version") -> int:
    """Return the version that the person looked at, of a form of many subjects by the name of its field; without one it is stale."""
    text = request.form.get(field, "").partition(".")[0]
    return int(text) if text.isdecimal() and len(text) < 10 else -subject.version  # noqa: PLR2004 - more digits are noise


def signing_actor(actor: Actor) -> Actor:
    """Return the actor with the proof of the password just typed, if it was right (R35)."""
    scope = here()
    return proved(scope.session, actor) if password_typed(scope.who) else actor


def filled(kind: type[S], raw: Mapping[str, Any], lists: Lists = _NO_LISTS) -> S:
    """Fill a sheet of what a page was sent, as :func:`fill` does; Unsure when it holds what only a person can say is right.

    The tick that says so carries the fingerprint of what was asked: it answers no other question. ``macros/forms.html``
    draws it above the buttons of the form.
    """
    pickers.settle(kind)
    sheet = fill(kind, raw, lists)
    demand_sure(doubts(sheet, clock.today(zone().key)))
    return sheet


def demand_sure(found: Problems) -> None:
    """Unsure, unless nothing is doubted or the tick that was sent says that just this is right."""
    if not found:
        return
    told = [(path, str(one)) for path, many in found.items() for one in many]
    asked = hashlib.sha256(repr(told).encode()).hexdigest()[:16]
    g.doubted = (
        f"{g.get('doubted', '')} {asked}".strip()
    )  # a page of several sheets asks about all of them with one tick
    if asked not in request.form.get("confirmed", "").split():
        raise Unsure(found)


def attempt(subject: Subject, name: str, sheet: Sheet) -> None:
    """Do the transition whole or not at all: a refusal leaves the transaction as it was."""
    scope = here()
    gate.perform(scope.session, signing_actor(scope.me), subject, name, sheet, seen_version(subject))


@dataclass(frozen=True, slots=True)
class Made:
    """A form that is made for one subject, with how the sheet of the transition is made of it."""

    asks: type[Sheet]
    of: Callable[[Any], Sheet]


def act(  # noqa: PLR0913 - what a page of an act needs
    subject: Subject,
    name: str,
    *,
    lists: Lists,
    back: str,
    template: str = "do.html",
    start: Mapping[str, Any] | None = None,
    context: Mapping[str, Any] | Callable[[], Mapping[str, Any]] | None = None,
    done: Callable[[], str] | None = None,
    said: Callable[[], str] | None = None,
    read: Callable[[], dict[str, Any]] | None = None,
    check: Callable[[Any], None] | None = None,
    made: Made | None = None,
) -> Response | str:
    """Show or do a transition. GET shows the form (working copy first, then ``start``); POST does it or says why not.

    ``context`` as a function is asked only when the page is shown; ``said`` returns what is told when it is done; ``read`` what was
    typed in fields of other names; ``check`` raises Invalid for what the page alone can know. ``made``: another sheet is in the form.
    """
    offer = offered(subject, name)
    transition, obstacles = offer.transition, told(offer.obstacles)
    drawn = made.asks if made else transition.asks
    if request.method != "POST":
        values, restored = _begun(subject, transition, start or {})
        form = form_of(drawn, lists, values)
        return _page(subject, transition, template, form, restored | _asked(context), back=back, obstacles=obstacles)
    raw = read() if read else raw_of(request.form, drawn)
    field = request.form.get("add")  # one row more, without a script; or the text alone is kept
    if field:
        keep_text(subject, transition, raw)
        form = form_of(drawn, lists, form_layout.with_one_more(raw, field))
        return _page(subject, transition, template, form, _asked(context), back=back, obstacles=obstacles)
    try:
        attempt(subject, name, _sheet(transition, drawn, raw, lists, made, check))
    except WorkflowError as error:
        keep_text(subject, transition, raw)
        return _refused(subject, transition, template, form_of(drawn, lists, raw), context, back, error)
    flash(said() if said else say(transition.answer), "success")
    return go_to(done() if done else back)


def _sheet(
    transition: Transition, drawn: type[Sheet], raw: dict[str, Any], lists: Lists, made: Made | None,
    check: Callable[[Any], None] | None,
) -> Sheet:  # fmt: skip
    """Return what an act asks, made of what was typed; Invalid when it cannot be."""
    sheet: Sheet = filled(drawn, raw | _scan(transition), lists)
    sheet = made.of(sheet) if made else sheet
    (check or _unchecked)(sheet)
    return sheet


def _begun(subject: Subject, transition: Transition, start: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what a form begins with, the person's own unsent text first, and when that was kept, if any was typed."""
    copy, first = working_copy(subject, transition.name), {**_first(transition), **start}
    kept = copy.data if copy else {}
    return {**first, **kept}, {"restored": copy.saved_at if copy and form_layout.was_typed(kept, first) else None}


def _unchecked(_sheet: Any) -> None:
    """Pass whatever a page has nothing of its own to say about."""


def _first(transition: Transition) -> dict[str, Any]:
    """Choose the way of signing that is open to the person: without the agreement only paper is left (R35)."""
    if not transition.signs:
        return {}
    scope = here()
    return {"how": "simple" if has_consent(scope.session, scope.who.id, "simple_signature") else "paper"}


def _asked(context: Mapping[str, Any] | Callable[[], Mapping[str, Any]] | None) -> dict[str, Any]:
    return dict(context() if callable(context) else context or {})


def _scan(transition: Transition) -> dict[str, Any]:
    """Take the scan of a paper signature: inspected and stored before the sheet is filled."""
    if not issubclass(transition.asks, SignedSheet) or request.form.get("how") != "paper":
        return {}
    file: FileStorage | None = request.files.get("scan_file")
    if file is None or not file.filename:
        return {}
    try:
        taken = uploads.take(file)
    except WorkflowError as error:  # said at the field of the scan
        raise Invalid({"scan": (error.sentence,)}) from error
    return {"scan": taken.sha256, "scan_name": taken.name}


def _refused(
    subject: Subject,
    transition: Transition,
    template: str,
    form: Any,
    context: Mapping[str, Any] | Callable[[], Mapping[str, Any]] | None,
    back: str,
    error: WorkflowError,
) -> Response:
    if isinstance(error, Denied):
        raise error
    scope = here()
    scope.let_go()  # what the page shows is read and drawn while nobody waits for it
    shown = _asked(context)
    obstacles: list[str] = []
    status = 422
    if isinstance(error, Invalid):
        problems = dict(error.problems)
        if "password" in problems and wrong_password():
            problems["password"] = (N_("Пароль не подходит. Проверьте раскладку и регистр."),)
        show_problems(form, problems)
    elif isinstance(error, NotYet):
        obstacles, status = told(error.obstacles), 409
    elif isinstance(error, Conflict):
        scope.session.refresh(subject)
        obstacles, status = [say(error.sentence)], 409
        shown |= {
            "conflict": error,
            "changes": form_layout.changed_since(scope.session, subject, seen_version(subject)),
        }
    else:
        obstacles = [say(error.sentence)]
    answer = make_response(_page(subject, transition, template, form, shown, back=back, obstacles=obstacles), status)
    return later(answer, error) if isinstance(error, Unavailable) else answer


def keep_text(subject: Subject, transition: Transition, raw: Mapping[str, Any] | None = None) -> None:
    """Keep the typed text as the working copy, so that nothing is lost when an act does not go through."""
    if transition.asks.__dataclass_fields__ and request.method == "POST":
        save_copy(subject, transition.name, transition.asks, raw)


def _page(
    subject: Subject,
    transition: Transition,
    template: str,
    form: Any,
    shown: dict[str, Any],
    *,
    back: str,
    obstacles: list[str],
) -> str:
    scope = here()
    case = subject if isinstance(subject, Case) else getattr(subject, "case", None)
    signs = transition.signs
    facts = facts_of(subject, scope.session)
    as_author = policy.stands(scope.me, facts, Who.APPLICANT, Who.CO_AUTHOR)
    kind_title = say(workflow_of(case).title) if case is not None else ""
    shown = (
        form_layout.layout(form, workflow_of(subject), transition, facts, as_author=as_author)
        | {"kind_title": kind_title}
        | shown
    )
    return render_template(
        template, subject=subject, case=case, transition=transition, form=form, obstacles=obstacles, back=back,
        version=stamp(subject, working_copy(subject, transition.name)),
        signs=signs, agreement=signs and has_consent(scope.session, scope.who.id, "simple_signature"), title=say(transition.title),
        wrong_password=signs and wrong_password(), **shown,
    )  # fmt: skip


def wrong_password() -> bool:
    """Whether a password was typed in this request and was not the person's."""
    return bool(request.form.get("password")) and not password_typed(here().who)
