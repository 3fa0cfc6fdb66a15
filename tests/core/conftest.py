"""The core is tested without the web, a database, or a socket: a test here that reaches for one of them fails."""

import socket
import sqlite3
from typing import NoReturn

import flask
import pytest
import sqlalchemy.engine


@pytest.fixture(autouse=True)
def pure(monkeypatch: pytest.MonkeyPatch) -> None:
    """Close the doors out of the core."""

    def refused(what: str) -> object:
        def refuse(*_args: object, **_kwargs: object) -> NoReturn:
            raise AssertionError(f"a test of the core reached for {what}: it belongs into tests/gate or tests/web")

        return refuse

    monkeypatch.setattr(flask.Flask, "__init__", refused("Flask"))
    monkeypatch.setattr(sqlalchemy.engine.Engine, "__init__", refused("a database engine"))
    monkeypatch.setattr(sqlite3, "connect", refused("SQLite"))
    for name in ("bind", "connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, refused("a socket"))
