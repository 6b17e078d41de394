"""Footing tables: parts that add up to the whole, with what cannot be divided in rows of its own (law 3)."""

import itertools
import math
from collections import defaultdict
from decimal import Decimal

import numpy as np
import pandas as pd

from wmo_analysis.codebook import Codebook
from wmo_analysis.days import day
from wmo_analysis.monitor import Monitor
from wmo_analysis.schema import PLACEMENTS
from wmo_analysis.words import say

UNPLACED = ("undivided", "unassigned", "outside", "unknown", "shared")
REST = {  # code of an undivided row -> what stands in it
    "theme": ("several", "unknown", "outside"),
    "region": UNPLACED,
    "municipality": UNPLACED,
    "source": (),
}
LEANS_ON = {"theme": ("themes",), "region": ("members",), "municipality": ("members",), "source": ()}  # assumptions
BEYOND = "outside_selection"  # the row of shares that fall to municipalities which are not left
LiesIn = tuple[list[dict[str, set[str]]], np.ndarray]  # see _lies_in
SHARED = -1  # in place of a row: the project has stated shares and its cents stand in several


def footing(monitor: Monitor, projects: np.ndarray, values: pd.DataFrame, by: str, share_of: str) -> pd.DataFrame:
    """`values` (whole numbers, a row for each of `projects`) summed by theme, region, municipality or source.

    `projects` are places in the pool. A project of one theme, municipality or region stands in its row; one with stated
    shares is split by largest remainder and counts once, in the row `shared`; the rest stands in rows of its own.
    Returns code, label, part (part, undivided, outside, total), projects, the columns of `values`, share [% of `share_of`;
    missing when its total is 0]. Parts, undivided and outside foot to the total.
    """
    codes = [*_codes(monitor, by), *REST[by], BEYOND]
    counts, sums = _placed(monitor, projects, values.to_numpy(dtype=np.int64), by, codes)
    seldom = [BEYOND, "shared"]  # rows that stand there only where they are filled
    if by != "theme":  # the excluded theme is always told
        seldom.append("outside")
    shown = ~np.isin(codes, seldom) | (counts > 0) | sums.any(axis=1)
    kinds = {BEYOND: "outside", "": "total"} | dict.fromkeys(REST[by], "undivided")
    sums = np.vstack([sums[shown], values.to_numpy(dtype=np.int64).sum(axis=0)])
    codes = [*itertools.compress(codes, shown), ""]
    table = {"code": codes, "label": [_label(monitor, by, code) for code in codes]}
    table["part"] = [kinds.get(code, "part") for code in codes]
    table["projects"] = pd.array([*counts[shown], len(projects)], dtype="Int64")
    for name, column in zip(values, sums.T, strict=True):
        table[name] = pd.array(column, dtype="Int64")
    table["share"] = shares(sums[:, list(values).index(share_of)])
    return pd.DataFrame(table)


def shares(values: np.ndarray) -> pd.arrays.FloatingArray:
    """Each as a share of the last one [%]; missing where that is 0."""
    if not values[-1]:
        return pd.array([pd.NA] * len(values), dtype="Float64")
    return pd.array(values * 100 / values[-1], dtype="Float64")


def _codes(monitor: Monitor, by: str) -> list[str]:
    """The rows of a footing table that are a part by themselves."""
    book = monitor.codebook
    if by == "theme":
        return [code for code in book.columns() if code != book.theme_with("unknown")]
    if by == "source":
        return [book.source_ids[at] for at in np.unique(monitor.pool.source[monitor.keep])]
    if by == "region":
        return list(book.regions_on(monitor.date))
    return monitor.municipalities


def _placed(
    monitor: Monitor, projects: np.ndarray, values: np.ndarray, by: str, codes: list[str]
) -> tuple[np.ndarray, np.ndarray]:
    """The projects of each row, and [row, value]: the sums."""
    order = {code: at for at, code in enumerate(codes)}
    home, sums = _home(monitor, by, order)[projects], np.zeros((len(codes), values.shape[1]), dtype=np.int64)
    whole = home != SHARED
    np.add.at(sums, home[whole], values[whole])
    lies_in = _lies_in(monitor, by)
    for at in np.flatnonzero(~whole):  # few: shares are typed by hand
        rows, shares = _split(monitor, projects[at], values[at], lies_in, order)
        np.add.at(sums, rows, shares)
    # a share is no project: the project counts once
    return np.bincount(np.where(whole, home, order.get("shared", 0)), minlength=len(codes)), sums


def members(
    monitor: Monitor, projects: np.ndarray, values: np.ndarray, by: str, code: str
) -> tuple[np.ndarray, np.ndarray]:
    """(projects, values) of one row of the footing ('' = the total): those of `projects` that count in it with their value,
    and those of which a share of the value stands in it."""
    order = {name: at for at, name in enumerate([*_codes(monitor, by), *REST[by], BEYOND])}
    home, lies_in, found, shares = _home(monitor, by, order)[projects], _lies_in(monitor, by), [], []
    for at, (project, where) in enumerate(zip(projects.tolist(), home.tolist(), strict=True)):
        whole = not code or where == order.get(code) or (where == SHARED and code == "shared")
        share = values[at] if whole and code != "shared" else 0
        if code and where == SHARED:
            rows, parts = _split(monitor, project, values[at : at + 1], lies_in, order)
            share = int(parts[rows == order.get(code)].sum())
        if whole or share:  # a project of 0 euro is in the row too
            found.append(project)
            shares.append(share)
    return np.array(found, dtype=np.int64), np.array(shares, dtype=np.int64)


def _label(monitor: Monitor, by: str, code: str) -> str:
    if not code:
        return say("part.total", monitor.language)
    if code in (*REST[by], BEYOND):
        return say(f"part.{'theme' if by == 'theme' else 'place'}.{code}", monitor.language)
    if by == "theme":
        return monitor.column_label(code, short=True)
    return monitor.label(by, code)


def _home(monitor: Monitor, by: str, order: dict[str, int]) -> np.ndarray:
    """The one row of a footing table that each project of the pool stands in, or SHARED."""
    book, pool, facts = monitor.codebook, monitor.pool, monitor.facts
    if by == "source":
        return np.array([order.get(code, -1) for code in book.source_ids])[pool.source]
    if by == "theme":
        homes = [order[_theme_home(book, *kind)] for kind in zip(facts.themes, facts.theme_parts, strict=True)]
        return np.array(homes)[pool.theme]
    home = np.array([order.get(kind, order["undivided"]) for kind in PLACEMENTS])[pool.placement]
    # several municipalities may lie in one region, so its projects are rolled up first
    rolled = {"region": ("one", "several", "partnership")}.get(by, ("one",))
    somewhere = np.isin(PLACEMENTS, rolled)[pool.placement]
    home = np.where(somewhere & ~pool.beside, _one(monitor, by, order), home)
    return np.where(facts.weighted[pool.place] & (home == order["undivided"]), SHARED, home)


def _one(monitor: Monitor, by: str, order: dict[str, int]) -> np.ndarray:
    """The one row that all municipalities of each project of the pool lie in, else that of what is not divided."""
    (lies_in, which), found = _lies_in(monitor, by), []
    for rows_of in lies_in:
        for placed in monitor.facts.places:
            rows = [rows_of.get(each.gm_code, set()) for each in placed]
            found.append(order[_only(set.intersection(*rows) if rows else set())])
    return np.array(found).reshape(len(lies_in), -1)[which, monitor.pool.place]


def _only(rows: set[str]) -> str:
    return next(iter(rows)) if len(rows) == 1 else "undivided"  # in two regions: in none, its money is not divided


def _theme_home(book: Codebook, themes: list[str], part: str) -> str:
    """The row of a combination of themes: its one column, else its part: several, outside or unknown."""
    if part != "one":
        return part
    (column,) = {book.column_of[theme] for theme in themes} & set(book.columns()) - {book.theme_with("unknown")}
    return column


def _lies_in(monitor: Monitor, by: str) -> LiesIn:
    """gm_code -> the rows that it lies in, itself or its regions, once for each time that these changed; and which of them
    holds for each project of the pool: that of its start."""
    pool, book = monitor.pool, monitor.codebook
    if by == "municipality":
        return [{gm_code: {gm_code} for gm_code in monitor.municipalities}], np.zeros(len(pool), dtype=np.int64)
    lies_in: list[dict[str, set[str]]] = []
    for since in book.region_days:
        lies_in.append(defaultdict(set))
        for region, gm_codes in book.regions_on(since).items():
            for gm_code in gm_codes:
                lies_in[-1][gm_code].add(region)
    return lies_in, np.searchsorted(list(map(day, book.region_days)), pool.since, side="right") - 1


def _split(
    monitor: Monitor, project: int, values: np.ndarray, lies_in: LiesIn, order: dict[str, int]
) -> tuple[np.ndarray, np.ndarray]:
    """(rows, values) of a project with stated shares: each value split by largest remainder, ties in Dutch alphabetical
    order."""
    (rows_of, which), rows, shares = lies_in, [], []
    for each in monitor.facts.places[monitor.pool.place[project]]:
        if each.weight:
            shares.append(Decimal(each.weight))
            left = each.gm_code in monitor.municipalities
            rows.append(order[_only(rows_of[which[project]][each.gm_code]) if left else BEYOND])
    parts = [largest_remainder(int(whole), shares) for whole in values]
    return np.array(rows), np.array(parts, dtype=np.int64).T


def largest_remainder(whole: int, shares: list[Decimal]) -> list[int]:
    """`whole` in integer parts that sum to it exactly; what is left over goes to the largest remainders, ties in order."""
    if whole < 0:  # a repayment is divided as the payment was
        return [-part for part in largest_remainder(-whole, shares)]
    exact = [whole * share for share in shares]
    parts = list(map(math.floor, exact))
    # sorted is stable, so ties stand as the shares do: in Dutch alphabetical order
    order = sorted(range(len(shares)), key=lambda i: -(exact[i] - parts[i]))
    for i in order[: whole - sum(parts)]:
        parts[i] += 1
    return parts
