"""Footing tables: parts that add up to the whole, with what cannot be divided in rows of its own (law 3)."""

import math
from decimal import Decimal

import numpy as np
import pandas as pd

from wmo_analysis.codebook import Codebook
from wmo_analysis.monitor import Monitor
from wmo_analysis.schema import PLACEMENTS
from wmo_analysis.words import say

REST = {  # code of an undivided row -> what stands in it
    "theme": ("several", "unknown", "outside"),
    "region": ("undivided", "unassigned", "outside", "unknown"),
    "municipality": ("undivided", "unassigned", "outside", "unknown"),
    "source": (),
}


def footing(monitor: Monitor, projects: np.ndarray, values: pd.DataFrame, by: str, share_of: str) -> pd.DataFrame:
    """`values` (whole numbers, a row for each of `projects`) summed by theme, region, municipality or source.

    `projects` are places in the pool. A project of one theme or one municipality stands in its row; one with stated shares
    is split by largest remainder; the rest stands in rows of its own. Returns code, label, part (part, undivided, outside,
    total), projects, the columns of `values`, share [% of `share_of`; missing when its total is 0]. Parts, undivided and
    outside foot to the total.
    """
    book, pool = monitor.codebook, monitor.pool
    codes = {
        "theme": [code for code in book.columns() if code != book.theme_with("unknown")],
        "region": list(book.regions_on(monitor.date)),
        "municipality": monitor.municipalities,
        "source": [book.source_ids[at] for at in np.unique(pool.source[monitor.keep])],
    }[by]
    codes = [*codes, *REST[by], "outside_selection"]
    order = {code: at for at, code in enumerate(codes)}
    home = _home(monitor, by, order)[projects]
    cents = values.to_numpy(dtype=np.int64)
    rows = [(home[home >= 0], cents[home >= 0])]
    for at in np.flatnonzero(home < 0):  # with stated shares
        rows.append(_split(monitor, pool.place[projects[at]], cents[at], by, order))
    home, cents = np.concatenate([home for home, _ in rows]), np.concatenate([cents for _, cents in rows])
    sums = np.zeros((len(codes) + 1, len(values.columns)), dtype=np.int64)
    np.add.at(sums, home, cents)
    sums[-1] = values.to_numpy(dtype=np.int64).sum(axis=0)
    counts = [*np.bincount(home, minlength=len(codes)).tolist(), len(projects)]
    seldom = {codes.index(code) for code in ("outside", "outside_selection") if code in codes and by != "theme"}
    shown = [at for at in range(len(codes) + 1) if at not in seldom | {len(codes) - 1} or counts[at]]
    counts[len(codes) - 1] = 0
    whole = int(sums[-1, list(values).index(share_of)])
    kind = {"outside_selection": "outside", "": "total"} | dict.fromkeys(REST[by], "undivided")
    codes = [codes[at] if at < len(codes) else "" for at in shown]
    table = {
        "code": codes,
        "label": [_label(monitor, by, code) for code in codes],
        "part": [kind.get(code, "part") for code in codes],
        "projects": pd.array([counts[at] for at in shown], dtype="Int64"),
        **{name: pd.array(sums[shown, n], dtype="Int64") for n, name in enumerate(values)},
    }
    share = (
        table[share_of].astype("Float64") * 100 / whole if whole else pd.array([pd.NA] * len(codes), dtype="Float64")
    )
    return pd.DataFrame(table | {"share": share})


def _label(monitor: Monitor, by: str, code: str) -> str:
    if not code:
        return say("part.total", monitor.language)
    if code in (*REST[by], "outside_selection"):
        return say(f"part.{by if by == 'theme' else 'place'}.{code}", monitor.language)
    return monitor.codebook.label(by, code, monitor.language, short=by == "theme")


def _home(monitor: Monitor, by: str, order: dict[str, int]) -> np.ndarray:
    """The one row of a footing table that each project of the pool stands in; -1 where shares are stated."""
    book, pool, facts = monitor.codebook, monitor.pool, monitor.facts
    if by == "source":
        return np.array([order.get(code, -1) for code in book.source_ids])[pool.source]
    if by == "theme":
        return np.array([order[_theme_home(book, themes)] for themes in facts.themes])[pool.theme]
    region = _region_of(monitor) if by == "region" else {code: code for code in monitor.municipalities}
    one = [order.get(region.get(places[0][0]), order["undivided"]) if places else -2 for places in facts.places]
    one = [order["undivided"] if at == -2 else at for at in one]
    kinds = dict.fromkeys(("several", "partnership", "province"), order["undivided"])
    kinds |= {kind: order[kind] for kind in ("unassigned", "outside", "unknown")}
    home = np.array([kinds.get(kind, -1) for kind in PLACEMENTS])[pool.placement]
    home = np.where(home < 0, np.array(one)[pool.place], home)
    return np.where(facts.weighted[pool.place], -1, home)


def _theme_home(book: Codebook, themes: list[str]) -> str:
    """The row of a combination of themes: its one column, else several, outside or unknown."""
    unknown = book.theme_with("unknown")
    columns = {book.column_of[theme] for theme in themes} & set(book.columns()) - {unknown}
    if len(columns) == 1:
        return columns.pop()
    outside = set(themes) == {book.theme_with("excluded")}
    return "several" if columns else "outside" if outside else "unknown"


def _region_of(monitor: Monitor) -> dict[str, str]:
    """gm_code -> its region on the date; a municipality in two regions has none: its money is not divided."""
    regions: dict[str, list[str]] = {}
    for region, gm_codes in monitor.codebook.regions_on(monitor.date).items():
        for gm_code in gm_codes:
            regions.setdefault(gm_code, []).append(region)
    return {gm_code: names[0] for gm_code, names in regions.items() if len(names) == 1}


def _split(monitor: Monitor, combination: int, cents: np.ndarray, by: str, order: dict[str, int]) -> tuple:
    """(rows, cents) of a project with stated shares: each amount split by largest remainder, ties in Dutch alphabetical
    order."""
    region, codes = _region_of(monitor), []
    stated = [(gm_code, Decimal(weight)) for gm_code, *_, weight in monitor.facts.places[combination] if weight]
    for gm_code, _ in stated:
        inside = gm_code in monitor.municipalities
        code = region.get(gm_code, "undivided") if by == "region" else gm_code
        codes.append(order[code if inside else "outside_selection"])
    parts = [largest_remainder(int(whole), [share for _, share in stated]) for whole in cents]
    return np.array(codes), np.array(parts, dtype=np.int64).T


def largest_remainder(whole: int, shares: list[Decimal]) -> list[int]:
    """`whole` in integer parts that sum to it exactly; what is left over goes to the largest remainders, ties in order."""
    exact = [whole * share for share in shares]
    parts = [math.floor(part) for part in exact]
    order = sorted(range(len(shares)), key=lambda i: -(exact[i] - parts[i]))
    for i in order[: whole - sum(parts)]:
        parts[i] += 1
    return parts
