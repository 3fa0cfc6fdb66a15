"""DOCX into PDF/A-2b by LibreOffice, when it is installed: a pool of workers, each with a soffice of its own (ADR 10).

A worker is a process group: ``converter_child`` and its soffice. It has a folder and a profile of its own, a limit of memory,
a limit of time for each file, no network where the system can take it away, and none of the server's secrets. Whatever goes
wrong ends the group and its profile, so one bad file spoils nothing for the next.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import weakref
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from workflow_app.config import Config
from workflow_app.errors import N_, WorkflowError

_CHILD = Path(__file__).with_name("converter_child.py")
_IS_PDF_A = re.compile(rb"pdfaid:part>2<.{0,200}?pdfaid:conformance>B<", re.DOTALL)
_DEAD = "http://127.0.0.1:9"  # where the network cannot be taken away, whatever asks for a proxy meets a closed door
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution"><value>true</value></prop>
<prop oor:name="DisableActiveContent"><value>true</value></prop>
<prop oor:name="BlockUntrustedRefererLinks"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link"><value>2</value></prop></item>
</oor:items>
"""


class Absent(WorkflowError):
    """There is no LibreOffice on this server."""

    def __init__(self) -> None:
        super().__init__(
            N_(
                "PDF не сделать: на сервере нет LibreOffice. Документ DOCX действителен и без него. "
                "Попросите администратора установить LibreOffice и повторите."
            )
        )


class NotConverted(WorkflowError):
    """LibreOffice did not make a PDF of this file: too slow, too greedy, crashed, or it could not read it."""


class Busy(NotConverted):
    """Every worker makes another PDF now, or one of them makes this very one."""


LATE = N_("PDF не сделан: LibreOffice не справился за отведённое время. Документ DOCX цел, повторите позже.")
FAILED = N_("PDF не сделан: LibreOffice не смог преобразовать этот документ. Документ DOCX цел.")
BUSY = N_("PDF не сделан: все преобразователи заняты. Повторите через минуту.")
NOT_NOW = N_("Сейчас делаются другие PDF, повторите через минуту.")


class Converter:
    """A pool of at most ``workers`` LibreOffice processes, started when they are first needed; safe between threads.

    ``seconds`` bounds one file, ``megabytes`` the address space of one process. ``warm`` keeps a soffice running between files;
    None: where a Python with ``uno`` is found.
    """

    def __init__(
        self, workers: int = 2, seconds: float = 60, megabytes: int = 2048, *, warm: bool | None = None
    ) -> None:
        self.seconds, self.megabytes, self.warm = seconds, megabytes, warm
        self._slots = threading.BoundedSemaphore(max(1, workers))
        self._lock = threading.Lock()
        self._idle: list[_Worker] = []
        self._under_way: Counter[str] = Counter()  # SHA-256 of the files that are converted now

    def available(self) -> bool:
        """Whether LibreOffice is on this machine now: it may be installed while the server runs."""
        return _soffice() is not None

    def pdf(self, docx: bytes, *, wait: bool = True) -> bytes:
        """Return the PDF/A-2b of a DOCX. Raises Absent or NotConverted; nothing is left behind then.

        Work in the background waits for a free worker as long as a file may take. With ``wait=False`` (a web request) it is
        Busy at once, and also when the same file is converted already: the threads that serve people are few, and never more of
        them than there are workers stand here.
        """
        soffice = _soffice()
        if soffice is None:
            raise Absent
        if not docx:  # LibreOffice takes nothing for a new document
            raise NotConverted(FAILED)
        with self._entered(hashlib.sha256(docx).hexdigest(), wait=wait):
            return self._with_a_worker(soffice, docx)

    @contextmanager
    def _entered(self, file: str, *, wait: bool) -> Iterator[None]:
        """Hold a slot for a file."""
        with self._lock:
            if not wait and (self._under_way[file] or not self._slots.acquire(blocking=False)):
                raise Busy(NOT_NOW)
            self._under_way[file] += 1
        try:
            if wait and not self._slots.acquire(timeout=self.seconds):
                raise Busy(BUSY)
            try:
                yield
            finally:
                self._slots.release()
        finally:
            with self._lock:
                self._under_way -= Counter((file,))  # what comes to nothing is forgotten

    def close(self) -> None:
        """End the workers that wait."""
        with self._lock:
            idle, self._idle = self._idle, []
        for one in idle:
            one.end()

    def _with_a_worker(self, soffice: str, docx: bytes) -> bytes:
        with self._lock:
            worker = self._idle.pop() if self._idle else None
        if worker is not None:
            with suppress(_Gone):  # it ended while it waited, or an earlier file had hurt it: this file is not at fault
                return self._kept(worker, docx)
        try:
            return self._kept(self._begun(soffice), docx)
        except _Gone as error:
            raise NotConverted(FAILED) from error

    def _kept(self, worker: _Worker, docx: bytes) -> bytes:
        """Convert, and keep the worker for the next file only if nothing went wrong."""
        try:
            made = worker.convert(docx, self.seconds)
        except BaseException:
            worker.end()
            raise
        with self._lock:
            self._idle.append(worker)
        return made

    def _begun(self, soffice: str) -> _Worker:
        python = _python_with_uno(soffice) if self.warm is not False else None
        mode = "warm" if python else "cold"
        return _Worker([python or sys.executable, "-I", str(_CHILD), mode, soffice], self.megabytes)


def of(config: Config) -> Converter:
    """Return the process's pool for these settings."""
    return _pool(config.converters, config.converter_seconds, config.converter_megabytes)


@cache
def _pool(workers: int, seconds: int, megabytes: int) -> Converter:
    return Converter(workers, seconds, megabytes)


class _Gone(Exception):
    """The worker's process is no more, and not because of the time."""


class _Worker:
    """One process group with its folder."""

    def __init__(self, command: list[str], megabytes: int) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="workflow-pdf-"))
        user = self.folder / "profile" / "user"
        user.mkdir(parents=True)
        user.joinpath("registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
        try:
            self.process = subprocess.Popen(  # noqa: S603 - our own script, no shell
                [*_without_network(), *command, str(self.folder), str(megabytes)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_environment(self.folder),
                cwd=self.folder, start_new_session=True,
            )  # fmt: skip
        except OSError as error:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise NotConverted(FAILED) from error
        self.end = weakref.finalize(self, _end, self.process, self.folder)  # at the latest when the server ends

    def convert(self, docx: bytes, seconds: float) -> bytes:
        """Return the PDF of one file. Raises _Gone or NotConverted; the worker is of no use after either."""
        source, target = self.folder / "document.docx", self.folder / "made.pdf"
        source.write_bytes(docx)
        with self._deadline(seconds) as late:
            said = self._ask({"source": str(source), "target": str(target)})
        if late.is_set():
            raise NotConverted(LATE)
        if said == "":
            raise _Gone
        made = target.read_bytes() if said == "ok" and target.is_file() else b""
        source.unlink(missing_ok=True)
        target.unlink(missing_ok=True)
        if not made.startswith(b"%PDF-") or not _IS_PDF_A.search(made):
            raise NotConverted(FAILED)
        return made

    def _ask(self, order: dict[str, str]) -> str:
        """Send an order and wait for the answer, as long as the process lives; "" when it does not."""
        if self.process.stdin is None or self.process.stdout is None:
            return ""
        try:
            self.process.stdin.write(json.dumps(order).encode() + b"\n")
            self.process.stdin.flush()
        except OSError:
            return ""
        return self.process.stdout.readline().decode(errors="replace").strip()

    @contextmanager
    def _deadline(self, seconds: float) -> Iterator[threading.Event]:
        late = threading.Event()

        def strike() -> None:
            late.set()
            _kill(self.process)

        timer = threading.Timer(seconds, strike)
        timer.daemon = True
        timer.start()
        try:
            yield late
        finally:
            timer.cancel()


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill the whole group: soffice is the grandchild."""
    with suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()


def _end(process: subprocess.Popen[bytes], folder: Path) -> None:
    _kill(process)
    with suppress(OSError, subprocess.TimeoutExpired):
        process.wait(timeout=5)
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()
    shutil.rmtree(folder, ignore_errors=True)


def _soffice() -> str | None:
    return shutil.which("soffice") or shutil.which("libreoffice")


@cache
def _python_with_uno(soffice: str) -> str | None:
    """Return a Python that can talk to LibreOffice: its own, the system's or ours."""
    near = Path(soffice).resolve().parent
    for one in (near / "python", near / "python.exe", Path("/usr/bin/python3"), Path(sys.executable)):
        if one.is_file() and _works(str(one), "-I", "-c", "import uno"):
            return str(one)
    return None


@cache
def _without_network() -> tuple[str, ...]:
    """Return what to put before a command so that it runs without a network; nothing where the system forbids that."""
    unshare = shutil.which("unshare")
    if unshare and _works(unshare, "-rn", "true"):
        return (unshare, "-rn", "--")
    return ()


def _works(*command: str) -> bool:
    try:
        done = subprocess.run(command, capture_output=True, timeout=20, check=False)  # noqa: S603 - fixed words, no shell
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _environment(folder: Path) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key in {"PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "TZ"}}
    proxies = dict.fromkeys(("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY"), _DEAD)
    own = {"HOME": str(folder), "TMPDIR": str(folder), "LANG": "C.UTF-8", "SAL_USE_VCLPLUGIN": "svp"}
    return kept | proxies | own
