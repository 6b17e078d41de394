"""docs/reliability.md names tests that there are, each beside a fault that it speaks of."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# file, test, and the case of one that has many
NAMED = re.compile(r"`(test_\w+\.py)::(test_\w+)(?:\[([\w.]+)\])?`")
COMMON = set(
    "that with what which there every from each this when told said have list lists file files name names".split()
)


def page():
    return (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")


def said_of_tests():
    """(file, name) of every test -> what it says of itself: its name, docstring, parameters and body."""
    found = {}
    for path in (ROOT / "tests").glob("test_*.py"):
        source = path.read_text(encoding="utf-8")
        for node in ast.parse(source).body:
            if isinstance(node, ast.FunctionDef):
                parts = [node, *node.decorator_list]
                found[path.name, node.name] = " ".join(ast.get_source_segment(source, part) for part in parts)
    return found


def rows():
    """(fault, what must happen, what holds it) of the tables of faults."""
    part = page().split("## Faults and their tests")[1].split("\n## ")[0]
    lines = [line for line in part.splitlines() if re.match(r"\| (?!fault|threat|-)", line)]
    return [line.strip("| ").split(" | ", 2) for line in lines]


def words(text):
    """The words of a text by their first five letters, without those that stand anywhere."""
    return {word[:5] for word in re.findall("[a-z]{4,}", text.casefold()) if word not in COMMON}


def test_every_test_that_the_page_names_is_there():
    named = [(file, name) for file, name, _ in NAMED.findall(page())]
    assert len(named) > 40 and sorted(set(named) - set(said_of_tests())) == []


def test_every_fault_has_a_test_or_says_why_not():
    assert len(rows()) >= 40
    assert [row for row in rows() if "::" not in row[2] and "not held: " not in row[2]] == []


def test_every_test_of_a_fault_speaks_of_that_fault():
    """By its own words, or, where it has many cases, by one that its file or the lists and texts of tests/ know."""
    there, strange = said_of_tests(), []
    shared = "".join((ROOT / "tests" / f"{name}.py").read_text(encoding="utf-8") for name in ("hostile", "payloads"))
    for fault, must, held in rows():
        for file, name, case in NAMED.findall(held):
            texts = shared + (ROOT / "tests" / file).read_text(encoding="utf-8")
            known = case and re.search(rf"\b{re.escape(case)}\b", texts)
            if not known and not words(f"{fault} {must}") & words(there[file, name].replace("_", " ")):
                strange.append((fault, file, name, case))
    assert strange == []
