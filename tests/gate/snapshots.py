"""Cases stopped in a state, played once a session and copied for each test: a test begins where it has something to say."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tests.gate import acts
from tests.play import EXPERTS, ROAD, draft, open_stage, steps
from workflow_app.demo.steps import Road


def _revise(road: Road) -> None:
    """Come to the verdict "revise" and have it approved."""
    for one in EXPERTS[road.kind]:
        road.sign(one, (0.4,))
    acts.propose(road)
    road.approve()


# What does not lie on the ordinary road: where it branches off, and how one gets there.
BRANCHES: dict[str, tuple[str, Callable[[Road], None]]] = {
    "returned": ("registered", acts.ACTS["return"]),
    "declined": ("registered", acts.decline),
    "third_review": ("in_review", acts.diverge),
    "approved:revise": ("in_review", _revise),
    "on_revision": ("approved:revise", acts.ask_revision),
    "appealed": ("approved", acts.appeal),
    "appealed:declined": ("declined", acts.appeal),
    "sent_to_commission": ("approved", acts.send),
    "decided": ("sent_to_commission", acts.record),
    "withdrawn": ("submitted", acts.ACTS["withdraw"]),
    "cancelled": ("registered", acts.ACTS["cancel"]),
}


def _closed(kind: str) -> tuple[str, Callable[[Road], None]]:
    return ("decided" if kind == "attestation_portfolio" else "approved", acts.close)


@dataclass(frozen=True)
class Taken:
    """A database file with a case in a state, and what the stage knew then."""

    file: Path
    case_id: int
    applicant: str
    moment: datetime


class Snapshots:
    """The road of each case type, photographed in every state."""

    def __init__(self, folder: Path, centre: Path) -> None:
        self.folder = folder
        self._centre = centre
        self._blobs = folder / "blobs"  # of all: what is kept by its hash never changes
        self._taken: dict[tuple[str, str], Taken] = {}

    def taken(self, kind: str, state: str) -> Taken:
        """The snapshot; the first question about a case type plays its whole road."""
        if (kind, state) in self._taken:
            return self._taken[kind, state]
        if state in ROAD:
            self._play(kind)
        else:
            base, act = _closed(kind) if state == "closed" else BRANCHES[state]
            self._branch(kind, state, base, act)
        return self._taken[kind, state]

    def _play(self, kind: str) -> None:
        folder = self.folder / kind
        folder.mkdir()
        copy(self._centre, folder / "live.db")
        with open_stage(f"sqlite:///{folder / 'live.db'}", folder, self._blobs) as stage:
            road, form = draft(stage, kind)
            self._take(road, "draft", folder / "live.db")
            for state, step in steps(road, form).items():
                step()
                self._take(road, state, folder / "live.db")

    def _branch(self, kind: str, state: str, base: str, act: Callable[[Road], None]) -> None:
        folder = self.folder / kind / f"play-{state.replace(':', '_')}"
        with self.restored(kind, base, folder) as road:
            act(road)
            self._take(road, state, folder / "test.db")

    def _take(self, road: Road, state: str, live: Path) -> None:
        assert road.state() == state.partition(":")[0], road.state()
        file = self.folder / road.kind / f"{state.replace(':', '_')}.db"
        copy(live, file)
        self._taken[road.kind, state] = Taken(file, road.case_id, road.applicant, road.stage.moment)

    @contextmanager
    def restored(self, kind: str, state: str, folder: Path) -> Iterator[Road]:
        """A case in ``state`` on a database of the test's own in ``folder``."""
        found = self.taken(kind, state)
        folder.mkdir()
        copy(found.file, folder / "test.db")
        with open_stage(f"sqlite:///{folder / 'test.db'}", folder, self._blobs) as stage:
            stage.moment = found.moment
            yield Road(stage, found.case_id, kind, found.applicant)
        shutil.rmtree(folder)


def copy(source: Path, target: Path) -> None:
    """Copy a database through SQLite itself: what stands only in the write-ahead log comes along."""
    with sqlite3.connect(source) as old, sqlite3.connect(target) as new:
        old.backup(new)
    old.close()
    new.close()
