"""Security headers of every answer: a strict policy, no inline script or style, nothing from another host (decisions.md 22)."""

from __future__ import annotations

from flask import Flask, Response, request

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# The one exception: a PDF shown inside our own page is answered with its own policy, sandboxed.
FRAMED = "sandbox; default-src 'none'; frame-ancestors 'self'"


ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def init_app(app: Flask) -> None:
    """Set the headers after every request."""
    app.after_request(_secure)


def _secure(answer: Response) -> Response:
    headers = answer.headers
    if headers.get("Content-Security-Policy") == FRAMED:
        headers.setdefault("X-Frame-Options", "SAMEORIGIN")
    for name, value in ALWAYS.items():
        headers.setdefault(name, value)
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if request.endpoint not in ("static", "bootstrap.static"):
        headers.setdefault("Cache-Control", "no-store")
    return answer
