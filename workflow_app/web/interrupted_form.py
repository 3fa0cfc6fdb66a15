"""A form sent when its session had ended: what was typed waits for its person, and comes back into the same form.

Every form carries a mark, signed by us: who opened the page, and where. By it the text finds its person though the session
is gone, and nobody can put a text into another's form: the mark is as hard to forge as the token against foreign requests.
Passwords and files never wait. Pages with a script sign in inside the page instead (static/js/session.js).
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, current_app, flash, g, make_response, render_template, request, url_for
from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeTimedSerializer
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from workflow_app.db import interrupted_forms
from workflow_app.web.next_page import go, go_to
from workflow_app.web.request_scope import Scope, here

MARK, BACK, COPY = "opened_by", "typed", "copy"
_MARK_LIVES = (
    3 * 24 * 3600
)  # seconds: longer than any session, so that a page left over the night still knows its person
_TEXT_MOST = 400_000  # characters: the longest form of ours, every field full, has fewer
# The fields that people do not type, and those that are never kept.
_OURS = frozenset({"csrf_token", MARK, COPY})


def init_app(app: Flask) -> None:
    """Give the templates the mark of a form."""
    app.jinja_env.globals["opened_by"] = mark


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="opened by")


def is_secret(name: str) -> bool:
    """Whether a field of this name holds a password: it is never kept and never shown again."""
    return "password" in name or name == "new_again"


def is_kept(name: str) -> bool:
    """Whether a field that was sent is a person's own, and no secret."""
    return name not in _OURS and not is_secret(name)


def _address() -> str:
    """Return the address of this page without our own argument."""
    query = urlencode([(name, one) for name, one in request.args.items(multi=True) if name != BACK])
    return f"{request.path}?{query}" if query else request.path


def mark() -> str:
    """Return the mark of a form on this page: its person and its address, signed; nothing for a visitor."""
    scope = g.get("scope")
    if not isinstance(scope, Scope) or scope.person is None:
        return ""
    if "form_mark" not in g:
        g.form_mark = _signer().dumps([scope.person.id, _address()])
    return str(g.form_mark)


def _opened() -> tuple[int, str] | None:
    try:
        person_id, address = _signer().loads(request.form.get(MARK, ""), max_age=_MARK_LIVES)
    except (BadData, ValueError, TypeError):
        return None
    return int(person_id), str(address)


def lead_back(session: Session) -> Response | None:
    """Keep what a request sends whose session is over, and lead to where it comes back; None: nobody knows whose it is."""
    opened = _opened()
    sent = [[name, value] for name, value in request.form.items(multi=True) if is_kept(name)]
    if opened is None or sum(len(name) + len(value) for name, value in sent) > _TEXT_MOST:
        return None
    person_id, address = opened
    key = interrupted_forms.keep(session, person_id, address, {"sent_to": request.path, "sent": sent})
    return go("people.typed", key=key)


def explain() -> None:
    """Say at the log-in why it comes, when a text waits behind it."""
    if request.endpoint == "people.typed":
        flash(
            _(
                "Сеанс закончился, поэтому действие не выполнено. Войдите снова: набранный текст цел и вернётся в форму."
            ),
            "warning",
        )


def page_of(found: dict[str, Any]) -> str:
    """Return where the text goes back to: the page it was sent from, or nothing when that page only takes and shows nothing."""
    path, _query, _rest = found["address"].partition("?")
    try:
        current_app.url_map.bind("").match(path, method="GET")
    except RequestRedirect:
        return ""
    except HTTPException:
        return ""
    return str(found["address"])


def asked(scope: Scope) -> dict[str, Any] | None:
    """Return what is to be put back into the page that is asked for: the present person's own text."""
    if request.method != "GET" or BACK not in request.args or scope.person is None:
        return None
    found = interrupted_forms.find(scope.session, scope.person.id, request.args[BACK])
    g.typed_before = found["sent"] if found else None
    return found


def sent_before(name: str) -> list[str]:
    """Return what a field held in the text that comes back: a chosen row is shown by its name, which only the server knows."""
    return [str(value) for field, value in g.get("typed_before") or () if field == name]


def put_back(answer: Response, found: dict[str, Any]) -> Response:
    """Return the page with the text in its form; where the form is not there any more, lead to the text itself."""
    from workflow_app.web.refill import refill  # noqa: PLC0415 - rare

    done = None
    if answer.status_code == 200 and answer.mimetype == "text/html":  # noqa: PLR2004 - a page
        sent = [(str(name), str(value)) for name, value in found["sent"]]
        done = refill(answer.get_data(as_text=True), request.path, found["sent_to"], sent)
    if done is None:
        return whole()
    page, place, filled = done
    notice = render_template("typed_notice.html", filled=filled, whole_url=_whole_url())
    answer.set_data(Markup(page[:place]) + Markup(notice) + Markup(page[place:]))  # noqa: S704 - our own page
    return answer


def _whole_url() -> str:
    return url_for("people.typed", key=request.args[BACK], whole=1)


def whole() -> Response:
    """Lead to the page that shows the text alone."""
    return go_to(_whole_url(), 302)


def sent_on() -> None:
    """Forget the text that came back: its form has been sent and taken."""
    opened, scope = _opened(), here()
    if opened is not None and scope.person is not None and opened[0] == scope.person.id:
        interrupted_forms.drop(scope.session, scope.person.id, interrupted_forms.key_of(opened[1]))


def confirm() -> None:
    """Say that the text of this request is kept when the transaction is: the browser may let its copy go."""
    g.text_kept = True


def confirmed(answer: Response) -> Response:
    """Name the confirmed text to the script, by the number under which the script sent it: a cookie that it reads once."""
    return _told(answer, "kept") if g.pop("text_kept", False) else answer


def stay() -> Response | None:
    """Let a page with a script stay as it is when its session is over: it signs in and sends again. None: it has no script."""
    if not _number():
        return None
    answer = make_response("", 204)
    del answer.headers["Content-Type"]  # of nothing
    return _told(answer, "ended")


def _number() -> str:
    number = request.form.get(COPY, "")
    return number if number.isalnum() and number.isascii() and len(number) <= 40 else ""  # noqa: PLR2004 - ours have 32


def _told(answer: Response, what: str) -> Response:
    """Say in a cookie, which the page's script reads, what became of the form with this number."""
    if number := _number():
        secure = current_app.config["SESSION_COOKIE_SECURE"]
        answer.set_cookie(f"{what}-{number}", "1", max_age=300, samesite="Lax", secure=secure)
    return answer
