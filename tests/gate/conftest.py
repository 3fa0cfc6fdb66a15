"""Tests of the gate begin with a case in a state: ``play("in_review", "methodical_material")``."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pytest

from tests.gate.snapshots import Snapshots
from tests.roads import Roads
from workflow_app.demo.steps import Road

Play = Callable[..., Road]


@pytest.fixture(scope="session")
def snapshots(sqlite_roads: Roads, tmp_path_factory: pytest.TempPathFactory) -> Snapshots:
    """Cases in every state, played once."""
    return Snapshots(tmp_path_factory.mktemp("snapshots"), sqlite_roads)


@pytest.fixture
def play(snapshots: Snapshots, tmp_path: Path) -> Iterator[Play]:
    """A case in a state, on an SQLite database of the test's own."""
    number = count()
    with ExitStack() as stack:

        def start(state: str, kind: str = "methodical_material") -> Road:
            return stack.enter_context(snapshots.restored(kind, state, tmp_path / str(next(number))))

        yield start
