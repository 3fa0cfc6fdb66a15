"""Office files into PDF by LibreOffice, when it is installed: a pool of workers, each with a soffice of its own (ADR 10).

What the program issues becomes PDF/A-2b. What people attach becomes a plain PDF of its first pages, to be looked at; Writer, Calc
and Impress are packages of their own, so each is looked for by itself.

A worker is a process group: ``libreoffice_child`` and its soffice. It has a folder and a profile of its own, a limit of memory,
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
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

from workflow_app import clock
from workflow_app.config import Config
from workflow_app.errors import N_, Sentence, WorkflowError

_CHILD = Path(__file__).with_name("libreoffice_child.py")
_IS_PDF_A = re.compile(rb"pdfaid:part>2<.{0,200}?pdfaid:conformance>B<", re.DOTALL)
_DEAD = "http://127.0.0.1:9"  # where the network cannot be taken away, whatever asks for a proxy meets a closed door
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution"><value>true</value></prop>
<prop oor:name="DisableActiveContent"><value>true</value></prop>
<prop oor:name="BlockUntrustedRefererLinks"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link"><value>2</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update"><prop oor:name="Link"><value>2</value></prop></item>
</oor:items>
"""


_ISSUED: dict[str, Any] = {"SelectPdfVersion": 2, "UseTaggedPDF": True}
LOOK_PAGES = 200  # of a file that is only looked at; who needs more downloads it
LOOK_SECONDS = 25  # a start of soffice included: a reader waits for it
_LOOKED_AT: dict[str, Any] = {"PageRange": f"1-{LOOK_PAGES}", "Quality": 80, "ReduceImageResolution": True}


@dataclass(frozen=True, slots=True)
class Reader:
    """What in LibreOffice reads a kind of files: the library of its part, the filter in, the filter that writes PDF.

    The filter is named, so that a broken file is refused instead of being taken for plain text.
    """

    library: str
    reads: str
    writes: str


_writer = partial(Reader, "swlo", writes="writer_pdf_Export")
_calc = partial(Reader, "sclo", writes="calc_pdf_Export")
_impress = partial(Reader, "sdlo", writes="impress_pdf_Export")
READERS = {
    "docx": _writer("MS Word 2007 XML"), "doc": _writer("MS Word 97"), "rtf": _writer("Rich Text Format"),
    "odt": _writer("writer8"), "xlsx": _calc("Calc MS Excel 2007 XML"), "xls": _calc("MS Excel 97"), "ods": _calc("calc8"),
    "pptx": _impress("Impress MS PowerPoint 2007 XML"), "ppsx": _impress("Impress MS PowerPoint 2007 XML AutoPlay"),
    "ppt": _impress("MS PowerPoint 97"), "odp": _impress("impress8"),
}  # fmt: skip
"""By the extension of a file."""


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
        self.last: tuple[datetime, Sentence | None] | None = None  # when this process converted last, and why it failed

    def available(self) -> bool:
        """Whether LibreOffice is on this machine now: it may be installed while the server runs."""
        return _soffice() is not None

    def reads(self, extension: str) -> bool:
        """Whether LibreOffice is here with the part that reads such files."""
        soffice, reader = _soffice(), READERS.get(extension)
        return soffice is not None and reader is not None and _has(soffice, reader.library)

    def look(self, file: bytes, extension: str) -> bytes:
        """Return a PDF of the first LOOK_PAGES pages of an attached file. Raises Absent, Busy or NotConverted; never waits for a turn."""
        if not self.reads(extension):
            raise Absent
        return self._made(file, extension, _LOOKED_AT, wait=False)

    def pdf(self, docx: bytes, *, wait: bool = True, seconds: float | None = None) -> bytes:
        """Return the PDF/A-2b of a DOCX. Raises Absent or NotConverted; nothing is left behind then.

        Work in the background waits for a free worker as long as a file may take. With ``wait=False`` (a web request) it is
        Busy at once, and also when the same file is converted already: the threads that serve people are few, and never more of
        them than there are workers stand here. ``seconds``: less patience than a file has otherwise.
        """
        return self._made(docx, "docx", _ISSUED, wait=wait, seconds=seconds)

    def _made(
        self, file: bytes, extension: str, options: dict[str, Any], *, wait: bool, seconds: float | None = None
    ) -> bytes:
        soffice = _soffice()
        if soffice is None:
            raise Absent
        if not file:  # LibreOffice takes nothing for a new document
            raise NotConverted(FAILED)
        reader = READERS[extension]
        order = {"reads": reader.reads, "writes": reader.writes, "options": options}
        with self._entered(hashlib.sha256(file).hexdigest(), wait=wait):
            try:
                made = self._with_a_worker(
                    soffice, _Work(file, extension, order, min(seconds or self.seconds, self.seconds))
                )
            except NotConverted as error:
                self.last = (clock.now(), error.sentence)
                raise
            self.last = (clock.now(), None)
            return made

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

    def _with_a_worker(self, soffice: str, work: _Work) -> bytes:
        with self._lock:
            worker = self._idle.pop() if self._idle else None
        if worker is not None:
            with suppress(_Gone):  # it ended while it waited, or an earlier file had hurt it: this file is not at fault
                return self._kept(worker, work)
        try:
            return self._kept(self._begun(soffice), work)
        except _Gone as error:
            raise NotConverted(FAILED) from error

    def _kept(self, worker: _Worker, work: _Work) -> bytes:
        """Convert, and keep the worker for the next file only if nothing went wrong."""
        try:
            made = worker.convert(work)
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
    return _pool("issued", config.converters, config.converter_seconds, config.converter_megabytes)


def of_looks(config: Config) -> Converter:
    """Return the process's pool for files that are looked at: strangers' files never stand before the documents of the house."""
    return _pool("looks", config.converters, min(config.converter_seconds, LOOK_SECONDS), config.converter_megabytes)


def close(config: Config) -> None:
    """End the workers of both pools."""
    of(config).close()
    of_looks(config).close()


@cache
def _pool(_purpose: str, workers: int, seconds: int, megabytes: int) -> Converter:
    return Converter(workers, seconds, megabytes)


class _Gone(Exception):
    """The worker's process is no more, and not because of the time."""


@dataclass(frozen=True, slots=True)
class _Work:
    file: bytes
    extension: str
    order: dict[str, Any]
    seconds: float


class _Worker:
    """One process group with its folder."""

    def __init__(self, command: list[str], megabytes: int) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="workflow-pdf-"))
        user = self.folder / "profile" / "user"
        user.mkdir(parents=True)
        user.joinpath("registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
        try:
            self.process = subprocess.Popen(  # noqa: S603 - our own script, no shell
                [*without_network(), *command, str(self.folder), str(megabytes)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_environment(self.folder),
                cwd=self.folder, start_new_session=True,
            )  # fmt: skip
        except OSError as error:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise NotConverted(FAILED) from error
        self.end = weakref.finalize(self, _end, self.process, self.folder)  # at the latest when the server ends

    def convert(self, work: _Work) -> bytes:
        """Return the PDF of one file. Raises _Gone or NotConverted; the worker is of no use after either."""
        source, target = self.folder / f"document.{work.extension}", self.folder / "made.pdf"
        source.write_bytes(work.file)
        with self._deadline(work.seconds) as late:
            said = self._ask(work.order | {"source": str(source), "target": str(target)})
        if late.is_set():
            raise NotConverted(LATE)
        if said == "":
            raise _Gone
        made = target.read_bytes() if said == "ok" and target.is_file() else b""
        source.unlink(missing_ok=True)
        target.unlink(missing_ok=True)
        if not made.startswith(b"%PDF-") or (work.order["options"] is _ISSUED and not _IS_PDF_A.search(made)):
            raise NotConverted(FAILED)
        return made

    def _ask(self, order: dict[str, Any]) -> str:
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


def _has(soffice: str, library: str) -> bool:
    """Whether a part of LibreOffice is installed: Debian has Writer, Calc and Impress as packages of their own."""
    near = Path(soffice).resolve().parent
    places = (near / f"lib{library}.so", near / f"{library}.dll", near.parent / "Frameworks" / f"lib{library}.dylib")
    return any(one.is_file() for one in places)


@cache
def _python_with_uno(soffice: str) -> str | None:
    """Return a Python that can talk to LibreOffice: its own, the system's or ours."""
    near = Path(soffice).resolve().parent
    for one in (near / "python", near / "python.exe", Path("/usr/bin/python3"), Path(sys.executable)):
        if one.is_file() and _works(str(one), "-I", "-c", "import uno"):
            return str(one)
    return None


@cache
def without_network() -> tuple[str, ...]:
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
