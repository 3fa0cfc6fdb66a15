"""The embedded server: waitress, and a thread that ticks. For one machine; behind a web server any WSGI server does.

The limits are measured ones: with the default of 100 connections 150 slow clients stop the service, and without a limit of
the body a client may send a gigabyte before the application sees a byte (security.md 81).
"""

from __future__ import annotations

import logging
import signal
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from types import FrameType
from typing import Any, NoReturn

from waitress.server import create_server

from workflow_app import garbage, server_refusals
from workflow_app.app import create_app
from workflow_app.config import Config
from workflow_app.conversion import libreoffice
from workflow_app.db import migrate
from workflow_app.db.session import Database
from workflow_app.errors import N_, WorkflowError
from workflow_app.runtime import job_worker, timers

THREADS = 8
CONNECTIONS = 1000
LETTERS_EVERY = 15  # seconds
JOBS_EVERY = 1  # second
_OVER_THE_LIMIT = 8 * 1024 * 1024  # so much over it the application still answers with a page of its own
_log = logging.getLogger(__name__)


class Ticker(threading.Thread):
    """Ticks every ``settings.tick_seconds``, the first time at once, and sends letters in between.

    A forgotten password is not waited for as long as a term is. Whatever goes wrong is logged, and tried again.
    """

    def __init__(self, database: Database, settings: Config) -> None:
        super().__init__(name="ticker", daemon=True)
        self._database, self._settings, self._ended = database, settings, threading.Event()

    def run(self) -> None:
        """Tick until :meth:`end`."""
        due = time.monotonic()
        while not self._ended.is_set():
            try:
                if time.monotonic() >= due:
                    due = time.monotonic() + self._settings.tick_seconds
                    timers.tick(self._database, self._settings)
                else:
                    timers.send_letters(self._database, self._settings)
            except Exception:  # noqa: BLE001 - a full disk, a database that went away: the next tick may find them well
                _log.exception("tick")
            self._ended.wait(min(LETTERS_EVERY, self._settings.tick_seconds))

    def end(self) -> None:
        """Let the tick that runs come to its end, and wait for it a little."""
        self._ended.set()
        self.join(timeout=5)


class Worker(threading.Thread):
    """Does the jobs that people order (``job_worker``), soon after they are ordered."""

    def __init__(self, database: Database, settings: Config) -> None:
        super().__init__(name="worker", daemon=True)
        self._database, self._settings, self._ended = database, settings, threading.Event()

    def run(self) -> None:
        """Look for jobs until :meth:`end`."""
        while not self._ended.wait(JOBS_EVERY):
            try:
                job_worker.work(self._database, self._settings)
                job_worker.take_texts(self._database)
            except Exception:  # noqa: BLE001 - as in the ticker: what is wrong now may be well at the next look
                _log.exception("worker")

    def end(self) -> None:
        """Let the item that is done come to its end, and wait for it a little; the rest goes on after the next start."""
        self._ended.set()
        self.join(timeout=5)


def demand_free(host: str, port: int) -> None:
    """Raise WorkflowError when something listens there already: better now than after a long preparation."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise WorkflowError(N_("Порт %(port)s занят: укажите другой, --port.", port=port)) from error


def free_port(host: str) -> int:
    """Return a port that nothing listens on now, for who has to know the address before serving it."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def serve(settings: Config, host: str, port: int, listening: Callable[[str], None]) -> None:
    """Serve an instance until Ctrl+C or SIGTERM; ``listening`` is told the address once it answers."""
    signal.signal(signal.SIGTERM, _stop)
    app = create_app(settings)
    database: Database = app.extensions["workflow_database"]
    migrate.demand_current(database.engine)
    database.stay_open()
    sockets: dict[int, Any] = {}
    try:
        server = create_server(
            app, sockets, host=host, port=port, threads=THREADS, connection_limit=CONNECTIONS, ident="",
            max_request_body_size=app.config["MAX_CONTENT_LENGTH"] + _OVER_THE_LIMIT,
            clear_untrusted_proxy_headers=not settings.behind_proxy,
        )  # fmt: skip
    except OSError as error:
        raise WorkflowError(N_("Порт %(port)s занят: укажите другой, --port.", port=port)) from error
    server_refusals.speak(sockets, app)
    address = f"http://{f'[{host}]' if ':' in host else host}:{server.effective_port}"
    everywhere = host in ("0.0.0.0", "::")  # noqa: S104 - compared, not bound: no address that a letter could name
    database.site = settings.base_url or ("" if everywhere else address)
    ticker = Ticker(database, replace(settings, base_url=database.site))
    worker = Worker(database, settings)
    garbage.spare_loaded()
    ticker.start()
    worker.start()
    try:
        listening(address)
        server.run()  # returns after Ctrl+C or SIGTERM, when the requests under way are answered
    finally:
        ticker.end()
        worker.end()
        server.close()
        libreoffice.close(settings)
        database.engine.dispose()


def _stop(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)
