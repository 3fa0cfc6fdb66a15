#!/usr/bin/env python3
"""Set the project up and run it, on a machine that has Python 3.11 or newer and nothing of ours.

    python3 dev.py run [--port N] [more arguments of `workflow-app demo`]
    python3 dev.py test [arguments of pytest]     every check, then all tests, the stories in a browser last
    python3 dev.py check [arguments of pytest]    the same without the browser
    python3 dev.py setup                          only set up; the others do it by themselves
    python3 dev.py lock                           write requirements.lock anew from pyproject.toml

Only the standard library is used here. Everything is installed into `.venv` beside this file, from requirements.lock,
each package checked against its hash; a stamp remembers from what, so that a second run sets up nothing. The only things
that are ever installed outside are Debian's Chromium and LibreOffice, for the tests that need them, when they are missing
and this runs as root.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import itertools
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
LOCK = ROOT / "requirements.lock"
STAMP = VENV / "dev-stamp"
OLDEST = (3, 11)
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING_BROWSER = (
    "No Chromium was found, so the browser tests cannot run. Install it (Debian: apt-get install chromium "
    "fonts-liberation) or name one in WF_TEST_CHROMIUM."
)
STATIC_CHECKS = (
    ("ruff", "format", "--check", "."),
    ("ruff", "check", "."),
)
LONG_CHECKS = (
    ("mypy",),
    ("lint-imports", "--no-logo"),
)  # 20 and 4 s on one core: beside the others and the first tests
STORIES = "tests/browser"  # of everything the other tests are collected, too: 8 s
NO_TESTS = 5  # pytest's exit status when it found no test
# Two workers. A file stays with one of them, tests/conftest.py puts the long files first; stories go to whoever is free.
BOTH_CORES = ("-n", "2")
FILES_STAY = (*BOTH_CORES, "--dist", "loadfile", "--no-loadscope-reorder")
STORIES_GO = (*BOTH_CORES, "--dist", "worksteal")
# A browser that never answers makes its story fail after ten minutes; it would hold everything up for good.
NOT_FOR_EVER = ("-o", "faulthandler_timeout=600", "-o", "faulthandler_exit_on_timeout=true")


def say(text: str) -> None:
    """Tell the person at the terminal, in order with the output of the programs that run in between."""
    print(f"dev.py: {text}", flush=True)


def give_up(text: str) -> NoReturn:
    """End with a sentence that says what to do."""
    sys.exit(f"dev.py: {text}")


def tool(name: str) -> str:
    """Path of a program of the virtual environment."""
    return str(BIN / (name + (".exe" if os.name == "nt" else "")))


def status(*command: str, extra: dict[str, str] | None = None) -> int:
    """Run a command in the project's folder, its output shown; its exit status."""
    return subprocess.run(command, cwd=ROOT, env=environment() | (extra or {}), check=False).returncode


def environment() -> dict[str, str]:
    """The environment of what is run here."""
    path = os.pathsep.join((str(BIN), os.environ.get("PATH", "")))
    # Images of containers like to forbid Python to keep what it compiled. The tests start hundreds of processes, and
    # each would compile all its modules again: more work than the tests themselves. Empty means: not forbidden.
    return {**os.environ, "PATH": path, "PYTHONDONTWRITEBYTECODE": ""}


@contextlib.contextmanager
def beside(failed: list[str], *command: str) -> Iterator[None]:
    """Run a check while the block does something else; only a failed one is shown, after the block, and named in ``failed``."""
    say(f"{' '.join(command)}, beside what follows")
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        program = (tool(command[0]), *command[1:])
        with subprocess.Popen(program, cwd=ROOT, env=environment(), stdout=said, stderr=subprocess.STDOUT) as running:
            yield
        if running.returncode:
            said.seek(0)
            print(said.read(), flush=True)
            failed.append(" ".join(command))


def must(*command: str) -> None:
    """Run a command that has to succeed."""
    if status(*command) != 0:
        give_up(f"this failed, see above: {' '.join(command)}")


# -- setting up --------------------------------------------------------------------------------------------------------


# What makes one Python another one for `.venv`: the smaller version number does not.
IDENTITY = "import sys; print(*sys.version_info[:2], sys.implementation.name, sys.base_prefix)"


def wanted_stamp() -> str:
    """Digest of everything that decides what stands in `.venv`: both lists, the Python, the folder."""
    parts = ((ROOT / "pyproject.toml").read_bytes(), LOCK.read_bytes(), f"{identity()} {ROOT}".encode())
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def identity() -> str:
    """Name the Python that runs this script: version, kind and home."""
    return " ".join(map(str, (*sys.version_info[:2], sys.implementation.name, sys.base_prefix)))


def set_up() -> None:
    """Make `.venv` as requirements.lock says, unless its stamp says that this was done."""
    if STAMP.is_file() and STAMP.read_text(encoding="utf-8") == wanted_stamp():
        return
    started = time.monotonic()
    make_venv()
    STAMP.unlink(missing_ok=True)
    pip = (tool("python"), "-m", "pip", "--disable-pip-version-check")
    hashed = ("install", "-qq", "--no-deps", "--no-compile", "--require-hashes", "--only-binary", ":all:", "-r")
    names = locked()
    say(f"installing {len(names)} packages of requirements.lock into .venv, each checked against its hash (a minute):")
    print(textwrap.indent(textwrap.fill(", ".join(names), width=110, break_on_hyphens=False), "  "), flush=True)
    # The lock is complete, so pip need not look for dependencies. Nothing is compiled ahead: most modules are never
    # loaded, and Python compiles those that are. The lock's own pip goes first, for it is faster than an old one.
    with tempfile.TemporaryDirectory() as folder:
        first = Path(folder) / "pip.lock"
        first.write_text(lock_entry("pip"), encoding="utf-8")
        must(*pip, *hashed, str(first))
    must(*pip, *hashed, str(LOCK))
    say("installing the project itself into .venv, editable")
    must(*pip, "install", "-qq", "--no-deps", "--no-build-isolation", "-e", str(ROOT))
    must(*pip, "check")
    STAMP.write_text(wanted_stamp(), encoding="utf-8")
    say(f"ready in {time.monotonic() - started:.0f} s")


def locked() -> list[str]:
    """Names of the packages that the lock has for this system."""
    lines = LOCK.read_text(encoding="utf-8").splitlines()
    entries = [line.rstrip(" \\").partition(" ; ") for line in lines if line[:1].isalnum()]
    here = [name for name, _, condition in entries if "sys_platform" not in condition or sys.platform in condition]
    return list(dict.fromkeys(name.partition("==")[0] for name in here))


def lock_entry(package: str) -> str:
    """Lines of the lock for one package: its version and hashes."""
    lines = LOCK.read_text(encoding="utf-8").splitlines(keepends=True)
    start = next(number for number, line in enumerate(lines) if line.startswith(f"{package}=="))
    entry = itertools.takewhile(lambda line: line[:1].isspace(), lines[start + 1 :])
    return lines[start] + "".join(entry)


def make_venv() -> None:
    """Make `.venv`, or keep one that this same Python made: a half-finished one is then finished."""
    if venv_identity() == identity():
        return
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        give_up(
            "this Python cannot make virtual environments: its modules venv and ensurepip are packed apart. "
            "On Debian and Ubuntu: apt-get install python3-venv. Then run the same command again."
        )
    say(f"making .venv with Python {platform.python_version()}")
    must(sys.executable, "-m", "venv", "--clear", str(VENV))


def venv_identity() -> str:
    """Name the Python of `.venv`, or nothing if there is none that works and has pip."""
    try:
        answer = subprocess.run(
            [tool("python"), "-c", f"import pip; {IDENTITY}"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return answer.stdout.strip()


# -- the browser -------------------------------------------------------------------------------------------------------


def find_browser() -> str | None:
    """Path of a Chromium, the named one first."""
    return os.environ.get("WF_TEST_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)


def has_part(library: str) -> bool:
    """Whether a part of LibreOffice is here: Debian has Writer, Calc and Impress as packages of their own."""
    soffice = shutil.which("soffice")
    return bool(soffice) and Path(str(soffice)).resolve().with_name(f"lib{library}.so").is_file()


def install_programs() -> None:
    """Install Debian's Chromium, the parts of LibreOffice and libheif for the tests when they are missing and we may."""
    wanted = {
        ("chromium",): find_browser(),
        ("libreoffice-writer-nogui", "python3-uno"): has_part("swlo"),
        ("libreoffice-calc-nogui",): has_part("sclo"),
        ("libreoffice-impress-nogui",): has_part("sdlo"),
        ("libheif-examples",): shutil.which("heif-dec") or shutil.which("heif-convert"),
    }
    missing = [packages for packages, found in wanted.items() if not found]
    if not missing or not shutil.which("apt-get") or not hasattr(os, "geteuid") or os.geteuid() != 0:
        return
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    status("apt-get", "-qq", "update", extra=quiet)
    for packages in missing:  # one by one: without LibreOffice its tests are skipped, without Chromium no story is told
        named = (*packages, "fonts-liberation")
        say(f"installing Debian's packages with apt-get: {', '.join(named)}")
        status("apt-get", "-qq", "-y", "--no-install-recommends", "install", *named, extra=quiet)


def browser_settings() -> dict[str, str]:
    """Environment for the browser tests."""
    found = find_browser()
    if found:
        return {"WF_TEST_CHROMIUM": found}
    say(MISSING_BROWSER)
    return {"WF_TEST_NO_CHROMIUM": MISSING_BROWSER}


# -- the commands ------------------------------------------------------------------------------------------------------


def run(arguments: list[str]) -> int:
    """Serve the demo centre: `workflow-app demo` prints its address and one account per role."""
    set_up()
    command = [tool("workflow-app"), "demo", *arguments]
    if os.name != "nt":
        os.chdir(ROOT)
        os.execv(command[0], command)  # noqa: S606 - the server takes this process's place, and with it Ctrl+C
    return status(*command)


def check(arguments: list[str]) -> int:
    """Every check and test that needs no browser."""
    set_up()
    failed, ended = checked(arguments)
    return verdict([*failed, *(["pytest"] if ended else [])])


def test(arguments: list[str]) -> int:
    """Every check and test; the stories in a browser come last, for a browser beside other tests makes both slower."""
    set_up()
    install_programs()
    browser = browser_settings()
    failed, first = checked(arguments)
    last = status(tool("pytest"), *STORIES_GO, *NOT_FOR_EVER, "-m", "browser", *(arguments or [STORIES]), extra=browser)
    # Arguments may choose tests of one kind only; then the other kind has none, which is no failure.
    if arguments and {first, last} == {0, NO_TESTS}:
        first = last = 0
    failed += [name for name, code in (("pytest", first), ("pytest in the browser", last)) if code]
    return verdict(failed)


def checked(arguments: list[str]) -> tuple[list[str], int]:
    """Run the checks of the code and the tests that need no browser; what failed of the checks, and pytest's exit status."""
    failed: list[str] = []
    with contextlib.ExitStack() as stack:
        for command in LONG_CHECKS:
            stack.enter_context(beside(failed, *command))
        failed += static_checks()
        ended = status(tool("pytest"), *FILES_STAY, "-m", "not browser", *arguments)
    return failed, ended


def static_checks() -> list[str]:
    """Run the checks that only read the code; the names of those that failed."""
    failed = []
    for command in STATIC_CHECKS:
        say(" ".join(command))
        if status(tool(command[0]), *command[1:]):
            failed.append(" ".join(command))
    return failed


def verdict(failed: list[str]) -> int:
    """Exit status. Silent when all is well: the last line stays the summary of pytest."""
    if failed:
        say(f"FAILED: {', '.join(failed)}")
    return 1 if failed else 0


def setup(_arguments: list[str]) -> int:
    """Set up and do nothing else."""
    set_up()
    return 0


def lock(arguments: list[str]) -> int:
    """Resolve pyproject.toml anew, for every system and Python from 3.11 on, without an address of a registry.

    Further arguments go to `uv pip compile`, as in `python3 dev.py lock --upgrade`.
    """
    uv = tool("uv") if Path(tool("uv")).exists() else shutil.which("uv")
    if not uv:
        give_up("uv writes the lock: run `python3 dev.py check` once, or install uv.")
    must(
        *(uv, "pip", "compile", "--quiet", "--universal", "--python-version", ".".join(map(str, OLDEST))),
        *("--no-header", "--generate-hashes", "--all-extras", "--only-binary", ":all:"),
        *("pyproject.toml", "--output-file", LOCK.name, *arguments),
    )
    say(f"{LOCK.name} is written")
    return 0


def main(arguments: list[str]) -> int:
    """Find the command and run it."""
    if sys.version_info < OLDEST:
        give_up(f"Python 3.11 or newer is needed, this is {platform.python_version()}. Try python3.11 dev.py …")
    commands = {"run": run, "test": test, "check": check, "setup": setup, "lock": lock}
    if not arguments or arguments[0] not in commands:
        print(__doc__)
        return 0 if arguments[:1] in (["-h"], ["--help"]) else 2
    return commands[arguments[0]](arguments[1:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
