"""Who loses rows or cents without a word? python benchmarks/duel.py --peers PYTHON reads 200 lists with one trouble each.

By us as `wmo add` and `wmo build` do it, each question answered with what is proposed; by pandas, polars and DuckDB
with their defaults. The truth is known from how the lists were made (duel_files.py). An outcome is:

    right    every key as often as in the list, and every cent
    told     not so, but it was refused, asked, warned of or left as text
    silent   not so, and nothing was said
"""

import argparse
import json
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duel_files
import pandas as pd
from duel_files import Case
from typer.testing import CliRunner

from wmo_analysis.cli import app
from wmo_analysis.schema import read_options

HERE = Path(__file__).resolve().parent
OUTCOMES = ("right", "told", "silent")
ASKED = "]: "  # how a question of `wmo add` ends: with its proposal between brackets


@dataclass(frozen=True)
class Reading:
    """What a tool read of a file: its keys and cents, None where it gave none, and what it said."""

    keys: Counter | None
    cents: int | None
    word: str


@dataclass(frozen=True)
class Outcome:
    """How a reading compares with the truth: rows and cents that are lost, made up or changed."""

    tool: str
    case: Case
    kind: str  # one of OUTCOMES
    rows: int
    cents: int
    word: str


def outcome(tool: str, case: Case, read: Reading) -> Outcome:
    keys = case.keys if read.keys is None else read.keys
    rows = max((case.keys - keys).total(), (keys - case.keys).total())
    cents = 0 if read.cents is None else abs(read.cents - case.cents)
    right = read.keys is not None and read.cents is not None and not rows and not cents
    # a column of text was seen not to add up; that rows are gone was not
    said = read.word and not (read.word == "text" and rows)
    kind = "right" if right else ("told" if said else "silent")
    return Outcome(tool, case, kind, rows, cents, read.word)


# ---------------------------------------------------------------- us


def ours(case: Case, folder: Path) -> Reading:
    """The file added by `wmo add` with Enter at every question, and built, in a workspace of its own."""
    listed, home = folder / case.file, folder / Path(case.file).stem
    command = ["add", str(listed), "--workspace", str(home), "--source", "X0", "--date", "2007-10-01"]
    said = CliRunner().invoke(app, command, input="\n" * 30)
    asked = said.output.count(ASKED) > 1  # the last: write it?
    if said.exit_code or not any(home.glob("data/raw/*/*")):
        return Reading(None, None, said.output.strip()[-200:] or repr(said.exception))
    CliRunner().invoke(app, ["build", str(home)])
    tables = {name: pd.read_csv(home / "data" / "clean" / f"{name}.csv", **read_options(name)) for name in READ}
    keys = Counter(text.partition("-")[2] for text in tables["projects"]["project_id"])
    words = [*sorted(set(tables["findings"]["code"])), *(["asked"] if asked else [])]
    return Reading(keys, int(tables["amounts"]["cents"].sum()), " ".join(words))


READ = ("projects", "amounts", "findings")


def told_apart(readings: list[tuple[Case, Reading]]) -> Iterator[Outcome]:
    """Our outcomes; what is said of every list, also of a plain one, is no word."""
    usual = next(set(read.word.split()) for case, read in readings if case.trouble == "decimal comma")
    for case, read in readings:
        word = " ".join(word for word in read.word.split() if word not in usual)
        yield outcome("wmo", case, Reading(read.keys, read.cents, word))


# ---------------------------------------------------------------- the others


def theirs(python: str, folder: Path, cases: list[Case]) -> Iterator[Outcome]:
    known = {case.file: case for case in cases}
    command = [python, str(HERE / "peers" / "duel_readers.py"), str(folder)]
    for line in subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines():
        said = json.loads(line)
        keys = None if said["keys"] is None else Counter(said["keys"])
        yield outcome(said["tool"], known[said["file"]], Reading(keys, said["cents"], said["word"]))


def duel(cases: list[Case], folder: Path, python: str = "") -> list[Outcome]:
    """The outcomes of all tools over these files, ours alone without the `python` of the others."""
    for case in cases:
        (folder / case.file).write_bytes(case.data)
    found = list(told_apart([(case, ours(case, folder)) for case in cases]))
    return found + (list(theirs(python, folder, cases)) if python else [])


def table(outcomes: list[Outcome]) -> list[str]:
    """The lines of the table of docs/reliability.md."""
    heads = ["tool", *OUTCOMES, "rows wrong without a word", "euros wrong without a word"]
    made = ["| " + " | ".join(heads) + " |", "|---" * len(heads) + "|"]
    for tool in dict.fromkeys(each.tool for each in outcomes):
        mine = [each for each in outcomes if each.tool == tool]
        counts = Counter(each.kind for each in mine)
        silent = [each for each in mine if each.kind == "silent"]
        rows, cents = sum(each.rows for each in silent), sum(each.cents for each in silent)
        cells = [tool, *(str(counts[kind]) for kind in OUTCOMES), f"{rows:,}", f"{cents / 100:,.2f}"]
        made.append("| " + " | ".join(cells) + " |")
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=200)
    parser.add_argument("--peers", default="", help="the python that has pandas, polars and DuckDB")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        outcomes = duel(duel_files.cases(given.files), Path(folder), given.peers)
    print(*table(outcomes), sep="\n")
    mine = [each for each in outcomes if each.tool == "wmo"]
    for each in mine:
        if each.kind != "right":
            print(
                f"{each.kind}: {each.case.file}, {each.case.trouble}: {each.rows} rows, {each.cents} cents; {each.word}"
            )
    raise SystemExit(any(each.kind == "silent" for each in mine))


if __name__ == "__main__":
    main()
