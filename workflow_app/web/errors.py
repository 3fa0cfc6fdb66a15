"""Error pages: each error of ours maps to one status, once. They stand in the same frame and say what was kept.

What the database and the disk say is read by ``db.faults``. Whatever a form sent and was not taken stands on the page, so
that it can be copied or, once the cause is gone, sent again.
"""

from __future__ import annotations

import functools
import re
import secrets
import sqlite3

from flask import Flask, Response, current_app, g, jsonify, make_response, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, SecurityError, TooManyRequests

from workflow_app.db import faults
from workflow_app.db.blobs import Damaged
from workflow_app.errors import (
    N_,
    Conflict,
    Denied,
    Invalid,
    NotFound,
    NotYet,
    Overtaken,
    TooMuch,
    Unavailable,
    WorkflowError,
)
from workflow_app.facts.issued_documents import Forged
from workflow_app.web import interrupted_form
from workflow_app.web import login_session as logins
from workflow_app.web.formatting import say
from workflow_app.web.request_scope import Scope, database, is_script

_STATUS: tuple[tuple[type[WorkflowError], int], ...] = (
    (NotFound, 404),
    (Denied, 403),
    (NotYet, 409),
    (Conflict, 409),
    (Invalid, 422),
    (TooMuch, 413),
    (Unavailable, 503),
    (Damaged, 500),
    (Forged, 409),
)
# What a script is told when the error itself has no words for a person.
_SAID = {
    401: N_("Сеанс закончился. Войдите снова: набранный текст цел."),
    403: N_("Это действие вам недоступно."),
    404: N_("Такой записи нет, или она вам недоступна."),
    413: N_("Слишком большой файл или текст: система столько не принимает. Ранее сохранённое цело."),
}
_WRITTEN = re.compile(r"[^\W\d_]{2,}\W+[^\W\d_]{2,}|[А-Яа-яЁё]{2,}|.{40,}", re.DOTALL)  # words, not keys and numbers
_PAGES = frozenset({400, 403, 404, 405, 409, 413, 429, 500, 503})


def init_app(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(WorkflowError, _ours)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(SecurityError, _stranger)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def status_of(error: WorkflowError) -> int:
    """Return the HTTP status of one of our errors."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 400)


def later(answer: Response, error: WorkflowError) -> Response:
    """Give an answer the status of our error; when trying again will help, also after how many seconds (RFC 9110, 10.2.3)."""
    answer.status_code = status_of(error)
    if isinstance(error, Unavailable):
        answer.headers["Retry-After"] = str(error.retry_after)
    return answer


def _ours(error: WorkflowError) -> Response:
    reason = "" if isinstance(error, (NotFound, Denied)) else say(error.sentence)
    doubted = "doubted" if isinstance(error, (Forged, Damaged)) else ""
    again = isinstance(error, (Overtaken, Unavailable))
    return later(shown(status_of(error), reason, again=again, page=doubted), error)


def _csrf(_error: CSRFError) -> Response:
    """Answer a page of another session: a script signs in again, a form that we know comes back with its text."""
    if is_script():
        return shown(401, "")
    if (same_page := interrupted_form.stay()) is not None:
        return same_page
    with database().transaction(keep=True) as session:
        back = interrupted_form.lead_back(session)
    return back or shown(400, _("Страница устарела: сеанс закончился или открыт заново. Откройте её ещё раз."))


def _stranger(_error: SecurityError) -> Response:
    """Answer a request for a host that is not ours: without a host there is no address to put on a page."""
    answer = make_response("Такого адреса у этой системы нет.\n", 400)
    answer.mimetype = "text/plain"
    return answer


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    answer = shown(status, _patience(error) if isinstance(error, TooManyRequests) else "")
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            answer.headers[name] = value
    return answer


def _patience(error: TooManyRequests) -> str:
    """Say how long to wait; the same for a known and an unknown account."""
    seconds = error.retry_after if isinstance(error.retry_after, int) else 60
    if seconds < 60:  # noqa: PLR2004 - a minute
        return str(_("Слишком много неудачных попыток подряд. Повторите через %(n)s с.", n=seconds))
    return str(_("Слишком много неудачных попыток подряд. Повторите через %(n)s мин.", n=max(1, -(-seconds // 60))))


def _unexpected(error: Exception) -> Response:
    if (known := faults.understood(error)) is not None:
        current_app.logger.warning("%s: %s", type(known).__name__, error)
        return _ours(known)
    number = secrets.token_hex(4)
    current_app.logger.error("unexpected error %s", number, exc_info=error)
    return shown(500, "", number=number)


def shown(status: int, reason: str, *, number: str = "", again: bool = False, page: str = "") -> Response:
    """Return the error page (of the status, when none is named), or JSON for a script's request.

    ``again``: the same may be sent once more, and then succeed.
    """
    if is_script():
        return make_response(
            jsonify(error=reason or say(_SAID.get(status)) or _("Не получилось."), number=number), status
        )
    own, page = page, page or str(status if status in _PAGES else 400 if status < 500 else 500)  # noqa: PLR2004 - the families of HTTP
    values = {
        "reason": reason,
        "request_number": number,
        "status": status,
        "typed": typed_texts(),
        "again": sent_again() if again else [],
    }
    bare = functools.partial(render_template, f"errors/{page}.html", bare=True, **values)
    if own or status >= 500:  # noqa: PLR2004 - whatever broke may break the frame too
        return make_response(bare(), status)
    try:
        with database().transaction(keep=False) as session:
            g.scope = scope = Scope(session)
            g.pop("_login_user", None)
            logins.enter(scope)
            return make_response(render_template(f"errors/{page}.html", **values), status)
    except (SQLAlchemyError, sqlite3.Error):
        return make_response(bare(), status)
    finally:
        g.pop("scope", None)


def _sent() -> list[tuple[str, str]]:
    """Return the fields of a form that was sent as they came, without secrets; nothing of a body that cannot be read."""
    try:
        pairs = [*request.form.items(multi=True)] if request.method == "POST" else []
    except (HTTPException, OSError):  # too large, cut off, or no place for it
        return []
    return [(name, value) for name, value in pairs if interrupted_form.is_kept(name)]


def typed_texts() -> list[str]:
    """Return what a person wrote in a form that was not taken: its texts, without ticks, choices and service fields."""
    return [value for name, value in _sent() if _WRITTEN.search(value) and name != "next"]


def sent_again() -> list[tuple[str, str]]:
    """Return the fields with which the same form is sent once more; none when files came too, which no page can hold."""
    return [] if any(one.filename for one in request.files.values()) else _sent()
