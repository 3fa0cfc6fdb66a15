"""Many scenes in the order of time: numbers, journal and load of experts come out as if it had all really happened.

Each scene runs in a thread of its own, and only one runs at a time: before each of its days a scene waits until no other
scene has an earlier one.
"""

from __future__ import annotations

import heapq
import threading
from collections.abc import Callable, Iterable
from datetime import datetime

Pause = Callable[[datetime], None]


class _Player(threading.Thread):
    """A scene that can be held: it runs from one of its days to the next."""

    def __init__(self, play: Callable[[Pause], None]) -> None:
        super().__init__(daemon=True)
        self._play, self._go, self._held = play, threading.Semaphore(0), threading.Semaphore(0)
        self.next: datetime | None = None  # the day that it waits for; None: it has ended
        self.error: BaseException | None = None
        self._stopped = False

    def run(self) -> None:
        """Play until the end or the first error."""
        try:
            self._play(self._pause)
        except SystemExit:
            pass
        except BaseException as error:  # noqa: BLE001 - raised again by the chronicle
            self.error = error
        self.next = None
        self._held.release()

    def _pause(self, moment: datetime) -> None:
        self.next = moment
        self._held.release()
        self._go.acquire()
        if self._stopped:
            raise SystemExit

    def begin(self) -> None:
        """Start, up to the first day."""
        self.start()
        self._held.acquire()

    def go_on(self) -> None:
        """Play one day."""
        self._go.release()
        self._held.acquire()

    def stop(self) -> None:
        """End where it stands."""
        self._stopped = True
        if self.next is not None:
            self.go_on()
        self.join()


def tell(scenes: Iterable[Callable[[Pause], None]]) -> None:
    """Play all scenes, always the one with the earliest day next; the first error ends all of them and is raised."""
    players = [_Player(one) for one in scenes]
    queue: list[tuple[datetime, int, _Player]] = []
    try:
        for number, one in enumerate(players):
            one.begin()
            _line_up(queue, number, one)
        while queue:
            _, number, one = heapq.heappop(queue)
            one.go_on()
            _line_up(queue, number, one)
    finally:
        for one in players:
            if one.ident is not None:
                one.stop()


def _line_up(queue: list[tuple[datetime, int, _Player]], number: int, player: _Player) -> None:
    if player.error is not None:
        raise player.error
    if player.next is not None:
        heapq.heappush(queue, (player.next, number, player))
