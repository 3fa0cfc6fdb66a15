"""What kinds of records have beside their fields, each declared in a line: files (ADR 28).

A behaviour weaves what it needs into the workflow of the kind, and says what is wrong with its declaration.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workflow_app.errors import Sentence
from workflow_app.states.vocabulary import Permission, Who, Workflow

if TYPE_CHECKING:
    from workflow_app.content_types.declaration import ContentType

AWAY = "ended"  # the state of a record in the archive


class Behavior:
    """What a kind of records has beside its fields."""

    __slots__ = ()

    def weave(self, flow: Workflow) -> Workflow:
        """Return the workflow of the kind with what the behaviour adds to it."""
        return flow

    def faults(self, kind: ContentType) -> Iterable[str]:
        """Return what is wrong with its declaration in a kind, in words."""
        del kind
        return ()


def granting(flow: Workflow, grants: Mapping[Permission, frozenset[Who]]) -> Workflow:
    """Return a workflow whose living states grant this, too: not the archive, nor a final state."""
    living = (one for one in flow.states.values() if not one.final and one.name != AWAY)
    granted = {one.name: dataclasses.replace(one, grants={**one.grants, **grants}) for one in living}
    return dataclasses.replace(flow, states={**flow.states, **granted})


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of files that a record may have: «программа», «скан». ``most``: how many of them at once."""

    key: str
    title: Sentence
    most: int = 20


@dataclass(frozen=True, slots=True)
class Files(Behavior):
    """A record has files of these kinds. ``by`` attach and remove them; left out: whoever begins such a record."""

    kinds: tuple[FileKind, ...]
    by: frozenset[Who] = frozenset()

    def weave(self, flow: Workflow) -> Workflow:
        """Let them attach to what lives."""
        return granting(flow, {Permission.ATTACH: self.by or flow.begin.by})

    def kind(self, key: str) -> FileKind | None:
        """Return a kind of files by its key; None: there is none."""
        return next((one for one in self.kinds if one.key == key), None)

    def faults(self, kind: ContentType) -> Iterator[str]:
        """Yield what is wrong with it."""
        keys = [one.key for one in self.kinds]
        if not keys or len(set(keys)) != len(keys) or any(one.most < 1 for one in self.kinds):
            yield "files need kinds, each under a key of its own, at least one file of each"
        if not (self.by or kind.workflow.begin.by) <= kind.seen:
            yield "who attaches files does not see the record"
