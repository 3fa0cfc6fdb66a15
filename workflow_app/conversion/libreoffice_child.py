"""What stands between the server and one soffice: started by ``libreoffice`` with whatever Python has LibreOffice's ``uno``.

It imports nothing of the product, because that Python is the system's. One line of JSON in is one file to convert (source,
target, the filters that read and write it, the options of the PDF), one line out is «ok», or «no» when the file is at fault.
With ``uno`` one soffice is kept running; without, each file starts one. Every limit set here holds for soffice too; when the
server goes away, the whole process group ends.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

IDLE = 600  # seconds without a file, after which the memory is given back
MOST = 200  # files for one soffice: whatever leaks, leaks no further
Order = dict[str, Any]
_FILE_BYTES = 1 << 28
_GRACE = 0.5  # seconds in which soffice ends by itself
_ARGUMENTS = ("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo", "--nofirststartwizard")


class Refused(Exception):
    """Soffice is well and did not like the file."""


def limit(megabytes: int) -> None:
    """Bound this process and its children: address space, size of a written file, no core dump."""
    try:
        import resource  # noqa: PLC0415 - Windows has none
    except ImportError:
        return
    for kind, amount in (
        (resource.RLIMIT_AS, megabytes << 20),
        (resource.RLIMIT_FSIZE, _FILE_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(kind, (amount, amount))


def start(soffice: str, folder: str, *arguments: str) -> subprocess.Popen[bytes]:
    """Start soffice on the worker's own profile."""
    profile = f"-env:UserInstallation={Path(folder, 'profile').as_uri()}"
    null = subprocess.DEVNULL
    return subprocess.Popen([soffice, profile, *_ARGUMENTS, *arguments], stdin=null, stdout=null, stderr=null)  # noqa: S603 - no shell


class Cold:
    """A soffice for each file, on a profile that is warm."""

    def __init__(self, soffice: str, folder: str) -> None:
        self.soffice, self.folder = soffice, folder

    def convert(self, order: Order) -> None:
        """Write the target, or raise Refused."""
        told = {name: {"type": _kind(one), "value": _plain(one)} for name, one in order["options"].items()}
        where = str(Path(order["target"]).parent)
        reads, writes = f"--infilter={order['reads']}", f"pdf:{order['writes']}:{json.dumps(told)}"
        process = start(self.soffice, self.folder, reads, "--convert-to", writes, "--outdir", where, order["source"])
        status = process.wait()
        made = Path(where, Path(order["source"]).stem + ".pdf")
        if status or not made.is_file():
            raise Refused
        made.replace(order["target"])


class Warm:
    """One soffice that stays: a file costs a tenth of what a start does."""

    def __init__(self, soffice: str, folder: str) -> None:
        self.uno = importlib.import_module("uno")  # only the system's Python may have it
        pipe = f"workflow_{os.getpid()}_{time.monotonic_ns()}"
        self.process = start(soffice, folder, f"--accept=pipe,name={pipe};urp")
        self.desktop = self._connect(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")

    def _connect(self, address: str) -> Any:
        local = self.uno.getComponentContext()
        resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
        while self.process.poll() is None:  # who waits for us kills us when it takes too long
            try:
                context = resolver.resolve(address)
            except Exception:  # noqa: BLE001 - NoConnectException, which only uno can name
                time.sleep(0.05)
            else:
                return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        raise SystemExit(1)

    def convert(self, order: Order) -> None:
        """Write the target, or raise Refused; ends the process when soffice has gone."""
        how = self._named(Hidden=True, ReadOnly=True, FilterName=order["reads"], MacroExecutionMode=0, UpdateDocMode=0)
        document = None
        try:
            document = self.desktop.loadComponentFromURL(Path(order["source"]).as_uri(), "_blank", 0, how)
            data = self.uno.Any("[]com.sun.star.beans.PropertyValue", self._named(**order["options"]))
            document.storeToURL(
                Path(order["target"]).as_uri(), self._named(FilterName=order["writes"], FilterData=data)
            )
        except Exception as error:
            if self.process.poll() is not None:
                raise SystemExit(1) from error
            raise Refused from error
        finally:
            if document is not None:
                with contextlib.suppress(Exception):
                    document.close(True)  # noqa: FBT003 - the name is UNO's

    def _named(self, **values: Any) -> tuple[Any, ...]:
        return tuple(self._property(name, value) for name, value in values.items())

    def _property(self, name: str, value: Any) -> Any:
        found = self.uno.createUnoStruct("com.sun.star.beans.PropertyValue")
        found.Name, found.Value = name, value
        return found


def _kind(value: object) -> str:
    return {bool: "boolean", int: "long", str: "string"}[type(value)]


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def listen(orders: queue.Queue[Order], folder: str) -> None:
    """Take orders until the server closes its end; then nobody needs the group any more, whatever it is doing."""
    for line in sys.stdin:
        orders.put(json.loads(line))
    end(folder)


def end(folder: str) -> None:
    """End soffice, then remove the folder, then end this process: the server may be gone and do nothing of that."""
    if hasattr(os, "killpg"):
        os.killpg(0, signal.SIGTERM)  # here a handler takes it
        time.sleep(_GRACE)
    shutil.rmtree(folder, ignore_errors=True)
    if hasattr(os, "killpg"):
        os.killpg(0, signal.SIGKILL)
    os._exit(0)


def main(mode: str, soffice: str, folder: str, megabytes: str) -> None:
    """Convert one file after another."""
    limit(int(megabytes))
    signal.signal(signal.SIGTERM, lambda *_: None)  # a handler and not SIG_IGN, which soffice would inherit
    orders: queue.Queue[Order] = queue.Queue()
    threading.Thread(target=listen, args=(orders, folder), daemon=True).start()
    try:
        work(Warm(soffice, folder) if mode == "warm" else Cold(soffice, folder), orders)
    finally:
        end(folder)


def work(office: Warm | Cold, orders: queue.Queue[Order]) -> None:
    """Convert until nothing comes for long, or enough was done."""
    for _ in range(MOST):
        try:
            order = orders.get(timeout=IDLE)
        except queue.Empty:
            return
        try:
            office.convert(order)
            said = "ok"
        except Refused:
            said = "no"
        sys.stdout.write(said + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
