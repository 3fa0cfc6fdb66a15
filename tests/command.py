"""The command line as an operator meets it: a process of its own, with nothing of the tests' environment."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 300  # seconds; a machine that does other work is not a wrong program


def clean_environment(**more: str) -> dict[str, str]:
    """The environment without settings of the product."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("WF_", "FLASK_"))}
    return {**kept, "PYTHONUTF8": "1", "PYTHONPATH": str(ROOT), **more}


def run(
    *arguments: str | Path, cwd: Path | None = None, typed: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run ``workflow-app`` with arguments; its output as text."""
    command = [sys.executable, "-m", "workflow_app", *map(str, arguments)]
    return subprocess.run(
        command, cwd=cwd, env=clean_environment(**environment), input=typed, capture_output=True, text=True, timeout=PATIENCE, check=False
    )  # fmt: skip


def done(*arguments: str | Path, **more: str) -> str:
    """Run a command that has to succeed; what it printed."""
    found = run(*arguments, **more)
    assert found.returncode == 0, found.stdout + found.stderr
    return found.stdout


def refused(*arguments: str | Path, **more: str) -> str:
    """Run a command that has to refuse in one sentence, without a traceback; the sentence."""
    found = run(*arguments, **more)
    assert found.returncode != 0, found.stdout
    assert "Traceback" not in found.stderr, found.stderr
    return found.stderr
