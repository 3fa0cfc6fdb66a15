"""Proving an exported journal against checkpoints that were kept outside: no database, no instance, no trust in the house.

Found are: a tail that was cut, a chain that vanished, one that was computed anew, a rewritten log of heads, a forged checkpoint.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from workflow_app.db import hash_chain, merkle_tree
from workflow_app.db.hash_chain import READS, fold
from workflow_app.db.signed_note import Note
from workflow_app.errors import N_, Broken, Sentence, WorkflowError

FORMAT = "workflow-app journal 1"
UNREADABLE = N_("Выгрузка журнала не читается: это другой файл, или он повреждён.")
_READS = (READS, 0)
Root = tuple[str, int]


@dataclass(slots=True)
class Checked:
    """What was read, and what is wrong: rows with their sentences, empty when all is proved."""

    chains: int = 0
    events: int = 0
    leaves: int = 0
    faults: list[tuple[str, Sentence]] = field(default_factory=list)


@dataclass(slots=True)
class _Chain:
    """A chain while it is read: its last number and digest, and whether its own links hold so far."""

    seq: int = 0
    digest: str = hash_chain.GENESIS
    broken: bool = False


def check(lines: Iterable[str], notes: Sequence[Note]) -> Checked:
    """Return what an export proves against checkpoints whose signatures were checked already (``signed_note.read``)."""
    found, reader = Checked(), _Reader(max(one.size for one in notes))
    try:
        for kind, value in _parsed(lines):
            reader.take(kind, value, found)
    except (AttributeError, KeyError, TypeError, ValueError, Broken) as error:  # whatever else was written there
        raise WorkflowError(UNREADABLE) from error
    found.chains, found.leaves = len(reader.chains), len(reader.hashes)
    for note in notes:
        found.faults += _continued(note, reader.hashes)
    found.faults += reader.unlike()
    found.faults += reader.gaps()
    return found


def _parsed(lines: Iterable[str]) -> Iterator[tuple[str, Any]]:
    known = False
    for n, line in enumerate(lines):
        known = True
        ((kind, value), *more) = json.loads(line).items()
        if n == 0 and (kind, value) != ("format", FORMAT):
            raise ValueError(kind)
        if n and more:
            raise ValueError(line)
        yield kind, value
    if not known:
        raise ValueError("nothing")


def _continued(note: Note, hashes: Sequence[bytes]) -> Iterator[tuple[str, Sentence]]:
    row = f"checkpoint {note.number}"
    if note.size > len(hashes):
        yield (
            row,
            N_(
                "Журнал контрольных точек обрезан: точка видела записей: %(then)s, есть %(now)s.",
                then=note.size,
                now=len(hashes),
            ),
        )
    elif merkle_tree.head(hashes[: note.size]) != note.root:
        yield row, N_("Журнал контрольных точек переписан: он не тот, что видела точка № %(n)s.", n=note.number)


class _Reader:
    """Reads an export line by line; keeps heads and no events."""

    def __init__(self, size: int) -> None:
        self._size = size
        self.hashes: list[bytes] = []
        self.chains: dict[Root, _Chain] = {}
        self._wanted: dict[Root, dict[int, str]] = {}
        self._met: dict[Root, dict[int, str]] = {}
        self._roots: dict[int, dict[int, tuple[str, str]]] = {}
        self._kinds: dict[str, Callable[[Any, Checked], None]] = {
            "leaf": self._leaf, "event": self._event, "read": self._read, "checkpoint": _nothing, "format": _nothing,
        }  # fmt: skip

    def take(self, kind: str, value: Any, found: Checked) -> None:
        """Take one line."""
        self._kinds[kind](value, found)

    def _leaf(self, data: str, _found: Checked) -> None:
        if len(self.hashes) < self._size:  # younger leaves no kept checkpoint vouches for
            root, length, head = data.split("|")
            kind, _, number = root.rpartition(" ")
            self._wanted.setdefault((kind, int(number)), {})[int(length)] = head
        self.hashes.append(merkle_tree.leaf_hash(data.encode()))

    def _event(self, row: dict[str, Any], found: Checked) -> None:
        root = (str(row["root_kind"]), int(row["root_id"]))
        known = self.chains.setdefault(root, _Chain())
        digest = hash_chain.digest(row)
        whole = (row["seq"], row["previous"], row["digest"]) == (known.seq + 1, known.digest, digest)
        if not whole and not known.broken:
            known.broken = True
            found.faults.append(
                (
                    f"event {root[0]} {root[1]} № {known.seq + 1}",
                    N_("Цепочка разорвана: запись изменена или пропущена."),
                )
            )
        known.seq, known.digest = int(row["seq"]), str(row["digest"])
        self._meet(root, known.seq, digest)
        if row.get("root_no") is not None:
            self._roots.setdefault(int(row["municipality_id"]), {})[int(row["root_no"])] = (
                str(row["root_previous"]),
                known.digest,
            )
        found.events += 1

    def _read(self, digest: str, _found: Checked) -> None:
        known = self.chains.setdefault(_READS, _Chain())
        known.seq, known.digest = known.seq + 1, fold(known.digest, digest)
        self._meet(_READS, known.seq, known.digest)

    def _meet(self, root: Root, seq: int, digest: str) -> None:
        if seq in self._wanted.get(root, {}):
            self._met.setdefault(root, {})[seq] = digest

    def unlike(self) -> Iterator[tuple[str, Sentence]]:
        """Yield each chain that is not as a leaf says, once."""
        for root, wanted in self._wanted.items():
            row, met = f"{root[0]} {root[1]}" if root[1] else root[0], self._met.get(root, {})
            longest = self.chains[root].seq if root in self.chains else 0
            if not longest:
                yield row, N_("Цепочка удалена: контрольная точка видела записей: %(then)s.", then=max(wanted))
            elif longest < max(wanted):
                yield (
                    row,
                    N_(
                        "Хвост обрезан: контрольная точка видела записей: %(then)s, есть %(now)s.",
                        then=max(wanted),
                        now=longest,
                    ),
                )
            elif wrong := [seq for seq, head in sorted(wanted.items()) if met.get(seq) != head]:
                yield (
                    row,
                    N_("Цепочка пересчитана: до записи № %(n)s она не та, что видела контрольная точка.", n=wrong[0]),
                )

    def gaps(self) -> Iterator[tuple[str, Sentence]]:
        """Yield the roots that are missing from the numbers of a municipality."""
        for numbers in self._roots.values():
            before = hash_chain.GENESIS
            for n in range(1, max(numbers) + 1):
                if n not in numbers:
                    yield (
                        f"root {n}",
                        N_("Пропал корень журнала № %(n)s: дело или запись удалены вместе с цепочкой.", n=n),
                    )
                    break
                if numbers[n][0] != before:
                    yield f"root {n}", N_("Корень журнала не продолжает предыдущий.")
                    break
                before = numbers[n][1]


def _nothing(_value: Any, _found: Checked) -> None:
    """Take no notice: what proves is the checkpoint that came from outside."""
