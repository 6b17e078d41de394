"""The house itself: pins, line endings, import order, and notebooks that are safe to publish."""

import ast
import copy
import getpass
import importlib.metadata
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import run_notebooks
import yaml

from wmo_analysis import words

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "wmo_analysis"
NOTEBOOKS = run_notebooks.shipped()

# Each row may import from the rows above it. A row of several: strangers to each other, unless ordered here.
ROOMS = [
    {"errors"},
    {"office"},
    {"days"},
    {"words"},
    {"machine"},
    {"readers"},
    {"schema"},
    {"codebook"},
    {"areas"},
    {"workspace"},
    {"pipeline"},
    {"monitor"},
    {"style"},
    {"tables"},
    {"measure", "chart"},
    {"views"},
    {"export", "selection"},
    {"pictures", "add"},
    {"report"},
    {"dashboard"},
    {"cli"},
]
RANK = {room: rank for rank, rooms in enumerate(ROOMS) for room in rooms}


def tracked():
    """Every file that git has or would take, as paths below the clone."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def git_attribute(path):
    said = subprocess.run(
        ["git", "check-attr", "text", "--", path], cwd=ROOT, capture_output=True, check=True, text=True
    )
    return said.stdout.strip().rsplit(": ", 1)[1]


# --- the environment ------------------------------------------------------------------------------


def lock_entries():
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    return [part for part in re.split(r"\n(?=\S)", text) if part.strip() and not part.startswith("#")]


def test_every_pin_in_the_lock_has_a_version_and_a_hash():
    entries = lock_entries()
    assert len(entries) > 50
    for entry in entries:
        assert re.match(r"[A-Za-z0-9._-]+(\[[a-z,]+\])?==\S+", entry), entry
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry


def test_the_lock_holds_no_address_and_no_path():
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    for forbidden in ["://", "--index", "--extra-index", "--find-links", "--trusted-host", " @ ", "file:"]:
        assert forbidden not in text
    assert not re.search(r"(?m)^\s*(#.*\s)?(/|[A-Za-z]:\\|-e )", text)


def declared(*, test):
    """The names of the packages that pyproject.toml asks for, of the library or of its tests."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = project["optional-dependencies"]["test"] if test else project["dependencies"]
    return {re.split(r"[<>=!~\[; ]", name)[0].lower() for name in asked}


def test_the_lock_pins_everything_that_pyproject_asks_for():
    pinned = {entry.split("==")[0].split("[")[0].lower() for entry in lock_entries()}
    assert declared(test=False) | declared(test=True) <= pinned


NOT_IMPORTED = {  # of the library; why it is declared all the same
    "jupyterlab": "wmo lab starts it as a process of its own",
}
NOT_IMPORTED_BY_TESTS = {
    "nbval": "a plugin of pytest, asked for by make test",
    "pytest-xdist": "a plugin of pytest, asked for by make test",
    "pre-commit": "a command of developers",
    "ruff": "a command of make test",
}


def packages_of(*folders):
    """The packages of other makers that the files of these folders import, by the names that pip knows."""
    known = importlib.metadata.packages_distributions()
    own = {PACKAGE, *(path.stem for folder in ("tests", "benchmarks") for path in (ROOT / folder).glob("*.py"))}
    found = set()
    for folder in folders:
        for path in (ROOT / folder).rglob("*.py"):
            for _, target in imports_of(ast.parse(path.read_text(encoding="utf-8")), PACKAGE, False):
                top = target.split(".")[0]
                if top not in sys.stdlib_module_names and top not in own:
                    found |= {name.lower() for name in known.get(top, [top])}
    return found


def test_the_library_declares_what_it_imports_and_nothing_else():
    imported = packages_of(PACKAGE)
    assert declared(test=False) - imported == set(NOT_IMPORTED)
    assert imported - declared(test=False) == set()


def test_the_tests_declare_what_they_import_and_nothing_else():
    imported = packages_of("tests") - declared(test=False)
    assert declared(test=True) - imported == set(NOT_IMPORTED_BY_TESTS)
    assert imported - declared(test=True) == set()


def pip_section():
    listed = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    return next(part["pip"] for part in listed["dependencies"] if isinstance(part, dict))


def test_environment_yml_leads_to_the_lock_and_to_nothing_else():
    listed = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    assert listed["name"] == "wmo"
    assert pip_section() == ["-r requirements.lock"]
    assert [part.split("=")[0] for part in listed["dependencies"] if isinstance(part, str)] == [
        "python",
        "pip",
    ]


def test_what_conda_users_get_is_what_is_tested_here():
    """pip, asked for the pip section, has nothing left to install in the environment of this test."""
    asked = [word for line in pip_section() for word in line.split()]
    command = [sys.executable, "-m", "pip", "install", "--dry-run", "--quiet", "--no-index", "--report", "-"]
    said = subprocess.run([*command, *asked], cwd=ROOT, capture_output=True, text=True)
    assert said.returncode == 0, said.stderr[-2000:]
    assert json.loads(said.stdout)["install"] == []


def test_make_env_installs_the_pins_and_then_the_package():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    lock, package = makefile.find(f"--require-hashes {pip_section()[0]}"), makefile.find("--no-deps -e .")
    assert 0 < lock < package


def test_no_tracked_file_names_a_registry_host():
    hosts = ["pypi" + ".org", "python" + "hosted", "npm" + "js.", "anaconda" + ".", "deb" + "ian.org"]
    named = []
    for path in tracked():
        content = path.read_bytes().lower()
        named += [(str(path.relative_to(ROOT)), host) for host in hosts if host.encode() in content]
    assert named == []


# --- what a newcomer meets ------------------------------------------------------------------------


def test_the_readme_is_under_120_lines_and_its_links_lead_somewhere():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) < 120
    for target in re.findall(r"\]\(([^)#]+)", text):
        assert (ROOT / target).exists(), f"README names {target}"


@pytest.mark.parametrize(
    "path",
    [
        "data/clean/projects.csv",
        "data/raw/documented/x.csv",
        "data/raw/2007-10-01_example/a.xlsx",
        "notebooks/00_start.ipynb",
        "wmo_analysis/reference/themes.csv",
    ],
)
def test_no_line_ending_conversion_touches(path):
    assert git_attribute(path) == "unset"


@pytest.mark.parametrize(
    "path, ignored",
    [
        ("data/raw/2026-01-05_wel_thuis/lijst.csv", True),
        ("data/raw/2007-10-01_example/lijst.csv", False),
        ("data/raw/documented/lijst.csv", False),
        ("data/clean/projects.csv", False),
        ("data/clean.part-1/projects.csv", True),
        ("outputs/memo.docx", True),
    ],
)
def test_git_takes_shipped_deliveries_only(path, ignored):
    said = subprocess.run(["git", "check-ignore", "-q", "--no-index", path], cwd=ROOT)
    assert (said.returncode == 0) is ignored


def test_pre_commit_fetches_nothing():
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    assert {repo["repo"] for repo in config["repos"]} == {"local"}


# --- the rooms ------------------------------------------------------------------------------------


def room_of(module):
    """wmo_analysis.measure._coverage -> measure; the package itself -> ''."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""


def imports_of(tree, module, is_package):
    """Every own module that a file imports, at the top, inside functions or by importlib, as dotted names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = module.split(".")
                parts = parts[: len(parts) - node.level + is_package]
                base = ".".join(parts + ([node.module] if node.module else []))
            if base == PACKAGE:  # from wmo_analysis import words: the room is the name
                for alias in node.names:
                    yield node.lineno, f"{base}.{alias.name}"
            else:
                yield node.lineno, base
        elif isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in ("import_module", "__import__") and node.args and isinstance(node.args[0], ast.Constant):
                target = str(node.args[0].value)
                yield node.lineno, f"{PACKAGE}{target}" if target.startswith(".") else target


def trespasses(source, module, is_package=False):
    """The imports of one file that go to the same row, a later row or no room at all."""
    own = room_of(module)
    found = []
    for line, target in imports_of(ast.parse(source), module, is_package):
        if target.split(".")[0] != PACKAGE or target == f"{PACKAGE}.__version__":
            continue
        room = room_of(target)
        if room != own and RANK.get(room, 99) >= RANK[own]:
            found.append(f"{module}:{line} imports {target}")
    return found


def library_files():
    for path in sorted((ROOT / PACKAGE).rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        is_package = parts[-1] == "__init__"
        yield path, ".".join(parts[:-1] if is_package else parts), is_package


def test_every_module_has_its_place_in_the_order_of_rooms():
    rooms = {room_of(module) for _, module, _ in library_files()} - {"", "__main__"}
    assert rooms <= set(RANK)


def test_a_module_imports_only_from_earlier_rooms():
    found = []
    for path, module, is_package in library_files():
        if room_of(module) in RANK:
            found += trespasses(path.read_text(encoding="utf-8"), module, is_package)
    assert found == []


@pytest.mark.parametrize(
    "source, module",
    [
        ("def late():\n    from wmo_analysis import measure", "wmo_analysis.chart._coverage"),
        ("from ..measure import coverage", "wmo_analysis.chart._coverage"),
        ("from . import workspace", "wmo_analysis.codebook"),
        ("import wmo_analysis.monitor", "wmo_analysis.codebook"),
        ("import wmo_analysis as wmo", "wmo_analysis.style"),
        ("import importlib\nimportlib.import_module('wmo_analysis.cli')", "wmo_analysis.pipeline"),
    ],
)
def test_the_walk_sees_a_trespass(source, module):
    assert len(trespasses(source, module)) == 1


@pytest.mark.parametrize(
    "source, module",
    [
        ("from . import _shared", "wmo_analysis.measure"),
        ("from .. import words\nfrom . import _shared", "wmo_analysis.measure._coverage"),
        ("from .monitor import Monitor\nimport pandas", "wmo_analysis.style"),
    ],
)
def test_the_walk_lets_a_neighbour_in(source, module):
    assert trespasses(source, module, is_package=module == "wmo_analysis.measure") == []


def test_the_library_never_unpickles_and_never_evaluates_text():
    banned_modules = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "marshal", "shelve"}
    banned_names = {"eval", "exec", "read_pickle", "to_pickle", "unsafe_load"}
    found = []
    for path, module, is_package in library_files():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for line, target in imports_of(tree, module, is_package):
            if target.split(".")[0] in banned_modules:
                found.append(f"{path.name}:{line} {target}")
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                shell = any(k.arg == "shell" and getattr(k.value, "value", True) for k in node.keywords)
                if name in banned_names or shell:
                    found.append(f"{path.name}:{node.lineno} {name}")
    assert found == []


# --- the notebooks --------------------------------------------------------------------------------


def test_the_door_is_there():
    assert "00_start.ipynb" in [path.name for path in NOTEBOOKS]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_shipped_notebook_was_executed_from_top_to_bottom(path):
    assert run_notebooks.unrun(json.loads(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_shipped_notebook_is_under_300_kb_and_has_no_widget_state(path):
    assert path.stat().st_size < 300_000
    notebook = json.loads(path.read_text(encoding="utf-8"))
    assert run_notebooks.strip(copy.deepcopy(notebook)) == notebook


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_shipped_notebook_holds_no_path_and_no_user_name(path):
    text = path.read_text(encoding="utf-8")
    places = [r"/home/\w", r"/Users/\w", r"/root/", r"/tmp/", r"(?i)\b[a-z]:\\\\", re.escape(str(ROOT) + "/")]
    places.append(rf"[/\\]{re.escape(getpass.getuser())}[/\\]")
    assert [place for place in places if re.search(place, text)] == []


def cell(source, number, *outputs):
    return {
        "cell_type": "code",
        "source": source,
        "execution_count": number,
        "metadata": {},
        "outputs": list(outputs),
    }


def test_an_unrun_half_run_or_failed_notebook_is_refused():
    shown = {"output_type": "stream", "name": "stdout", "text": "22\n"}
    failed = {"output_type": "error", "ename": "E", "evalue": "", "traceback": []}
    assert run_notebooks.unrun({"cells": [cell("print(22)", 1, shown)]}) == []
    assert run_notebooks.unrun({"cells": [cell("print(22)", None)]})
    assert run_notebooks.unrun({"cells": [cell("a = 1", 1), cell("print(22)", 3, shown)]})
    assert run_notebooks.unrun({"cells": [cell("print(22)", 1, failed)]})
    assert run_notebooks.unrun({"cells": [cell("a = 1", 1)]})
    assert run_notebooks.unrun({"cells": []})


def test_a_notebook_that_is_executed_twice_keeps_its_bytes(tmp_path):
    source = {
        "cells": [
            cell("import pandas as pd", None),
            cell("pd.DataFrame({'gemeente': ['Baarn'], 'projecten': [2]})", None),
            cell("import ipywidgets\nipywidgets.IntText(value=2)", None),
        ],
        "metadata": {"widgets": {"state": 1}, "kernelspec": {"name": "python3", "display_name": "mine"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    for number, part in enumerate(source["cells"]):
        part["id"] = f"cell-{number}"
    path = tmp_path / "twice.ipynb"
    path.write_text(json.dumps(source), encoding="utf-8")
    assert run_notebooks.execute(path) is True
    first = path.read_bytes()
    assert run_notebooks.execute(path) is False
    assert path.read_bytes() == first
    assert run_notebooks.unrun(json.loads(first)) == []
    assert b"Baarn" in first and b"IntText(value=2)" in first and b"widget-view" not in first


# --- the words --------------------------------------------------------------------------------------


def test_the_glossary_of_the_dashboard_is_the_one_in_the_docs():
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    rows = [
        [cell.strip() for cell in line.strip("|\n").split("|")] for line in text.splitlines() if line.startswith("| ")
    ]
    assert [words.say(key) for key in words.keys("glossary.")] == [f"{nl}: {rule}" for nl, _, rule in rows[1:]]
    assert [words.say(key, "en").split(": ")[0] for key in words.keys("glossary.")] == [en for _, en, _ in rows[1:]]
