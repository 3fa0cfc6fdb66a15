"""Throttling of what can be guessed. The counts stand in the database (``db/attempts.py``): one for all processes.

A log-in is counted per pair of account and address, so that a school behind one address is not shut out by one attacker in
it; and per account wherever the tries come from. A device that signed in before counts on its own: an attacked account stays
open to it. The address is what the server saw, never a header that the visitor wrote (security.md 2, 3 and
ADR 15).
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from ipaddress import IPv6Address, ip_address

from flask import Flask, g, request
from sqlalchemy.orm import Session
from werkzeug.exceptions import TooManyRequests

from workflow_app.db import attempts, faults
from workflow_app.db.attempts import Rule
from workflow_app.db.session import BUSY_MS, HURRIED_MS
from workflow_app.web import known_devices
from workflow_app.web.request_scope import Scope, database, settings

_NETWORK = 64  # bits of an IPv6 address that one visitor is given whole
_QUIET = timedelta(hours=1)
_SEARCHES = Rule(
    600, timedelta(minutes=5)
)  # of one person, or of one visitor's address: two a second, typed without a pause
_LINKS = Rule(50, timedelta(minutes=5))  # links asked for, registrations, dead links: by one address
_ANSWERS = Rule(300, timedelta(hours=1))  # to surveys, of one address: a hall full of people stands behind it
_FEEDS = Rule(60, timedelta(hours=1))  # of one calendar: programs ask once an hour, a person presses «обновить»
# A code of six digits, three of which are right at a time: whoever has the password guesses one in a year and a half.
_CODES = (Rule(5, timedelta(minutes=5)), Rule(50, timedelta(days=1)))
Wanted = list[tuple[str, Rule]]
_log = logging.getLogger(__name__)


def address() -> str:
    """Return whom we count: the visitor's address, of an IPv6 one the network."""
    text = request.remote_addr or "?"
    try:
        found = ip_address(text)
    except ValueError:
        return text
    return str(int(found) >> (128 - _NETWORK)) if isinstance(found, IPv6Address) else text


def init_app(app: Flask) -> None:
    """Tell a limit that makes no sense now, not at the first login."""
    known = app.extensions["workflow_config"]
    for name in ("address_limit", "check_limit"):
        attempts.rule(name, getattr(known, name))


def attempt(account: str) -> None:
    """Count an attempt on an account, before it is checked. Too many of it: 429 with the seconds to wait."""
    device = known_devices.known(account)
    if device is None and (left := _left(_failures())):
        raise TooManyRequests(retry_after=left)
    _take(_attempts(account, device))


def right(account: str) -> None:
    """Forget the attempts on an account: the last one was right."""
    keys = [one for one, _rule in _attempts(account, known_devices.known(account))]
    with _writing() as session:
        attempts.forget(session, *keys)


def wrong() -> None:
    """Count a failure of this address."""
    _quietly(_failures())


def _attempts(account: str, device: str | None) -> Wanted:
    known = settings()
    if device is not None:
        return [(attempts.key("device", account, device), Rule(known.login_tries, _QUIET, growing=True))]
    return [
        (attempts.key("pair", account, address()), Rule(known.login_tries, _QUIET, growing=True)),
        (attempts.key("account", account), Rule(known.account_tries, _QUIET, growing=True)),
    ]


def _failures() -> Wanted:
    return [(attempts.key("failures", address()), attempts.rule("address_limit", settings().address_limit))]


def links(**_of: object) -> None:
    """Count a link that this address asks for or tries, or a form that it sends; too many: 429. For ``before=`` of a page, too."""
    _take(_links())


def dead_link() -> None:
    """Count a link that does not work."""
    _quietly(_links())


def _links() -> Wanted:
    return [(attempts.key("links", address()), _LINKS)]


def live_link() -> None:
    """Stop an address whose links were dead too often: 429."""
    if left := _left(_links()):
        raise TooManyRequests(retry_after=left)


def feeds(digest: str) -> None:
    """Count a look at a calendar by its address; too many: 429."""
    wanted = [(attempts.key("feed", digest), _FEEDS)]
    if left := _left(wanted):
        raise TooManyRequests(retry_after=left)
    _quietly(wanted)


def answers() -> None:
    """Count an answer to any survey of this address; too many: 429. The key is sealed: a copy of the database names no address."""
    sealed = hmac.new(settings().secret_key.encode(), address().encode(), "sha256").hexdigest()
    _take([(attempts.key("answers", sealed), _ANSWERS)])


def searches(person_id: int | None) -> None:
    """Count a search as one types; too many: 429. A search that cannot be counted is answered."""
    wanted = [(attempts.key("searches", address() if person_id is None else str(person_id)), _SEARCHES)]
    if left := _left(wanted):
        raise TooManyRequests(retry_after=left)
    _quietly(wanted)


def code(person_id: int) -> None:
    """Count a code of the second factor, wherever it is typed; too many: 429."""
    _take(_codes(person_id))


def code_right(person_id: int) -> None:
    """Forget the codes: the last one was right."""
    with _writing() as session:
        attempts.forget(session, *(one for one, _rule in _codes(person_id)))


def _codes(person_id: int) -> Wanted:
    return [(attempts.key("codes", str(person_id), str(one.period)), one) for one in _CODES]


def check_tries(what: str, limit: str) -> None:
    """Stop an address whose tries of this kind have failed too often: 429."""
    if left := _left(_of_address(what, limit)):
        raise TooManyRequests(retry_after=left)


def tried(what: str, limit: str) -> None:
    """Count a failed try of this address."""
    _quietly(_of_address(what, limit))


def _of_address(what: str, limit: str) -> Wanted:
    return [(attempts.key(what, address()), attempts.rule(what, limit))]


def spend(limit: str, what: str, key: str) -> bool:
    """Use one of ``limit`` (as «5 per day») for ``what``; False when they are used up."""
    with _writing() as session:
        return not attempts.take(session, [(attempts.key(what, key), attempts.rule(what, limit))])


def _left(wanted: Wanted) -> int:
    with database().transaction(keep=False) as session:
        return attempts.wait(session, wanted)


def _take(wanted: Wanted) -> None:
    """Count, or raise 429. A blocked key is found by reading alone: hammering costs no write."""
    left = _left(wanted)
    if not left:
        with _writing() as session:
            left = attempts.take(session, wanted)
    if left:
        raise TooManyRequests(retry_after=left)


def _quietly(wanted: Wanted) -> None:
    """Count a failure after the fact: a page that can be read is shown, though nothing can be written."""
    try:
        with _writing(HURRIED_MS) as session:
            attempts.take(session, wanted)
    except Exception as error:
        if faults.understood(error) is None:
            raise
        _log.warning("a failed try could not be counted: %s", error)


@contextmanager
def _writing(patience: int = BUSY_MS) -> Iterator[Session]:
    """Give the page's own transaction when it keeps (two writers of one request would wait for each other), else one of its own."""
    scope = g.get("scope")
    if isinstance(scope, Scope) and scope.session.connection().get_execution_options().get("keep"):
        yield scope.session
        return
    with database().transaction(keep=True, patience=patience) as session:
        yield session
