"""Footing tables: parts that add up to the whole, with what cannot be divided in rows of its own (law 3)."""

import math
from decimal import Decimal

import pandas as pd

from wmo_analysis.monitor import Monitor
from wmo_analysis.words import say

REST = {  # code of an undivided row -> what stands in it
    "theme": ("several", "unknown", "outside"),
    "region": ("undivided", "unassigned", "unknown"),
    "municipality": ("undivided", "unassigned", "unknown"),
    "source": (),
}


def footing(monitor: Monitor, values: pd.DataFrame, by: str, share_of: str) -> pd.DataFrame:
    """`values` (whole numbers per project, index = project) summed by theme, region, municipality or source.

    A project of one theme or one municipality stands in its row; one with stated shares is split by largest remainder; the
    rest stands in rows of its own. Returns code, label, part (part, undivided, outside, total), projects, the columns of
    `values`, share [% of `share_of`; missing when its total is 0]. Parts, undivided and outside foot to the total.
    """
    book, language = monitor.codebook, monitor.language
    codes = {
        "theme": [code for code in book.columns() if code != book.theme_with("unknown")],
        "region": list(book.regions_on(monitor.date)),
        "municipality": monitor.municipalities,
        "source": [c for c in book.sources["source_id"] if c in set(monitor.projects["source_id"])],
    }[by]
    home = assigned(monitor, by).reindex(values.index)
    rows = values.assign(code=home).reset_index(drop=True)
    if by in ("region", "municipality"):
        rows = pd.concat([rows[rows["code"] != "weighted"], _split(monitor, values, home, by)])
    columns = list(values.columns)
    sums = rows.groupby("code")[columns].sum()
    counts = rows[rows["code"] != "outside_selection"].groupby("code").size()
    rest = [*REST[by], *(["outside_selection"] if "outside_selection" in sums.index else [])]
    table = sums.reindex([*codes, *rest]).fillna(0).astype("Int64").reset_index(names="code")
    kind = {"outside_selection": "outside"} | dict.fromkeys(REST[by], "undivided")
    table["part"] = [kind.get(code, "part") for code in table["code"]]
    table["projects"] = table["code"].map(counts).fillna(0).astype("Int64")
    total = {"code": "", "part": "total", "projects": len(values)} | values.sum().to_dict()
    table = pd.concat([table, pd.DataFrame([total])], ignore_index=True)
    whole = int(table[share_of].iloc[-1])
    share = table[share_of].astype("Float64") * 100 / whole if whole else pd.Series(pd.NA, index=table.index)
    labels = [say("part.total", language) if not code else _label(monitor, by, code) for code in table["code"]]
    table.insert(1, "label", labels)
    ordered = table[["code", "label", "part", "projects", *columns]].assign(share=share.astype("Float64"))
    return ordered.astype(
        {"code": "str", "label": "str", "part": "str"} | dict.fromkeys(["projects", *columns], "Int64")
    )


def _label(monitor: Monitor, by: str, code: str) -> str:
    if code in (*REST[by], "outside_selection"):
        return say(f"part.{by if by == 'theme' else 'place'}.{code}", monitor.language)
    return monitor.codebook.label(by, code, monitor.language, short=by == "theme")


def assigned(monitor: Monitor, by: str) -> pd.Series:
    """The one row of a footing table that each project of the selection stands in; 'weighted' where shares are stated."""
    book, projects = monitor.codebook, monitor.projects
    if by == "source":
        return projects["source_id"]
    if by == "theme":
        themes = monitor.themes[monitor.themes["group"].isin(projects.index)]
        column = themes["theme"].map(book.column_of)
        real = themes.assign(column=column)[column.isin(book.columns()) & (column != book.theme_with("unknown"))]
        count = real.groupby("group")["column"].nunique().reindex(projects.index, fill_value=0)
        outside = column.eq(book.theme_with("excluded")).groupby(themes["group"]).all().reindex(projects.index)
        one = real.drop_duplicates("group").set_index("group")["column"].reindex(projects.index)
        return one.mask(count > 1, "several").mask(count == 0, "unknown").mask(outside, "outside")
    place = projects["placement"].map(lambda p: p if p in ("one", "unassigned", "unknown") else "undivided")
    here = monitor.placements[monitor.placements["group"].isin(projects.index)]
    gm_code = here.drop_duplicates("group").set_index("group")["gm_code"].reindex(projects.index)
    if by == "region":
        gm_code = gm_code.map(_region_of(monitor))
    home = place.where(place != "one", gm_code).fillna("undivided")
    weighted = here[here["weight"] != ""]["group"].unique()
    return home.mask(home.index.isin(weighted), "weighted")


def _region_of(monitor: Monitor) -> dict[str, str]:
    """gm_code -> its region on the date; a municipality in two regions has none: its money is not divided."""
    regions: dict[str, list[str]] = {}
    for region, gm_codes in monitor.codebook.regions_on(monitor.date).items():
        for gm_code in gm_codes:
            regions.setdefault(gm_code, []).append(region)
    return {gm_code: names[0] for gm_code, names in regions.items() if len(names) == 1}


def _split(monitor: Monitor, values: pd.DataFrame, home: pd.Series, by: str) -> pd.DataFrame:
    """Rows of the projects with stated shares: each amount split by largest remainder, ties in Dutch alphabetical order."""
    rows, region = [], _region_of(monitor)
    place = pd.Series(monitor.pool.place, index=monitor.pool.frame.index)
    for project in home.index[home == "weighted"]:
        here = monitor.facts.places[place[project]].query("weight != ''")  # in Dutch alphabetical order
        shares = [Decimal(weight) for weight in here["weight"]]
        split = {column: largest_remainder(int(values.at[project, column]), shares) for column in values}
        for i, gm_code in enumerate(here["gm_code"]):
            inside = gm_code in monitor.municipalities
            code = (region.get(gm_code, "undivided") if by == "region" else gm_code) if inside else "outside_selection"
            rows.append({column: parts[i] for column, parts in split.items()} | {"code": code})
    return pd.DataFrame(rows, columns=[*values.columns, "code"])


def largest_remainder(whole: int, shares: list[Decimal]) -> list[int]:
    """`whole` in integer parts that sum to it exactly; what is left over goes to the largest remainders, ties in order."""
    exact = [whole * share for share in shares]
    parts = [math.floor(part) for part in exact]
    order = sorted(range(len(shares)), key=lambda i: -(exact[i] - parts[i]))
    for i in order[: whole - sum(parts)]:
        parts[i] += 1
    return parts
