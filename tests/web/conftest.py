"""Pages are tested through a client that parses every answer. No app context is held around it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from tests.play import Client, Stage, open_app


@pytest.fixture
def app(quick_stage: Stage, centre_sqlite_url: str, tmp_path: Path) -> Flask:
    """The application over the database of ``quick_stage``: what the stage plays, the pages show."""
    return open_app(centre_sqlite_url, tmp_path, quick_stage.database)


@pytest.fixture
def client_as(app: Flask) -> Callable[[str], Client]:
    """``client_as("sokolova")``: a client logged in as a person of the invented centre."""
    return lambda key: app.test_client().log_in(key)
