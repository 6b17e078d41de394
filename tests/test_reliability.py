"""docs/reliability.md names tests that there are."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_every_test_that_the_page_names_is_there():
    named = re.findall(r"`(test_\w+\.py)::(test_\w+)`", (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8"))
    there = set()
    for path in (ROOT / "tests").glob("test_*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                there.add((path.name, node.name))
    assert len(named) > 40 and sorted(set(named) - there) == []


def test_every_fault_has_a_test_or_says_why_not():
    page = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8").split("## Faults and their tests")[1]
    rows = [line for line in page.split("\n## ")[0].splitlines() if re.match(r"\| (?!fault|threat|-)", line)]
    assert len(rows) >= 40
    assert [row for row in rows if "::" not in row.split("|")[3] and "not held: " not in row] == []
