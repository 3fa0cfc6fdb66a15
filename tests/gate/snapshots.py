"""Cases stopped in a state, played once a session and copied for each test: a test begins where it has something to say."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.gate import acts
from tests.play import EXPERTS, ROAD, open_stage
from tests.roads import Roads, Taken, copy, take
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


class Snapshots:
    """The road of each case type and its branches, in every state."""

    def __init__(self, folder: Path, roads: Roads) -> None:
        self.folder = folder
        self._roads = roads
        self._blobs = folder / "blobs"  # of all: what is kept by its hash never changes
        self._taken: dict[tuple[str, str], Taken] = {}

    def taken(self, kind: str, state: str) -> Taken:
        """The snapshot; the first question about a case type plays its whole road."""
        if state in ROAD:
            return self._roads.taken(kind, state)
        if (kind, state) not in self._taken:
            base, act = _closed(kind) if state == "closed" else BRANCHES[state]
            name = f"{kind}-{state.replace(':', '_')}"
            with self.restored(kind, base, self.folder / name) as road:
                act(road)
                assert road.state() == state.partition(":")[0], road.state()
                file = self.folder / f"{name}.db"
                self._taken[kind, state] = take(road, self._roads.rows.take(road.stage.database.engine, file))
        return self._taken[kind, state]

    @contextmanager
    def restored(self, kind: str, state: str, folder: Path) -> Iterator[Road]:
        """A case in ``state`` on a database of the test's own in ``folder``."""
        found = self.taken(kind, state)
        folder.mkdir()
        copy(found.rows, folder / "test.db")
        with open_stage(f"sqlite:///{folder / 'test.db'}", folder, self._blobs) as stage:
            yield found.on(stage)
        shutil.rmtree(folder)
