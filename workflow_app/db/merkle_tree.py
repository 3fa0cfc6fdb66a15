"""The Merkle tree of RFC 9162 (2.1): heads, and proofs that one tree continues another.

Pure: leaves are bytes, hashes are 32 bytes of SHA-256. A leaf and a node are hashed apart (0x00, 0x01), so neither passes for the other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

Proof = tuple[bytes, ...]
EMPTY = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of a leaf."""
    return hashlib.sha256(b"\0" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node over its two children."""
    return hashlib.sha256(b"\1" + left + right).digest()


class Growing:
    """A tree to which leaves are added: it keeps the heads of its full subtrees alone, so that a head costs log(n)."""

    def __init__(self, hashes: Iterable[bytes] = ()) -> None:
        self.size = 0
        self._full: list[tuple[int, bytes]] = []  # (size, head), the largest first
        for one in hashes:
            self.add(one)

    def add(self, hashed: bytes) -> None:
        """Add a leaf by its hash."""
        size, head = 1, hashed
        while self._full and self._full[-1][0] == size:
            head = node_hash(self._full.pop()[1], head)
            size *= 2
        self._full.append((size, head))
        self.size += 1

    def head(self) -> bytes:
        """Return the head of the tree as it stands (2.1.1)."""
        if not self._full:
            return EMPTY
        head = self._full[-1][1]
        for _size, left in reversed(self._full[:-1]):
            head = node_hash(left, head)
        return head


def head(hashes: Sequence[bytes]) -> bytes:
    """Return the head over leaf hashes, MTH of 2.1.1."""
    return Growing(hashes).head()


def _split(size: int) -> int:
    """Return the largest power of two that is smaller than ``size``."""
    return 1 << (size - 1).bit_length() - 1


def consistency(old: int, hashes: Sequence[bytes]) -> Proof:
    """Return the proof that the tree of these leaf hashes continues the one of its first ``old`` leaves, PROOF of 2.1.4.1."""
    if not 0 < old <= len(hashes):
        raise IndexError(old)
    return _subproof(old, hashes, whole=True)


def _subproof(old: int, hashes: Sequence[bytes], *, whole: bool) -> Proof:
    if old == len(hashes):
        return () if whole else (head(hashes),)
    k = _split(len(hashes))
    if old <= k:
        return (*_subproof(old, hashes[:k], whole=whole), head(hashes[k:]))
    return (*_subproof(old - k, hashes[k:], whole=False), head(hashes[:k]))


def is_consistent(old: int, size: int, proof: Proof, old_root: bytes, root: bytes) -> bool:
    """Whether the tree of ``size`` leaves with the head ``root`` continues that of ``old`` leaves with ``old_root`` (2.1.4.2)."""
    if old == size:
        return not proof and old_root == root
    if not 0 < old < size or not proof:
        return False
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    place, last = old - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    before = after = path[0]
    for one in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            before, after = node_hash(one, before), node_hash(one, after)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            after = node_hash(after, one)
        place, last = place >> 1, last >> 1
    return last == 0 and before == old_root and after == root
