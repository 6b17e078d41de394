"""A changed raw value turns the notebook red, in the very cells that show it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from mutations import MUTATIONS, caught, put, some
from test_build import change

from wmo_analysis import pipeline

ROOT = Path(__file__).resolve().parent.parent


def red_cells(workspace, *notebooks):
    """Per notebook the numbers (from 1) of the code cells that nbval finds changed."""
    command = [
        *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-rf", "--nbval", "--nbval-current-env")
    ]
    command += ["-p", "leave_pictures"]
    environment = {name: value for name, value in os.environ.items() if name != "WMO_HOME"}
    paths = [str(ROOT / "tests"), *filter(None, [environment.get("PYTHONPATH")])]
    environment["PYTHONPATH"] = os.pathsep.join(paths)
    paths = [f"notebooks/{name}" for name in notebooks]
    run = subprocess.run([*command, *paths], cwd=workspace, capture_output=True, text=True, env=environment)
    red = {name: set() for name in notebooks}
    for name, cell in re.findall(r"^FAILED notebooks/(\S+?)::Cell (\d+)", run.stdout, re.M):
        red[name].add(int(cell) + 1)
    return red


@pytest.fixture
def workspace(tmp_path):
    for folder in ("data/raw", "notebooks"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    pipeline.build(tmp_path)
    return tmp_path


# Per story: file, what stood there, what stands there now, and the code cells that turn red. A figure cites its build, so
# every change of the data shows in every figure; of the texts and tables only those that show the value.
STORIES = {
    "an unknown place becomes Renswoude": ("wel_thuis.csv", b"Veenendal", b"Renswoude", {
        "00_start.ipynb": {1, 2, 3},
        "01_bronnen.ipynb": {1, 4, 5},
        "02_dekking.ipynb": {1, 2, 3, 4, 5, 6},
        "05_veranderingen.ipynb": {1, 2, 3},
        "07_kwaliteit.ipynb": {1, 2, 3},
    }),
    "an amount of the credit is lower": ("flexibel_krediet.xlsx", b"<v>28500</v>", b"<v>28400</v>", {
        "00_start.ipynb": {1, 2, 6, 7},
        "03_budget.ipynb": {1, 2, 3, 4, 5, 6, 7},
    }),
    "a project has another name": ("wel_thuis.csv", b"aan huis", b"aan deur", {
        "08_gemeente.ipynb": {1, 2},
    }),
    "a second contact is a year later": ("burgers_betrekken.xlsx", b"28 sept. 2007", b"28 sept. 2008", {
        "04_rondes.ipynb": {1, 2, 3, 6},
        "06_uitspraken.ipynb": {3},
    }),
}  # fmt: skip


@pytest.mark.parametrize("story", STORIES)
def test_a_changed_raw_value_turns_the_notebooks_red_in_the_cells_that_show_it(workspace, story):
    name, was, now, red = STORIES[story]
    change(workspace / "data" / "raw" / "2007-10-01_example" / name, was, now)
    pipeline.build(workspace)
    assert red_cells(workspace, *red) == red


@pytest.mark.parametrize("mutation", some(4), ids=lambda mutation: f"{mutation[1]} in {mutation[0]}")
def test_a_small_fault_in_a_list_or_in_the_code_turns_a_cell_red(mutation):
    assert caught(mutation)


@pytest.mark.fuzz
def test_of_fifty_small_faults_at_least_95_percent_turns_a_cell_red():
    missed = [mutation for mutation in MUTATIONS if not caught(mutation)]
    assert len(missed) <= 0.05 * len(MUTATIONS), missed


def test_a_fault_is_made_once_and_one_that_cannot_be_made_is_told(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("een, een")
    put(path, "een", "twee")
    assert path.read_text() == "twee, een"
    with pytest.raises(ValueError, match=r"a\.csv does not hold drie"):
        put(path, "drie", "vier")


def test_without_a_fault_no_cell_is_said_to_catch_one():
    assert caught((MUTATIONS[1][0], "Doorn", "Doorn")) == ""
