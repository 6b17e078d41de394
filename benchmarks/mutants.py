"""How much the tests of the figures notice (`make mutants`, by hand): small errors are put into the code one at a time, and a
test of that part must turn red.

The errors are those of cosmic-ray (an operator, a comparison, a number, a not, a loop that never runs); at each place
one of each kind, drawn with a fixed seed. Each is tried in a fork of one run of pytest, which has imported and collected
everything. What no test noticed is printed with its line: a better test kills it, docs/reliability.md explains what
cannot be killed.

    python benchmarks/mutants.py SITE-PACKAGES-OF-COSMIC-RAY [AREA[:SAMPLE] ...]
"""

import ast
import importlib
import inspect
import operator
import os
import random
import resource
import sys
import time
import types
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LEFT_OUT = ("RemoveDecorator", "Variable")  # a cache that is taken away changes no answer
BY_IDENTITY = ("_Is", "_IsNot")  # in place of == and the like: for small numbers and names of the code it is the same
AT_ONCE = 2  # forks: one for each core
SEED, MOST = 12, 10_000  # of what is drawn, and errors of an area unless a sample of them is asked for


@dataclass(frozen=True)
class Area:
    """Functions of a module, and the tests that must notice an error in them: files, and which of each (as pytest -k)."""

    module: str
    functions: str
    tests: str
    which: str


AREAS = {
    "amounts": Area(
        "pipeline/money.py",
        "amount spaced pointed_amount",
        "test_clean test_amounts",
        "amount or value or empty or read",
    ),
    "amounts of rows": Area(
        "pipeline/clean.py", "_money _kinds _tell _totals whole _rounds _targets", "test_amounts", ""
    ),
    "dates": Area(
        "pipeline/clean.py",
        "period _span _periods hours _hours",
        "test_clean test_amounts",
        "date or day or period or hours",
    ),
    "names": Area(
        "pipeline/places.py",
        "spans _pieces theme_parts bare_key near known opens _resolved did_you_mean parts _names places _theme",
        "test_places test_names",
        "",
    ),
    "placements": Area("pipeline/places.py", "cell _reached _placement part", "test_places test_names", ""),
    "credit": Area(
        "measure/_budget.py",
        "_whole _made_up _divided settled_since never _account stated commitments void committed_of _over_time _cumulative "
        "spans listed _listed",
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
        if kind.startswith(LEFT_OUT) or (name.endswith(BY_IDENTITY) and "_Is" not in name.removesuffix("Not")[:-3]):
            continue
        found = []
        for node in ast_nodes(get_ast(source)):
            found += provider[name]().mutation_positions(node)
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


class _Tries:
    """Instead of running the collected tests once, runs them in a fork for each error: all is imported and collected once."""

    def __init__(self, area: Area, most: int):
        self.area, self.most, self.count, self.left = area, most, 0, []

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        source = (ROOT / "wmo_analysis" / self.area.module).read_text(encoding="utf-8")
        if os.waitpid(self._begun(session, source, 600), 0)[1]:
            raise SystemExit(f"{self.area.tests}: red without an error")
        seconds = 10 + 5 * int(resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime)  # a busy machine kills nothing
        running: dict[int, Mutant] = {}
        every = list(mutants(self.area))
        for mutant in random.Random(SEED).sample(every, min(len(every), self.most)):
            running[self._begun(session, mutant.source, seconds)] = mutant
            self.count += 1
            self._wait(running, AT_ONCE - 1)
        self._wait(running, 0)
        return True

    def _begun(self, session: pytest.Session, source: str, seconds: int) -> int:
        """The number of a process that runs the tests on a changed module; its status is 0 when none of them notices."""
        sys.stdout.flush()
        number = os.fork()
        if number:
            return number
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        _changed(self.area, source)
        for item, following in zip(session.items, [*session.items[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if session.testsfailed:
                os._exit(1)
        os._exit(0)

    def _wait(self, running: dict[int, Mutant], most: int) -> None:
        """Until at most so many run; keeps the errors that were not noticed."""
        while len(running) > most:
            number, status = os.wait()
            mutant = running.pop(number)
            self.left += [mutant] if status == 0 else []


def _changed(area: Area, source: str) -> None:
    """Gives the functions of an area the code of this source: whoever imported them has the same objects."""
    module = importlib.import_module(f"wmo_analysis.{area.module[:-3].replace('/', '.')}")
    for code in _codes(compile(source, module.__file__, "exec")):
        if code.co_name in area.functions.split():
            made = operator.attrgetter(code.co_qualname.replace(".<locals>", ""))(module)
            if hasattr(made, "cache_clear"):
                made.cache_clear()
            inspect.unwrap(made.fget if isinstance(made, property) else made).__code__ = code


def _codes(code: types.CodeType) -> Iterator[types.CodeType]:
    """The functions of a module and of its classes, not those within functions."""
    for each in code.co_consts:
        if isinstance(each, types.CodeType):
            yield each
            if not each.co_flags & inspect.CO_NEWLOCALS:  # the body of a class
                yield from _codes(each)


def main(library: str, *names: str) -> None:
    sys.path.append(library)
    for asked in names or AREAS:
        name, _, most = asked.partition(":")
        area, began = AREAS[name], time.monotonic()
        tries = _Tries(area, int(most or MOST))
        tests = [str(ROOT / "tests" / f"{each}.py") for each in area.tests.split()]
        if pytest.main(
            ["-q", "-s", "-p", "no:cacheprovider", "--hypothesis-seed=1", "-k", area.which, *tests],
            plugins=[tries],
        ):
            raise SystemExit(f"{name}: the tests could not be run")
        noticed = tries.count - len(tries.left)
        score, seconds = 100 * noticed / tries.count, time.monotonic() - began
        print(f"{name}: {noticed} of {tries.count} noticed, {score:.0f} %, {seconds:.0f} s", flush=True)
        lines = (ROOT / "wmo_analysis" / area.module).read_text(encoding="utf-8").splitlines()
        for mutant in sorted(tries.left, key=lambda mutant: mutant.line):
            now = mutant.source.splitlines()[mutant.line - 1].strip()
            print(
                f"   {mutant.line} {mutant.error}\n      - {lines[mutant.line - 1].strip()}\n      + {now}", flush=True
            )


if __name__ == "__main__":
    main(*sys.argv[1:])
