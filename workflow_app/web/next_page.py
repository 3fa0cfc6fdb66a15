"""Where one goes on to after a form: a page of ours; the address that was sent, if it is one of ours."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Response, redirect, url_for


def safe_next(target: str | None, home: str = "") -> str:
    """Return a path of our own site to go on to; anything else is ``home``, by itself the work list (no open redirect)."""
    home = home or url_for("cases.work")
    if not target or not target.startswith("/") or len(target) > 2000:  # noqa: PLR2004 - no address of ours is that long
        return home
    if "\\" in target or any(not one.isprintable() for one in target):
        return home
    path = target.partition("?")[0].partition("#")[0]  # as typed: a parser would forgive «///»
    try:
        parts = urlsplit(target)
    except ValueError:
        return home
    return home if parts.scheme or parts.netloc or "//" in path or "/." in path else target


def go(endpoint: str, fragment: str = "", **values: Any) -> Response:
    """Send the browser on to a page after a POST."""
    return go_to(url_for(endpoint, **values, _anchor=fragment or None))


def go_to(address: str, code: int = 303) -> Response:
    """Send the browser on to an address."""
    return redirect(address, code=code)  # type: ignore[return-value]  # werkzeug's response class
