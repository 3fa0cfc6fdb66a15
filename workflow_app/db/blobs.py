"""The files of the product on one disk: each stored once, under the SHA-256 of its bytes, and never changed.

A put is durable when it returns (security.md 58 to 60): the bytes go to a temporary file in the same
file system, are hashed and counted while they arrive, flushed to the disk, and only then get their name; then the
folder is flushed too. An orphan blob, left by a transaction that rolled back, is harmless.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol

from workflow_app.db import faults
from workflow_app.errors import N_, Broken, TooMuch, Unavailable, WorkflowError

CHUNK = 1 << 18
MEBIBYTE = 1 << 20
_NAME = re.compile(r"[0-9a-f]{64}")


class TooLarge(TooMuch):
    """More bytes than allowed; ``limit`` in bytes."""

    def __init__(self, limit: int) -> None:
        if limit >= MEBIBYTE:
            sentence = N_("Файл слишком большой: можно не больше %(limit)s МБ.", limit=limit // MEBIBYTE)
        else:
            sentence = N_("Файл слишком большой: можно не больше %(limit)s байт.", limit=limit)
        super().__init__(sentence)
        self.limit = limit


class NotStored(Unavailable):
    """The disk did not take the file; nothing half written is left."""

    def __init__(self, error: OSError) -> None:
        super().__init__(*faults.of_disk(error))


class Damaged(WorkflowError):
    """The stored file is missing or its bytes no longer have the hash under which they were stored."""

    def __init__(self, sha256: str) -> None:
        super().__init__(N_("Файл в хранилище повреждён или пропал. Сообщите администратору."))
        self.sha256 = sha256


class Source(Protocol):
    """Whatever gives bytes on request: an upload, an open file, a BytesIO."""

    def read(self, size: int, /) -> bytes:
        """At most ``size`` next bytes; empty at the end."""


@dataclass(frozen=True, slots=True)
class Blob:
    """A stored file: hexadecimal SHA-256 and size in bytes."""

    sha256: str
    size: int


class Blobs:
    """The store under one root folder: ``ab/abcd…`` for files, ``.incoming`` for those that are still arriving."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._incoming = root / ".incoming"
        root.mkdir(parents=True, exist_ok=True, mode=0o700)
        if root.stat().st_mode & 0o077:  # made by an older version
            root.chmod(0o700)
        self._incoming.mkdir(exist_ok=True)

    def demand_writable(self) -> None:
        """Write a few bytes and take them away again; OSError when the disk does not take them."""
        probe = self._incoming / f"probe-{secrets.token_hex(8)}"
        try:
            probe.write_bytes(b"probe")
        finally:
            probe.unlink(missing_ok=True)

    def put(self, stream: Source, limit: int) -> Blob:
        """Store what ``stream`` gives, at most ``limit`` bytes.

        Raises TooLarge after reading one byte too many, NotStored when the disk refuses; errors of the stream itself
        (a client that went away) pass through. In each case nothing is kept.
        """
        temporary = self._incoming / secrets.token_hex(16)
        try:
            blob = self._receive(stream, limit, temporary)
            self._name(temporary, blob.sha256)
        finally:
            with suppress(OSError):  # not there any more, or the disk is read-only now: what refused the file is told
                temporary.unlink()
        return blob

    def put_bytes(self, data: bytes) -> Blob:
        """Store bytes that are already in memory, such as an issued document."""
        return self.put(io.BytesIO(data), len(data))

    def path(self, sha256: str) -> Path:
        """Where the file of this hash stands or would stand. Anything that is not a hash is a programming error."""
        if not _NAME.fullmatch(sha256):
            raise Broken(f"not the name of a blob: {sha256[:80]!r}")
        return self.root / sha256[:2] / sha256

    def exists(self, sha256: str) -> bool:
        """Whether a file of this hash is there; ``verify`` says whether it is whole."""
        return self.path(sha256).is_file()

    def open(self, sha256: str) -> BinaryIO:
        """The file, open for reading; the caller closes it. Raises Damaged when it is not there."""
        try:
            return self.path(sha256).open("rb")
        except FileNotFoundError as error:
            raise Damaged(sha256) from error

    def read(self, sha256: str) -> bytes:
        """All bytes, compared with the hash first: for signed and issued documents (security.md 46)."""
        with self.open(sha256) as file:
            data = file.read()
        if hashlib.sha256(data).hexdigest() != sha256:
            raise Damaged(sha256)
        return data

    def verify(self, sha256: str) -> bool:
        """Whether the file is there and its bytes still have this hash."""
        try:
            with self.path(sha256).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == sha256
        except FileNotFoundError:
            return False

    def all(self) -> Iterator[Blob]:
        """Every stored file in the order of hashes, for checks and backup; bytes are not read."""
        for shard in sorted(self.root.glob("[0-9a-f][0-9a-f]")):
            for file in sorted(shard.iterdir()):
                if _NAME.fullmatch(file.name) and file.name.startswith(shard.name):
                    yield Blob(file.name, file.stat().st_size)

    def remove(self, sha256: str) -> None:
        """Destroy a file for good: only for the destruction of personal data (152-FZ, security.md 73)."""
        path = self.path(sha256)
        path.unlink(missing_ok=True)
        flush_folder(path.parent)

    def sweep(self, before: datetime) -> int:
        """Remove what a killed process left half received before this moment; returns how many files."""
        stale = [one for one in self._incoming.iterdir() if one.stat().st_mtime < before.timestamp()]
        for one in stale:
            one.unlink(missing_ok=True)
        return len(stale)

    def _receive(self, stream: Source, limit: int, temporary: Path) -> Blob:
        digest, size = hashlib.sha256(), 0
        try:
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        except OSError as error:
            raise NotStored(error) from error
        try:
            while chunk := stream.read(min(CHUNK, limit + 1 - size)):
                size += len(chunk)
                if size > limit:
                    raise TooLarge(limit)
                digest.update(chunk)
                _write(descriptor, chunk)
            _flush(descriptor)
        finally:
            os.close(descriptor)
        return Blob(digest.hexdigest(), size)

    def _name(self, temporary: Path, sha256: str) -> None:
        target = self.path(sha256)
        try:
            target.parent.mkdir(exist_ok=True)
            if not self.verify(sha256):  # so a damaged file of this name is healed
                temporary.replace(target)
            flush_folder(target.parent)  # also for a twin: its own put may not have come so far yet
            flush_folder(self.root)  # the same for the folder itself; where nothing is new there it waits for nothing
        except OSError as error:
            raise NotStored(error) from error


def _write(descriptor: int, chunk: bytes) -> None:
    rest = memoryview(chunk)
    try:
        while rest:
            rest = rest[os.write(descriptor, rest) :]
    except OSError as error:
        raise NotStored(error) from error


def _flush(descriptor: int) -> None:
    try:
        os.fsync(descriptor)
    except OSError as error:
        raise NotStored(error) from error


def flush_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    if not hasattr(os, "O_DIRECTORY"):  # Windows cannot open a folder; NTFS journals names itself
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
