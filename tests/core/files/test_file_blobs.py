"""The store of files keeps what it took, once, and never half (security.md 42, 46, 58 to 60)."""

import errno
import hashlib
import io
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from workflow_app.db import blobs
from workflow_app.db.blobs import Blob, Blobs, Damaged, NotStored, TooLarge
from workflow_app.errors import Broken

DATA = "Конспект занятия".encode() * 50_000
SHA256 = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def store(tmp_path):
    return Blobs(tmp_path / "files")


def incoming(store):
    return list((store.root / ".incoming").iterdir())


def test_a_file_comes_back_as_it_was_put(store):
    blob = store.put(io.BytesIO(DATA), len(DATA))
    assert blob == Blob(SHA256, len(DATA))
    with store.open(SHA256) as file:
        assert file.read() == DATA
    assert store.read(SHA256) == DATA
    assert store.exists(SHA256)
    assert store.verify(SHA256)
    assert store.path(SHA256).stat().st_mode & 0o077 == 0 or os.name == "nt"
    assert incoming(store) == []


def test_the_same_bytes_are_kept_once(store):
    first, second = store.put_bytes(DATA), store.put_bytes(DATA)
    assert first == second
    assert list(store.all()) == [first]


def test_two_puts_of_the_same_bytes_at_once_both_succeed(store):
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(store.put_bytes, [DATA] * 40))
    assert set(results) == {Blob(SHA256, len(DATA))}
    assert list(store.all()) == [results[0]]
    assert incoming(store) == []


class Endless:
    """A client that never stops sending."""

    def __init__(self):
        self.given = 0

    def read(self, size, /):
        self.given += size
        return b"x" * size


def test_the_limit_holds_while_reading_and_not_after(store):
    endless = Endless()
    with pytest.raises(TooLarge, match="не больше 25 МБ") as caught:
        store.put(endless, 25 << 20)
    assert endless.given == (25 << 20) + 1
    assert caught.value.limit == 25 << 20
    assert list(store.all()) == incoming(store) == []


def test_a_file_of_exactly_the_limit_passes_and_one_byte_more_does_not(store):
    assert store.put(io.BytesIO(b"12345"), 5).size == 5
    with pytest.raises(TooLarge, match="5 байт"):
        store.put(io.BytesIO(b"123456"), 5)


def test_a_client_that_goes_away_leaves_nothing(store):
    class Gone:
        def read(self, _size, /):
            raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        store.put(Gone(), 100)
    assert list(store.all()) == incoming(store) == []


@pytest.mark.parametrize(
    ("function", "code", "sentence"),
    [
        ("write", errno.ENOSPC, "закончилось место"),
        ("write", errno.EDQUOT, "закончилось место"),
        ("write", errno.EIO, "не принял данные"),
        ("fsync", errno.EIO, "не принял данные"),
        ("fsync", errno.ENOSPC, "закончилось место"),
        ("open", errno.ENOSPC, "закончилось место"),
    ],
)
def test_a_disk_that_refuses_is_said_in_a_sentence_and_leaves_nothing(store, monkeypatch, function, code, sentence):
    def refuse(*_args):
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as disk:
        disk.setattr(blobs.os, function, refuse)
        with pytest.raises(NotStored, match=sentence):
            store.put_bytes(DATA)
    assert list(store.all()) == incoming(store) == []
    assert store.put_bytes(DATA).sha256 == SHA256  # and works again when there is space, without a restart


def test_a_disk_that_takes_not_even_the_tidying_says_why_it_refused_the_file(store, monkeypatch):
    def refuse(*_given, **_named):
        raise OSError(errno.EROFS, "read-only")

    with monkeypatch.context() as disk:
        disk.setattr(blobs.os, "open", refuse)
        disk.setattr(type(store.root), "unlink", refuse)
        with pytest.raises(NotStored, match="только для чтения"):
            store.put_bytes(DATA)


def test_a_disk_that_fills_half_way_keeps_nothing(store, monkeypatch):
    true_write, written = os.write, []

    def write(descriptor, data):
        if written:
            raise OSError(errno.ENOSPC, "full")
        written.append(true_write(descriptor, data[:1000]))
        return written[0]

    with monkeypatch.context() as disk:
        disk.setattr(blobs.os, "write", write)
        with pytest.raises(NotStored, match="закончилось место"):
            store.put_bytes(DATA)
    assert written == [1000]
    assert list(store.all()) == incoming(store) == []


def test_short_writes_are_continued(store, monkeypatch):
    true_write = os.write
    with monkeypatch.context() as disk:
        disk.setattr(blobs.os, "write", lambda descriptor, data: true_write(descriptor, data[:7000]))
        store.put_bytes(DATA)
    assert store.read(SHA256) == DATA


def test_a_put_is_not_acknowledged_before_file_and_folders_reached_the_disk(store, monkeypatch):
    flushed = []
    true_fsync = os.fsync

    def fsync(descriptor):
        flushed.append("folder" if os.path.isdir(f"/proc/self/fd/{descriptor}") else "file")  # noqa: PTH112 - a descriptor
        true_fsync(descriptor)

    monkeypatch.setattr(blobs.os, "fsync", fsync)
    store.put_bytes(DATA)
    folder = "folder" if Path("/proc/self/fd").is_dir() else "file"
    assert flushed == ["file", folder, folder]  # the folder of its first letters, and the root that holds the folder
    store.put_bytes(DATA)
    assert len(flushed) == 6  # a twin that is still on its way to the disk is not trusted either


@pytest.mark.parametrize("broken", [2, 3])
def test_a_folder_that_cannot_be_flushed_is_not_acknowledged(store, monkeypatch, broken):
    calls = []
    true_fsync = os.fsync

    def fsync(descriptor):
        calls.append(descriptor)
        if len(calls) == broken:
            raise OSError(errno.EIO, "broken")
        true_fsync(descriptor)

    monkeypatch.setattr(blobs.os, "fsync", fsync)
    with pytest.raises(NotStored):
        store.put_bytes(DATA)


def test_one_flipped_byte_is_noticed_and_the_true_bytes_heal_it(store):
    store.put_bytes(DATA)
    store.path(SHA256).write_bytes(b"x" + DATA[1:])
    assert not store.verify(SHA256)
    with pytest.raises(Damaged, match="повреждён"):
        store.read(SHA256)
    store.put_bytes(DATA)
    assert store.verify(SHA256)


def test_a_missing_file_is_said_in_a_sentence(store):
    assert not store.exists(SHA256)
    assert not store.verify(SHA256)
    with pytest.raises(Damaged, match="пропал") as caught:
        store.open(SHA256)
    assert caught.value.sha256 == SHA256


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "", "a" * 63, "A" * 64, "a" * 64 + "\n", "..", "\0"]
)
def test_what_is_not_a_hash_never_becomes_a_path(store, name):
    for method in (store.path, store.open, store.exists, store.verify, store.read, store.remove):
        with pytest.raises(Broken):
            method(name)


def test_all_lists_files_in_order_and_nothing_else(store):
    kept = sorted((store.put_bytes(bytes([number])) for number in range(20)), key=lambda blob: blob.sha256)
    (store.root / kept[0].sha256[:2] / "notes.txt").write_text("by hand")
    (store.root / "ab" / ("cd" + "0" * 62)).write_text("in the wrong folder")
    assert list(store.all()) == kept


def test_a_destroyed_file_is_gone(store):
    store.put_bytes(DATA)
    store.remove(SHA256)
    store.remove(SHA256)
    assert not store.exists(SHA256)


def test_what_a_killed_process_left_is_swept_and_what_is_arriving_is_not(store):
    now = datetime(2026, 11, 2, tzinfo=UTC)
    for name, age in (("old", timedelta(days=2)), ("new", timedelta(minutes=1))):
        file = store.root / ".incoming" / name
        file.write_bytes(b"half")
        moment = (now - age).timestamp()
        os.utime(file, (moment, moment))
    assert store.sweep(now - timedelta(days=1)) == 1
    assert [one.name for one in incoming(store)] == ["new"]


def test_a_store_is_opened_again_with_what_it_had(store):
    store.put_bytes(DATA)
    assert Blobs(store.root).read(SHA256) == DATA


def test_a_system_that_cannot_open_folders_still_stores(store, monkeypatch):
    """Windows."""
    monkeypatch.delattr(blobs.os, "O_DIRECTORY", raising=False)
    assert store.put_bytes(DATA).sha256 == SHA256
