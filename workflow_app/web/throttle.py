"""Throttling of logins, resets and invitations: per account and per address (Flask-Limiter, in memory of the one process)."""

from __future__ import annotations

from flask import Flask, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from workflow_app.web.scope import settings

limiter = Limiter(key_func=get_remote_address, storage_uri="memory://", strategy="moving-window")


def init_app(app: Flask) -> None:
    """Set the limiter up; nothing is limited but what says so."""
    limiter.init_app(app)


def account_key() -> str:
    """Return the account that a login names, whatever its case and spaces."""
    return "account:" + request.form.get("login", "").strip().lower()[:200]


def account_limit() -> str:
    """Return the limit per account."""
    return settings().login_limit


def address_limit() -> str:
    """Return the limit per address."""
    return settings().address_limit
