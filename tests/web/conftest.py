"""Pages are tested through a client that parses every answer. No app context is held around it."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.play import Client, Stage, at, open_app, take_back
from tests.web.office import later
from workflow_app.demo.steps import Road
from workflow_app.files import sandbox

_ANSWERED: dict[tuple[object, ...], bytes] = {}
_call = sandbox.call


def answer_once(job: Callable[..., bytes], *args: str | int, data: bytes = b"", **limits: float) -> bytes:
    """``sandbox.call``, which starts a child only for what no test of this session asked of it before.

    A file counts by what stands in it. What fails is tried anew each time; the children themselves are tested in tests/core.
    """
    key = (job, *map(_content, args), hashlib.sha256(data).digest(), *limits.items())
    if key not in _ANSWERED:
        _ANSWERED[key] = _call(job, *args, data=data, **limits)
    return _ANSWERED[key]


def _content(argument: str | int) -> object:
    if isinstance(argument, str) and "/" in argument and Path(argument).is_file():
        return hashlib.sha256(Path(argument).read_bytes()).digest()
    return argument


@pytest.fixture(autouse=True)
def few_children() -> Iterator[None]:
    """Pages show the same papers in many tests; the start of a child takes longer than the page."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sandbox, "call", answer_once)
        yield


@pytest.fixture(autouse=True)
def lent() -> Iterator[None]:
    """Applications with other settings are given back."""
    yield
    take_back()


@pytest.fixture
def app(quick_stage: Stage, centre_sqlite_url: str, tmp_path: Path) -> Flask:
    """The application over the database of ``quick_stage``: what the stage plays, the pages show."""
    return open_app(centre_sqlite_url, tmp_path, quick_stage.database)


@pytest.fixture
def client_as(app: Flask) -> Callable[[str], Client]:
    """``client_as("sokolova")``: a client logged in as a person of the invented centre."""
    return lambda key: app.test_client().enter(key)


@pytest.fixture
def held_later() -> Iterator[None]:
    """The clock of the pages stands after all that the stage has played."""
    with later():
        yield


@pytest.fixture
def approved(quick_stage: Stage) -> Road:
    """A methodical material, approved."""
    return at(quick_stage, "approved")
