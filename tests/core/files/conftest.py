"""A file that was sent, and one that is kept."""

from collections.abc import Callable
from pathlib import Path

import pytest

from workflow_app.files.inspect_upload import Inspected, inspect


@pytest.fixture
def look(tmp_path: Path) -> Callable[[bytes, str], Inspected]:
    """``look(data, name)``: what the inspection says of a file."""

    def look(data: bytes, name: str) -> Inspected:
        path = tmp_path / "upload"
        path.write_bytes(data)
        return inspect(path, name)

    return look


@pytest.fixture
def saved(tmp_path: Path) -> Callable[[bytes], Path]:
    """``saved(data)``: the path of a file with these bytes."""

    def saved(data: bytes) -> Path:
        path = tmp_path / "blob"
        path.write_bytes(data)
        return path

    return saved
