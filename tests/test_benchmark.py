"""The benchmark of the build: its list is always the same, and its comparison sees a difference."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pytest
from monitors import read_here

BENCHMARKS = Path(__file__).resolve().parent.parent / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))

import compare  # noqa: E402
import duel  # noqa: E402
import duel_files  # noqa: E402
import make_messy_list  # noqa: E402

from wmo_analysis.pipeline import build  # noqa: E402


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    folder = tmp_path_factory.mktemp("messy")
    make_messy_list.make(folder, 1_000)
    return folder


def test_the_same_seed_gives_the_same_bytes(workspace, tmp_path):
    again = make_messy_list.make(tmp_path, 1_000)
    assert again.read_bytes() == (workspace / again.relative_to(tmp_path)).read_bytes()


def test_pandas_by_the_book_reaches_the_outcome_of_the_build(workspace, tmp_path):
    build(workspace)
    command = [sys.executable, BENCHMARKS / "peers" / "pandas_build.py", workspace, tmp_path]
    subprocess.run(command, check=True)
    ours, theirs = compare.outcome(workspace / "data" / "clean"), compare.outcome(tmp_path)
    assert compare.differences(ours, theirs) == []
    assert compare.digest(ours) == compare.digest(theirs)


def test_a_changed_cell_is_named_with_its_row():
    ours = {"amounts": pa.table({"row": [2, 3], "cents": [100, 200]})}
    theirs = {"amounts": pa.table({"row": [2, 3], "cents": [100, 201]})}
    found = compare.differences(ours, theirs)
    assert found == [compare.Difference("amounts", [{"row": 3, "cents": 200}], [{"row": 3, "cents": 201}])]


def test_a_row_that_stands_twice_is_a_difference():
    ours = {"amounts": pa.table({"row": [2, 2], "cents": [100, 100]})}
    theirs = {"amounts": pa.table({"row": [2], "cents": [100]})}
    assert compare.differences(ours, theirs)[0].ours == [{"row": 2, "cents": 100, "count_all": 2}]


TROUBLES = ["decimal comma", "thousand dots", "header x € 1.000", "leading zeros in keys", "lines quoted whole",
            "a delimiter too many", "footnote marks behind amounts", "x 1.000 in the format", "a merged amount",
            "formulas never worked out", "one amount in dollars"]  # fmt: skip


def test_of_lists_with_one_trouble_we_lose_nothing_without_a_word(tmp_path):
    numbers = [at for at, (_, trouble, _) in enumerate(duel_files.TROUBLES) if trouble in TROUBLES]
    with read_here():
        outcomes = duel.duel([duel_files.case(at) for at in numbers], tmp_path)
    kinds = {each.case.trouble: each.kind for each in outcomes}
    assert kinds == dict.fromkeys(TROUBLES, "right") | dict.fromkeys(TROUBLES[5:7], "told")


@pytest.mark.parametrize("keys, cents, word, kind", [
    ("ab", 10, "", "right"), ("a", 10, "", "silent"), ("a", 10, "R10", "told"), ("ab", 11, "", "silent"),
    ("ab", None, "text", "told"), ("a", None, "text", "silent"), ("aab", 10, "", "silent"),
])  # fmt: skip
def test_the_duel_tells_a_loss_with_a_word_from_one_without(keys, cents, word, kind):
    case = duel_files.Case("a.csv", "", b"", Counter("ab"), 10)
    assert duel.outcome("tool", case, duel.Reading(Counter(keys), cents, word)).kind == kind
