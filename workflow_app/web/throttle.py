"""Throttling of what can be guessed: per account and per address, failures only (Flask-Limiter, in memory of the one process).

An attempt on an account is counted before the password is checked, and forgotten when it was right: attempts side by side
cannot slip under the limit. The address is what the server saw, never a header that the visitor wrote (security.md 2, 3).
"""

from __future__ import annotations

import math
import time
from ipaddress import IPv6Address, ip_address

from flask import Flask, request
from flask_limiter import Limiter
from limits import RateLimitItem, parse
from werkzeug.exceptions import TooManyRequests

from workflow_app.errors import N_, WorkflowError
from workflow_app.web.scope import settings

_NETWORK = 64  # bits of an IPv6 address that one visitor is given whole


def address() -> str:
    """Return whom we count: the visitor's address, of an IPv6 one the network."""
    text = request.remote_addr or "?"
    try:
        found = ip_address(text)
    except ValueError:
        return text
    return str(int(found) >> (128 - _NETWORK)) if isinstance(found, IPv6Address) else text


limiter = Limiter(key_func=address, storage_uri="memory://", strategy="moving-window")


def init_app(app: Flask) -> None:
    """Set the limiter up; nothing is limited but what says so. A limit that makes no sense is told now, not at the first login."""
    known = app.extensions["workflow_config"]
    for name in ("login_limit", "address_limit", "check_limit"):
        try:
            parse(getattr(known, name))
        except ValueError as error:
            raise WorkflowError(N_("Настройка %(name)s: значение не распознано.", name=name)) from error
    limiter.init_app(app)


def attempt(account: str) -> bool:
    """Count an attempt on an account. Too many of it or of this address: 429. Return whether this was the last one allowed."""
    by_address, by_account = parse(settings().address_limit), parse(settings().login_limit)
    if not limiter.limiter.test(by_address, "failures", address()):
        raise _wait(by_address, "failures", address())
    if not limiter.limiter.hit(by_account, "account", account):
        raise _wait(by_account, "account", account)
    return limiter.limiter.get_window_stats(by_account, "account", account).remaining == 0


def right(account: str) -> None:
    """Forget the attempts on an account: the last one was right."""
    limiter.limiter.clear(parse(settings().login_limit), "account", account)


def wrong() -> None:
    """Count a failure of this address."""
    limiter.limiter.hit(parse(settings().address_limit), "failures", address())


def check_address() -> None:
    """Stop an address that has failed too often: 429."""
    limit = parse(settings().address_limit)
    if not limiter.limiter.test(limit, "failures", address()):
        raise _wait(limit, "failures", address())


def check_tries(what: str, limit: str) -> None:
    """Stop an address whose tries of this kind have failed too often: 429."""
    known = parse(limit)
    if not limiter.limiter.test(known, what, address()):
        raise _wait(known, what, address())


def tried(what: str, limit: str) -> None:
    """Count a failed try of this address."""
    limiter.limiter.hit(parse(limit), what, address())


def spend(limit: str, what: str, key: str) -> bool:
    """Use one of ``limit`` (as «5 per day») for ``what``; False when they are used up."""
    return limiter.limiter.hit(parse(limit), what, key)


def _wait(limit: RateLimitItem, *key: str) -> TooManyRequests:
    seconds = limiter.limiter.get_window_stats(limit, *key).reset_time - time.time()
    return TooManyRequests(retry_after=max(1, math.ceil(seconds)))
