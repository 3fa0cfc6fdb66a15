"""Devices that signed in before: a signed cookie that lives for a year, and says nothing but whose log-ins it has seen.

It opens nothing. What it is good for: an attacked account stays open to the devices of its owner (``rate_limit``). A stolen
copy of it is throttled as one device.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from flask import Response, after_this_request, request
from itsdangerous import BadData, URLSafeSerializer

from workflow_app import clock
from workflow_app.web.request_scope import settings

_LIFE = timedelta(days=365)
_MOST = 20  # accounts on one device: a computer in a staff room


def known(account: str) -> str | None:
    """Return the device's random name when this account has signed in on it, else None."""
    name, accounts = _read()
    return name if account in accounts else None


def remember(account: str) -> None:
    """Let this device be known for an account, with the answer to the present request."""
    name, accounts = _read()
    newest = sorted({**accounts, account: _today()}.items(), key=lambda pair: pair[1])[-_MOST:]
    value = _signer().dumps({"device": name or secrets.token_urlsafe(16), "accounts": dict(newest)})

    @after_this_request
    def _set(answer: Response) -> Response:
        answer.set_cookie(
            _cookie(), value, max_age=_LIFE, secure=settings().secure_cookies, httponly=True, samesite="Lax", path="/"
        )
        return answer


def _read() -> tuple[str, dict[str, int]]:
    text = request.cookies.get(_cookie(), "")
    try:
        found: dict[str, Any] = _signer().loads(text)
        oldest = _today() - _LIFE.days
        return str(found["device"]), {name: day for name, day in found["accounts"].items() if day >= oldest}
    except BadData:
        return "", {}


def _today() -> int:
    return clock.now().toordinal()


def _cookie() -> str:
    return "__Host-device" if settings().secure_cookies else "device"


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(settings().secret_key, salt="device")
