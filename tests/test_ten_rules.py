"""The ten rules of CONTRIBUTING over every file of the library, as far as one walk over the syntax can tell."""

import ast
import io
import tokenize
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FILES = sorted((ROOT / "wmo_analysis").rglob("*.py"))
MOST_LINES, MOST_NAMES = 50, 15
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
COUNTING = {"sum", "mean", "groupby", "value_counts", "nunique", "cumsum", "merge", "pivot"}  # what a measure does


def name_of(path):
    return path.relative_to(ROOT).as_posix()


def code_lines(source):
    """The numbers of the lines that hold code: no comment, no blank line, and no docstring of the file."""
    silent = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)
    lines = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in silent:
            lines.update(range(token.start[0], token.end[0] + 1))
    return lines


def own_nodes(function):
    """The nodes of a function, without those of functions within it."""
    todo = list(ast.iter_child_nodes(function))
    while todo:
        node = todo.pop()
        yield node
        if not isinstance(node, (*FUNCTIONS, ast.Lambda, *COMPREHENSIONS)):
            todo += ast.iter_child_nodes(node)


def long_functions(source):
    lines = code_lines(source)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, FUNCTIONS):
            docstring = range(0)
            if ast.get_docstring(node) is not None:
                docstring = range(node.body[0].lineno, node.body[0].end_lineno + 1)
            body = [n for n in range(node.lineno, node.end_lineno + 1) if n in lines and n not in docstring]
            if len(body) > MOST_LINES:
                yield f"{node.name}: {len(body)} lines"


def crowded_functions(source):
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, FUNCTIONS):
            stored = (n.id for n in own_nodes(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))
            names = set(stored)
            if len(names) > MOST_NAMES:
                yield f"{node.name}: {len(names)} names"


def nested_ternaries(source):
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.IfExp):
            parts = [part for side in (node.test, node.body, node.orelse) for part in ast.walk(side)]
            if any(isinstance(part, ast.IfExp) for part in parts):
                yield f"line {node.lineno}"


def statements_with_two_comprehensions(source):
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.stmt) and not hasattr(node, "body"):
            found = [part for part in ast.walk(node) if isinstance(part, COMPREHENSIONS)]
            if len(found) > 1:
                yield f"line {node.lineno}"


def relative_imports(source):
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.level:
            yield f"line {node.lineno}"


def bare_arguments(source):
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, FUNCTIONS):
            for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs):
                if argument.annotation is None and argument.arg not in ("self", "cls"):
                    yield f"{node.name}: {argument.arg}"


def untyped_dicts(source):
    """Public functions that take or give a dict without saying of what."""
    for node in ast.parse(source).body:
        if isinstance(node, FUNCTIONS) and not node.name.startswith("_"):
            arguments = [argument.annotation for argument in (*node.args.args, *node.args.kwonlyargs)]
            for annotation in (*arguments, node.returns):
                if isinstance(annotation, ast.Name) and annotation.id == "dict":
                    yield node.name


def counting_charts(source):
    """Charts that import a measure, or do with a table what a measure does."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and "measure" in f"{node.module}":
            yield f"line {node.lineno}: imports {node.module}"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in COUNTING:
            yield f"line {node.lineno}: {node.func.attr}"


def commented_code(source):
    """Comments that hold a statement: what was taken out lives in git."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        text = token.string.lstrip("# ")
        if (
            token.type == tokenize.COMMENT
            and text.startswith(("def ", "import ", "return ", "for "))
            and text.endswith(":")
        ):
            yield f"line {token.start[0]}"


RULES = [
    long_functions,
    crowded_functions,
    nested_ternaries,
    statements_with_two_comprehensions,
    relative_imports,
    bare_arguments,
    untyped_dicts,
    commented_code,
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_no_file_breaks_the_rule(rule):
    found = {name_of(path): list(rule(path.read_text(encoding="utf-8"))) for path in FILES}
    assert {path: lines for path, lines in found.items() if lines} == {}


def test_a_chart_places_and_never_counts():
    # the timeline groups its bars when there are more than a page can hold: known, and to move into the measure
    charts = [path for path in FILES if path.parent.name == "chart" and path.name != "_timeline.py"]
    found = {path.name: list(counting_charts(path.read_text(encoding="utf-8"))) for path in charts}
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "rule, source",
    [
        (long_functions, "def f():\n" + "    a = 1\n" * 51),
        (crowded_functions, "def f():\n" + "".join(f"    a{n} = 1\n" for n in range(16))),
        (nested_ternaries, "a = 1 if b else 2 if c else 3"),
        (statements_with_two_comprehensions, "a = [x for x in [y for y in z]]"),
        (relative_imports, "from . import words"),
        (bare_arguments, "def f(a, b: int): ..."),
        (untyped_dicts, "def f() -> dict: ..."),
        (commented_code, "# for each in rows:\na = 1"),
        (counting_charts, "from wmo_analysis.measure import coverage"),
        (counting_charts, "table.groupby('theme')"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_each_rule_sees_what_breaks_it(rule, source):
    assert len(list(rule(source))) == 1
