"""Work on files from strangers in a process of its own: it may be slow, greedy or crash, and the server does not care.

The parsers behind the viewer and the import of tables are native code (pdfium, calamine) or slow Python (mammoth). In a
child they get a time limit, a memory limit, no right to write a file and none of the server's secrets. The cost is the
start of an interpreter, about 0.2 s, so the caller keeps what it got: the picture of a page never changes.
"""

from __future__ import annotations

import importlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from workflow_app.errors import N_, Sentence, WorkflowError

SECONDS = 20
MEMORY = 1 << 30  # bytes of address space
WRITTEN = 64 << 20  # bytes of a file that a program of the system writes
_SLOTS = threading.BoundedSemaphore(3)  # children at a time, so that a popular document does not take all memory
_SAID_NO = 3
_OUTSIDE = ("socket.", "subprocess.", "os.", "ctypes.", "shutil.", "urllib.", "pty.", "ftplib.", "smtplib.", "sqlite3.")
_LOOKED_UP = ("os.listdir", "os.scandir")  # what an import does
_ROOT = Path(__file__).resolve().parents[2]


class ChildFailed(WorkflowError):
    """The child was too slow, too greedy or crashed; callers put their own sentence over this one."""

    def __init__(self) -> None:
        super().__init__(N_("Файл не удалось обработать: он повреждён или слишком сложный."))


class NotTried(ChildFailed):
    """No child was begun: none was free in time, or the system gave none. It says nothing about the file."""


def call(job: Callable[..., bytes], *args: str | int, data: bytes = b"", seconds: float = SECONDS) -> bytes:
    """What the module-level function ``job(*args, data)`` returns when it runs in a child.

    A WorkflowError of the job comes back as a WorkflowError with the same sentence; anything else is ChildFailed.
    """
    order = [f"{job.__module__}:{job.__qualname__}", json.dumps(args)]
    done = _run([sys.executable, "-m", __name__, *order], data, seconds)
    if done.returncode == _SAID_NO:
        msgid, params = json.loads(done.stdout)
        raise WorkflowError(Sentence(msgid, tuple((key, value) for key, value in params)))
    if done.returncode:
        raise ChildFailed
    return done.stdout


def program(*command: str, seconds: float = SECONDS) -> None:
    """Run a program of the system on a stranger's file, within the same limits where the system has ``prlimit``."""
    bounded = shutil.which("prlimit")
    limits = (f"--as={MEMORY}", f"--cpu={SECONDS + 1}", f"--fsize={WRITTEN}", "--core=0", "--") if bounded else ()
    if _run([*((bounded,) if bounded else ()), *limits, *command], b"", seconds).returncode:
        raise ChildFailed


def _run(command: Sequence[str], data: bytes, seconds: float) -> subprocess.CompletedProcess[bytes]:
    if not _SLOTS.acquire(timeout=seconds):
        raise NotTried
    try:
        return subprocess.run(  # noqa: S603 - our own interpreter and our own module, or a program found by its name; no shell
            command, input=data, capture_output=True, env=_environment(), timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise ChildFailed from error
    except OSError as error:
        raise NotTried from error
    finally:
        _SLOTS.release()


def main(order: str, args: str) -> int:
    """What the child does: limit itself, run the job, write its bytes to the standard output."""
    module, _, name = order.partition(":")
    limit()
    try:
        result: bytes = getattr(importlib.import_module(module), name)(*json.loads(args), sys.stdin.buffer.read())
        status = 0
    except WorkflowError as error:
        result = json.dumps([error.sentence.msgid, error.sentence.params]).encode()
        status = _SAID_NO
    sys.stdout.buffer.write(result)
    sys.stdout.buffer.flush()
    return status


def limit() -> None:
    """Bound this process where the system can: memory, processor time, no files written, no core dump."""
    try:
        import resource  # noqa: PLC0415 - Windows has none; there the time limit of the parent is the only one
    except ImportError:
        return
    for kind, amount in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS + 1),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        bounded = amount if hard == resource.RLIM_INFINITY else min(amount, hard)
        try:
            resource.setrlimit(kind, (bounded, hard))
        except (OSError, ValueError):  # macOS refuses a limit of address space
            continue


def seal() -> None:
    """Refuse this process, from now on, all but memory: no file but the interpreter's libraries, no program, no network.

    For a job that works on what a stranger wrote in a language of its own; the job calls it when it has imported what it
    needs. An audit hook cannot be taken off again, so the process has to end with the job.
    """
    paths = sysconfig.get_paths()
    libraries = tuple(
        f"{Path(one).resolve()}{os.sep}"
        for one in (paths["stdlib"], paths["purelib"], paths["platlib"], _ROOT / "workflow_app")
    )

    def allowed(event: str, args: tuple[object, ...]) -> None:
        if event == "open":
            path, mode = str(args[0]), str(args[1] or "r")
            if mode.strip("rbt") or not os.path.realpath(path).startswith(libraries):
                raise PermissionError(event)
        elif event.startswith(_OUTSIDE) and event not in _LOOKED_UP:
            raise PermissionError(event)

    sys.addaudithook(allowed)


def _environment() -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key in {"PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "TZ"}}
    return kept | {"PYTHONPATH": str(_ROOT), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"}


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
