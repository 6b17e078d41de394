"""Bulkheads: no list, however hostile or messy, stops the others, and of each every row and cent is accounted for.

What is expected stands in tests/hostile.py, which knows what it wrote; no reader of ours is asked. Five lists of each kind in
every run, a hundred with `make fuzz`.
"""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from conftest import make_list
from hostile import HEAD, KINDS, cases

import wmo_analysis as wmo
from wmo_analysis import schema

COLUMNS = {name: name for name in HEAD[1:]}
GOOD = [["title", "municipality", "granted"], ["Goed", "Baarn", "€ 12.500,50"], ["Beter", "Soest", "€ 1,-"]]
LONGEST = 30  # seconds of one list; for the whole build this many lists at a time is far too slow


def lists_of(root, kinds, count):
    """Writes the lists of these kinds, and a good list beside each; folder -> what was written."""
    written = {}
    for kind in kinds:
        make_list(root, f"{kind.__name__}_good", "goed.csv", GOOD, {"basis": "received"})
        for number, case in enumerate(cases(kind, count)):
            folder = f"{kind.__name__}_{number:03}"
            card = {"columns": COLUMNS, "ignored": ["nr"], "basis": "received"} | case.card
            path = make_list(root, folder, case.name, case.data, card)
            if case.after:
                case.after(path)
            written[folder] = case
    return written


def tables_of(root):
    """The clean tables that `wmo build` makes, in a process of its own: it must end, and without a fault."""
    program = "import sys, wmo_analysis.cli as cli; sys.argv = ['wmo', 'build', sys.argv[1]]; cli.main()"
    home = str(Path(wmo.__file__).parents[1])
    answer = subprocess.run(
        [sys.executable, "-c", program, str(root)],
        cwd=root,
        env=os.environ | {"PYTHONPATH": home, "WMO_LIST_SECONDS": str(LONGEST), "WMO_LIST_MB": "700"},
        capture_output=True,
        timeout=10 * LONGEST,
    )
    log = root / "outputs" / "wmo.log"
    assert answer.returncode == 0, log.read_text() if log.exists() else answer.stdout[-2000:]
    assert b"Traceback" not in answer.stdout + answer.stderr
    assert not set(answer.stdout) & {*range(10), *range(11, 32), 127}
    clean = root / "data" / "clean"
    return {
        name: pd.read_csv(clean / f"{name}.csv", **schema.read_options(name))
        for name in ("ledger", "findings", "amounts", "projects")
    }


def wrongs(folder, case, tables):
    """What the build made of a list otherwise than it was written."""
    here = {name: table[table["file"].str.startswith(f"{folder}/")] for name, table in tables.items()}
    account, codes = here["ledger"], set(here["findings"]["code"])
    refused = (here["findings"]["severity"] == "error").any()
    if "R28" in codes:
        yield "the program stumbled over it"
    if case.rows == -1 or (case.rows == -2 and refused):
        if not refused:
            yield "was not refused"
        if account["rows_in"].sum():
            yield "refused, and yet has rows"
        return
    if refused or len(account) != 1:
        yield f"refused: {here['findings'][['code', 'listed', 'kept']].values.tolist()}"
        return
    made = account.iloc[0]
    for unit in ("rows", "cents"):
        if made[f"{unit}_in"] != made[f"{unit}_used"] + made[f"{unit}_merged"] + made[f"{unit}_set_aside"]:
            yield f"{unit} do not foot"
    if case.rows == -2:
        return
    expected = {"rows_in": case.rows, "cents_in": sum(case.cents), "cells_unread": case.unread}
    for name, value in expected.items():
        if made[name] != value:
            yield f"{name} {made[name]}, written {value}; {sorted(codes)}"
    if Counter(here["amounts"]["cents"]) - Counter(case.cents):
        yield "an amount that nobody wrote"


def check(kinds, count, root):
    """Builds all lists at once and says what is wrong, by folder."""
    written = lists_of(root, kinds, count)
    tables = tables_of(root)
    found = {folder: list(wrongs(folder, case, tables)) for folder, case in written.items()}
    good = tables["amounts"][tables["amounts"]["file"].str.endswith("_good/goed.csv")]
    assert Counter(good["cents"]) == Counter({1_250_050: len(kinds), 100: len(kinds)})
    assert len(wmo.open(root).projects) > 0
    return {folder: said for folder, said in found.items() if said}


@pytest.fixture(scope="module")
def five(tmp_path_factory):
    return check(KINDS, 5, tmp_path_factory.mktemp("hostile"))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_of_every_list_all_is_accounted_for_or_it_is_refused(kind, five):
    assert {folder: said for folder, said in five.items() if folder.startswith(f"{kind.__name__}_")} == {}


@pytest.mark.fuzz
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_of_a_hundred_lists_of_a_kind_all_is_accounted_for(kind, tmp_path):
    assert check([kind], 100, tmp_path) == {}


def test_there_are_enough_kinds_and_each_list_is_the_same_every_time():
    assert len(KINDS) >= 30
    for kind in KINDS:
        first = [case.data for case in cases(kind, 5)]
        cases.cache_clear()
        assert kind.__name__ in ("flipped_bytes",) or len(first) == 5
        if not any(case.name.endswith((".xlsx", ".ods", ".docx")) for case in cases(kind, 5)):  # zips hold the time
            assert [case.data for case in cases(kind, 5)] == first
