"""The architecture is a test: directions of imports, words at the head of every module, sizes a reader can hold."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "workflow_app"
LONGEST_MODULE = 400
LONGEST_FUNCTION = 40

# What is longer than the limits, with its length. A number here may only get smaller; an entry that has become short
# enough has to go.
LONG_MODULES: dict[str, int] = {}
LONG_FUNCTIONS: dict[str, int] = {}

PURE = ("assessment", "calendar", "case_types", "clock", "data", "documents", "errors", "matching", "states")
HEAVY = ("alembic", "flask", "jinja2", "sqlalchemy", "werkzeug", "wtforms")


def modules() -> list[Path]:
    """Every module of the program; migrations are history and not reworked."""
    found = [one for one in PACKAGE.rglob("*.py") if "migrations" not in one.relative_to(PACKAGE).parts]
    return sorted([*found, ROOT / "dev.py"])


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Every function of a module as ``file:Class.function`` and its number of lines, the decorators not counted."""

    def walk(node: ast.AST, within: str) -> Iterator[tuple[str, int]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                assert child.end_lineno is not None
                yield f"{name(path)}:{within}{child.name}", child.end_lineno - child.lineno + 1
            inner = within
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                inner = f"{within}{child.name}."
            yield from walk(child, inner)

    yield from walk(ast.parse(path.read_text(encoding="utf-8")), "")


def test_imports_keep_to_the_directions_of_the_design():
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command; lint_imports_command(['--no-logo'])",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_module_says_what_it_is_for():
    silent = [name(one) for one in modules() if not ast.get_docstring(ast.parse(one.read_text(encoding="utf-8")))]
    assert silent == []


def test_no_module_grows_beyond_what_a_reader_holds():
    lengths = {name(one): len(one.read_text(encoding="utf-8").splitlines()) for one in modules()}
    assert too_long(lengths, LONGEST_MODULE, LONG_MODULES) == []


def test_no_function_grows_beyond_a_screen():
    lengths: dict[str, int] = {}
    for module in modules():
        for function, length in functions(module):
            lengths[function] = max(length, lengths.get(function, 0))
    assert too_long(lengths, LONGEST_FUNCTION, LONG_FUNCTIONS) == []


def too_long(lengths: dict[str, int], limit: int, allowed: dict[str, int]) -> list[str]:
    """Sentences about everything over the limit that is not allowed, and about what is allowed for no reason."""
    over = [
        f"{one}: {length} lines, the limit is {allowed.get(one, limit)}"
        for one, length in lengths.items()
        if length > allowed.get(one, limit)
    ]
    needless = [
        f"{one}: allowed up to {most}, and has {lengths.get(one, 0)}"
        for one, most in allowed.items()
        if lengths.get(one, 0) < most
    ]
    return over + needless


@pytest.mark.parametrize(
    ("allowed", "told"),
    [
        ({}, ["a: 12 lines, the limit is 10"]),
        ({"a": 12}, []),
        ({"a": 11}, ["a: 12 lines, the limit is 11"]),
        ({"a": 13}, ["a: allowed up to 13, and has 12"]),
        ({"a": 12, "gone": 11}, ["gone: allowed up to 11, and has 0"]),
    ],
)
def test_the_list_of_long_things_can_only_shrink(allowed, told):
    assert too_long({"a": 12, "b": 10}, 10, allowed) == told


def test_the_core_runs_where_neither_flask_nor_a_database_is_loaded():
    """Contracts read the code; this one loads it, and so sees what comes in through another library."""
    core = [
        ".".join(one.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for one in modules()
        if one.is_relative_to(PACKAGE) and one.relative_to(PACKAGE).with_suffix("").parts[0] in PURE
    ]
    assert core
    script = (
        f"import importlib, sys\n"
        f"for one in {core!r}: importlib.import_module(one)\n"
        f"print(*sorted(set({HEAVY!r}) & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.split()) == (0, []), done.stderr


def test_no_effect_is_looked_up_before_all_are_registered():
    """A module that keeps what ``effect.dispatch`` gave at its import keeps nothing when it is imported first."""
    early = [
        name(one) for one in modules() if re.search(r"^\w.*= effect\.dispatch\(", one.read_text("utf-8"), re.MULTILINE)
    ]
    assert early == []


def test_no_page_gives_a_value_of_its_own_to_what_the_frame_shows():
    """Who is signed in, and in what role, stands above every page; ``data-person`` keeps the local copies of two people apart."""
    frame = {"person", "role_title", "municipality", "menu", "bell", "switches", "language", "languages", "me"}
    found = [
        f"{name(path)}:{node.lineno}: {word.arg}"
        for path in modules()
        if "render_template" in (text := path.read_text(encoding="utf-8"))
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "render_template"
        for word in node.keywords
        if word.arg in frame
    ]
    assert not found
