"""How long data/raw -> data/clean takes, beside peers that do the same job: python benchmarks/build.py --rows 1000 100000.

Whole processes, one after the other, round by round, on two cores. Before a time counts the outcome is compared
(compare.py): who differs is named with the first rows that differ, and is not timed.
"""

import argparse
import hashlib
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import compare
import make_messy_list

HERE = Path(__file__).resolve().parent
CORES = 2
PATIENCE = 60  # seconds: who needs more is measured once
PEERS = ("pandas", "polars", "duckdb")
WMO = "from wmo_analysis.cli import main; main()"  # what the script `wmo` is


@dataclass
class Runner:
    """A way to build: its command, where the outcome comes, and what was measured."""

    name: str
    command: list[str]
    out: Path | None
    seconds: list[float] = field(default_factory=list)
    floors: list[float] = field(default_factory=list)  # of the same round
    peak: int = 0  # bytes
    digest: str = ""
    fault: str = ""


# ---------------------------------------------------------------- one process


def _children(process: int) -> list[int]:
    try:
        text = Path(f"/proc/{process}/task/{process}/children").read_text()
    except OSError:
        return []
    mine = [int(number) for number in text.split()]
    return mine + [below for child in mine for below in _children(child)]


def _memory(process: int) -> dict[str, int]:
    """VmHWM and VmRSS of a process [bytes]: the most since it began, and now; nothing once it is gone."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return {}
    return {line[:5]: int(line.split()[1]) * 1024 for line in lines if line.startswith(("VmHWM", "VmRSS"))}


def _watch(process: int, done: threading.Event, peak: list[int]) -> None:
    """The largest sum over a process and what it started, looked at 20 times a second, or the most of one of them.

    The system's own figure (ru_maxrss) will not do: it begins with the memory of who started the process, which is us.
    """
    while not done.wait(0.05):
        each = [_memory(one) for one in (process, *_children(process))]
        together = sum(memory.get("VmRSS", 0) for memory in each)
        peak[0] = max(peak[0], together, *(memory.get("VmHWM", 0) for memory in each))


def run(command: list[str], folder: Path) -> tuple[float, int, str]:
    """Seconds, peak memory [bytes] and what went wrong ('' = nothing) of a process with all that it starts.

    Memory is read from /proc: 0 where there is none."""
    environment = os.environ | {"PYTHONPATH": str(HERE.parent), "POLARS_MAX_THREADS": str(CORES), "NO_COLOR": "1"}
    done, peak = threading.Event(), [0]
    with tempfile.TemporaryFile() as said:
        start = time.perf_counter()
        child = subprocess.Popen(command, cwd=folder, env=environment, stdout=said, stderr=subprocess.STDOUT)
        watcher = threading.Thread(target=_watch, args=(child.pid, done, peak))
        watcher.start()
        child.wait()
        seconds = time.perf_counter() - start
        done.set()
        watcher.join()
        said.seek(0)
        text = said.read().decode("utf-8", errors="replace")
    return seconds, peak[0], text[-2000:] if child.returncode else ""


# ---------------------------------------------------------------- lists and runners


def workspace(folder: Path, rows: int, seed: int) -> Path:
    """A workspace with a list of that length; one that this generator made earlier is used again."""
    root = folder / f"{rows}_{seed}"
    made_by = hashlib.sha256(Path(make_messy_list.__file__).read_bytes()).hexdigest()
    mark = root / "made_by.txt"
    if not mark.exists() or mark.read_text() != made_by:
        shutil.rmtree(root, ignore_errors=True)
        start = time.perf_counter()
        make_messy_list.make(root, rows, seed)
        print(f"made a list of {rows} rows in {time.perf_counter() - start:.1f} s")
        mark.write_text(made_by)
    return root


def runners(root: Path, python: str, chosen: list[str]) -> list[Runner]:
    listed = root / "data" / "raw" / make_messy_list.DELIVERY / "list.csv"
    floor = Runner("floor", [sys.executable, str(HERE / "peers" / "floor.py"), str(listed)], None)
    wmo = Runner("wmo", [sys.executable, "-c", WMO, "build", str(root)], root / "data" / "clean")
    peers = []
    for name in PEERS:
        out = root / "peers" / name
        peers.append(Runner(name, [python, str(HERE / "peers" / f"{name}_build.py"), str(root), str(out)], out))
    return [floor, *(runner for runner in (wmo, *peers) if runner.name in chosen)]


# ---------------------------------------------------------------- measuring


def measure(all_runners: list[Runner], root: Path, rounds: int) -> None:
    """Every runner once in each round; the order turns, so that none always runs in the wake of the same other."""
    floor, *builders = all_runners
    for number in range(rounds):
        seconds, peak, fault = run(floor.command, root)
        if fault:
            raise SystemExit(fault)
        floor.seconds.append(seconds)
        floor.peak = max(floor.peak, peak)
        turn = number % max(len(builders), 1)
        for runner in builders[turn:] + builders[:turn]:
            if runner.fault or (runner.seconds and max(runner.seconds) > PATIENCE):
                continue
            if runner.out:
                shutil.rmtree(runner.out, ignore_errors=True)
            took, peak, runner.fault = run(runner.command, root)
            runner.seconds.append(took)
            runner.floors.append(seconds)
            runner.peak = max(runner.peak, peak)
        if number == 0:
            judge(builders)


def judge(builders: list[Runner]) -> None:
    """Compares every outcome with that of the first that has one (wmo, when it takes part)."""
    yardstick = None
    for runner in (r for r in builders if not r.fault):
        tables = compare.outcome(runner.out)
        runner.digest = compare.digest(tables)
        if yardstick is None:
            yardstick = tables
            print(f"outcome of {runner.name}: {runner.digest}", {name: t.num_rows for name, t in tables.items()})
        elif wrong := compare.differences(yardstick, tables):
            runner.fault = f"differs in {', '.join(each.table for each in wrong)}"
            for each in wrong:
                print(f"{runner.name} differs in {each.table}; only in the first, only in {runner.name}:")
                for row in each.ours:
                    print("  -", row)
                for row in each.theirs:
                    print("  +", row)


def report(all_runners: list[Runner], rows: int, size: int) -> None:
    floor = all_runners[0]
    print(f"\n{rows} rows, {size / 1e6:.0f} MB, {CORES} cores, whole processes")
    print(f"{'':10}{'median':>9}{'least':>9}{'most':>9}{'rounds':>7}{'x floor':>9}{'peak MB':>9}{'x file':>8}  outcome")
    for runner in all_runners:
        if runner.fault:
            print(f"{runner.name:10}   not timed: {runner.fault}")
            continue
        pairs = zip(runner.seconds, runner.floors or floor.seconds, strict=True)
        ratio = statistics.median(seconds / beside for seconds, beside in pairs)
        print(
            f"{runner.name:10}{statistics.median(runner.seconds):8.2f}s{min(runner.seconds):8.2f}s"
            f"{max(runner.seconds):8.2f}s{len(runner.seconds):7}{ratio:9.1f}{runner.peak / 1e6:9.0f}"
            f"{runner.peak / size:8.1f}  {runner.digest}"
        )


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.partition(":")[0])
    asked.add_argument("--rows", type=int, nargs="+", default=[1_000, 100_000])
    asked.add_argument("--rounds", type=int, default=5)
    asked.add_argument("--seed", type=int, default=333)
    asked.add_argument("--only", nargs="+", default=["wmo", *PEERS], help="wmo pandas polars duckdb")
    asked.add_argument("--peers", default=sys.executable, help="the python that has polars and duckdb")
    asked.add_argument(
        "--folder", type=Path, default=Path(tempfile.gettempdir()) / "wmo-bench", help="where lists stay"
    )
    chosen = asked.parse_args()
    if hasattr(os, "sched_setaffinity"):  # what is started inherits it
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
    print(compare.NOT_COMPARED)
    faults = []
    for rows in chosen.rows:
        root = workspace(chosen.folder.resolve(), rows, chosen.seed)
        everyone = runners(
            root, os.path.abspath(chosen.peers), chosen.only
        )  # not resolved: that leaves its environment
        measure(everyone, root, chosen.rounds)
        report(everyone, rows, next(root.rglob("list.csv")).stat().st_size)
        faults += [f"{rows} rows, {runner.name}: {runner.fault}" for runner in everyone if runner.fault]
    if faults:
        raise SystemExit("\n".join(["", *faults]))


if __name__ == "__main__":
    main()
