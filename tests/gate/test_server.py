"""What the embedded server does beside answering: it ticks, and letters leave between two ticks; old pictures are swept."""

import os
import threading
from datetime import timedelta

import pytest

from workflow_app import clock, server
from workflow_app.config import Config
from workflow_app.conversion import libreoffice
from workflow_app.gate import outbox
from workflow_app.operations import sweep
from workflow_app.runtime import timers


@pytest.fixture
def ticked(monkeypatch):
    """Set when the first tick is over."""
    over, real = threading.Event(), timers.tick

    def tick(*given):
        try:
            return real(*given)
        finally:
            over.set()

    monkeypatch.setattr(timers, "tick", tick)
    return over


def test_a_letter_does_not_wait_for_the_next_tick(quick_stage, tmp_path, monkeypatch, ticked):
    monkeypatch.setattr(server, "LETTERS_EVERY", 0.01)
    settings = Config(tmp_path, base_url="http://centre.test", tick_seconds=3600)
    ticker = server.Ticker(quick_stage.database, settings)
    ticker.start()
    try:
        assert ticked.wait(30)
        with quick_stage.database.transaction(keep=True) as session:
            outbox.letter(session, "someone@example.ru", "Новый пароль", f"{outbox.SITE}/reset/1\n")
        arrived = threading.Event()
        for _ in range(1000):
            letters = [one.read_text(encoding="utf-8") for one in (tmp_path / "mail").glob("*.eml")]
            if any("http://centre.test/reset/1" in one for one in letters):
                break
            arrived.wait(0.03)
        else:
            pytest.fail("the letter waits")
    finally:
        ticker.end()
    assert not ticker.is_alive()


def test_a_tick_that_breaks_down_is_not_the_last_one(quick_stage, tmp_path, monkeypatch):
    monkeypatch.setattr(server, "LETTERS_EVERY", 0.01)
    tries = threading.Semaphore(0)

    def tick(*_given):
        tries.release()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(timers, "tick", tick)
    ticker = server.Ticker(quick_stage.database, Config(tmp_path, tick_seconds=0))
    ticker.start()
    try:
        assert all(tries.acquire(timeout=30) for _ in range(3))
    finally:
        ticker.end()


def test_old_pictures_of_the_viewer_are_swept_and_new_ones_stay(tmp_path):
    old, new = tmp_path / "ab" / "old" / "1-1200.png", tmp_path / "cd" / "new" / "text.html"
    for one in (old, new):
        one.parent.mkdir(parents=True)
        one.write_bytes(b"x")
    long_ago = (clock.now() - timedelta(days=30)).timestamp()
    os.utime(old, (long_ago, long_ago))
    assert sweep.sweep_cache(tmp_path, clock.now() - timedelta(days=7)) == 1
    assert [one.name for one in tmp_path.rglob("*")] == ["cd", "new", "text.html"]
    assert sweep.sweep_cache(tmp_path / "missing", clock.now()) == 0


def test_a_server_that_ends_lets_go_of_its_converters(tmp_path, monkeypatch):
    """The soffice that waits for the next file does not outlive the server, and its folder goes with it."""
    settings = Config(tmp_path, converters=3, secret_key="x" * 40)
    ended = []
    monkeypatch.setattr(libreoffice.of(settings), "close", lambda: ended.append("converters"))
    monkeypatch.setattr(server, "Ticker", Quiet)
    monkeypatch.setattr(server, "Worker", Quiet)
    monkeypatch.setattr(server.signal, "signal", lambda *_: None)
    monkeypatch.setattr(server.migrate, "demand_current", lambda _engine: None)

    def stop(_address):
        raise SystemExit(0)

    with pytest.raises(SystemExit):
        server.serve(settings, "127.0.0.1", 0, stop)
    assert ended == ["converters"]


class Quiet:
    """Stands for a thread of the server that has nothing to do."""

    def __init__(self, *_given):
        """Whatever it is given."""

    def start(self):
        """Nothing is begun."""

    def end(self):
        """Nothing is to be waited for."""
