"""A changed raw value turns the notebook red, in the very cells that show it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from test_build import change

from wmo_analysis import build

ROOT = Path(__file__).resolve().parent.parent


def red_cells(workspace, notebook):
    """Numbers (from 1) of the code cells that nbval finds changed."""
    command = [
        *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-rf", "--nbval", "--nbval-current-env")
    ]
    environment = {name: value for name, value in os.environ.items() if name != "WMO_HOME"}
    run = subprocess.run(
        [*command, f"notebooks/{notebook}"], cwd=workspace, capture_output=True, text=True, env=environment
    )
    return {int(n) + 1 for n in re.findall(rf"^FAILED notebooks/{notebook}::Cell (\d+)", run.stdout, re.M)}


@pytest.fixture
def workspace(tmp_path):
    for folder in ("data/raw", "notebooks"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    build.build(tmp_path)
    return tmp_path


# A figure cites its build, so every change of the data shows in it as well (cell 3 of 00_start).
CHANGES = {
    "an unknown place that becomes Renswoude": (b"Veenendal", b"Renswoude", {2, 3, 4}, {1, 4, 5}),
    "an amount of one euro more": (b"9.000,00", b"9.001,00", {3, 7}, {3}),
}


@pytest.mark.parametrize("story", CHANGES)
def test_a_changed_raw_value_turns_the_notebooks_red_in_the_cells_that_show_it(workspace, story):
    was, now, in_start, in_sources = CHANGES[story]
    change(workspace / "data" / "raw" / "2007-10-01_example" / "wel_thuis.csv", was, now)
    build.build(workspace)
    assert red_cells(workspace, "00_start.ipynb") == in_start
    assert red_cells(workspace, "01_bronnen.ipynb") == in_sources
