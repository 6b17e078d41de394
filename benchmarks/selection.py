"""How long a new selection takes: python benchmarks/selection.py [ROWS ...], in ms, beside a floor of the same run."""

import contextlib
import dataclasses
import io
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from make_messy_list import make

import wmo_analysis as wmo
from wmo_analysis import measure, pipeline
from wmo_analysis.measure import coverage

SHIPPED = Path(__file__).resolve().parent.parent
DRAWN = 2000  # projects: above it the charts that draw each project are left out
DAYS = ["2006-11-30", "2007-01-01", "2007-03-31", "2007-06-30", "2007-09-30", "2007-10-09"]
VIEWS = {
    "coverage": (coverage, wmo.chart.coverage),
    "coverage by theme": (lambda m: coverage(m, by="theme"), wmo.chart.coverage),
    "coverage by municipality": (
        lambda m: coverage(m, by="municipality"),
        lambda table: wmo.chart.tilemap(table, "projects"),
    ),
    "budget": (measure.budget, wmo.chart.budget),
    "budget by theme": (lambda m: measure.budget(m, by="theme"), wmo.chart.budget),
    "rounds": (measure.rounds, wmo.chart.rounds),
    "quality": (measure.quality, wmo.chart.quality),
    "timeline": (measure.timeline, wmo.chart.timeline),
    "hours": (measure.hours, wmo.chart.hours),
    "options": (measure.options, None),
    "summary": (measure.summary, None),
}
EACH_PROJECT = ("timeline", "hours")


def selections(root, count, seed=29):
    """Monitors of `count` random selections, nothing of them computed yet."""
    chance, book = random.Random(seed), root.codebook
    offered = {
        "theme": book.columns(),
        "region": list(book.regions_on(root.date)),
        "municipality": book.gm_codes,
        "source": sorted(set(root.deliveries["source_id"])),
        "status": ["planned", "running", "completed"],
        "basis": ["all", "without_examples"],
    }
    for _ in range(count):
        names = chance.sample(list(offered), chance.choice((0, 1, 1, 2, 3)))
        yield root.within(**{name: chance.choice(offered[name]) for name in names}).as_of(chance.choice(DAYS))


def timed(work, argument):
    start = time.perf_counter()
    result = work(argument)
    return result, (time.perf_counter() - start) * 1000


def line(name, times, floor):
    median, high = statistics.median(times), np.percentile(times, 95)
    spread = statistics.quantiles(times, n=4)
    print(f"{name:34} {median:9.2f} {high:9.2f} {spread[2] - spread[0]:9.2f} {median / floor:9.0f}")


def report(root, count=30):
    """One table: median, 95th percentile, distance between the quartiles [ms], and the median as a multiple of the floor."""
    projects = len(root.projects)
    place = root.pool.place
    floor = statistics.median(timed(np.bincount, place)[1] for _ in range(200))
    print(f"\n{projects} projects; floor = one bincount over them, {floor:.4f} ms")
    print(f"{'[ms]':34} {'median':>9} {'95 %':>9} {'quartiles':>9} {'x floor':>9}")
    for name, (view, chart) in VIEWS.items():
        chart = None if name in EACH_PROJECT and projects > DRAWN else chart
        view(root)  # what is shared is made once
        measured, drawn = [], []
        for chosen in selections(root, count):
            table, ms = timed(view, dataclasses.replace(chosen))
            measured.append(ms)
            drawn += [timed(chart, table)[1]] if chart else []
        line(name, measured, floor)
        if chart:
            line(f"  its chart ({projects} projects)", drawn, floor)
    clicks = []
    for chosen in selections(root, count):
        start = time.perf_counter()
        for work in (coverage, measure.options, measure.summary):
            work(chosen)
        clicks.append((time.perf_counter() - start) * 1000)
    line("a click: coverage+options+summary", clicks, floor)


def main(lengths):
    report(wmo.open(SHIPPED))
    for rows in lengths:
        with tempfile.TemporaryDirectory() as folder:
            make(Path(folder), rows)
            with contextlib.redirect_stdout(io.StringIO()):
                pipeline.build(folder)
            report(wmo.open(folder))


if __name__ == "__main__":
    main([int(text) for text in sys.argv[1:]] or [1_000, 100_000])
