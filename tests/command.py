"""The command line as an operator meets it: a process of its own, with nothing of the tests' environment.

The process is forked from one that has loaded the program (tests/nursery.py); what has to start afresh calls Python itself.
"""

import atexit
import functools
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 300  # seconds; a machine that does other work is not a wrong program


def clean_environment(**more: str) -> dict[str, str]:
    """The environment without settings of the product."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("WF_", "FLASK_"))}
    return {**kept, "PYTHONUTF8": "1", "PYTHONPATH": str(ROOT), **more}


def run(
    *arguments: str | Path, cwd: Path | None = None, typed: str = "", module: str = "workflow_app", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run ``workflow-app`` with arguments, or another module of Python; its output as text."""
    words = [*map(str, arguments)]
    if not hasattr(os, "fork"):
        return subprocess.run(
            [sys.executable, "-m", module, *words], cwd=cwd, env=clean_environment(**environment), input=typed,
            capture_output=True, text=True, timeout=PATIENCE, check=False,
        )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        files = {name: Path(folder) / name for name in ("stdin", "stdout", "stderr")}
        for name, file in files.items():
            file.write_text(typed if name == "stdin" else "", encoding="utf-8")
        order = {name: str(file) for name, file in files.items()} | {
            "module": module, "arguments": words, "folder": str(cwd or Path.cwd()), "patience": PATIENCE,
            "environment": clean_environment(**environment),
        }  # fmt: skip
        status = _told(order)
        printed, complained = (files[name].read_text(encoding="utf-8") for name in ("stdout", "stderr"))
        return subprocess.CompletedProcess(words, status, printed, complained)


def _told(order: dict[str, Any]) -> int:
    """Give the nursery an order; the exit status of the command. Minus fourteen: its patience was over."""
    nursery = _nursery()
    assert nursery.stdin and nursery.stdout
    nursery.stdin.write(json.dumps(order) + "\n")
    nursery.stdin.flush()
    return int(nursery.stdout.readline())


@functools.cache
def _nursery() -> "subprocess.Popen[str]":
    """The process whose children the commands are; it ends with this one."""
    command = [sys.executable, "-m", "tests.nursery"]
    found = subprocess.Popen(
        command, cwd=ROOT, env=clean_environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    atexit.register(found.communicate)
    return found


def done(*arguments: str | Path, **more: Any) -> str:
    """Run a command that has to succeed; what it printed."""
    found = run(*arguments, **more)
    assert found.returncode == 0, found.stdout + found.stderr
    return found.stdout


def refused(*arguments: str | Path, **more: Any) -> str:
    """Run a command that has to refuse in one sentence, without a traceback; the sentence."""
    found = run(*arguments, **more)
    assert found.returncode != 0, found.stdout
    assert "Traceback" not in found.stderr, found.stderr
    return found.stderr
