"""Texts that people accept or sign, with their versions; kept with the acceptance (R37)."""

from __future__ import annotations

from functools import cache

from workflow_app import data
from workflow_app.errors import Broken


@cache
def _texts() -> dict[str, dict[str, str]]:
    return {one["key"]: one for one in data.load("texts")["texts"]}


def text_of(key: str) -> dict[str, str]:
    """Return a text: ``title``, ``text``, ``version``. An unknown one is Broken."""
    if key not in _texts():
        raise Broken(f"no text {key!r} among the data")
    return _texts()[key]


def version_of(key: str) -> str:
    """Return the version of a text, which is stored with every acceptance."""
    return text_of(key)["version"]
