"""How much the tests of the figures notice (`make mutants`, by hand): small errors are put into the code one at a time, and a
test of that part must turn red.

The errors are those of cosmic-ray (an operator, a comparison, a number, a not, a loop that never runs); at each place
one of each kind, drawn with a fixed seed. Each is tried in a fork of this process, so that pandas is imported once. What
no test noticed is printed with its line: a better test kills it, docs/reliability.md explains what cannot be killed.

    python tests/mutants.py SITE-PACKAGES-OF-COSMIC-RAY [AREA ...]
"""

import ast
import importlib.abc
import importlib.util
import os
import random
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import hypothesis  # noqa: F401  what every fork would import again
import pandas  # noqa: F401
import pyarrow.compute  # noqa: F401
import pytest

ROOT = Path(__file__).resolve().parent.parent
LEFT_OUT = ("RemoveDecorator", "Variable")  # a cache that is taken away changes no answer
AT_ONCE = 2  # forks: one for each core
SEED = 12


@dataclass(frozen=True)
class Area:
    """Functions of a module, and the tests that must notice an error in them: files, and which of each (as pytest -k)."""

    module: str
    functions: str
    tests: str
    which: str


AREAS = {
    "amounts": Area(
        "pipeline/clean.py", "amount _bare pointed_amount", "test_clean", "amount or value or empty or read"
    ),
    "amounts of rows": Area("pipeline/clean.py", "_money _kinds _tell _amounts _parsed _totals", "test_amounts", ""),
    "dates": Area("pipeline/clean.py", "period _span _periods", "test_clean test_amounts", "date or day or period"),
    "names": Area(
        "pipeline/places.py",
        "spans _pieces theme_parts bare_key near known opens _resolved did_you_mean parts _names places _theme",
        "test_places",
        "",
    ),
    "placements": Area("pipeline/places.py", "cell _reached _placement part", "test_places", ""),
    "credit": Area(
        "measure/_budget.py",
        "_whole _divided settled_since never _account stated commitments void committed_of _over_time _cumulative spans _listed",
        "test_money",
        "not footing and not any_order",
    ),
    "header finding": Area("pipeline/header.py", "fold asked find _numbered header_texts _groups", "test_header", ""),
}


@dataclass(frozen=True)
class Mutant:
    """The module with one error: where, which, and the text of all of it."""

    line: int
    error: str
    source: str


def mutants(area: Area) -> Iterator[Mutant]:
    """The errors of an area in the order of its lines: one of each kind at each place."""
    from cosmic_ray.ast import ast_nodes, get_ast
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.operators.provider import OperatorProvider

    source = (ROOT / "wmo_analysis" / area.module).read_text(encoding="utf-8")
    lines, provider, places = _lines(source, area.functions.split()), OperatorProvider(), {}
    for name in sorted(provider):
        kind = name.split("_")[0]
        if kind.startswith(LEFT_OUT):
            continue
        operator = provider[name]()
        found = [place for node in ast_nodes(get_ast(source)) for place in operator.mutation_positions(node)]
        for number, (start, end) in enumerate(found):
            if start[0] in lines:
                places.setdefault((start, end, kind), []).append((name, number))
    pick = random.Random(SEED)
    for (start, _, _), errors in sorted(places.items()):
        name, number = pick.choice(errors)
        changed = mutate_code(source, provider[name](), number)
        if changed and _compiles(changed):
            yield Mutant(start[0], name, changed)


def _compiles(source: str) -> bool:
    try:
        compile(source, "mutant", "exec")
    except SyntaxError:
        return False
    return True


def _lines(source: str, functions: list[str]) -> set[int]:
    """The lines of the bodies of these functions: without their annotations and docstrings."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef) and node.name in functions:
            body = node.body[1:] if ast.get_docstring(node) else node.body
            for each in body:
                found |= set(range(each.lineno, each.end_lineno + 1))
    return found


class _Instead(importlib.abc.MetaPathFinder, importlib.abc.SourceLoader):
    """Loads one module from a text."""

    def __init__(self, area: Area, source: str):
        self.path, self.source = ROOT / "wmo_analysis" / area.module, source
        self.name = f"wmo_analysis.{area.module[:-3].replace('/', '.')}"

    def find_spec(self, name: str, path: object, target: object = None) -> object:
        return importlib.util.spec_from_file_location(name, self.path, loader=self) if name == self.name else None

    def get_filename(self, name: str) -> str:
        return str(self.path)

    def get_data(self, path: str) -> bytes:
        if path.endswith(".pyc"):
            raise OSError("a mutant is never kept")
        return self.source.encode()

    def path_stats(self, path: str) -> dict:
        raise OSError("a mutant is never kept")


def _begun(area: Area, source: str, seconds: int) -> int:
    """The number of a process that runs the tests of an area on a changed module; it ends with status 0 when no test notices."""
    number = os.fork()
    if number:
        return number
    signal.alarm(seconds)
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    sys.meta_path.insert(0, _Instead(area, source))
    tests = [str(ROOT / "tests" / f"{name}.py") for name in area.tests.split()]
    quick = ["-x", "-q", "-p", "no:cacheprovider", "--hypothesis-seed=1", "-k", area.which]
    os._exit(int(pytest.main(quick + tests)))


def survivors(area: Area) -> tuple[list[Mutant], int]:
    """(the errors that no test of the area noticed, how many there were)."""
    source, began = (ROOT / "wmo_analysis" / area.module).read_text(encoding="utf-8"), time.monotonic()
    if os.waitpid(_begun(area, source, 600), 0)[1]:
        raise SystemExit(f"{area.tests}: red without an error")
    seconds = 10 + 5 * int(time.monotonic() - began)
    running: dict[int, Mutant] = {}
    left, count = [], 0
    for mutant in mutants(area):
        running[_begun(area, mutant.source, seconds)] = mutant
        count += 1
        left += _ended(running, AT_ONCE - 1)
    left += _ended(running, 0)
    return sorted(left, key=lambda mutant: mutant.line), count


def _ended(running: dict[int, Mutant], most: int) -> list[Mutant]:
    """Waits until at most so many run; the errors that were not noticed."""
    left = []
    while len(running) > most:
        number, status = os.wait()
        mutant = running.pop(number)
        left += [mutant] if status == 0 else []
    return left


def main(library: str, *names: str) -> None:
    sys.path.append(library)
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    for name in names or AREAS:
        began = time.monotonic()
        left, count = survivors(AREAS[name])
        score = 100 * (count - len(left)) / count
        print(
            f"{name}: {count - len(left)} of {count} noticed, {score:.0f} %, {time.monotonic() - began:.0f} s",
            flush=True,
        )
        lines = (ROOT / "wmo_analysis" / AREAS[name].module).read_text(encoding="utf-8").splitlines()
        for mutant in left:
            now = mutant.source.splitlines()
            print(
                f"   {mutant.line}: {mutant.error}\n      - {lines[mutant.line - 1].strip()}\n      + {now[mutant.line - 1].strip()}"
            )


if __name__ == "__main__":
    main(*sys.argv[1:])
