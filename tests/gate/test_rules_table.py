"""``docs/rules.md`` names a test for every rule, and every test that it names is there."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TABLE = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TABLE)


def test_every_rule_from_1_to_37_has_a_row_with_a_test():
    rows = dict(re.findall(r"^\| R(\d+) \| .+ \| (.+) \|$", TABLE, flags=re.MULTILINE))
    assert list(rows) == [str(number) for number in range(1, 38)]
    assert all("::test_" in tests for tests in rows.values())


def test_every_test_of_the_table_exists():
    found: dict[str, set[str]] = {}
    for file, _ in NAMED:
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        found[file] = {one.name for one in tree.body if isinstance(one, ast.FunctionDef)}
    assert [f"{file}::{name}" for file, name in NAMED if name not in found[file]] == []
    assert len(NAMED) > 80
