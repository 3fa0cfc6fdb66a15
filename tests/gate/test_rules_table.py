"""``docs/rules.md`` names source and test of every rule, and every test that it names is there."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TABLE = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TABLE)


def test_every_rule_has_a_source_and_a_test_or_its_number_is_kept():
    held = {
        number: (source, tests)
        for number, source, tests in re.findall(r"^\| R(\d+) \| .+ \| (.+) \| (.+) \|$", TABLE, flags=re.MULTILINE)
    }
    assert all(source.strip() and "::test_" in tests for source, tests in held.values())
    kept = re.findall(r"^\| R(\d+) \| [^|]+ \|$", TABLE, flags=re.MULTILINE)
    assert sorted(map(int, [*held, *kept])) == list(range(1, 54))


def test_every_test_of_the_table_exists():
    found: dict[str, set[str]] = {}
    for file, _ in NAMED:
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        found[file] = {one.name for one in tree.body if isinstance(one, ast.FunctionDef)}
    assert [f"{file}::{name}" for file, name in NAMED if name not in found[file]] == []
    assert len(NAMED) > 80
