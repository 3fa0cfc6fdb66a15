"""A process that has loaded the program once and gives every command a process of its own by forking.

Loading took two thirds of the time of the tests of the command line. A child has what a fresh process has: its own
arguments, folder, environment, files and exit status; nothing that one command does is seen by the next one. ``python -m
tests.nursery`` reads one order a line and answers each with the exit status.
"""

import gc
import json
import os
import random
import runpy
import signal
import sys
from typing import Any


def main() -> None:
    """Load, then serve orders until nobody sends any."""
    _load()
    gc.freeze()  # what is loaded stays: no child copies it by counting it
    for line in sys.stdin.buffer:
        child = os.fork()
        if not child:
            _live(json.loads(line))
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _load() -> None:
    from sqlalchemy.orm import configure_mappers

    import workflow_app.app
    import workflow_app.cli
    import workflow_app.demo.instance
    import workflow_app.demo.story
    import workflow_app.operations.backup  # noqa: F401 - each is loaded for the children

    configure_mappers()


def _live(order: dict[str, Any]) -> None:
    """Become the process of one command; does not return."""
    os.environ.clear()
    os.environ.update(order["environment"])
    os.chdir(order["folder"])
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        file = os.open(order[name], os.O_RDWR)
        os.dup2(file, number)
        os.close(file)
        kind = "r" if number == 0 else "w"
        setattr(sys, name, open(number, kind, encoding="utf-8", errors=_errors(name), closefd=False))  # noqa: SIM115 - it ends with the process
    sys.argv = ["", *order["arguments"]]
    random.seed()
    signal.alarm(order["patience"])
    runpy.run_module(order["module"], run_name="__main__", alter_sys=True)
    sys.exit()


def _errors(name: str) -> str:
    """As Python itself opens the three."""
    return "backslashreplace" if name == "stderr" else "surrogateescape"


if __name__ == "__main__":
    main()
